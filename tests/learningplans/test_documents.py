"""What is handed out beside the Lernplan: the summary for the person, and the Qualifizierungsbedarf for HR."""

from datetime import timedelta

import pytest
from django.urls import reverse

from kompetenz.people.models import Person
from kompetenz.wheel import Style
from learningplans.models import LearningFormat, LearningPlan, Measure
from learningplans.pdf import above_target
from tests.clock import in_days
from tests.learningplans.making import measure_in, plan_of
from tests.pdf_text import pages_of
from tests.pdf_ua import problems

SUMMARY, NEEDS = "learningplans:summary_pdf", "learningplans:needs_pdf"


@pytest.fixture
def agreed(participation):
    plan = plan_of(participation, state=LearningPlan.State.AGREED, measures=6)
    plan.reviews.filter(is_final=False).update(notes="Vertrauliches Ergebnis")
    return plan


def printed(client, name, plan):
    response = client.get(reverse(name, args=[plan.pk]))
    assert response["Content-Type"] == "application/pdf"
    return response


def test_the_summary_has_the_wheel_and_what_was_chosen_first_and_then_what_to_do(as_, cast, agreed):
    agreed.participation.targets.filter(competency__order=20).update(level=2, profile_level=2)

    response = printed(as_(cast.anna), SUMMARY, agreed)

    first, second = pages_of(response.content)
    assert problems(response.content) == []
    for part in (
        "Zusammenfassung Anna Ärmel",
        "Sie arbeiten als Digitalisierungslotse.",
        "Über dem Soll Ihrer Rolle: Vernetztes",
        "1. Datenkompetenz: von Kenner bis Könner",
    ):
        assert part in first
    for part in ("Maßnahme 6", "Abschlussgespräch"):
        assert part in second
    assert "Zu Zielen und Maßnahmen: Bernd Şahin-Žižek, Ihre Führungskraft." in second
    assert "Vertrauliches Ergebnis" not in first + second


def test_the_summary_names_whom_to_ask_today(as_, cast, agreed, words_of_pdfs):
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.clara)

    text = " ".join(as_(cast.anna).get(reverse(SUMMARY, args=[agreed.pk])).content.decode().split())

    assert f"Zu Zielen und Maßnahmen: {cast.clara}, Ihre Führungskraft." in text
    assert f"{cast.bernd}, Ihre" not in text


@pytest.mark.parametrize(
    ("is_draft", "heading"), [(True, "Welche Ziele im Entwurf stehen"), (False, "Was Sie sich vorgenommen haben")]
)
def test_what_stands_in_a_draft_nobody_has_resolved_yet(as_, cast, agreed, words_of_pdfs, is_draft, heading):
    if is_draft:
        LearningPlan.objects.filter(pk=agreed.pk).update(state=LearningPlan.State.DRAFT)

    paper = as_(cast.anna).get(reverse(SUMMARY, args=[agreed.pk])).content.decode()

    assert [text in paper for text in ("im Entwurf stehen", "vorgenommen haben")] == [is_draft, not is_draft]
    assert heading in paper


def test_the_summary_of_much_takes_three_pages_and_no_sentence_is_cut(as_, cast, participation):
    participation.targets.exclude(competency__order=5).update(level=0, profile_level=0)
    plan = plan_of(participation, goals=(3, 5, 8, 11, 1), measures=7)
    plan.goals.update(specific="Verfahren selbst einrichten " * 17)

    response = printed(as_(cast.bernd), SUMMARY, plan)

    pages = pages_of(response.content)
    assert (problems(response.content), len(pages), "…" in "".join(pages)) == ([], 3, False)


def test_an_empty_draft_has_a_summary_too(as_, cast, participation):
    response = printed(as_(cast.anna), SUMMARY, LearningPlan.objects.create(participation=participation))

    assert "Ihr Lernplan ist noch ein Entwurf." in pages_of(response.content)[0]
    assert " ".join(pages_of(response.content)).count("Noch kein") == 3
    assert problems(response.content) == []


