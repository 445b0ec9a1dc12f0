"""Until when something may be kept, reckoned from what has happened: days only, no Django."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

IN_USE = 12  # months after a change in which a plan that is not completed is in use


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@dataclass(frozen=True)
class Times:
    """What one participation's periods depend on; days in Europe/Berlin, None what has not happened.

    ``closed_on`` is the end of its round. ``ended`` are the ends of the person's other rounds in which they took part and that were
    opened after it, in order: (opened, closed). ``plan`` is the state of its learning plan, "" without one.
    """

    closed_on: date | None
    ended: tuple[tuple[date, date], ...] = ()
    declined: bool = False
    plan: str = ""
    plan_changed_on: date | None = None
    completed_on: date | None = None

    @property
    def has_running_plan(self) -> bool:
        return self.plan == "agreed"


def drafts_until(course: Times, days: Mapping[str, int]) -> date | None:
    """The last day of what nobody has released, and of who does not take part."""
    return course.closed_on and course.closed_on + timedelta(days=days["drafts"])


def plan_draft_until(course: Times, days: Mapping[str, int]) -> date | None:
    """The last day of a plan that is a draft."""
    if course.closed_on is None or course.plan != "draft":
        return None
    since = max(course.closed_on, course.plan_changed_on or course.closed_on)
    return since + timedelta(days=days["plan_drafts"])


def assessments_until(course: Times, months: Mapping[str, int]) -> date | None:
    """The last day of both sides' assessments and of the notes: the end of the person's next round, or of the period if that is sooner.

    While the plan runs only the period counts. A round that was opened later and has ended before this one is not the next.
    """
    if course.closed_on is None:
        return None
    last = months_after(course.closed_on, months["assessments"])
    if course.has_running_plan:
        return last
    return min([last, *(closed for _, closed in course.ended if closed > course.closed_on)])


def records_until(course: Times, months: Mapping[str, int]) -> date | None:
    """The last day of what was agreed, and of the participation with all that is left of it.

    It is the end of a further round that was opened after the plan was completed (without one: after the round), or of the period.
    A plan that runs is kept for a year after each change of it, whatever the period.
    """
    if course.closed_on is None:
        return None
    if course.has_running_plan:
        last = months_after(course.closed_on, months["records"])
        return max(last, months_after(course.plan_changed_on or course.closed_on, IN_USE))
    since = max(course.closed_on, course.completed_on or course.closed_on)
    last = months_after(since, months["records"])
    return min([last, *(closed for opened, closed in course.ended if opened >= since)])
