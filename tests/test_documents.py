"""Every template of a printed document, with the longest texts that forms take and with none at all: accessible, and in
our own letters.

A new document gets a row in DOCUMENTS: its template and the address that prints it.
"""

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from pikepdf import Pdf

from assessments.models import (
    Acknowledgement,
    AgreedLevel,
    Participation,
    PeerTally,
    Remark,
    Round,
    Talk,
    TalkProgress,
    Target,
)
from kompetenz.catalogue.models import Category, Competency, LevelAnchor
from kompetenz.people.models import Person, Unit
from learningplans.models import (
    FinalCheck,
    FollowUp,
    Goal,
    GoalReview,
    LearningFormat,
    LearningPlan,
    Measure,
    Offer,
    PlanChange,
    Preparation,
    Review,
)
from roles.models import RoleProfile
from tests.clock import TODAY
from tests.conftest import Stage
from tests.learningplans.making import plan_of
from tests.pdf_fill import fill_of_pages, too_empty
from tests.pdf_text import in_the_margin, pages_of
from tests.pdf_ua import problems
from tests.thorough import thorough_but

# (who prints it, the address, whose number it has)
DOCUMENTS = {
    "comparison": [
        ("anna", "assessments:participation_pdf", "participation"),
        ("bernd", "assessments:participation_pdf", "participation"),
    ],
    "empty_form": [
        ("anna", "assessments:form_pdf", "participation"),
        ("bernd", "assessments:form_pdf", "participation"),
    ],
    "growth": [("anna", "learningplans:growth_pdf", None)],
    "learning_plan": [("anna", "learningplans:pdf", "plan"), ("paula", "learningplans:pdf", "plan")],
    "plan_summary": [("anna", "learningplans:summary_pdf", "plan")],
    "review_record": [("anna", "learningplans:review_pdf", "final review")],
    "training_needs": [("bernd", "learningplans:needs_pdf", "plan")],
}
NO_DOCUMENT = {"base"}  # what all of them extend
# about nobody: test_papers.py of kompetenz/results and kompetenz/privacy, tests/kompetenz/help/test_slide.py
OF_MANY = {"paper", "report", "results", "slide"}
# tests/assessments/handing_out/test_piles.py, tests/kompetenz/privacy/test_subject_access.py
WITH_OTHERS = {"cover_sheet", "subject_access"}

# Letters of names in German offices, dashes, quotes, amounts, and a word that no line can hold.
WORDS = (
    "Dr. Şeyma-Luïse Şahin-Žižek Œuvré Łódź Ångström Đorđević İpek ẞ „Ämter“ ‚öffnen‘ – § 5 Abs. 3 – 1.250,50 € … ½ × 2 "
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft "
)
TYPED = {
    Acknowledgement: ["statement"],
    AgreedLevel: ["reason"],
    FinalCheck: ["remark", "note_for_next"],
    FollowUp: ["text"],
    Goal: ["specific", "measurable", "seen_by", "ambitious", "realistic"],
    GoalReview: ["helped"],
    Measure: ["title", "provider", "responsible", "mentor", "helps", "aids", "practice"],
    Participation: ["person_name", "role_name", "unit_name", "manager_name"],
    PlanChange: ["reason", "statement"],
    Preparation: ["helped", "hindered", "wishes", "changed_tasks"],
    Remark: ["text"],
    Review: ["notes", "statement", "changed_tasks"],
    Round: ["title"],
    Talk: ["place", "attendees", "person_statement"],
    Target: ["reason"],
}


