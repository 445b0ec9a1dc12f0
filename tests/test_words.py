"""What two people write to each other stays between them: every free text, on every page and print, for every reader."""

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from assessments import agreement, answers
from assessments import on_paper as papers_of_rounds
from assessments.models import Participation, StockTaking
from learningplans import bundling, planning
from learningplans import on_paper as papers_of_plans
from learningplans.models import FinalCheck, FollowUp, Goal, LearningPlan, PlanChange, Review
from tests.conftest import Stage
from tests.learningplans.bundles import work

OWN, MANAGERS = "Wort-Bemerkung-Selbst", "Wort-Bemerkung-Fremd"
REASON, STATEMENT, ATTENDEES, SOLL = "Wort-Begruendung", "Wort-Stellungnahme", "Wort-Beteiligte", "Wort-Soll"
SMART, SEEN_BY, NOTES = "Wort-Ziel", "Wort-Feststellung", "Wort-Ergebnis"
CHANGE, CHECK, NEXT, FOLLOWS = "Wort-Aenderung", "Wort-Rueckblick", "Wort-Merkposten", "Wort-Fortsetzung"
TAKING_STOCK = {name: f"Wort-Bestand-{name}" for name in StockTaking.QUESTIONS}
OF_THE_TALK = {OWN, MANAGERS, REASON, STATEMENT, ATTENDEES, SOLL, *TAKING_STOCK.values()}
THOUGHT, HELPED = "Wort-Vorbereitung", "Wort-Hilfe"
OF_THE_PLAN = {SMART, SEEN_BY, NOTES, CHANGE, CHECK, NEXT, FOLLOWS, THOUGHT, HELPED}
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
    answers.save_answers(pk=stage.own.pk, by=cast.anna, remarks={first: OWN})
    answers.save_answers(pk=stage.manager.pk, by=cast.bernd, remarks={first: MANAGERS})
    for assessment in (stage.own, stage.manager):
        answers.release(pk=assessment.pk, by=assessment.rater)
    stage.talk(1)
    talk = stage.participation.talk
    agreement.agree_levels(talk=talk, levels={}, reasons={first: REASON})
    agreement.note_frame(talk=talk, attendees=ATTENDEES)
    agreement.record_talk(talk=talk)
    agreement.state_own_view(talk=talk, text=STATEMENT)
    stage.confirm()
    plan = planning.draw_up_plan(participation=stage.participation)
    Goal.objects.create(plan=plan, competency_id=first, from_level=1, to_level=2, specific=SMART, seen_by=SEEN_BY)
    final = Review.objects.create(plan=plan, planned_on="2026-03-01", held_on="2026-03-01", notes=NOTES, is_final=True)
    letters = dict.fromkeys(["specific", "measurable", "ambitious", "realistic", "timed"], "partly")
    final.preparations.create(side="person", wishes=THOUGHT, released_at=timezone.now())
    final.goal_reviews.create(goal=plan.goals.get(), agreed_level=1, helped=HELPED)
    FinalCheck.objects.create(review=final, remark=CHECK, note_for_next=NEXT, **letters)
    FollowUp.objects.create(plan=plan, competency_id=first, kind=FollowUp.Kind.DEEPEN, text=FOLLOWS)
    PlanChange.objects.create(plan=plan, subject="Ziel: Termin", reason=CHANGE)
    LearningPlan.objects.filter(pk=plan.pk).update(
        state=LearningPlan.State.COMPLETED,
        completed_on="2026-03-01",
        agreed_by_person_on="2026-01-01",
        agreed_by_manager_on="2026-01-01",
    )
    return stage.participation, plan


def words_read(client, addresses):
    """The words on all these pages together; a page that is not there has none."""
    text = "".join(client.get(address).text for address in addresses)
    return {word for word in OF_THE_TALK | OF_THE_PLAN if word in text}


def pages_of(participation, plan):
    return [
        *(reverse(name, args=[participation.pk]) for name in PAGES),
        *(reverse(name, args=[plan.pk]) for name in PLAN_PAGES),
        *(reverse(name, args=[plan.pk, plan.reviews.get().pk]) for name in REVIEW_PAGES),
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
