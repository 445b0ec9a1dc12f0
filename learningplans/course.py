"""How levels have changed from one step to the next: plain comparison, without Django (paper 4.3.3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kompetenz.wheel import LEVEL_NAMES

NEW, GONE, BACK = "neu", "nicht mehr im Katalog", "wieder im Katalog"


@dataclass(frozen=True)
class Cell:
    """One competency at one step: its level (0-3 or None), and in words what is different from the step before."""

    level: int | None
    change: str

    @property
    def level_name(self):
        return "" if self.level is None else LEVEL_NAMES[self.level]


@dataclass(frozen=True)
class Course:
    """One competency over all steps; ``cells`` in the order of the steps."""

    competency: object
    category: str
    cells: tuple[Cell, ...]


def courses(steps: Sequence[tuple[object, Mapping[int, int | None]]]) -> list[Course]:
    """One course for each competency of any step, in the wheel's order of the latest step that knows it.

    ``steps`` are (frozen catalogue, level by competency id), the earliest first. Competencies are told apart by their
    id; what a later catalogue no longer has keeps the words it had last and comes at the end of its category.
    """
    words = {}
    for catalogue, _ in reversed(steps):
        for category in catalogue.categories:
            for competency in category.competencies:
                words.setdefault(competency.id, (category.name, competency))
    order = list(dict.fromkeys(category for category, _ in words.values()))
    found = [Course(one, category, tuple(cells(one.id, steps))) for category, one in words.values()]
    return sorted(found, key=lambda course: order.index(course.category))


def cells(pk: int, steps):
    """One cell for each step; a level is compared with the one before, however many steps ago."""
    before, seen, was_there = None, False, False
    for at, (catalogue, levels) in enumerate(steps):
        is_there = pk in catalogue.by_id
        level = levels.get(pk) if is_there else None
        if is_there and not was_there and at:
            words = BACK if seen else NEW
        elif not is_there:
            words = GONE if seen else ""
        else:
            words = ""
        yield Cell(level, ", ".join(filter(None, [words, change(before, level)])))
        before = before if level is None else level
        seen, was_there = seen or is_there, is_there


def change(before: int | None, level: int | None) -> str:
    """How many levels more or fewer, with a sign; empty where nothing changed or there is nothing to compare."""
    if before is None or level is None or before == level:
        return ""
    return f"+{level - before}" if level > before else f"−{before - level}"
