"""Work in short batches: begun in a request, done there if it is small, else by the worker while somebody may watch (ADR 36).

An app that has something long to do names a ``JobKind`` of its own, once::

    PAUSING = JobKind("pausing", batch=pause_some, finish=say_how_many, leads_to=the_round)

and begins it with what there is to do, a list of plain values (ids)::

    job = begin(PAUSING, subject=round_.pk, title="...", items=[1, 2, 3], by=user)
    return answer(request, job)

Each batch is a transaction of its own, in which ``job.done`` moves on, too. Between two of them there is a breath, so that everybody
who wants to save something gets in.
"""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from mimetypes import guess_type

from django.conf import settings
from django.contrib import messages
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header

from kompetenz import hooks
from kompetenz.outages import outage_of
from kompetenz.privacy.access_log import accesses
from kompetenz.privacy.access_log.models import Access
from kompetenz.refusals import Refused

from .models import Job
from .queue import enqueue_once, task

A_RUN = timedelta(seconds=20)  # then the next begins, so that a worker can stop and other tasks get their turn
IN_HAND = timedelta(seconds=10)  # so long after a batch no other worker takes it
AGAIN = IN_HAND + timedelta(seconds=1)  # after so long another run looks what a killed one has left
MOST_TRIES = 5  # runs that have taken up a job and ended without a batch: it is the job that kills them
ALL = 1_000_000_000  # the size of a batch that is everything
BREATH = 0.03  # seconds between two batches, at least; else as long as the batch took
AFTER_LETTERS = -10  # priority in the queue

LARGE = ("items", "content")  # of a job, and the same until its end: not read and written with every batch
SMALL = [field.name for field in Job._meta.concrete_fields if not field.primary_key and field.name not in LARGE]  # noqa: SLF001

UNKNOWN = (
    "Ein unerwarteter Fehler. Ihre IT findet ihn im Protokoll des Servers. Was bis dahin getan ist, steht. Bleibt es nach „Fortsetzen“ "
    "dabei, etwa weil Kompetenzrad inzwischen aktualisiert wurde: Brechen Sie ab und beginnen Sie den Auftrag neu."
)
NO_SUCH_KIND = (
    "Solche Aufträge gibt es nach einer Aktualisierung von Kompetenzrad nicht mehr. Bitte brechen Sie ihn ab."
)
DEADLY = (
    "Der Server hat die Arbeit daran mehrmals abgebrochen, vielleicht fehlt ihm Arbeitsspeicher. Bitte geben Sie Ihrer IT Bescheid; "
    "danach geht es mit „Fortsetzen“ weiter."
)
GOES_ALREADY = "Hier war schon ein Auftrag begonnen, das ist er. Ein zweiter wurde nicht angelegt."
FORMER = "{} gehört nicht mehr zur Personalentwicklung. Mit „Fortsetzen“ führt jemand anderes den Auftrag unter eigenem Namen weiter."
TAKEN_BACK = "Abgebrochen. Alles ist wieder so wie vorher."

logger = logging.getLogger(__name__)
KINDS: dict[str, "JobKind"] = {}


@dataclass(frozen=True)
class JobKind:
    """One kind of job, known by its ``name`` for good: it stands in the database.

    ``batch(job, items)`` does some of it, ``finish(job)`` the end: each in a transaction of its own, in which it may change ``job``
    (``count``, ``lines``, ``sentence``) without saving it. Where something long has to be computed first, ``make(job, items)`` does so
    before the transaction of a batch and reads only; ``batch(job, items, made)`` gets what it returns. ``undo(job)`` takes back some of
    what was done and says whether that was all. ``leads_to(job)`` is the address of what it is about. What Refused raises is the
    problem of the job; nothing of its batch is done then. A batch that takes longer than IN_HAND says so (``in_hand``); what a kind has
    made in parts (JobPart) it hands out itself: ``hands_out(job)`` is the answer.
    """

    name: str
    batch: Callable
    finish: Callable
    leads_to: Callable
    make: Callable | None = None
    undo: Callable | None = None
    given_up: Callable | None = (
        None  # (job): what is to be noted of one that ends half done, where nothing is taken back
    )
    is_signed: bool = False  # what it writes bears the name of who has asked for it, or has let it go on since: of HR as long as it goes
    size: int = 50
    at_once: int | None = None  # so many are small; else settings.JOBS_AT_ONCE
    may_have: Callable | None = None  # (job, user): whether they still may have the file it made
    in_hand: timedelta = IN_HAND
    hands_out: Callable | None = None  # else what is in its ``content``
    goes_on: Callable | None = (
        None  # (request, job): where whoever has waited for it is led once it is done, instead of its page
    )
    tells_of: Callable | None = (
        None  # (job): of what of whom its file tells, for the access log: what, ids of people, round or 0
    )
    taken_as: Access.Role = Access.Role.HR  # in which role whoever asked for the file takes it along

    def __post_init__(self):
        KINDS[self.name] = self

    def is_small(self, items):
        return len(items) <= (settings.JOBS_AT_ONCE if self.at_once is None else self.at_once)


