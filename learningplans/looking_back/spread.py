"""How the levels of several people are spread: never an average; without Django."""

from collections import Counter
from collections.abc import Sequence


def reached_by(levels: Sequence[int], people: int) -> int | None:
    """The highest level that at least so many of them have reached; None if there are not so many."""
    return sorted(levels, reverse=True)[people - 1] if 0 < people <= len(levels) else None


def half_of(people: int) -> int:
    """At least half of so many."""
    return (people + 1) // 2


def counts(levels: Sequence[int], scale: int) -> list[int]:
    """How many are at each of so many levels."""
    found = Counter(levels)
    return [found[level] for level in range(scale)]
