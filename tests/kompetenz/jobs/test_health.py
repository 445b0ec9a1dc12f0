"""What `manage.py health` says to whoever watches over the server."""

import contextlib
from collections import namedtuple
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from kompetenz.jobs import health
from kompetenz.jobs.queue import enqueue_once
from kompetenz.letters.models import Letter
from kompetenz.privacy.retention import carrying_out
from kompetenz.privacy.retention.carrying_out import look
from tests.clock import NOW, in_days
from tests.kompetenz.jobs.test_queue import note

LATE = "manage.py daily ist seit über zwei Tagen nicht gelaufen, oder der Hintergrund hat danach nichts getan."


@pytest.fixture
def looked(db, run_jobs):
    """Retention was looked after today."""
    look.enqueue()
    run_jobs()


def said(capsys):
    with contextlib.suppress(SystemExit):
        call_command("health")
    return capsys.readouterr().out.strip().splitlines()


@pytest.mark.usefixtures("looked")
def test_all_is_well(capsys):
    assert said(capsys) == ["In Ordnung."]


def test_daily_tasks_that_are_not_done_are_said(db, capsys, monkeypatch):
    monkeypatch.setattr(carrying_out, "installed_on", lambda: None)
    with pytest.raises(SystemExit) as end:
        call_command("health")

    assert end.value.code == 2
    assert capsys.readouterr().out.splitlines() == [LATE]


@pytest.mark.parametrize(("days", "end"), [(0, None), (2, None), (3, 2)])
def test_a_new_installation_in_which_daily_has_not_run_is_in_order_and_says_so(db, capsys, monkeypatch, days, end):
    monkeypatch.setattr(carrying_out, "installed_on", lambda: in_days(-days))
    ended = None
    try:
        call_command("health")
    except SystemExit as code:
        ended = code.code

    new = [
        "In Ordnung.",
        "Die täglichen Aufgaben (manage.py daily) sind noch nie gelaufen. Das ist erst nach zwei Tagen ein Fehler.",
    ]
    assert (ended, capsys.readouterr().out.splitlines()) == (end, [LATE] if end else new)


def test_an_installation_is_as_old_as_its_first_tables(db):
    recorder = health.MigrationRecorder(connection)
    if not recorder.has_table():
        assert health.installed_on() is None
        table = "CREATE TABLE django_migrations (id integer PRIMARY KEY, app text, name text, applied timestamp with time zone)"
        connection.cursor().execute(table)
    recorder.migration_qs.all().delete()
    for days in (3, 9):
        recorder.migration_qs.create(pk=days, app="people", name=f"{days}", applied=NOW - timedelta(days=days))

    assert health.installed_on() == in_days(-9)


@pytest.mark.usefixtures("looked")
def test_a_worker_that_is_not_there_is_said(capsys):
    enqueue_once(note)
    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(hours=1), started_at=None)

    assert said(capsys) == ["Im Hintergrund arbeitet seit über zehn Minuten nichts: Läuft manage.py db_worker?"]


@pytest.mark.usefixtures("looked")
def test_mails_that_do_not_go_are_counted_and_nobody_is_named(cast, capsys):
    Letter.objects.create(person=cast.anna, kind="x", key="x", path="/", problem=f"{cast.anna.email}: no")

    assert said(capsys) == ["E-Mails, die der Mailserver nicht annimmt: 1. Sie werden weiter versucht."]


def test_tables_of_another_version_are_said(db, capsys, monkeypatch):
    """Nothing else is looked for in them."""
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda *_: ["results.0003"])

    assert said(capsys) == ["Die Tabellen sind nicht die dieser Fassung: manage.py migrate."]


def test_a_database_that_is_away_is_said(capsys, monkeypatch):
    def away():
        raise OperationalError("connection refused\nsecond line")

    monkeypatch.setattr(health, "is_migrated", away)

    assert said(capsys) == ["Die Datenbank ist nicht zu erreichen: connection refused"]


@pytest.mark.usefixtures("looked")
def test_a_disk_that_is_nearly_full_is_said(capsys, monkeypatch):
    usage = namedtuple("usage", "free")  # noqa: PYI024 - as shutil's
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _: usage(20_500_000))

    assert {line.partition(" sind ")[2] for line in said(capsys)} == {"nur noch 20 MB frei."}
