"""Two people at one form of a plan: nobody's words are overwritten unseen."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from kompetenz.forms.stamp import FASTER
from learningplans.following import changing
from learningplans.models import LearningPlan
from tests.clock import in_days
from tests.learningplans.making import plan_of


@pytest.fixture
def plan(participation):
    return plan_of(participation)


def opened(address, user):
    """The form as ``user`` finds it: a function that sends it with some fields filled in otherwise."""
    client = Client()
    client.force_login(user)
    page = client.get(address)
    form = page.context["form"]
    shown = {name: form[name].value() for name in form.fields}
    shown = {name: value for name, value in shown.items() if value not in (None, "")}
    shown["read"] = re.search('name="read" value="([^"]*)"', page.text)[1]
    return lambda **fields: client.post(address, shown | fields)


def sent_again(page, fields, user, address):
    """The form that came back, sent as it is."""
    client = Client()
    client.force_login(user)
    return client.post(address, fields | {"read": page.context["form"].read})


def address_of(name, plan, **more):
    return reverse(f"learningplans:{name}", kwargs={"pk": plan.pk, **more})


@pytest.fixture(params=["goal", "measure", "frame"])
def form(request, plan):
    """(address, what the manager enters, what the person enters, what is stored of it)"""
    goal, measure = plan.goals.first(), plan.measures.first()
    return {
        "goal": (
            address_of("goal", plan, goal=goal.pk),
            {"seen_by": "Bernd", "due_on": in_days(120).isoformat()},
            {"seen_by": "", "specific": "Genau dies."},
            lambda: plan.goals.filter(pk=goal.pk).values_list("seen_by", "specific").get(),
        ),
        "measure": (
            address_of("measure", plan, measure=measure.pk),
            {"title": "Von Bernd", "hours": "12"},
            {"title": "Von Anna"},
            lambda: plan.measures.filter(pk=measure.pk).values_list("title").get(),
        ),
        "frame": (
            address_of("frame", plan),
            {"hours_per_month": "4", "budget": "500"},
            {"hours_per_month": "8"},
            lambda: LearningPlan.objects.filter(pk=plan.pk).values_list("hours_per_month").get(),
        ),
    }[request.param]


def test_an_older_form_overwrites_nothing_and_shows_what_is_stored(cast, form):
    address, managers, persons, stored = form
    anna, bernd = opened(address, cast.anna), opened(address, cast.bernd)
    assert bernd(**managers).status_code == 302
    before = stored()

    refused = anna(**persons)

    assert (refused.status_code, stored()) == (200, before)
    assert FASTER in refused.text
    assert "Jetzt gespeichert: " in refused.text
    name, entered = next(iter(persons.items()))
    assert refused.context["form"][name].value() == entered


def test_sent_again_on_purpose_it_is_saved(cast, form):
    address, managers, persons, stored = form
    anna, bernd = opened(address, cast.anna), opened(address, cast.bernd)
    bernd(**managers)
    before, refused = stored(), anna(**persons)
    fields = dict(refused.context["form"].data.lists())

    saved = sent_again(refused, fields, cast.anna, address)

    assert saved.status_code == 302
    assert stored() != before


def test_one_after_the_other_nothing_is_asked(cast, form):
    address, managers, persons, _ = form

    assert opened(address, cast.bernd)(**managers).status_code == 302
    assert opened(address, cast.anna)(**persons).status_code == 302


def test_the_same_sent_by_both_is_saved_once(cast, form):
    address, managers, _, _ = form
    anna, bernd = opened(address, cast.anna), opened(address, cast.bernd)

    assert [bernd(**managers).status_code, anna(**managers).status_code] == [302, 302]


def test_what_is_stored_is_said_in_words(cast, plan):
    measure, format_ = plan.measures.first(), plan.measures.first().format
    address = address_of("measure", plan, measure=measure.pk)
    anna, bernd = opened(address, cast.anna), opened(address, cast.bernd)
    other = plan.goals.last()
    bernd(goals=[other.pk], due_on=in_days(60).isoformat(), hours="1,5", provider="Haus")

    page = anna(format=format_.pk, title="Anders").text

    for words in ("Ziel ", f"{in_days(60):%d.%m.%Y}", "„1,5“", "„Haus“", f"„{measure.title}“"):
        assert f"Jetzt gespeichert: {words}" in page


def test_a_change_of_an_agreed_plan_that_came_later_shows_what_is_stored(cast, participation):
    agreed = plan_of(participation, state=LearningPlan.State.AGREED)
    measure = agreed.measures.first()
    address = address_of("change_measure", agreed, measure=measure.pk)
    anna, bernd = opened(address, cast.anna), opened(address, cast.bernd)
    bernd(due_on=in_days(150).isoformat(), reason="Verschoben.")

    waiting = anna(hours="60", reason="Mehr Zeit.")
    change = agreed.changes.get()
    changing.answer_change(change=change, by=cast.anna, answer="noted", statement="", read=change.stamp)
    later = anna(hours="60", reason="Mehr Zeit.")

    assert ("noch nicht beantwortet" in waiting.text, 'value="60"' in waiting.text) == (True, True)
    assert f"Jetzt gespeichert: {in_days(150):%d.%m.%Y}." in later.text
    measure.refresh_from_db()
    assert (measure.due_on, agreed.changes.count()) == (in_days(150), 1)


@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize("kind", ["goal", "measure", "review"])
def test_what_somebody_has_written_on_since_is_not_removed_unseen(client, cast, plan, kind, lost):
    row = {"goal": plan.goals, "measure": plan.measures, "review": plan.reviews}[kind].first()
    address = address_of(f"{kind}_remove", plan, **{kind: row.pk})
    client.force_login(cast.bernd)

    def as_shown(page):
        found = re.findall('name="(read|lost)" value="([^"]*)"', page.text)
        return {name: [value for key, value in found if key == name] for name, _ in found}

    older = {"once": f"{cast.bernd.pk}-x"} if lost else as_shown(client.get(address))
    older |= {"lost": as_shown(client.get(address)).get("lost", [])}
    opened(address_of("frame", plan), cast.anna)(budget="700")

    refused = client.post(address, older)
    still_there = type(row).objects.filter(pk=row.pk).exists()
    client.post(address, as_shown(refused))

    assert ("Der Entwurf ist inzwischen ein anderer." in refused.text, still_there) == (True, True)
    assert not type(row).objects.filter(pk=row.pk).exists()
