"""What a year may cost, by who pays: rolled up the tree, and against what is planned, booked and spent."""

from decimal import Decimal

import pytest
from django.urls import reverse

from kompetenz.people.models import Unit
from learningplans.drafting import agreeing
from learningplans.models import Booking, Measure, TrainingBudget
from learningplans.training import booking, budgeting, keeping
from tests.learningplans.training.bookings import DAY, bookings_of, chosen, course, plan_with
from tests.learningplans.training.test_outputs import sheets
from tests.markup import tight

State = Booking.State
BUDGETS, ADD = reverse("learningplans:training_budgets"), reverse("learningplans:training_budget_add")


@pytest.fixture
def hr(client, cast):
    client.force_login(cast.paula)
    return client


def budget(amount, unit=None, year=DAY.year):
    return TrainingBudget.objects.create(year=year, unit=unit and Unit.objects.get(number=unit), amount=amount)


def told(user):
    return [(line.name, line.amount, line.planned, line.free) for line in budgeting.lines_of(DAY.year, user)]


def test_a_units_budget_is_for_all_beneath_it_without_one_of_their_own(cast):
    other = Unit.objects.create(number="20", name="Bauamt")
    cast.fremd.unit = other
    cast.fremd.save()
    for person in (cast.anna, cast.bernd, cast.fremd):
        plan_with(person, None)

    without = told(cast.paula)
    budget(1000, "10")
    of_one = told(cast.paula)
    budget(50, "10.1")
    budget(300)

    assert without == [("Ganze Verwaltung", None, 300, None)]
    assert of_one == [
        ("Ganze Verwaltung", 1000, 300, 700),
        ("10 Hauptamt", 1000, 200, 800),
        ("Alle übrigen Einheiten", None, 100, None),
    ]
    assert told(cast.paula) == [
        ("Ganze Verwaltung", 1350, 300, 1050),
        ("10 Hauptamt", 1000, 100, 900),
        ("10.1 Digitalisierung", 50, 100, -50),
        ("Alle übrigen Einheiten", 300, 100, 200),
    ]


def test_money_is_told_by_how_certain_it_is(cast):
    done, booked, applied, _, cancelled = bookings_of(plan_with(cast.anna, *[None] * 5))
    for one, to in ((done, "done"), (booked, "booked"), (applied, "applied"), (cancelled, "cancelled")):
        booking.move(chosen=chosen(one), to=to, by=cast.paula)
    budget(800)

    (line,) = budgeting.lines_of(DAY.year, cast.paula)

    assert [(part["name"], part["cost"], part["width"]) for part in line.parts] == [
        ("ausgegeben", 100, "12.50"),
        ("gebucht", 100, "12.50"),
        ("beantragt", 100, "12.50"),
        ("vorgeschlagen", 100, "12.50"),
    ]
    assert (line.planned, line.free) == (400, 400)


def test_what_is_booked_is_paid_for_while_its_plan_is_a_draft_again(hr, cast):
    """The provider expects them. What was only applied for is not bound, and what the two write in the draft is not HR's."""
    offer = course("Recht", seats=3)
    done, booked, applied = bookings_of(plan_with(cast.anna, None, offer, None))
    for one, to in ((done, "done"), (booked, "booked"), (applied, "applied")):
        booking.move(chosen=chosen(one), to=to, by=cast.paula)
    plan_with(cast.dora, None)
    budget(800)
    agreeing.reopen_plan(plan=booked.measure.plan)
    Measure.objects.filter(pk=booked.measure_id).update(cost=999, offer=None)
    keeping.keep_in_step([booked.measure.plan_id])

    (line,) = budgeting.lines_of(DAY.year, cast.paula)
    page, list_ = (hr.get(f"{address}?jahr={DAY.year}") for address in (reverse("learningplans:training"), BUDGETS))
    sheet = hr.get(f"{reverse('learningplans:training_budget_workbook')}?jahr={DAY.year}").content
    paid, learned = sheets(sheet).values()
    guests = hr.get(reverse("learningplans:training_guests", args=[offer.pk])).content
    names = [row[1] for row in sheets(guests)["Teilnahmeliste"]]

    assert (line.costs, line.held, line.free) == ({"done": 100, "booked": 100, "proposed": 100}, 200, 500)
    assert (page.context["budget"].costs, page.context["totals"].number) == (
        {"done": 100, "booked": 100, "applied": 0, "proposed": 100}, 1,
    )  # fmt: skip
    for one in (page, list_):
        assert "Darin 200 € für gebuchte Plätze aus Lernplänen" in tight(one.text)
    assert paid[-1] == ["Ganze Verwaltung", 800, 100, 100, 0, 100, 500]
    assert sum(row[6] for row in learned if isinstance(row[6], int)) == 300
    assert cast.anna.last_name in names


