"""A job that goes no further, or goes on after all: what whoever watches it may do, and what becomes of it when it has ended."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from kompetenz import hooks
from kompetenz.outages import outage_of

from .batches import kind_of, work
from .models import Job
from .queue import enqueue_once

KEPT = timedelta(days=settings.RETENTION_DAYS["jobs"])
GIVEN_UP = "Abgebrochen. Was bis dahin getan ist, bleibt."

logger = logging.getLogger(__name__)


def stop(job):
    """Let it go no further than the batch that is being done."""
    Job.objects.going().filter(pk=job.pk).update(state=Job.State.STOPPED)


@transaction.atomic
def go_on(job, by=None):
    """Let a job that was stopped or has failed go on where it was; one that ``is_signed`` is from then on ``by``'s."""
    again = {"state": Job.State.GOING, "problem": "", "tries": 0, "in_hand_until": None}
    if by is not None and kind_of(job.kind).is_signed:
        again["asked_by"] = by
    if Job.objects.unfinished().filter(pk=job.pk).update(**again):
        enqueue_once(work)


@transaction.atomic
def give_up(job):
    """End it as it is; a kind that can take back what it did does so, in batches, too."""
    found = Job.objects.unfinished().select_for_update().filter(pk=job.pk).first()
    if found is None:
        return
    kind = kind_of(found.kind)
    if kind.undo:
        found.state, found.takes_back, found.problem = Job.State.GOING, True, ""
        found.tries, found.in_hand_until = 0, None
        enqueue_once(work)
    else:
        note_given_up(kind, found)
        found.end(Job.State.GIVEN_UP)
        found.parts.all().delete()
        found.sentence = GIVEN_UP
    found.save()


def note_given_up(kind, job):
    """What is to be noted; a job of before an update, of which that cannot be said any more, ends all the same."""
    if kind.given_up is None:
        return
    try:
        with transaction.atomic():
            kind.given_up(job)
    except Exception as error:
        if outage_of(error):
            raise
        logger.exception("What job %s has done is not noted", job.pk)


def is_silent(job):
    """Whether it goes on but has not come further for a minute: perhaps no worker is there."""
    return job.is_going and timezone.now() - (job.moved_at or job.asked_at) > timedelta(minutes=1)


@hooks.register("every_day")
def delete_old_jobs(today):
    """After a week nobody asks any more what came of a job, and what it made or worked on is not kept here."""
    before = timezone.now() - KEPT
    for job in Job.objects.standing_still_with_a_file(before):
        give_up(job)
    deleted, _ = Job.objects.exclude(state__in=Job.UNFINISHED).filter(finished_at__lt=before).delete()
    return f"Beendete Aufträge gelöscht: {deleted}." if deleted else None
