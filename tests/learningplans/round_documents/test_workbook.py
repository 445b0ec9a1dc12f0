"""Measures of a round as a list, and confirmations of those carried out (TVöD § 5 Abs. 3)."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Round
from kompetenz.people.models import Person
from learningplans.drafting import holding
from learningplans.models import Booking, LearningFormat, LearningPlan, Measure, Offer, PlanChange
from tests.clock import NOW, TODAY
from tests.learningplans.making import competency, goal_in, participation_of

CONFIDENTIAL = "Vertraulich – Personalentwicklung. Keine dienstliche Beurteilung."


@pytest.fixture
def hr(client, cast):
    client.force_login(cast.paula)
    return client


def plan_of(participation, state=LearningPlan.State.AGREED):
    return LearningPlan.objects.create(
        participation=participation, state=state, agreed_by_person_on=TODAY, agreed_by_manager_on=TODAY,
        completed_on=TODAY if state == LearningPlan.State.COMPLETED else None,
    )  # fmt: skip


def measure(plan, title, state=Measure.State.DONE, **fields):
    values = {"due_on": date(2026, 5, 1), "responsible": "Anna", "format": LearningFormat.objects.first()}
    return Measure.objects.create(plan=plan, title=title, state=state, **{**values, **fields})


def fetch(client, round_):
    return client.get(reverse("learningplans:round_measures", args=[round_.pk]))


def sheets_of(response):
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    return book["Maßnahmen"], book["Bestätigungen"]


def values_of(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


@pytest.fixture
def plan(participation):
    Person.objects.filter(pk=participation.person_id).update(personnel_number="0003")
    return plan_of(participation)


def test_the_list_has_every_measure_of_an_agreed_plan(hr, plan):
    measure(plan, "Kurs", hours="7.5", starts_on=date(2026, 4, 1))
    measure(plan, "Buch", Measure.State.PLANNED, due_on=date(2026, 6, 1))
    measure(plan, "Reise", Measure.State.DROPPED, due_on=date(2026, 7, 1))

    measures, _ = sheets_of(fetch(hr, plan.participation.round))

    values = values_of(measures)
    assert [row[1] for row in values[:3]] == [
        "Maßnahmen vereinbarter Lernpläne: Runde 2026",
        f"Stand: {TODAY:%d.%m.%Y}",
        CONFIDENTIAL,
    ]
    assert values[5][:6] == [
        "Ärmel, Anna", "0003", "Bauamt", "Kurs", LearningFormat.objects.first().name, 7.5,
    ]  # fmt: skip
    assert [cell.date() for cell in values[5][6:8]] == [date(2026, 4, 1), date(2026, 5, 1)]
    assert [(row[3], row[8]) for row in values[5:]] == [
        ("Kurs", "durchgeführt"),
        ("Buch", "geplant"),
        ("Reise", "entfallen"),
    ]


@pytest.mark.parametrize(("shows_levels", "served"), [(False, "{offered}"), (True, "{wanted}")])
def test_the_list_says_what_it_costs_who_offers_it_what_it_serves_and_who_leads(hr, plan, shows_levels, served):
    """The goal's competency only where the round shows HR levels; else the one that the offer names."""
    Round.objects.update(shows_levels_to_hr=shows_levels)
    offered, wanted = competency(8), competency(5)
    offer = Offer.objects.create(
        format=LearningFormat.objects.first(), title="Recht", provider="Institut", cost="49.90"
    )
    offer.competencies.set([offered])
    goal_in(plan, 5)
    measure(plan, "Kurs", offer=offer).goals.set(plan.goals.all())

    measures, _ = sheets_of(fetch(hr, plan.participation.round))

    _, _, _, _, head, row = values_of(measures)
    assert dict(zip(head[9:], row[9:], strict=True)) == {
        "Führungskraft": plan.participation.manager_name,
        "Personalnummer der Führungskraft": plan.participation.manager.personnel_number,
        "Kompetenzen": served.format(offered=offered.name, wanted=wanted.name),
        "Angebot": "Recht",
        "Anbieter": "Institut",
        "Kosten": 49.9,
    }


@pytest.mark.parametrize(("booked", "planned", "costs"), [("12", "30", 12), (None, "30", 30), (None, None, 49.9)])
def test_what_was_booked_costs_as_it_was_booked_else_what_the_plan_says_else_the_offer(
    hr, plan, booked, planned, costs
):
    offer = Offer.objects.create(format=LearningFormat.objects.first(), title="Recht", cost="49.90")
    made = measure(plan, "Kurs", offer=offer, cost=planned)
    holding.tell_participation(plan)
    Booking.objects.filter(measure=made).update(cost=booked)

    measures, _ = sheets_of(fetch(hr, plan.participation.round))

    *_, row = values_of(measures)
    assert (row[-1], Booking.objects.get().measure) == (costs, made)


def test_a_confirmation_names_only_what_was_carried_out(hr, plan):
    measure(plan, "Kurs")
    measure(plan, "Buch", Measure.State.PLANNED)

    _, confirmations = sheets_of(fetch(hr, plan.participation.round))

    values = values_of(confirmations)
    assert values[0][0] == "Bestätigung über durchgeführte Qualifizierungsmaßnahmen"
    assert [row[:2] for row in values[4:8]] == [
        ["Person", "Ärmel, Anna"],
        ["Personalnummer", "0003"],
        ["Organisationseinheit", "Bauamt"],
        ["Lernplan aus", "Runde 2026"],
    ]
    assert [row[0] for row in values[10:12]] == ["Maßnahme", "Kurs"]
    assert "Buch" not in [row[0] for row in values]


