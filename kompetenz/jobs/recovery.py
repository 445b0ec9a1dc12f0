"""Tasks whose worker has died: django-tasks-db would call them running for ever."""

import logging

from django.conf import settings
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

logger = logging.getLogger(__name__)

MOST_WORKERS = 5  # a task that has outlived so many is itself what kills them


def recover_stuck_tasks(older_than=None):
    """Put tasks back that have run for longer than a lease, for another worker to take; returns how many.

    One query as long as there are none. Each is changed only if it is still as it was found, so two that recover at
    once, or a worker that finishes at this moment after all, do no harm.
    """
    begun_before = timezone.now() - (older_than or settings.TASK_LEASE)
    stuck = DBTaskResult.objects.running().filter(started_at__lt=begun_before)
    return sum(_put_back(result) for result in stuck.only("started_at", "worker_ids", "task_path"))


def _put_back(result):
    hopeless = len(result.worker_ids) >= MOST_WORKERS
    change = {"status": TaskResultStatus.READY, "started_at": None}
    if hopeless:
        change = {
            "status": TaskResultStatus.FAILED,
            "finished_at": timezone.now(),
            "traceback": f"{MOST_WORKERS} workers have died with this task.",
        }
    as_found = DBTaskResult.objects.running().filter(pk=result.pk, started_at=result.started_at)
    changed = as_found.update(**change)
    if changed:
        logger.warning("Task id=%s path=%s lost its worker, now %s", result.pk, result.task_path, change["status"])
    return 0 if hopeless else changed
