"""Two people who build the same competency find each other, once both have said so, and nobody else sees it."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from learningplans.models import LearningPlan
from tests.learningplans.making import participation_of, plan_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def plans(cast):
    """The agreed plans of anna and dora, with one goal in common."""
    goals = {cast.anna: (5, 8), cast.dora: (8, 11)}
    return [
        plan_of(participation_of(person), state=LearningPlan.State.AGREED, goals=numbers)
        for person, numbers in goals.items()
    ]


def page_of(plan):
    return reverse("learningplans:detail", args=[plan.pk])


def say(visitor, plan, competency, word):
    """Press the button of the goal both have in common, and see that the page has been loaded anew."""
    page = visitor.open(page_of(plan))
    page.get_by_role("button", name=re.compile(f"^{word}.*{competency.name}$")).click()
    answer = "Zurücknehmen" if word.startswith("Ich") else "Ich möchte mit anderen lernen"
    expect(page.get_by_role("button", name=f"{answer}")).to_have_count(1 if answer == "Zurücknehmen" else 2)
    visitor.check()
    return page.locator("#gemeinsam")


@pytest.mark.thorough
def test_two_find_each_other_when_both_want_to_and_lose_each_other_when_one_does_not(visitors, cast, plans):
    annas, doras = plans
    shared = annas.goals.get(competency__in=doras.goals.values("competency")).competency
    anna, dora, bernd = visitors(), visitors(), visitors()
    for visitor, person in ((anna, cast.anna), (dora, cast.dora), (bernd, cast.bernd)):
        visitor.let_in(person)

    alone = say(anna, annas, shared, "Ich möchte mit anderen lernen, die ein ähnliches Ziel haben")
    expect(alone).to_contain_text("niemand sonst gesagt")
    expect(dora.open(page_of(doras)).locator("#gemeinsam")).not_to_contain_text("Anna")

    together = say(dora, doras, shared, "Ich möchte mit anderen lernen, die ein ähnliches Ziel haben")
    expect(together).to_contain_text("Anna Ärmel")
    expect(anna.open(page_of(annas)).locator("#gemeinsam")).to_contain_text("Dora Özgür")
    expect(bernd.open(page_of(annas)).locator("#gemeinsam")).to_have_count(0)

    say(anna, annas, shared, "Zurücknehmen")
    expect(dora.open(page_of(doras)).locator("#gemeinsam")).not_to_contain_text("Anna")
    for visitor in (anna, dora, bernd):
        visitor.assert_nothing_heard()
