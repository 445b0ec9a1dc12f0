"""One thing somebody has to do, as "Meine Aufgaben" lists it; each app above tells its own."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from _typeshed import SupportsRichComparison

Row = TypeVar("Row")

SHOWN_SINGLY = 5  # tasks of one kind; beyond, there is one for each round


@dataclass(frozen=True)
class Task:
    """Something to do at ``url``; ``due`` is the last day in Europe/Berlin, None means no hurry."""

    title: str
    url: str
    due: date | None = None
    note: str = ""

    def is_overdue(self, today: date) -> bool:
        return self.due is not None and self.due < today


def in_order(tasks: Iterable[Task]) -> list[Task]:
    """Tasks by due date, the earliest first; those without a date come last."""
    return sorted(tasks, key=lambda task: (task.due is None, task.due or date.max, task.title))


def bundled(
    rows: Sequence[Row],
    *,
    by: "Callable[[Row], SupportsRichComparison]",
    one: Callable[[Row], Task],
    several: Callable[[list[Row]], Task],
) -> list[Task]:
    """``one(row)`` as a task for each of a few rows; of many, ``several(rows)`` for those with the same key ``by``."""
    if len(rows) <= SHOWN_SINGLY:
        return [one(row) for row in rows]
    groups = [list(group) for _, group in groupby(sorted(rows, key=by), by)]
    return [one(group[0]) if len(group) == 1 else several(group) for group in groups]
