"""The values of a wheel as rows of a table: what stands beside every wheel, and what nobody must guess from a picture."""

from dataclasses import dataclass

from .model import Wheel


@dataclass(frozen=True)
class SectorRow:
    """One sector, and by the names of the wheel's series, in their order, its levels in words and numbers; a dash where nobody gave one."""

    number: str
    name: str
    category: str
    texts: dict[str, str]


def rows(wheel: Wheel) -> list[SectorRow]:
    """The wheel's values, sector by sector."""
    words = wheel.scale.texts
    return [
        SectorRow(
            str(sector.number),
            sector.name,
            sector.category.name,
            {one.name: "–" if (level := one.levels[at]) is None else words[level] for one in wheel.series},
        )
        for at, sector in enumerate(wheel.sectors)
    ]
