"""Who has to refresh what, for HR: nothing of rounds that show it no levels but measures, and the list itself."""

import io

import openpyxl
import pytest
from django.urls import reverse

from assessments.models import AgreedLevel
from kompetenz.catalogue.models import Competency
from kompetenz.people.models import Person
from learningplans.drafting import holding
from learningplans.models import Measure, RefreshDate
from learningplans.training import booking, refreshing
from learningplans.training.freshness import after_months
from tests.clock import TODAY, in_days
from tests.learningplans.making import competency, participation_of
from tests.learningplans.training.bookings import bookings_of, chosen, course, plan_with

LIST, FILE = reverse("learningplans:refreshes"), reverse("learningplans:refreshes_workbook")
LONG_AGO = in_days(-800)


@pytest.fixture
def hr(client, cast):
    client.force_login(cast.paula)
    return client


@pytest.fixture
def two_years(cast):
    """The one competency that is refreshed here, after two years; everybody has it at its second level."""
    Competency.objects.update(refresh_months=None)
    found = competency(11)
    found.refresh_months = 24
    found.save()
    return found


def reckoned():
    refreshing.reckon_what_is_due(TODAY)
    return [
        (row.person.last_name, row.was_agreed, row.last_on) for row in RefreshDate.objects.order_by("person__sort_key")
    ]


def done(person, *competencies, day=LONG_AGO, by, **fields):
    """A measure of theirs with an offer for these competencies, carried out on this day."""
    offer = course(f"Kurs {person.pk}", dates=[day])
    offer.competencies.set(competencies)
    (one,) = bookings_of(plan_with(person, offer, starts_on=day, due_on=day, **fields))
    booking.move(chosen=chosen(one), to="done", by=by)
    return one


def test_what_was_agreed_is_told_of_rounds_that_show_levels_alone(cast, two_years):
    participation_of(cast.anna, shows_levels_to_hr=True, held_on=LONG_AGO)
    participation_of(cast.dora, shows_levels_to_hr=False, held_on=LONG_AGO)

    assert reckoned() == [("Ärmel", True, LONG_AGO)]


def test_of_other_rounds_measures_are_told_by_what_their_offers_name(cast, two_years):
    done(cast.anna, two_years, by=cast.paula)
    done(cast.dora, competency(8), by=cast.paula)

    assert reckoned() == [("Ärmel", False, LONG_AGO)]


def test_what_was_carried_out_counts_from_its_own_day_whatever_the_plan_says_by_now(cast, two_years):
    offer = course("Kurs")
    offer.competencies.set([two_years])
    (one,) = bookings_of(plan_with(cast.anna, offer, starts_on=LONG_AGO, due_on=LONG_AGO))
    booking.move(chosen=chosen(one), to="done", by=cast.paula)
    Measure.objects.filter(pk=one.measure_id).update(starts_on=None, due_on=in_days(40))
    holding.tell_participation(one.measure.plan)

    assert reckoned() == [("Ärmel", False, LONG_AGO)]


def test_a_later_day_in_a_round_that_hides_levels_changes_nothing(cast, two_years):
    participation_of(cast.anna, shows_levels_to_hr=True, held_on=LONG_AGO, title="früher")
    participation_of(cast.anna, shows_levels_to_hr=False, held_on=in_days(-30), title="später")

    assert reckoned() == [("Ärmel", True, LONG_AGO)]


def test_what_was_agreed_counts_before_what_was_carried_out(cast, two_years):
    done(cast.anna, two_years, day=in_days(-100), by=cast.paula)
    participation_of(cast.anna, shows_levels_to_hr=True, held_on=LONG_AGO)

    assert reckoned() == [("Ärmel", True, LONG_AGO)]


def test_what_nobody_has_is_not_refreshed(cast, two_years):
    participation = participation_of(cast.anna, shows_levels_to_hr=True, held_on=LONG_AGO)
    AgreedLevel.objects.filter(talk__participation=participation, competency=two_years).update(level=0)

    assert reckoned() == []


def test_who_leaves_and_what_is_refreshed_no_more_goes_with_the_night(cast, two_years):
    for person in (cast.anna, cast.dora):
        participation_of(person, shows_levels_to_hr=True, held_on=LONG_AGO)
    before = [name for name, *_ in reckoned()]
    Person.objects.filter(pk=cast.anna.pk).update(leaving_date=in_days(-1))
    one_left = [name for name, *_ in reckoned()]
    Competency.objects.update(refresh_months=None)

    assert (before, one_left, reckoned()) == (["Ärmel", "Özgür"], ["Özgür"], [])


