"""Published cells as they are read, by pages, workbook and JSON alike; without Django."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from kompetenz.catalogue.frozen import Catalogue, FrozenCategory, FrozenCompetency

from .suppression import FINE, Shares, together

VIEWS = {
    "unter": "unter Soll",
    "auf": "auf Soll",
    "ueber": "über Soll",
    "mit": "unter Soll, mit Maßnahme",
    "ohne": "unter Soll, ohne Maßnahme",
}  # as an address names them, in the order of Told.shares
ABOUT_MEASURES = ("mit", "ohne")
SHADES = 5  # of lightness, each for a fifth


class Numbers(Protocol):
    """A published group."""

    @property
    def of(self) -> Hashable: ...

    @property
    def steps(self) -> int: ...

    def knows(self, competency: int) -> bool: ...

    def shares_in(self, competency: int) -> Shares: ...

    @property
    def tells_measures(self) -> bool: ...

    def words(self, shares: Iterable[int | None]) -> list[str]: ...


OTHER_LEVELS = "Dort gab es eine andere Zahl von Stufen."
OTHER_COMPETENCIES = "Dort ging es um andere Kompetenzen."
OTHER_STEPS = "Dort stehen die Anteile in anderen Schritten, weil es mehr oder weniger Personen waren."


def incomparable(catalogue: Catalogue, before: Catalogue) -> str:
    """Why results by one catalogue say nothing beside those by another, in a sentence, or ""; the names of levels do not matter."""
    if len(catalogue.levels) != len(before.levels):
        return OTHER_LEVELS
    return "" if catalogue.by_id.keys() & before.by_id.keys() else OTHER_COMPETENCIES


Drawn = tuple[str, int, str]  # a share, how dark it is drawn, whether it was less or more before


@dataclass(frozen=True)
class Told:
    """What is told of one group in one competency, or in several together."""

    group: Numbers
    cell: Shares

    @property
    def shares(self) -> tuple[int | None, ...]:
        """In the order of VIEWS, then of each level; None where it is not told."""
        return (*self.cell.relations, *(self.cell.measures or (None, None)), *self.cell.levels)

    @property
    def words(self) -> list[str]:
        return self.group.words(self.shares)

    @property
    def views(self) -> list[str]:
        return self.words[: len(VIEWS)]

    @property
    def levels(self) -> list[str]:
        return self.group.words(self.cell.levels)

    def shade(self, view: int) -> int:
        """How dark a share is drawn: 0 to 4, by fifths."""
        return shade(self.shares[view], self.group.steps)

    @property
    def bar(self) -> list[tuple[int, str, str]]:
        """The levels as parts of a bar 100 wide: (level, where it begins, how wide it is), without those of (nearly) nobody."""
        parts, begin = [], 0.0
        for level, share in enumerate(self.cell.levels):
            width = 100 * share / self.group.steps
            if share:
                parts.append((level, f"{begin:.3f}", f"{width:.3f}"))
            begin += width
        return parts


def shade(share: int | None, steps: int) -> int:
    return 0 if share is None else min(SHADES - 1, round(FINE * share / steps) // 2)


def views_of(groups: Iterable[Numbers]) -> dict[str, str]:
    """Those of VIEWS that are told of any of these: the first ones, or all."""
    if any(group.tells_measures for group in groups):
        return VIEWS
    return {name: words for name, words in VIEWS.items() if name not in ABOUT_MEASURES}


def told(group: Numbers, *competencies: FrozenCompetency) -> Told:
    """What is told of a group in one competency, or in several together."""
    return Told(group, together([group.shares_in(one.id) for one in competencies]))


def change_since(then: Numbers | None, now: Numbers, view: int, competencies: Sequence[FrozenCompetency]) -> str:
    """Whether a share was told larger or smaller of the same group before (None if it had no numbers): "mehr", "weniger" or "".

    Only shares in the same steps are compared, and both were published: nothing is told that was not told already.
    """
    if then is None or then.steps != now.steps or not all(then.knows(one.id) for one in competencies):
        return ""
    before, after = (told(group, *competencies).shares[view] for group in (then, now))
    if before is None or after is None:
        return ""
    return "mehr" if after > before else "weniger" if after < before else ""


def heat_map(
    catalogue: Catalogue, groups: Sequence[Numbers], view: int, earlier: Mapping[Hashable, Numbers]
) -> list[tuple[FrozenCategory, list[Drawn], list[tuple[FrozenCompetency, list[Drawn]]]]]:
    """(category, its cells, [(competency, its cells)]), a cell as (share, how dark, change) of one view, or level after
    them, for each group.

    ``earlier`` are groups of another publication, by what they are groups of.
    """

    def drawn(*competencies: FrozenCompetency) -> list[Drawn]:
        return [
            (
                one.words[view],
                one.shade(view),
                change_since(earlier.get(group.of), group, view, competencies),
            )
            for group in groups
            for one in [told(group, *competencies)]
        ]

    return [
        (category, drawn(*category.competencies), [(one, drawn(one)) for one in category.competencies])
        for category in catalogue.categories
    ]


Bar = tuple[FrozenCompetency, float, Told, str]  # how long it is, up to 100; what is told; its share in words before


def bars(
    catalogue: Catalogue, group: Numbers, view: int, then: Numbers | None
) -> list[tuple[FrozenCategory, list[Bar]]]:
    """Of each category its competencies in one view; what was ``then`` where it was told in the same steps, else empty."""

    def bar(one: FrozenCompetency) -> Bar:
        now = told(group, one)
        before = ""
        if then is not None and then.steps == group.steps and then.knows(one.id):
            before = told(then, one).views[view]
        return one, 100 * (now.shares[view] or 0) / group.steps, now, before

    return [(category, [bar(one) for one in category.competencies]) for category in catalogue.categories]


def most_needed(catalogue: Catalogue, group: Numbers, view: int = 0) -> list[tuple[str, list[str]]]:
    """Share in words with the names of the competencies that have it: the largest shares first, none of (nearly) nobody."""
    found: dict[int, list[str]] = {}
    for one in catalogue.competencies:
        found.setdefault(told(group, one).shares[view] or 0, []).append(one.name)
    return [(group.words([share])[0], found[share]) for share in sorted(found, reverse=True) if share]