def longest(model, name):
    """As much as the field takes, with line breaks where a text has them."""
    field = model._meta.get_field(name)
    text = (WORDS * (field.max_length // len(WORDS) + 1))[: field.max_length]
    return text.replace("– ", "–\n") if isinstance(field, models.TextField) else text


def catalogue_in_long_words():
    """The wheel's labels stay: how they fit is for the tests of the wheel."""
    for model, names in {
        Category: ["name"],
        Competency: ["name", "description"],
        LevelAnchor: ["text"],
        LearningFormat: ["name"],
        Unit: ["name"],
        RoleProfile: ["name"],
    }.items():
        model.objects.update(**{name: longest(model, name) for name in names})


def completed(stage):
    """The plan of a stage with everything in it that a document can hold."""
    today = TODAY
    participation = stage.participation
    plan = plan_of(participation, state=LearningPlan.State.COMPLETED, goals=range(1, 9), measures=12)
    plan.reviews.update(held_on=today)
    offer = Offer.objects.create(format=LearningFormat.objects.first(), title="Kurs", link=f"https://x.de/{'a' * 200}")
    plan.measures.update(starts_on=today, mentor="Karl", provider="Haus", consented_on=today, offer=offer)
    for review in plan.reviews.all():
        for side in Preparation.Side.values:
            review.preparations.create(side=side, released_at=timezone.now())
        for goal in plan.goals.all():
            review.goal_reviews.create(goal=goal, self_level=1, manager_level=2, agreed_level=3)
        told = longest(Goal, "specific")
        change = PlanChange(plan=plan, review=review, lines=[{"subject": "Ziel", "before": told, "after": told}])
        for record in (change, review):
            record.write(participation, stage.cast.anna, stage.cast.bernd)
            record.take_answer(participation, stage.cast.bernd, "declined", "Nein.")
            record.save()
    Review.objects.update(tasks_changed="yes")
    Participation.objects.update(role_tasks=longest(Goal, "specific"))
    plan.measures.update(state_by=stage.cast.anna, state_at=timezone.now())
    final = plan.reviews.get(is_final=True)
    FinalCheck.objects.create(
        review=final, **dict.fromkeys("specific measurable ambitious realistic timed".split(), "no")
    )
    for competency in stage.competencies[:5]:
        plan.follow_ups.create(competency_id=competency.id, kind=FollowUp.Kind.THEORY)
    LearningPlan.objects.filter(pk=plan.pk).update(hours_per_month="12.5", budget="99999.99")
    return plan


def full_stage(cast):
    """Everything that can be said about anna's part in a round has been said, as long as it may be."""
    catalogue_in_long_words()
    stage = Stage(cast, shows_levels_to_hr=True, responsible=cast.paula)
    for assessment in (stage.own, stage.manager):
        Remark.objects.create(assessment=assessment, competency_id=stage.competencies[0].id, text="Gut.")
    stage.release_both(1, 3).record().confirm()
    first = stage.participation.targets.first()
    stage.participation.targets.filter(pk=first.pk).update(
        level=(first.level + 1) % 4, reason="Weil.", adjusted_on=TODAY
    )
    stage.participation.talk.acknowledgements.update(declined=True, statement="Nein.")
    Round.objects.update(has_peers=True, peer_due=TODAY - timedelta(days=1))
    PeerTally.objects.bulk_create(
        PeerTally(participation=stage.participation, competency_id=one.id, level=level, count=2 + level)
        for one in stage.competencies
        for level in range(4)
    )
    completed(stage)
    Person.objects.filter(pk=cast.paula.pk).update(first_name=longest(Person, "first_name"))
    for model, names in TYPED.items():
        model.objects.update(**{name: longest(model, name) for name in names})
    return stage


def bare_stage(cast):
    """Nothing has been said that need not be: released, recorded, a plan without goals, and a review without notes."""
    stage, today = Stage(cast).release_both().record(), TODAY
    agreed = {"state": LearningPlan.State.AGREED, "agreed_by_person_on": today, "agreed_by_manager_on": today}
    plan = LearningPlan.objects.create(participation=stage.participation, **agreed)
    plan.reviews.create(planned_on=today, held_on=today, is_final=True)
    return stage


def usual_stage(cast):
    """What two people write in an ordinary year: an agreed plan of three goals and five measures, two remarks, one review held."""
    stage = Stage(cast)
    for assessment, text in ((stage.own, "Das mache ich seit zwei Jahren."), (stage.manager, "Sehe ich auch so.")):
        Remark.objects.create(assessment=assessment, competency_id=stage.competencies[0].id, text=text)
    stage.release_both(1, 2).record().confirm()
    plan = plan_of(stage.participation, state=LearningPlan.State.AGREED, goals=(5, 8, 11), measures=5)
    plan.goals.update(specific="Monatliche Fallzahlen des Amtes selbst auswerten und als Übersicht bereitstellen.")
    plan.measures.filter(pk=plan.measures.first().pk).update(cost="400.00", hours=16)
    final = plan.reviews.get(is_final=True)
    plan.reviews.filter(pk=final.pk).update(held_on=TODAY, notes="Die Auswertung steht. Beim Projekt fehlt noch Übung.")
    for goal in plan.goals.all():
        final.goal_reviews.create(goal=goal, self_level=2, manager_level=1, agreed_level=2)
    return stage


def printed(client, stage, rows):
    """The answers of these addresses."""
    plan = LearningPlan.objects.get(participation=stage.participation)
    numbers = {
        None: [],
        "participation": [stage.participation.pk],
        "plan": [plan.pk],
        "final review": [plan.pk, plan.reviews.get(is_final=True).pk],
    }
    for who, name, whose in rows:
        client.force_login(getattr(stage.cast, who))
        yield client.get(reverse(name, args=numbers[whose]))


def test_every_document_is_printed_by_this_test():
    there = {path.stem for path in Path(settings.BASE_DIR, "templates", "documents").glob("*.html")}

    assert set(DOCUMENTS) | NO_DOCUMENT | OF_MANY | WITH_OTHERS == there


@pytest.mark.any_day
@pytest.mark.parametrize("said", thorough_but([full_stage, usual_stage, bare_stage], usual_stage, bare_stage))
def test_every_document_is_accessible_attributable_and_well_filled_whatever_was_said(client, cast, said):
    stage = said(cast)
    assert stage.participation.talk_state >= TalkProgress.RECORDED

    found = {
        document: [
            (
                f"documents/{document}.html" in {template.name for template in response.templates},
                problems(response.content),
                not_attributable(response.content),
                too_empty(response.content),
            )
            for response in printed(client, stage, rows)
        ]
        for document, rows in DOCUMENTS.items()
    }

    assert found == {document: [(True, [], [], [])] * len(rows) for document, rows in DOCUMENTS.items()}


def not_attributable(pdf):
    """The numbers of pages that do not say whose they are, of which administration and of which day."""
    pages, today = pages_of(pdf), f"Stand {TODAY:%d.%m.%Y} · Vertraulich. Nicht zur Personalakte."
    person = Participation.objects.get(person__first_name="Anna").person_name
    said = [settings.ORGANISATION, " ".join(person.split())[:40], today]
    return [
        number
        for number, text in enumerate(pages, 1)
        if not all(part in text for part in [*said, f"Seite {number} von {len(pages)}"])
    ]


@pytest.mark.parametrize("said", [usual_stage, bare_stage])
def test_signatures_have_names_and_never_stand_alone(client, cast, said):
    """What is signed begins on the page of the signatures or ends there."""
    stage, signed = said(cast), ["comparison", "learning_plan", "review_record", "training_needs", "empty_form"]

    for document in signed:
        (response,) = printed(client, stage, DOCUMENTS[document][:1])
        page = next(text for text in reversed(pages_of(response.content, order="-layout")) if "Unterschrift" in text)
        before = re.split("Wir haben|Beide erhalten|Ort, Datum", page)[0]
        assert "Unterschrift: Anna Ärmel" in page or "Unterschrift: Bernd Şahin-Žižek" in page
        assert len(before.replace("Landkreis Musterland · Personalentwicklung", "").strip()) > len("Ziele"), document


@pytest.mark.parametrize("sentences", thorough_but([24, 26, 28, 30, 32, 34, 36, 38], 30, 32))
def test_whether_a_plan_was_smart_is_told_on_one_page_and_not_torn_above_the_signatures(client, cast, sentences):
    stage = usual_stage(cast)
    final = Review.objects.get(is_final=True)
    Review.objects.filter(pk=final.pk).update(notes="Die Auswertung steht. Beim Projekt fehlt noch Übung. " * sentences)
    FinalCheck.objects.create(
        review=final, **dict.fromkeys("specific measurable ambitious realistic timed".split(), "yes")
    )

    (response,) = printed(client, stage, DOCUMENTS["review_record"])

    pages = pages_of(response.content)
    told = [[part in page for page in pages] for part in ("War der Plan SMART?", "S – spezifisch", "T – terminiert")]
    assert told == [told[0]] * 3
    assert sum(told[0]) == 1


def test_a_form_of_the_whole_catalogue_is_six_pages_with_room_to_write(client, cast):
    stage = Stage(cast)

    for who, name, _ in DOCUMENTS["empty_form"]:
        client.force_login(getattr(cast, who))
        pages = pages_of(client.get(reverse(name, args=[stage.participation.pk])).content)
        assert len(pages) <= 6
        assert "Personalnummer 0003" in pages[0]
        assert "10.1 Digitalisierung" in pages[0]


def test_the_longest_names_without_a_blank_stay_on_the_paper(client, cast):
    stage, longest_name = bare_stage(cast), f"{'W' * 80} {'W' * 80}"
    Person.objects.update(first_name="W" * 80, last_name="W" * 80)
    Participation.objects.update(person_name=longest_name, manager_name=longest_name)

    found = {
        document: [
            word for response in printed(client, stage, rows) for word in in_the_margin(response.content, margin=40)
        ]
        for document, rows in DOCUMENTS.items()
    }

    assert found == {document: [] for document in DOCUMENTS}


@pytest.mark.parametrize(
    "name", ["Anna Ö", "Maximiliane-Alexandrina Elisabeth Freifrau von Schönborn-Wiesentheid-Oberndorff"]
)
def test_the_first_page_of_a_plan_is_filled_whatever_people_and_units_are_called(client, cast, name):
    stage = usual_stage(cast)
    long = {"person_name": name, "manager_name": name, "unit_name": f"16 Amt für {name}", "role_name": name}
    Participation.objects.update(**long)
    Person.objects.update(first_name=name.rpartition(" ")[0], last_name=name.rpartition(" ")[2])

    [answer] = printed(client, stage, DOCUMENTS["learning_plan"][:1])

    assert fill_of_pages(answer.content)[0] > 2 / 3


def test_names_are_printed_in_one_font_and_greek_in_the_one_we_ask_for(client, cast):
    stage = bare_stage(cast)

    found = []
    for name in ("Dr. Şeyma-Luïse Şahin-Žižek Œuvré Łódź", "Ψ"):
        Participation.objects.update(person_name=name)
        (response,) = printed(client, stage, DOCUMENTS["plan_summary"])
        with Pdf.open(BytesIO(response.content)) as pdf:
            fonts = [font.BaseFont for page in pdf.pages for font in page.Resources.Font.values()]
        found.append({str(font).partition("+")[2].removesuffix("-Semi-Bold") for font in fonts})

    assert found == [{"Fira-Sans"}, {"Fira-Sans", "DejaVu-Sans"}]
