"""Meine Entwicklung: all talks and reviews of one person side by side, and who may see them."""

from copy import deepcopy
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from assessments.models import TalkProgress
from kompetenz.catalogue.models import Competency, Edition
from kompetenz.people.models import Deputy
from learningplans.looking_back.growth import growth_of
from learningplans.models import LearningPlan
from tests.catalogue import COMPETENCIES
from tests.clock import TODAY
from tests.learningplans.making import competency, participation_of, plan_of
from tests.pdf_text import pages_of, text_of
from tests.pdf_ua import problems

FIRST, SECOND = date(2025, 4, 1), date(2026, 4, 1)


def talk_of(person, held_on, **fields):
    return participation_of(person, held_on=held_on, title=f"Runde {held_on.year}", **fields)


def reviewed(participation, number, *, level, on, final=False):
    plan = LearningPlan.objects.filter(participation=participation).first()
    plan = plan or plan_of(participation, state=LearningPlan.State.AGREED, goals=(number,))
    review = plan.reviews.create(planned_on=on, held_on=on, notes="Ein Wort")
    if final:
        plan.reviews.filter(is_final=True).delete()
        review.is_final = True
        review.save()
    review.goal_reviews.create(goal=plan.goals.get(competency__order=number), agreed_level=level)
    return review


def course_of(growth, number):
    """The cells of one competency as (level, change), the newest first."""
    (row,) = (row for row in growth.rows if row.course.competency.id == competency(number).id)
    return [(cell.level, cell.change) for cell in row.cells]


def test_talks_and_reviews_are_steps_the_newest_first(cast):
    first = talk_of(cast.anna, FIRST)
    reviewed(first, 5, level=2, on=date(2025, 9, 1))
    reviewed(first, 5, level=3, on=date(2026, 3, 1), final=True)
    talk_of(cast.anna, SECOND)

    growth = growth_of(cast.anna, cast.anna)

    assert [step.name for step in growth.steps] == [
        "Gespräch am 1.\xa0April 2026",
        "Abschlussgespräch am 1.\xa0März 2026",
        "Review-Gespräch am 1.\xa0September 2025",
        "Gespräch am 1.\xa0April 2025",
    ]
    assert course_of(growth, 5) == [(1, "−2"), (3, "+1"), (2, "+1"), (1, "")]
    assert course_of(growth, 11) == [(2, "")] * 4


def test_a_review_keeps_what_an_earlier_one_agreed(cast):
    first = talk_of(cast.anna, FIRST)
    plan_of(first, state=LearningPlan.State.AGREED, goals=(5, 11))
    reviewed(first, 5, level=2, on=date(2025, 9, 1))
    reviewed(first, 11, level=3, on=date(2025, 12, 1))

    growth = growth_of(cast.anna, cast.anna)

    assert course_of(growth, 5) == [(2, ""), (2, "+1"), (1, "")]
    assert course_of(growth, 11) == [(3, "+1"), (2, ""), (2, "")]


@pytest.fixture
def between(cast):
    """The talk of a new round, in which much is different, and a day later the last review of the old plan: two goals."""
    old = talk_of(cast.anna, FIRST)
    plan_of(old, state=LearningPlan.State.AGREED, goals=(5, 11))
    new = talk_of(cast.anna, date(2026, 11, 27))
    new.talk.agreed_levels.update(level=0)
    new.targets.update(level=1, profile_level=1)
    last = reviewed(old, 5, level=2, on=date(2026, 11, 28), final=True)
    last.goal_reviews.create(goal=last.plan.goals.get(competency__order=11), agreed_level=3)
    return last


def test_the_review_of_an_old_plan_changes_its_goals_and_nothing_else(cast, between):
    growth = growth_of(cast.anna, cast.anna)

    newest, talk, _ = growth.steps
    assert (newest.name, talk.name) == ("Abschlussgespräch am 28.\xa0November 2026", "Gespräch am 27.\xa0November 2026")
    assert {row.course.competency.id: row.cells[0].change for row in growth.rows if row.cells[0].change} == {
        competency(5).id: "+2",
        competency(11).id: "+3",
    }
    assert course_of(growth, 20) == [(0, ""), (0, "−3"), (3, "")]


