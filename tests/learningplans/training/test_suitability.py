"""For which competencies a format suits: said one by one, with its ground, and first in the form of a measure."""

import pytest
from django.urls import reverse

from learningplans.contents.plan import goal_entries
from learningplans.drafting.suggesting import by_suitability, formats_to_choose
from learningplans.models import LearningFormat, Measure, Suitability
from tests.learningplans.making import competency, plan_of


@pytest.fixture
def hr(client, cast):
    client.force_login(cast.paula)
    return client


@pytest.fixture
def coaching(db):
    return LearningFormat.objects.get(key="coaching")


def page(format_):
    return reverse("learningplans:suitability", args=[format_.pk])


def said():
    return [(one.format.key, one.competency_id, one.fits, one.ground) for one in Suitability.objects.all()]


def test_hr_says_it_with_its_ground_and_takes_it_back(hr, coaching):
    first, second, third = (competency(number).pk for number in (1, 2, 3))

    hr.post(page(coaching), {f"k{first}": "paper", f"k{second}": "own", f"k{third}": "not"})
    before = said()
    hr.post(page(coaching), {f"k{second}": "not"})

    assert before == [
        ("coaching", first, True, "paper"), ("coaching", second, True, "own"), ("coaching", third, False, "own"),
    ]  # fmt: skip
    assert said() == [("coaching", second, False, "own")]


@pytest.mark.parametrize("sent", ["erfunden", "1"])
def test_nonsense_is_refused_beside_the_field(hr, coaching, sent):
    name = f"k{competency(1).pk}"

    response = hr.post(page(coaching), {name: sent})

    assert list(response.context["form"].errors) == [name]
    assert said() == []


def test_two_windows_do_not_overwrite_each_other(hr, coaching):
    read = hr.get(page(coaching)).context["form"].read
    hr.post(page(coaching), {f"k{competency(1).pk}": "own"})

    response = hr.post(page(coaching), {f"k{competency(2).pk}": "own", "read": read})

    assert response.status_code == 200
    assert said() == [("coaching", competency(1).pk, True, "own")]


def test_what_is_said_of_a_competency_goes_before_its_category(participation, coaching):
    plan = plan_of(participation, goals=(5,), measures=0)
    goals, catalogue = goal_entries(plan), participation.round.catalogue
    format_ = next(one for one in LearningFormat.objects.all() if suits(one, plan))
    Suitability.objects.create(format=format_, competency=competency(5), fits=False, ground="own")
    other = next(one for one in LearningFormat.objects.exclude(pk=format_.pk) if not suits(one, plan))
    Suitability.objects.create(format=other, competency=competency(5), fits=True, ground="paper")

    groups = by_suitability(formats_to_choose(Measure(plan=plan)), goals, catalogue, set())

    found = {row["format"].pk: (heading, common + row["more"]) for heading, common, rows in groups for row in rows}
    assert found[format_.pk] == ("Weitere Formate", [])
    assert found[other.pk][0] == "Passt zu allen Zielen"
    assert f"Ziel 1: für {competency(5).name} (Papier) geeignet." in found[other.pk][1]


def suits(format_, plan):
    return plan.goals.get().competency.category_id in {one.pk for one in format_.suits.all()}


def test_a_choice_that_always_says_something_is_not_called_optional(hr, coaching):
    assert "optional" not in hr.get(page(coaching)).text
