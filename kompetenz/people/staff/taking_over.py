"""Writing what a preview has shown: all of it or nothing."""

import logging
from copy import copy
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from kompetenz.people.models import FurtherNumber, Person, Unit
from kompetenz.people.names import sort_key
from kompetenz.people.renaming import note_changes, note_units
from kompetenz.refusals import Faster, Refused

from .answered_before import remember_answers
from .comparing import compare
from .history import begin_noting, end_noting
from .withholding import EVERYTHING, NOTHING

ON_THE_PERSON = {
    "number": "personnel_number",
    "last_name": "last_name",
    "first_name": "first_name",
    "email": "email",
    "leaving_date": "leaving_date",
}


logger = logging.getLogger(__name__)

BATCH = 200  # people in one UPDATE; its cost grows with the square


@dataclass(frozen=True)
class Taken:
    """How much was written."""

    new: int
    changed: int
    units: int
    left: int

    def __str__(self):
        return (
            f"{self.new} neu, {self.changed} geändert, {self.left} ausgeschieden, "
            f"{self.units} Organisationseinheiten angelegt oder geändert"
        )


@dataclass(frozen=True)
class Leavers:
    """Who of the missing people has left, by id or all of them, and their last working day."""

    last_day: date
    ids: frozenset = frozenset()
    all_missing: bool = False

    def chooses(self, person):
        return self.all_missing or person.pk in self.ids


def take_over(*, table, read, leavers=None, uploaded=None, allowed=EVERYTHING, name=""):
    """Write what the preview with this stamp has shown, and who are ``leavers``; return what was Taken.

    Of what it would empty or shift only what is ``allowed``. The file ``uploaded`` is deleted; whoever has uploaded it lets
    nobody in but others; without it the list has a ``name``. Raises Faster if the list would do something else by now, or
    has problems; Refused if what is allowed cannot be.
    """
    try:
        return write(table=table, read=read, leavers=leavers, uploaded=uploaded, allowed=allowed, name=name)
    except IntegrityError as problem:  # somebody was created at this very moment with the same number or address
        logger.warning("A staff list was not written, for a constraint said no.")  # its words would name people
        raise Faster from problem


@transaction.atomic
def write(*, table, read, leavers, uploaded, allowed, name):
    lock_everybody()
    by = uploaded.uploaded_by if uploaded else None
    preview = confirmed_preview(table, by, read, allowed)
    gone = [person for person in preview.missing if leavers and leavers.chooses(person)]
    last_day = leavers.last_day if leavers else None
    noted = begin_noting(preview, gone, last_day, by=by, name=uploaded.name if uploaded else name)
    units = write_units(preview)
    people = write_people(preview, units)
    write_further(preview, people)
    note_for_the_next_list(table)
    left = let_go(preview.missing, leavers) if leavers else 0
    end_noting(noted)
    if uploaded:
        uploaded.delete()
    return Taken(len(preview.new), len(preview.changed), len(preview.units), left)


def confirmed_preview(table, by, read, allowed):
    """The Preview of what was confirmed by its stamp; raises Faster and Refused as take_over."""
    preview = compare(table, by, allowed)
    if preview.problems and allowed and not compare(table, by, NOTHING).problems:
        problem = preview.problems[0]
        raise Refused(f"Das geht so nicht, Zeile {problem.row}: {problem.reason}")
    if preview.problems or preview.stamp != read:
        raise Faster
    return preview


def note_for_the_next_list(table):
    note_further_numbers(table)
    remember_answers(table)


def note_further_numbers(table):
    """Remember the numbers of further contracts, so that the next list leaves out their rows without a question."""
    seconds = table.decided.seconds
    if not seconds:
        return
    people = {one.personnel_number: one for one in Person.objects.filter(personnel_number__in=seconds.values())}
    FurtherNumber.objects.bulk_create(
        [FurtherNumber(number=number, person=people[own]) for number, own in seconds.items() if own in people],
        ignore_conflicts=True,
    )


def let_go(missing, leavers):
    """Note the last working day of those who have left; nobody but the missing is among them."""
    ids = [person.pk for person in missing if leavers.chooses(person)]
    return Person.objects.filter(pk__in=ids).update(leaving_date=leavers.last_day)


