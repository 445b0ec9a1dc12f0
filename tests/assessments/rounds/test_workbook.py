"""The Teilnahmeliste: what the monitor shows, as a workbook, and never a level."""

import io
from dataclasses import replace
from datetime import date, timedelta

import openpyxl
import pytest
from django.urls import reverse

from assessments.models import Participation
from assessments.rounds.closing import close_round
from assessments.rounds.workbook import LIST
from kompetenz.jobs import batches
from kompetenz.people.models import Person
from tests.assessments.rounds.test_opening import many
from tests.clock import TODAY
from tests.conftest import Stage


@pytest.fixture
def hr(as_, cast):
    return as_(cast.paula)


def fetch(client, round_, **query):
    return client.get(reverse("assessments:round_list", args=[round_.pk]), query)


def sheet_of(response):
    return openpyxl.load_workbook(io.BytesIO(response.content))["Teilnahmeliste"]


def rows_of(sheet):
    """The rows below the headings, each by heading."""
    values = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(at for at, row in enumerate(values) if row[0] == "Person")
    return [dict(zip(values[head], row, strict=True)) for row in values[head + 1 :]]


def test_the_list_says_who_stands_where(hr, stage):
    stage.release(stage.own)
    Participation.objects.filter(person=stage.cast.dora).update(paused_on=date(2026, 3, 4))

    anna, dora = rows_of(sheet_of(fetch(hr, stage.round)))

    assert {key: str(value) for key, value in anna.items()} == {
        "Person": "Ärmel, Anna",
        "Personalnummer": "0003",
        "E-Mail": stage.cast.anna.email,
        "Organisationseinheit": "10.1 Digitalisierung",
        "Dezernat": "10.1 Digitalisierung",  # beneath the one unit that stands above all
        "Amt": "None",
        "Rolle": stage.participation.role_name,
        "Führungskraft": "Bernd Şahin-Žižek",
        "Personalnummer der Führungskraft": f"{stage.cast.bernd.personnel_number}",
        "Selbsteinschätzung": "freigegeben",
        "Selbst bis": f"{stage.round.self_due} 00:00:00",
        "Fremdeinschätzung": "noch nicht begonnen",
        "Fremd bis": f"{stage.round.manager_due} 00:00:00",
        "Gespräch": "noch nicht geführt",
        "Gespräch bis": f"{stage.round.talk_due} 00:00:00",
        "Lernplan": "noch keiner",
        "Lernplan bis": "None",
        "überfällig": "None",
        "ruht seit": "None",
        "dabei seit": f"{TODAY} 00:00:00",
    }
    assert (dora["Person"], dora["ruht seit"].date()) == ("Özgür, Dora", date(2026, 3, 4))


def test_the_sheet_says_of_which_round_it_is_and_what_it_is_not(hr, stage):
    response = fetch(hr, stage.round)

    sheet = sheet_of(response)
    assert [sheet[place].value for place in ("B1", "B2", "B3")] == [
        "Teilnahmeliste: Runde 2026",
        f"Stand: {TODAY:%d.%m.%Y} · 2 von 2 Personen",
        "Vertraulich – Personalentwicklung. Keine dienstliche Beurteilung.",
    ]
    assert sheet.oddFooter.left.text == "Vertraulich – Personalentwicklung. Keine dienstliche Beurteilung."
    assert f'filename="Teilnahmeliste-Runde-2026-{TODAY}.xlsx"' in response.headers["Content-Disposition"]


def test_no_level_is_in_it_whatever_the_round_says(hr, cast):
    stage = Stage(cast, shows_levels_to_hr=True).release_both(3, 3).record(3)

    values = {cell.value for row in sheet_of(fetch(hr, stage.round)).iter_rows() for cell in row}

    assert "festgehalten" in values
    assert values & {"Experte", "Könner", "Kenner", "keine", 0, 1, 2, 3} == set()


@pytest.mark.parametrize(
    ("query", "names", "told"),
    [
        ({"suche": "dora"}, ["Özgür, Dora"], "Auswahl: Name enthält „dora“"),
        ({"stand": "selbst-frei"}, ["Ärmel, Anna"], "Auswahl: Selbsteinschätzung freigegeben"),
        ({"stand": "ueberfaellig"}, ["Özgür, Dora"], "Auswahl: überfällig"),
        ({"einheit": "ohne Einheit"}, [], "Auswahl: ohne Organisationseinheit"),
        ({"leitung": "clara"}, [], "Auswahl: Führungskraft enthält „clara“"),
        ({"stand": "unsinn"}, ["Ärmel, Anna", "Özgür, Dora"], "Vertraulich – "),
    ],
)
def test_the_list_is_narrowed_like_the_monitor_and_says_so(hr, stage, query, names, told):
    stage.release(stage.own)
    Participation.objects.update(self_due=TODAY - timedelta(days=1))

    sheet = sheet_of(fetch(hr, stage.round, **query))

    assert [row["Person"] for row in rows_of(sheet)] == names
    assert sheet["B3"].value.startswith(told)


def test_unit_and_role_are_named(hr, stage):
    query = {"einheit": stage.cast.anna.unit.number, "rolle": stage.participation.profile_id}

    sheet = sheet_of(fetch(hr, stage.round, **query))

    assert sheet["B3"].value == f"Auswahl: 10.1 Digitalisierung und darunter, {stage.participation.profile.name}"


def test_a_name_is_no_formula(hr, stage):
    Person.objects.filter(pk=stage.cast.anna.pk).update(last_name="=1+1")
    Participation.objects.update(role_name='=HYPERLINK("https://fremd.example")', unit_name="@x", manager_name="-2")

    row = sheet_of(fetch(hr, stage.round))[6]

    assert [(cell.value, cell.data_type, bool(cell.quotePrefix)) for cell in (row[0], row[3], *row[6:8])] == [
        ("=1+1, Anna", "s", True),
        ("@x", "s", True),
        ('=HYPERLINK("https://fremd.example")', "s", True),
        ("-2", "s", True),
    ]


def test_the_list_of_a_closed_round_stays(hr, stage):
    close_round(round_=stage.round)

    assert len(rows_of(sheet_of(fetch(hr, stage.round)))) == 2


@pytest.mark.parametrize("more", [0, 60])
def test_list_query_count(hr, cast, more, django_assert_num_queries):
    many(cast, more)
    stage = Stage(cast)

    # session, user, round; whether they are few; round, participations with their people, tree, names, how many there are;
    # whom it tells of, and that it was taken along
    with django_assert_num_queries(11):
        response = fetch(hr, stage.round)

    assert len(rows_of(sheet_of(response))) == 2 + more


def test_a_long_list_is_made_by_the_worker_and_lies_ready_for_a_week(hr, cast, monkeypatch, run_jobs):
    stage = Stage(cast)
    monkeypatch.setitem(batches.KINDS, LIST.name, LIST)
    monkeypatch.setattr("assessments.rounds.views.monitoring.LIST", replace(LIST, at_once=0))

    asked = fetch(hr, stage.round)
    begun = hr.post(reverse("assessments:round_list", args=[stage.round.pk]) + "?suche=Anna")
    run_jobs()
    page = hr.get(begun.headers["Location"])
    file = hr.get(reverse("jobs:download", args=[page.context["job"].pk]))

    assert "Datei erstellen" in asked.text
    assert [row["Person"] for row in rows_of(sheet_of(file))] == ["Ärmel, Anna"]
