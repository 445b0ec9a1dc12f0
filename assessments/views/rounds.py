"""HR's rounds: all of them, and what changes in one that runs. See preparing.py for what comes before."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from assessments import monitoring, opening
from assessments.deadlines import FIELDS, move_deadlines
from assessments.models import Round
from assessments.round_forms import DeadlinesForm
from kompetenz.people.access import for_hr

from .monitoring import monitor

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
@transaction.atomic
def deadlines(request, pk):
    """Deadlines are the only thing that changes in an open round; locked, for somebody may be closing it."""
    running = get_object_or_404(Round.objects.run_by(request.user).open().select_for_update(), pk=pk)
    before = {field: getattr(running, field) for field in FIELDS}
    form = DeadlinesForm(request.POST or None, instance=running)
    if request.method == "POST" and form.is_valid():
        move_deadlines(round_=running, before=before)
        messages.success(request, "Die Fristen sind geändert. Für einzelne verlängerte Fristen bleiben bestehen.")
        return redirect(running)
    return render(request, "assessments/round_form.html", {"form": form, "round": running})


@require_GET
def detail(request, pk):
    """A draft is prepared further; an opened round shows who stands where."""
    found = own_round(request, pk)
    return redirect("assessments:round_preview", pk) if found.is_draft else monitor(request, found)


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
