"""Taking over a long staff list bit by bit: units, whoever is new, what has changed, who has left.

What the list would do is compared before anything is locked, and anew whenever the work begins again: what is written already is then
no change any more. Whoever was changed by somebody else since the list was confirmed stays as they are and is named.
"""

from dataclasses import replace

from django.db import IntegrityError, transaction
from django.urls import reverse

from kompetenz.forms.stamp import stamp
from kompetenz.jobs.batches import JobKind, begin
from kompetenz.people.models import Person, StaffImport
from kompetenz.people.succession import passing_on
from kompetenz.refusals import Refused

from .comparing import compare
from .history import begin_noting, end_noting
from .table import StaffList
from .taking_over import (
    Taken,
    change_people,
    confirmed_preview,
    create_people,
    note_further_numbers,
    set_managers,
    write_further,
    write_units,
)
from .withholding import EVERYTHING

SHORT = 50  # rows; such a list is taken over at once
UNITS, NEW, CHANGED, LEFT = "units", "new", "changed", "left"
STORED = (
    "personnel_number",
    "last_name",
    "first_name",
    "unit_id",
    "manager_id",
    "leaving_date",
    "is_active",
)  # the address see held_by
NOT_ANY_MORE = (
    "Die Liste lässt sich so nicht mehr übernehmen, denn inzwischen hat jemand dieselbe Personalnummer oder Adresse."
)
SKIPPED = "Inzwischen anders geändert und deshalb nicht übernommen"


def begin_taking_over(*, table, read, leavers, uploaded, allowed=EVERYTHING):
    """Begin the job that does what the preview with this stamp has shown; raises Faster and Refused as take_over does."""
    preview = confirmed_preview(table, uploaded.uploaded_by, read, allowed)
    gone = [person for person in preview.missing if leavers and leavers.chooses(person)]
    items = [
        *([[UNITS]] if preview.units else []),
        *([NEW, one.row] for one in preview.new),
        *([CHANGED, one.row, *held_by(one.entry.person)] for one in preview.changed),
        *([CHANGED, one.row] for one in preview.new),
        *([LEFT, person.pk, *held_by(person)] for person in gone),
    ]
    taken = Taken(len(preview.new), len(preview.changed), len(preview.units), len(gone))
    about = {"title": "Personalliste übernehmen", "items": items, "by": uploaded.uploaded_by}
    last_day = leavers.last_day.isoformat() if leavers else None
    with transaction.atomic():  # only now, for comparing takes seconds
        noted = begin_noting(
            preview, gone, leavers.last_day if leavers else None, by=uploaded.uploaded_by, name=uploaded.name
        )
        job = begin(
            TAKING_OVER,
            subject="staff",
            file=table.packed(),
            last_day=last_day,
            taken=str(taken),
            allowed=sorted(allowed),
            noted=noted.pk,
            **about,
        )
        if job.was_there:
            noted.delete()
        else:
            uploaded.delete()
    return job


def held_by(person):
    """What is stored of somebody, and their address, to be known again."""
    return stamp([str(getattr(person, field)) for field in STORED]), stamp(person.email)


class Work:
    """A list as far as this process has compared and written it; ``done`` is how many items of the job that are."""

    def __init__(self, job):
        allowed = frozenset(job.options.get("allowed", EVERYTHING))
        self.preview = compare(StaffList.unpacked(bytes(job.content)), job.asked_by, allowed)
        self.people, self.done = dict(self.preview.known.by_pk), job.done
        self.units = self.preview.known.units
        self.new = {one.row: one for one in self.preview.new}
        self.changed = {one.row: one for one in self.preview.changed}


_at_work: dict[int, Work] = {}


def look(job, items):
    """The list compared by this process, unless something was written since, or not written, that it does not know of."""
    work = _at_work.get(job.pk)
    if work is None or work.done != job.done:
        _at_work.clear()
        work = _at_work[job.pk] = Work(job)
    return work


def take_some_over(job, items, work):
    kinds = {kind: [item for item in items if item[0] == kind] for kind in (UNITS, NEW, CHANGED, LEFT)}
    try:
        if kinds[UNITS]:
            work.units = write_units(work.preview)
        create_people([work.new[row] for _, row in kinds[NEW] if row in work.new], work.people, work.units)
        change_some(job, kinds[CHANGED], work)
    except IntegrityError as problem:
        raise Refused(NOT_ANY_MORE) from problem
    if kinds[LEFT]:
        let_some_go(job, kinds[LEFT])
    work.done += len(items)


def change_some(job, items, work):
    """Write those that are as they were when the list was confirmed; whoever was created by it a moment ago is."""
    rows = {row: before for _, row, *before in items}
    known = [work.changed[row] for row in rows if row in work.changed]
    stored = locked([one.entry.person.pk for one in known])
    untouched = [one for one in known if is_untouched(stored.get(one.entry.person.pk), rows[one.row])]
    leave_alone(job, {one.entry.person.pk: one.listed_as for one in known if one not in untouched})
    fresh = [work.new[row] for row in rows if row in work.new]
    change_people(untouched, work.people, work.units)
    set_managers(fresh, work.people)
    write_further(replace(work.preview, new=fresh, changed=untouched), work.people)


def let_some_go(job, items):
    """Note the last day of those who are as they were; nobody of HR or of the technical administration leaves in passing."""
    seen = {pk: before for _, pk, *before in items}
    stored = locked(seen)
    gone = [pk for pk, one in stored.items() if is_untouched(one, seen[pk]) and not (one.is_hr or one.is_staff)]
    leave_alone(job, {pk: one.listed_as for pk, one in stored.items() if pk not in gone})
    Person.objects.filter(pk__in=gone).update(leaving_date=job.options["last_day"])


def locked(people):
    return Person.objects.select_for_update(no_key=True).order_by("pk").in_bulk(list(people))


def leave_alone(job, people):
    """Note who was not changed: ``{id: name}``."""
    job.options["left_alone"] = job.options.get("left_alone", []) + list(people)
    note_skipped(job, list(people.values()))


def note_skipped(job, names):
    job.options["skipped"] = job.options.get("skipped", []) + names


def is_untouched(person, before):
    """Whether somebody is stored as ``before``, see held_by; an address that is free for the moment is still theirs.

    Nothing before: the list itself has brought them.
    """
    if person is None or not before:
        return person is not None
    row, address = held_by(person)
    return before[0] == row and (person.email is None or before[1] == address)


def say_what_is_taken_over(job):
    note_further_numbers(StaffList.unpacked(bytes(job.content)))
    if noted := StaffImport.objects.filter(pk=job.options.get("noted")).first():
        end_noting(noted, job.options.get("left_alone", ()))
    job.sentence = f"Die Personalliste ist übernommen: {job.options['taken']}."
    if skipped := job.options.get("skipped"):
        job.lines = [f"{SKIPPED}: {', '.join(skipped)}."]
    last_day = job.options.get("last_day")
    if last_day and (number := passing_on.number_left_alone(last_day)):
        job.count("left alone", number)
        job.lines.append(passing_on.left_alone(number))


def page_of_people(job):
    return reverse("people:vacancies" if job.tally.get("left alone") else "people:list")


TAKING_OVER = JobKind(
    "taking over a staff list",
    make=look,
    batch=take_some_over,
    finish=say_what_is_taken_over,
    leads_to=page_of_people,
    size=15,
    at_once=0,
)
