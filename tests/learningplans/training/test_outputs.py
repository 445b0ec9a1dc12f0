"""What HR takes along of a year: measures by personnel number, confirmations, a list for the provider, a sheet for the treasurer."""

import csv
import io

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from kompetenz.jobs.models import Job
from kompetenz.people.models import Person, Unit
from learningplans.drafting import agreeing, holding
from learningplans.models import Booking, LearningFormat, Measure, PlanChange, TrainingBudget
from learningplans.round_documents import year
from learningplans.training import booking, outputs
from tests.clock import TODAY, in_days
from tests.learningplans.making import competency
from tests.learningplans.training.bookings import DAY, booking_of, bookings_of, chosen, course, plan_with
from tests.markup import tight

State = Booking.State
EVIL = "=cmd|'/c calc'!A1"
DATE = f"{DAY:%d.%m.%Y}"


@pytest.fixture
def hr(client, cast):
    client.force_login(cast.paula)
    return client


def move(one, to, cast, **options):
    booking.move(chosen=chosen(one), to=to, by=cast.paula, **options)


def file_of(hr, name, **asked):
    return hr.get(reverse(f"learningplans:training_{name}"), {"jahr": DAY.year, **asked})


def sheets(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text.content.decode("utf-8-sig")), delimiter=";"))


def test_who_is_booked_is_on_the_list_while_their_plan_is_a_draft_again(hr, cast):
    """The provider expects them, and the page says why there is a seat more than it has rows."""
    offer = course("Recht", seats=2, dates=[DAY])
    first, second = booking_of(cast.anna, offer), booking_of(cast.dora, offer)
    for one in (first, second):
        move(one, State.BOOKED, cast, date=offer.dates.get())
    agreeing.reopen_plan(plan=second.measure.plan)
    waiting = booking_of(cast.bernd, offer)
    agreeing.reopen_plan(plan=waiting.measure.plan)

    page = hr.get(reverse("learningplans:training_offer", args=[offer.pk]))
    table = sheets(hr.get(reverse("learningplans:training_guests", args=[offer.pk])).content)["Teilnahmeliste"]

    assert (page.context["seats"][0].taken, len(page.context["rows"]), page.context["held"]) == (2, 1, 1)
    assert "Ein gebuchter Platz gehört zu einem Lernplan, der gerade überarbeitet wird." in tight(page.text)
    assert {cast.anna.last_name, cast.dora.last_name} <= {row[1] for row in table}


def test_other_systems_read_each_measure_by_its_personnel_number(hr, cast):
    done, _ = bookings_of(plan_with(cast.anna, course("Recht", dates=[DAY]), None))
    move(done, State.DONE, cast)

    first, second = rows_of(file_of(hr, "csv"))

    assert first == {
        "Personalnummer": "0003", "Nachname": "Ärmel", "Vorname": "Anna", "Organisationseinheit": "10.1 Digitalisierung",
        "Maßnahme": "Maßnahme 1", "Format": "Seminare und Schulungen", "Angebot": "Recht", "Anbieter": "Institut",
        "Beginn": f"{DAY}", "Ende": f"{DAY}", "Stunden": "8,0", "Kosten": "100,00", "Stand": "durchgeführt", "Bestätigt": "ja",
        "Kennung": f"{done.pk}", "Führungskraft": done.measure.plan.participation.manager_name, "Kompetenzen": "",
        "Personalnummer der Führungskraft": cast.bernd.personnel_number,
    }  # fmt: skip
    assert (second["Stand"], second["Bestätigt"], second["Angebot"]) == ("vorgeschlagen", "nein", "")


def test_what_is_booked_stands_in_files_as_it_was_booked(hr, cast):
    one = booking_of(cast.anna, title="Kurs A", provider="Institut A")
    move(one, State.BOOKED, cast)
    Measure.objects.filter(pk=one.measure_id).update(title="Kurs B", provider="Institut B", due_on=in_days(60))
    holding.tell_participation(one.measure.plan)

    (row,) = rows_of(file_of(hr, "csv"))

    assert [row[name] for name in ("Maßnahme", "Anbieter", "Beginn", "Ende", "Stand")] == [
        "Kurs A", "Institut A", f"{DAY}", f"{DAY}", "gebucht",
    ]  # fmt: skip


def test_competencies_are_those_of_the_offer_or_where_the_round_shows_them_of_the_goals(hr, cast):
    offer = course()
    offer.competencies.set([competency(8), competency(9)])
    plan_with(cast.anna, offer)
    shown = plan_with(cast.dora, offer, shows_levels_to_hr=True)
    ended = plan_with(cast.bernd, None, shows_levels_to_hr=True)
    ended.goals.update(ended_on=TODAY)

    found = {row["Nachname"]: row["Kompetenzen"] for row in rows_of(file_of(hr, "csv"))}

    assert found == {
        cast.anna.last_name: f"{competency(8).name}; {competency(9).name}",
        cast.dora.last_name: shown.goals.get().competency.name,
        cast.bernd.last_name: "",
    }


