"""Moving bookings, and an offer with its dates, seats and waiting list."""

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kompetenz.forms.stamp import held, holds, was_read
from kompetenz.jobs.batches import answer
from kompetenz.lists import id_in, page_of
from kompetenz.people.access import for_hr
from kompetenz.people.once import once
from kompetenz.refusals import Refused
from kompetenz.text import quoted
from learningplans.models import Booking, Offer, OfferDate
from learningplans.training import booking, dates, listing
from learningplans.training.adding_up import FoundInYear
from learningplans.training.forms import OfferDateForm
from learningplans.training.many import BUTTONS, MOVES, begin_moving
from learningplans.training.narrowing import YearNarrowing
from learningplans.training.seats import seats_of

from .plan import read_by

NOTHING_CHOSEN = "Es ist nichts ausgewählt. Kreuzen Sie an, womit etwas geschehen soll."
ANOTHER_LIST = "Nichts ist geändert: Die Liste ist inzwischen eine andere. Bitte sehen Sie sie noch einmal an."
ANOTHER_DATE = "Nicht entfernt: Der Termin ist inzwischen ein anderer. Bitte sehen Sie ihn noch einmal an."
OF_AN_OFFER = "angebotsseite"  # in the address of the list: it is the one on the offer's page


@require_POST
@for_hr
def move(request):
    """Move the bookings that are chosen, or with ``alle`` all of the list they were sent from."""
    sent, back, to = request.POST, address_of(request.POST.get("liste", "")), request.POST.get("stand", "")
    chosen, problem = chosen_in(request)
    if to not in MOVES or not chosen:
        messages.info(request, problem or NOTHING_CHOSEN)
        return redirect(back)
    try:
        date = date_in(sent.get("termin", ""), request.user, sent.get("termine"))
        about = {"to": to, "date": date, "rest_waits": bool(sent.get("rest"))}
        job = begin_moving(chosen, **about, by=request.user, back=back)
    except booking.Full as full:
        context = {"problem": full, "chosen": chosen, "date": date, "list": sent.get("liste", ""), "back": back}
        return render(request, "learningplans/training_full.html", context)
    except Refused as reason:
        messages.warning(request, str(reason))
        return redirect(back)
    return answer(request, job, otherwise=back)


def date_in(sent, user, read):
    """The date that was chosen, None where none was. Raises Refused for one that is gone, or another day than the page has shown
    (``read``, OfferDate.stamp of each): nobody is booked on another unasked.
    """
    if not sent:
        return None
    found = OfferDate.objects.editable_by(user).filter(pk=id_in(sent)).first()
    if found is None:
        raise Refused(booking.DATE_IS_GONE)
    if read is not None and found.stamp not in read.split():
        raise Refused(booking.ANOTHER_DAY)
    return found


def address_of(sent):
    """The list that a form was sent from: a page of ours, with what it was narrowed to and nothing else."""
    parts = QueryDict(sent)
    if offer := id_in(parts.get(OF_AN_OFFER, "")):
        return reverse("learningplans:training_offer", args=[offer])
    return f"{reverse('learningplans:training')}?{parts.urlencode()}" if sent else reverse("learningplans:training")


def chosen_in(request):
    """[id, stamp] of each that is chosen, and why there is none, in words.

    All that are listed are as many, and of a year as it was, when the page was made.
    """
    address = QueryDict(request.POST.get("liste", ""))
    if request.POST.get("alle") and OF_AN_OFFER not in address:
        narrowing = YearNarrowing.of(address, timezone.localdate())
        found = listing.stamps_of(FoundInYear(narrowing, request.user).bookings())
        now = FoundInYear(narrowing, request.user).stamp_of(
            len(found)
        )  # asked after they were read, so they are of then
        return (found, "") if now == request.POST.get("gesehen") else ([], ANOTHER_LIST)
    parts = [value.partition("-") for value in request.POST.getlist("wahl")]
    return [[pk, read or None] for number, _, read in parts if (pk := id_in(number))], ""


@require_GET
@for_hr
def offer(request, pk):
    """An offer with its dates and seats, and all measures that use it: who waits first, then those to come."""
    found = get_object_or_404(offers_of(request), pk=pk)
    rows = Booking.objects.visible_to(request.user).of(found)
    page = page_of(request, listing.waiting_first(rows).values_list("pk", flat=True))
    context = {
        "offer": found,
        "seats": seats_of(found),
        "page": page,
        "rows": read_by(request, page.object_list),
        "held": Booking.objects.of(found).held_in_a_draft().count() if request.user.is_hr else 0,
        "moves": BUTTONS,
        "list": f"{OF_AN_OFFER}={found.pk}",
        "today": timezone.localdate(),
        "dates_read": " ".join(one.stamp for one in found.dates.all()),
    }
    return render(request, "learningplans/training_offer.html", context)


def offers_of(request):
    return Offer.objects.visible_to(request.user, timezone.localdate())


@require_http_methods(["GET", "POST"])
@once
@for_hr
def add_date(request, pk):
    found = get_object_or_404(offers_of(request), pk=pk)
    return date_page(request, OfferDateForm(request.POST or None, instance=OfferDate(offer=found)))


@require_http_methods(["GET", "POST"])
@for_hr
@holds
def edit_date(request, pk, date):
    return date_page(request, OfferDateForm(request.POST or None, instance=known_date(request, pk, date)))


def known_date(request, pk, date):
    found = get_object_or_404(offers_of(request), pk=pk)
    return get_object_or_404(held(request, found.dates), pk=date)


def date_page(request, form):
    if form.is_valid() and not form.is_outdated():
        try:
            date = dates.save_date(form=form, by=request.user)
        except Refused as reason:
            messages.warning(request, str(reason))
            return redirect("learningplans:training_offer", form.instance.offer_id)
        messages.success(request, f"Termin {date} gespeichert.")
        return redirect("learningplans:training_offer", date.offer_id)
    return render(request, "learningplans/training_date.html", {"form": form, "date": form.instance})


@require_POST
@for_hr
@holds
def remove_date(request, pk, date):
    found = known_date(request, pk, date)
    if not was_read(request, OfferDateForm(instance=found).stored):
        messages.warning(request, ANOTHER_DATE)
        return redirect("learningplans:training_date", pk, date)
    try:
        dates.remove_date(date=found)
    except Refused as reason:
        messages.warning(request, str(reason))
    else:
        messages.success(request, f"Termin {found} von {quoted(found.offer.title)} entfernt.")
    return redirect("learningplans:training_offer", pk)
