from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learningplans.models import LearningFormat, Measure
from learningplans.timeline import FORMS, STATES, Mark, Timeline
from learningplans.timeline.months import first_day, last_day, month_of, short_name

from .timelines import agreed_plan, empty, stretch

TODAY = date(2027, 5, 20)


def test_forms_and_states_are_those_of_the_models():
    assert list(FORMS) == LearningFormat.LearningForm.values
    assert list(STATES.items()) == Measure.State.choices


def test_rows_follow_their_beginning_then_their_end():
    one = stretch(1, date(2027, 3, 1), date(2027, 9, 30))
    two = stretch(2, date(2027, 3, 1), date(2027, 4, 30))
    three = stretch(3, None, date(2027, 2, 15))

    assert Timeline((one, two, three), (), TODAY).rows == (three, two, one)


def test_the_final_talk_comes_last_of_its_day():
    final = Mark(TODAY, "Abschlussgespräch", is_final=True, is_held=False)
    review = Mark(TODAY, "Review-Gespräch", is_final=False, is_held=False)

    assert Timeline((), (final, review), TODAY).dates == (review, final)


def test_it_shows_whole_months_of_measures_and_talks():
    timeline = agreed_plan()

    assert (timeline.begins, timeline.ends, len(timeline.months)) == (date(2027, 1, 1), date(2027, 12, 31), 12)


def test_it_shows_at_least_three_months():
    short = Timeline((stretch(1, date(2027, 1, 30), date(2027, 2, 2)),), (), TODAY)

    assert (short.begins, short.ends) == (date(2027, 1, 1), date(2027, 3, 31))


def test_without_measures_and_talks_it_begins_today():
    assert (empty().begins, empty().ends) == (date(2027, 1, 1), date(2027, 3, 31))


@given(st.lists(st.dates(), min_size=1, max_size=4))
def test_any_days_lie_within_what_is_shown(days):
    timeline = Timeline(tuple(stretch(n, None, day) for n, day in enumerate(days)), (), TODAY)

    assert timeline.begins <= min(days) <= max(days) <= timeline.ends
    assert len(timeline.months) >= 3


@given(st.dates())
def test_a_month_goes_from_its_first_to_its_last_day(day):
    month = month_of(day)

    assert first_day(month) <= day <= last_day(month)
    assert (first_day(month).day, month_of(first_day(month)), month_of(last_day(month))) == (1, month, month)


def test_months_are_written_as_german_axes_do():
    assert [short_name(2027 * 12 + n) for n in (0, 2, 8)] == ["Jan. 2027", "März 2027", "Sept. 2027"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": "  "}, "A stretch needs a title."),
        ({"begins": date(2027, 3, 2)}, "Seminar ends on 2027-03-01, before it begins on 2027-03-02."),
        ({"form": "lecture"}, "Form must be one of challenge, interaction, classic, not 'lecture'."),
        ({"state": "lost"}, "State must be one of planned, done, dropped, not 'lost'."),
    ],
)
def test_what_cannot_be_is_refused(wrong, said):
    fine = stretch(1, None, date(2027, 3, 1), title="Seminar")

    with pytest.raises(ValueError) as refused:
        replace(fine, **wrong)
    assert str(refused.value) == said
