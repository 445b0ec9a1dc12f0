"""The dates of learning plans in somebody's calendar."""

from datetime import timedelta

import icalendar
import pytest
from django.urls import reverse

from assessments.models import Round
from kompetenz.people.models import Person
from learningplans import tasks
from learningplans.models import LearningPlan, Measure
from learningplans.telling import calendar
from tests.clock import TODAY, in_days
from tests.learningplans.making import measure_in, plan_of


@pytest.fixture
def agreed(participation):
    return plan_of(participation, state=LearningPlan.State.AGREED)


def days(user):
    return [event.day for event in calendar.events_of(user, tasks.plans_of(user)) if event.key.startswith("review")]


def titles(user):
    return [event.title for event in calendar.events_of(user, tasks.plans_of(user))]


def test_reviews_to_come_are_in_both_calendars(cast, agreed):
    assert [days(who) for who in (cast.anna, cast.bernd, cast.clara, cast.paula)] == [
        [in_days(90), in_days(210)],
        [in_days(90), in_days(210)],
        [],
        [],
    ]


def test_what_is_held_or_past_or_still_a_draft_is_in_none(cast, agreed):
    agreed.reviews.filter(is_final=False).update(held_on=TODAY)
    agreed.reviews.filter(is_final=True).update(planned_on=TODAY - timedelta(days=1))
    assert days(cast.anna) == []

    agreed.reviews.update(held_on=None, planned_on=in_days(5))
    LearningPlan.objects.update(state=LearningPlan.State.DRAFT)
    assert days(cast.anna) == []


@pytest.mark.parametrize(
    ("tells", "of_anna", "of_bernd"),
    [
        ("date", ["Termin", "Termin", "Frist"], ["Termin", "Termin"]),
        (
            "people",
            [
                "Review-Gespräch mit Bernd Şahin-Žižek",
                "Abschlussgespräch mit Bernd Şahin-Žižek",
                "Frist: Maßnahme, Runde 2026",
            ],
            ["Review-Gespräch mit Anna Ärmel", "Abschlussgespräch mit Anna Ärmel"],
        ),
        (
            "measures",
            [
                "Review-Gespräch mit Bernd Şahin-Žižek",
                "Abschlussgespräch mit Bernd Şahin-Žižek",
                "Frist: Kurs, Runde 2026",
            ],
            ["Review-Gespräch mit Anna Ärmel", "Abschlussgespräch mit Anna Ärmel"],
        ),
    ],
)
def test_an_entry_says_as_much_as_the_round_lets_it_say(cast, agreed, tells, of_anna, of_bernd):
    Round.objects.update(calendar_tells=tells)
    Measure.objects.all().delete()
    measure_in(agreed, title="Kurs", due_on=in_days(30))

    assert (titles(cast.anna), titles(cast.bernd)) == (of_anna, of_bernd)


def test_ones_own_measures_are_there_until_their_day_unless_done_or_dropped(cast, agreed):
    Measure.objects.all().delete()
    due, past = measure_in(agreed, due_on=TODAY), measure_in(agreed, due_on=in_days(-1))
    done = measure_in(agreed, due_on=in_days(9), state=Measure.State.DONE)

    keys = [event.key for event in calendar.events_of(cast.anna, tasks.plans_of(cast.anna))]

    assert [f"massnahme-{one.pk}" in keys for one in (due, past, done)] == [True, False, False]


def test_while_another_manager_has_not_taken_over_nobody_is_named(cast, agreed):
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.clara)
    cast.anna.refresh_from_db()

    assert titles(cast.anna)[:2] == ["Review-Gespräch", "Abschlussgespräch"]


def test_it_costs_two_queries_however_many(cast, agreed, django_assert_num_queries):
    plans = tasks.plans_of(cast.anna)
    agreed.reviews.create(planned_on=in_days(5))

    with django_assert_num_queries(2):  # reviews, measures
        calendar.events_of(cast.anna, plans)


def test_one_review_is_a_day_with_the_name_of_the_other(client, cast, agreed):
    review = agreed.reviews.first()
    client.force_login(cast.anna)

    page = client.get(agreed.get_absolute_url())
    response = client.get(reverse("learningplans:review_calendar", args=[agreed.pk, review.pk]))

    (entry,) = icalendar.Calendar.from_ical(response.content).walk("VEVENT")
    assert reverse("learningplans:review_calendar", args=[agreed.pk, review.pk]) in page.text
    assert (entry.start, str(entry["summary"]), str(entry["class"])) == (
        in_days(90),
        "Review-Gespräch mit Bernd Şahin-Žižek",
        "PRIVATE",
    )
    assert str(entry["url"]).endswith(reverse("learningplans:review", args=[agreed.pk, review.pk]))
    assert [word for word in ("Anna", "Runde") if word in response.text] == []


@pytest.mark.parametrize("who", ["clara", "paula", "fremd"])
def test_nobody_else_gets_it(client, cast, agreed, who):
    client.force_login(getattr(cast, who))

    response = client.get(reverse("learningplans:review_calendar", args=[agreed.pk, agreed.reviews.first().pk]))

    assert response.status_code == 404


def test_a_review_that_was_held_is_no_date_any_more(client, cast, agreed):
    agreed.reviews.update(held_on=TODAY)
    client.force_login(cast.anna)

    page = client.get(agreed.get_absolute_url())
    response = client.get(reverse("learningplans:review_calendar", args=[agreed.pk, agreed.reviews.first().pk]))

    assert (response.status_code, "ICS" in page.text) == (404, False)
