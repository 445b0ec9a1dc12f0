"""What of colleagues' answers may be shown, without Django: how often each level was given, never a mean, never by whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from kompetenz.wheel import Scale

LEAST = 3  # answers below which nothing is ever shown, whatever an installation sets


def may_be_shown(answers: int, most: int, minimum: int) -> bool:
    """Whether one competency's answers may be shown.

    ``answers`` is how many colleagues gave it a level, ``most`` how many gave the commonest one. Of
    too few it could be guessed who said what; where all said the same, everybody's answer is known.
    """
    return answers >= max(minimum, LEAST) and most < answers


@dataclass(frozen=True)
class Distribution:
    """How many colleagues gave one competency each level: ``counts`` for every level of the scale, from 0 on."""

    counts: tuple[int, ...]
    scale: Scale

    def __str__(self) -> str:
        return " · ".join(f"{name} {count}" for name, count in zip(self.scale.names, self.counts, strict=True))

    @property
    def answers(self) -> int:
        return sum(self.counts)

    @property
    def shares(self) -> list[tuple[str, int, int]]:
        """Per level its name, the count, and its share in whole per cent to draw a bar of."""
        return [
            (name, count, round(100 * count / self.answers))
            for name, count in zip(self.scale.names, self.counts, strict=True)
        ]


def distributions(tallies: Iterable[tuple[int, int, int]], minimum: int, scale: Scale) -> dict[int, Distribution]:
    """``{competency id: Distribution}`` of what may be shown; ``tallies`` are (competency id, level, count)."""
    shown = {}
    for competency, rows in groupby(sorted(tallies), key=lambda row: row[0]):
        given = {level: count for _, level, count in rows}
        counts = tuple(given.get(level, 0) for level in range(len(scale.names)))
        if may_be_shown(sum(counts), max(counts), minimum):
            shown[competency] = Distribution(counts, scale)
    return shown
