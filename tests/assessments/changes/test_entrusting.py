"""A plan goes on after its round, and the person has another manager since: they say whether that one goes on with it."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from assessments.changes import handing_over
from assessments.models import HandOver, Participation, PlanProgress
from assessments.rounds.closing import close_round
from kompetenz.letters.models import Letter
from kompetenz.letters.occasions import obstacle_to
from kompetenz.people.models import Person
from kompetenz.refusals import TooLate
from learningplans.drafting.drawing_up import draw_up_plan
from learningplans.models import LearningPlan, PlanChange, Preparation, Review
from tests.clock import TODAY
from tests.conftest import Stage, of_a_session
from tests.markup import tight

AGREED = {"state": LearningPlan.State.AGREED, "agreed_by_person_on": TODAY, "agreed_by_manager_on": TODAY}


@pytest.fixture
def plan(stage):
    """Anna's and bernd's plan is agreed, its round has ended, and she works for clara since."""
    stage.release_both().record().confirm()
    plan = draw_up_plan(participation=stage.participation)
    LearningPlan.objects.filter(pk=plan.pk).update(**AGREED, manager_agreed_by=stage.cast.bernd)
    Participation.objects.filter(pk=stage.participation.pk).update(plan_state=PlanProgress.AGREED)
    close_round(round_=stage.round)
    Person.objects.filter(pk=stage.cast.anna.pk).update(manager=stage.cast.clara)
    Letter.objects.all().delete()
    stage.cast.anna.refresh_from_db()
    return LearningPlan.objects.get(pk=plan.pk)


def address(plan):
    return reverse("assessments:entrust", args=[plan.participation_id])


def give(client, plan, who, to):
    client.force_login(who)
    return client.post(address(plan), {"an": to.pk})


def told(response):
    return [str(one) for one in get_messages(response.wsgi_request)]


def readers(plan, cast):
    """Who of anna's managers reads participation and plan."""
    people = [of_a_session(who) for who in (cast.bernd, cast.clara)]
    return [
        (
            Participation.objects.visible_to(who).filter(pk=plan.participation_id).exists(),
            LearningPlan.objects.shared_with(who).filter(pk=plan.pk).exists(),
        )
        for who in people
    ]


def test_the_person_gives_the_plan_and_nobody_else_reads_it_before(client, plan, cast):
    before = readers(plan, cast)
    given = give(client, plan, cast.anna, cast.clara)

    assert before == [(False, False), (False, False)]
    assert readers(plan, cast) == [(False, False), (True, True)]
    assert told(given) == ["Übergeben. Clara Chefin bekommt eine Nachricht und führt dies mit Ihnen weiter."]
    assert list(HandOver.objects.values_list("from_name", "to_name", "by", "on")) == [
        (str(cast.bernd), "Clara Chefin", cast.anna.pk, TODAY)
    ]


def test_what_the_former_manager_has_said_stays_under_their_name(client, plan, cast):
    give(client, plan, cast.anna, cast.clara)

    page = tight(client.get(reverse("assessments:participation", args=[plan.participation_id])).text)
    plan_page = tight(client.get(plan.get_absolute_url()).text)

    assert f"freigegeben von der früheren Führungskraft {cast.bernd}" in page
    assert f"von {cast.bernd} an Clara Chefin übergeben." in page
    assert f"von {cast.bernd} am" in plan_page  # who has agreed


def test_only_the_new_manager_is_told_and_while_it_is_true(client, plan, cast):
    give(client, plan, cast.anna, cast.clara)
    letter = Letter.objects.select_related("person").get()
    true = obstacle_to(letter)
    LearningPlan.objects.filter(pk=plan.pk).update(state=LearningPlan.State.COMPLETED, completed_on=TODAY)
    Participation.objects.filter(pk=plan.participation_id).update(plan_state=PlanProgress.COMPLETED)

    assert (letter.person, letter.kind, true) == (cast.clara, Letter.Kind.HAND_OVER, "")
    assert obstacle_to(letter) == "Die Runde ist beendet."


