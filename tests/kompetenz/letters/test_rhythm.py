"""When somebody may be written to again; days of any year, no database."""

from datetime import date, datetime, time, timedelta

import pytest

from kompetenz.letters.rhythm import Rhythm
from kompetenz.public_holidays import is_office_day, office_day_from, office_day_until
from tests.clock import BERLIN, TODAY


def a_day(weekday, land=""):
    """The first such weekday from the tests' today around which ten days are no holidays."""
    day = TODAY + timedelta(days=(weekday - TODAY.weekday()) % 7)
    while any(
        not is_office_day(day + timedelta(days=n), land) for n in range(-3, 11) if (day + timedelta(n)).weekday() < 5
    ):
        day += timedelta(days=7)
    return day


def at(day, hour=10):
    return datetime.combine(day, time(hour), BERLIN)


def wait(day, *, today=0, in_seven_days=0, due=None, a_week=5, land=""):
    """The day until which a message waits that would be sent on ``day``, or None."""
    until = Rhythm(a_week, land).wait_until(at(day), today=today, in_seven_days=in_seven_days, due=due)
    assert until is None or until.time() == time(7)
    return until and until.date()


MONDAY, FRIDAY, SATURDAY, SUNDAY = 0, 4, 5, 6
DAY = timedelta(days=1)


def test_the_first_message_of_an_office_day_goes_out():
    assert wait(a_day(MONDAY)) is None


def test_the_second_of_a_day_waits_for_the_next_morning():
    monday, friday = a_day(MONDAY), a_day(FRIDAY)

    assert wait(monday, today=1) == monday + DAY
    assert wait(friday, today=1) == friday + 3 * DAY


def test_more_than_a_handful_in_seven_days_waits():
    monday = a_day(MONDAY)

    assert [wait(monday, in_seven_days=n) for n in (4, 5, 9)] == [None, monday + DAY, monday + DAY]


@pytest.mark.parametrize(("days", "goes"), [(-1, False), (0, True), (1, False), (2, False)])
def test_what_is_due_before_the_next_message_goes_out_in_spite_of_both(days, goes):
    monday = a_day(MONDAY)
    until = wait(monday, today=1, in_seven_days=7, due=monday + days * DAY)

    assert until == (None if goes else monday + DAY)


def test_on_friday_what_is_due_before_monday_is_said_before():
    friday = a_day(FRIDAY)

    assert [wait(friday, today=1, due=friday + n * DAY) for n in range(4)] == [None] * 3 + [friday + 3 * DAY]


@pytest.mark.parametrize("weekday", [SATURDAY, SUNDAY])
def test_at_weekends_nothing_goes_out_not_even_what_is_due(weekday):
    day = a_day(weekday)

    assert wait(day, due=day) == wait(day) == office_day_from(day) == day + (7 - weekday) * DAY


def test_holidays_are_those_of_the_land():
    corpus_christi = date(2027, 5, 27)  # in Bavaria and elsewhere, not in Berlin

    assert wait(corpus_christi, land="BY") == date(2027, 5, 28)
    assert wait(corpus_christi, land="BE") is None
    assert wait(date(2027, 3, 26), land="BE") == date(2027, 3, 30)  # Good Friday to Easter Monday


def test_the_morning_is_seven_in_berlin_on_both_sides_of_summer_time():
    before, after = date(2027, 3, 26), date(2027, 3, 30)
    morning = Rhythm(5).next_morning(datetime.combine(before, time(10), BERLIN))

    assert (morning.isoformat(), morning.date()) == ("2027-03-30T07:00:00+02:00", after)


def test_office_days_before_and_after():
    sunday = a_day(SUNDAY)

    assert office_day_until(sunday) == sunday - 2 * DAY
    assert office_day_from(sunday) == sunday + DAY
    assert office_day_from(sunday + DAY) == office_day_until(sunday + DAY) == sunday + DAY
