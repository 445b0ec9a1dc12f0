"""What is deleted is overwritten, too, as far as a database does it.

SQLite writes zeros over what is deleted (PRAGMA secure_delete in settings), but what was written lately stands in a file beside the
database as well, its write-ahead log. PostgreSQL frees the space when it vacuums; see docs/betrieb.md for that and for backups.
"""

from datetime import timedelta

from django.db import OperationalError, connection

from .queue import enqueue_once, task

LATER = timedelta(minutes=1)


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