@pytest.mark.parametrize(("reporter", "denier", "side"), [("anna", "bernd", "manager"), ("bernd", "anna", "person")])
def test_what_one_side_says_was_not_carried_out_is_not_confirmed(hr, cast, plan, reporter, denier, side):
    reported = {"state_by": getattr(cast, reporter), "state_at": NOW}
    seminar = measure(plan, "Seminar", **reported)
    measure(plan, "Kurs", **reported)
    PlanChange.objects.create(
        plan=plan, reason="Fiel aus", lines=[], written_side=side, written_by=getattr(cast, denier), written_at=timezone.now(),
        steps=[{"kind": "measure", "pk": seminar.pk, "values": {"state": "planned"}, "was": {"state": "done"}}],
    )  # fmt: skip
    declined = {"answer": "declined", "statement": "Doch.", "answered_at": timezone.now()}
    noted = {"answer": "noted", "statement": "", "took_effect_on": TODAY}

    found = []
    for changes, fields in (
        ({}, {"state_at": timezone.now() + timedelta(seconds=1)}),  # reported anew, as long as it waits
        (declined, {"state_at": NOW}),
        ({}, {"state_at": None}),  # done in the plan as both agreed to it
        ({}, {"state": "planned"}),
        ({}, {"state": "done", "state_at": timezone.now() + timedelta(seconds=1)}),  # anew, on the same day
        (noted, {"state_at": NOW}),
    ):
        PlanChange.objects.update(**changes) if changes else None
        Measure.objects.filter(pk=seminar.pk).update(**fields)
        measures, confirmations = sheets_of(fetch(hr, plan.participation.round))
        stands = {row[3]: row[8] for row in values_of(measures)[5:]}
        confirmed = [row[0] for row in values_of(confirmations) if row[0] in stands]
        found.append((stands["Seminar"], stands["Kurs"], "Seminar" in confirmed, "Kurs" in confirmed))

    assert found == [
        (stand, "durchgeführt", stand == "durchgeführt", True)
        for stand in ["strittig", "strittig", "strittig", "geplant", "durchgeführt", "durchgeführt"]
    ]


def test_each_person_has_a_page(hr, cast, plan):
    other = participation_of(cast.bernd)
    other.round, other.sort_key = plan.participation.round, "zzz"
    other.save()
    measure(plan, "Kurs")
    measure(plan_of(other, LearningPlan.State.COMPLETED), "Rhetorik")

    _, confirmations = sheets_of(fetch(hr, plan.participation.round))

    names = [row[1] for row in values_of(confirmations) if row[0] == "Person"]
    assert names == ["Ärmel, Anna", "Şahin-Žižek, Bernd"]
    assert [page.id for page in confirmations.row_breaks.brk] == [16, 32]


def test_drafts_and_other_rounds_are_not_in_it(hr, cast, plan):
    measure(plan, "Kurs")
    draft = participation_of(cast.bernd)
    draft.round = plan.participation.round
    draft.save()
    measure(plan_of(draft, LearningPlan.State.DRAFT), "Entwurf")
    measure(plan_of(participation_of(cast.clara, title="Andere")), "Anderswo")

    measures, confirmations = sheets_of(fetch(hr, plan.participation.round))

    assert [row[3] for row in values_of(measures)[5:]] == ["Kurs"]
    assert {"Entwurf", "Anderswo"}.isdisjoint(cell for row in values_of(confirmations) for cell in row)


def test_what_hr_leads_as_a_manager_is_not_in_it_either(hr, cast, participation):
    """Paula is Anna's manager by now and reads her draft; what she takes along as HR has nothing of it."""
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.paula)
    type(participation).objects.update(manager=cast.paula)
    measure(plan_of(participation, LearningPlan.State.DRAFT), "Entwurf")

    assert fetch(hr, participation.round).status_code == 302


def test_neither_goals_nor_levels_are_in_it(hr, plan):
    goal_in(plan, 5, specific="Streng vertraulich")
    measure(plan, "Kurs")

    cells = [
        cell for sheet in sheets_of(fetch(hr, plan.participation.round)) for row in values_of(sheet) for cell in row
    ]

    assert "Kurs" in cells
    assert {"Streng vertraulich", "Experte", "Kenner"}.isdisjoint(cells)


def test_without_anything_carried_out_it_says_so(hr, plan):
    measure(plan, "Buch", Measure.State.PLANNED)

    _, confirmations = sheets_of(fetch(hr, plan.participation.round))

    assert values_of(confirmations) == [["Noch ist keine Maßnahme durchgeführt."]]


def test_without_an_agreed_plan_there_is_a_message(hr, participation):
    page = hr.get(reverse("learningplans:round_measures", args=[participation.round_id]), follow=True)

    assert "In dieser Runde ist noch kein Lernplan mit Maßnahmen vereinbart." in page.text


def test_a_measure_is_no_formula(hr, plan):
    title = "=1+1" + "x" * 90
    measure(plan, title)

    measures, confirmations = sheets_of(fetch(hr, plan.participation.round))

    for cell in (measures["D6"], confirmations["A12"]):
        assert (cell.value, cell.data_type, bool(cell.quotePrefix)) == (title, "s", True)


@pytest.mark.parametrize("more", [0, 30])
def test_measures_query_count(hr, plan, more, django_assert_num_queries):
    for number in range(more + 1):
        measure(plan, f"Kurs {number}", due_on=date(2026, 5, 1) + timedelta(days=number))

    # session, user, round; whether they are few; round, measures, what is contested; of whom, that it was taken along
    with django_assert_num_queries(10):
        measures, _ = sheets_of(fetch(hr, plan.participation.round))

    assert len(values_of(measures)) == 6 + more
    assert Round.objects.count() == 1
