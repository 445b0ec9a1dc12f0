"""HR's pages about how people get in: inviting them to their first password, and locks after too many wrong ones."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kompetenz.lists import page_of
from kompetenz.people import attempts, invitations
from kompetenz.people.access import for_hr
from kompetenz.people.forms import PeopleFilter
from kompetenz.people.models import Lock, Person
from kompetenz.people.once import once


@require_http_methods(["GET", "POST"])
@for_hr
def invite(request, pk):
    """Send somebody who has never signed in the link to their first password; nobody else ever sees it."""
    person = get_object_or_404(Person.objects.administered_by(request.user), pk=pk)
    if request.method == "POST" and person.awaits_first_password:
        invitations.invite(person)
        messages.success(request, f"Die Einladung an {person} geht an {person.email}.")
        return redirect("people:edit", person.pk)
    lock = Lock.objects.administered_by(request.user).in_force_for(person)
    return render(request, "people/invite.html", {"person": person, "lock": lock})


@require_POST
@once
@for_hr
def invite_found(request):
    """Send the link to everybody of the list, as it is narrowed, who has never signed in."""
    found = PeopleFilter(request.GET).narrow(Person.objects.administered_by(request.user)).awaiting_first_password()
    ids = list(found.values_list("pk", flat=True))
    invitations.invite(*ids)
    messages.success(request, f"Einladungen, die jetzt unterwegs sind: {len(ids)}")
    return redirect(reverse("people:list") + "?nie_angemeldet=on")


@require_GET
@for_hr
def locks(request):
    """At whose accounts too many wrong passwords were tried, today's first."""
    lately = Lock.objects.administered_by(request.user).of_a_week()
    return render(request, "people/locks.html", {"page": page_of(request, lately.select_related("person__unit"))})


@require_POST
@for_hr
def lift(request, pk):
    """Whoever mistyped, or was kept out by somebody else, can try again at once."""
    person = get_object_or_404(Person.objects.administered_by(request.user), pk=pk)
    attempts.lift(person)
    messages.success(request, f"{person} kann sich wieder anmelden.")
    return redirect("people:locks")
