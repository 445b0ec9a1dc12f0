"""Tasks whose worker was killed are taken up again, once each, by however many look after them."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, DBTaskResultQuerySet

from kompetenz.jobs import tidying
from kompetenz.jobs.queue import enqueue_once
from kompetenz.jobs.recovery import MOST_WORKERS, recover_stuck_tasks
from tests.clock import TODAY
from tests.kompetenz.jobs.test_queue import done, note


@pytest.fixture(autouse=True)
def _nothing_done():
    done.clear()


def left_running(minutes, *, workers=1):
    """A task that a worker took up so many minutes ago and has not finished."""
    enqueue_once(note)
    result = DBTaskResult.objects.get(status="READY")
    result.worker_ids = [f"worker {n}" for n in range(workers - 1)]
    result.claim("the last")
    DBTaskResult.objects.filter(pk=result.pk).update(started_at=timezone.now() - timedelta(minutes=minutes))
    return result


def test_a_task_left_running_for_longer_than_the_lease_is_done_by_the_next_worker(db, run_jobs):
    left_running(16)

    recovered = recover_stuck_tasks()
    run_jobs()

    assert (recovered, done) == (1, ["ja"])
    assert DBTaskResult.objects.get().worker_ids == ["the last", "a-worker"]


def test_a_task_within_its_lease_is_left_to_its_worker(db, run_jobs):
    left_running(14)

    recovered = recover_stuck_tasks()
    run_jobs()

    assert (recovered, done) == (0, [])


def test_finished_tasks_are_not_done_again(db, run_jobs):
    enqueue_once(note)
    run_jobs()
    DBTaskResult.objects.update(started_at=timezone.now() - timedelta(days=1))

    assert (recover_stuck_tasks(), done) == (0, ["ja"])


def test_the_lease_can_be_said(db):
    left_running(3)

    assert [recover_stuck_tasks(timedelta(minutes=minutes)) for minutes in (5, 2)] == [0, 1]


@pytest.fixture
def meanwhile(monkeypatch):
    """``meanwhile(function)`` happens after the recovery has found the stuck tasks and before it changes any."""

    def at_that_moment(function):
        def only(self, *fields):
            found = list(self)
            monkeypatch.undo()
            function()
            return found

        monkeypatch.setattr(DBTaskResultQuerySet, "only", only)

    return at_that_moment


def test_a_worker_that_finishes_after_all_while_its_task_is_recovered_is_believed(db, meanwhile):
    result = left_running(16)
    meanwhile(lambda: result.set_successful(None))

    assert recover_stuck_tasks() == 0
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


def test_of_two_that_recover_at_once_one_does(db, meanwhile):
    left_running(16)
    others = []
    meanwhile(lambda: others.append(recover_stuck_tasks()))

    assert (recover_stuck_tasks(), others) == (0, [1])


def test_a_task_that_kills_every_worker_is_given_up(db, caplog):
    left_running(16, workers=MOST_WORKERS)

    assert recover_stuck_tasks() == 0
    assert (DBTaskResult.objects.get().status, DBTaskResult.objects.get().traceback) == (
        "FAILED",
        "5 workers have died with this task.",
    )


@pytest.mark.parametrize("running", [0, 30])
def test_looking_costs_one_query_while_nothing_is_stuck(db, running, django_assert_num_queries):
    for _ in range(running):
        left_running(3)

    with django_assert_num_queries(1):
        recover_stuck_tasks()


def test_the_day_tells_how_many_were_taken_up(db):
    left_running(16)
    left_running(17)
    today = TODAY

    sentences = [tidying.take_up_what_was_broken_off(today) for _ in range(2)]

    assert sentences == ["Abgebrochene Aufgaben wieder eingereiht: 2.", None]
