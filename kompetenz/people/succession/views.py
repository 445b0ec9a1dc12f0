"""HR's pages about managers for whom somebody else is needed."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from kompetenz.forms.stamp import held, holds, stamp, was_read
from kompetenz.lists import PER_PAGE, page_of
from kompetenz.people.access import for_hr
from kompetenz.people.forms import PersonField, take_suggestion
from kompetenz.people.models import Person
from kompetenz.people.once import once
from kompetenz.refusals import Refused

from . import passing_on

OTHERWISE = "Nicht übergeben: Das hat sich inzwischen geändert. Bitte sehen Sie noch einmal nach, an wen."


class SuccessorForm(forms.Form):
    """Who leads the people from now on, typed or taken from the suggestions."""

    manager = PersonField(
        label="Neue Führungskraft (Personalnummer oder E-Mail)",
        max_length=254,
        help_text="Ab zwei Buchstaben eines Namens erscheinen darunter Vorschläge.",
    )
    manager_choice = forms.ModelChoiceField(Person.objects.none(), label="Vorschlag zur Führungskraft", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["manager_choice"].queryset = Person.objects.employed()
        self.fields["manager"].widget.attrs["autocomplete"] = "off"

    def clean(self):
        super().clean()
        take_suggestion(self)


@require_GET
@for_hr
def vacancies(request):
    return render(request, "people/vacancies.html", {"page": page_of(request, passing_on.vacancies())})


@require_http_methods(["GET", "POST"])
@for_hr
@holds
def pass_on_running(request, pk):
    """What runs with one person goes to the manager they have by now; named first, for they may have got them by mistake."""
    people = Person.objects.administered_by(request.user).select_related("manager")
    person = get_object_or_404(held(request, people), pk=pk)
    waiting = passing_on.still_with_former_manager(person)
    if not waiting:
        return redirect("people:edit", pk)
    read = stamp(person.manager_id, waiting)
    if request.method == "POST" and was_read(request, read):
        for told in passing_on.pass_on_running(person=person, by=request.user):
            messages.success(request, told)
        return redirect("people:edit", pk)
    if request.method == "POST":
        messages.warning(request, OTHERWISE)
    return render(request, "people/pass_on_running.html", {"person": person, "waiting": waiting, "read": read})


@require_http_methods(["GET", "POST"])
@once
@for_hr
def successor(request, pk):
    """One form for all people of a manager: the page names them, and what else hangs on it."""
    manager = get_object_or_404(Person.objects.administered_by(request.user).select_related("unit"), pk=pk)
    form = SuccessorForm(request.POST or None)
    if form.is_valid():
        to, read = form.cleaned_data["manager"], request.POST.get("read", "")
        try:
            number, more = passing_on.pass_on(manager=manager, to=to, by=request.user, read=read)
        except Refused as problem:
            form.add_error("manager", str(problem))
        else:
            messages.success(request, f"{to} führt jetzt {number} Person{'en' if number > 1 else ''} von {manager}.")
            for told in more:
                messages.info(request, told)
            return redirect("people:vacancies")
    people = list(Person.objects.of_manager(manager).select_related("unit"))
    context = {"manager": manager, "form": form, "named": people[:PER_PAGE], "beyond": len(people[PER_PAGE:])}
    context |= {"number": len(people), "read": passing_on.stamp_of(people), "hangs": passing_on.hangs_on(manager)}
    return render(request, "people/successor.html", context)
