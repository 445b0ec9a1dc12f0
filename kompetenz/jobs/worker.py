"""The worker of `manage.py db_worker`: that of django-tasks-db, which here outlives a database that is away and a disk that is full."""

import logging
import time
from datetime import timedelta

from django.conf import settings
from django.db import connections
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from kompetenz import hooks
from kompetenz.outages import outage_of

from .queue import enqueue_once, task
from .recovery import recover_stuck_tasks

LONGEST_PAUSE = 30  # seconds
OTHERS_FIRST = timedelta(seconds=10)  # so much later a task is due that an outage has kept from being done

logger = logging.getLogger(__name__)


class Worker(db_worker.Worker):
    """An outage (kompetenz/outages.py) is not the fault of the task in hand: a line in the log, a pause, and it waits again."""

    in_hand = None
    has_begun = False

    def run(self):
        while self.running:
            try:
                self.begin()
                super().run()
                break  # told to end, or there is no more to do
            except Exception as error:
                outage = outage_of(error)
                if outage is None or self.batch:
                    raise
                logger.warning("The worker pauses: %s", str(error).partition("\n")[0])
                connections.close_all()
                time.sleep(min(outage.seconds, LONGEST_PAUSE))

    def begin(self):
        """Let wait again what this worker had in hand, and, once, take up what one before it may have left."""
        if self.in_hand:
            put_back(self.in_hand)
            self.in_hand = None
        if not self.has_begun:
            take_up()
            self.has_begun = True

    def run_task(self, db_task_result):
        settle = db_task_result.set_failed

        def set_failed(error):
            if outage_of(error):
                raise error
            if isinstance(error, Exception):
                settle(error)
            else:  # told twice to end
                put_back(db_task_result)

        self.in_hand, db_task_result.set_failed = db_task_result, set_failed
        super().run_task(db_task_result)
        self.in_hand = None


def put_back(result):
    """Let a task wait again as if this worker had not taken it, behind what else is due."""
    DBTaskResult.objects.running().filter(pk=result.pk, started_at=result.started_at).update(
        status=TaskResultStatus.READY,
        started_at=None,
        worker_ids=result.worker_ids[:-1],
        run_after=timezone.now() + OTHERS_FIRST,
    )


def take_up():
    """What a worker that has died had in hand is enqueued again, or put back once it has lost its lease."""
    hooks.ask("worker_begins")
    recover_stuck_tasks()
    if DBTaskResult.objects.running().exists():
        enqueue_once(recover, after=settings.TASK_LEASE)


@task()
def recover():
    recover_stuck_tasks()
