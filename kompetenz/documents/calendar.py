"""Dates as an iCalendar file (RFC 5545) for Outlook and its like. Says no more than that there is a date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

import icalendar

# A calendar is often open to the whole office: no names, no content.
TALK = "Gespräch"
DEADLINE = "Frist im Kompetenzrad"

CANCEL = "CANCEL"  # a file's method: what it names is off
LENGTH_OF_A_TALK = timedelta(hours=1)
BERLIN = ZoneInfo("Europe/Berlin")
COUNTED_FROM = datetime(2020, 1, 1, tzinfo=UTC)


HalfYear = TypeVar("HalfYear", icalendar.TimezoneDaylight, icalendar.TimezoneStandard)


@dataclass(frozen=True)
class Event:
    """An entry in somebody's calendar: all of ``day``, or an hour from ``start`` (with a time zone); one of the two.

    ``key`` stays the same when the date moves, so that a newer file moves the entry; ``path`` is the page that says more.
    """

    key: str
    title: str
    path: str
    day: date | None = None
    start: datetime | None = None
    location: str = ""


def calendar_file(
    events: Sequence[Event], *, site: str, now: datetime, organizer: str = "", is_off: bool = False
) -> bytes:
    """The file's bytes; ``site`` is the app's address, such as https://kompetenzrad.example.org, ``now`` is in UTC.

    Every entry counts as newer than the same entry in a file made before: nobody keeps count of moved dates. Events that
    are off are taken out of the calendar by it. ``organizer`` is the address that sends it.
    """
    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Kompetenzrad//DE")
    calendar.add("method", CANCEL if is_off else "PUBLISH")
    if any(event.start for event in events):
        calendar.add_component(berlin())
    for event in events:
        component = entry(event, site, now)
        if organizer:
            component.add("organizer", f"mailto:{organizer}")
        if is_off:
            component.add("status", "CANCELLED")
        calendar.add_component(component)
    content: bytes = calendar.to_ical()
    return content


def entry(event: Event, site: str, now: datetime) -> icalendar.Event:
    component = icalendar.Event()
    component.add("uid", f"{event.key}@{site.rsplit('//', maxsplit=1)[-1]}")
    component.add("dtstamp", now)
    component.add("sequence", int((now - COUNTED_FROM).total_seconds()))
    component.add("summary", event.title)
    component.add("class", "PRIVATE")
    component.add("url", site + event.path)
    if event.start:
        start = event.start.astimezone(BERLIN)
        component.add("dtstart", start)
        component.add("dtend", (event.start + LENGTH_OF_A_TALK).astimezone(BERLIN))
    else:
        component.add("dtstart", event.day)  # without an end it is this one day
        component.add("transp", "TRANSPARENT")  # the day stays free for other things
    if event.location:
        component.add("location", event.location)
    return component


def berlin() -> icalendar.Timezone:
    """The time zone by its rule: what icalendar finds by itself lists every year since 1970, an hour off."""
    zone = icalendar.Timezone()
    zone.add("tzid", BERLIN.key)
    zone.add_component(half_year(icalendar.TimezoneDaylight(), "CEST", datetime(1996, 3, 31, 2), since=1, then=2))  # noqa: DTZ001
    zone.add_component(half_year(icalendar.TimezoneStandard(), "CET", datetime(1996, 10, 27, 3), since=2, then=1))  # noqa: DTZ001
    return zone


def half_year(component: HalfYear, name: str, begins: datetime, *, since: int, then: int) -> HalfYear:
    """Summer or winter time, from the last Sunday of a month on; hours ahead of UTC before and after the change."""
    component.add("tzname", name)
    component.add("dtstart", begins)
    component.add("rrule", {"freq": "yearly", "bymonth": begins.month, "byday": "-1SU"})
    component.add("tzoffsetfrom", timedelta(hours=since))
    component.add("tzoffsetto", timedelta(hours=then))
    return component
