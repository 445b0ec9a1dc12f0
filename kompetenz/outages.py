"""Why the database, or the disk, cannot do now what it could do before: read from the error that says so. No Django in here.

What is none of these (a table that is missing, a value that does not fit) is a mistake of ours and will not go away by waiting.
"""

import errno
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Outage:
    """``why`` is a German sentence for whoever waits; in ``seconds`` it is worth trying again.

    Where the outage may have come between saving and hearing of it, nobody knows whether it is saved: ``is_undecided``.
    Where two had stood in each other's way, one of them may do the same again at once: ``is_over``.
    """

    why: str
    seconds: int
    is_undecided: bool = False
    is_over: bool = False


BUSY = Outage("Es wird gerade sehr viel auf einmal gespeichert.", 10)
CROSSED = Outage(BUSY.why, BUSY.seconds, is_over=True)
FULL = Outage("Auf dem Server ist kein Speicherplatz mehr frei.", 300)
READ_ONLY = Outage("Auf dem Server lässt sich gerade nur lesen.", 300)
AWAY = Outage("Die Datenbank ist gerade nicht zu erreichen.", 30, is_undecided=True)

OF_THE_SYSTEM = {errno.ENOSPC: FULL, errno.EDQUOT: FULL, errno.EROFS: READ_ONLY}
OF_SQLITE = {
    sqlite3.SQLITE_BUSY_SNAPSHOT: CROSSED,
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_PROTOCOL: BUSY,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_IOERR: AWAY,
    sqlite3.SQLITE_CANTOPEN: AWAY,
}
OF_POSTGRESQL = {
    "55P03": BUSY,  # a lock that did not come within lock_timeout
    "57014": BUSY,  # nor an answer within statement_timeout
    "53200": BUSY,  # memory
    "53300": BUSY,  # connections
    "40001": CROSSED,
    "40P01": CROSSED,
    "53100": FULL,
    "25006": READ_ONLY,  # while another server takes over
}
LOST = ("08", "57P", "58")  # how states begin that tell of a lost connection, a server that ends, its files


def outage_of(error: BaseException) -> Outage | None:
    """What this error or one of its causes says is out of order; None if nothing of the kind."""
    return next(filter(None, map(_told_by, _with_causes(error))), None)


def _with_causes(error: BaseException | None) -> Iterator[BaseException]:
    while error:
        yield error
        error = error.__cause__


def _told_by(error: BaseException) -> Outage | None:
    if isinstance(error, OSError):
        return OF_THE_SYSTEM.get(error.errno or 0)
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", 0)
        return OF_SQLITE.get(code) or OF_SQLITE.get(code & 0xFF)  # the rest says more than we ask
    if type(error).__module__.partition(".")[0] == "psycopg":
        return _told_by_postgresql(getattr(error, "sqlstate", None), type(error).__name__)
    return None


def _told_by_postgresql(state: str | None, name: str) -> Outage | None:
    if state is None:  # it is the client that has noticed
        return AWAY if name in {"OperationalError", "InterfaceError", "ConnectionTimeout"} else None
    return OF_POSTGRESQL.get(state) or (AWAY if state.startswith(LOST) else None)
