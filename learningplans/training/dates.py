"""The dates of an offer: who is booked on one moves with it, and it is not removed under anybody."""

from django.db import transaction

from kompetenz.refusals import Refused
from learningplans.models import Booking, Offer

from . import booking
from .keeping import note_change
from .standing import quarter_of

IS_BOOKED = (
    "Der Termin ist nicht entfernt: Es stehen noch Buchungen oder Anmeldungen darauf. Bitte buchen Sie diese zuerst um."
)
OFFER_IS_GONE = "Nicht gespeichert: Das Angebot ist inzwischen entfernt."


@transaction.atomic
def save_date(*, form, by=None):
    """Save a date; whoever is booked on it is told if it is another day than before, and finds it in their access log. Answers it.

    Raises Refused where the offer is gone.
    """
    offers = Offer.objects.select_for_update(no_key=True)  # nobody is booked on the old day meanwhile
    if offers.filter(pk=form.instance.offer_id).first() is None:
        raise Refused(OFFER_IS_GONE)
    has_moved = bool(form.instance.pk) and not {"starts_on", "ends_on"}.isdisjoint(form.changed_data)
    date = form.save()
    if has_moved:
        day = date.starts_on
        rows = Booking.objects.on(date)
        years = set(rows.select_for_update(of=("self",)).order_by("pk").values_list("year", flat=True))
        rows.update(begins_on=day, year=day.year, quarter=quarter_of(day.month))
        note_change({day.year, *years})
        booking.note_and_tell(rows.taking_a_seat(), by)
    return date


@transaction.atomic
def remove_date(*, date):
    """Raises Refused while anybody is booked on it or waits for it."""
    Offer.objects.select_for_update(no_key=True).get(pk=date.offer_id)  # nobody is booked on it meanwhile
    rows = Booking.objects.on(date)
    if rows.taking_a_seat().exists() or rows.waiting().exists():
        raise Refused(IS_BOOKED)
    date.delete()
