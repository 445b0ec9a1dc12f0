"""Dates as iCalendar files, read back as other programs read them."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest

from kompetenz.documents import Event
from kompetenz.documents.calendar import calendar_file, subscribed_calendar

SITE = "https://kompetenzrad.example.org"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
TALK, PAGE = "Gespräch mit Anna Ärmel", "/teilnahmen/7/"
OPENED = datetime(2026, 2, 3, 8, 15, 9, 123456, tzinfo=UTC)
A_TALK = Event("gespraech-7", TALK, PAGE, OPENED, start=datetime(2026, 7, 1, 7, 30, tzinfo=UTC), location="Raum 2")
A_DEADLINE = Event("frist-selbst-7", "Frist: Selbsteinschätzung, Runde", PAGE, OPENED, day=date(2026, 12, 31))


def made(*events, now=NOW):
    return calendar_file(list(events), site=SITE, now=now)


def read(*events, now=NOW):
    """The entries as plain values."""
    calendar = icalendar.Calendar.from_ical(made(*events, now=now))
    return [
        {name.lower(): getattr(value, "dt", value) for name, value in component.property_items(recursive=False)}
        for component in calendar.walk("VEVENT")
    ]


def test_a_talk_takes_an_hour_of_berlins_day():
    (entry,) = read(A_TALK)

    del entry["begin"], entry["end"]
    assert entry == {
        "uid": uid_of(A_TALK),
        "dtstamp": NOW,
        "sequence": 194529600,
        "summary": "Gespräch mit Anna Ärmel",
        "class": "PRIVATE",
        "url": "https://kompetenzrad.example.org/teilnahmen/7/",
        "description": "Mehr dazu im Kompetenzrad: https://kompetenzrad.example.org/teilnahmen/7/",
        "dtstart": datetime(2026, 7, 1, 9, 30, tzinfo=BERLIN),
        "dtend": datetime(2026, 7, 1, 10, 30, tzinfo=BERLIN),
        "location": "Raum 2",
    }


def test_a_deadline_is_a_whole_day_that_stays_free():
    (entry,) = read(A_DEADLINE)

    assert (entry["dtstart"], "dtend" in entry) == (date(2026, 12, 31), False)
    assert (entry["transp"], entry["class"]) == ("TRANSPARENT", "PRIVATE")


def uid_of(event, site=SITE):
    (entry,) = icalendar.Calendar.from_ical(calendar_file([event], site=site, now=NOW)).walk("VEVENT")
    return str(entry["uid"])


def test_an_entry_is_the_same_wherever_the_app_stands_and_unlike_any_other():
    in_berlin = replace(A_TALK, since=OPENED.astimezone(BERLIN))
    others = [
        A_DEADLINE,
        replace(A_TALK, key="gespraech-8"),
        replace(A_TALK, since=OPENED + timedelta(microseconds=1)),  # the same number in another installation
    ]

    assert uid_of(A_TALK, "http://127.0.0.1:8207") == uid_of(A_TALK) == uid_of(in_berlin)
    assert len({uid_of(event) for event in [A_TALK, *others]}) == 4
    assert uid_of(A_TALK).startswith("gespraech-7@")


@pytest.mark.parametrize(("event", "before"), [(A_TALK, timedelta(minutes=30)), (A_DEADLINE, timedelta(hours=15))])
def test_the_calendar_reminds_half_an_hour_before_a_talk_and_the_morning_before_a_day(event, before):
    (alarm,) = icalendar.Calendar.from_ical(made(event)).walk("VALARM")

    assert (alarm["action"], str(alarm["description"]), alarm["trigger"].dt) == ("DISPLAY", event.title, -before)


def test_what_is_off_has_no_alarm():
    off = calendar_file([A_TALK], site=SITE, now=NOW, is_off=True)

    assert (b"METHOD:CANCEL" in off, b"STATUS:CANCELLED" in off, b"VALARM" in off) == (True, True, False)


def test_a_calendar_that_subscribes_gets_the_same_entries_and_hears_when_to_ask_again():
    calendar = icalendar.Calendar.from_ical(subscribed_calendar([A_TALK], site=SITE, now=NOW))

    assert calendar.walk("VEVENT") == icalendar.Calendar.from_ical(made(A_TALK)).walk("VEVENT")
    assert (str(calendar["x-wr-calname"]), calendar["refresh-interval"].dt) == ("Kompetenzrad", timedelta(hours=4))
    assert "method" not in calendar  # nobody is invited to anything


def test_an_empty_calendar_is_one_all_the_same():
    calendar = icalendar.Calendar.from_ical(subscribed_calendar([], site=SITE, now=NOW))

    assert [component.name for component in calendar.subcomponents] == ["VTIMEZONE"]


def test_a_newer_file_moves_the_entry():
    moved = replace(A_TALK, start=A_TALK.start + timedelta(days=1))

    (before,), (after,) = read(A_TALK), read(moved, now=NOW + timedelta(seconds=1))

    assert before["uid"] == after["uid"]
    assert before["sequence"] < after["sequence"] < 2**31
    assert before["dtstamp"] < after["dtstamp"]


def test_lines_end_and_fold_as_the_standard_says():
    long = replace(
        A_TALK, title=f"Gespräch mit {'Ägidius-Žižek ' * 9}", location="Büro für Öffentlichkeitsarbeit, " * 8
    )

    lines = made(long).split(b"\r\n")

    assert max(map(len, lines)) <= 75
    assert [line for line in lines if b"\n" in line] == []
    assert [line.decode() for line in lines][-2:] == ["END:VCALENDAR", ""]  # no letter is cut in two
    assert (read(long)[0]["location"], read(long)[0]["summary"]) == (long.location, long.title)


@pytest.mark.parametrize("field", ["title", "location"])
def test_what_people_write_adds_no_line_of_its_own(field):
    hostile = 'A\r\nATTENDEE:mailto:a@b.c;,\\n\nEND:VEVENT\rX;CN="Ö":'

    file = made(replace(A_TALK, **{field: hostile}))

    names = {re.split(rb"[;:]", line)[0] for line in file.replace(b"\r\n ", b"").split(b"\r\n")}
    assert b"ATTENDEE" not in names
    assert (file.count(b"END:VEVENT\r\n"), b"\r" in file.replace(b"\r\n", b"")) == (1, False)


@pytest.mark.parametrize(
    ("start", "begins", "ends"),
    [
        (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), "20270328T013000", "20270328T033000"),  # the hour that is left out
        (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), "20271031T023000", "20271031T023000"),  # the hour that comes twice
        (datetime(2027, 6, 30, 22, 30, tzinfo=UTC), "20270701T003000", "20270701T013000"),
    ],
)
def test_a_talk_takes_an_hour_by_berlins_clocks(start, begins, ends):
    file = made(replace(A_TALK, start=start)).decode()

    assert re.findall(r"DT(?:START|END);TZID=Europe/Berlin:(\S+)", file) == [begins, ends]


@pytest.mark.parametrize(
    ("moment", "offset"),
    [
        ((2026, 3, 29, 1, 59), 1),
        ((2026, 3, 29, 3, 0), 2),
        ((2026, 10, 25, 1, 59), 2),
        ((2026, 10, 25, 3, 0), 1),
    ],
)
def test_the_time_zone_in_the_file_says_the_same_as_berlins_clocks(moment, offset):
    zone = next(iter(icalendar.Calendar.from_ical(made(A_TALK)).walk("VTIMEZONE")))

    at = datetime(*moment, tzinfo=zone.to_tz(lookup_tzid=False))

    assert at.utcoffset() == datetime(*moment, tzinfo=BERLIN).utcoffset() == timedelta(hours=offset)


def test_days_alone_need_no_time_zone():
    assert b"VTIMEZONE" not in made(A_DEADLINE)
    assert made(A_DEADLINE, A_TALK, A_TALK).count(b"BEGIN:VTIMEZONE") == 1