def refuse_it(job, *_):
    raise Refused(NO_SUCH_KIND)


def page_of_jobs(job):
    return reverse("jobs:jobs")


NO_KIND = JobKind("", batch=refuse_it, finish=refuse_it, leads_to=page_of_jobs)


def kind_of(name):
    """The kind that a job was begun as; one of before an update that is none any more says so when it is its turn."""
    return KINDS.get(name, NO_KIND)


# Beginning ----------------------------------------------------------------------------------------


@transaction.atomic
def begin(kind, *, subject, title, items, by, for_hr=True, at_once=False, file=None, **options):
    """Have the job done and return it: finished if it is small (or ``at_once``), else as a row that the worker takes.

    ``file`` is one that it works on. While one of this kind is unfinished for the same subject, that one is returned and
    nothing else begins. What a small one refuses is raised, and nothing of it is done.
    """
    unfinished = Job.objects.unfinished().of(kind, subject)
    if found := unfinished.first():
        found.was_there = True
        return found
    job = unsaved(kind, subject=subject, title=title, items=items, by=by, for_hr=for_hr, **options)
    job.content = file
    if at_once or kind.is_small(items):
        return _done_at_once(kind, job)
    try:
        with transaction.atomic():
            job.save()
    except IntegrityError:  # somebody was faster by a moment
        found = unfinished.get()
        found.was_there = True
        return found
    enqueue_once(work)
    return job


def unsaved(kind, *, subject, title, items, by, for_hr=True, **options):
    return Job(
        kind=kind.name,
        subject=str(subject),
        title=title[:200],
        items=items,
        total=len(items),
        asked_by=by,
        for_hr=for_hr,
        options=options,
    )


def _done_at_once(kind, job):
    """All of it in the caller's transaction, without a row."""
    while job.is_going:
        advance(kind, job)
    return job


def answer(request, job, *, otherwise=None):
    """Where whoever has begun ``job`` is led: to its page, or with its result to what it is about (or ``otherwise``)."""
    if job.pk:
        if job.was_there:
            messages.info(request, GOES_ALREADY)
        return redirect(job)
    getattr(messages, job.level)(request, " ".join([job.sentence, *job.lines]))
    return redirect(otherwise or kind_of(job.kind).leads_to(job))


def handed_out(request, kind, *, title, items, **about):
    """The file that a job of this kind makes: at once if it is small; else a page that asks whether to have it made.

    So a GET writes nothing. What a small one refuses is raised.
    """
    about |= {"title": title, "items": items, "by": request.user}
    if kind.is_small(items):
        job = unsaved(kind, **about)
        keep_file(job, items, kind.make(job, items))
        note_taken(job, request.user)
        return file_response(job)
    if request.method == "GET":
        return render(request, "jobs/ask.html", {"title": title, "number": len(items)})
    return answer(request, begin(kind, **about))


def note_taken(job, user):
    """Note whose data ``user`` takes along with the file that this job has made: when it is there, for whoever asked for it."""
    kind = kind_of(job.kind)
    if user and kind.tells_of:
        what, people, round_id = kind.tells_of(job)
        accesses.note(user, what, Access.How.TAKEN, people, role=kind.taken_as, round_id=round_id)


def file_response(job):
    """What it made, to be kept in no cache."""
    if hands_out := kind_of(job.kind).hands_out:
        return hands_out(job)
    headers = {
        "Content-Disposition": content_disposition_header(not job.file_name.endswith(".pdf"), job.file_name),
        "Cache-Control": "no-store",
    }
    return HttpResponse(bytes(job.content), content_type=guess_type(job.file_name)[0], headers=headers)


def keep_file(job, items, made):
    """The batch of a kind whose ``make`` makes a file, all of it in one go: (its name, its bytes)."""
    job.file_name, job.content = made


def say_that_it_is_there(job):
    job.sentence = "Die Datei ist fertig."


# One batch ----------------------------------------------------------------------------------------


def next_items(kind, job):
    return job.items[job.done : job.done + kind.size]