def test_the_columns_are_those_that_are_documented(settings):
    told = (settings.BASE_DIR / "docs" / "exports.md").read_text()

    assert [column.title for column in year.COLUMNS if f"| {column.title} |" not in told] == []


def test_nothing_in_a_file_is_computed(hr, cast):
    plan_with(cast.anna, course(EVIL), title=EVIL)

    text = rows_of(file_of(hr, "csv"))[0]
    table = sheets(file_of(hr, "workbook").content)["Maßnahmen"]

    assert (text["Maßnahme"], text["Angebot"]) == (f"'{EVIL}", f"'{EVIL}")
    assert table[-1][4] == EVIL
    book = openpyxl.load_workbook(io.BytesIO(file_of(hr, "workbook").content))
    assert {cell.data_type for row in book["Maßnahmen"].iter_rows() for cell in row} <= {"s", "n", "d"}


def test_no_goal_no_level_and_no_word_of_the_two_is_in_a_file(hr, cast):
    plan = plan_with(cast.anna, course(), helps="Geheim", aids="Geheim", practice="Geheim")
    goal = plan.goals.get()

    for name in ("csv", "workbook", "budget_workbook"):
        content = file_of(hr, name).content
        told = content.decode() if name == "csv" else str(sheets(content))
        for word in ("Geheim", goal.specific, goal.competency.name, "Kenner", "Könner"):
            assert word not in told


def test_who_has_carried_something_out_gets_a_confirmation_unless_it_is_contested(hr, cast):
    plan = plan_with(cast.anna, None, None)
    for one in bookings_of(plan):
        move(one, State.DONE, cast)
    contested = bookings_of(plan)[1].measure
    Measure.objects.filter(plan=plan).update(state=Measure.State.DONE, state_at=f"{in_days(-2)}T08:00+00:00")
    PlanChange.objects.create(
        plan=plan, reason="War nicht", written_side="manager", written_by=cast.bernd, written_at=f"{TODAY}T08:00+00:00",
        steps=[{"kind": "measure", "pk": contested.pk, "values": {"state": "planned"}, "was": {"state": "done"}}],
    )  # fmt: skip

    found = sheets(file_of(hr, "workbook").content)

    assert [row[13] for row in found["Maßnahmen"][-2:]] == ["ja", "strittig"]
    page = [value for row in found["Bestätigungen"] for value in row if value]
    assert "nach § 5 Absatz 3 TVöD" in page
    assert ("Maßnahme 1" in page, "Maßnahme 2" in page) == (True, False)


def test_what_was_carried_out_is_confirmed_and_not_what_the_plan_says_by_now(hr, cast):
    """The provider has told HR that the course took place; the two have agreed on the next one in its place since."""
    seminar, coaching = (LearningFormat.objects.get(key=key) for key in ("seminare-schulungen", "coaching"))
    one = booking_of(cast.anna, title="Kurs A", format=seminar)
    move(one, State.DONE, cast)
    later = {"title": "Kurs B", "format": coaching, "hours": 80, "cost": 900, "due_on": in_days(60)}
    Measure.objects.filter(pk=one.measure_id).update(**later)
    holding.tell_participation(one.measure.plan)

    found = sheets(file_of(hr, "workbook").content)
    (row,) = rows_of(file_of(hr, "csv"))

    page = [row[:3] for row in found["Bestätigungen"] if str(row[0]).startswith("Kurs")]
    assert page == [["Kurs A", seminar.name, 8]]
    assert [row[name] for name in ("Maßnahme", "Format", "Stunden", "Kosten")] == [
        "Kurs A",
        seminar.name,
        "8,0",
        "100,00",
    ]


@pytest.mark.parametrize(
    ("said", "reported", "words"),
    [("done", "dropped", "im Lernplan entfallen"), ("cancelled", "done", "im Lernplan durchgeführt")],
)
def test_what_hr_and_the_two_say_differently_nobody_confirms(hr, cast, said, reported, words):
    one = booking_of(cast.anna, title="Kurs A")
    move(one, said, cast)
    Measure.objects.filter(pk=one.measure_id).update(state=reported, state_at=f"{in_days(-2)}T08:00+00:00")
    holding.tell_participation(one.measure.plan)

    of_the_year = sheets(file_of(hr, "workbook").content)
    of_the_round = hr.get(
        reverse("learningplans:round_measures", args=[one.measure.plan.participation.round_id])
    ).content
    of_the_round = sheets(of_the_round)
    plan = hr.get(reverse("learningplans:training"), {"nach": "massnahme", "jahr": DAY.year, "stand": "zu-pruefen"})

    assert of_the_year["Maßnahmen"][-1][13] == "strittig"
    assert of_the_round["Maßnahmen"][-1][8] == "strittig"
    for found in (of_the_year, of_the_round):
        assert "Kurs A" not in [value for row in found["Bestätigungen"] for value in row]
    assert [row["to_look_at"] for row in plan.context["rows"]] == [words]


