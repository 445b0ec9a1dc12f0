"""Examples of good goals: for every category of the built-in catalogue, complete, and beside the form."""

import pytest
from django.urls import reverse

from kompetenz.catalogue.models import Category, Competency
from kompetenz.help.articles import BY_WORD
from learningplans.drafting.examples import BY_CATEGORY, examples_near
from learningplans.models import Goal
from tests.learningplans.making import plan_of

EXAMPLES = [(key, one) for key, (_, examples) in BY_CATEGORY.items() for one in examples]


def test_every_category_has_two_or_more_under_its_own_name(cast):
    assert {key: name for key, (name, _) in BY_CATEGORY.items()} == dict(Category.objects.values_list("key", "name"))
    assert min(len(examples) for _, examples in BY_CATEGORY.values()) >= 2


@pytest.mark.parametrize(("key", "example"), EXAMPLES, ids=lambda one: getattr(one, "competency", one))
def test_an_example_is_of_its_category_and_answers_every_letter_as_the_form_would_take_it(cast, key, example):
    assert Competency.objects.get(name=example.competency).category.key == key
    assert [letter[0] for letter, _ in example.letters] == list("SMART")
    for name, answer in zip(["specific", "measurable", "ambitious", "realistic"], example.letters, strict=False):
        assert 20 < len(answer[1]) <= Goal._meta.get_field(name).max_length


def test_beside_the_form_stand_those_of_the_same_category(as_, stage):
    stage.release_both().record().confirm()
    plan = plan_of(stage.participation, goals=[1, 15])
    client = as_(stage.cast.anna)

    goals = list(plan.goals.all())
    assert len(goals) == 2
    for goal in goals:
        page = client.get(reverse("learningplans:goal", args=[plan.pk, goal.pk]))
        near = examples_near(stage.round.catalogue, goal.competency_id)
        assert near
        assert [one.competency for one in near if one.competency not in page.text] == []
        assert near in [examples for _, examples in BY_CATEGORY.values()]


def test_a_category_of_an_administrations_own_has_none(stage):
    assert examples_near(stage.round.catalogue, 99_999) == ()


def test_all_stand_in_the_help(client, db):
    page = client.get(reverse("help_article", args=["ziele"])).text

    assert "ziele" in BY_WORD
    assert [one.competency for _, one in EXAMPLES if f"{one.competency}, {one.way}" not in page] == []
