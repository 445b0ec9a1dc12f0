"""Who learns together: only those who have both said so, while their plans are agreed."""

import pytest
from django.urls import reverse

from assessments.models import Participation
from kompetenz.people.models import Person, Unit
from learningplans.contents.plan import goal_entries
from learningplans.drafting import holding
from learningplans.drafting.companions import companions_for, seek_companions
from learningplans.models import Goal, LearningPlan
from tests.clock import in_days
from tests.learningplans.making import participation_of, plan_of

AGREED = LearningPlan.State.AGREED


def seeking(person, goals=(5,), *, wanted=True, title="Runde 2026"):
    plan = plan_of(participation_of(person, title=title), state=AGREED, goals=goals)
    plan.goals.update(seeks_companions=wanted)
    return plan


def seen_by(plan):
    """The names that the plan's person sees, by the number of the goal."""
    plan = LearningPlan.objects.with_participation().get(pk=plan.pk)
    found = companions_for(plan, plan.participation.person, goal_entries(plan))
    return {one.entry.number: [person.first_name for person in one.people] for one in found}


def test_both_see_each_other_once_both_have_said_so(cast):
    annas, dora = seeking(cast.anna, (5, 8)), seeking(cast.dora, (8,))

    assert (seen_by(annas), seen_by(dora)) == ({1: [], 2: ["Dora"]}, {1: ["Anna"]})


def test_without_both_consents_nobody_sees_anybody(cast):
    annas, dora = seeking(cast.anna), seeking(cast.dora, wanted=False)

    assert (seen_by(annas), seen_by(dora)) == ({1: []}, {1: []})


@pytest.mark.parametrize("state", [LearningPlan.State.DRAFT, LearningPlan.State.COMPLETED])
def test_it_ends_with_the_plan(cast, state):
    annas, dora = seeking(cast.anna), seeking(cast.dora)
    LearningPlan.objects.filter(pk=dora.pk).update(state=state, completed_on=in_days(0))

    assert (seen_by(annas), seen_by(dora)) == ({1: []}, {})


def test_who_rests_is_not_shown_and_sees_nobody(cast):
    annas, dora = seeking(cast.anna), seeking(cast.dora)
    Participation.objects.filter(pk=dora.participation_id).update(paused_on=in_days(0))

    assert (seen_by(annas), seen_by(dora)) == ({1: []}, {1: []})


@pytest.mark.parametrize("gone", [{"leaving_date": in_days(-1)}, {"is_active": False}], ids=["left", "inactive"])
def test_who_has_left_is_not_shown(cast, gone):
    annas, _ = seeking(cast.anna), seeking(cast.dora)
    Person.objects.filter(pk=cast.dora.pk).update(**gone)

    assert seen_by(annas) == {1: []}


def test_somebody_with_two_plans_is_named_once_and_never_to_themself(cast):
    annas = seeking(cast.anna)
    for title in ("Runde 2025", "Runde 2024"):
        seeking(cast.dora, title=title)
    seeking(cast.anna, title="Runde 2025")

    assert seen_by(annas) == {1: ["Dora"]}


@pytest.mark.parametrize("who", ["bernd", "clara", "dora", "paula"])
def test_only_the_person_gets_the_list(cast, who):
    plan = seeking(cast.anna)

    assert companions_for(plan, getattr(cast, who), goal_entries(plan)) == []


@pytest.mark.parametrize("count", [1, 4])
def test_the_lists_cost_two_queries_however_many_there_are(cast, django_assert_num_queries, count):
    plan = seeking(cast.anna, (5, 8, 11))
    unit = Unit.objects.create(number="60", name="Bauamt")
    for number in range(count):
        fields = {"first_name": f"Person {number}", "last_name": "Beispiel", "manager": cast.bernd, "unit": unit}
        seeking(Person.objects.create_user(f"p{number}@example.org", **fields), (5, 8, 11))
    entries = goal_entries(plan)

    with django_assert_num_queries(2):  # companions, mentors
        found = companions_for(plan, cast.anna, entries)
        units = {person.unit.name for one in found for person in one.people}

    assert ([len(one.people) for one in found], units) == ([count] * 3, {"Bauamt"})


def test_the_page_tells_names_and_units_and_no_level(client, cast):
    plan = seeking(cast.anna)
    Person.objects.filter(pk=cast.dora.pk).update(unit=Unit.objects.create(number="60", name="Amt für Bauen"))
    seeking(cast.dora)
    client.force_login(cast.anna)

    page = client.get(plan.get_absolute_url()).text
    section = page[page.index('<section id="gemeinsam"') :].split("</section>")[0]

    assert "<li>Dora Özgür, Amt für Bauen</li>" in section
    assert [level for level in ("Kenner", "Könner", "Experte") if level in section] == []


@pytest.mark.parametrize("who", ["bernd", "paula"])
def test_manager_and_hr_do_not_learn_of_it(client, cast, who):
    plan = seeking(cast.anna)
    seeking(cast.dora)
    client.force_login(getattr(cast, who))

    page = client.get(plan.get_absolute_url()).text

    assert [word for word in ("gemeinsam", "ähnliches Ziel", "Dora Özgür") if word in page] == []


def test_the_person_says_it_and_takes_it_back(client, cast):
    plan = seeking(cast.anna, wanted=False)
    address = reverse("learningplans:seek_companions", args=[plan.pk, plan.goals.get().pk])
    client.force_login(cast.anna)

    client.post(address, {"gemeinsam": "ja"})
    said = plan.goals.get().seeks_companions
    answer = client.post(address, {"gemeinsam": "nein"})

    assert (said, plan.goals.get().seeks_companions, answer.url) == (
        True,
        False,
        f"{plan.get_absolute_url()}#gemeinsam",
    )


@pytest.mark.parametrize("who", ["bernd", "paula", "fremd"])
def test_nobody_says_it_for_the_person(client, cast, who):
    plan = seeking(cast.anna, wanted=False)
    client.force_login(getattr(cast, who))

    answer = client.post(
        reverse("learningplans:seek_companions", args=[plan.pk, plan.goals.get().pk]), {"gemeinsam": "ja"}
    )

    assert (answer.status_code, plan.goals.get().seeks_companions) == (404, False)


def test_it_is_said_on_an_agreed_plan_only(client, cast, participation):
    plan = plan_of(participation, goals=(5,))
    goal = plan.goals.get()
    client.force_login(cast.anna)

    answer = client.post(
        reverse("learningplans:seek_companions", args=[plan.pk, goal.pk]), {"gemeinsam": "ja"}, follow=True
    )

    assert [str(message) for message in answer.context["messages"]] == [
        "Nicht gespeichert: Gemeinsam lernen lässt sich nur mit einem vereinbarten Lernplan."
    ]
    assert not Goal.objects.get().seeks_companions
    with pytest.raises(holding.OutOfState):
        seek_companions(goal=goal, wanted=True)
