"""The auditor's lists as workbooks: what their pages show, all of it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

from kompetenz.documents import Column, Table, workbook
from kompetenz.privacy.access_log.models import Access

from . import records
from .in_words import NOBODY_ANY_MORE

DAY, NAME, WORDS = 12, 34, 44
BEFORE = "schon vor Beginn der Aufzeichnung"
CONFIDENTIAL = "Vertraulich"


@dataclass(frozen=True)
class ListOfPeople:
    """``rows(user)`` are (ids of the people in it, the row); ``what`` of them is taken along with it, for the access log."""

    title: str
    about: str
    columns: tuple[Column, ...]
    rows: Callable
    what: Access.What = Access.What.MASTER_DATA


def rights(user):
    for person, had in records.rights_of(list(records.with_rights()), user):
        access = "nicht mehr möglich" if person.has_left else None
        for right, change in had:
            since, by = (change.on, change.who) if change else (None, BEFORE)
            yield [person.pk], [person.listed_as, str(person.unit or "") or None, right, since, by, access]


def right_changes(user):
    for one in records.right_changes(user):
        done = "gegeben" if one.given else "genommen"
        yield [one.person_id], [one.on, one.person.listed_as, one.get_right_display(), done, one.who]


def deputies(user):
    for one in records.deputies():
        early = "vorzeitig beendet" if one.ended_at else None
        by = one.named_by.listed_as if one.named_by else "Befehlszeile"
        people = [one.person_id, one.manager_id]
        yield people, [one.person.listed_as, one.manager.listed_as, one.since, one.until, early, one.number, by]


def hand_overs(user):
    for one in records.hand_overs():
        of, by = one.participation, one.by.listed_as if one.by else None
        yield (
            [of.person_id],
            [one.on, of.person_name, of.round.title, one.from_name, one.to_name, by or NOBODY_ANY_MORE],
        )


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
        rights,
    ),
    "verlauf-der-rechte": ListOfPeople(
        "Verlauf der Rechte",
        "Wer wann welches Recht bekommen oder verloren hat",
        (
            Column("Tag", DAY),
            Column("Person", NAME),
            Column("Recht", WORDS),
            Column("Änderung", 14),
            Column("Durch", WORDS),
        ),
        right_changes,
    ),
    "vertretungen": ListOfPeople(
        "Vertretungen",
        "Wer für wen handelt oder gehandelt hat",
        (
            Column("Vertretung", NAME),
            Column("Für", NAME),
            Column("Von", DAY),
            Column("Bis", DAY),
            Column("Ende", 20),
            Column("Personen", 10),
            Column("Benannt von", NAME),
        ),
        deputies,
    ),
    "uebergaben": ListOfPeople(
        "Übergaben",
        "Teilnahmen, die eine andere Führungskraft bekommen haben",
        (
            Column("Tag", DAY),
            Column("Person", NAME),
            Column("Runde", WORDS),
            Column("Von", NAME),
            Column("An", NAME),
            Column("Durch", NAME),
        ),
        hand_overs,
        Access.What.COURSE,
    ),
}


def list_of(which, user):
    """(the ids of everybody in it, the file)."""
    found = LISTS[which]
    rows = list(found.rows(user))
    people = {pk for ids, _ in rows for pk in ids}
    lines = [found.about, f"Stand: {timezone.localdate():%d.%m.%Y}"]
    return people, workbook(Table(found.title, lines, found.columns, [row for _, row in rows]), footer=CONFIDENTIAL)


def traces_of(person, today) -> bytes:
    """The access log about one person, all of it: as many rows as the days and readers of the period kept."""
    lines = [f"Zugriffe auf Angaben von {person}", f"Stand: {today:%d.%m.%Y}", "Ohne das, was gelesen wurde."]
    columns = [Column("Tag", DAY), Column("Wer", NAME), Column("Als", WORDS), Column("Zugriff", 24)]
    rows = [[one.on, one.reader, one.role, one.how] for one in map(records.trace_of, records.traces_about(person))]
    return workbook(Table("Zugriffe", lines, columns, rows), footer=CONFIDENTIAL)
