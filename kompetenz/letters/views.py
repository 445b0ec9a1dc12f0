"""What waits to be sent: HR's page about it; and who wants no mail, which everybody decides for themselves."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from kompetenz.jobs.queue import next_run, stands_still
from kompetenz.lists import page_of
from kompetenz.people.access import for_hr

from . import deciding, smtp
from .delivering import deliver
from .models import Letter


@require_GET
@for_hr
def waiting(request):
    """What is not sent yet and why."""
    letters = Letter.objects.administered_by(request.user)
    stand = shown_stand(request.GET)
    shown = letters.unsettled().standing_at(stand) if stand else letters.unsettled()
    context = {
        "standing": letters.standing(),
        "nobody_works": stands_still(),
        "has_mail_server": smtp.is_real(),
        "problem": letters.waiting().last_problem(),
        "next_run": next_run(deliver),
        "a_week": settings.LETTERS_A_WEEK,
        "kept": settings.RETENTION_DAYS["letters"],
        "page": page_of(request, shown.select_related("person__unit")),
        "stand": stand,
        "query": f"stand={stand}" if stand else "",
    }
    return render(request, "letters/waiting.html", context)


@require_POST
@for_hr
def send_now(request):
    deciding.send_now()
    messages.success(request, "Der Versand ist angestoßen. Laden Sie die Seite gleich noch einmal.")
    return back(request)


@require_POST
@for_hr
def send_again(request):
    sent = deciding.send_again(letters=chosen(request))
    messages.success(request, f"E-Mails, die noch einmal gesendet werden: {sent}")
    return back(request)


@require_POST
@for_hr
def discard(request):
    discarded = deciding.discard(letters=chosen(request))
    messages.success(request, f"E-Mails, die verworfen sind: {discarded}")
    return back(request)


def chosen(request):
    """The one letter whose button was pressed, or all of the list that is shown; none where neither is said."""
    letters = Letter.objects.administered_by(request.user)
    if "alle" in request.POST:
        return letters.standing_at(shown_stand(request.POST))
    return letters.numbered(request.POST.get("brief", ""))


def shown_stand(data):
    """The part of the list that is shown, or "" for all of it."""
    stand = data.get("stand", "")
    return stand if stand in Letter.STANDS else ""


def back(request):
    stand = shown_stand(request.POST)
    return redirect(reverse("letters:waiting") + (f"?stand={stand}" if stand else ""))


@require_POST
def mute(request):
    """The signed-in person turns letters off and on."""
    if (wanted := request.POST.get("e_mails")) in {"an", "aus"}:
        request.user.wants_mail = wanted == "an"
        request.user.save(update_fields=["wants_mail"])
        messages.success(
            request,
            "Sie bekommen wieder E-Mails."
            if request.user.wants_mail
            else "Sie bekommen keine E-Mails mehr. Was ansteht, finden Sie unter „Meine Aufgaben“.",
        )
    return redirect("my_data")
