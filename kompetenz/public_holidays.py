"""Which days are public holidays in a Land; knows no Django."""

from datetime import date, timedelta
from functools import lru_cache

LANDS = ("BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH")
DAY, SATURDAY = timedelta(days=1), 5


def holiday(day: date, land: str = "") -> str:
    """What the public holiday on ``day`` is called; "" if it is none. Without a ``land`` those of all of Germany count."""
    return holidays_in(day.year, land).get(day, "")


@lru_cache(maxsize=256)
def holidays_in(year: int, land: str) -> dict[date, str]:
    from holidays import country_holidays  # late: it takes half a second, and few pages ask

    return {**country_holidays("DE", subdiv=land or None, years=year, language="de")}


def is_office_day(day: date, land: str = "") -> bool:
    """Whether offices in the ``land`` work on ``day``: Monday to Friday, but on no public holiday."""
    return day.weekday() < SATURDAY and not holiday(day, land)


def office_day_from(day: date, land: str = "") -> date:
    """``day``, or the first one after it on which offices work."""
    while not is_office_day(day, land):
        day += DAY
    return day


def office_day_until(day: date, land: str = "") -> date:
    """``day``, or the last one before it on which offices work."""
    while not is_office_day(day, land):
        day -= DAY
    return day
