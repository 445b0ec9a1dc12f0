"""What one side has recorded is called agreed nowhere before the other has taken note of it."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from assessments.models import Talk
from assessments.rounds.closing import close_round
from assessments.talk import recording
from assessments.talk.comparison import Comparison
from learningplans import tasks
from learningplans.contents.plan import contents_for
from learningplans.drafting import drawing_up
from learningplans.looking_back.growth import growth_of
from learningplans.models import LearningPlan
from learningplans.training.freshness import confirmed
from tests.conftest import Stage
from tests.pdf_text import text_of


def declined(stage):
    stage.record()
    recording.acknowledge(
        talk=stage.participation.talk, by=stage.cast.anna, declined=True, statement="So war es nicht."
    )
    return stage._again()


def reopened(stage):
    stage.record()
    recording.reopen_talk(talk=stage.participation.talk)
    return stage._again()


def unanswered(stage):
    close_round(round_=stage.record().round)
    return stage._again()


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (Stage.record, "festgehalten, noch keine Antwort"),
        (declined, "festgehalten, abgelehnt"),
        (reopened, "noch nicht festgehalten"),
        (unanswered, "festgehalten, keine Antwort"),
        (lambda stage: stage.record().confirm(), "vereinbart"),
    ],
)
def test_levels_of_a_talk_are_called_what_they_are(stage, step, words):
    talk = step(stage.release_both()).participation.talk

    assert (talk.levels_are, talk.is_agreed) == (words, words == "vereinbart")
    assert list(Talk.objects.agreed()) == ([talk] if talk.is_agreed else [])


def test_what_was_declined_is_agreed_on_no_page_and_no_paper(as_, stage):
    declined(stage.release_both())
    anna, page = as_(stage.cast.anna), stage.participation.get_absolute_url()

    growth = growth_of(stage.cast.anna, stage.cast.anna)
    shown = [
        anna.get(page).text,
        anna.get(reverse("assessments:talk", args=[stage.participation.pk])).text,
        text_of(anna.get(reverse("assessments:participation_pdf", args=[stage.participation.pk])).content),
        anna.get("/").text,
        anna.post(reverse("learningplans:draw_up", args=[stage.participation.pk]), follow=True).text,
        anna.get(reverse("learningplans:growth")).text,
        text_of(anna.get(reverse("learningplans:growth_pdf")).content),
    ]

    words = [" ".join(text.split()).lower() for text in shown]
    assert [("abgelehnt" in text, "vereinbartes ist" in text) for text in words] == [(True, False)] * len(words)
    assert '<th scope="col" class="kern-table__header">Vereinbart</th>' not in shown[0]
    assert Comparison(stage.participation, stage.cast.anna).wheel().series[0].name == "Ist (festgehalten, abgelehnt)"
    assert [step.wheel().series[0].name for step in growth.steps] == ["Ist (festgehalten, abgelehnt)"]
    assert confirmed(stage.cast.anna) == {}
    assert {row.confirmed for row in growth.rows} == {None}


def test_the_workbook_says_of_the_column_that_it_is_not_agreed(as_, stage):
    stage.release_both().record()

    book = as_(stage.cast.anna).get(reverse("learningplans:growth_workbook")).content

    rows = list(load_workbook(BytesIO(book)).active.iter_rows(values_only=True))
    (head,) = (row for row in rows if row[0] == "Kompetenz")
    assert "festgehalten, noch keine Antwort" in head[4]
    assert {row[2] for row in rows[rows.index(head) + 1 :]} == {None}


def test_a_plan_may_begin_from_what_is_recorded_and_says_so(as_, stage):
    stage.release_both().record()
    plan = drawing_up.draw_up_plan(participation=stage.participation)
    plan = LearningPlan.objects.with_participation().get(pk=plan.pk)
    anna = as_(stage.cast.anna)

    page = anna.get(plan.get_absolute_url()).text
    paper = text_of(anna.get(reverse("learningplans:pdf", args=[plan.pk])).content)

    assert contents_for(plan, stage.cast.anna).wheel.series[0].name == "Ist (festgehalten, noch keine Antwort)"
    assert "Ist aus dem Gespräch" in page
    assert "Ist aus dem Gespräch festgehalten, noch keine Antwort" in " ".join(paper.split())


def test_the_task_says_what_the_levels_are(stage):
    declined(stage.release_both())
    rows = [stage.participation]

    (task,) = [one for one in tasks.tasks_of(stage.cast.anna, rows, []) if "aufstellen" in one.title]

    assert task.note == "für Sie selbst · Runde 2026 · Ist (festgehalten, abgelehnt)"
