"""All documents of a round as one ZIP: asked for, watched while they are made, downloaded."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from assessments.models import Round
from kompetenz.documents import file_name, zip_response
from kompetenz.people.access import for_hr
from kompetenz.privacy.access_log import accesses
from kompetenz.privacy.access_log.models import Access
from kompetenz.refusals import Refused
from learningplans.models import Bundle
from learningplans.round_documents import bundling

QUARTERS = 4  # how often the progress is announced
PROBLEMS_SHOWN = 50  # the ZIP lists them all


@require_http_methods(["GET", "POST"])
@for_hr
def bundle(request, pk):
    """Ask for the documents, see how far they have come, and what came of them."""
    round_ = get_object_or_404(Round.objects.run_by(request.user), pk=pk)
    if request.method == "GET":
        return progress(request, round_) if request.htmx else page(request, round_)
    try:
        bundling.begin_bundle(round_=round_, by=request.user)
    except Refused as problem:
        messages.info(request, str(problem))
    return redirect("learningplans:round_documents", pk)


def page(request, round_):
    context = state_of(request.user, round_)
    if not context["making"]:
        context["how_many"] = bundling.how_many(round_)
        context["is_empty"] = not context["ready"] and not context["how_many"]
    return render(request, "learningplans/bundle.html", {"round": round_, **context})


def progress(request, round_):
    """What the page asks for every other second; said aloud only when another quarter is done."""
    making = Bundle.objects.visible_to(request.user).of(round_).being_made().first()
    if making is None:
        return HttpResponseClientRefresh()
    context = standing_of(making)
    context["said"] = str(context["quarter"]) != request.GET.get("gesagt")
    return render(request, "learningplans/bundle.html#progress", context)


def state_of(user, round_):
    """The bundle being made and the one that lies ready, each as far as there is one, with their standing."""
    bundles = Bundle.objects.visible_to(user).of(round_)
    making, ready = bundles.being_made().first(), bundles.finished().first()
    context = {"making": making, "ready": ready}
    if making:
        context.update(standing_of(making))
    if ready:
        context["outcome"] = bundling.progress_of(ready)
        context["problems"] = bundling.problems(ready)[:PROBLEMS_SHOWN]
        context["kept_until"] = timezone.localdate(ready.requested_at + bundling.KEPT)
    return context


def standing_of(making):
    """How far it has come."""
    standing = bundling.progress_of(making)
    return {"standing": standing, "quarter": standing.done * QUARTERS // max(standing.total, 1)}


@require_POST
@for_hr
def discard(request, pk, bundle):
    """Away with what is being made, or with what lies ready."""
    round_ = get_object_or_404(Round.objects.run_by(request.user), pk=pk)
    get_object_or_404(Bundle.objects.visible_to(request.user).of(round_), pk=bundle).delete()
    messages.success(request, "Die Zusammenstellung ist gelöscht. Die Lernpläne selbst bleiben.")
    return redirect("learningplans:round_documents", pk)


@require_GET
@for_hr
def download(request, pk):
    """The ZIP of the finished bundle, put together on its way."""
    round_ = get_object_or_404(Round.objects.run_by(request.user), pk=pk)
    ready = get_object_or_404(Bundle.objects.visible_to(request.user).of(round_).finished().select_related("round"))
    people = bundling.people_in(ready)
    accesses.shown_to_hr(request, Access.What.DOCUMENTS, people, how=Access.How.TAKEN, round_id=pk)
    name = file_name("Dokumente", round_.title, timezone.localdate(ready.requested_at), suffix=".zip")
    return zip_response(bundling.files(ready), name)
