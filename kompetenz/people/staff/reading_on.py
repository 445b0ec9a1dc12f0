"""Reading a large staff list, and comparing it, as a job of whoever has sent it: the upload itself reads nothing then.

The file is kept with the job until it is read, and nobody can fetch it there. What it comes to is a StaffFile as of a small one; its
rows are written some at a time, and it counts as read when all of them are.
"""

from datetime import timedelta

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from kompetenz import hooks
from kompetenz.jobs.batches import JobKind, begin
from kompetenz.jobs.models import Job
from kompetenz.people.models import StaffFile, StaffFileRow
from kompetenz.refusals import Refused

from .answered_before import answer_again
from .choosing import first_choices, has_doubts, table_as
from .previews import kept_values, rows_to_keep
from .raw_lists import read_raw
from .table import StaffList
from .uploading import KEPT, keep_raw, raw_of

LARGE = 64 * 1024  # bytes of a file: some 1,200 rows of a workbook, half a second
MANY = 1_000  # rows, compared in as long
SOME = 500  # rows written at once

READ, COMPARE, KEEP = "read", "compare", "keep"

NOT_READ = "„{}“ ist nicht eingelesen. {}"


def begin_reading(*, content, name, by):
    """Have a file read in place of what ``by`` had sent before."""
    stop_reading(by)
    return _begin([READ, COMPARE], name, by, file=content)


def begin_comparing(*, raw, choices, name, by):
    """Have a list compared as its columns are read now."""
    stop_reading(by)
    keep_raw(raw=raw, choices=choices, name=name, by=by)
    return _begin([COMPARE], name, by, is_said=True)


def begin_comparing_decided(*, uploaded, table):
    """Have a list compared with what HR has decided about it; until then its preview compares it anew for each page."""
    by = uploaded.uploaded_by
    stop_reading(by)
    StaffFile.objects.filter(pk=uploaded.pk).update(content=table.packed(), as_of="")
    return _begin([COMPARE], uploaded.name, by, is_decided=True)


def _begin(items, name, by, **more):
    title = f"Personalliste einlesen: {name[-100:]}"
    return begin(READING, subject=by.pk, title=title, items=items, by=by, for_hr=False, name=name[-100:], **more)


def read_by(person):
    """The job that reads a list of theirs, if any does."""
    return Job.objects.unfinished().of(READING, person.pk).light().first()


def stop_reading(person):
    """Forget the list that is being read, and its file."""
    Job.objects.unfinished().of(READING, person.pk).delete()


def make(job, items):
    """What is read, or the words in which it is refused; else what the list comes to, as long as this process knows it."""
    try:
        if items == [READ]:
            raw = read_raw(bytes(job.content))
            return raw, first_choices(raw)
        return compared(job)
    except Refused as reason:
        return str(reason)


_at_work: dict[int, tuple] = {}


def compared(job):
    """(values to be kept, rows) of the list as its columns are read; None if somebody has to look at them first."""
    if job.pk in _at_work:
        return _at_work[job.pk]
    _at_work.clear()
    uploaded = StaffFile.objects.get(uploaded_by=job.asked_by)
    if job.options.get("is_decided"):
        table = StaffList.unpacked(bytes(uploaded.content))
    else:
        raw, choices = raw_of(uploaded)
        if not job.options.get("is_said") and has_doubts(raw, choices):
            return None
        table = table_as(raw, choices)
        answer_again(table, job.asked_by)
    values, groups = kept_values(table, job.asked_by)
    _at_work[job.pk] = values | {"content": table.packed()}, list(rows_to_keep(uploaded, groups))
    return _at_work[job.pk]


def write(job, items, made):
    if isinstance(made, str):
        job.count("refused")
        job.sentence = NOT_READ.format(job.options["name"], made)[:500]
        stop_after_this(job)
    elif items == [READ]:
        raw, choices = made
        keep_raw(raw=raw, choices=choices, name=job.options["name"], by=job.asked_by)
        job.content = None
    elif made is None:
        stop_after_this(job)
    else:
        write_some(job, items[0], StaffFile.objects.get(uploaded_by=job.asked_by), *made)


def stop_after_this(job):
    job.total = job.done + 1
    job.items, job.content = job.items[: job.total], None


def write_some(job, item, uploaded, values, rows):
    """What the list comes to, step by step; what was compared with another state by another process is compared anew when it is shown."""
    if item == COMPARE:
        uploaded.rows.all().delete()
        job.items = [*job.items, *range(0, len(rows), SOME), KEEP]
        job.total = len(job.items)
        job.options = job.options | {"as_of": values["as_of"]}
    elif item == KEEP:
        is_same = values["as_of"] == job.options["as_of"]
        StaffFile.objects.filter(pk=uploaded.pk).update(**values if is_same else values | {"as_of": ""})
        _at_work.clear()
    else:
        StaffFileRow.objects.bulk_create(rows[item : item + SOME])


def say_that_it_is_read(job):
    job.sentence = job.sentence or "Die Personalliste ist eingelesen."


def page_of_list(job):
    return reverse("people:staff_preview")


def go_on_with_list(request, job):
    """On to the columns or the preview; or back, with the words in which it was refused."""
    if job.tally.get("refused"):
        messages.error(request, job.sentence)
        return redirect("people:staff_import")
    return redirect("people:staff_preview")


READING = JobKind(
    "reading a staff list",
    make=make,
    batch=write,
    finish=say_that_it_is_read,
    leads_to=page_of_list,
    goes_on=go_on_with_list,
    size=1,
    at_once=0,
    in_hand=timedelta(minutes=2),
)


@hooks.register("every_day")
def forget_unread_files(today):
    """A file that no worker has come to read is kept no longer than a list."""
    Job.objects.unfinished().filter(kind=READING.name, asked_at__lte=timezone.now() - KEPT).delete()
