"""The dates of learning plans in somebody's calendar."""

from datetime import timedelta

import icalendar
import pytest
from django.urls import reverse

from learningplans import tasks
from learningplans.models import LearningPlan
from learningplans.telling import calendar
from tests.clock import TODAY, in_days
from tests.learningplans.making import plan_of


@pytest.fixture
def agreed(participation):
    return plan_of(participation, state=LearningPlan.State.AGREED)


def days(user):
    return [event.day for event in calendar.events_of(tasks.plans_of(user))]


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


def test_one_review_is_a_day_without_names(client, cast, agreed):
    review = agreed.reviews.first()
    client.force_login(cast.anna)

    page = client.get(agreed.get_absolute_url())
    response = client.get(reverse("learningplans:review_calendar", args=[agreed.pk, review.pk]))

    (entry,) = icalendar.Calendar.from_ical(response.content).walk("VEVENT")
    assert reverse("learningplans:review_calendar", args=[agreed.pk, review.pk]) in page.text
    assert (entry.start, str(entry["summary"]), str(entry["class"])) == (in_days(90), "Gespräch", "PRIVATE")
    assert str(entry["url"]).endswith(reverse("learningplans:review", args=[agreed.pk, review.pk]))
    assert [word for word in ("Anna", "Žižek", "Bernd", "Runde") if word in response.text] == []


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
