"""HR plans, opens, watches and closes rounds."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from assessments import monitoring, opening
from assessments.forms import DeadlinesForm, RoundForm
from assessments.models import Participation, Round
from kompetenz.people.access import for_hr
from kompetenz.people.names import fold

PER_PAGE = 50


def own_round(request, pk):
    return get_object_or_404(Round.objects.run_by(request.user), pk=pk)


@require_GET
@for_hr
def rounds(request):
    """All rounds with their deadlines, the latest first; for HR alone."""
    page = Paginator(Round.objects.run_by(request.user).with_counts(), PER_PAGE).get_page(request.GET.get("seite"))
    return render(request, "assessments/rounds.html", {"page": page})


@require_http_methods(["GET", "POST"])
@for_hr
def create(request):
    return save_form(request, RoundForm(request.POST or None, instance=Round(created_by=request.user)))


@require_http_methods(["GET", "POST"])
@transaction.atomic
def edit(request, pk):
    """The row stays locked until it is saved: somebody else may be opening the round just now."""
    draft = get_object_or_404(Round.objects.drafts_of(request.user).select_for_update(), pk=pk)
    return save_form(request, RoundForm(request.POST or None, instance=draft))


def save_form(request, form):
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        messages.success(request, "Die Runde ist gespeichert. Die Beteiligten sehen sie noch nicht.")
        return redirect(saved)
    return render(request, "assessments/round_form.html", {"form": form, "round": form.instance})


@require_http_methods(["GET", "POST"])
@transaction.atomic
def deadlines(request, pk):
    """Deadlines are the only thing that changes in an open round; locked, for somebody may be closing it."""
    running = get_object_or_404(Round.objects.run_by(request.user).open().select_for_update(), pk=pk)
    form = DeadlinesForm(request.POST or None, instance=running)
    if request.method == "POST" and form.is_valid():
        messages.success(request, "Die Fristen sind geändert.")
        return redirect(form.save())
    return render(request, "assessments/round_form.html", {"form": form, "round": running})


@require_GET
def detail(request, pk):
    """A draft shows whom it would address; an opened round who stands where."""
    found = own_round(request, pk)
    if found.is_draft:
        context = {"round": found, "addressed": opening.addressed(found)}
        return render(request, "assessments/round_draft.html", context)
    return monitor(request, found)


def monitor(request, found):
    today = timezone.localdate()
    standing = monitoring.standing(found, today)
    chosen, text = request.GET.get("stand", ""), request.GET.get("suche", "").strip()
    rows = listed(found, chosen, text, today)
    paginator = Paginator(rows, PER_PAGE)
    if not chosen and not text:
        paginator.count = standing.invited  # counted already; spares a query
    page = paginator.get_page(request.GET.get("seite"))
    context = {
        "round": found,
        "standing": standing,
        "readable": readable(request.user, found, page),
        "filters": [*((word, name) for word, (name, _) in monitoring.FILTERS.items()), ("ueberfaellig", "überfällig")],
        "chosen": chosen,
        "text": text,
        "page": page,
        "query": urlencode({key: value for key, value in [("stand", chosen), ("suche", text)] if value}),
        "today": today,
    }
    partial = request.htmx and not request.htmx.history_restore_request
    return render(request, "assessments/monitor.html#results" if partial else "assessments/monitor.html", context)


def readable(user, found, page):
    """The ids of the participations on this page that HR may open: none, unless the round shows levels."""
    if not found.shows_levels_to_hr:
        return set()
    shown = [participation.pk for participation in page]
    return set(Participation.objects.visible_to(user).filter(pk__in=shown).values_list("pk", flat=True))


def listed(found, chosen, text, today):
    rows = Participation.objects.filter(round=found).order_by("sort_key", "pk")
    if chosen in monitoring.FILTERS:
        rows = rows.filter(monitoring.FILTERS[chosen][1])
    elif chosen == "ueberfaellig":
        rows = rows.filter(monitoring.overdue(found, today)) if found.is_open else rows.none()
    for word in fold(text).split():
        rows = rows.filter(sort_key__contains=word)
    return rows


@require_http_methods(["GET", "POST"])
def open_(request, pk):
    """Opening freezes and cannot be undone; the page before says so."""
    draft = get_object_or_404(Round.objects.run_by(request.user).not_closed(), pk=pk)
    if request.method == "GET" and draft.is_draft:
        context = {"round": draft, "addressed": opening.addressed(draft)}
        return render(request, "assessments/round_open.html", context)
    try:
        opened = opening.open_round(round_=draft, by=request.user)
    except opening.NobodyAddressed:
        messages.error(request, "Diese Runde spricht noch niemanden mit Rolle und Führungskraft an.")
        return redirect(draft)
    messages.success(request, "Die Runde läuft. Alle Beteiligten sehen sie ab jetzt unter „Meine Aufgaben“.")
    return redirect(opened)


@require_http_methods(["GET", "POST"])
def close(request, pk):
    """Closing ends every open assessment; the page before says how many that are."""
    running = get_object_or_404(Round.objects.run_by(request.user).open(), pk=pk)
    if request.method == "POST":
        opening.close_round(round_=running)
        messages.success(request, "Die Runde ist beendet. Alles bisher Gespeicherte bleibt erhalten.")
        return redirect(running)
    context = {"round": running, "standing": monitoring.standing(running, timezone.localdate())}
    return render(request, "assessments/round_close.html", context)


@require_http_methods(["GET", "POST"])
@transaction.atomic
def delete(request, pk):
    """Only a round nobody has seen yet can be thrown away; locked, for somebody may be opening it."""
    draft = get_object_or_404(Round.objects.drafts_of(request.user).select_for_update(), pk=pk)
    if request.method == "GET":
        return render(request, "assessments/round_delete.html", {"round": draft})
    draft.delete()
    messages.success(request, "Die vorbereitete Runde ist gelöscht.")
    return redirect("assessments:rounds")
