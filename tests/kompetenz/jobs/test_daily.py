"""What is done every day: each entry for itself, again and again without harm."""

from contextlib import ExitStack
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from kompetenz import hooks, pieces
from kompetenz.jobs import tidying
from kompetenz.jobs.daily import Done, run_all
from kompetenz.jobs.queue import enqueue_once
from kompetenz.people.models import Unit
from tests.clock import TODAY
from tests.kompetenz.jobs.test_queue import note


def greet(today):
    return f"Guten Tag am {today:%d.%m.}"


def be_silent(today):
    return None


def leave_half_done(today):
    Unit.objects.create(number="99", name="halb")
    raise RuntimeError("mittendrin")


@pytest.fixture
def entries():
    """``entries(function, ...)`` are all there is to do."""
    with ExitStack() as until_the_end:
        yield lambda *functions: until_the_end.enter_context(hooks.only("every_day", *functions))


def test_a_failing_entry_leaves_nothing_behind_and_stops_no_other(db, entries, caplog):
    entries(leave_half_done, be_silent, greet)
    here = __name__

    results = run_all(TODAY.replace(month=3, day=1))

    assert results == [
        Done(f"{here}.leave_half_done", failed=True),
        Done(f"{here}.be_silent"),
        Done(f"{here}.greet", "Guten Tag am 01.03."),
    ]
    assert not Unit.objects.filter(number="99").exists()
    assert "mittendrin" in caplog.text


def test_the_command_says_what_was_done_and_nothing_of_what_was_not(db, entries, capsys):
    entries(be_silent, greet)

    call_command("daily")

    assert capsys.readouterr().out == f"Guten Tag am {TODAY:%d.%m.}\n"


def test_the_command_names_what_failed_and_ends_with_1(db, entries, capsys, caplog):
    entries(leave_half_done, greet)

    with pytest.raises(CommandError) as failure:
        call_command("daily")

    assert failure.value.returncode == 1
    assert "leave_half_done" in str(failure.value)
    assert capsys.readouterr().out.startswith("Guten Tag")


def test_an_entry_is_registered_by_naming_it(entries):
    entries()

    assert hooks.register("every_day")(greet) is greet
    assert hooks.answers("every_day") == [greet]


def finished(days, status="SUCCESSFUL"):
    enqueue_once(note)
    DBTaskResult.objects.filter(status="READY").update(
        status=status, finished_at=timezone.now() - timedelta(days=days, minutes=1)
    )


def test_finished_tasks_are_kept_for_two_weeks_and_others_for_good(db):
    finished(14)
    finished(14, "FAILED")
    finished(13)
    enqueue_once(note)
    DBTaskResult.objects.filter(status="READY").update(enqueued_at=timezone.now() - timedelta(days=90))
    today = TODAY

    sentences = [tidying.delete_finished_tasks(today) for _ in range(2)]

    assert sentences == ["Erledigte Aufgaben gelöscht: 2.", None]
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["READY", "SUCCESSFUL"]


def test_expired_sessions_go_and_others_stay(db):
    now = timezone.now()
    for key, expires in (("alt", now - timedelta(days=1)), ("neu", now + timedelta(hours=1))):
        Session.objects.create(session_key=key, session_data="", expire_date=expires)

    tidying.delete_expired_sessions(TODAY)

    assert list(Session.objects.values_list("session_key", flat=True)) == ["neu"]


def test_the_whole_day_of_the_installed_apps_can_be_done_twice(cast, capsys):
    call_command("daily")
    first = capsys.readouterr().out
    call_command("daily")

    assert len(hooks.answers("every_day")) > 3
    assert first.startswith("Neue Fassungen von Unterlagen: ")  # there is nothing else to do
    assert (first.count("\n"), capsys.readouterr().out) == (1, "")


def test_what_is_much_is_deleted_in_pieces_that_let_others_write(transactional_db, monkeypatch, entries):
    """Somebody who saves at any moment waits for a piece, and not for all of it."""
    monkeypatch.setattr(pieces, "PIECE", 2)
    gone = timezone.now() - timedelta(days=1)
    Session.objects.bulk_create(Session(session_key=f"key-{number}", expire_date=gone) for number in range(5))
    left_at_the_end_of_each = []
    breathe = lambda _: left_at_the_end_of_each.append((Session.objects.count(), connection.in_atomic_block))  # noqa: E731
    monkeypatch.setattr(pieces.time, "sleep", breathe)
    entries(tidying.delete_expired_sessions)

    (done,) = run_all(TODAY)

    assert not done.failed
    assert left_at_the_end_of_each == [(3, False), (1, False), (0, False)]
