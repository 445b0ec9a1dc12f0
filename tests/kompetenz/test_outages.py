"""Which errors of database and disk pass by waiting, each caused for real where a file can cause it."""

import errno
import sqlite3

import psycopg
import pytest
from django.db import OperationalError

from kompetenz.outages import AWAY, BUSY, CROSSED, FULL, READ_ONLY, outage_of


@pytest.fixture
def file(tmp_path):
    """A database in a file, with a table and no room for more than it has."""
    path = tmp_path / "klein.sqlite3"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE words (word TEXT)")
    database.close()
    return path


def raised_by(file, sql, *, before="", uri=""):
    database = sqlite3.connect(f"file:{file}{uri}", timeout=0, isolation_level=None, uri=True)
    try:
        database.executescript(before)
        with pytest.raises(sqlite3.Error) as raised:
            database.execute(sql)
        return raised.value
    finally:
        database.close()


def test_somebody_else_is_writing(file):
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    assert outage_of(raised_by(file, "INSERT INTO words VALUES ('a')")) == BUSY
    other.close()


def test_what_was_read_is_not_what_is_stored_any_more(file):
    """SQLITE_BUSY_SNAPSHOT: a transaction that began by reading and goes on to write."""
    reader, other = (sqlite3.connect(file, timeout=0, isolation_level=None) for _ in range(2))
    reader.executescript("PRAGMA journal_mode=WAL; BEGIN")
    reader.execute("SELECT * FROM words").fetchall()
    other.execute("INSERT INTO words VALUES ('b')")

    with pytest.raises(sqlite3.Error) as raised:
        reader.execute("INSERT INTO words VALUES ('a')")

    assert (raised.value.sqlite_errorname, outage_of(raised.value)) == ("SQLITE_BUSY_SNAPSHOT", CROSSED)
    reader.close()
    other.close()


def test_the_disk_is_full(file):
    error = raised_by(file, "INSERT INTO words VALUES (hex(randomblob(99999)))", before="PRAGMA max_page_count=3")

    assert outage_of(error) == FULL


def test_the_file_may_only_be_read(file):
    assert outage_of(raised_by(file, "INSERT INTO words VALUES ('a')", uri="?mode=ro")) == READ_ONLY


def test_the_file_is_not_there(tmp_path):
    with pytest.raises(sqlite3.Error) as raised:
        sqlite3.connect(tmp_path / "keines" / "da.sqlite3")

    assert outage_of(raised.value) == AWAY


@pytest.mark.parametrize("sql", ["SELECT * FROM sentences", "INSERT INTO words VALUES (1, 2)", "Unsinn"])
def test_a_mistake_of_ours_does_not_pass(file, sql):
    assert outage_of(raised_by(file, sql)) is None


def test_a_file_that_is_no_database_does_not_mend_itself(file):
    file.write_bytes(b"Kein Datenbankinhalt. " * 99)

    assert outage_of(raised_by(file, "SELECT * FROM words")) is None


@pytest.mark.parametrize(
    ("state", "outage"),
    [
        ("55P03", BUSY), ("57014", BUSY), ("53300", BUSY), ("40P01", CROSSED), ("40001", CROSSED), ("53100", FULL), ("25006", READ_ONLY),
        ("57P01", AWAY), ("57P03", AWAY), ("08006", AWAY), ("23505", None), ("42P01", None), ("22021", None),
    ],
)  # fmt: skip
def test_what_postgresql_says(state, outage):
    assert outage_of(psycopg.errors.lookup(state)("Meldung")) == outage


def test_postgresql_is_not_there():
    with pytest.raises(psycopg.OperationalError) as raised:
        psycopg.connect("host=127.0.0.1 port=1 connect_timeout=2")

    assert outage_of(raised.value) == AWAY
    assert outage_of(psycopg.ProgrammingError("the last operation didn't produce records")) is None


@pytest.mark.parametrize(
    ("number", "outage"), [(errno.ENOSPC, FULL), (errno.EDQUOT, FULL), (errno.EROFS, READ_ONLY), (errno.ENOENT, None)]
)
def test_what_the_system_says(number, outage):
    assert outage_of(OSError(number, "Meldung")) == outage


def test_djangos_error_has_one_of_the_database_as_its_cause():
    error = OperationalError("deadlock detected")
    error.__cause__ = psycopg.errors.DeadlockDetected("deadlock detected")

    assert (outage_of(error), outage_of(OperationalError("ohne Ursache"))) == (CROSSED, None)
