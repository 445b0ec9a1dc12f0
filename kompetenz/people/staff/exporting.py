"""Everybody with a personnel number as a staff list in the columns of the template: loaded again, it changes nothing."""

from django.urls import reverse
from django.utils import timezone

from kompetenz.documents import Column, Table, file_name, workbook
from kompetenz.jobs.batches import ALL, JobKind, keep_file, say_that_it_is_there
from kompetenz.people.models import Person
from kompetenz.privacy.access_log.models import Access

from .columns import columns
from .known import Known

WIDTH = 22


def make(job, items):
    """(name, content) of the workbook about the people of these ids."""
    asked = columns()
    known, wanted = Known({column.key for column in asked}), set(items)
    people = sorted((one for one in known.people if one.pk in wanted), key=lambda one: one.sort_key)
    rows = ([cell_of(person, column.key, known) for column in asked] for person in people)
    titles = [Column(column.title, WIDTH, is_text=True) for column in asked]
    name = file_name("Personalliste", f"{timezone.localdate():%Y-%m-%d}", suffix=".xlsx")
    return name, workbook(Table("Personalliste", [], titles, rows))


def cell_of(person, key, known):
    unit = known.units_by_pk.get(person.unit_id)
    if key == "unit_name":
        return unit and unit.name
    if key == "unit_parent":
        return unit and unit.parent_id and known.units_by_pk[unit.parent_id].number
    if key == "manager":
        manager = known.by_pk.get(person.manager_id)
        return manager and (manager.personnel_number or manager.email)
    if key == "leaving_date":
        return f"{person.leaving_date:%d.%m.%Y}" if person.leaving_date else None
    value = known.was(person, key)
    return str(value) if value else None


def page_of_people(job):
    return reverse("people:list")


def people_on_the_list(job):
    return Access.What.MASTER_DATA, Person.objects.filter(pk__in=job.items).values_list("pk", flat=True), 0


EXPORT = JobKind(
    "people as a staff list",
    make=make,
    batch=keep_file,
    finish=say_that_it_is_there,
    leads_to=page_of_people,
    size=ALL,
    tells_of=people_on_the_list,
)
