"""Processes take turns in what would keep all processors busy: while one makes a document, the other answers pages."""

import atexit
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile

# Of the main process, whose forks all others are. The kernel takes back what a process held that was killed.
baton = TemporaryFile()  # noqa: SIM115
atexit.register(baton.close)


@contextmanager
def one_process() -> Iterator[None]:
    """Wait until no other process is in here; in each it may be one thread at a time."""
    fcntl.lockf(baton, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.lockf(baton, fcntl.LOCK_UN)