def test_a_night_in_which_nothing_happened_writes_nothing(cast, two_years):
    participation_of(cast.anna, shows_levels_to_hr=True, held_on=LONG_AGO)
    reckoned()
    before = RefreshDate.objects.get().pk

    reckoned()

    assert RefreshDate.objects.get().pk == before


def test_hr_reads_who_is_due_and_what_is_planned_but_no_level(hr, cast, two_years):
    plan = plan_with(cast.anna, offer := course("Auffrischungskurs"))
    offer.competencies.set([two_years])
    done(cast.anna, two_years, by=cast.paula)
    reckoned()

    page = hr.get(LIST)

    (row,) = page.context["rows"]
    assert row.due_on == after_months(LONG_AGO, 24)
    assert [(title, state) for title, state, *_ in row.planned] == [("Maßnahme 1", "vorgeschlagen")]
    assert "0003 · 10.1 Digitalisierung" in page.text
    for word in ("Kenner", "Könner", "Experte", plan.goals.get().specific):
        assert word not in page.text


def test_the_list_is_narrowed(hr, cast, two_years):
    participation_of(cast.anna, shows_levels_to_hr=True, held_on=LONG_AGO)
    participation_of(cast.dora, shows_levels_to_hr=True, held_on=in_days(-600))
    reckoned()

    found = {
        str(asked): [row.person.last_name for row in hr.get(LIST, asked).context["rows"]]
        for asked in (
            {}, {"bis": "12"}, {"bis": "heute", "suche": "ozg"}, {"bis": "12", "suche": "ozg"}, {"einheit": "10.1"},
            {"einheit": "ohne Einheit"}, {"kompetenz": two_years.pk}, {"kompetenz": "99999999999999999999"}, {"bis": "nie"},
        )
    }  # fmt: skip

    assert list(found.values()) == [
        ["Ärmel"], ["Ärmel", "Özgür"], [], ["Özgür"], ["Ärmel"], [], ["Ärmel"], ["Ärmel"], ["Ärmel"],
    ]  # fmt: skip


def test_an_empty_list_says_why(hr, cast, two_years):
    nothing = hr.get(LIST).text
    filtered = hr.get(LIST, {"suche": "niemand"}).text
    Competency.objects.update(refresh_months=None)

    assert "In den nächsten drei Monaten ist nichts aufzufrischen" in nothing
    assert "Suche und Filter zurücksetzen" in filtered
    assert "Monate eintragen" in hr.get(LIST).text


def test_the_workbook_has_the_same_rows_with_numbers(hr, cast, two_years):
    Person.objects.filter(pk=cast.anna.pk).update(last_name="=cmd|'/c calc'!A1")
    participation_of(cast.anna, shows_levels_to_hr=True, held_on=LONG_AGO)
    reckoned()

    answer = hr.get(FILE)

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    row = [cell.value for cell in list(sheet.iter_rows())[-1]]
    assert row[:5] == ["0003", "=cmd|'/c calc'!A1", "Anna", "10.1 Digitalisierung", two_years.name]
    assert [cell.data_type for cell in list(sheet.iter_rows())[-1]][1] == "s"
    assert row[7:] == ["vereinbart", None]


def test_hr_has_it_reckoned_at_once_after_other_months_are_set(hr, cast, two_years, run_jobs):
    participation_of(cast.anna, shows_levels_to_hr=True, held_on=LONG_AGO)

    hr.post(reverse("learningplans:reckon_refreshes"))
    run_jobs()

    assert [row.person for row in RefreshDate.objects.all()] == [cast.anna]


# Session, user, competencies to choose from; how many, the page, two for what is planned; that it was read.
@pytest.mark.parametrize("number", [3, 60])
def test_the_list_costs_the_same_however_long_it_is(hr, cast, two_years, django_assert_num_queries, number):
    for place in range(number):
        person = Person.objects.create(first_name=f"P{place:03}", last_name="Viele", manager=cast.bernd)
        RefreshDate.objects.create(person=person, competency=two_years, was_agreed=True, last_on=LONG_AGO, due_on=TODAY)
    hr.get(LIST)

    with django_assert_num_queries(8):
        hr.get(LIST)