def test_above_the_soll_is_only_what_has_a_soll_and_is_more(agreed):
    wheel = agreed.participation.round.catalogue

    def drawn(actual, target):
        ids = [one.id for one in wheel.competencies[:4]]
        series = [
            wheel.series("Ist", Style.FILL, dict(zip(ids, actual, strict=True))),
            wheel.series("Soll", Style.OUTLINE, dict(zip(ids, target, strict=True))),
        ]
        return wheel.wheel("", *series)

    names = [one.name for one in wheel.competencies]
    assert above_target(drawn((3, 2, 1, 3), (2, 2, 3, None))) == names[:1]


@pytest.mark.parametrize("who", ["anna", "bernd", "paula"])
def test_the_needs_are_the_measures_and_nothing_else_whoever_opens_them(as_, cast, agreed, who):
    goal = agreed.goals.first()
    measure_in(agreed, goal, title="Entfällt", state=Measure.State.DROPPED)
    course = LearningFormat.objects.filter(job=LearningFormat.Job.OFF).first()
    measure_in(
        agreed, goal, format=course, title="Grundkurs", provider="Studieninstitut", starts_on=in_days(5), hours=None
    )
    LearningPlan.objects.filter(pk=agreed.pk).update(hours_per_month=8, budget=1500)

    response = printed(as_(getattr(cast, who)), NEEDS, agreed)

    (text,) = pages_of(response.content)
    assert problems(response.content) == []
    for part in (
        "Nicht zur Personalakte.", "Maßnahme 6", "Grundkurs", "Studieninstitut", "Freistellung",
        "8 Stunden je Monat, 1.500,00 €", "Summe, soweit bekannt", "ja", "nein", "Kostenstelle", "Genehmigt für die Personalentwicklung", "8.753,50 €", f"{in_days(5):%d.%m.%Y}",
    ):  # fmt: skip
        assert part in text
    for hidden in ("Entfällt", "Datenkompetenz", "Verfahren", "Kenner", "Könner", "Vertrauliches", "Kompetenzrad"):
        assert hidden not in text


@pytest.mark.parametrize(("measures", "sheets"), [(3, 1), (40, 3)])
def test_few_measures_hold_on_one_page_and_more_go_on_under_the_same_head(as_, cast, participation, measures, sheets):
    plan = plan_of(participation, state=LearningPlan.State.AGREED, measures=measures)
    for number, measure in enumerate(plan.measures.all()):
        measure.title, measure.provider = f"Seminar {number:02} zur digitalen Verwaltung", "Studieninstitut"
        measure.starts_on = measure.due_on - timedelta(days=9)
        measure.save()

    response = printed(as_(cast.paula), NEEDS, plan)

    pages = pages_of(response.content)
    assert (problems(response.content), len(pages)) == ([], sheets)
    heads = [page.count("Zeitraum") for page in pages if "Seminar" in page]
    assert heads == [1] * len(heads)


def test_hr_gets_the_needs_once_agreed_and_never_the_summary(as_, cast, agreed):
    hr = as_(cast.paula)
    found = [hr.get(reverse(name, args=[agreed.pk])).status_code for name in (NEEDS, SUMMARY)]
    LearningPlan.objects.filter(pk=agreed.pk).update(state=LearningPlan.State.DRAFT)

    assert [*found, hr.get(reverse(NEEDS, args=[agreed.pk])).status_code] == [200, 404, 404]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (SUMMARY, "Zusammenfassung-Aermel-Anna-Runde-2026.pdf"),
        (NEEDS, "Qualifizierungsbedarf-Aermel-Anna-Runde-2026.pdf"),
    ],
)
def test_the_files_are_named_after_what_they_are_person_and_round(as_, cast, agreed, name, expected):
    assert printed(as_(cast.anna), name, agreed)["Content-Disposition"] == f'inline; filename="{expected}"'


@pytest.mark.parametrize(("who", "names"), [("anna", [1, 1, 1]), ("bernd", [1, 1, 1]), ("paula", [1, 0, 1])])
def test_the_plans_page_offers_what_the_reader_may_open(as_, cast, agreed, who, names):
    page = as_(getattr(cast, who)).get(agreed.get_absolute_url()).text

    assert [page.count(reverse(name, args=[agreed.pk])) for name in ("learningplans:pdf", SUMMARY, NEEDS)] == names
