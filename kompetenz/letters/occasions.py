"""What letters are about: whoever writes one says, too, whether it is still true when it is sent, and to whom.

An app above lists its occasions by the hook ``letter_occasions``; a letter without one cannot be written.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from kompetenz import hooks

DONE = "Das ist inzwischen erledigt."
ELSEWHERE = "Inzwischen ist jemand anderes zuständig."


@dataclass(frozen=True)
class Said:
    """What a letter says: a subject with the step and its day, one sentence that goes on after "Guten Tag", and what else there is
    to know in paragraphs, which a message of several letters leaves out. ``due`` is the day before which it has to be said.
    It names nobody but whom to ask, and no level and no goal.
    """

    subject: str
    sentence: str
    more: tuple[str, ...] = ()
    due: date | None = None


@dataclass(frozen=True)
class Occasion:
    """Letters whose whole key has this ``pattern``.

    ``obstacle(letter, *groups)`` says in German, naming nobody, why one is not to be sent any more to whom it was written
    to, or "" while it holds. ``calendar(letter, *groups)`` is its calendar file as it has to be now; without it the
    one that was written stays.
    """

    pattern: str
    obstacle: Callable[..., str]
    calendar: Callable[..., str] | None = None
    said: Callable[..., Said | None] | None = None


class NoOccasion(LookupError):
    """Nobody can say whether letters with such a key are still true: no app lists them among its occasions."""


def occasion_of(key: str) -> tuple[Occasion, tuple[str | Any, ...]]:
    """The first occasion whose pattern the key has, and what the pattern's groups found. Raises NoOccasion."""
    for occasion in hooks.ask_for_all("letter_occasions"):
        if found := re.fullmatch(occasion.pattern, key):
            return occasion, found.groups()
    raise NoOccasion(key)


def said_in(letter: Any) -> Said | None:
    """What this letter says, where its occasion has words of its own for it."""
    try:
        occasion, groups = occasion_of(letter.key)
    except NoOccasion:
        return None
    return occasion.said(letter, *groups) if occasion.said else None


def obstacle_to(letter: Any) -> str:
    """Why this letter is not to be sent any more, or ""; brings its calendar file up to date."""
    try:
        occasion, groups = occasion_of(letter.key)
    except NoOccasion:  # of an app that is no longer installed
        return "Niemand weiß mehr, ob das noch gilt."
    problem = occasion.obstacle(letter, *groups)
    if not problem and occasion.calendar:
        letter.calendar = occasion.calendar(letter, *groups)
    return problem
