"""Letters about the dates of reviews."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kompetenz.letters.models import Letter
from learningplans import notices
from learningplans.models import LearningPlan

from .making import participation_of, plan_of

TODAY = timezone.localdate()


@pytest.fixture
def plan(cast):
    plan = plan_of(participation_of(cast.anna))
    LearningPlan.objects.filter(pk=plan.pk).update(
        state="agreed", agreed_by_person_on=TODAY, agreed_by_manager_on=TODAY
    )
    plan.reviews.all().delete()
    return plan


@pytest.mark.parametrize(("days", "written"), [(8, 0), (7, 2), (2, 2), (1, 2), (0, 2), (-1, 0)])
def test_both_hear_of_a_review_seven_days_before_it_at_the_earliest(plan, days, written):
    plan.reviews.create(planned_on=TODAY + timedelta(days=days))

    notices.remind_of_reviews(TODAY)

    assert Letter.objects.count() == written


def test_a_review_is_told_of_twice_and_a_moved_one_anew(plan):
    review = plan.reviews.create(planned_on=TODAY + timedelta(days=7))
    for day in range(9):
        notices.remind_of_reviews(TODAY + timedelta(days=day))
    assert Letter.objects.count() == 4

    review.planned_on = TODAY + timedelta(days=30)
    review.save()
    notices.remind_of_reviews(TODAY + timedelta(days=24))

    assert Letter.objects.count() == 6


def test_the_letter_has_a_calendar_file_and_tells_nothing(plan):
    plan.reviews.create(planned_on=TODAY + timedelta(days=1))

    notices.remind_of_reviews(TODAY)

    letter = Letter.objects.filter(kind="review").first()
    assert "CLASS:PRIVATE" in letter.calendar
    assert "Anna" not in letter.calendar
    assert letter.path == plan.get_absolute_url()


def test_a_review_that_was_held_or_of_a_draft_is_not_told_of(plan):
    plan.reviews.create(planned_on=TODAY, held_on=TODAY)
    draft = plan.reviews.create(planned_on=TODAY + timedelta(days=1))
    LearningPlan.objects.filter(pk=draft.plan_id).update(
        state="draft", agreed_by_person_on=None, agreed_by_manager_on=None
    )

    assert notices.remind_of_reviews(TODAY) is None


def test_without_days_in_the_settings_nobody_is_told(plan, settings):
    settings.REMINDER_DAYS = []
    plan.reviews.create(planned_on=TODAY)

    assert notices.remind_of_reviews(TODAY) is None
