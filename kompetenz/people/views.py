"""HR's pages about people and units."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kompetenz.forms.stamp import held, holds
from kompetenz.lists import page_of
from kompetenz.privacy.access_log import accesses
from kompetenz.privacy.access_log.models import Access

from .access import for_hr
from .forms import PeopleFilter, PersonForm, UnitForm, matches, matching_units
from .models import Person, Unit
from .names import listed_as, with_number
from .once import once
from .succession import passing_on
from .tree import read_tree

NAMES = ("first_name", "last_name")
SHOWN = (
    "pk", *NAMES, "personnel_number", "email", "is_hr", "is_auditor", "has_left",
    "unit__number", "unit__name", "manager", *(f"manager__{name}" for name in (*NAMES, "personnel_number")),
)  # fmt: skip


@require_GET
@for_hr
def people(request):
    """Find people."""
    administered = Person.objects.administered_by(request.user)
    form = PeopleFilter(request.GET)
    found = form.narrow(administered)
    query = request.GET.copy()
    query.pop("seite", None)
    page = page_of(request, found, count=found.count(), read=Person.objects.with_who_left().values(*SHOWN))
    context = {
        "filter": form,
        "page": page,
        "rows": [row_of(person) for person in page],
        "total": administered.count(),
        "to_invite": found.awaiting_first_password().count() if form.cleaned_data.get("nie_angemeldet") else 0,
        "query": query.urlencode(),
    }
    part = "#found" if request.htmx.wants_part else ""
    return render(request, f"people/list.html{part}", context)


@require_GET
@for_hr
def find_person(request):
    """Who matches what stands in a field for one person, whose name is ``feld`` and whose id ``an``; for HTMX alone."""
    if not request.htmx:
        return redirect("people:list")
    field = request.GET.get("feld", "manager")
    found = matches(Person.objects.administered_by(request.user), request.GET.get(field, ""))
    context = {"matches": found, "choice": f"{field}_choice", "at": request.GET.get("an", field)}
    return render(request, "people/_person_matches.html", context)


def row_of(person):
    """A person, a dict of what is SHOWN, as the list has them: a page of models takes half as long again."""
    facts = [
        (person["has_left"], "inaktiv"),
        (person["is_hr"], "Personalentwicklung"),
        (person["is_auditor"], "Datenschutz/Personalrat"),
        (not person["email"], "ohne E-Mail"),
    ]
    unit = f"{person['unit__number']} {person['unit__name']}" if person["unit__number"] else "–"
    manager = listed_as(person["manager__first_name"], person["manager__last_name"]) if person["manager"] else "–"
    manager = with_number(manager, person["manager__personnel_number"])
    return {
        "pk": person["pk"],
        "name": listed_as(person["first_name"], person["last_name"]),
        "texts": {"Personalnummer": person["personnel_number"] or "–", "Einheit": unit, "Führungskraft": manager},
        "notes": tuple(note for is_so, note in facts if is_so),
    }


@require_http_methods(["GET", "POST"])
@once
@for_hr
def create(request):
    form = PersonForm(request.POST or None, by=request.user)
    if form.is_valid():
        person = form.save(commit=False)
        person.set_unusable_password()
        person.save()
        note_change(request, person)
        messages.success(request, f"{person} ist angelegt.")
        return redirect("people:edit", person.pk)
    return render(request, "people/form.html", {"form": form})


@require_http_methods(["GET", "POST"])
@for_hr
@holds
def edit(request, pk):
    person = get_object_or_404(held(request, Person.objects.administered_by(request.user)), pk=pk)
    accesses.shown_to_hr(request, Access.What.MASTER_DATA, [person.pk])
    form = PersonForm(request.POST or None, instance=person, by=request.user)
    if form.is_valid() and not form.is_outdated():
        form.save()
        note_change(request, person)
        messages.success(request, f"Die Angaben zu {person} sind gespeichert.")
        gave_up_hr = person == request.user and not person.is_hr
        return redirect("start") if gave_up_hr else redirect(*after_change(request, person, form.changed_data))
    context = {"form": form, "person": form.before, "name_changes": person.name_changes.all()}
    context["led"] = Person.objects.of_manager(person).count  # asked only where it is shown
    context["months"] = settings.RETENTION_MONTHS["left"]
    return render(request, "people/form.html", context)


@require_POST
@for_hr
def deactivate(request, pk):
    person = get_object_or_404(Person.objects.administered_by(request.user), pk=pk)
    if person == request.user:
        messages.error(request, "Sie können sich nicht selbst deaktivieren. Bitten Sie eine andere Person darum.")
    elif person.is_staff:
        messages.error(request, f"{person} hat Zugang zur technischen Verwaltung und kann nur dort deaktiviert werden.")
    else:
        switch(request, person, is_active=False)
        messages.success(request, f"{person} ist deaktiviert und kann sich nicht mehr anmelden.")
        return redirect(*after_change(request, person, ["is_active"]))
    return redirect("people:edit", person.pk)


@transaction.atomic
def switch(request, person, *, is_active):
    person.is_active = is_active
    person.save(update_fields=["is_active"])
    note_change(request, person)


def note_change(request, person):
    """Note that HR has written somebody's master data; in the transaction that has."""
    accesses.note(request.user, Access.What.MASTER_DATA, Access.How.CHANGED, [person.pk], role=Access.Role.HR)


