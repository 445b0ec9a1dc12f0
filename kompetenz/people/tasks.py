"""One thing somebody has to do, as "Meine Aufgaben" lists it; each app above tells its own."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from _typeshed import SupportsRichComparison

Row = TypeVar("Row")

SHOWN_SINGLY = 5  # tasks of one kind; beyond, there is one for each round


@dataclass(frozen=True)
class Task:
    """Something to do at ``url``; ``due`` is the last day in Europe/Berlin, None means no hurry.

    With ``is_on`` that day is the day itself, of a Gespräch for example. With ``posts`` it is done by sending a form there.
    Where ``is_alike`` another task has the same title, and only the note tells them apart.
    """

    title: str
    url: str
    due: date | None = None
    note: str = ""
    is_on: bool = False
    posts: bool = False
    is_alike: bool = False

    def is_overdue(self, today: date) -> bool:
        return self.due is not None and self.due < today

    @property
    def late_since(self) -> date | None:
        """The first day on which it is late."""
        return self.due and self.due + timedelta(days=1)


def in_order(tasks: Iterable[Task]) -> list[Task]:
    """Tasks by due date, the earliest first; those without a date come last."""
    return sorted(tasks, key=lambda task: (task.due is None, task.due or date.max, task.title))


def by_urgency(tasks: Iterable[Task], today: date) -> list[tuple[str, list[tuple[Task, bool]]]]:
    """Headings with their tasks in order, each with whether it is late; of headings without a task there is none.

    What is due later is what comes next where nothing hurries more.
    """
    sunday = today + timedelta(days=6 - today.weekday())
    groups: dict[str, list[tuple[Task, bool]]] = {
        "Überfällig oder heute fällig": [],
        "Diese Woche fällig": [],
        "Später fällig": [],
        "Ohne Termin": [],
    }
    late, this_week, later, without = groups.values()
    ordered = in_order(tasks)
    titles = Counter(task.title for task in ordered)
    for task in (replace(task, is_alike=titles[task.title] > 1) for task in ordered):
        if task.due is None:
            group = without
        elif task.due <= today:
            group = late
        else:
            group = this_week if task.due <= sunday else later
        group.append((task, task.is_overdue(today)))
    found = [(title, tasks_of_it) for title, tasks_of_it in groups.items() if tasks_of_it]
    return [("Als Nächstes", found[0][1]), *found[1:]] if found and found[0][1] is later else found


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
