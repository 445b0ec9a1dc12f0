"""What rounds ask of somebody today, step by step through the cycle."""

import pytest
from django.urls import reverse

from assessments import agreement
from assessments.duties import tasks_of
from assessments.models import Participation
from assessments.opening import close_round
from kompetenz.people.tasks import Task
from tests.assessments.test_opening import many
from tests.conftest import Stage

TALK_WITH_ANNA = "Gespräch mit Anna Ärmel führen"
TAKE_NOTE = "Ergebnis des Gesprächs zur Kenntnis nehmen: Anna Ärmel"


def titles(somebody):
    return [task.title for task in tasks_of(somebody)]


def test_a_task_says_what_where_until_when_and_how_far(stage):
    stage.answer(stage.own)

    assert tasks_of(stage.cast.anna) == [
        Task(
            "Selbsteinschätzung ausfüllen",
            reverse("assessments:assessment", args=[stage.own.pk]),
            stage.round.self_due,
            "Runde 2026 · 25 von 25 eingeschätzt",
        )
    ]


def test_each_step_waits_for_the_one_before(stage):
    anna, bernd = stage.cast.anna, stage.cast.bernd
    dora = "Fremdeinschätzung für Dora Özgür"

    seen = [(titles(anna), titles(bernd))]
    for step in (
        lambda: stage.release(stage.own),
        lambda: stage.release(stage.manager),
        stage.record,
        lambda: agreement.acknowledge(talk=stage.participation.talk, by=anna, declined=False, statement=""),
        lambda: agreement.acknowledge(talk=stage.participation.talk, by=bernd, declined=False, statement=""),
    ):
        step()
        seen.append((titles(anna), titles(bernd)))

    assert seen == [
        (["Selbsteinschätzung ausfüllen"], ["Fremdeinschätzung für Anna Ärmel", dora]),
        ([], ["Fremdeinschätzung für Anna Ärmel", dora]),
        ([], [dora, TALK_WITH_ANNA]),
        ([TAKE_NOTE], [dora, TAKE_NOTE]),
        ([], [dora, TAKE_NOTE]),
        ([], [dora]),
    ]


def test_a_round_that_has_ended_asks_nothing(stage):
    stage.release_both().record()
    close_round(round_=stage.round)

    assert [titles(who) for who in (stage.cast.anna, stage.cast.bernd, stage.cast.dora)] == [[], [], []]


def test_a_former_manager_has_nothing_to_do(stage):
    stage.release_both()
    stage.cast.anna.manager = stage.cast.clara
    stage.cast.anna.save()

    assert titles(stage.cast.bernd) == ["Fremdeinschätzung für Dora Özgür"]
    assert titles(stage.cast.clara) == []


def test_nobody_else_is_asked_anything(stage):
    stage.release_both().record()

    assert [titles(getattr(stage.cast, who)) for who in ("clara", "paula", "audit", "fremd")] == [[]] * 4


def test_a_manager_of_many_is_sent_to_the_team(cast):
    many(cast, 4)
    stage = Stage(cast)

    assert tasks_of(cast.bernd) == [
        Task("6 Fremdeinschätzungen sind offen", reverse("assessments:team"), stage.round.manager_due)
    ]


@pytest.mark.parametrize("more", [0, 20])
def test_asking_costs_the_same_for_two_and_for_twenty(cast, more, django_assert_num_queries):
    many(cast, more)
    Stage(cast)
    Participation.objects.update(self_state=2, manager_state=2, talk_state=1)

    with django_assert_num_queries(3):  # drafts with answers counted, talks, records not answered
        found = tasks_of(cast.bernd)

    assert len(found) == (4 if not more else 1 + 2 + more)
