"""What a Kompetenzrad is made of: plain values that know no database and no drawing."""

from dataclasses import dataclass
from enum import Enum

from .levels import LEVEL_NAMES


class Role(Enum):
    """How a series is drawn; a wheel has at most one series of each role."""

    FILL = "fill"  # fills its rings from the hub: an Ist
    OUTLINE = "outline"  # a stepped line over the rings: a Soll
    SELF = "self"  # a round marker: the Selbsteinschätzung
    MANAGER = "manager"  # a diamond: the Fremdeinschätzung


@dataclass(frozen=True)
class Category:
    """A block of neighbouring sectors in one colour; ``slot`` (0 to 3) picks the colour."""

    key: str
    name: str
    slot: int

    def __post_init__(self):
        if self.slot not in range(4):
            raise ValueError(f"Category slot must be 0 to 3, not {self.slot!r}.")


@dataclass(frozen=True)
class Sector:
    """One competency: ``number`` as shown, its full ``name``, and the short ``label`` beside the wheel."""

    number: int
    name: str
    label: str
    category: Category


@dataclass(frozen=True)
class Series:
    """One view of all sectors, e.g. the Soll: a level for each, or None where nobody gave one."""

    name: str
    role: Role
    levels: tuple[int | None, ...]

    def __post_init__(self):
        for level in self.levels:
            if level is not None and level not in range(len(LEVEL_NAMES)):
                raise ValueError(f"Level must be 0 to 3 or None, not {level!r}.")


@dataclass(frozen=True)
class Wheel:
    """Sectors clockwise from the top, and the series drawn over them.

    The sectors are numbered 1, 2, 3 ... and those of one category are neighbours; every series has
    one level for each sector. Anything else is a ValueError.
    """

    sectors: tuple[Sector, ...]
    series: tuple[Series, ...]
    title: str

    def __post_init__(self):
        if [sector.number for sector in self.sectors] != list(range(1, len(self.sectors) + 1)):
            raise ValueError("Sectors must be numbered 1, 2, 3 ... in their order.")
        if not self.sectors:
            raise ValueError("A wheel needs at least one sector.")
        if len({category.key for category in self.categories}) != len(self.categories):
            raise ValueError("Sectors of one category must be neighbours.")
        if len({series.role for series in self.series}) != len(self.series):
            raise ValueError("A wheel has at most one series of each role.")
        for series in self.series:
            if len(series.levels) != len(self.sectors):
                raise ValueError(f"{series.name}: {len(series.levels)} levels for {len(self.sectors)} sectors.")

    @property
    def categories(self) -> tuple[Category, ...]:
        """The categories in the order of their blocks."""
        return tuple(category for category, _ in blocks(self.sectors))

    def of_role(self, role: Role) -> Series | None:
        """The series drawn in this role, if the wheel has one."""
        return next((series for series in self.series if series.role is role), None)


def blocks(sectors: tuple[Sector, ...]) -> list[tuple[Category, tuple[Sector, ...]]]:
    """Neighbouring sectors of one category, block by block, clockwise."""
    found: list[tuple[Category, list[Sector]]] = []
    for sector in sectors:
        if not found or found[-1][0] != sector.category:
            found.append((sector.category, []))
        found[-1][1].append(sector)
    return [(category, tuple(members)) for category, members in found]


def block_label(category: Category, members: tuple[Sector, ...]) -> str:
    """A category told by its numbers as well as by its colour, e.g. ``Methodenkompetenzen 7–12``."""
    first, last = members[0].number, members[-1].number
    return f"{category.name} {first}" if first == last else f"{category.name} {first}–{last}"
