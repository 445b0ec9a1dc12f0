"""Ist against Soll, and Selbst against Fremd: plain subtraction, without Django (paper 4.3.1)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Gap:
    """A competency whose agreed Ist is below its Soll (Entwicklungsfeld); levels are 0-3."""

    competency: object
    target: int
    actual: int
    required: bool

    @property
    def size(self):
        """Levels still to climb, 1-3."""
        return self.target - self.actual


def find_gaps(competencies, targets, actual, required):
    """Open gaps: erforderlich before wünschenswert, then the larger first, then the wheel's order.

    ``targets`` and ``actual`` map competency ids to levels, ``required`` holds the ids of those
    that are erforderlich. A competency without an Ist is no gap: nobody has looked yet.
    Bringing more than required closes no other gap.
    """
    gaps = [
        Gap(competency, targets[competency.id], actual[competency.id], competency.id in required)
        for competency in competencies
        if competency.id in targets
        and actual.get(competency.id) is not None
        and actual[competency.id] < targets[competency.id]
    ]
    return sorted(gaps, key=lambda gap: (not gap.required, -gap.size))


@dataclass(frozen=True)
class Difference:
    """How far Selbst and Fremd lie apart in one competency; None where one side gave no level."""

    competency: object
    own: int | None
    manager: int | None

    @property
    def distance(self):
        """Levels between the two views, 0-3; 0 also where there is nothing to compare."""
        return 0 if self.own is None or self.manager is None else abs(self.own - self.manager)


def differences(competencies, own, manager):
    """Every competency, the largest difference first, otherwise in the wheel's order."""
    pairs = [Difference(c, own.get(c.id), manager.get(c.id)) for c in competencies]
    return sorted(pairs, key=lambda pair: -pair.distance)
