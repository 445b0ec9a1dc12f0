"""What is done once a day: everything that is registered for the hook "every_day".

`manage.py daily` runs it from cron or a systemd timer. Every entry may run again on the same day and changes nothing then.
"""

import logging
from contextlib import nullcontext
from dataclasses import dataclass

from django.db import transaction

from kompetenz import hooks

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Done:
    """What became of one entry; ``sentence`` names no person, for it ends up in logs and cron's mails."""

    name: str
    sentence: str | None = None
    failed: bool = False


def run_all(today):
    """Run every entry, each in a transaction of its own or in pieces; one that fails leaves nothing half done and stops no other."""
    return [_run(entry, today) for entry in hooks.answers("every_day")]


def _run(entry, today):
    name = f"{entry.__module__}.{entry.__name__}"
    try:
        with nullcontext() if getattr(entry, "in_pieces", False) else transaction.atomic():
            return Done(name, entry(today))
    except Exception:
        logger.exception("%s failed", name)
        return Done(name, failed=True)
