"""Jobs: how far each has come, what came of it; stopped, going on, given up."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from kompetenz.lists import page_of

from . import batches, ending
from .models import Job

QUARTERS = 4  # how often the progress is announced


@require_GET
def jobs(request):
    """All that the user may see, the latest first."""
    rows = Job.objects.visible_to(request.user).light().select_related("asked_by")
    return render(request, "jobs/jobs.html", {"page": page_of(request, rows)})


@require_GET
def job(request, pk):
    """One job; while it goes on htmx asks for its progress, said aloud only when another quarter is done."""
    found = get_object_or_404(Job.objects.visible_to(request.user).light().select_related("asked_by"), pk=pk)
    kind = batches.kind_of(found.kind)
    if found.state == Job.State.DONE and kind.goes_on and not request.htmx.wants_part:
        return kind.goes_on(request, found)
    context = {
        "job": found,
        "is_silent": ending.is_silent(found),
        "quarter": found.done * QUARTERS // max(found.total, 1),
        "goes_on": kind.goes_on,
        "has_file": bool(found.file_name) and found.asked_by_id == request.user.pk,
        "kept_until": found.finished_at and timezone.localdate(found.finished_at + ending.KEPT),
    }
    if not request.htmx.wants_part:
        return render(request, "jobs/job.html", {**context, "leads_to": kind.leads_to(found)})
    if not found.is_going:
        return HttpResponseClientRefresh()
    context["said"] = str(context["quarter"]) != request.GET.get("gesagt")
    return render(request, "jobs/job.html#progress", context)


@require_GET
def download(request, pk):
    """The file, for whoever asked for it, as long as they may have it."""
    found = get_object_or_404(Job.objects.with_file_for(request.user), pk=pk)
    may_have = batches.kind_of(found.kind).may_have
    if may_have and not may_have(found, request.user):
        raise Http404
    return batches.file_response(found)


def own(request, pk):
    return get_object_or_404(Job.objects.visible_to(request.user).light(), pk=pk)


@require_POST
def stop(request, pk):
    found = own(request, pk)
    ending.stop(found)
    return redirect(found)


@require_POST
def go_on(request, pk):
    found = own(request, pk)
    ending.go_on(found, by=request.user)
    return redirect(found)


@require_POST
def give_up(request, pk):
    found = own(request, pk)
    ending.give_up(found)
    return redirect(found)
