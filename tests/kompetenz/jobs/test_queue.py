"""Work for later: enqueued with the transaction that asks for it, once, and done by a worker."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from kompetenz.jobs.queue import enqueue_once, next_run, stand_in, stands_still, task

done = []


@task()
def note(word="ja"):
    done.append(word)


@task()
def other():
    done.append("anderes")


@pytest.fixture(autouse=True)
def _nothing_done():
    done.clear()


def waiting():
    return DBTaskResult.objects.filter(status="READY").count()


@pytest.mark.django_db(transaction=True)
def test_a_worker_does_what_was_enqueued_once_it_is_committed(run_jobs):
    with transaction.atomic():
        enqueue_once(note, word="gleich")
        before = list(done)
    run_jobs()

    assert (before, done) == ([], ["gleich"])


@pytest.mark.django_db(transaction=True)
def test_work_asked_for_by_a_transaction_that_fails_is_never_done(run_jobs):
    with transaction.atomic():
        enqueue_once(note)
        transaction.set_rollback(True)
    run_jobs()

    assert done == []


def test_a_task_that_waits_already_is_not_enqueued_again(db, run_jobs):
    enqueue_once(note)
    enqueue_once(note, word="noch eins")
    enqueue_once(note, after=timedelta(minutes=5))
    enqueue_once(other)
    run_jobs()

    assert (sorted(done), waiting()) == (["anderes", "ja"], 0)


def test_a_run_to_come_does_not_keep_one_from_running_now(db, run_jobs):
    enqueue_once(note, after=timedelta(minutes=5), word="später")
    enqueue_once(note, word="jetzt")
    enqueue_once(note, after=timedelta(minutes=15), word="nie")
    run_jobs()

    assert (done, waiting()) == (["jetzt"], 1)


def test_the_next_run_is_told(db):
    before = next_run(note)
    enqueue_once(note)
    at_once = next_run(note)
    enqueue_once(other, after=timedelta(minutes=5))
    DBTaskResult.objects.all().delete()
    enqueue_once(note, after=timedelta(minutes=5))

    assert (before, at_once) == (None, None)
    assert abs(next_run(note) - timezone.now() - timedelta(minutes=5)) < timedelta(seconds=10)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="there the transaction that writes keeps everybody waiting")
@pytest.mark.django_db(transaction=True)
def test_a_run_that_waits_does_not_begin_before_the_transaction_that_counts_on_it_ends(other_connection):
    enqueue_once(note)

    with transaction.atomic():
        enqueue_once(note)
        taken_meanwhile = other_connection(lambda: DBTaskResult.objects.ready().get_locked())
    taken_after = other_connection(lambda: DBTaskResult.objects.ready().get_locked())

    assert (taken_meanwhile, taken_after) == (None, DBTaskResult.objects.get())


@pytest.mark.parametrize("ends_with", [None, RuntimeError, SystemExit])
def test_a_stand_in_is_there_while_something_is_done_and_gone_when_it_ends_however(db, ends_with):
    with suppress(RuntimeError, SystemExit), stand_in(note, word="für den anderen"):
        during = next_run(note), DBTaskResult.objects.get().args_kwargs["kwargs"]
        if ends_with:
            raise ends_with

    assert abs(during[0] - timezone.now() - timedelta(minutes=15)) < timedelta(seconds=10)
    assert (during[1], waiting()) == ({"word": "für den anderen"}, 0)


def test_a_stand_in_that_has_begun_is_left_to_its_worker(db):
    with stand_in(note):
        DBTaskResult.objects.get().claim("another worker")

    assert DBTaskResult.objects.get().status == "RUNNING"


@pytest.mark.parametrize(
    ("due", "begun", "still"),
    [
        (None, None, False),  # nothing to do
        (timedelta(minutes=-11), None, True),
        (timedelta(minutes=-9), None, False),
        (timedelta(minutes=5), None, False),
        (timedelta(minutes=-11), timedelta(minutes=-3), False),  # there is much to do
        (timedelta(minutes=-11), timedelta(minutes=-20), True),
    ],
)
def test_it_is_seen_that_nobody_works(db, due, begun, still):
    now = timezone.now()
    if due:
        enqueue_once(note)
        DBTaskResult.objects.update(run_after=now + due)
    if begun:
        enqueue_once(other)
        DBTaskResult.objects.filter(task_path__endswith=".other").update(status="SUCCESSFUL", started_at=now + begun)

    assert stands_still() == still


def test_work_due_at_once_is_overdue_from_when_it_was_enqueued(db):
    enqueue_once(note)
    fresh = stands_still()
    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(minutes=11))

    assert (DBTaskResult.objects.get().run_after, fresh, stands_still()) == (get_date_max(), False, True)
