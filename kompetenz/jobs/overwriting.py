"""What is deleted is overwritten, too, as far as a database does it.

SQLite writes zeros over what is deleted (PRAGMA secure_delete in settings), but what was written lately stands in a file beside the
database as well, its write-ahead log; and where rows grow and move to another page, the one they leave keeps a copy. PostgreSQL frees
the space when it vacuums; see docs/betrieb.md for that and for backups.
"""

import logging
from contextlib import contextmanager
from datetime import timedelta

from django.db import OperationalError, connection

from .queue import enqueue_once, task

LATER = timedelta(minutes=1)

logger = logging.getLogger(__name__)


@task()
def empty_the_log():
    """Take over SQLite's log and cut it to nothing; again later while somebody still reads or writes."""
    if connection.vendor == "sqlite" and not is_emptied():
        enqueue_once(empty_the_log, after=LATER)


def is_emptied():
    try:
        with connection.cursor() as cursor:
            busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except OperationalError:  # within a transaction
        return False
    return not busy


@task()
def write_the_file_anew():
    """Write SQLite's file anew, for between its rows are copies of what they were; then empty the log, which has held all of it.

    For a night: whoever writes waits until it is done, and the disk needs room for the file twice more. Without that room
    all stays as it is until the next night.
    """
    if connection.vendor != "sqlite":
        return
    try:
        with connection.cursor() as cursor, on_the_disk(cursor):
            cursor.execute("VACUUM")
    except OperationalError as error:
        logger.warning("The database's file was not written anew: %s", error)
    enqueue_once(empty_the_log)


@contextmanager
def on_the_disk(cursor):
    """What SQLite puts aside meanwhile: in memory, as otherwise, it would be the whole file."""
    (usual,) = cursor.execute("PRAGMA temp_store").fetchone()
    cursor.execute("PRAGMA temp_store=FILE")
    try:
        yield
    finally:
        cursor.execute(f"PRAGMA temp_store={usual}")
