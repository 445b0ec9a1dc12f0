"""One thing somebody has to do, as "Meine Aufgaben" lists it; each app above tells its own."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Task:
    """Something to do at ``url``; ``due`` is the last day in Europe/Berlin, None means no hurry."""

    title: str
    url: str
    due: date | None = None
    note: str = ""

    def is_overdue(self, today):
        return self.due is not None and self.due < today


def in_order(tasks):
    """Tasks by due date, the earliest first; those without a date come last."""
    return sorted(tasks, key=lambda task: (task.due is None, task.due or date.max, task.title))
