"""The dates of learning plans for somebody's calendar."""

from django.urls import reverse
from django.utils import timezone

from kompetenz.documents import TALK, Event
from learningplans.models import Review


def review_event(review, path=""):
    """The review in a calendar, leading to its page unless there is another ``path``."""
    return Event(
        key=f"review-{review.pk}",
        title=TALK,
        path=path or reverse("learningplans:review", args=[review.plan_id, review.pk]),
        day=review.planned_on,
    )


def events_of(plans):
    """The reviews to come in agreed plans, out of ``tasks.plans_of`` somebody; one query."""
    agreed = [plan for plan in plans if plan.is_agreed and not plan.participation.rests]
    coming = Review.objects.filter(plan__in=agreed, held_on=None, planned_on__gte=timezone.localdate())
    return [review_event(review) for review in coming]
