from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learningplans.timeline import MonthLoad, Share, common_end, hours_by_month, mix, overloaded
from learningplans.timeline.load import are_nearest, percents

from .timelines import FORM_NAMES, agreed_plan, stretch

YEARS = st.dates(date(2026, 1, 1), date(2029, 12, 31))
HOURS = st.none() | st.decimals(0, 99_999, places=1)


@st.composite
def stretches(draw):
    begins, ends = sorted((draw(YEARS), draw(YEARS)))
    return stretch(
        1,
        draw(st.sampled_from([begins, None])),
        ends,
        draw(st.sampled_from(list(FORM_NAMES))),
        draw(st.sampled_from(["planned", "done", "dropped"])),
        draw(HOURS),
    )


def test_hours_are_spread_over_the_working_days():
    # January 2027 has 5 working days from the 25th on, February 20, March 5 until the 5th
    three_months = stretch(1, date(2027, 1, 25), date(2027, 3, 5), hours="60")

    assert hours_by_month([three_months]) == [
        MonthLoad(date(2027, 1, 1), Decimal(10)),
        MonthLoad(date(2027, 2, 1), Decimal(40)),
        MonthLoad(date(2027, 3, 1), Decimal(10)),
    ]


def test_a_month_gains_what_rounding_took_from_the_one_before():
    # 3 hours over 5 + 20 + 5 working days: 0.5, 2, 0.5; one hour: 0.166..., 0.666..., 0.166...
    one_hour = stretch(1, date(2027, 1, 25), date(2027, 3, 5), hours="1")

    assert [load.hours for load in hours_by_month([one_hour])] == [Decimal("0.2"), Decimal("0.6"), Decimal("0.2")]


def test_without_a_beginning_all_hours_fall_into_the_month_of_the_end():
    assert hours_by_month([stretch(1, None, date(2027, 9, 15), hours="16")]) == [
        MonthLoad(date(2027, 9, 1), Decimal(16))
    ]


def test_a_weekend_has_hours_too():
    # Saturday 31 July and Sunday 1 August
    assert hours_by_month([stretch(1, date(2027, 7, 31), date(2027, 8, 1), hours="12")]) == [
        MonthLoad(date(2027, 7, 1), Decimal(6)),
        MonthLoad(date(2027, 8, 1), Decimal(6)),
    ]


def test_months_that_no_hours_fall_into_are_left_out():
    found = hours_by_month(
        [
            stretch(1, None, date(2027, 3, 1), hours="4"),
            stretch(2, None, date(2027, 1, 1), hours="4"),
            stretch(3, None, date(2027, 2, 1), hours=None),
            stretch(4, None, date(2027, 2, 1), hours="8", state="dropped"),
            stretch(5, None, date(2027, 2, 1), hours="0"),
        ]
    )

    assert found == [MonthLoad(date(2027, 1, 1), Decimal(4)), MonthLoad(date(2027, 3, 1), Decimal(4))]


@given(st.lists(stretches(), max_size=8))
def test_the_months_add_up_to_what_counts_and_none_is_below_zero(found):
    loads = hours_by_month(found)

    assert sum(load.hours for load in loads) == sum(one.hours or 0 for one in found if one.counts)
    assert all(load.hours > 0 for load in loads)
    assert [load.month for load in loads] == sorted({load.month for load in loads})


@given(stretches())
def test_hours_fall_between_beginning_and_end(one):
    months = [load.month for load in hours_by_month([one])]

    assert all(one.first_day.replace(day=1) <= month <= one.ends for month in months)


@given(st.decimals(0, 1, places=3), st.lists(YEARS, min_size=2, max_size=2))
def test_finer_hours_than_the_plan_has_are_kept_too(hours, days):
    loads = hours_by_month([stretch(1, min(days), max(days), hours=str(hours))])

    assert sum(load.hours for load in loads) == hours
    assert all(load.hours > 0 for load in loads)


def test_a_full_month_is_not_too_much_and_one_hour_more_is():
    plan = [stretch(1, None, date(2027, 3, 1), hours="10"), stretch(2, None, date(2027, 4, 1), hours="11")]

    assert overloaded(plan, Decimal(10)) == [MonthLoad(date(2027, 4, 1), Decimal(11))]


def test_no_capacity_is_no_limit_and_none_at_all_is_one():
    plan = [stretch(1, None, date(2027, 3, 1), hours="10")]

    assert (overloaded(plan, None), overloaded(plan, Decimal(0))) == ([], hours_by_month(plan))


@pytest.mark.parametrize(
    ("ends", "together"),
    [
        ([], None),
        ([date(2027, 3, 1)], None),  # a single measure has to end somewhere
        ([date(2027, 3, 1), date(2027, 3, 31)], date(2027, 3, 1)),
        ([date(2027, 3, 31), date(2027, 4, 1)], None),
        ([date(2027, 3, 1), date(2028, 3, 1)], None),
    ],
)
def test_it_is_said_when_everything_ends_in_one_month(ends, together):
    assert common_end([stretch(n, None, day) for n, day in enumerate(ends)]) == together


def test_dropped_measures_end_nowhere():
    plan = [
        stretch(1, None, date(2027, 3, 1)),
        stretch(2, None, date(2027, 3, 9)),
        stretch(3, None, date(2027, 7, 1), state="dropped"),
    ]

    assert common_end(plan) == date(2027, 3, 1)
    assert common_end(plan[1:]) is None


def test_the_mix_shares_hours_and_measures_out():
    assert mix(agreed_plan().stretches, FORM_NAMES) == [
        Share("challenge", "Lernen aus Herausforderungen", 2, Decimal(40), 1, 50, 52),
        Share("interaction", "Lernen aus Interaktion", 1, Decimal("12.5"), 0, 25, 16),
        Share("classic", "klassische Weiterbildung", 1, Decimal(24), 0, 25, 32),
    ]


def test_a_form_without_measures_has_its_share_of_nothing():
    assert mix([stretch(1, None, date(2027, 3, 1), hours=None)], FORM_NAMES) == [
        Share("challenge", "Lernen aus Herausforderungen", 1, Decimal(), 1, 100, 0),
        Share("interaction", "Lernen aus Interaktion", 0, Decimal(), 0, 0, 0),
        Share("classic", "klassische Weiterbildung", 0, Decimal(), 0, 0, 0),
    ]


@given(st.lists(stretches(), max_size=8))
def test_the_mix_leaves_nothing_out(found):
    shares = mix(found, FORM_NAMES)

    counted = [one for one in found if one.counts]
    assert sum(share.count for share in shares) == len(counted)
    assert sum(share.hours for share in shares) == sum(load.hours for load in hours_by_month(found))
    assert sum(share.without_hours for share in shares) == sum(one.hours is None for one in counted)
    assert sum(share.percent_of_count for share in shares) == (100 if counted else 0)


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=5) | st.lists(st.decimals(0, 999, places=1), min_size=1))
def test_percents_add_up_and_are_less_than_one_off(parts):
    found = percents(parts)

    total = sum(parts)
    assert sum(found) == (100 if total else 0)
    assert all(abs(percent - part * 100 / total) < 1 for percent, part in zip(found, parts, strict=True) if total)


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        ([1, 1, 1], False),  # 34, 33 and 33
        ([10, 1, 1], False),  # 84 %, where 83 is nearer
        ([Decimal("0.5"), Decimal(100), Decimal(0)], False),  # 0 % of what there is
        ([3, 3, 1], True),
        ([1, 1, 2], True),
        ([0, 0, 0], True),
    ],
)
def test_percents_are_shown_where_each_is_the_nearest(parts, shown):
    assert are_nearest(parts) == shown
