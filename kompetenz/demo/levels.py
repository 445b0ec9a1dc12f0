"""Levels that two people might plausibly give, around what the role asks for: arithmetic, no database."""

from collections.abc import Mapping
from random import Random

CANNOT_JUDGE = 0.04  # the share of a manager's answers that are "kann ich nicht beurteilen"
GROWN, FADED = 0.2, 0.03  # the share of competencies that are a level higher or lower after a year


def clamp(value: float, highest: int) -> int:
    return min(highest, max(0, round(value)))


def views_of(
    rng: Random, targets: Mapping[int, int], before: Mapping[int, int], highest: int
) -> tuple[dict[int, int], dict[int, int | None]]:
    """The levels Selbst and Fremd by competency id, for the Soll ``targets``, up to ``highest``; a manager's may be None.

    A person is on the whole a little below the Soll, sees themselves a little more kindly than
    the manager does, and is now and then seen quite differently. What was agreed ``before``, by competency id,
    they mostly still can, now and then a level more; both sides know it and see it more alike.
    """
    offset = rng.gauss(-0.45, 0.45)
    own: dict[int, int] = {}
    manager: dict[int, int | None] = {}
    for competency, target in targets.items():
        actual: float
        if competency in before:
            actual, spread = before[competency] + (rng.random() < GROWN) - (rng.random() < FADED), 0.3
        else:
            actual, spread = target + offset + rng.gauss(0, 0.55), 0.6
        own[competency] = clamp(actual + rng.gauss(0.2, spread), highest)
        manager[competency] = None if rng.random() < CANNOT_JUDGE else clamp(actual + rng.gauss(-0.15, spread), highest)
    return own, manager


def agreed_of(rng: Random, own: Mapping[int, int], manager: Mapping[int, int | None]) -> dict[int, int]:
    """What both agree on: one of the two levels or the one between; the own where the manager gave none."""
    return {
        competency: level if (theirs := manager[competency]) is None else rng.choice(between(level, theirs))
        for competency, level in own.items()
    }


def between(one: int, other: int) -> list[int]:
    """The levels both could settle on: either of two neighbours, the middle of two that lie apart."""
    low, high = sorted((one, other))
    return [low, high] if high - low <= 1 else list(range(low + 1, high))
