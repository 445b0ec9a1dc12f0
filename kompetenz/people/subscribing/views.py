"""The page on which everybody makes and ends the address for their own calendar."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from kompetenz.people.models import CalendarAddress

from . import addresses


@require_http_methods(["GET", "POST"])
def calendar_address(request):
    """What subscribing is; after a POST with the new address, which is shown this once."""
    made = ""
    if request.method == "POST":
        secret = addresses.make(person=request.user)
        made = settings.SITE_URL + reverse("subscribed_calendar", args=[secret])
    address = CalendarAddress.objects.of_person(request.user).first()
    return render(request, "people/calendar_address.html", {"made": made, "address": address})


@require_POST
def end_calendar_address(request):
    if addresses.end(person=request.user):
        messages.success(
            request,
            "Die Adresse gilt nicht mehr. Bitte entfernen Sie den Kalender auch in Ihrem Kalenderprogramm: "
            "Was es schon geladen hat, steht dort sonst noch.",
        )
    return redirect("calendar_address")
