"""What HR of the demo district has made of the measures: seats and dates, bookings, a waiting list, budgets."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone

from assessments.rounds.schedule import working_day_until
from kompetenz.catalogue.models import Competency
from kompetenz.people.models import Person, Unit
from learningplans.models import Booking, BookingMove, Offer, OfferDate, TrainingBudget
from learningplans.training.keeping import AS_BOOKED, note_change, place_in_time, remember

from .accounts import BY_KEY
from .rounds import moment

BATCH = 2000
SEATS = [2, 3, 4, 6]  # few, so that somebody waits
PLACE = "Kreishaus, Sitzungssaal 2, 9 bis 16 Uhr"
State = Booking.State
# After how many months HR wants to have them refreshed, beside what the catalogue comes with.
REFRESHED = {"it-anwendung": 10, "technik": 9}


def plan():
    """Dates of the courses, what is booked on them, what is to be refreshed, and this and next year's budgets."""
    for key, months in REFRESHED.items():
        Competency.objects.filter(key=key).update(refresh_months=months)
    rng, hr = Random("Landkreis Musterland: Fortbildung"), Person.objects.get(email=BY_KEY["hr"].email)
    dates = give_dates(rng)
    moved, moves = [], []
    bookings = Booking.objects.exclude(state="").select_related("measure__plan", "measure__offer", "offer")
    taken = defaultdict(int)
    for booking in bookings.order_by("begins_on", "pk"):
        said, waits = wanted(booking, rng)
        date = next(iter(dates[booking.offer_id]), None)
        if said == State.BOOKED and booking.offer and booking.offer.seats and date:
            taken[date.pk] += 1
            said, waits = (State.BOOKED, False) if taken[date.pk] <= booking.offer.seats else (State.APPLIED, True)
        if said != State.PROPOSED:
            moved.append(booking)
            moves.append(said_by(hr, booking, said, date, waits, rng))
    fields = [
        "said",
        "state",
        "date",
        "waits_since",
        "moved_by",
        "moved_at",
        "year",
        "quarter",
        "begins_on",
        *AS_BOOKED,
    ]
    Booking.objects.bulk_update(moved, fields, batch_size=BATCH)
    BookingMove.objects.bulk_create(moves, batch_size=BATCH)
    note_change(set(Booking.objects.values_list("year", flat=True).distinct()))
    set_budgets()


def give_dates(rng):
    """Offers with a day take place again a quarter later; by offer."""
    dates, seats = defaultdict(list), []
    for offer in Offer.objects.exclude(first_day=None):
        offer.seats = rng.choice(SEATS)
        seats.append(offer)
        length = offer.last_day - offer.first_day
        for begins in (offer.first_day, working_day_until(offer.first_day + timedelta(weeks=13))):
            dates[offer.pk].append(
                OfferDate(offer=offer, starts_on=begins, ends_on=working_day_until(begins + length), place=PLACE)
            )
    for offer in seats:
        offer.last_day = dates[offer.pk][-1].ends_on
    Offer.objects.bulk_update(seats, ["seats", "last_day"], batch_size=BATCH)
    OfferDate.objects.bulk_create([one for of in dates.values() for one in of])
    return dates


def wanted(booking, rng):
    """What HR has said so far: of what is to come most is booked or applied for, of what is over nothing more."""
    drawn = rng.random()
    if booking.state != State.PROPOSED or booking.offer is None:
        return State.PROPOSED, False
    said = State.BOOKED if drawn < 0.5 else State.APPLIED if drawn < 0.75 else State.PROPOSED
    return said, False


def said_by(hr, booking, said, date, waits, rng):
    at = moment(timezone.localdate() - timedelta(days=rng.randint(1, 20)), 11)
    record = BookingMove(booking=booking, before=booking.state, after=said, date=date, waits=waits, by=hr, at=at)
    booking.said = booking.state = said
    booking.date = date if said == State.BOOKED or waits else None
    booking.waits_since = at if waits else None
    booking.moved_by, booking.moved_at = hr, at
    remember(booking, booking.measure, was_over=False)
    place_in_time(booking, booking.measure)
    return record


def set_budgets():
    """For the whole district, and for the largest of its units one of its own; some of it is left."""
    this = timezone.localdate().year
    top = Unit.objects.filter(parent__parent=None, parent__isnull=False).order_by("number").first()
    for year in (this, this + 1):
        costs = [cost or 0 for cost in Booking.objects.filter(year=year).values_list("cost", flat=True)]
        amount = Decimal(max(5000, round(sum(costs) * Decimal("1.15") / 1000) * 1000))
        for unit, share in {None: amount, **({top: amount // 4} if top else {})}.items():
            TrainingBudget.objects.update_or_create(year=year, unit=unit, defaults={"amount": share})