def after_change(request, person, changed):
    """Where to go on, for redirect: to who is to follow, if this was a manager's leave; to what runs, if they have another manager."""
    leaves = {"leaving_date", "is_active", "email"} & set(changed) and passing_on.reason_of(
        person, timezone.localdate()
    )
    led = Person.objects.of_manager(person).count() if leaves else 0
    if not led:
        waits = "manager" in changed and passing_on.still_with_former_manager(person)
        return "people:pass_on_running" if waits else "people:edit", person.pk
    who = "1 Person braucht" if led == 1 else f"{led} Personen brauchen"
    messages.warning(request, f"{who} eine andere Führungskraft als {person}.")
    return "people:successor", person.pk


@require_POST
@for_hr
def activate(request, pk):
    person = get_object_or_404(Person.objects.administered_by(request.user), pk=pk)
    switch(request, person, is_active=True)
    if person.is_employed:
        messages.success(request, f"{person} ist wieder aktiv.")
    else:
        messages.warning(
            request, f"{person} ist erst wieder aktiv, wenn Sie den letzten Arbeitstag ändern oder leeren."
        )
    return redirect("people:edit", person.pk)


@require_GET
@for_hr
def units(request):
    """The tree page by page, or the units found in it."""
    tree, asked = read_tree(), request.GET.get("q", "").strip()
    administered = Unit.objects.administered_by(request.user)
    found = set(administered.search(asked).values_list("pk", flat=True)) if asked else tree.depths
    page = page_of(request, [pk for pk in tree.depths if pk in found])
    context = {
        "page": page,
        "rows": with_numbers(tree, tree.shown(page)),
        "asked": asked,
        "query": urlencode({"q": asked}) if asked else "",
    }
    part = "#found" if request.htmx.wants_part else ""
    return render(request, f"people/units.html{part}", context)


@require_GET
@for_hr
def find_unit(request):
    """Which units match what stands in a field for one, as ``find_person``."""
    if not request.htmx:
        return redirect("people:units")
    name = request.GET.get("feld", "unit")
    found = {"matches": matching_units(request.GET.get(name, "")), "name": name, "at": request.GET.get("an", name)}
    return render(request, "people/_unit_matches.html", found)


def with_numbers(tree, units):
    """Units with how many people are employed in each, and in it with all beneath it; one query."""
    counted = Person.objects.employed().order_by().values_list("unit").annotate(Count("pk"))
    own = {pk: (number,) for pk, number in counted}
    totals = tree.added_up(own, (0,))
    return [(unit, own.get(unit.pk, (0,))[0], totals[unit.pk][0]) for unit in units]


@require_http_methods(["GET", "POST"])
@once
@for_hr
def create_unit(request):
    form = UnitForm(request.POST or None)
    if form.is_valid():
        messages.success(request, f"{form.save()} ist angelegt.")
        return redirect("people:units")
    return render(request, "people/unit_form.html", {"form": form})


@require_http_methods(["GET", "POST"])
@for_hr
@holds
def edit_unit(request, pk):
    unit = get_object_or_404(held(request, Unit.objects.administered_by(request.user)), pk=pk)
    form = UnitForm(request.POST or None, instance=unit)
    if form.is_valid() and not form.is_outdated():
        messages.success(request, f"{form.save()} ist gespeichert.")
        return redirect("people:units")
    return render(request, "people/unit_form.html", {"form": form, "unit": unit})
