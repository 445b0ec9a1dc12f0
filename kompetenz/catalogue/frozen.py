"""The catalogue as plain values, as a round keeps it: no database, no change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import TypedDict

from kompetenz import wheel

from .syllables import Name


class LevelJSON(TypedDict):
    """A level as an edition keeps it."""

    key: str
    name: str
    definition: str


class CompetencyJSON(TypedDict):
    """A competency as an edition keeps it."""

    id: int
    key: str
    name: str
    label: str
    description: str
    anchors: Sequence[str]


class CategoryJSON(TypedDict):
    """A category as an edition keeps it."""

    key: str
    name: str
    competencies: Sequence[CompetencyJSON]


class EditionJSON(TypedDict):
    """What an edition keeps: the levels from 0 on, and the categories in the wheel's order."""

    levels: Sequence[LevelJSON]
    categories: Sequence[CategoryJSON]


@dataclass(frozen=True)
class FrozenLevel:
    """A level with the words of its edition; the lowest has the value 0."""

    value: int
    key: str
    name: str
    definition: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class FrozenCompetency:
    """A competency with the words of its edition and its ``number`` on the wheel; ``anchors`` are those of level 1 and up."""

    id: int
    key: str
    number: int
    name: Name
    label: str
    description: str
    anchors: tuple[str, ...]

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class FrozenCategory:
    """A coloured block of the wheel with its competencies in the wheel's order."""

    key: str
    name: str
    slot: int
    competencies: tuple[FrozenCompetency, ...]


@dataclass(frozen=True)
class Catalogue:
    """The levels of one edition from 0 on, and its categories in the wheel's order."""

    levels: tuple[FrozenLevel, ...]
    categories: tuple[FrozenCategory, ...]

    @classmethod
    def from_json(cls, content: EditionJSON) -> "Catalogue":
        """Read what ``todays_content`` has written; the competencies are numbered by their place in it."""
        numbers = count(1)
        categories = content["categories"]
        return cls(
            tuple(FrozenLevel(value, **fields) for value, fields in enumerate(content["levels"])),
            tuple(
                FrozenCategory(
                    category["key"],
                    Name(category["name"]),
                    slot,
                    tuple(
                        FrozenCompetency(
                            id=fields["id"],
                            key=fields["key"],
                            number=next(numbers),
                            name=Name(fields["name"]),
                            label=fields["label"],
                            description=fields["description"],
                            anchors=tuple(fields["anchors"]),
                        )
                        for fields in category["competencies"]
                    ),
                )
                for slot, category in zip(wheel.colour_slots(len(categories)), categories, strict=True)
            ),
        )

    @cached_property
    def scale(self) -> wheel.Scale:
        """The levels as a wheel draws them, and the words for each."""
        return wheel.Scale(tuple(level.name for level in self.levels))

    @cached_property
    def choices(self) -> list[tuple[int, str]]:
        """The levels as the choices of a form field."""
        return [(level.value, level.name) for level in self.levels]

    @property
    def highest(self) -> int:
        """The value of the highest level."""
        return len(self.levels) - 1

    @cached_property
    def levels_as_text(self) -> dict[int, list[dict[str, str]]]:
        """By competency id its levels from 0 on as value, name and anchor: texts, which templates read fast.

        Of level 0 the first half of its definition, the same for all; the second says what it is as a Soll.
        """
        lowest = self.levels[0].definition.partition(";")[0].rstrip(".")
        nothing_yet = f"{lowest[0].upper()}{lowest[1:]}." if lowest else ""
        return {
            competency.id: [
                {"value": str(level.value), "name": level.name, "anchor": anchor}
                for level, anchor in zip(self.levels, (nothing_yet, *competency.anchors), strict=True)
            ]
            for competency in self.competencies
        }

    def has_level(self, level: int) -> bool:
        """Whether the scale has this level."""
        return 0 <= level <= self.highest

    def nearest(self, level: int) -> int:
        """A level of a later scale on this one: what lies above its highest level counts as the highest."""
        return min(level, self.highest)

    def anchors_of(self, competency: FrozenCompetency, lowest: int = 1) -> list[tuple[FrozenLevel, str]]:
        """The levels of a competency of this catalogue, from ``lowest`` on, each with its anchor."""
        pairs = zip(self.levels[1:], competency.anchors, strict=True)
        return [(level, text) for level, text in pairs if level.value >= lowest]

    @cached_property
    def competencies(self) -> tuple[FrozenCompetency, ...]:
        """Every competency in the wheel's order."""
        return tuple(competency for category in self.categories for competency in category.competencies)

    @cached_property
    def by_id(self) -> dict[int, FrozenCompetency]:
        return {competency.id: competency for competency in self.competencies}

    @cached_property
    def sectors(self) -> tuple[wheel.Sector, ...]:
        """The wheel's sectors; the same tuple each time, so that the drawing of the base is kept."""
        return tuple(
            wheel.Sector(competency.number, competency.name, competency.label, block)
            for category in self.categories
            for block in [wheel.Block(category.key, category.name, category.slot)]
            for competency in category.competencies
        )

    def series(self, name: str, style: wheel.Style, levels: Mapping[int, int | None]) -> wheel.Series:
        """A series of the wheel from levels (of the scale, or None) by competency id; a missing one is None."""
        return wheel.Series(name, style, tuple(levels.get(competency.id) for competency in self.competencies))

    def wheel(self, title: str, *series: wheel.Series) -> wheel.Wheel:
        """The Kompetenzrad of this catalogue."""
        return wheel.Wheel(self.sectors, self.scale, series, title)
