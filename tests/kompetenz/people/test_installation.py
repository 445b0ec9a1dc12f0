"""The migrations make a database, and one of another version is not taken for one of this."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing, nullcontext
from types import SimpleNamespace

import psycopg
import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.db import connection

from kompetenz.people import installation

pytestmark = pytest.mark.real_clock


def migrate(path):
    """`migrate` as an installation runs it, on the SQLite database ``path``."""
    return subprocess.run(
        [sys.executable, "manage.py", "migrate", "--noinput"],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "DATABASE_URL": f"sqlite:///{path}", "READ_DOT_ENV": "0", "DEBUG": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    """A database of SQLite in which every migration has run; other tests get their tables from the models."""
    path = tmp_path_factory.mktemp("migrated") / "new.sqlite3"
    made = migrate(path)
    assert made.returncode == 0, made.stderr
    return path


@pytest.fixture
def database(migrated, tmp_path):
    return shutil.copy(migrated, tmp_path / "copy.sqlite3")


def record_applied(database, app, name):
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, '2026-01-01')", [app, name]
        )
        connection.commit()


@pytest.mark.thorough
def test_migrate_refuses_a_database_of_another_version_and_says_what_to_do(database):
    record_applied(database, "assessments", "0006_of_former_manager")

    refusal = migrate(database)

    assert refusal.returncode != 0
    assert "Hier fehlt assessments.0006_of_former_manager." in refusal.stderr
    assert "rm var/kompetenzrad.sqlite3*" in refusal.stderr


@pytest.mark.thorough
def test_migrations_of_packages_are_their_own_concern(database):
    record_applied(database, "ein_altes_paket", "0001_initial")

    again = migrate(database)

    assert again.returncode == 0, again.stderr
    assert "No migrations to apply." in again.stdout


@pytest.fixture
def an_empty_one(tmp_path):
    """The address of an empty database of the kind that the tests have."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'before.sqlite3'}"
        return
    wanted, name = connection.get_connection_params(), f"rows_of_before_{os.getpid()}"
    known = {one: wanted[one] for one in {"user", "password", "host", "port"} & set(wanted)}
    with psycopg.connect(dbname="postgres", autocommit=True, **known) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        yield address_of(name, known)
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def address_of(name, known):
    secret = f":{known['password']}" if known.get("password") else ""
    return f"postgres://{known['user']}{secret}@{known['host']}:{known.get('port', 5432)}/{name}"


@pytest.mark.thorough
def test_rows_of_the_first_version_become_what_this_one_says_of_them(an_empty_one):
    """Migrations that rewrite rows run with rows: on PostgreSQL one that also changes the table would fail with them alone."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.rows_of_before"],
        cwd=settings.BASE_DIR,
        env={
            "PATH": os.environ["PATH"],
            "DATABASE_URL": an_empty_one,
            "READ_DOT_ENV": "0",
            "DEBUG": "1",
            "DJANGO_SETTINGS_MODULE": "kompetenz.settings",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    open_, released, typed_in, recorded, answered = 0, 3, 2, 2, 3
    line = {"subject": "Kurs", "before": "Mai", "after": "Juni"}

    assert {name: one["tasks"] for name, one in told.items()} == {
        "answered": "Lotsen\nHelfen",
        "recorded": "Lotsen\nHelfen",
        "typed_in": "Lotsen\nHelfen",
        "ended": "",
    }
    assert {name: one["states"] for name, one in told.items()} == {
        "answered": [released, released, answered],  # also where the manager has acknowledged what they wrote themself
        "recorded": [released, released, recorded],
        "typed_in": [typed_in, open_, open_],
        "ended": [released, released, answered],
    }
    assert {name for name, one in told.items() if not one["released"]} == {"typed_in"}
    assert told["recorded"]["key"] == "oneill, recorded"
    assert (told["answered"]["measure"], told["ended"]["measure"]) == (
        ["Seminar", "proposed"],
        ["Seminar", "cancelled"],
    )
    assert told["answered"]["change"] == [[line], "person", "2026-09-01"]


@pytest.mark.parametrize(
    ("vendor", "said", "warned"),
    [
        ("postgresql", ("on", "on"), []),
        ("postgresql", ("off", "on"), ["kompetenz.W004"]),
        ("postgresql", ("on", "off"), ["kompetenz.W004"]),
        ("sqlite", None, []),
    ],
)
def test_it_is_told_to_leave_autovacuum_on(monkeypatch, vendor, said, warned):
    cursor = SimpleNamespace(execute=lambda sql: None, fetchone=lambda: said)
    database = SimpleNamespace(vendor=vendor, cursor=lambda: nullcontext(cursor))
    monkeypatch.setattr(installation, "connections", {"default": database})

    assert [warning.id for warning in installation.database_knows_its_tables(None)] == warned


@pytest.mark.django_db
def test_the_database_itself_is_asked_whether_it_has_autovacuum():
    """And is refused nothing it would have to know."""
    expected = []
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW autovacuum")
            expected = [] if cursor.fetchone() == ("on",) else ["kompetenz.W004"]

    assert [one.id for one in run_checks(include_deployment_checks=True) if one.id == "kompetenz.W004"] == expected


@pytest.mark.parametrize(
    ("https", "proxies", "said"),
    [(True, 1, []), (False, 0, []), (True, 2, []), (True, 0, ["kompetenz.W006"]), (False, 1, ["kompetenz.W006"])],
)
def test_a_number_of_proxies_that_cannot_be_right_is_told(settings, https, proxies, said):
    settings.HTTPS, settings.ALLAUTH_TRUSTED_PROXY_COUNT = https, proxies

    assert [one.id for one in installation.proxies_are_as_many_as_said(None)] == said