def test_the_newest_wheel_is_where_the_person_stands(as_, cast, between):
    picture = as_(cast.anna).get(reverse("learningplans:growth_review_wheel", args=[between.pk])).text

    assert f"Vereinbartes Ist: 1 Experte, 1 Könner, {COMPETENCIES - 2} keine." in picture
    assert f"Soll: {COMPETENCIES} Kenner." in picture


def test_workbook_and_paper_and_the_managers_page_say_the_same(as_, cast, between):
    book = as_(cast.anna).get(reverse("learningplans:growth_workbook")).content
    paper = text_of(as_(cast.anna).get(reverse("learningplans:growth_pdf")).content)
    page = as_(cast.bernd).get(reverse("learningplans:growth_of", args=[cast.anna.pk])).text

    column = [row[4].value for row in load_workbook(BytesIO(book)).active.iter_rows() if len(row) > 4]
    assert sorted({str(value) for value in column if "," in str(value) and "(" in str(value)}) == [
        "Experte (3), +3",
        "Könner (2), +2",
    ]
    assert (paper.count("+3"), paper.count("+2")) == (1, 1)
    assert (page.count("<strong>+3</strong>"), page.count("<strong>+2</strong>")) == (1, 1)


def test_what_is_not_agreed_yet_is_no_step(cast):
    talk_of(cast.anna, FIRST, talk_state=TalkProgress.STARTED)
    recorded = talk_of(cast.anna, SECOND)
    review = reviewed(recorded, 5, level=2, on=date(2026, 9, 1))
    review.held_on = None
    review.save()

    assert [step.on for step in growth_of(cast.anna, cast.anna).steps] == [SECOND]


def test_rounds_with_different_catalogues_are_matched_by_competency(cast):
    first = talk_of(cast.anna, FIRST)
    content = deepcopy(first.round.edition.content)
    categories = content["categories"]
    del categories[0]["competencies"][4]
    smaller = Edition.objects.create(digest="kleiner", content=content)
    second = talk_of(cast.anna, SECOND)
    second.round.edition = smaller
    second.round.save()

    growth = growth_of(cast.anna, cast.anna)

    assert course_of(growth, 5) == [(None, "nicht mehr im Katalog"), (1, "")]
    assert course_of(growth, 11) == [(2, ""), (2, "")]
    assert len(growth.rows) == COMPETENCIES


def test_a_row_says_when_it_was_confirmed_and_when_it_is_due(as_, cast):
    Competency.objects.filter(order=5).update(refresh_months=12)
    talk_of(cast.anna, FIRST)

    page = as_(cast.anna).get(reverse("learningplans:growth")).text

    assert "auffrischen, fällig seit 01.04.2026" in page
    assert page.count("01.04.2025") >= COMPETENCIES


def test_the_empty_page_says_when_it_fills(as_, cast):
    page = as_(cast.anna).get(reverse("learningplans:growth")).text

    assert "Noch ist kein Gespräch festgehalten." in page
    assert "<table" not in page


