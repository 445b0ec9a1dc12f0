"""The auditor's lists as workbooks: what their pages show, all of it; long ones are made in the background."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from kompetenz.documents import Column, Table, file_name, workbook
from kompetenz.jobs.batches import ALL, JobKind, keep_file, say_that_it_is_there
from kompetenz.privacy.access_log.models import Access

from . import records
from .in_words import NOBODY_ANY_MORE

DAY, NAME, WORDS = 12, 34, 44
BEFORE = "schon vor Beginn der Aufzeichnung"
CONFIDENTIAL = "Vertraulich"


@dataclass(frozen=True)
class ListOfPeople:
    """``found(user)`` is what the page of this ``name`` shows, ``rows(found, user)`` the cells of it, ``people`` the
    lookups of those in it.

    ``what`` of them is taken along with it, for the access log.
    """

    title: str
    about: str
    columns: tuple[Column, ...]
    found: Callable
    rows: Callable
    people: tuple[str, ...]
    name: str
    what: Access.What = Access.What.MASTER_DATA


def unit_of(person):
    """What tells namesakes apart for whoever reads no personnel numbers; the unit is fetched beforehand."""
    return str(person.unit) if person.unit else None


def with_unit(name, person):
    """The same in one cell; ``name`` may be that of then."""
    return f"{name} ({person.unit})" if person and person.unit else name


def rights(people, user):
    for person, had in records.rights_of(list(people), user):
        access = "nicht mehr möglich" if person.has_left else None
        for right, change in had:
            since, by = (change.on, change.who) if change else (None, BEFORE)
            yield [person.listed_as, unit_of(person), right, since, by, access]


def right_changes(changes, user):
    for one in changes:
        done = "gegeben" if one.given else "genommen"
        yield [one.on, one.person.listed_as, unit_of(one.person), one.get_right_display(), done, one.who]


def deputies(found, user):
    for one in found:
        early = "vorzeitig beendet" if one.ended_at else None
        by = with_unit(one.named_by.listed_as, one.named_by) if one.named_by else "Befehlszeile"
        people = [one.person.listed_as, unit_of(one.person), one.manager.listed_as, unit_of(one.manager)]
        yield [*people, one.since, one.until, early, one.number, by]


def hand_overs(found, user):
    for one in found:
        of, by = one.participation, with_unit(one.by.listed_as, one.by) if one.by else NOBODY_ANY_MORE
        between = with_unit(one.from_name, one.from_person), with_unit(one.to_name, one.to_person)
        yield [one.on, of.person_name, of.unit_name or None, of.round.title, *between, by]


LISTS = {
    "rechte": ListOfPeople(
        "Rechte",
        "Wer heute Rechte über andere hat",
        (
            Column("Person", NAME),
            Column("Einheit", WORDS),
            Column("Recht", WORDS),
            Column("Seit", DAY),
            Column("Durch", WORDS),
            Column("Anmeldung", 20),
        ),
        lambda user: records.with_rights(),
        rights,
        ("pk",),
        "audit:rights",
    ),
    "verlauf-der-rechte": ListOfPeople(
        "Verlauf der Rechte",
        "Wer wann welches Recht bekommen oder verloren hat",
        (
            Column("Tag", DAY),
            Column("Person", NAME),
            Column("Einheit", WORDS),
            Column("Recht", WORDS),
            Column("Änderung", 14),
            Column("Durch", WORDS),
        ),
        records.right_changes,
        right_changes,
        ("person",),
        "audit:right_changes",
    ),
    "vertretungen": ListOfPeople(
        "Vertretungen",
        "Wer für wen handelt oder gehandelt hat",
        (
            Column("Vertretung", NAME),
            Column("Einheit", WORDS),
            Column("Für", NAME),
            Column("Einheit der Führungskraft", WORDS),
            Column("Von", DAY),
            Column("Bis", DAY),
            Column("Ende", 20),
            Column("Personen", 10),
            Column("Benannt von", NAME),
        ),
        lambda user: records.deputies(),
        deputies,
        ("person", "manager"),
        "audit:deputies",
    ),
    "uebergaben": ListOfPeople(
        "Übergaben",
        "Teilnahmen, die eine andere Führungskraft bekommen haben",
        (
            Column("Tag", DAY),
            Column("Person", NAME),
            Column("Einheit", WORDS),
            Column("Runde", WORDS),
            Column("Von", NAME),
            Column("An", NAME),
            Column("Durch", NAME),
        ),
        lambda user: records.hand_overs(),
        hand_overs,
        ("participation__person",),
        "audit:hand_overs",
        Access.What.COURSE,
    ),
}


def make_list(job, items):
    """(name, content) of the list, all of it as it is by then."""
    one, today = LISTS[job.subject.split()[0]], timezone.localdate()
    lines = [one.about, f"Stand: {today:%d.%m.%Y}"]
    rows = one.rows(one.found(job.asked_by), job.asked_by)
    return file_name(one.title, today, suffix=".xlsx"), workbook(
        Table(one.title, lines, one.columns, list(rows)), footer=CONFIDENTIAL
    )


def page_of_the_list(job):
    return reverse(LISTS[job.subject.split()[0]].name)


def people_in_it(job):
    one = LISTS[job.subject.split()[0]]
    found = one.found(job.asked_by).order_by()
    return one.what, {pk for lookup in one.people for pk in found.values_list(lookup, flat=True)}, 0


def may_have(job, user):
    return user.is_auditor


LIST = JobKind(
    "list for auditors",
    make=make_list,
    batch=keep_file,
    finish=say_that_it_is_there,
    leads_to=page_of_the_list,
    size=ALL,
    at_once=500,
    may_have=may_have,
    tells_of=people_in_it,
    taken_as=Access.Role.AUDITOR,
)


def traces_of(person, today) -> bytes:
    """The access log about one person, all of it: as many rows as the days and readers of the period kept."""
    lines = [f"Zugriffe auf Angaben von {person}", f"Stand: {today:%d.%m.%Y}", "Ohne das, was gelesen wurde."]
    columns = [Column("Tag", DAY), Column("Wer", NAME), Column("Als", WORDS), Column("Zugriff", 24)]
    rows = [[one.on, one.reader, one.role, one.how] for one in map(records.trace_of, records.traces_about(person))]
    return workbook(Table("Zugriffe", lines, columns, rows), footer=CONFIDENTIAL)
