"""The catalogue as plain values, as a round keeps it: no database, no change."""

from dataclasses import dataclass
from functools import cached_property

from kompetenz import wheel


@dataclass(frozen=True)
class FrozenCompetency:
    """A competency with the words of its edition; ``anchors`` are those of Kenner, Könner and Experte."""

    id: int
    key: str
    number: int
    name: str
    label: str
    description: str
    anchors: tuple[str, ...]

    def __str__(self):
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
    """All categories of one edition in the wheel's order."""

    categories: tuple[FrozenCategory, ...]

    @classmethod
    def from_json(cls, content):
        """Read what ``EditionManager.current`` has written."""
        return cls(
            tuple(
                FrozenCategory(
                    category["key"],
                    category["name"],
                    slot,
                    tuple(
                        FrozenCompetency(**{**fields, "anchors": tuple(fields["anchors"])})
                        for fields in category["competencies"]
                    ),
                )
                for slot, category in enumerate(content)
            )
        )

    @cached_property
    def competencies(self):
        """Every competency in the wheel's order."""
        return tuple(competency for category in self.categories for competency in category.competencies)

    @cached_property
    def by_id(self):
        return {competency.id: competency for competency in self.competencies}

    @cached_property
    def sectors(self):
        """The wheel's sectors; the same tuple each time, so that the drawing of the base is kept."""
        return tuple(
            wheel.Sector(competency.number, competency.name, competency.label, colours)
            for category in self.categories
            for colours in [wheel.Category(category.key, category.name, category.slot)]
            for competency in category.competencies
        )

    def series(self, name, role, levels):
        """A series of the wheel from levels (0-3 or None) by competency id; a missing one is None."""
        return wheel.Series(name, role, tuple(levels.get(competency.id) for competency in self.competencies))

    def wheel(self, title, *series):
        """The Kompetenzrad of this catalogue."""
        return wheel.Wheel(self.sectors, tuple(series), title)
