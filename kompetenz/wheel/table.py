"""The values of a wheel as rows of a table: what stands beside every wheel, and what nobody must guess from a picture."""

from dataclasses import dataclass

from .model import Wheel
from .scale import NO_ANSWER, Scale


@dataclass(frozen=True)
class LevelCell:
    """A level of one series in words and as a number; ``is_none`` where nobody gave one (then ``number`` is None)."""

    series: str
    word: str
    number: int | None
    is_none: bool


@dataclass(frozen=True)
class SectorRow:
    """One sector with a cell for each of the wheel's series, in their order."""

    number: int
    name: str
    category: str
    cells: tuple[LevelCell, ...]


def rows(wheel: Wheel) -> list[SectorRow]:
    """The wheel's values, sector by sector."""
    return [
        SectorRow(
            sector.number,
            sector.name,
            sector.category.name,
            tuple(_cell(series.name, series.levels[index], wheel.scale) for series in wheel.series),
        )
        for index, sector in enumerate(wheel.sectors)
    ]


def _cell(series: str, level: int | None, scale: Scale) -> LevelCell:
    if level is None:
        return LevelCell(series, NO_ANSWER, None, is_none=True)
    return LevelCell(series, scale.names[level], level, is_none=False)
