"""What a plan asks of somebody's time: hours by month, and the mix of the three Lernformen.

Only measures that count, i.e. all but the dropped ones. Hours are as exact as the plan has them: months of a measure
add up to its hours, whatever the rounding. Public holidays are working days here, for they differ by Land.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .model import FORMS, Stretch
from .months import first_day, last_day, month_of

WORKING_DAYS = 5
TENTH = Decimal("0.1")


@dataclass(frozen=True)
class MonthLoad:
    """The hours that fall into a month, which is given by its first day."""

    month: date
    hours: Decimal


@dataclass(frozen=True)
class Share:
    """What one Lernform has of a plan; whole percents, of each kind 100 in all or, where there is nothing to share, 0.

    ``hours`` are those known; ``without_hours`` measures do not say theirs.
    """

    form: str
    form_name: str
    count: int
    hours: Decimal
    without_hours: int
    percent_of_count: int
    percent_of_hours: int


def hours_by_month(stretches: Iterable[Stretch]) -> list[MonthLoad]:
    """The months that any hours fall into, in their order."""
    loads: defaultdict[int, Decimal] = defaultdict(Decimal)
    for stretch in stretches:
        for month, hours in _spread(stretch).items():
            loads[month] += hours
    return [MonthLoad(first_day(month), loads[month]) for month in sorted(loads) if loads[month]]


def overloaded(stretches: Iterable[Stretch], capacity: Decimal | None) -> list[MonthLoad]:
    """The months with more hours than ``capacity``, which is hours per month; None is no limit."""
    if capacity is None:
        return []
    return [load for load in hours_by_month(stretches) if load.hours > capacity]


def common_end(stretches: Iterable[Stretch]) -> date | None:
    """The month, by its first day, in which several measures and all of them end; None if they do not."""
    ends = [month_of(stretch.ends) for stretch in stretches if stretch.counts]
    return first_day(ends[0]) if len(ends) > 1 and len(set(ends)) == 1 else None


def mix(stretches: Iterable[Stretch], names: Mapping[str, str]) -> list[Share]:
    """How the plan is made up of the three Lernformen, ``names`` being theirs: each has its share, if only none."""
    counted = [stretch for stretch in stretches if stretch.counts]
    by_form = [[stretch for stretch in counted if stretch.form == form] for form in FORMS]
    hours = [sum((stretch.hours or Decimal() for stretch in members), Decimal()) for members in by_form]
    of_count, of_hours = percents([len(members) for members in by_form]), percents(hours)
    return [
        Share(
            form=form,
            form_name=names[form],
            count=len(members),
            hours=hours[place],
            without_hours=sum(stretch.hours is None for stretch in members),
            percent_of_count=of_count[place],
            percent_of_hours=of_hours[place],
        )
        for place, (form, members) in enumerate(zip(FORMS, by_form, strict=True))
    ]


def percents(parts: Sequence[int] | Sequence[Decimal]) -> list[int]:
    """Whole percents that add up to 100: what rounding down leaves goes to the largest remainders."""
    total = sum(parts)
    if not total:
        return [0] * len(parts)
    found = [int(part * 100 // total) for part in parts]
    largest = sorted(range(len(parts)), key=lambda place: parts[place] * 100 % total, reverse=True)
    for place in largest[: 100 - sum(found)]:
        found[place] += 1
    return found


def are_nearest(parts: Sequence[int] | Sequence[Decimal]) -> bool:
    """Whether each whole percent is the nearest to its part, equal parts alike, and 0 only where there is nothing.

    One measure of three is no more than another, and ten of twelve are not 84 %.
    """
    total, found = Decimal(sum(parts)), list(zip(map(Decimal, parts), percents(parts), strict=True))
    near = all(abs(percent * total - part * 100) * 2 <= total for part, percent in found)
    return (
        near
        and all(bool(part) == bool(percent) for part, percent in found)
        and len(set(found)) == len({part for part, _ in found})
    )


def _spread(stretch: Stretch) -> dict[int, Decimal]:
    """The measure's hours by month; rounded from its beginning on, so that what one month loses another gains."""
    if not stretch.counts or not stretch.hours:
        return {}
    if stretch.begins is None:
        return {month_of(stretch.ends): stretch.hours}
    days = _counting(stretch.begins, stretch.ends)
    whole = days(stretch.begins, stretch.ends)
    spread, so_far = {}, Decimal()
    for month in range(month_of(stretch.begins), month_of(stretch.ends) + 1):
        until = stretch.hours
        if last_day(month) < stretch.ends:
            gone = (stretch.hours * days(stretch.begins, last_day(month)) / whole).quantize(TENTH)
            until = min(gone, stretch.hours)
        spread[month] = until - so_far
        so_far = until
    return spread


def _counting(begins: date, ends: date) -> Callable[[date, date], int]:
    """How days are counted: Monday to Friday, or every day where a measure has nothing but a weekend."""
    return _working_days if _working_days(begins, ends) else _days


def _days(begins: date, ends: date) -> int:
    return (ends - begins).days + 1


def _working_days(begins: date, ends: date) -> int:
    return _working_days_until(ends.toordinal()) - _working_days_until(begins.toordinal() - 1)


def _working_days_until(ordinal: int) -> int:
    """From the calendar's first day, a Monday."""
    weeks, rest = divmod(ordinal, 7)
    return weeks * WORKING_DAYS + min(rest, WORKING_DAYS)
