"""Letters about reviews: both sides hear of a date some days before it, with a file for their calendar."""

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
    participation = review.plan.participation
    file = calendar_file([review_event(review)], site=settings.SITE_URL, now=timezone.now())
    return write_letters(
        kind=Letter.Kind.REVIEW,
        key=f"review-{review.pk}-{review.planned_on:%Y%m%d}-{days}-tage",
        path=reverse("learningplans:detail", args=[review.plan_id]),
        people=[one for one in (participation.person, participation.manager) if one],
        calendar=file.decode(),
    )
