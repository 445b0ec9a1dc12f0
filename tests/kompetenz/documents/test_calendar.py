"""Dates as iCalendar files, read back as other programs read them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest

from kompetenz.documents import DEADLINE, TALK, Event
from kompetenz.documents.calendar import calendar_file

SITE = "https://kompetenzrad.example.org"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
A_TALK = Event("gespraech-7", TALK, "/teilnahmen/7/", start=datetime(2026, 7, 1, 7, 30, tzinfo=UTC), location="Raum 2")
A_DEADLINE = Event("frist-selbst-7", DEADLINE, "/teilnahmen/7/", day=date(2026, 12, 31))


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
        "uid": "gespraech-7@kompetenzrad.example.org",
        "dtstamp": NOW,
        "sequence": 194529600,
        "summary": "Gespräch",
        "class": "PRIVATE",
        "url": "https://kompetenzrad.example.org/teilnahmen/7/",
        "dtstart": datetime(2026, 7, 1, 9, 30, tzinfo=BERLIN),
        "dtend": datetime(2026, 7, 1, 10, 30, tzinfo=BERLIN),
        "location": "Raum 2",
    }


def test_a_deadline_is_a_whole_day_that_stays_free():
    (entry,) = read(A_DEADLINE)

    assert (entry["dtstart"], "dtend" in entry) == (date(2026, 12, 31), False)
    assert (entry["summary"], entry["transp"], entry["class"]) == ("Frist im Kompetenzrad", "TRANSPARENT", "PRIVATE")


def test_a_newer_file_moves_the_entry():
    moved = Event(A_TALK.key, TALK, A_TALK.path, start=A_TALK.start + timedelta(days=1))

    (before,), (after,) = read(A_TALK), read(moved, now=NOW + timedelta(seconds=1))

    assert before["uid"] == after["uid"]
    assert before["sequence"] < after["sequence"] < 2**31
    assert before["dtstamp"] < after["dtstamp"]


def test_lines_end_and_fold_as_the_standard_says():
    long = Event("gespraech-1", TALK, "/x/", start=A_TALK.start, location="Büro für Öffentlichkeitsarbeit, " * 8)

    lines = made(long).split(b"\r\n")

    assert max(map(len, lines)) <= 75
    assert [line for line in lines if b"\n" in line] == []
    assert [line.decode() for line in lines][-2:] == ["END:VCALENDAR", ""]  # no letter is cut in two
    assert read(long)[0]["location"] == long.location


def test_what_people_write_adds_no_line_of_its_own():
    hostile = Event("gespraech-1", TALK, "/x/", start=A_TALK.start, location="Raum 1\r\nATTENDEE:mailto:a@b.c;,\\")

    assert b"\r\nATTENDEE" not in made(hostile)


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
