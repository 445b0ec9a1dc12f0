"""HR's rounds: all of them, and what changes in one that runs. See preparing.py for what comes before."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from assessments.models import Round
from assessments.rounds import closing, opening
from assessments.rounds.deadlines import FIELDS, move_deadlines, tell_in_calendars
from assessments.rounds.forms.preparing import DeadlinesForm
from assessments.rounds.progress import counted, progress_of
from assessments.rounds.recording import recorded
from kompetenz.jobs.batches import answer
from kompetenz.jobs.models import Job
from kompetenz.lists import id_in, page_of
from kompetenz.people.access import for_hr
from kompetenz.prepared import prepared

from .monitoring import monitor
from .running import in_a_running_round


def own_round(request, pk):
    return run_by.get_or_404(request.user, pk)


@prepared
def run_by(user, pk):
    return Round.objects.run_by(user).filter(pk=pk).select_related("responsible")


@require_GET
@for_hr
def rounds(request):
    """All rounds with their deadlines, the latest first; for HR alone."""
    page = page_of(request, Round.objects.run_by(request.user).order_by("-self_due", "-pk"))
    page.object_list = counted(page.object_list)
    for row in page:
        row.job = Job.objects.unfinished().of(opening.OPENING, row.pk).light().first() if row.is_opening else None
    return render(request, "assessments/rounds.html", {"page": page})


@require_http_methods(["GET", "POST"])
@transaction.atomic
def deadlines(request, pk):
    """Deadlines, and what calendars tell, are all that changes in an open round; locked, for somebody may be closing it."""
    running = get_object_or_404(Round.objects.run_by(request.user).open().select_for_update(), pk=pk)
    before = {field: getattr(running, field) for field in FIELDS}
    form = DeadlinesForm(request.POST or None, instance=running)
    if request.method == "POST" and form.is_valid() and not form.is_outdated():
        with recorded(running, by=request.user):
            move_deadlines(round_=running, before=before)
            if "calendar_tells" in form.changed_data:
                tell_in_calendars(round_=running)
        messages.success(request, "Gespeichert. Für einzelne verlängerte Fristen bleiben bestehen.")
        return redirect(running)
    return render(request, "assessments/round_form.html", {"form": form, "round": running})


@require_GET
def detail(request, pk):
    """A draft is prepared further; an opened round shows who stands where, one that is being opened how far that is."""
    found = own_round(request, pk)
    if found.is_opening:
        return redirect(get_object_or_404(Job.objects.of(opening.OPENING, found.pk).unfinished()))
    return redirect("assessments:round_preview", pk) if found.is_draft else monitor(request, found)


@in_a_running_round
def close(request, running):
    """Closing ends every open assessment; the page before says how many that are."""
    not_agreed = False
    if request.method == "POST":
        agreed = closing.Loss(*(id_in(request.POST.get(name, "")) or 0 for name in ("entries", "drafts")))
        try:
            job = closing.begin_closing(round_=running, by=request.user, agreed_loss=agreed)
            return answer(request, job) if job else redirect(running)
        except closing.LossNotAgreed:
            not_agreed = True
    standing = progress_of(running, timezone.localdate())
    loss = closing.loss_of(running, standing.entered)
    context = {"round": running, "standing": standing, "loss": loss, "not_agreed": not_agreed}
    return render(request, "assessments/round_close.html", context)
