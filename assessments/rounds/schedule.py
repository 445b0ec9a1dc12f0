"""When a round's deadlines should lie: suggestions, and what speaks against a day. Days in, days out; knows no Django."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from kompetenz.public_holidays import holiday

DAY = timedelta(days=1)
FAIR = timedelta(weeks=2)  # between invitation and first deadline, and again between assessments and talks
SATURDAY = 5
EPIPHANY = 6  # of January

# Weeks after the opening. Four leave two for the invitation to be read and two to answer it.
SUGGESTED = {"self_due": 4, "manager_due": 4, "talk_due": 8, "plan_due": 10}
# A Fremdeinschätzung takes a quarter of an hour and a talk an hour and more, beside all other work.
MANY_REPORTS, ENOUGH_TO_RATE, RATED_A_WEEK = 40, 20, 10
ANSWERS = ("self_due", "manager_due", "peer_due")

AT_WEEKEND = "liegt am Wochenende."
BETWEEN_THE_YEARS = "liegt zwischen den Jahren: Viele sind dann nicht im Dienst."
A_HOLIDAY = "ist ein Feiertag: {}."
JUST_AFTER = "liegt in den ersten Tagen des Jahres: Viele sind dann noch nicht wieder im Dienst."
TOO_SOON = "lässt weniger als zwei Wochen Zeit. Manche lesen die Einladung erst nach einem Urlaub."
TALKS_TOO_SOON = "lässt nach den Einschätzungen weniger als zwei Wochen für die Gespräche."
PEERS_AFTER_TALK = "liegt nach dem Gespräch: Was aus dem Kollegium kommt, liegt im Gespräch dann noch nicht vor."


def is_at_weekend(day: date) -> bool:
    return day.weekday() >= SATURDAY


def is_between_the_years(day: date) -> bool:
    """From Christmas Eve to New Year's Day."""
    return (day.month, day.day) >= (12, 24) or (day.month, day.day) == (1, 1)


def is_free(day: date) -> bool:
    return is_at_weekend(day) or is_between_the_years(day)


def is_around_new_year(day: date) -> bool:
    """From Christmas Eve to Heilige Drei Könige: a deadline on the first days of the year is one in the holidays."""
    return is_between_the_years(day) or (day.month, day.day) <= (1, EPIPHANY)


def working_day(day: date, land: str = "") -> date:
    """``day``, or the first one after it on which people of this ``land`` are at work and have been before."""
    while is_at_weekend(day) or is_around_new_year(day) or holiday(day, land):
        day += DAY
    return day


def working_day_until(day: date) -> date:
    """``day``, or the last one before it on which an office works."""
    while is_free(day):
        day -= DAY
    return day


def suggested(today: date, land: str = "", later: timedelta = timedelta(0)) -> dict[str, date]:
    """Deadlines by the names of Round's fields, for a round that opens ``today``.

    All but that of the Selbsteinschätzung by so much ``later``.
    """
    more = {field: later if field != "self_due" else timedelta(0) for field in SUGGESTED}
    return {
        field: working_day(today + timedelta(weeks=weeks) + more[field], land) for field, weeks in SUGGESTED.items()
    }


def later_for(reports: int) -> timedelta:
    """How much longer a manager of so many needs than one of ENOUGH_TO_RATE, who rates two a working day."""
    return timedelta(weeks=max(0, ceil((reports - ENOUGH_TO_RATE) / RATED_A_WEEK)))


def moved(deadlines: Mapping[str, date | None], distance: timedelta, land: str = "") -> dict[str, date | None]:
    """``deadlines`` by field, each as much later; None stays None, and their order is kept."""
    return {field: day and working_day(day + distance, land) for field, day in deadlines.items()}


@dataclass(frozen=True)
class Doubt:
    """What speaks against a deadline; it may be kept all the same."""

    field: str
    day: date
    text: str


def doubts(deadlines: Mapping[str, date | None], today: date, land: str = "") -> list[Doubt]:
    """Doubts about ``deadlines`` by field (None: not set), for a round that opens ``today`` at the earliest.

    Days that have passed are left out: those are wrong, and said elsewhere.
    """
    coming = {field: day for field, day in deadlines.items() if day and day >= today}
    return [
        Doubt(field, day, text) for field, day in coming.items() for text in against(field, day, coming, today, land)
    ]


def against(field: str, day: date, deadlines: Mapping[str, date], today: date, land: str) -> list[str]:
    """The sentences that speak against one ``day``."""
    assessed = max((deadlines[name] for name in ("self_due", "manager_due") if name in deadlines), default=None)
    found = {
        AT_WEEKEND: is_at_weekend(day),
        BETWEEN_THE_YEARS: is_between_the_years(day),
        A_HOLIDAY.format(holiday(day, land)): bool(holiday(day, land)) and not is_between_the_years(day),
        JUST_AFTER: is_around_new_year(day) and not is_between_the_years(day) and not holiday(day, land),
        TOO_SOON: field in ANSWERS and day < today + FAIR,
        TALKS_TOO_SOON: field == "talk_due" and assessed is not None and assessed <= day < assessed + FAIR,
        PEERS_AFTER_TALK: field == "peer_due" and day > deadlines.get("talk_due", day),
    }
    return [text for text, holds in found.items() if holds]
