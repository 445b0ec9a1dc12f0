"""Agreed plans of many people with their bookings, for the tests of the training plan."""

from learningplans.drafting import holding
from learningplans.models import Booking, LearningFormat, LearningPlan, Offer
from tests.clock import in_days
from tests.learningplans.making import measure_in, participation_of
from tests.learningplans.making import plan_of as drawn_up

DAY = in_days(40)


def course(title="Kurs", *, dates=(), **fields):
    """An offer with these dates."""
    offer = Offer.objects.create(
        format=LearningFormat.objects.get(key="seminare-schulungen"), title=title, provider="Institut", **fields
    )
    for day in dates:
        offer.dates.create(starts_on=day, ends_on=day, place="Saal 2")
    return offer


def plan_with(person, *offers, state=LearningPlan.State.AGREED, shows_levels_to_hr=False, **fields):
    """A plan of this person, one measure on DAY for each of the offers, None for one without; and the bookings."""
    participation = participation_of(
        person, shows_levels_to_hr=shows_levels_to_hr, title=f"Runde {person.pk} {len(Booking.objects.all())}"
    )
    plan = drawn_up(participation, state=state, measures=0, goals=(5,))
    for number, offer in enumerate(offers, start=1):
        about = {"offer": offer, "format": offer.format} if offer else {}
        values = {"title": f"Maßnahme {number}", "starts_on": DAY, "due_on": DAY, "hours": 8, "cost": 100}
        measure_in(plan, *plan.goals.all(), **about, **values | fields)
    holding.tell_participation(plan)
    return plan


def bookings_of(plan):
    return list(Booking.objects.filter(measure__plan=plan).order_by("pk"))


def booking_of(person, offer=None, **fields):
    return bookings_of(plan_with(person, offer, **fields))[0]


def chosen(*bookings):
    return {one.pk: one.stamp for one in bookings}
