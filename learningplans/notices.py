"""Letters about reviews, with a file for the calendar: both sides hear of a date when it is fixed and before it."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from kompetenz.documents.calendar import calendar_file
from kompetenz.jobs.daily import every_day
from kompetenz.letters.models import Letter
from kompetenz.letters.writing import write_letters

from .dates import review_event
from .models import LearningPlan, Review


def invite_to_reviews(plan, reviews):
    """Tell both sides of dates of an agreed plan that are new: it was agreed, or one was added or moved."""
    reviews = list(reviews)
    if reviews:
        write_to_both(plan, reviews, key=f"plan-{plan.pk}-reviews-{timezone.now():%Y%m%d%H%M%S%f}")


def write_to_both(plan, reviews, *, key):
    """One letter with all of these dates to person and manager; how many are new."""
    participation = plan.participation
    file = calendar_file([review_event(review) for review in reviews], site=settings.SITE_URL, now=timezone.now())
    return write_letters(
        kind=Letter.Kind.REVIEW,
        key=key,
        path=reverse("learningplans:detail", args=[plan.pk]),
        people=[one for one in (participation.person, participation.manager) if one],
        calendar=file.decode(),
    )


@every_day
def remind_of_reviews(today):
    """Write to person and manager of each review that comes up, once for each of the days the settings name."""
    written = sum(remind_of_review(review, today) for review in coming(today))
    return f"Hinweise auf Review-Gespräche geschrieben: {written}." if written else None


def coming(today):
    """Reviews of agreed plans within the longest of the reminders' times."""
    if not settings.REMINDER_DAYS:
        return Review.objects.none()
    until = today + timedelta(days=max(settings.REMINDER_DAYS))
    planned = Review.objects.filter(
        plan__state=LearningPlan.State.AGREED, held_on=None, planned_on__range=(today, until)
    )
    return planned.select_related("plan__participation__person", "plan__participation__manager")


def remind_of_review(review, today):
    days = min(days for days in settings.REMINDER_DAYS if review.planned_on - timedelta(days=days) <= today)
    return write_to_both(review.plan, [review], key=f"review-{review.pk}-{review.planned_on:%Y%m%d}-{days}-tage")