@pytest.mark.parametrize("steps", [1, 12])
def test_the_page_costs_the_same_for_one_step_and_for_twelve(as_, cast, django_assert_num_queries, steps):
    for number in range(steps // 2 + 1):
        reviewed(talk_of(cast.anna, FIRST + timedelta(days=30 * number)), 5, level=2, on=SECOND)
    client = as_(cast.anna)
    client.get(reverse("learningplans:growth"))  # a process reads a catalogue once

    # session, user; talks, their answers, agreed levels, Soll, reviews; confirmed, to refresh, latest round
    with django_assert_num_queries(10):
        client.get(reverse("learningplans:growth"))


def test_nothing_is_counted_together_or_averaged(as_, cast):
    talk_of(cast.anna, FIRST)

    page = as_(cast.anna).get(reverse("learningplans:growth")).text

    assert [word for word in ("Durchschnitt", "Summe", "Gesamt", "Rang") if word in page.split("<main")[1]] == []


def statuses(as_, cast, address):
    return {who: as_(getattr(cast, who)).get(address).status_code for who in vars(cast)}


def test_only_the_manager_sees_a_persons_growth_and_hr_never(as_, cast):
    talk_of(cast.anna, FIRST, shows_levels_to_hr=True)

    found = statuses(as_, cast, reverse("learningplans:growth_of", args=[cast.anna.pk]))

    assert {who for who, status in found.items() if status == 200} == {"anna", "bernd"}
    assert set(found.values()) == {200, 404}


def test_the_pictures_are_for_the_same_two(as_, cast):
    participation = talk_of(cast.anna, FIRST, shows_levels_to_hr=True)
    review = reviewed(participation, 5, level=3, on=SECOND)
    addresses = [
        reverse("learningplans:growth_talk_wheel", args=[participation.pk]),
        reverse("learningplans:growth_review_wheel", args=[review.pk]),
    ]

    for address in addresses:
        found = statuses(as_, cast, address)
        assert {who for who, status in found.items() if status == 200} == {"anna", "bernd"}


def test_the_picture_of_a_review_shows_its_levels_and_that_of_the_talk_the_old_ones(as_, cast):
    participation = talk_of(cast.anna, FIRST)
    review = reviewed(participation, 5, level=3, on=SECOND)
    client = as_(cast.anna)

    talk = client.get(reverse("learningplans:growth_talk_wheel", args=[participation.pk]))
    later = client.get(reverse("learningplans:growth_review_wheel", args=[review.pk]))

    assert [answer["Content-Type"] for answer in (talk, later)] == ["image/svg+xml"] * 2
    assert "Vereinbartes Ist: 1 Experte" in talk.text
    assert "Vereinbartes Ist: 2 Experte" in later.text


def test_a_review_without_agreed_levels_has_no_picture(as_, cast):
    plan = plan_of(talk_of(cast.anna, FIRST), state=LearningPlan.State.AGREED)
    review = plan.reviews.first()
    review.held_on = SECOND
    review.save()

    answer = as_(cast.anna).get(reverse("learningplans:growth_review_wheel", args=[review.pk]))

    assert answer.status_code == 404


def test_a_new_manager_sees_only_their_own_rounds(as_, cast):
    talk_of(cast.anna, FIRST)
    cast.anna.manager = cast.fremd
    cast.anna.save()
    talk_of(cast.anna, SECOND)
    address = reverse("learningplans:growth_of", args=[cast.anna.pk])

    new, old = as_(cast.fremd).get(address), as_(cast.bernd).get(address).status_code
    own = as_(cast.anna).get(reverse("learningplans:growth"))

    assert ("01.04.2025" in new.text, "01.04.2026" in new.text, old) == (False, True, 404)
    assert ("01.04.2025" in own.text, "01.04.2026" in own.text) == (True, True)


def test_a_deputy_sees_it_while_they_act(as_, cast):
    talk_of(cast.anna, FIRST)
    today = TODAY
    named = Deputy.objects.create(manager=cast.bernd, person=cast.fremd, since=today, until=today)
    named.people.add(cast.anna)
    address = reverse("learningplans:growth_of", args=[cast.anna.pk])

    acting = as_(cast.fremd).get(address).status_code
    named.delete()

    assert (acting, as_(cast.fremd).get(address).status_code) == (200, 404)


def test_the_way_there_stands_on_the_pages_of_talk_and_plan(as_, cast):
    participation = talk_of(cast.anna, FIRST)
    plan = plan_of(participation, state=LearningPlan.State.AGREED)
    pages = [participation.get_absolute_url(), plan.get_absolute_url()]
    own, of_anna = 'href="/entwicklung/"', f'href="/entwicklung/{cast.anna.pk}/"'

    assert [as_(cast.anna).get(page).text.split("<main")[1].count(own) for page in pages] == [1, 1]
    assert [as_(cast.bernd).get(page).text.count(of_anna) for page in pages] == [1, 1]
    assert as_(cast.paula).get(pages[1]).text.split("<main")[1].count("/entwicklung/") == 0


def test_the_workbook_has_a_column_for_each_step_and_no_formula(as_, cast):
    Competency.objects.filter(order=5).update(refresh_months=12)
    first = talk_of(cast.anna, FIRST)
    first.role_name = "=1+1"
    first.save()
    reviewed(first, 5, level=2, on=SECOND)

    response = as_(cast.anna).get(reverse("learningplans:growth_workbook"))

    sheet = load_workbook(BytesIO(response.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    today = TODAY
    assert response["Content-Disposition"] == f'attachment; filename="Entwicklung-Aermel-Anna-{today}.xlsx"'
    assert rows[4][4:] == ["Review-Gespräch am 1.\xa0April 2026, =1+1", "Gespräch am 1.\xa0April 2025, =1+1"]
    (row,) = (row for row in rows if row[0] == "Datenkompetenz")
    assert [row[2].date(), row[3].date(), *row[4:]] == [SECOND, date(2027, 4, 1), "Könner (2), +1", "Kenner (1)"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "d", "n"}


@pytest.mark.parametrize("steps", [1, 6])
def test_the_pdf_is_accessible_with_one_step_and_with_several(as_, cast, steps):
    for number in range(steps):
        talk_of(cast.anna, FIRST + timedelta(days=30 * number))

    response = as_(cast.anna).get(reverse("learningplans:growth_pdf"))

    text = text_of(response.content)
    assert problems(response.content) == []
    assert "Nicht zur Personalakte." in text
    assert text.count("Gespräch am ") == steps
    assert ("Teil 2 von 2" in text) == (steps == 6)


@pytest.mark.usefixtures("blank_pdfs")
def test_a_long_pdf_is_made_by_the_worker_for_the_person_alone(as_, cast, run_jobs):
    for number in range(7):
        talk_of(cast.anna, FIRST + timedelta(days=30 * number))
    client = as_(cast.anna)

    asked = client.get(reverse("learningplans:growth_pdf"))
    begun = client.post(reverse("learningplans:growth_pdf"))
    run_jobs()
    job = client.get(begun.headers["Location"]).context["job"]
    file = client.get(reverse("jobs:download", args=[job.pk]))

    assert "Datei erstellen" in asked.text
    assert (file.content, file.headers["Content-Type"]) == (b"%PDF-blank", "application/pdf")
    assert as_(cast.paula).get(job.get_absolute_url()).status_code == 404


def test_the_pdf_of_nothing_says_so(as_, cast):
    response = as_(cast.anna).get(reverse("learningplans:growth_pdf"))

    assert "Noch ist kein Gespräch festgehalten." in pages_of(response.content)[0]
    assert problems(response.content) == []


def test_the_exports_hold_only_ones_own(as_, cast):
    talk_of(cast.anna, FIRST)

    response = as_(cast.bernd).get(reverse("learningplans:growth_workbook"))

    values = [cell.value for row in load_workbook(BytesIO(response.content)).active.iter_rows() for cell in row]
    assert ("Kompetenz" in values, "Datenkompetenz" in values) == (True, False)


def test_what_was_declined_is_shown_with_its_talk_and_goes_into_no_later_step(cast):
    first = talk_of(cast.anna, FIRST)
    declined = talk_of(cast.anna, date(2025, 6, 1), declined=True)
    declined.talk.agreed_levels.update(level=0)
    reviewed(first, 5, level=2, on=date(2025, 9, 1))

    growth = growth_of(cast.anna, cast.anna)

    assert [step.name for step in growth.steps] == [
        "Review-Gespräch am 1.\xa0September 2025",
        "Gespräch am 1.\xa0Juni 2025, festgehalten, abgelehnt",
        "Gespräch am 1.\xa0April 2025",
    ]
    assert course_of(growth, 5) == [(2, "+1"), (0, "−1"), (1, "")]
    assert course_of(growth, 11) == [(2, ""), (0, "−2"), (2, "")]
    assert {row.confirmed.level for row in growth.rows if row.course.competency.id == competency(11).id} == {2}
