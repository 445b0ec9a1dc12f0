"""A publication on paper: the tables say what page and JSON say, and the report finds nobody; both are PDF/UA."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from kompetenz.people.models import Person
from kompetenz.results import pdf, publishing
from kompetenz.results.models import Publication
from learningplans.models import Goal, LearningFormat, LearningGroup, PlanChange
from tests.clock import TODAY
from tests.kompetenz.results.agreed_rounds import agree, end, role, unit
from tests.kompetenz.results.test_pages import next_round
from tests.kompetenz.results.test_publishing import plan, publish, publish_with_measures
from tests.pdf_fill import too_empty
from tests.pdf_text import pages_of
from tests.pdf_ua import problems


def printed(client, name, publication):
    response = client.get(reverse(f"results:{name}", args=[publication.pk]))
    assert response.headers["Content-Type"] == "application/pdf"
    return response.content


def words(pdf):
    return " ".join(" ".join(pages_of(pdf)).split())


def test_the_tables_on_paper_say_what_the_json_says(as_, district):
    publication = publish_with_measures(district)
    client = as_(district.cast.paula)

    text = words(printed(client, "pdf", publication))
    told = client.get(reverse("results:json", args=[publication.pk])).json()["groups"]

    found = [re.findall(r"fast (?:alle|niemand)|\d+ %|[½⅓⅔]", part) for part in text.split("Anteil der Personen: ")[1:]]
    views = [("target", "below"), ("target", "at"), ("target", "above")]
    views += [("below_target", "with_measure"), ("below_target", "without_measure")]
    views += [("levels", level.value) for level in district.round.catalogue.levels]
    assert len(found) == len(views)
    for cells, (kind, view) in zip(found, views, strict=True):
        of_categories = {0, 7, 14, 22}  # rows
        rows = [cells[start : start + len(told)] for start in range(0, (25 + 4) * len(told), len(told))]
        of_competencies = [row for at, row in enumerate(rows) if at not in of_categories]
        said = [[group["competencies"][at][kind][view] for group in told] for at in range(25)]
        assert of_competencies == ([[one["share"] for one in row] for row in said] if kind == "levels" else said)


def test_how_the_tables_are_read_stands_before_the_first_of_them(as_, district):
    pages = pages_of(printed(as_(district.cast.paula), "pdf", publish_with_measures(district)))

    assert [page.count("Je dunkler ein Feld") for page in pages] == [1] + [0] * (len(pages) - 1)


def test_many_groups_stand_side_by_side_on_further_pages_each_time_beside_the_whole(district):
    for number in range(9):
        agree(district.round, 6, unit=unit(f"4{number}"), profile=district.clerk)
    groups = list(publish(district).groups.all())

    tables = pdf.side_by_side(groups)

    assert [(table[0].name, len(table)) for table in tables] == [("Alle", 7), ("Alle", 7), ("Alle", 2)]
    assert [one for table in tables for one in table[1:]] == groups[1:]
    assert pdf.side_by_side(groups[:1]) == [groups[:1]]


def test_a_role_that_is_wider_than_its_column_is_parted_between_syllables(as_, district):
    for number, name in enumerate(["Führungskräfte", "Projektbegleitung"], start=41):
        agree(district.round, 6, unit=unit(str(number), "Amt"), profile=role(name))
    publication = publish(district)
    assert len(pdf.side_by_side(list(publication.groups.all()))[0]) == 7

    text = words(printed(as_(district.cast.paula), "pdf", publication))

    assert [
        name for name in ("Führungskräfte (6)", "Projektbegleitung (6)") if name not in text.replace("- ", "")
    ] == []


def with_everything(district):
    """A round with much to tell, and one before it; the longest introduction."""
    before = next_round(district.round, "Runde davor")
    agree(before, 30, unit=district.first, profile=district.lead, levels=(1,))
    end(before)
    publishing.begin_publishing(round_=before, by=district.cast.paula, is_for_all=False)
    Publication.objects.update(at=timezone.now() - timedelta(days=365))
    for number in range(20):
        agree(
            district.round,
            6,
            unit=unit(f"4{number}", "Amt für Digitalisierung und Öffentlichkeitsarbeit"),
            profile=district.clerk,
        )
    plan(
        district.round.participations.filter(unit=district.first), district.stage.competencies[0].id, hours=8, cost=100
    )
    end(district.round)
    publication = publish(district)
    text = ("In diesem Jahr haben erstmals alle Ämter teilgenommen. " * 8 + "\n\n") * 6
    Publication.objects.filter(pk=publication.pk).update(
        introduction=text, introduction_by=district.cast.paula, introduction_on=TODAY
    )
    return publication


@pytest.mark.parametrize("make", [publish, with_everything])
def test_report_and_tables_are_accessible_and_well_filled(as_, district, make):
    publication = make(district)
    client = as_(district.cast.audit)

    report = printed(client, "report_pdf", publication)
    tables = [] if make is with_everything else [printed(client, "pdf", publication)]

    assert [problems(one) for one in [report, *tables]] == [[]] * (1 + len(tables))
    assert [too_empty(one) for one in [report, *tables]] == [[]] * (1 + len(tables))
    assert 4 <= len(pages_of(report)) <= 8


def test_where_all_lack_a_measure_the_report_says_so_in_a_sentence(as_, stage):
    plan(agree(stage.round, 6, unit=None, profile=role("Sachbearbeitung"), levels=(1,)), stage.competencies[0].id)
    end(stage.round)
    publishing.begin_publishing(round_=stage.round, by=stage.cast.paula, is_for_all=False)

    report = words(printed(as_(stage.cast.paula), "report_pdf", Publication.objects.get()))

    assert "und 19 weiteren (fast alle Beschäftigten)." in report


def test_nobody_is_in_the_report_but_who_wrote_its_introduction(as_, district):
    publication = with_everything(district)

    text = words(printed(as_(district.cast.audit), "report_pdf", publication))

    named = [one for one in Person.objects.all() if str(one) in text]
    assert named == [district.cast.paula]
    assert "30 vereinbarte Gespräche" not in text
    assert "150 vereinbarte Gespräche von 152 Teilnahmen" in text
    assert "1.800 €" in text


def test_the_report_says_how_many_learn_together_from_five_on(as_, district):
    publication, competency = publish(district), district.stage.competencies[0].id
    client = as_(district.cast.audit)
    people = district.round.participations.filter(unit=district.first)[:5]
    plan(people, competency)
    group = LearningGroup.objects.create(
        competency_id=competency, from_level=1, to_level=2, told=9, title="Gruppe", format=LearningFormat.objects.first(),
        due_on=TODAY, answer_by=TODAY,
    )  # fmt: skip
    for goal in Goal.objects.all():
        change = PlanChange.objects.create(plan=goal.plan, reason="-", took_effect_on=TODAY)
        group.places.create(goal=goal, answer="accepted", change=change, measure=goal.measures.first())
    group.places.filter(goal=Goal.objects.last()).update(answer="declined")

    few = words(printed(client, "report_pdf", publication))
    group.places.update(answer="accepted")
    enough = words(printed(client, "report_pdf", publication))

    assert "Gemeinsam lernen" not in few
    assert "Mindestens 5 Personen haben für eine vorgeschlagene Gruppe zugesagt" in enough


def test_the_introduction_is_kept_with_who_wrote_it_and_stands_in_the_report(as_, district):
    publication = publish(district)
    address = reverse("results:report", args=[publication.pk])
    client = as_(district.cast.paula)
    form = client.get(address).context["form"]

    sent = client.post(address, {"introduction": "<b>Guten Tag</b>\n\n=1+1", "read": form.read}, follow=True)

    publication.refresh_from_db()
    assert (publication.introduction_by, publication.introduction_on) == (district.cast.paula, TODAY)
    assert "Die Einleitung ist gespeichert." in sent.text
    assert f"von {district.cast.paula}" in " ".join(sent.text.split())
    assert "<b>Guten Tag</b> =1+1" in words(printed(client, "report_pdf", publication))


def test_who_has_another_introduction_before_them_is_told(as_, district):
    publication = publish(district)
    address = reverse("results:report", args=[publication.pk])
    client = as_(district.cast.paula)
    read = client.get(address).context["form"].read
    client.post(address, {"introduction": "Zuerst.", "read": read})

    late = client.post(address, {"introduction": "Danach.", "read": read})

    assert late.context["form"].errors["introduction"] == ["Jetzt gespeichert: „Zuerst.“."]
    assert "Danach." in late.text
    publication.refresh_from_db()
    assert publication.introduction == "Zuerst."


def test_a_text_that_is_too_long_comes_back_with_a_sentence(as_, district):
    publication = publish(district)
    address = reverse("results:report", args=[publication.pk])

    sent = as_(district.cast.paula).post(address, {"introduction": "x" * 3001})

    assert list(sent.context["form"].errors) == ["introduction"]
    assert "x" * 3001 in sent.text
