"""Files of the training plan: for a provider, for the treasurer."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from kompetenz.jobs.batches import handed_out
from kompetenz.lists import id_in
from kompetenz.people.access import for_hr
from learningplans.models import Booking, Offer
from learningplans.training import outputs
from learningplans.training.narrowing import YearNarrowing


@require_http_methods(["GET", "POST"])
@for_hr
def guests(request, pk):
    """Who is booked on an offer, or with ``termin`` on one of its dates."""
    offer = get_object_or_404(Offer.objects.visible_to(request.user, timezone.localdate()), pk=pk)
    asked = request.GET.get("termin")
    date = get_object_or_404(offer.dates, pk=id_in(asked)) if asked else None
    return handed_out(
        request,
        outputs.GUEST_LIST,
        subject=f"{pk} {date and date.pk} for {request.user.pk}",
        title=f"Teilnahmeliste: {offer}",
        items=list(outputs.guests_of(offer, date).values_list("pk", flat=True)),
        offer=offer.pk,
        date=date and date.pk,
    )


@require_http_methods(["GET", "POST"])
@for_hr
def budget(request):
    """What a year costs and who pays; a large year in the background."""
    year = YearNarrowing.of(request.GET, timezone.localdate()).year
    return handed_out(
        request,
        outputs.BUDGET,
        subject=f"{year} for {request.user.pk}",
        title=f"Fortbildung: Haushalt {year}",
        items=list(Booking.objects.visible_to(request.user).in_year(year).values_list("offer", flat=True).distinct()),
        year=year,
    )
