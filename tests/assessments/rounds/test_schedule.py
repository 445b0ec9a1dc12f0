"""Suggested deadlines and what speaks against chosen ones; days only."""

from datetime import date, timedelta

import pytest

from assessments.rounds import schedule
from assessments.rounds.schedule import doubts, moved, suggested, working_day
from kompetenz.public_holidays import LANDS

MONDAY = date(2026, 3, 2)


def said(today=MONDAY, **days):
    return [(doubt.field, doubt.day, doubt.text) for doubt in doubts(days, today)]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 3, 6), date(2026, 3, 6)),  # a Friday
        (date(2026, 3, 7), date(2026, 3, 9)),
        (date(2026, 3, 8), date(2026, 3, 9)),
        (date(2026, 12, 23), date(2026, 12, 23)),
        (date(2026, 12, 24), date(2027, 1, 7)),  # the first days of the year are holidays for many
        (date(2028, 1, 1), date(2028, 1, 7)),
        (date(2026, 4, 3), date(2026, 4, 7)),  # Karfreitag, a weekend, Ostermontag
        (date(2026, 10, 31), date(2026, 11, 2)),
    ],
)
def test_a_day_on_which_nobody_works_becomes_the_next_one_on_which_they_do(day, expected):
    assert working_day(day) == expected


@pytest.mark.parametrize("after", range(400))
def test_a_suggestion_is_in_order_and_gives_no_cause_for_doubt(after):
    today = MONDAY + timedelta(days=after)

    days = suggested(today)

    assert days["self_due"] == days["manager_due"] <= days["talk_due"] <= days["plan_due"]
    assert doubts(days, today) == []


def test_moving_keeps_the_order_and_what_is_not_set():
    days = {"self_due": date(2026, 1, 9), "talk_due": date(2026, 1, 10), "plan_due": None}

    # five weeks and a day later: both would be at a weekend
    assert moved(days, timedelta(days=36)) == {
        "self_due": date(2026, 2, 16),
        "talk_due": date(2026, 2, 16),
        "plan_due": None,
    }


@pytest.mark.parametrize(
    ("field", "day", "text"),
    [
        ("self_due", date(2026, 3, 28), schedule.AT_WEEKEND),
        ("plan_due", date(2026, 12, 28), schedule.BETWEEN_THE_YEARS),
        ("self_due", date(2026, 3, 13), schedule.TOO_SOON),
        ("manager_due", date(2026, 3, 2), schedule.TOO_SOON),
        ("peer_due", date(2026, 3, 13), schedule.TOO_SOON),
    ],
)
def test_a_day_raises_its_doubt(field, day, text):
    assert said(**{field: day}) == [(field, day, text)]


@pytest.mark.parametrize("field", ["self_due", "manager_due", "peer_due"])
def test_two_weeks_are_enough(field):
    assert said(**{field: MONDAY + timedelta(weeks=2)}) == []


def test_talks_want_two_weeks_of_their_own():
    assessed, talk = date(2026, 4, 1), date(2026, 4, 14)
    days = {"self_due": date(2026, 3, 18), "manager_due": assessed}

    assert said(**days, talk_due=talk) == [("talk_due", talk, schedule.TALKS_TOO_SOON)]
    assert said(**days, talk_due=talk + timedelta(days=1)) == []


def test_colleagues_should_have_answered_before_the_talk():
    talk = date(2026, 5, 4)
    later = talk + timedelta(days=1)

    assert said(talk_due=talk, peer_due=talk) == []
    assert said(talk_due=talk, peer_due=later) == [("peer_due", later, schedule.PEERS_AFTER_TALK)]


def test_what_is_past_or_not_set_is_not_doubted():
    assert said(self_due=date(2026, 2, 28), talk_due=None) == []


def test_one_day_may_raise_several_doubts():
    sunday = date(2026, 12, 27)

    assert [text for _, _, text in said(date(2026, 12, 20), self_due=sunday)] == [
        schedule.AT_WEEKEND,
        schedule.BETWEEN_THE_YEARS,
        schedule.TOO_SOON,
    ]


@pytest.mark.parametrize(
    ("land", "day", "expected"),
    [
        ("", date(2026, 6, 4), date(2026, 6, 4)),
        ("NW", date(2026, 6, 4), date(2026, 6, 5)),  # Fronleichnam
        ("SN", date(2026, 11, 18), date(2026, 11, 19)),  # Buß- und Bettag
        ("NW", date(2026, 11, 18), date(2026, 11, 18)),
    ],
)
def test_the_holidays_of_the_land_are_left_out(land, day, expected):
    assert working_day(day, land) == expected


@pytest.mark.parametrize("land", ["", *LANDS])
def test_no_suggestion_is_on_a_free_day_of_any_land(land):
    for after in range(0, 730, 3):
        today = MONDAY + timedelta(days=after)
        assert doubts(suggested(today, land), today, land) == []


def test_a_holiday_is_named():
    assert said(plan_due=date(2026, 5, 14)) == [
        ("plan_due", date(2026, 5, 14), "ist ein Feiertag: Christi Himmelfahrt.")
    ]
    assert said(plan_due=date(2027, 1, 5)) == [("plan_due", date(2027, 1, 5), schedule.JUST_AFTER)]


@pytest.mark.parametrize(("reports", "weeks"), [(0, 0), (20, 0), (21, 1), (42, 3), (200, 18)])
def test_who_has_many_people_needs_more_time(reports, weeks):
    more = schedule.later_for(reports)

    assert more == timedelta(weeks=weeks)
    assert suggested(MONDAY, later=more)["self_due"] == suggested(MONDAY)["self_due"]
    assert suggested(MONDAY, later=more)["talk_due"] >= suggested(MONDAY)["talk_due"] + more
