"""Until when something may be kept: arithmetic of days."""

from datetime import date

import pytest

from kompetenz.privacy.periods import (
    Times,
    assessments_until,
    drafts_until,
    months_after,
    plan_draft_until,
    records_until,
)

DAYS = {"drafts": 30, "plan_drafts": 180}
MONTHS = {"assessments": 24, "records": 36}
END = date(2028, 1, 31)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 11, 30), 3, date(2029, 2, 28)),
        (date(2028, 12, 15), 24, date(2030, 12, 15)),
        (date(2028, 1, 15), -36, date(2025, 1, 15)),
    ],
)
def test_months_end_on_the_same_day_or_the_last(day, months, then):
    assert months_after(day, months) == then


@pytest.mark.parametrize("rule", [drafts_until, plan_draft_until, assessments_until, records_until])
def test_nothing_ends_while_the_round_runs(rule):
    periods = DAYS if rule in (drafts_until, plan_draft_until) else MONTHS

    assert rule(Times(closed_on=None, plan="draft"), periods) is None


def test_drafts_end_thirty_days_after_the_round():
    assert drafts_until(Times(END), DAYS) == date(2028, 3, 1)


def test_a_draft_of_a_plan_ends_half_a_year_after_its_last_change():
    worked_on = Times(END, plan="draft", plan_changed_on=date(2028, 6, 1))

    assert plan_draft_until(Times(END, plan="draft"), DAYS) == date(2028, 7, 29)
    assert plan_draft_until(worked_on, DAYS) == date(2028, 11, 28)
    assert plan_draft_until(Times(END, plan="agreed"), DAYS) is None


def test_assessments_end_with_the_next_round_or_after_two_years():
    next_round = ((date(2028, 9, 1), date(2029, 2, 1)), (date(2029, 9, 1), date(2030, 3, 1)))
    late = ((date(2030, 9, 1), date(2031, 2, 1)),)

    assert assessments_until(Times(END), MONTHS) == date(2030, 1, 31)
    assert assessments_until(Times(END, next_round), MONTHS) == date(2029, 2, 1)
    assert assessments_until(Times(END, late), MONTHS) == date(2030, 1, 31)


def test_a_short_round_beside_a_long_one_ends_nothing_of_that():
    beside, long = (date(2027, 9, 1), date(2027, 10, 1)), Times(END)

    assert assessments_until(Times(END, (beside,)), MONTHS) == assessments_until(long, MONTHS)
    assert assessments_until(Times(END, ((date(2027, 9, 1), date(2028, 2, 1)),)), MONTHS) == date(2028, 2, 1)


def test_assessments_stay_for_a_plan_that_runs():
    running = Times(END, ((date(2028, 9, 1), date(2029, 2, 1)),), plan="agreed")

    assert assessments_until(running, MONTHS) == date(2030, 1, 31)


def test_records_end_with_a_further_round_opened_after_the_plan_was_completed():
    during, after = (date(2028, 9, 1), date(2029, 2, 1)), (date(2029, 9, 1), date(2030, 2, 1))
    completed = {"plan": "completed", "completed_on": date(2029, 3, 1)}

    assert records_until(Times(END), MONTHS) == date(2031, 1, 31)
    assert records_until(Times(END, (during,), **completed), MONTHS) == date(2032, 3, 1)
    assert records_until(Times(END, (during, after), **completed), MONTHS) == date(2030, 2, 1)
    assert records_until(Times(END, (during,)), MONTHS) == date(2029, 2, 1)


def test_a_plan_that_runs_stays_a_year_after_each_change():
    after = ((date(2028, 9, 1), date(2029, 2, 1)),)

    forgotten = Times(END, after, plan="agreed", plan_changed_on=date(2028, 3, 1))
    in_use = Times(END, after, plan="agreed", plan_changed_on=date(2030, 12, 1))

    assert records_until(forgotten, MONTHS) == date(2031, 1, 31)
    assert records_until(in_use, MONTHS) == date(2031, 12, 1)
