"""What the people somebody leads need: as a spread, never an average, by name, and only to who leads them."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from assessments.models import AgreedLevel, Participation
from kompetenz.people.models import Person
from kompetenz.wheel import Style
from learningplans.looking_back.spread import counts, half_of, reached_by
from learningplans.looking_back.team import team_of
from learningplans.models import LearningPlan
from tests.clock import in_days
from tests.conftest import of_a_session
from tests.learningplans.making import competency, participation_of, plan_of

ADDRESS = "learningplans:team_needs"


def found(team, number):
    return next(row for _, rows in team.rows() for row in rows if row.competency.number == number)


def test_it_says_how_many_are_at_each_level_and_who_is_below_the_soll(cast):
    plan_of(participation_of(cast.anna), state="agreed", goals=(5,), measures=1)
    participation_of(cast.dora)

    team = team_of(of_a_session(cast.bernd))

    row = found(team, 5)
    assert row.counts == [0, 2, 0, 0]
    assert [(one.name, one.level, one.target, one.has_measure) for one in row.lacking] == [
        (str(cast.anna), "Kenner", "Experte", True),
        (str(cast.dora), "Kenner", "Experte", False),
    ]
    assert found(team, 20).lacking == []


def test_namesakes_have_their_number_and_unit_beside_their_names(cast):
    Person.objects.filter(pk=cast.dora.pk).update(first_name="Anna", last_name="Ärmel", personnel_number="0099")
    for one in Person.objects.filter(pk__in=[cast.anna.pk, cast.dora.pk]):
        plan_of(participation_of(one), state="agreed", goals=(5,), measures=1)

    team = team_of(of_a_session(cast.bernd))

    both = ["Anna Ärmel (0003 · Bauamt)", "Anna Ärmel (0099 · Bauamt)"]
    assert [one.name for one in found(team, 5).lacking] == both
    assert [one.names for one in team.together()] == [both]


def test_the_wheel_is_a_spread(cast):
    rows = [participation_of(one) for one in (cast.anna, cast.dora)]
    AgreedLevel.objects.filter(talk__participation=rows[0], competency=competency(1)).update(level=0)
    AgreedLevel.objects.filter(talk__participation=rows[1], competency=competency(1)).update(level=3)

    wheel = team_of(of_a_session(cast.bernd)).wheel()

    assert {style: wheel.in_style(style).levels[0] for style in (Style.FILL, Style.DIAMOND, Style.CIRCLE)} == {
        Style.FILL: 0,
        Style.DIAMOND: 3,
        Style.CIRCLE: 3,
    }


@given(st.lists(st.integers(0, 3), min_size=1, max_size=12))
def test_so_many_have_really_reached_it_and_no_higher_level(levels):
    for people in (1, half_of(len(levels)), len(levels)):
        reached = reached_by(levels, people)

        assert sum(level >= reached for level in levels) >= people
        assert sum(level > reached for level in levels) < people
    assert reached_by(levels, len(levels) + 1) is reached_by(levels, 0) is None
    assert sum(counts(levels, 4)) == len(levels)


def test_what_a_review_has_agreed_since_counts(cast):
    plan = plan_of(participation_of(cast.anna), state="agreed", goals=(5,))
    review = plan.reviews.create(planned_on=in_days(-3), held_on=in_days(-3))
    review.goal_reviews.create(goal=plan.goals.get(), agreed_level=3)

    assert found(team_of(of_a_session(cast.bernd)), 5).counts == [0, 0, 0, 1]


def test_of_each_person_the_last_round_counts(cast):
    before = participation_of(cast.anna, title="Runde davor", held_on=in_days(-400))
    AgreedLevel.objects.filter(talk__participation=before).update(level=0)
    participation_of(cast.anna)

    assert found(team_of(of_a_session(cast.bernd)), 5).counts == [0, 1, 0, 0]


def test_what_is_due_and_what_can_be_learned_together(cast):
    plans = [plan_of(participation_of(one), state="agreed", goals=(5,), measures=1) for one in (cast.anna, cast.dora)]
    plans[0].measures.update(due_on=in_days(-1), title="Spät")
    plans[1].measures.update(due_on=in_days(60))
    competency(20).__class__.objects.filter(pk=competency(20).pk).update(refresh_months=1)

    team = team_of(of_a_session(cast.bernd))

    assert next((one.name, one.what, one.is_late) for one in team.due()) == (str(cast.anna), "Maßnahme: Spät", True)
    assert [one.what for one in team.due()][1:] == [f"Auffrischen: {competency(20).name}"] * 2
    assert [(one.competency.number, one.way, one.names) for one in team.together()] == [
        (5, "von Kenner zu Könner", sorted([str(cast.anna), str(cast.dora)]))
    ]


def test_namesakes_with_the_same_goal_are_two(cast):
    rows = [participation_of(one) for one in (cast.anna, cast.dora)]
    Participation.objects.filter(pk__in=[row.pk for row in rows]).update(person_name="Kim Yılmaz")
    for row in rows:
        plan_of(row, state="agreed", goals=(5,))

    assert [one.names for one in team_of(of_a_session(cast.bernd)).together()] == [
        ["Kim Yılmaz (0003 · Bauamt)", "Kim Yılmaz (0004 · Bauamt)"]
    ]


def test_only_own_people_and_only_what_is_agreed(as_, cast):
    participation_of(cast.anna)
    participation_of(cast.dora, declined=True)

    assert "In den nächsten 30 Tagen nichts." in as_(cast.bernd).get(reverse(ADDRESS)).text
    assert [row.person for row in team_of(of_a_session(cast.bernd)).people] == [cast.anna]
    assert team_of(of_a_session(cast.clara)).people == []
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.clara)
    assert team_of(of_a_session(cast.bernd)).people == team_of(of_a_session(cast.clara)).people == []
    Participation.objects.update(manager=cast.clara)
    assert [row.person for row in team_of(of_a_session(cast.clara)).people] == [cast.anna]


def test_a_team_without_talks_reads_when_there_will_be_something(as_, cast):
    page = as_(cast.bernd).get(reverse(ADDRESS)).text

    assert "Sobald das erste Gespräch vereinbart ist" in page
    assert reverse(ADDRESS) in as_(cast.bernd).get(reverse("assessments:team")).text
    assert reverse(ADDRESS) not in as_(cast.fremd).get(reverse("assessments:team")).text


@pytest.mark.parametrize("people", [1, 2])
def test_query_count(as_, cast, django_assert_num_queries, people):
    for one in (cast.anna, cast.dora)[:people]:
        plan_of(participation_of(one), state=LearningPlan.State.AGREED, goals=(5, 8), measures=2)
    client = as_(cast.bernd)

    # session, user; participations; goals, their measures; measures; levels of talks, of reviews; Soll; what is refreshed;
    # that it was read
    with django_assert_num_queries(11):
        client.get(reverse(ADDRESS))
