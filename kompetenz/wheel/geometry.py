"""Where everything of a wheel lies; arithmetic only.

Angles are degrees, clockwise from 12 o'clock. Radii count rings from the edge of the hub: 0 is the hub's edge,
1 the outer edge of the first ring. Points are (x, y) from the wheel's centre, y downwards.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, cos, radians, sin

# A wheel with three rings, in rings. With more or fewer of them hub and band are as large, the rings narrower or wider.
THREE = 3
HUB = 1.6  # the hub's own radius: room for the markers of level 0, however many there are
BAND = (3.13, 3.28)  # the category band
NONE = (-0.12, -0.03)  # where a filled level 0 is marked, along the hub's edge
NONE_MARKERS = {-1: -0.56, 1: -0.25}  # where a level 0 is marked inside the hub, by the side of geometry.marker
INSIDE = -0.7  # the innermost radius anything is drawn at

RING_NAME_GAP = 24.0  # about two of 25 sectors: room for the rings' names
GAP = 4.2


@dataclass(frozen=True)
class Arc:
    """A stretch of the circle."""

    start: float
    end: float

    @property
    def width(self) -> float:
        return self.end - self.start

    @property
    def middle(self) -> float:
        return (self.start + self.end) / 2


@dataclass(frozen=True)
class Disc:
    """The circles of a wheel with so many rings, each ``ring`` units wide; the others in rings."""

    rings: int
    ring: float
    hub: float
    band: tuple[float, float]
    inside: float

    @property
    def none(self) -> tuple[float, float]:
        """Where a sector of level 0 is marked, which is something else than one without a level."""
        share = self.rings / THREE
        return NONE[0] * share, NONE[1] * share

    @classmethod
    def of(cls, rings: int, radius: float) -> "Disc":
        """A wheel whose category band ends ``radius`` units from the centre."""
        share = rings / THREE
        hub, inner, outer = HUB * share, BAND[0] * share, BAND[1] * share
        return cls(rings, radius / (hub + outer), hub, (inner, outer), INSIDE * share)


@dataclass(frozen=True)
class Circle:
    """The whole circle shared out: an arc for each sector, for each category, and for the rings' names."""

    sectors: tuple[Arc, ...]
    categories: tuple[Arc, ...]
    ring_names: tuple[Arc, ...]


def share_out(counts: Sequence[int]) -> Circle:
    """Equal sectors for categories of so many sectors each, clockwise from the gap at 12 o'clock.

    Of the other category boundaries the one nearest 6 o'clock gets the second gap for ring names; with a single
    category there is none.
    """
    total = sum(counts)
    gaps = _gaps_after(counts, total)
    width = (360 - sum(gaps)) / total
    sectors, categories, ring_names = [], [], [Arc(-RING_NAME_GAP / 2, RING_NAME_GAP / 2)]
    at = RING_NAME_GAP / 2
    for count, gap in zip(counts, gaps, strict=True):
        categories.append(Arc(at, at + count * width))
        sectors += [Arc(at + n * width, at + (n + 1) * width) for n in range(count)]
        at += count * width + gap
        if gap == RING_NAME_GAP and len(categories) < len(counts):
            ring_names.append(Arc(at - gap, at))
    return Circle(tuple(sectors), tuple(categories), tuple(ring_names))


def _gaps_after(counts: Sequence[int], total: int) -> list[float]:
    """The gap that follows each category; the last one's is the gap at 12 o'clock."""
    gaps = [GAP] * (len(counts) - 1) + [RING_NAME_GAP]
    if len(counts) > 1:
        ends = [sum(counts[: n + 1]) for n in range(len(counts) - 1)]
        gaps[min(range(len(ends)), key=lambda n: abs(2 * ends[n] - total))] = RING_NAME_GAP
    return gaps


def point(angle: float, radius: float, disc: Disc) -> tuple[float, float]:
    """The point at an angle and radius, in units."""
    distance = (disc.hub + radius) * disc.ring
    return distance * sin(radians(angle)), -distance * cos(radians(angle))


def outline_runs(
    arcs: Sequence[Arc], levels: Sequence[int | None], breaks: Iterable[int]
) -> list[list[tuple[Arc, int]]]:
    """The stepped line as runs of (arc, level); it breaks at a missing level and where a category begins.

    ``breaks`` are the indexes of the sectors that begin a category.
    """
    begins = set(breaks)
    runs: list[list[tuple[Arc, int]]] = [[]]
    for index, (arc, level) in enumerate(zip(arcs, levels, strict=True)):
        if runs[-1] and (index in begins or level is None):
            runs.append([])
        if level is not None:
            runs[-1].append((arc, level))
    return [run for run in runs if run]


@lru_cache(maxsize=1024)
def steps(arc: Arc) -> tuple[float, ...]:
    """Angles along an arc, close enough for straight lines to look round: 7 for one sector of 25."""
    pieces = max(6, ceil(arc.width / 2.5))
    return tuple(round(arc.start + arc.width * n / pieces, 2) for n in range(pieces + 1))


def marker(arc: Arc, level: int, side: int, disc: Disc) -> tuple[float, float]:
    """Angle and radius of a marker in the middle of its level's ring, of level 0 inside the hub.

    ``side`` -1 moves it back and outwards, 1 on and inwards, so that two markers of one level stand side by side; of level 0
    one stands behind the other, for there a sector is narrow.
    """
    share = disc.rings / THREE
    if level == 0:
        return round(arc.middle, 2), round(NONE_MARKERS[side] * share, 2)
    return round(arc.middle + side * min(arc.width * 0.22, 6), 2), round(level - 0.5 - side * min(0.17 * share, 0.4), 2)
