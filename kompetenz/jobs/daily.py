"""What is done once a day; the apps above register, for this app does not know them.

`manage.py daily` runs it from cron or a systemd timer. Every entry may run again on the same day and changes nothing then.
"""

import logging
from dataclasses import dataclass

from django.db import transaction

logger = logging.getLogger(__name__)

_entries = []


@dataclass(frozen=True)
class Done:
    """What became of one entry; ``sentence`` names no person, for it ends up in logs and cron's mails."""

    name: str
    sentence: str | None = None
    failed: bool = False


def every_day(entry):
    """Register ``entry(today) -> str | None``: it says in German what it did; usable as a decorator."""
    _entries.append(entry)
    return entry


def run_all(today):
    """Run every entry, each in a transaction of its own; one that fails leaves nothing behind and stops no other."""
    return [_run(entry, today) for entry in _entries]


def _run(entry, today):
    name = f"{entry.__module__}.{entry.__name__}"
    try:
        with transaction.atomic():
            return Done(name, entry(today))
    except Exception:
        logger.exception("%s failed", name)
        return Done(name, failed=True)
