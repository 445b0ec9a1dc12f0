"""Taking over a long staff list bit by bit: units, whoever is new, what has changed, who has left.

What the list would do is compared before anything is locked, and anew whenever the work begins again: what is written already is then
no change any more. Whoever was changed by somebody else since the list was confirmed stays as they are and is named. Whom it has come
to, each batch notes (JobPart): in the end the record of the list is about these and nobody else, also where it is given up half done.
"""

import json
from collections import Counter
from dataclasses import replace

from django.db import IntegrityError, transaction
from django.urls import reverse

from kompetenz.forms.stamp import stamp
from kompetenz.jobs.batches import JobKind, begin
from kompetenz.people.models import Person, StaffImport
from kompetenz.people.names import with_number
from kompetenz.people.succession import passing_on
from kompetenz.refusals import Refused

from .comparing import compare
from .history import CHANGED, GONE, NEW, begin_noting, end_noting_bit_by_bit, marks_of
from .table import StaffList
from .taking_over import (
    Taken,
    change_people,
    confirmed_preview,
    create_people,
    note_for_the_next_list,
    set_managers,
    write_further,
    write_units,
)
from .withholding import EVERYTHING

SHORT = 50  # rows; such a list is taken over at once
UNITS, WRITTEN = "units", "written"
STAFF = "staff"  # what such a job is about: one list at a time
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
    held = {key: column.held for key, column in preview.known.further.items()}
    items = [
        *([[UNITS]] if preview.units else []),
        *([NEW, one.row] for one in preview.new),
        *(
            [CHANGED, one.row, *held_by(one.entry.person), further_of(held, one.entry.person)]
            for one in preview.changed
        ),
        *([CHANGED, one.row] for one in preview.new),
        *([GONE, person.pk, *held_by(person)] for person in gone),
    ]
    about = {"title": "Personalliste übernehmen", "items": items, "by": uploaded.uploaded_by}
    last_day = leavers.last_day.isoformat() if leavers else None
    with transaction.atomic():  # only now, for comparing takes seconds
        noted = begin_noting(
            preview, gone, leavers.last_day if leavers else None, by=uploaded.uploaded_by, name=uploaded.name
        )
        job = begin(
            TAKING_OVER,
            subject=STAFF,
            file=table.packed(),
            last_day=last_day,
            units=len(preview.units),
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


def further_of(held, person):
    """The same of what columns of apps above say of somebody; ``held`` is what everybody has, by the key of the column."""
    values = {key: of.get(person.pk) for key, of in held.items()}
    return stamp(sorted((key, str(getattr(value, "pk", value))) for key, value in values.items()))


class Work:
    """A list as far as this process has compared and written it.

    ``done`` is how many items of the job that are, ``made`` whom it has made.
    """

    def __init__(self, job):
        allowed = frozenset(job.options.get("allowed", EVERYTHING))
        self.preview = compare(StaffList.unpacked(bytes(job.content)), job.asked_by, allowed)
        self.people, self.done = dict(self.preview.known.by_pk), job.done
        self.units = self.preview.known.units
        self.new = {one.row: one for one in self.preview.new}
        self.changed = {one.row: one for one in self.preview.changed}
        self.made = {pk for pk, (kind, *_) in written_by(job).items() if kind == NEW}


_at_work: dict[int, Work] = {}


def look(job, items):
    """The list compared by this process, unless something was written since, or not written, that it does not know of."""
    work = _at_work.get(job.pk)
    if work is None or work.done != job.done:
        _at_work.clear()
        work = _at_work[job.pk] = Work(job)
    return work


def take_some_over(job, items, work):
    kinds = {kind: [item for item in items if item[0] == kind] for kind in (UNITS, NEW, CHANGED, GONE)}
    try:
        if kinds[UNITS]:
            work.units = write_units(work.preview)
        create_some(job, [work.new[row] for _, row in kinds[NEW] if row in work.new], work)
        change_some(job, kinds[CHANGED], work)
    except IntegrityError as problem:
        raise Refused(NOT_ANY_MORE) from problem
    if kinds[GONE]:
        let_some_go(job, kinds[GONE])
    work.done += len(items)


def create_some(job, new, work):
    create_people(new, work.people, work.units)
    work.made |= note_written(job, NEW, [(one.row, work.people[one.entry.handle]) for one in new])


def change_some(job, items, work):
    """Write those that are as they were when the list was confirmed; whoever was created by it a moment ago is."""
    rows = {row: before for _, row, *before in items}
    known = [work.changed[row] for row in rows if row in work.changed]
    people = [one.entry.person.pk for one in known]
    stored = locked(people)
    held = {key: column.now(people) for key, column in work.preview.known.further.items()} if people else {}
    untouched = [one for one in known if is_as_read(stored.get(one.entry.person.pk), rows[one.row], held, work.made)]
    note_skipped(job, [with_number(one.listed_as, one.number) for one in known if one not in untouched])
    fresh = [work.new[row] for row in rows if row in work.new]
    change_people(untouched, work.people, work.units)
    set_managers(fresh, work.people)
    write_further(replace(work.preview, new=fresh, changed=untouched), work.people)
    written = [(one.row, work.people[one.entry.handle]) for one in (*untouched, *fresh)]
    note_written(job, CHANGED, [one for one in written if one[1].pk not in work.made])
    note_written(job, NEW, [one for one in written if one[1].pk in work.made])


def let_some_go(job, items):
    """Note the last day of those who are as they were; nobody of HR or of the technical administration leaves in passing."""
    seen = {pk: before for _, pk, *before in items}
    stored = locked(seen)
    gone = [one for pk, one in stored.items() if is_untouched(one, seen[pk]) and not (one.is_hr or one.is_staff)]
    note_skipped(job, [one.with_number for one in stored.values() if one not in gone])
    Person.objects.filter(pk__in=[one.pk for one in gone]).update(leaving_date=job.options["last_day"])
    for one in gone:
        one.leaving_date = job.options["last_day"]
    note_written(job, GONE, [(None, one) for one in gone])


def note_written(job, kind, people):
    """Note whom the list has come to, (row, person) as they are stored now; returns their ids."""
    written = {person.pk: [kind, row, *marks_of(person)] for row, person in people}
    if written:
        job.parts.create(name=WRITTEN, content=json.dumps(written).encode())
    return set(written)


def written_by(job):
    """Whom the job has come to until now: (kind, row, marks_of) by id."""
    found = {}
    for content in job.parts.order_by("pk").values_list("content", flat=True) if job.pk else ():
        found |= {int(pk): said for pk, said in json.loads(bytes(content)).items()}
    return found


def locked(people):
    return Person.objects.select_for_update(no_key=True).order_by("pk").in_bulk(list(people))


def note_skipped(job, names):
    job.options["skipped"] = job.options.get("skipped", []) + names


def is_as_read(person, before, held, made):
    """Whether somebody is stored as ``before``, and has what they had then of columns of apps above.

    Nothing before: the list has ``made`` them.
    """
    if person is None or not before:
        return person is not None and person.pk in made
    return is_untouched(person, before) and before[2] == further_of(held, person)


def is_untouched(person, before):
    """Whether somebody is stored as ``before``, see held_by; an address that is free for the moment is still theirs."""
    row, address = held_by(person)
    return before[0] == row and (person.email is None or before[1] == address)


def say_what_is_taken_over(job):
    note_for_the_next_list(StaffList.unpacked(bytes(job.content)))
    job.sentence = f"Die Personalliste ist übernommen: {note_what_is_written(job)}."
    if skipped := job.options.get("skipped"):
        job.lines = [f"{SKIPPED}: {', '.join(skipped)}."]
    last_day = job.options.get("last_day")
    if last_day and (number := passing_on.number_left_alone(last_day)):
        job.count("left alone", number)
        job.lines.append(passing_on.left_alone(number))


def note_what_is_written(job, *, is_whole=True):
    """Let the record of the list be about those it has come to; returns what was Taken."""
    written, units = written_by(job), bool(job.done)  # units are written first
    if noted := StaffImport.objects.filter(pk=job.options.get("noted")).first():
        end_noting_bit_by_bit(noted, written, units=units, is_whole=is_whole)
    if job.pk:
        job.parts.all().delete()
    kinds = Counter(kind for kind, *_ in written.values())
    return Taken(kinds[NEW], kinds[CHANGED], units * job.options["units"], kinds[GONE])


def note_half_of_it(job):
    note_what_is_written(job, is_whole=False)


def page_of_people(job):
    return reverse("people:vacancies" if job.tally.get("left alone") else "people:list")


TAKING_OVER = JobKind(
    "taking over a staff list",
    make=look,
    batch=take_some_over,
    finish=say_what_is_taken_over,
    leads_to=page_of_people,
    given_up=note_half_of_it,
    size=15,
    at_once=0,
)
