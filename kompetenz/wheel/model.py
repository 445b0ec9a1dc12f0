"""What a Kompetenzrad is made of: plain values that know no database and no drawing."""

from dataclasses import dataclass
from enum import Enum

from .scale import Scale

COLOURS = 4


class Style(Enum):
    """How a series is drawn; a wheel has at most one series of each style."""

    FILL = "fill"  # fills its rings from the hub: an Ist
    OUTLINE = "outline"  # a stepped line over the rings: a Soll
    CIRCLE = "circle"  # a round, hollow marker: a Selbsteinschätzung
    DIAMOND = "diamond"  # a pointed, solid marker: a Fremdeinschätzung


@dataclass(frozen=True)
class Block:
    """A category: neighbouring sectors in one colour; ``slot`` (0 to 3) picks the colour."""

    key: str
    name: str
    slot: int

    def __post_init__(self) -> None:
        if self.slot not in range(COLOURS):
            raise ValueError(f"Block slot must be 0 to {COLOURS - 1}, not {self.slot!r}.")


@dataclass(frozen=True)
class Sector:
    """One competency: ``number`` as shown, its full ``name``, and the short ``label`` beside the wheel."""

    number: int
    name: str
    label: str
    category: Block


@dataclass(frozen=True)
class Series:
    """One view of all sectors, e.g. the Soll: a level for each, or None where nobody gave one."""

    name: str
    style: Style
    levels: tuple[int | None, ...]


@dataclass(frozen=True)
class Wheel:
    """Sectors clockwise from the top, the scale of their levels, and the series drawn over them.

    The sectors are numbered 1, 2, 3 ... and those of one category are neighbours; every series has
    one level of the scale, or None, for each sector. Anything else is a ValueError.
    """

    sectors: tuple[Sector, ...]
    scale: Scale
    series: tuple[Series, ...]
    title: str

    def __post_init__(self) -> None:
        if [sector.number for sector in self.sectors] != list(range(1, len(self.sectors) + 1)):
            raise ValueError("Sectors must be numbered 1, 2, 3 ... in their order.")
        if not self.sectors:
            raise ValueError("A wheel needs at least one sector.")
        if len({category.key for category in self.categories}) != len(self.categories):
            raise ValueError("Sectors of one category must be neighbours.")
        if len({series.style for series in self.series}) != len(self.series):
            raise ValueError("A wheel has at most one series of each style.")
        known = range(len(self.scale.names))
        for series in self.series:
            if len(series.levels) != len(self.sectors):
                raise ValueError(f"{series.name}: {len(series.levels)} levels for {len(self.sectors)} sectors.")
            for level in series.levels:
                if level is not None and level not in known:
                    raise ValueError(f"Level must be 0 to {self.scale.rings} or None, not {level!r}.")

    @property
    def categories(self) -> tuple[Block, ...]:
        """The categories in the order of their blocks."""
        return tuple(category for category, _ in blocks(self.sectors))

    def in_style(self, style: Style) -> Series | None:
        """The series drawn in this style, if the wheel has one."""
        return next((series for series in self.series if series.style is style), None)


def colour_slots(count: int) -> list[int]:
    """The colours of so many categories: in turn, and never the same for two that meet, the last and the first included."""
    slots = [at % COLOURS for at in range(count)]
    if count > COLOURS and slots[-1] == 0:
        slots[-1] = 1
    return slots


def blocks(sectors: tuple[Sector, ...]) -> list[tuple[Block, tuple[Sector, ...]]]:
    """Neighbouring sectors of one category, block by block, clockwise."""
    found: list[tuple[Block, list[Sector]]] = []
    for sector in sectors:
        if not found or found[-1][0] != sector.category:
            found.append((sector.category, []))
        found[-1][1].append(sector)
    return [(category, tuple(members)) for category, members in found]


def block_label(category: Block, members: tuple[Sector, ...]) -> str:
    """A category told by its numbers as well as by its colour, e.g. ``Methodenkompetenzen 7–12``."""
    first, last = members[0].number, members[-1].number
    return f"{category.name} {first}" if first == last else f"{category.name} {first}–{last}"
