"""Work that a worker (`manage.py db_worker`) does later; it waits as a row in the database.

Whatever runs as a task may run twice, for a worker can die with it half done: tasks are idempotent.
`task` comes from here, for it moves into Django with 6.0.
"""

from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult, get_date_max

__all__ = ["enqueue_once", "last_run", "next_run", "stand_in", "stands_still", "task"]

PATIENCE = timedelta(minutes=10)


@transaction.atomic
def enqueue_once(what, *, after=timedelta(0), at=None, **arguments):
    """Have the task ``what`` run, now, ``after`` a while or ``at`` a time to come, unless a run that begins no later waits already.

    The run belongs to the caller's transaction: it exists once that is committed, and never without it. The run that
    waits already is locked until then, so that it cannot begin before what the caller has written is there to see.
    """
    begins = at or timezone.now() + after
    if _waiting(what).filter(Q(run_after=get_date_max()) | Q(run_after__lte=begins)).get_locked() is None:
        what.using(run_after=begins if at or after else None).enqueue(**arguments)


@contextmanager
def stand_in(what, **arguments):
    """Should the worker die inside, the task runs again after a lease; without that, as if nothing had been.

    Whoever enqueues a next run of the same task does so after this block, or takes the stand-in for it.
    """
    again = what.using(run_after=timezone.now() + settings.TASK_LEASE).enqueue(**arguments)
    try:
        yield
    finally:
        DBTaskResult.objects.filter(pk=again.id, status=TaskResultStatus.READY).delete()


def next_run(what):
    """When the task is to run again: a time to come, or None."""
    coming = _waiting(what).filter(run_after__gt=timezone.now()).exclude(run_after=get_date_max())
    return coming.order_by("run_after").values_list("run_after", flat=True).first()


def last_run(what):
    """On which day the task has last run to its end, as far back as finished tasks are kept; or None."""
    done = DBTaskResult.objects.filter(status=TaskResultStatus.SUCCESSFUL, task_path=what.module_path)
    at = done.order_by("-finished_at").values_list("finished_at", flat=True).first()
    return at and timezone.localdate(at)


def stands_still():
    """Whether work is due for longer than ten minutes and no worker has begun any in this time."""
    since = timezone.now() - PATIENCE
    due = Q(run_after=get_date_max(), enqueued_at__lt=since) | Q(run_after__lt=since)
    overdue = DBTaskResult.objects.filter(due, status=TaskResultStatus.READY)
    return overdue.exists() and not DBTaskResult.objects.filter(started_at__gte=since).exists()


def _waiting(what):
    return DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path=what.module_path)