def test_a_unit_pays_for_what_its_people_have_booked_in_plans_that_are_drafts_again(cast):
    one = bookings_of(plan_with(cast.anna, None))[0]
    booking.move(chosen=chosen(one), to="booked", by=cast.paula)
    budget(1000, "10")
    agreeing.reopen_plan(plan=one.measure.plan)

    assert told(cast.paula) == [
        ("Ganze Verwaltung", 1000, 100, 900),
        ("10 Hauptamt", 1000, 100, 900),
        ("Alle übrigen Einheiten", None, 0, None),
    ]


def test_nobody_but_hr_reads_a_budget(cast):
    budget(800)
    plan_with(cast.anna, None)

    assert told(cast.bernd) == [("Ganze Verwaltung", None, 0, None)]


def test_hr_enters_one_for_a_unit(hr):
    response = hr.post(ADD, {"year": DAY.year, "unit_name": "10.1", "amount": "1.250,50"})

    made = TrainingBudget.objects.get()
    assert (str(made), made.amount) == (f"{DAY.year}: 10.1 Digitalisierung", Decimal("1250.50"))
    assert response.url == f"{BUDGETS}?jahr={DAY.year}"
    assert "1.250,50" in hr.get(response.url).text


@pytest.mark.parametrize(
    ("sent", "field", "words"),
    [
        ({"unit_name": "gibt es nicht"}, "unit_name", "gibt es nicht, oder mehrere heißen so"),
        ({"amount": "-1"}, "amount", "größer"),
        ({"amount": "viel"}, "amount", ""),
        ({"year": "20267"}, "year", "Bitte geben Sie ein Jahr"),
        ({"year": "1"}, "year", "Bitte geben Sie ein Jahr"),
        ({"unit_name": "10"}, "unit_name", "schon ein Budget"),
    ],
)
def test_what_makes_no_sense_is_said_beside_the_field(hr, sent, field, words):
    budget(1, "10")

    form = hr.post(ADD, {"year": DAY.year, "unit_name": "", "amount": "5"} | sent).context["form"]

    assert list(form.errors) == [field]
    assert words in form.errors[field][0]
    assert TrainingBudget.objects.count() == 1


def test_two_windows_do_not_overwrite_each_other(hr):
    one = budget(1, "10")
    address = reverse("learningplans:training_budget", args=[one.pk])
    read = hr.get(address).context["form"].read
    TrainingBudget.objects.update(amount=7)

    response = hr.post(address, {"amount": "9", "read": read})

    assert TrainingBudget.objects.get().amount == 7
    assert "Jetzt gespeichert" in str(response.context["form"].errors["amount"])


def test_what_is_removed_is_paid_by_the_others(hr):
    one = budget(1, "10")

    response = hr.post(reverse("learningplans:training_budget_remove", args=[one.pk]))

    assert (response.url, TrainingBudget.objects.count()) == (f"{BUDGETS}?jahr={DAY.year}", 0)


@pytest.mark.parametrize("many", [1, 60])
def test_the_page_costs_the_same_however_many_units_there_are(hr, cast, django_assert_num_queries, many):
    plan_with(cast.anna, None)
    for number in range(many):
        Unit.objects.create(number=f"7{number:02}", name="Amt")
        budget(1, f"7{number:02}")
    hr.get(BUDGETS, {"jahr": DAY.year})

    # Session, user, budgets, tree, names, the stand of the year, whose sums are known, first and last year.
    with django_assert_num_queries(7):
        hr.get(BUDGETS, {"jahr": DAY.year})
