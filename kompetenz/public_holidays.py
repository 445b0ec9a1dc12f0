"""Which days are public holidays in a Land; knows no Django."""

from datetime import date
from functools import lru_cache

LANDS = ("BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH")


def holiday(day: date, land: str = "") -> str:
    """What the public holiday on ``day`` is called; "" if it is none. Without a ``land`` those of all of Germany count."""
    return holidays_in(day.year, land).get(day, "")


@lru_cache(maxsize=256)
def holidays_in(year: int, land: str) -> dict[date, str]:
    from holidays import country_holidays  # late: it takes half a second, and few pages ask

    return {**country_holidays("DE", subdiv=land or None, years=year, language="de")}
