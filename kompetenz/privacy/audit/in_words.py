"""Entries of the access log as pages and files say them."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from assessments.models import Round

NOBODY_ANY_MORE = "eine Person, deren Daten gelöscht sind"


@dataclass(frozen=True)
class DayOfReader:
    """What one person has done in one role on one day, ``what`` in words."""

    on: date
    reader: str
    role: str
    what: list[str]


def by_day_and_reader(entries):
    """DaysOfReaders of these entries, which come by day, reader and role, with names; one query for the titles of their rounds."""
    rounds = Round.objects.in_bulk({one.round_id for one in entries} - {0})
    days = groupby(entries, lambda one: (one.on, one.reader_id, one.role, one.instead_of_id))
    return [day_of_reader(list(same), rounds) for _, same in days]


def day_of_reader(entries, rounds):
    first = entries[0]
    return DayOfReader(first.on, reader_of(first), role_of(first), [what_of(one, rounds) for one in entries])


def reader_of(entry):
    return str(entry.reader or NOBODY_ANY_MORE)


def role_of(entry):
    role = entry.get_role_display()
    return f"{role} von {entry.instead_of}" if entry.instead_of else role


def what_of(entry, rounds):
    done = f"{entry.get_what_display()} {entry.get_how_display()}"
    return f"{done}, {rounds[entry.round_id]}" if entry.round_id in rounds else done
