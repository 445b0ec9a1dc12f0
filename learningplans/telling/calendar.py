"""The dates of learning plans for somebody's calendar: reviews, and until when one's own measures are to be done."""

from django.urls import reverse
from django.utils import timezone

from assessments.telling.calendar import DEADLINE, talk_title
from kompetenz.documents import Event
from learningplans.models import Measure, Review


def review_event(review, reader, path=""):
    """The review in the calendar of ``reader``, leading to its page unless there is another ``path``."""
    participation = review.plan.participation
    return Event(
        key=f"review-{review.pk}",
        title=talk_title(participation, reader, review.kind_name),
        path=path or reverse("learningplans:review", args=[review.plan_id, review.pk]),
        since=participation.round.opened_at,
        day=None if review.start else review.planned_on,
        start=review.start,
        location=review.place,
    )


def measure_event(measure):
    """The last day of a measure in the person's own calendar."""
    round_ = measure.plan.participation.round
    return Event(
        key=f"massnahme-{measure.pk}",
        title=measure_title(measure, round_),
        path=f"{measure.plan.get_absolute_url()}#massnahmen",
        since=round_.opened_at,
        day=measure.due_on,
    )


def measure_title(measure, round_):
    if round_.calendar_names_measures:
        return f"{DEADLINE}: {measure.title}, {round_}"
    return f"{DEADLINE}: Maßnahme, {round_}" if round_.calendar_names_people else DEADLINE


def events_of(user, plans):
    """What comes up in agreed plans, out of ``tasks.plans_of(user)``: reviews, and the user's own measures; two queries."""
    agreed = {plan.pk: plan for plan in plans if plan.is_agreed and not plan.participation.rests}
    own = [plan for plan in agreed.values() if plan.participation.person_id == user.pk]
    today = timezone.localdate()
    reviews = Review.objects.to_hold().filter(plan__in=agreed, planned_on__gte=today)
    measures = Measure.objects.planned().filter(plan__in=own, due_on__gte=today)
    found = [*reviews, *measures]
    for one in found:
        one.plan = agreed[one.plan_id]
    return [review_event(one, user) if isinstance(one, Review) else measure_event(one) for one in found]