def lock_everybody():
    """Whoever changes people or units meanwhile waits, and somebody else's list is then compared anew.

    By id, so that no two writers ever wait for each other. Rows that only name somebody, such as a letter to them,
    are written all the same.
    """
    # In this order everywhere; no_key, for foreign keys to these rows may go on being written (a saved answer, a letter).
    list(Person.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    list(Unit.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def write_units(preview):
    """All units by number, those of the list as it says."""
    units = dict(preview.known.units)
    fresh = [Unit(number=unit.number, name=unit.name) for unit in preview.units if unit.is_new]
    units |= {unit.number: unit for unit in Unit.objects.bulk_create(fresh)}
    for change in preview.units:
        unit = units[change.number]
        unit.name, unit.parent = change.name, units.get(change.parent)
    written = [units[change.number] for change in preview.units]
    Unit.objects.bulk_update(written, ["name", "parent"], BATCH)
    note_units([units[change.number] for change in preview.units if not change.is_new])
    return units


def write_people(preview, units):
    """Everybody of the list and everybody known, by handle, written as the list says."""
    people = dict(preview.known.by_pk)
    create_people(preview.new, people, units)
    change_people(preview.changed, people, units)
    set_managers(preview.new, people)
    return people


def free_addresses(*ones):
    """Two people may have swapped addresses, and no moment may know the same address twice; the old ones are told.

    Only what goes to somebody else is freed first: who has another address from now on has not got their first one. Before
    the people are filled in: what they had tells whose are free.
    """
    had = {
        one.entry.said["email"]: one.entry.person and one.entry.person.email
        for one in ones
        if one.entry.said.get("email")
    }
    given = [address for address, own in had.items() if address != own]
    if not given:
        return
    known = [one.entry for one in ones if one.entry.person]
    keep = {entry.person.pk for entry in known if entry.person.email == entry.final("email")}
    Person.objects.filter(email__in=given).exclude(pk__in=keep).update(email=None)


def create_people(new, people, units):
    """Whoever is new, by handle among the ``people`` from now on; without their manager, who may be new, too."""
    free_addresses(*new)
    Person.objects.bulk_create([fill(people.setdefault(one.entry.handle, newcomer()), one.entry, units) for one in new])


def change_people(changed, people, units):
    free_addresses(*changed)
    before = [copy(one.entry.person) for one in changed]
    known = [fill(people[one.entry.handle], one.entry, units) for one in changed]
    for one in changed:
        if "manager" in one.entry.said:
            people[one.entry.handle].manager = people.get(one.entry.said["manager"])
    pairs = list(zip(before, known, strict=True))
    save(pairs)
    note_changes(pairs)


def set_managers(new, people):
    led = [one for one in new if one.entry.said.get("manager")]
    for one in led:
        people[one.entry.handle].manager = people.get(one.entry.said["manager"])
    Person.objects.bulk_update([people[one.entry.handle] for one in led], ["manager"], BATCH)


def save(pairs):
    """Write the fields in which people differ from what they were before, each for those in whom it does."""
    for field in (
        "email",  # first: who is told of a change is addressed by the name they had
        "personnel_number",
        "last_name",
        "first_name",
        "sort_key",
        "unit_id",
        "manager_id",
        "leaving_date",
    ):
        differing = [person for before, person in pairs if getattr(before, field) != getattr(person, field)]
        Person.objects.bulk_update(differing, [field.removesuffix("_id")], BATCH)


def newcomer():
    """Somebody new, who cannot sign in until a password is set."""
    person = Person()
    person.set_unusable_password()
    return person


def fill(person, entry, units):
    """Give ``person`` what the row says, tidied as ``Person.save`` does; the manager comes when all are there."""
    for key, field in ON_THE_PERSON.items():
        if key in entry.said:
            setattr(person, field, entry.said[key])
    if "unit_number" in entry.said:
        person.unit = units.get(entry.said["unit_number"])
    person.tidy_identity()
    person.sort_key = sort_key(person.listed_as)
    return person


def write_further(preview, people):
    """Hand what columns of apps above have changed to them."""
    for key, column in preview.known.further.items():
        given = {}
        for one in (*preview.new, *preview.changed):
            value = one.entry.said.get(key)
            if value is not None and value != column.held.get(one.entry.handle):
                given.setdefault(value, []).append(people[one.entry.handle])
        column.take_over(given)
