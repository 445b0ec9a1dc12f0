"""When a competency was last confirmed, and when it is due for refreshing."""

from datetime import date
from functools import partial

import pytest

from assessments.models import TalkProgress
from kompetenz.catalogue.models import Competency
from learningplans.models import LearningPlan
from learningplans.training.freshness import Confirmation, after_months, confirmed, due_refreshes, refreshes
from roles.models import RoleHolding, RoleProfile
from tests.catalogue import COMPETENCIES
from tests.learningplans.making import competency, participation_of, plan_of

TALK = date(2026, 4, 1)
recorded = partial(participation_of, held_on=TALK)


@pytest.fixture
def participation(cast):
    return recorded(cast.anna)


def refresh_after(number, months):
    Competency.objects.filter(order=number).update(refresh_months=months)
    return competency(number)


def reviewed(participation, number, *, level, on):
    """A plan with a goal for this competency, and a held review in which the two agreed on ``level``."""
    plan = plan_of(participation, state=LearningPlan.State.AGREED, goals=(number,))
    review = plan.reviews.first()
    review.held_on = on
    review.save()
    review.goal_reviews.create(goal=plan.goals.get(), agreed_level=level)
    return review


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2023, 12, 31), 2, date(2024, 2, 29)),
        (date(2026, 4, 1), 12, date(2027, 4, 1)),
        (date(2026, 11, 15), 1, date(2026, 12, 15)),
        (date(2026, 11, 15), 120, date(2036, 11, 15)),
    ],
)
def test_months_are_counted_to_the_same_day_or_the_last_of_the_month(day, months, later):
    assert after_months(day, months) == later


def test_a_recorded_talk_confirms_every_competency(cast, participation):
    found = confirmed(cast.anna)

    assert len(found) == COMPETENCIES
    assert found[competency(5).id] == Confirmation(1, TALK)


@pytest.mark.parametrize("state", [TalkProgress.OPEN, TalkProgress.STARTED])
def test_a_talk_not_recorded_confirms_nothing(cast, state):
    recorded(cast.anna, talk_state=state)

    assert confirmed(cast.anna) == {}


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 7, 1), Confirmation(2, date(2026, 7, 1))),
        (TALK, Confirmation(2, TALK)),
        (date(2026, 3, 1), Confirmation(1, TALK)),
    ],
    ids=["later", "same day", "earlier"],
)
def test_the_later_of_talk_and_held_review_counts(cast, participation, on, expected):
    reviewed(participation, 5, level=2, on=on)

    assert confirmed(cast.anna)[competency(5).id] == expected


def test_a_review_not_held_or_without_a_level_confirms_nothing(cast, participation):
    review = reviewed(participation, 5, level=None, on=date(2026, 7, 1))
    without_level = confirmed(cast.anna)[competency(5).id]
    review.goal_reviews.update(agreed_level=3)
    review.held_on = None
    review.save()

    assert [without_level, confirmed(cast.anna)[competency(5).id]] == [Confirmation(1, TALK)] * 2


def test_a_manager_knows_only_what_they_share(cast, participation):
    cast.anna.manager = cast.fremd
    cast.anna.save()

    assert confirmed(cast.anna, cast.fremd) == {}
    assert len(confirmed(cast.anna)) == COMPETENCIES


@pytest.mark.parametrize(("today", "due"), [(date(2027, 3, 31), []), (date(2027, 4, 1), [date(2027, 4, 1)])])
def test_a_competency_is_due_from_the_day_its_months_are_over(cast, participation, today, due):
    refresh_after(5, 12)

    assert [one.due_on for one in due_refreshes(cast.anna, today)] == due


def test_a_due_competency_says_what_was_confirmed_when(cast, participation):
    wanted = refresh_after(5, 12)

    (one,) = due_refreshes(cast.anna, date(2028, 1, 1))

    assert (one.competency, one.competency.name, one.level_name) == (wanted, "Datenkompetenz", "Kenner")
    assert (one.confirmed.on, one.due_on) == (TALK, date(2027, 4, 1))


def test_a_review_puts_the_refresh_off(cast, participation):
    refresh_after(5, 12)
    reviewed(participation, 5, level=2, on=date(2027, 3, 1))

    assert due_refreshes(cast.anna, date(2028, 1, 1)) == []


def test_what_was_never_there_is_not_refreshed(cast, participation):
    refresh_after(8, 12)  # level 0
    refresh_after(11, 6)
    refresh_after(5, 3)

    assert [one.competency.order for one in due_refreshes(cast.anna, date(2028, 1, 1))] == [5, 11]


def test_a_competency_out_of_the_latest_catalogue_is_refreshed_only_if_the_role_asks_for_it(cast, participation):
    refresh_after(5, 12)
    edition = participation.round.edition
    edition.pk = "smaller"
    del edition.content["categories"][0]["competencies"][4]
    edition.save(force_insert=True)
    later = recorded(cast.anna, talk_state=TalkProgress.OPEN, title="Runde 2027").round
    later.edition = edition
    later.save()

    RoleHolding.objects.filter(person=cast.anna).delete()
    left_out = due_refreshes(cast.anna, date(2028, 1, 1))
    profile = RoleProfile.objects.filter(requirements__competency__order=5, requirements__level__gt=0).first()
    RoleHolding.objects.create(person=cast.anna, profile=profile)
    asked = due_refreshes(cast.anna, date(2028, 1, 1))

    assert (left_out, [one.competency.order for one in asked]) == ([], [5])


@pytest.mark.parametrize("rounds", [1, 3])
def test_refreshes_cost_the_same_for_one_round_and_for_three(cast, django_assert_num_queries, rounds):
    for number in range(rounds):
        reviewed(recorded(cast.anna, title=f"Runde {number}"), 5, level=1, on=date(2026, 5, 1))
    Competency.objects.update(refresh_months=1)

    due_refreshes(cast.anna, date(2028, 1, 1))  # a process reads a catalogue once

    with django_assert_num_queries(3):  # competencies; what was confirmed; the latest round
        assert len(due_refreshes(cast.anna, date(2028, 1, 1))) == COMPETENCIES - 2  # not the two of level 0


def test_where_nothing_is_due_two_queries_say_so(cast, participation, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert due_refreshes(cast.anna, date(2026, 5, 1)) == []


def test_what_is_not_due_yet_has_its_day_too(cast, participation):
    refresh_after(5, 12)

    days = [one.due_on for one in refreshes(cast.anna, confirmed(cast.anna)) if one.competency.order == 5]

    assert days == [date(2027, 4, 1)]
