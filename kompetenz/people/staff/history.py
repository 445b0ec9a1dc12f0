"""Which lists were taken over, and what each has changed: for a workbook, and to take the last one back."""

import json
import zlib
from collections import Counter
from datetime import date, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from kompetenz import hooks
from kompetenz.documents import Column, Table, file_name, workbook
from kompetenz.forms.stamp import stamp
from kompetenz.jobs.batches import ALL, JobKind, keep_file, say_that_it_is_there
from kompetenz.people.models import Person, StaffImport, Unit
from kompetenz.privacy.access_log import accesses
from kompetenz.privacy.access_log.models import Access
from kompetenz.refusals import Refused

KEPT = timedelta(days=settings.RETENTION_DAYS["imports"])
FIELDS = ["personnel_number", "last_name", "first_name", "email", "unit_id", "manager_id", "leaving_date"]
UNKNOWN = [None] * len(FIELDS)  # what nobody is like
WIDTH = 24
LEFT, LAST_DAY = "ausgeschieden", "Austritt"
NEW, CHANGED, GONE = "new", "changed", "left"  # what a list does with somebody
NOT_KEPT = f"Was diese Liste geändert hat, ist nach {KEPT.days} Tagen gelöscht."


def packed(difference):
    return zlib.compress(json.dumps(difference).encode())


def difference_of(noted):
    return json.loads(zlib.decompress(bytes(noted.difference)))


def values_of(person):
    return [str(value) if isinstance(value, date) else value for value in (getattr(person, one) for one in FIELDS)]


def begin_noting(preview, gone, last_day, *, by, name):
    """Note what a list is about to change, before any of it is written; see end_noting."""
    rows = [
        [one.row, one.number, one.listed_as, change.what, change.before, change.after]
        for one in (*preview.new, *preview.changed)
        for change in one.changes
    ]
    rows += [
        [None, one.personnel_number, one.listed_as, LAST_DAY, german(one.leaving_date), german(last_day)]
        for one in gone
    ]
    known = [*(one.entry.person for one in preview.changed), *gone]
    roles = {key: had_before(preview, key, reader) for key, reader in preview.known.further.items()}
    difference = {
        "rows": rows,
        "before": {person.pk: values_of(person) for person in known},
        "new": [one.number for one in preview.new],
        "units": {
            number: [unit.name, unit.parent_id]
            for number, unit in preview.known.units.items()
            if number in changed_units(preview)
        },
        "unit_rows": list(rows_of_units(preview)),
        "new_units": [unit.number for unit in preview.units if unit.is_new],
        "further": roles,
    }
    counts = {"new": len(preview.new), "changed": len(preview.changed), "left": len(gone), "units": len(preview.units)}
    return StaffImport.objects.create(taken_over_by=by, name=name[-200:], difference=packed(difference), **counts)


def rows_of_units(preview):
    for unit in preview.units:
        for what, before, after in [("neu", None, None)] if unit.is_new else unit.changes:
            yield [None, unit.number, unit.name, f"Organisationseinheit: {what}", before, after]


def had_before(preview, key, reader):
    """What each person had in a column of an app above whom the list gives something else, as its text."""
    given = {one.entry.person.pk: one.entry.said.get(key) for one in preview.changed}
    return {pk: name_of(reader.held.get(pk)) for pk, value in given.items() if value not in (None, reader.held.get(pk))}


def changed_units(preview):
    return {unit.number for unit in preview.units if not unit.is_new}


def german(day):
    return f"{day:%d.%m.%Y}" if day else ""


def name_of(value):
    return str(value) if value else ""


def end_noting(noted):
    """Note what is stored now of everybody and everything that the list has written, by which one knows later what was built on it."""
    difference = difference_of(noted)
    new = Person.objects.filter(personnel_number__in=difference["new"])
    people = [*Person.objects.filter(pk__in=difference["before"]), *new]
    after = {"after": {person.pk: values_of(person) for person in people}, "new": [person.pk for person in new]}
    keep_what_was_done(noted, difference | after)


def marks_of(person):
    """By what one knows later whether somebody is still as a list has left them: marks of the address, and of all else."""
    values = values_of(person)
    address = values.pop(FIELDS.index("email"))
    return [stamp(values), stamp(address)]


