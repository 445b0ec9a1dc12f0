"""How levels have changed from one step to the next: plain comparison, without Django (paper 4.3.3)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kompetenz.catalogue.frozen import FrozenCompetency

from .standing import Standing

NEW, GONE, BACK = "neu", "nicht mehr im Katalog", "wieder im Katalog"


@dataclass(frozen=True)
class Cell:
    """One competency at one step: its level, if there is one, and in words what is different from the step before."""

    level: int | None
    level_name: str
    change: str


@dataclass(frozen=True)
class Course:
    """One competency over all steps; ``cells`` in the order of the steps."""

    competency: FrozenCompetency
    category: str
    cells: tuple[Cell, ...]


def courses(steps: Sequence[Standing]) -> list[Course]:
    """One course for each competency of any step, in the wheel's order of the latest step that knows it.

    ``steps`` are in their order, the earliest first. Competencies are told apart by their id; what a later catalogue no
    longer has keeps the words it had last and comes at the end of its category.
    """
    words: dict[int, tuple[str, FrozenCompetency]] = {}
    for catalogue in [catalogue for step in reversed(steps) for catalogue in (step.catalogue, step.record.catalogue)]:
        for category in catalogue.categories:
            for competency in category.competencies:
                words.setdefault(competency.id, (category.name, competency))
    order = list(dict.fromkeys(category for category, _ in words.values()))
    found = [Course(one, category, tuple(cells(one.id, steps))) for category, one in words.values()]
    return sorted(found, key=lambda course: order.index(course.category))


def cells(pk: int, steps: Sequence[Standing]) -> Iterator[Cell]:
    """One cell for each step; a level is compared with the last one before that counts, however many steps ago.

    Where the catalogue has it no more, there is a level only at a step that itself records one.
    """
    before: int | None = None
    seen = was_there = False
    for at, step in enumerate(steps):
        is_there = pk in step.catalogue.by_id
        is_shown = pk in step.levels and (is_there or pk in step.here)
        level, name = step.levels[pk] if is_shown else (None, "")
        if is_there and not was_there and at:
            words = BACK if seen else NEW
        elif not is_there and seen and not is_shown:
            words = GONE
        else:
            words = ""
        yield Cell(level, name, ", ".join(filter(None, [words, change(before, level)])))
        before = level if level is not None and step.record.counts else before
        seen, was_there = seen or is_there, is_there


def change(before: int | None, level: int | None) -> str:
    """How many levels more or fewer, with a sign; empty where nothing changed or there is nothing to compare."""
    if before is None or level is None or before == level:
        return ""
    return f"+{level - before}" if level > before else f"−{before - level}"
