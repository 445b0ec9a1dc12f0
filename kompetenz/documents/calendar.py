"""Dates as an iCalendar file (RFC 5545) for Outlook and its like: to be taken over once, or for a calendar that subscribes.

What a title may say, the apps above decide. Every entry is marked private.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import TypeVar
from zoneinfo import ZoneInfo

import icalendar

CANCEL = "CANCEL"  # a file's method: what it names is off
LENGTH_OF_A_TALK = timedelta(hours=1)
BERLIN = ZoneInfo("Europe/Berlin")
COUNTED_FROM = datetime(2020, 1, 1, tzinfo=UTC)
BEFORE_A_TALK = timedelta(minutes=-30)
BEFORE_A_DAY = timedelta(hours=-15)  # the day before at nine
EARLY = time(9)  # what begins before is to be known the day before
ASK_AGAIN = timedelta(hours=4)  # how often a calendar that subscribes is to look

HalfYear = TypeVar("HalfYear", icalendar.TimezoneDaylight, icalendar.TimezoneStandard)


@dataclass(frozen=True)
class Event:
    """An entry in somebody's calendar: all of ``day``, or an hour from ``start`` (with a time zone); one of the two.

    ``key`` and ``since``, the moment at which what the entry belongs to began, stay the same when the date moves, so that a
    newer file moves the entry. No other installation has both, and this one keeps them when its address changes.
    ``path`` is the page that says more.
    """

    key: str
    title: str
    path: str
    since: datetime
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
    calendar = empty()
    calendar.add("method", CANCEL if is_off else "PUBLISH")
    if any(event.start for event in events):
        calendar.add_component(berlin())
    for event in events:
        component = entry(event, site, now)
        if organizer:
            component.add("organizer", f"mailto:{organizer}")
        if is_off:
            component.add("status", "CANCELLED")
        else:
            component.add_component(alarm(event))
        calendar.add_component(component)
    content: bytes = calendar.to_ical()
    return content


def subscribed_calendar(events: Sequence[Event], *, site: str, now: datetime) -> bytes:
    """The whole calendar of somebody as it is ``now``: what is not in it any more goes from the calendar that subscribes.

    There may be no events at all; the time zone alone makes it a calendar.
    """
    calendar = empty()
    calendar.add("x-wr-calname", "Kompetenzrad")
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", icalendar.vDuration(ASK_AGAIN))
    calendar.add_component(berlin())
    for event in events:
        component = entry(event, site, now)
        component.add_component(alarm(event))
        calendar.add_component(component)
    content: bytes = calendar.to_ical()
    return content


def first_day(file: str) -> date | None:
    """The first day of what a file of ours enters or takes out; None for what is no such file."""
    return min((start.date() if isinstance(start, datetime) else start for start in starts(file)), default=None)


def titles(file: str) -> list[str]:
    """What the entries of a file of ours are called, each once, the earliest first."""
    entries = sorted(components(file), key=lambda one: f"{one.decoded('dtstart'):%Y%m%d%H%M}")
    return list(dict.fromkeys(str(one["summary"]) for one in entries))


def to_be_known_on(file: str, today: date) -> date | None:
    """The day on whose morning one still hears in time of what a file enters or takes out; None for what is no such file."""
    return min((_last_morning_before(start, today) for start in starts(file)), default=None)


def _last_morning_before(start: date | datetime, today: date) -> date:
    if not isinstance(start, datetime):
        return start
    is_early = start.time() < EARLY and start.date() != today
    return start.date() - timedelta(days=1) if is_early else start.date()


def starts(file: str) -> list[date | datetime]:
    """When the entries of a file of ours begin, in Berlin; none for what is no such file."""
    found = [component.decoded("dtstart") for component in components(file)]
    return [start.astimezone(BERLIN) if isinstance(start, datetime) else start for start in found]


def merged(files: Sequence[str]) -> list[str]:
    """Files of ours as at most two: one that enters and one that takes out. Of the same entry the last one counts."""
    if len(files) == 1:
        return list(files)
    last: dict[str, tuple[str, icalendar.Component]] = {}
    for file in files:
        method = CANCEL if f"METHOD:{CANCEL}" in file else "PUBLISH"
        for component in components(file):
            last[str(component["uid"])] = method, component
    found = []
    for method in ("PUBLISH", CANCEL):
        these = [component for its, component in last.values() if its == method]
        if these:
            calendar = empty()
            calendar.add("method", method)
            if any(isinstance(component.decoded("dtstart"), datetime) for component in these):
                calendar.add_component(berlin())
            for component in these:
                calendar.add_component(component)
            found.append(calendar.to_ical().decode())
    return found


def components(file: str) -> list[icalendar.Component]:
    try:
        return [part for part in icalendar.Calendar.from_ical(file).walk("VEVENT") if "dtstart" in part]
    except ValueError:
        return []


def empty() -> icalendar.Calendar:
    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Kompetenzrad//DE")
    return calendar


def entry(event: Event, site: str, now: datetime) -> icalendar.Event:
    component = icalendar.Event()
    component.add("uid", f"{event.key}@{sha256(event.since.astimezone(UTC).isoformat().encode()).hexdigest()[:16]}")
    component.add("dtstamp", now)
    component.add("sequence", int((now - COUNTED_FROM).total_seconds()))
    component.add("summary", event.title)
    component.add("class", "PRIVATE")
    component.add("url", site + event.path)
    component.add("description", f"Mehr dazu im Kompetenzrad: {site}{event.path}")  # Outlook shows no url
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


def alarm(event: Event) -> icalendar.Alarm:
    """The reminder of the calendar itself: half an hour before a talk, the morning before a day."""
    component = icalendar.Alarm()
    component.add("action", "DISPLAY")
    component.add("description", event.title)
    component.add("trigger", BEFORE_A_TALK if event.start else BEFORE_A_DAY)
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
