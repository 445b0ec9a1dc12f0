"""How many seats the dates of an offer have, and how many wait for one."""

from dataclasses import dataclass

from django.db.models import Count

from learningplans.models import Booking, OfferDate
from learningplans.models.bookings import TAKES_A_SEAT


@dataclass(frozen=True)
class SeatsOfDate:
    """One date of an offer, or the offer itself (``date`` None), and how many of its ``seats`` are taken; None: any number."""

    date: OfferDate | None
    seats: int | None
    taken: int = 0
    waiting: int = 0

    @property
    def free(self):
        return None if self.seats is None else max(self.seats - self.taken, 0)

    @property
    def could_take(self):
        """How many who wait have a seat now."""
        return min(self.free or 0, self.waiting)


def seats_of(offer):
    """Its dates with their seats, or of one without dates its own; measures not on a date yet come last; two queries."""
    rows = Booking.objects.of(offer).order_by().values("date")
    counted = rows.annotate(taken=Count("pk", filter=TAKES_A_SEAT), waiting=Count("waits_since"))
    found = {one["date"]: (one["taken"], one["waiting"]) for one in counted}
    dates = [SeatsOfDate(date, offer.seats, *found.get(date.pk, ())) for date in offer.dates.all()]
    if not dates:
        return [SeatsOfDate(None, offer.seats, *found.get(None, ()))]
    return [*dates, *([SeatsOfDate(None, None, *found[None])] if any(found.get(None, ())) else [])]
