"""What one side says is done and another says is not, HR included: nobody confirms it (paper 4.3.3)."""

from datetime import UTC, datetime, time

from django.utils import timezone

from learningplans.models import Booking, Measure, PlanChange

FOR_EVER = datetime.max.replace(tzinfo=UTC)


def contested_in(plans, measures):
    """The ids of ``measures``, which belong to these plans, that one side says are done and another, of this very
    report, that they are not.

    They come with their bookings; one query.
    """
    denied = denials_in(plans)
    return {one.pk for one in measures if is_denied(one, denied) or is_said_otherwise(one)}


def is_denied(measure, denied):
    """Whether one of the two says it is done and the other that it is not."""
    is_done = measure.state == Measure.State.DONE
    return is_done and measure.pk in denied and done_since(measure) <= denied[measure.pk]


def is_said_otherwise(measure):
    """Whether HR says that it was carried out and the two that it has fallen away, or the other way round."""
    said = measure.booking.said if hasattr(measure, "booking") else ""
    both = (said, measure.state)
    return both in {(Booking.State.DONE, Measure.State.DROPPED), (Booking.State.CANCELLED, Measure.State.DONE)}


def denials_in(plans):
    """By measure, the last moment at which one side wrote that it is not carried out and the other did not take note.

    As long as that waits for its answer, no later report settles it.
    """
    denied = {}
    written = PlanChange.objects.not_noted().filter(plan__in=plans)
    for written_at, steps, answer in written.values_list("written_at", "steps", "answer"):
        until = written_at if answer else FOR_EVER
        for step in steps:
            if step["kind"] == "measure" and step.get("was", {}).get("state") == Measure.State.DONE:
                denied[step["pk"]] = max(denied.get(step["pk"], until), until)
    return denied


def done_since(measure):
    """When it was reported; or the beginning of the day on which a plan was agreed in which it was done already."""
    return measure.state_at or timezone.make_aware(datetime.combine(measure.plan.agreed_on, time.min))