def advance(kind, job, made=None):
    """Do the next batch, or the end; in the caller's transaction, and without saving ``job``."""
    if job.takes_back:
        if kind.undo(job):
            job.end(Job.State.GIVEN_UP)
            job.sentence = TAKEN_BACK
    elif job.done < job.total:
        items = next_items(kind, job)
        kind.batch(job, items, *([made] if kind.make else []))
        job.done += len(items)
    else:
        kind.finish(job)
        note_taken(job, job.asked_by)
        job.end(Job.State.DONE)
    job.moved_at, job.tries = timezone.now(), 0
    job.in_hand_until = job.moved_at + kind.in_hand


def step(pk):
    """Do the next batch of this job, if it goes on; what keeps it from going on, it says itself from then on."""
    try:
        _step(pk)
    except Job.DoesNotExist:
        raise  # somebody has stopped it
    except Refused as reason:
        fail(pk, str(reason))
    except Exception as error:  # whatever is the matter with it, the others go on
        if outage_of(error):  # not the job's fault
            raise
        logger.exception("Job %s failed", pk)
        fail(pk, UNKNOWN)


def _step(pk):
    read = Job.objects.going().get(pk=pk)
    kind = kind_of(read.kind)
    refuse_former(kind, read)
    is_batch = read.done < read.total and not read.takes_back
    made = kind.make(read, next_items(kind, read)) if kind.make and is_batch else None
    with transaction.atomic():
        # Two workers, or somebody who stops it: whoever comes second finds it elsewhere and does nothing.
        found = Job.objects.going().filter(done=read.done, takes_back=read.takes_back).select_for_update()
        job = found.defer(*LARGE).get(pk=pk)
        job.items, job.content = read.items, read.content
        advance(kind, job, made)
        is_as_large = job.items is read.items and job.content is read.content
        job.save(update_fields=SMALL if is_as_large else None)


def refuse_former(kind, job):
    """Raise Refused where it would go on to write in the name of somebody who is not of HR any more."""
    by = job.asked_by
    if kind.is_signed and job.for_hr and by is not None and not (by.is_hr and by.is_employed):
        raise Refused(FORMER.format(by))


def fail(pk, problem):
    Job.objects.going().filter(pk=pk).update(state=Job.State.FAILED, problem=problem)


# The worker ---------------------------------------------------------------------------------------


@task(priority=AFTER_LETTERS)
def work():
    """Take turns at the jobs that go on, for a while; as long as there are any, another run waits, however this one ends."""
    if not Job.objects.going().exists():
        return
    enqueue_once(work, after=AGAIN)
    until, mine = time.monotonic() + A_RUN.total_seconds(), set()
    while time.monotonic() < until and (pk := next_job(mine)):
        began = time.monotonic()
        if pk not in mine and not take(pk):
            continue
        mine.add(pk)
        try_step(pk)
        time.sleep(max(BREATH, time.monotonic() - began))
    if Job.objects.going().filter(pk__in=mine).update(in_hand_until=None):
        enqueue_once(work)


def next_job(mine):
    """The id of the job that has waited longest for its turn; those that another worker has in hand are left to it."""
    return (
        Job.objects.going()
        .filter(Q(pk__in=mine) | free())
        .order_by(F("moved_at").asc(nulls_first=True))
        .values_list("pk", flat=True)
        .first()
    )


def free():
    return Q(in_hand_until=None) | Q(in_hand_until__lt=timezone.now())


def take(pk):
    """Whether this run has it from now on; a job that has ended so many runs before a batch was done is not tried for ever."""
    found = Job.objects.going().filter(free(), pk=pk)
    if found.filter(tries__gte=MOST_TRIES).update(state=Job.State.FAILED, problem=DEADLY):
        logger.error("Job %s has ended %s runs without a batch", pk, MOST_TRIES)
        return False
    kind = found.values_list("kind", flat=True).first()
    return kind and found.update(tries=F("tries") + 1, in_hand_until=timezone.now() + kind_of(kind).in_hand)


def try_step(pk):
    """The next batch; an outage is no fault of the job, and whoever comes next may take it at once, as far as that can be noted."""
    try:
        step(pk)
    except Job.DoesNotExist:  # stopped, or moved on by another worker
        pass
    except Exception:
        with suppress(DatabaseError):
            Job.objects.filter(pk=pk).update(tries=0, in_hand_until=None)
        raise


@hooks.register("worker_begins")
def work_on():
    """Whatever has become of their runs, jobs that go on are worked on."""
    if Job.objects.going().exists():
        enqueue_once(work)


@hooks.register("every_day")
def see_to_jobs(today):
    work_on()
