"""Months as whole numbers, counted from the beginning of the calendar, so that they can be added and compared."""

from calendar import monthrange
from datetime import date

LAST_MONTH = date.max.year * 12 + 11
_SHORT = ("Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez.")


def month_of(day: date) -> int:
    """The month a day lies in."""
    return day.year * 12 + day.month - 1


def first_day(month: int) -> date:
    """The month's first day."""
    return date(month // 12, month % 12 + 1, 1)


def last_day(month: int) -> date:
    """The month's last day."""
    year, place = divmod(month, 12)
    return date(year, place + 1, monthrange(year, place + 1)[1])


def short_name(month: int) -> str:
    """The month as an axis says it, e.g. ``Sept. 2027``."""
    year, place = divmod(month, 12)
    return f"{_SHORT[place]} {year}"