def end_noting_bit_by_bit(noted, written, *, units=True, is_whole=True):
    """The same of a list that was written bit by bit; ``written`` has (kind, row of the list, marks_of) of each person it has come to.

    Of all others, and of ``units`` it has not come to, it has changed nothing. Of who was changed since they were written it is not
    known what the list has left, so that it cannot be taken back over that.
    """
    difference, stored = difference_of(noted), Person.objects.in_bulk(list(written))
    others = {int(pk): values for pk, values in difference["before"].items() if int(pk) not in written}
    rows = {row for _, row, *_ in written.values()} - {None}
    left = {difference["before"][str(pk)][0] for pk, (kind, *_) in written.items() if kind == GONE}
    kinds = Counter(kind for kind, *_ in written.values())
    difference |= {
        "rows": [one for one in difference["rows"] if (one[1] in left if one[0] is None else one[0] in rows)],
        "before": {pk: values for pk, values in difference["before"].items() if int(pk) in written},
        "further": {
            key: {pk: text for pk, text in had.items() if int(pk) in written}
            for key, had in difference["further"].items()
        },
        "new": [pk for pk in stored if written[pk][0] == NEW],
        "freed": addresses_freed(others),
        "after": {pk: values_of(one) if is_as_left(one, written[pk][2:]) else UNKNOWN for pk, one in stored.items()},
    }
    if not units:
        difference |= {"units": {}, "new_units": [], "unit_rows": []}
        noted.units = 0
    noted.new, noted.changed, noted.left = kinds[NEW], kinds[CHANGED], kinds[GONE]
    keep_what_was_done(noted, difference, is_whole=is_whole)


def addresses_freed(others):
    """What those had whom the list has left alone, ``{id: what they were}``, and has given to somebody else."""
    had = {pk: values[FIELDS.index("email")] for pk, values in others.items()}
    without = Person.objects.filter(pk__in=had, email=None).values_list("pk", flat=True)
    return {pk: had[pk] for pk in without if had[pk]}


def is_as_left(person, marks):
    """Whether these are the marks of ``person``; an address that is free for the moment is still theirs."""
    row, address = marks_of(person)
    return row == marks[0] and (person.email is None or address == marks[1])


def keep_what_was_done(noted, difference, *, is_whole=True):
    """Keep it with the units as they are now; of whom the list has written, the access log says so."""
    numbers = [*difference["units"], *difference["new_units"]]
    units = Unit.objects.filter(number__in=numbers)
    difference |= {"units_after": {unit.number: [unit.name, unit.parent_id] for unit in units}}
    noted.difference, noted.is_finished = packed(difference), is_whole
    noted.save()
    if by := noted.taken_over_by:
        accesses.note(by, Access.What.MASTER_DATA, Access.How.CHANGED, difference["after"], role=Access.Role.HR)


def make_workbook(job, items):
    """(name, content): a line for each field of each person and unit that the list has changed."""
    noted = StaffImport.objects.get(pk=job.subject)
    if noted.difference is None:
        raise Refused(NOT_KEPT)
    about = [f"{noted}, {noted.new} neu, {noted.changed} geändert, {noted.left} ausgeschieden"]
    columns = [
        Column("Zeile", 8),
        *(Column(title, WIDTH, is_text=True) for title in ("Personalnummer", "Person", "Angabe", "vorher", "nachher")),
    ]
    difference = difference_of(noted)
    told = [*difference["rows"], *difference.get("unit_rows", ())]  # kept by a version without the latter
    rows = ([row[0], *(text or None for text in row[1:])] for row in told)
    day = f"{timezone.localdate(noted.taken_over_at):%Y-%m-%d}"
    return file_name("Personalliste", "Unterschied", day, suffix=".xlsx"), workbook(
        Table("Unterschied", about, columns, rows)
    )


def page_of_history(job):
    return reverse("people:staff_history")


def people_of_the_difference(job):
    difference = difference_of(StaffImport.objects.get(pk=job.subject))
    people = Person.objects.filter(
        pk__in=[*difference["before"], *difference.get("after", ())]
    )  # of a list that ended early
    return Access.What.MASTER_DATA, people.values_list("pk", flat=True), 0


DIFFERENCE = JobKind(
    "the difference that a staff list has made",
    make=make_workbook,
    batch=keep_file,
    finish=say_that_it_is_there,
    leads_to=page_of_history,
    size=ALL,
    tells_of=people_of_the_difference,
)


@hooks.register("every_day")
def forget_differences(today):
    """After 90 days nobody takes a list back, and whom it has changed is not kept here."""
    old = StaffImport.objects.filter(difference__isnull=False, taken_over_at__lte=timezone.now() - KEPT)
    deleted = old.update(difference=None)
    return f"Unterschiede übernommener Personallisten gelöscht: {deleted}." if deleted else None
