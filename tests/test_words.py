"""What two people write to each other stays between them: every free text, on every page and print, for every reader."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from assessments import pdf as papers_of_rounds
from assessments.answering import saving
from assessments.models import Participation, StockTaking
from assessments.talk import recording
from learningplans import pdf as papers_of_plans
from learningplans.drafting import drawing_up
from learningplans.models import FinalCheck, FollowUp, Goal, LearningFormat, LearningPlan, PlanChange, Review
from learningplans.round_documents import bundling
from tests.conftest import Stage
from tests.learningplans.round_documents.bundles import work

OWN, MANAGERS = "Wort-Bemerkung-Selbst", "Wort-Bemerkung-Fremd"
REASON, STATEMENT, ATTENDEES, SOLL = "Wort-Begruendung", "Wort-Stellungnahme", "Wort-Beteiligte", "Wort-Soll"
SMART, SEEN_BY, NOTES = "Wort-Ziel", "Wort-Feststellung", "Wort-Ergebnis"
CHANGE, CHECK, NEXT, FOLLOWS = "Wort-Aenderung", "Wort-Rueckblick", "Wort-Merkposten", "Wort-Fortsetzung"
TAKING_STOCK = {name: f"Wort-Bestand-{name}" for name in StockTaking.QUESTIONS}
OF_THE_TALK = {OWN, MANAGERS, REASON, STATEMENT, ATTENDEES, SOLL, *TAKING_STOCK.values()}
THOUGHT, HELPED = "Wort-Vorbereitung", "Wort-Hilfe"
BEFORE, AFTER, DECLINED, REFUSES = "Wort-Vorher", "Wort-Nachher", "Wort-Ablehnung", "Wort-Widerspruch"
HELPS, AIDS, PRACTICE, TASKS, ASKED = "Wort-Weg", "Wort-Mittel", "Wort-Uebung", "Wort-Aufgaben", "Wort-Nachfrage"
OF_THE_PLAN = {SMART, SEEN_BY, NOTES, CHANGE, CHECK, NEXT, FOLLOWS, THOUGHT, HELPED, BEFORE, AFTER, DECLINED, REFUSES}
OF_THE_PLAN |= {HELPS, AIDS, PRACTICE, TASKS, ASKED}
PAGES = ["assessments:stock_taking", "assessments:participation", "assessments:talk", "assessments:participation_pdf"]
PLAN_PAGES = ["learningplans:summary_pdf", "learningplans:needs_pdf", "learningplans:detail", "learningplans:pdf"]
REVIEW_PAGES = ["learningplans:review", "learningplans:review_result", "learningplans:review_pdf"]


@pytest.fixture
def written(cast, monkeypatch):
    """A whole cycle of anna and bernd with a word of its own in every free text; HR sees levels in this round."""
    for module in (papers_of_rounds, papers_of_plans):
        monkeypatch.setattr(module, "render_pdf", lambda name, context: render_to_string(name, context).encode())
    stage = Stage(cast, shows_levels_to_hr=True)
    first = stage.competencies[0].id
    stage.participation.targets.filter(competency=first).update(level=3, reason=SOLL)
    StockTaking.objects.create(participation=stage.participation, shared_at=timezone.now(), **TAKING_STOCK)
    stage.answer(stage.own, 1).answer(stage.manager, 3)
    saving.save_answers(pk=stage.own.pk, by=cast.anna, remarks={first: OWN})
    saving.save_answers(pk=stage.manager.pk, by=cast.bernd, remarks={first: MANAGERS})
    for assessment in (stage.own, stage.manager):
        saving.release(pk=assessment.pk, by=assessment.rater)
    stage.talk(1)
    talk = stage.participation.talk
    recording.agree_levels(talk=talk, levels={}, reasons={first: REASON})
    recording.note_frame(talk=talk, attendees=ATTENDEES)
    recording.record_talk(talk=talk, by=cast.bernd)
    recording.state_own_view(talk=talk, text=STATEMENT)
    stage.confirm()
    plan = drawing_up.draw_up_plan(participation=stage.participation)
    Goal.objects.create(plan=plan, competency_id=first, from_level=1, to_level=2, specific=SMART, seen_by=SEEN_BY)
    final = Review.objects.create(plan=plan, planned_on="2026-03-01", held_on="2026-03-01", notes=NOTES, is_final=True)
    letters = dict.fromkeys(["specific", "measurable", "ambitious", "realistic", "timed"], "partly")
    final.preparations.create(side="person", wishes=THOUGHT, changed_tasks=ASKED, released_at=timezone.now())
    final.goal_reviews.create(goal=plan.goals.get(), agreed_level=1, helped=HELPED)
    FinalCheck.objects.create(review=final, remark=CHECK, note_for_next=NEXT, **letters)
    FollowUp.objects.create(plan=plan, competency_id=first, kind=FollowUp.Kind.DEEPEN, text=FOLLOWS)
    PlanChange.objects.create(
        plan=plan,
        lines=[{"subject": "Ziel: M – messbar", "before": BEFORE, "after": AFTER}],
        reason=CHANGE,
        written_by=cast.anna,
        written_side="person",
        written_at=timezone.now(),
        answered_by=cast.bernd,
        answered_at=timezone.now(),
        answer="declined",
        statement=DECLINED,
    )
    format_ = LearningFormat.objects.first()
    of_goal = {"helps": HELPS, "aids": AIDS, "practice": PRACTICE, "responsible": "Anna", "due_on": "2026-02-01"}
    plan.measures.create(format=format_, title="Kurs", **of_goal)
    Review.objects.filter(pk=final.pk).update(
        changed_tasks=TASKS,
        tasks_changed="yes",
        written_by=cast.bernd,
        written_side="manager",
        written_at=timezone.now(),
        answered_by=cast.anna,
        answered_at=timezone.now(),
        answer="declined",
        statement=REFUSES,
    )
    LearningPlan.objects.filter(pk=plan.pk).update(
        state=LearningPlan.State.COMPLETED,
        completed_on="2026-03-01",
        agreed_by_person_on="2026-01-01",
        agreed_by_manager_on="2026-01-01",
    )
    return stage.participation, plan


def text_in(response):
    """What a page says, or a workbook in any of its parts."""
    if not response.content.startswith(b"PK"):
        return response.text
    with ZipFile(BytesIO(response.content)) as workbook:
        return "".join(workbook.read(name).decode(errors="replace") for name in workbook.namelist())


def words_read(client, addresses):
    """The words on all these pages together; a page that is not there has none."""
    text = "".join(text_in(client.get(address)) for address in addresses)
    return {word for word in OF_THE_TALK | OF_THE_PLAN if word in text}


def pages_of(participation, plan):
    return [
        *(reverse(name, args=[participation.pk]) for name in PAGES),
        *(reverse(name, args=[plan.pk]) for name in PLAN_PAGES),
        *(reverse(name, args=[plan.pk, plan.reviews.get().pk]) for name in REVIEW_PAGES),
        reverse("learningplans:plan_change", args=[plan.pk, plan.changes.get().pk]),
        reverse("learningplans:round_measures", args=[participation.round_id]),
    ]


@pytest.mark.parametrize("who", ["anna", "bernd"])
def test_the_two_read_every_word(as_, cast, written, who):
    assert words_read(as_(getattr(cast, who)), pages_of(*written)) == OF_THE_TALK | OF_THE_PLAN


@pytest.mark.parametrize("who", ["clara", "paula", "audit", "fremd"])
def test_nobody_else_reads_a_word_even_where_hr_sees_levels(as_, cast, written, who):
    assert words_read(as_(getattr(cast, who)), pages_of(*written)) == set()


def test_what_is_put_together_for_hr_holds_no_word_even_if_the_manager_is_hr_and_asks_for_it(cast, written):
    cast.bernd.is_hr = True
    cast.bernd.save()

    bundle = bundling.begin_bundle(round_=written[0].round, by=cast.bernd)
    work()

    papers = [bytes(document.content).decode() for document in bundle.documents.all()]
    assert ["Kompetenzvergleich" in papers[0], "Maßnahmen" in papers[1]] == [True, True]
    assert [word for word in OF_THE_TALK | OF_THE_PLAN for paper in papers if word in paper] == []


def test_a_former_manager_in_hr_reads_no_word_either(as_, cast, written):
    cast.bernd.is_hr = True
    cast.bernd.save()
    cast.anna.manager = cast.clara
    cast.anna.save()
    participation = Participation.objects.get(pk=written[0].pk)

    assert words_read(as_(cast.bernd), pages_of(participation, written[1])) == set()
