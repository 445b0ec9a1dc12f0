"""Which lists were taken over, and what each has changed: for a workbook, and to take the last one back."""

import json
import zlib
from datetime import date, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from kompetenz import hooks
from kompetenz.documents import Column, Table, file_name, workbook
from kompetenz.jobs.batches import ALL, JobKind, keep_file, say_that_it_is_there
from kompetenz.people.models import Person, StaffImport, Unit
from kompetenz.privacy.access_log import accesses
from kompetenz.privacy.access_log.models import Access
from kompetenz.refusals import Refused

KEPT = timedelta(days=settings.RETENTION_DAYS["imports"])
FIELDS = ["personnel_number", "last_name", "first_name", "email", "unit_id", "manager_id", "leaving_date"]
WIDTH = 24
LEFT, LAST_DAY = "ausgeschieden", "Austritt"
NOT_KEPT = "Was diese Liste geändert hat, ist nach 90 Tagen gelöscht."


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
        "new_units": [unit.number for unit in preview.units if unit.is_new],
        "further": roles,
    }
    counts = {"new": len(preview.new), "changed": len(preview.changed), "left": len(gone), "units": len(preview.units)}
    return StaffImport.objects.create(taken_over_by=by, name=name[-200:], difference=packed(difference), **counts)


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


def end_noting(noted, left_alone=()):
    """Note what is stored now of everybody and everything that the list has written, by which one knows later what was built on it.

    Of whom it has ``left_alone``, ids, nobody reads in the access log that their data were changed.
    """
    difference = difference_of(noted)
    new = Person.objects.filter(personnel_number__in=difference["new"])
    people = [*Person.objects.filter(pk__in=difference["before"]), *new]
    numbers = [*difference["units"], *difference["new_units"]]
    difference |= {
        "after": {person.pk: values_of(person) for person in people},
        "new": [person.pk for person in new],
        "units_after": {unit.number: [unit.name, unit.parent_id] for unit in Unit.objects.filter(number__in=numbers)},
    }
    noted.difference, noted.is_finished = packed(difference), True
    noted.save()
    if by := noted.taken_over_by:
        written = {person.pk for person in people} - set(left_alone)
        accesses.note(by, Access.What.MASTER_DATA, Access.How.CHANGED, written, role=Access.Role.HR)


def make_workbook(job, items):
    """(name, content): a line for each field of each person that the list has changed."""
    noted = StaffImport.objects.get(pk=job.subject)
    if noted.difference is None:
        raise Refused(NOT_KEPT)
    about = [f"{noted}, {noted.new} neu, {noted.changed} geändert, {noted.left} ausgeschieden"]
    columns = [
        Column("Zeile", 8),
        *(Column(title, WIDTH, is_text=True) for title in ("Personalnummer", "Person", "Angabe", "vorher", "nachher")),
    ]
    rows = ([row[0], *(text or None for text in row[1:])] for row in difference_of(noted)["rows"])
    day = f"{timezone.localdate(noted.taken_over_at):%Y-%m-%d}"
    return file_name("Personalliste", "Unterschied", day, suffix=".xlsx"), workbook(
        Table("Unterschied", about, columns, rows)
    )


def page_of_history(job):
    return reverse("people:staff_history")


def people_of_the_difference(job):
    difference = difference_of(StaffImport.objects.get(pk=job.subject))
    people = Person.objects.filter(pk__in=[*difference["before"], *difference["after"]])
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
