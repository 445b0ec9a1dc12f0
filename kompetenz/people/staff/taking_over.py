"""Writing what a preview has shown: all of it or nothing."""

import logging
from copy import copy
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from kompetenz.people.models import Person, Unit
from kompetenz.people.names import fold
from kompetenz.people.notices import tell_of_new_addresses

from .comparing import compare

ON_THE_PERSON = {
    "number": "personnel_number",
    "last_name": "last_name",
    "first_name": "first_name",
    "email": "email",
    "leaving_date": "leaving_date",
}


logger = logging.getLogger(__name__)

BATCH = 200  # people in one UPDATE; its cost grows with the square


class NotAsPreviewed(Exception):
    """Something has changed since the preview that was confirmed; nothing is written."""


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


def take_over(*, table, fingerprint, leavers=None, uploaded=None):
    """Write what the preview with this fingerprint has shown, and who are ``leavers``; return what was Taken.

    The file ``uploaded`` is deleted. Raises NotAsPreviewed if the list would do something else by now, or
    has problems.
    """
    try:
        return write(table=table, fingerprint=fingerprint, leavers=leavers, uploaded=uploaded)
    except IntegrityError as problem:  # somebody was created at this very moment with the same number or address
        logger.warning("A staff list was not written, for a constraint said no.")  # its words would name people
        raise NotAsPreviewed from problem


@transaction.atomic
def write(*, table, fingerprint, leavers, uploaded):
    lock_everybody()
    preview = compare(table)
    if preview.problems or preview.fingerprint != fingerprint:
        raise NotAsPreviewed
    units = write_units(preview)
    people = write_people(preview, units)
    write_further(preview, people)
    left = let_go(preview.missing, leavers) if leavers else 0
    if uploaded:
        uploaded.delete()
    return Taken(len(preview.new), len(preview.changed), len(preview.units), left)


def let_go(missing, leavers):
    """Note the last working day of those who have left; nobody but the missing is among them."""
    ids = [person.pk for person in missing if leavers.all_missing or person.pk in leavers.ids]
    return Person.objects.filter(pk__in=ids).update(leaving_date=leavers.last_day)


def lock_everybody():
    """Whoever changes people or units meanwhile waits, and somebody else's list is then compared anew.

    By id, so that no two writers ever wait for each other. Rows that only name somebody, such as a letter to them,
    are written all the same.
    """
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
    Unit.objects.bulk_update([units[change.number] for change in preview.units], ["name", "parent"], BATCH)
    return units


def write_people(preview, units):
    """Everybody of the list and everybody known, by handle, written as the list says."""
    people = dict(preview.known.by_pk)
    before = [copy(one.entry.person) for one in preview.changed]
    fresh = [fill(people.setdefault(one.entry.handle, newcomer()), one.entry, units) for one in preview.new]
    known = [fill(people[one.entry.handle], one.entry, units) for one in preview.changed]
    readdressed = [old for old, person in zip(before, known, strict=True) if old.email and old.email != person.email]
    # Two people may have swapped addresses, and no moment may know the same address twice.
    Person.objects.filter(pk__in=[old.pk for old in readdressed]).update(email=None)
    Person.objects.bulk_create(fresh)
    for one in (*preview.new, *preview.changed):
        if "manager" in one.entry.said:
            people[one.entry.handle].manager = people.get(one.entry.said["manager"])
    save(list(zip(before, known, strict=True)))
    Person.objects.bulk_update([person for person in fresh if person.manager_id], ["manager"], BATCH)
    tell_of_new_addresses(readdressed)
    return people


def save(pairs):
    """Write the fields in which people differ from what they were before, each for those in whom it does."""
    for field in (
        "personnel_number",
        "last_name",
        "first_name",
        "sort_key",
        "email",
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
    person.sort_key = fold(person.listed_as)
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
