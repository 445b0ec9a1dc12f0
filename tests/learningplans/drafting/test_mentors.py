"""Who offers to accompany others: only who has reached the highest level, as long as they say so, seen by who learns."""

import pytest
from django.urls import reverse

from assessments.models import AgreedLevel
from kompetenz.people.models import Person
from learningplans.contents.plan import goal_entries
from learningplans.drafting.companions import companions_for
from learningplans.drafting.mentors import mentors_for
from learningplans.models import LearningPlan, MentorOffer
from tests.clock import in_days
from tests.learningplans.making import competency, participation_of, plan_of

PAGE = "learningplans:mentoring"


def expert(person, number):
    row = participation_of(person, title="Runde der anderen")
    AgreedLevel.objects.filter(talk__participation=row, competency=competency(number)).update(level=3)
    return row


def say(client, number, word):
    return client.post(reverse(PAGE), {"kompetenz": competency(number).pk, "begleiten": word}, follow=True)


def mentors_of(plan):
    plan = LearningPlan.objects.with_participation().get(pk=plan.pk)
    found = companions_for(plan, plan.participation.person, goal_entries(plan))
    return [[person.first_name for person in one.mentors] for one in found]


def test_who_has_the_highest_level_offers_themself_and_learners_see_it(as_, cast):
    expert(cast.dora, 5)
    annas = plan_of(participation_of(cast.anna), state="agreed", goals=(5, 8))

    say(as_(cast.dora), 5, "ja")

    assert mentors_of(annas) == [["Dora"], []]
    assert "bieten sich an" in as_(cast.anna).get(annas.get_absolute_url()).text
    assert "bieten sich an" not in as_(cast.bernd).get(annas.get_absolute_url()).text


def test_without_the_highest_level_there_is_nothing_to_offer(as_, cast):
    expert(cast.dora, 5)

    page = say(as_(cast.dora), 8, "ja")

    assert "muss zuletzt die höchste Stufe vereinbart sein" in page.text
    assert not MentorOffer.objects.exists()


def test_the_offer_can_be_taken_back_also_when_the_level_is_lower_by_now(as_, cast):
    row = expert(cast.dora, 5)
    client = as_(cast.dora)
    for _ in range(2):
        say(client, 5, "ja")
    assert MentorOffer.objects.count() == 1
    AgreedLevel.objects.filter(talk__participation=row).update(level=1)
    assert competency(5).name in client.get(reverse(PAGE)).text

    say(client, 5, "nein")

    assert not MentorOffer.objects.exists()


def test_who_has_reached_less_in_a_later_round_is_offered_no_more(as_, cast):
    expert(cast.dora, 5)
    say(as_(cast.dora), 5, "ja")
    annas = plan_of(participation_of(cast.anna), state="agreed", goals=(5,))
    before = mentors_of(annas)

    later = participation_of(cast.dora, title="Spätere Runde")
    AgreedLevel.objects.filter(talk__participation=later, competency=competency(5)).update(level=2)

    assert (before, mentors_of(annas)) == ([["Dora"]], [[]])


@pytest.mark.parametrize("count", [1, 8])
def test_mentors_cost_the_same_however_many_offer_themselves(cast, django_assert_num_queries, count):
    for number in range(count):
        mentor = Person.objects.create_user(f"m{number}@example.org", first_name=f"M{number}", manager=cast.bernd)
        expert(mentor, 5)
        MentorOffer.objects.create(person=mentor, competency=competency(5))
    goals = list(plan_of(participation_of(cast.anna), state="agreed", goals=(5, 8)).goals.all())

    with django_assert_num_queries(2):  # offers, what was last agreed
        found = mentors_for(goals, cast.anna)

    assert [len(found[goal.pk]) for goal in goals] == [count, 0]


def test_who_has_left_is_offered_to_nobody_and_nobody_to_themself(as_, cast):
    doras = plan_of(expert(cast.dora, 5), state="agreed", goals=(5,))
    say(as_(cast.dora), 5, "ja")
    annas = plan_of(participation_of(cast.anna), state="agreed", goals=(5,))
    assert (mentors_of(doras), mentors_of(annas)) == ([[]], [["Dora"]])

    Person.objects.filter(pk=cast.dora.pk).update(leaving_date=in_days(-1))

    assert mentors_of(annas) == [[]]
