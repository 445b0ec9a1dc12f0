"""A worker outlives a database that is away and a disk that is full, and what it had in hand waits again."""

import logging
from datetime import timedelta
from types import SimpleNamespace

import psycopg
import pytest
from django.core.management import get_commands
from django.db import OperationalError
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, DBTaskResultQuerySet

from kompetenz.jobs import batches, worker
from kompetenz.jobs.models import Job
from kompetenz.jobs.queue import enqueue_once, task
from kompetenz.jobs.worker import Worker
from tests.kompetenz.jobs.test_batches import FOUNDING, numbers

done = []
in_the_way = []  # what happens to whoever does it next


@task()
def do_it():
    if in_the_way:
        raise in_the_way.pop()
    done.append("ja")


@pytest.fixture(autouse=True)
def _nothing_yet(monkeypatch, clock):
    """Nobody waits: while a worker sleeps the clock moves on."""
    done.clear()
    in_the_way.clear()
    monkeypatch.setattr(worker, "connections", SimpleNamespace(close_all=lambda: None))
    monkeypatch.setattr(worker.db_worker, "close_old_connections", lambda: None)


@pytest.fixture
def pauses(monkeypatch, clock):
    """The seconds that a worker has slept for; where it would look for work a third time in vain, it ends."""
    slept = []

    def sleep(seconds):
        slept.append(seconds)
        clock.shift(timedelta(seconds=seconds))
        if slept[-20:] == [1] * 20:  # its interval
            raise SystemExit

    monkeypatch.setattr(worker.time, "sleep", sleep)
    return slept


def run(**options):
    one = Worker(
        queue_names=["default"], interval=1, batch=False, backend_name="default", startup_delay=False,
        max_tasks=None, worker_id="patient", excluded_queue_names=[],
    )  # fmt: skip
    vars(one).update(options)
    with pytest.raises(SystemExit):
        one.run()


def away():
    error = OperationalError("the connection is closed\nand more")
    error.__cause__ = psycopg.OperationalError("the connection is closed")
    return error


def full():
    error = OperationalError("could not extend file")
    error.__cause__ = psycopg.errors.DiskFull("could not extend file")
    return error


def test_db_worker_is_ours():
    assert get_commands()["db_worker"] == "kompetenz.jobs"


def test_what_an_outage_has_kept_from_being_done_is_done_after_it(db, pauses, caplog):
    enqueue_once(do_it)
    in_the_way[:] = [away(), away()]
    run()

    assert done == ["ja"]
    assert DBTaskResult.objects.values_list("status", "worker_ids").get() == ("SUCCESSFUL", ["patient"])
    warned = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert [record.getMessage() for record in warned] == ["The worker pauses: the connection is closed"] * 2
    assert [record.exc_info for record in warned] == [None, None]
    assert pauses.count(30) == 2


def test_on_a_full_disk_it_says_so_once_in_half_a_minute_and_goes_on_once_there_is_room(
    db, pauses, caplog, monkeypatch
):
    enqueue_once(do_it)
    no_room = [full() for _ in range(3)]
    whole = DBTaskResultQuerySet.get_locked

    def get_locked(self):
        if no_room:
            raise no_room.pop()
        return whole(self)

    monkeypatch.setattr(DBTaskResultQuerySet, "get_locked", get_locked)
    run()

    assert (done, [seconds for seconds in pauses if seconds != 1]) == (["ja"], [30, 30, 30])
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == [
        "The worker pauses: could not extend file"
    ] * 3


def test_what_cannot_be_put_back_yet_is_put_back_later(db, pauses, monkeypatch):
    enqueue_once(do_it)
    in_the_way.append(away())
    still, whole = [away()], worker.put_back

    def put_back(result):
        if still:
            raise still.pop()
        whole(result)

    monkeypatch.setattr(worker, "put_back", put_back)
    run()

    assert (done, pauses.count(30)) == (["ja"], 2)


def test_a_mistake_stays_a_failure(db, pauses):
    enqueue_once(do_it)
    in_the_way.append(KeyError("ours"))
    run()

    assert (done, DBTaskResult.objects.get().status) == ([], "FAILED")


def test_told_twice_to_end_it_leaves_its_task_to_the_next(db, pauses):
    enqueue_once(do_it)
    in_the_way.append(SystemExit(1))
    run()  # it was only one task that ended: this worker goes on, and is the next

    assert done == ["ja"]


def test_told_to_end_while_it_pauses_it_does(db, pauses):
    enqueue_once(do_it)
    in_the_way.append(away())
    one = Worker(
        queue_names=["default"], interval=1, batch=False, backend_name="default", startup_delay=False,
        max_tasks=None, worker_id="patient", excluded_queue_names=[],
    )  # fmt: skip
    shutdown = one.shutdown
    pauses_of = worker.time.sleep

    def told(seconds):
        shutdown(15, None)
        pauses_of(seconds)

    worker.time.sleep = told
    with pytest.raises(SystemExit):
        one.run()

    assert (done, one.in_hand.status) == ([], "RUNNING")


def test_a_batch_for_a_script_ends_with_the_outage(db, pauses):
    enqueue_once(do_it)
    in_the_way.append(away())
    one = Worker(
        queue_names=["default"], interval=1, batch=True, backend_name="default", startup_delay=False,
        max_tasks=None, worker_id="patient", excluded_queue_names=[],
    )  # fmt: skip

    with pytest.raises(OperationalError):
        one.run()


def test_a_job_whose_every_run_is_lost_goes_on_with_the_next_worker(cast, settings, pauses):
    settings.JOBS_AT_ONCE = 3
    batches.begin(FOUNDING, subject="Amt", title="Einheiten", items=[1, 2, 3, 4], by=cast.paula)
    DBTaskResult.objects.get().claim("killed at once")
    run()

    assert numbers() == ["J1", "J2", "J3", "J4"]
    assert Job.objects.get().state == Job.State.DONE


def test_a_task_left_by_a_killed_worker_is_put_back_after_its_lease(db, pauses, settings):
    enqueue_once(do_it)
    DBTaskResult.objects.get().claim("killed")
    run()
    before = list(done)
    later = DBTaskResult.objects.get(status="READY")
    DBTaskResult.objects.filter(pk=later.pk).update(run_after=timezone.now())
    DBTaskResult.objects.running().update(started_at=timezone.now() - settings.TASK_LEASE - timedelta(seconds=1))
    run()

    assert (before, done) == ([], ["ja"])