def test_many_are_put_together_in_the_background(hr, cast, monkeypatch, run_jobs):
    monkeypatch.setitem(year.KINDS, "csv", year.kind("measures of a year as text", year.make_csv, at_once=1))
    plan_with(cast.anna, None, None)

    asked = file_of(hr, "csv")
    hr.post(f"{reverse('learningplans:training_csv')}?jahr={DAY.year}")
    run_jobs()

    assert "(2 Einträge)" in asked.text
    assert bytes(Job.objects.get().content).decode("utf-8-sig").count("\r\n") == 3


def test_the_provider_gets_names_and_the_date_and_nothing_else(hr, cast):
    offer = course("Recht", dates=[DAY, in_days(80)])
    for person in (cast.anna, cast.dora, cast.fremd):
        booking_of(person, offer)
    anna, dora, frieda = Booking.objects.order_by("pk")
    first, second = offer.dates.all()
    move(anna, State.BOOKED, cast, date=first)
    move(dora, State.BOOKED, cast, date=second)
    move(frieda, State.APPLIED, cast)

    address = reverse("learningplans:training_guests", args=[offer.pk])
    table = sheets(hr.get(address, {"termin": first.pk}).content)["Teilnahmeliste"]

    assert [row[0] for row in table[:3]] == ["Teilnahmeliste: Recht", "Institut", f"{DATE}, Saal 2"]
    assert table[-2:] == [["Nr.", "Nachname", "Vorname", "Unterschrift"], [1, "Ärmel", "Anna", None]]
    assert "0003" not in str(table)
    assert [hr.get(address, {"termin": wrong}).status_code for wrong in ("0", "x", "99999999999999999999")] == [404] * 3


def test_of_two_who_are_called_alike_the_provider_reads_the_unit(hr, cast):
    offer = course("Recht", dates=[DAY])
    for one in (cast.anna, cast.dora, cast.fremd):
        booking_of(one, offer)
    Person.objects.filter(pk=cast.dora.pk).update(
        first_name="Anna", last_name="Ärmel", unit=Unit.objects.create(number="20", name="Kämmerei")
    )
    for one in Booking.objects.all():
        move(one, State.BOOKED, cast, date=offer.dates.get())

    address = reverse("learningplans:training_guests", args=[offer.pk])
    table = sheets(hr.get(address, {"termin": offer.dates.get().pk}).content)["Teilnahmeliste"]

    assert sorted(row[2] for row in table[-3:]) == ["Anna (Digitalisierung)", "Anna (Kämmerei)", cast.fremd.first_name]


def test_the_treasurer_reads_values_and_no_names(hr, cast):
    TrainingBudget.objects.create(year=DAY.year, unit=cast.anna.unit, amount=500)
    (one,) = bookings_of(plan_with(cast.anna, course("Recht")))
    plan_with(cast.bernd, None)
    move(one, State.BOOKED, cast)

    found = sheets(file_of(hr, "budget_workbook").content)

    assert [row for row in found["Haushalt"] if row[0] in ("10.1 Digitalisierung", "Ganze Verwaltung")] == [
        ["10.1 Digitalisierung", 500, 0, 100, 0, 0, 400],
        ["Ganze Verwaltung", 500, 0, 100, 0, 100, 300],
    ]
    assert found["Angebote"][-2] == ["Recht", "Institut", 1, 1, 0, 8, 100, 0]
    assert [name in str(found) for name in ("Ärmel", "Şahin-Žižek")] == [False, False]


@pytest.mark.parametrize("many", [2, 40])
def test_a_file_costs_as_many_queries_however_much_is_in_it(hr, cast, django_assert_num_queries, many):
    plan_with(cast.anna, *[None] * many)
    offer = course()

    with django_assert_num_queries(4):
        year.csv_of(DAY.year, cast.paula)
    with django_assert_num_queries(1):
        outputs.list_of_guests(offer, None)


@pytest.mark.parametrize(
    ("kind", "leads_to"), [("list of guests", "training_offer"), ("budget sheet", "training_budgets")]
)
def test_the_page_of_a_finished_file_leads_back(hr, cast, kind, leads_to):
    """What such a job was asked with is forgotten by then."""
    about = course("Recht").pk if leads_to == "training_offer" else DAY.year
    made = Job.objects.create(
        kind=kind, subject=f"{about} None for {cast.paula.pk}", title="Datei", asked_by=cast.paula, state="done",
        finished_at=timezone.now(), file_name="Datei.xlsx", content=b"x",
    )  # fmt: skip
    page = hr.get(made.get_absolute_url())

    assert reverse(f"learningplans:{leads_to}", args=[about] if leads_to == "training_offer" else []) in page.text
