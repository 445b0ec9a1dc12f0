"""The values of a wheel as rows of a table: what stands beside every wheel, and what nobody must guess from a picture."""

from dataclasses import dataclass

from .levels import LEVEL_NAMES, NO_ANSWER
from .model import Wheel


@dataclass(frozen=True)
class Cell:
    """A level in words and as a number; ``is_none`` where nobody gave one (then ``number`` is None)."""

    word: str
    number: int | None
    is_none: bool


@dataclass(frozen=True)
class Row:
    """One sector with a cell for each of the wheel's series, in their order."""

    number: int
    name: str
    category: str
    cells: tuple[Cell, ...]


def rows(wheel: Wheel) -> list[Row]:
    """The wheel's values, sector by sector."""
    return [
        Row(
            sector.number,
            sector.name,
            sector.category.name,
            tuple(_cell(series.levels[index]) for series in wheel.series),
        )
        for index, sector in enumerate(wheel.sectors)
    ]


def _cell(level: int | None) -> Cell:
    if level is None:
        return Cell(NO_ANSWER, None, True)
    return Cell(LEVEL_NAMES[level], level, False)
