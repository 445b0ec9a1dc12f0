"""HR's pages for a list of offers: sent, looked at, taken over; only who has sent a list ever sees it."""

from collections import Counter
from datetime import date
from decimal import Decimal

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kompetenz.amounts import euros, hours
from kompetenz.forms.stamp import was_read
from kompetenz.jobs.batches import answer, begin
from kompetenz.lists import page_of
from kompetenz.people.access import for_hr
from kompetenz.text import quoted
from kompetenz.whole import whole
from learningplans.models.bookings import in_days
from learningplans.training import offer_lists, taking_offers
from learningplans.training.forms import OfferListForm
from learningplans.training.narrowing import formats_to_find
from learningplans.training.taking_offers import TAKING, keep, list_of

GONE = (
    "Es gibt keine Liste mehr, die auf Ihre Bestätigung wartet: Sie ist übernommen, verworfen oder älter als einen Tag."
)
ANOTHER = (
    "Nichts ist übernommen: Die Liste oder ein Angebot darin ist inzwischen anders. Hier steht, was sie jetzt ändert."
)
ANOTHER_FILE = "Nicht verworfen: Inzwischen haben Sie eine andere Liste hochgeladen. Das ist sie."
UNREAD = "Nicht gelesene Spalten der Liste: {}. Gehört eine davon dazu, geben Sie ihr bitte die Überschrift einer Spalte, die gelesen wird."
GROUPS = {
    offer_lists.WRONG_ROW: "mit Fehlern",
    offer_lists.NEW: "neu",
    offer_lists.CHANGED: "geändert",
    offer_lists.SAME: "unverändert",
}


@require_http_methods(["GET", "POST"])
@for_hr
def upload(request):
    """Take a list and show what it would do; until it is confirmed nothing of it counts."""
    form = OfferListForm(request.POST, request.FILES) if request.method == "POST" else OfferListForm()
    if form.is_valid():
        keep(rows=form.offers.rows, name=form.cleaned_data["file"].name, by=request.user)
        if form.offers.unread:
            messages.warning(request, UNREAD.format(", ".join(map(quoted, form.offers.unread))))
        return redirect("learningplans:offer_list_preview")
    context = {"form": form, "waiting": list_of(request.user), "columns": offer_lists.COLUMNS.values()}
    return render(request, "learningplans/offer_list.html", context)


@require_http_methods(["GET", "POST"])
@for_hr
def preview(request):
    """What each row would do as of now; confirmed, those without a problem are taken over."""
    found = list_of(request.user)
    if request.method == "POST":
        return whole(confirmed)(request)
    if found is None:
        messages.info(request, GONE)
        return redirect("learningplans:offer_list")
    known = offer_lists.known_offers()
    rows = [(row, offer_lists.outcome_of(row, known)) for row in found.rows]
    shown = {"found": found, "read": taking_offers.stamp_of(found, known), **in_groups(request, rows)}
    return render(request, "learningplans/offer_list_preview.html", shown)


def in_groups(request, rows):
    """How many (row, outcome) each group has, and a page of the one that is looked at."""
    counts, wanted = Counter(outcome for _, outcome in rows), request.GET.get("liste", "")
    wanted = wanted if wanted in GROUPS else next((name for name in GROUPS if counts[name]), offer_lists.SAME)
    page = page_of(request, [row for row, outcome in rows if outcome == wanted])
    return {
        "groups": [(name, title, counts[name]) for name, title in GROUPS.items()],
        "wanted": wanted,
        "taken": counts[offer_lists.NEW] + counts[offer_lists.CHANGED],
        "page": page,
        "rows": in_words(page),
        "query": f"liste={wanted}",
    }


def in_words(rows):
    """What was read of each row, as it will stand on the offer's page."""
    formats = dict(formats_to_find())
    for row in rows:
        values = row["values"]
        first, last = (
            date.fromisoformat(day) if (day := values.get(name)) else None for name in ("starts_on", "ends_on")
        )
        yield {
            "number": row["number"],
            "title": values.get("title"),
            "about": ", ".join(filter(None, [formats.get(values.get("format")), values.get("provider")])),
            "days": in_days(first, last) if first else "",
            "place": values.get("place"),
            "hours": hours(Decimal(values["hours"])) if values.get("hours") else "",
            "cost": euros(Decimal(values["cost"])) if values.get("cost") else "",
            "seats": values.get("seats"),
            "problems": row["problems"],
        }


def confirmed(request):
    """Whoever sends it twice finds nothing to be taken over any more."""
    found = list_of(request.user)
    if found is None:
        messages.warning(request, GONE)
        return redirect("learningplans:offer_list")
    known = offer_lists.known_offers(holds=True)
    if not was_read(request, taking_offers.stamp_of(found, known)):
        messages.warning(request, ANOTHER)
        return redirect("learningplans:offer_list_preview")
    rows = [row for row in found.rows if not row["problems"]]
    about = {"title": f"Angebote aus {found.name}", "by": request.user, "states": taking_offers.states_of(rows, known)}
    job = begin(TAKING, subject=request.user.pk, items=rows, **about)
    if not job.was_there:
        found.delete()
    return answer(request, job, otherwise=taking_offers.page_of_offers(job))


@require_POST
@for_hr
def discard(request):
    found = list_of(request.user)
    if found and not was_read(request, found.stamp):
        messages.warning(request, ANOTHER_FILE)
        return redirect("learningplans:offer_list_preview")
    if found:
        found.delete()
        messages.success(request, "Die Liste ist verworfen. Nichts ist übernommen.")
    return redirect("learningplans:offer_list")