def test_what_the_person_has_written_is_answered_by_the_new_manager(client, plan, cast):
    client.force_login(cast.anna)
    frame = reverse("learningplans:change_frame", args=[plan.pk])
    client.post(frame, {"hours_per_month": "6", "reason": "Mehr Zeit", "read": plan.stamp})
    change = PlanChange.objects.get()
    give(client, plan, cast.anna, cast.clara)
    client.force_login(cast.clara)

    tasks = client.get(reverse("start")).text
    client.post(
        reverse("learningplans:answer_change", args=[plan.pk, change.pk]), {"answer": "noted", "read": change.stamp}
    )
    change.refresh_from_db()

    assert "Änderung des Lernplans beantworten: Anna Ärmel" in tasks
    assert (change.answer_in_words.split(" am ")[0], change.is_in_force) == (
        "zur Kenntnis genommen von Clara Chefin",
        True,
    )


def test_unreleased_thoughts_and_the_agreement_to_a_draft_do_not_go_along(client, plan, cast):
    LearningPlan.objects.filter(pk=plan.pk).update(
        state=LearningPlan.State.DRAFT, agreed_by_person_on=None, agreed_by_manager_on=TODAY
    )
    review = Review.objects.create(plan=plan, planned_on=TODAY)
    Preparation.objects.create(review=review, side="manager", helped="Nur für mich")

    give(client, plan, cast.anna, cast.clara)
    plan.refresh_from_db()

    assert (plan.agreed_by_manager_on, review.preparations.count()) == (None, 0)


def test_it_is_offered_on_both_pages_and_among_the_tasks_and_to_nobody_else(client, plan, cast):
    pages = [
        reverse("start"),
        plan.get_absolute_url(),
        reverse("assessments:participation", args=[plan.participation_id]),
    ]
    client.force_login(cast.anna)
    offered = [address(plan) in client.get(page).text for page in pages]
    give(client, plan, cast.anna, cast.clara)
    afterwards = [address(plan) in client.get(page).text for page in pages]
    client.force_login(cast.clara)

    assert (offered, afterwards) == ([True] * 3, [False] * 3)
    assert [address(plan) in client.get(page).text for page in pages] == [False] * 3


def test_sent_twice_it_is_done_once(client, plan, cast):
    give(client, plan, cast.anna, cast.clara)
    again = give(client, plan, cast.anna, cast.clara)

    assert told(again)[-1] == "Clara Chefin führt dies schon mit Ihnen weiter."
    assert (HandOver.objects.count(), Letter.objects.count()) == (1, 1)


def test_only_who_was_shown_is_given_anything(client, plan, cast):
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.fremd)

    given = give(client, plan, cast.anna, cast.clara)

    assert (given.status_code, HandOver.objects.count()) == (302, 0)
    assert told(given)[0].startswith("Nicht übergeben: Inzwischen hat sich etwas geändert.")


@pytest.mark.parametrize(
    "otherwise",
    [
        lambda plan, cast: Participation.objects.update(plan_state=PlanProgress.COMPLETED),
        lambda plan, cast: Person.objects.filter(pk=cast.clara.pk).update(email=None),
        lambda plan, cast: Person.objects.filter(pk=cast.anna.pk).update(manager=None),
        lambda plan, cast: Person.objects.filter(pk=cast.anna.pk).update(manager=cast.bernd),
    ],
    ids=["completed", "who cannot sign in", "nobody", "no other"],
)
def test_there_is_nothing_to_give(client, plan, cast, otherwise):
    otherwise(plan, cast)
    client.force_login(cast.anna)

    page = client.get(address(plan))
    given = give(client, plan, cast.anna, cast.clara)

    assert (page.status_code, given.status_code, HandOver.objects.count()) == (302, 302, 0)


def test_in_a_running_round_it_is_hrs_to_hand_over(stage):
    stage.release_both().record().confirm()
    Person.objects.filter(pk=stage.cast.anna.pk).update(manager=stage.cast.clara)

    with pytest.raises(TooLate):
        handing_over.entrust(participation=stage.participation, manager=stage.cast.clara.pk)
    assert (HandOver.objects.count(), Stage._again(stage).participation.manager) == (0, stage.cast.bernd)
