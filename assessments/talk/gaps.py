"""Ist against Soll, and Selbst against Fremd: plain subtraction, without Django (paper 4.3.1)."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from kompetenz.catalogue.frozen import FrozenCompetency


@dataclass(frozen=True)
class Gap:
    """A competency whose agreed Ist is below its Soll (Entwicklungsfeld); levels are those of the scale."""

    competency: FrozenCompetency
    target: int
    actual: int
    required: bool

    @property
    def size(self) -> int:
        """Levels still to climb, 1 or more."""
        return self.target - self.actual


def find_gaps(
    competencies: Iterable[FrozenCompetency],
    targets: Mapping[int, int],
    actual: Mapping[int, int | None],
    required: Container[int],
) -> list[Gap]:
    """Open gaps: erforderlich before wünschenswert, then the larger first, then the wheel's order.

    ``targets`` and ``actual`` map competency ids to levels, ``required`` holds the ids of those
    that are erforderlich. A competency without an Ist is no gap: nobody has looked yet.
    Bringing more than required closes no other gap.
    """
    gaps = [
        Gap(competency, targets[competency.id], level, competency.id in required)
        for competency in competencies
        if competency.id in targets
        and (level := actual.get(competency.id)) is not None
        and level < targets[competency.id]
    ]
    return sorted(gaps, key=lambda gap: (not gap.required, -gap.size))


@dataclass(frozen=True)
class Difference:
    """How far Selbst and Fremd lie apart in one competency; None where one side gave no level."""

    competency: FrozenCompetency
    own: int | None
    manager: int | None

    @property
    def distance(self) -> int:
        """Levels between the two views; 0 also where there is nothing to compare."""
        return 0 if self.own is None or self.manager is None else abs(self.own - self.manager)


def differences(
    competencies: Iterable[FrozenCompetency], own: Mapping[int, int | None], manager: Mapping[int, int | None]
) -> list[Difference]:
    """Every competency, the largest difference first, otherwise in the wheel's order."""
    pairs = [Difference(c, own.get(c.id), manager.get(c.id)) for c in competencies]
    return sorted(pairs, key=lambda pair: -pair.distance)
