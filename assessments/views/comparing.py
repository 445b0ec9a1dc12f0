"""One participation: where it stands, and Soll, Selbst, Fremd and vereinbart side by side."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from assessments.comparison import Comparison
from assessments.earlier_notes import earlier_notes
from assessments.expectations import adjust_target
from assessments.forms import TargetForm
from assessments.models import Assessment, Participation, Progress
from assessments.next_steps import next_steps
from assessments.on_behalf import is_for_paper
from assessments.stock_taking import readable
from kompetenz import wheel as wheels
from kompetenz.catalogue.models import Level

from .changing import since_start


def visible(request, pk):
    rows = Participation.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("round", "talk", "person"), pk=pk)


@require_GET
def participation(request, pk):
    """State and next step; the comparison as far as this reader may see it."""
    found = visible(request, pk)
    comparison = Comparison(found, request.user)
    context = {
        "participation": found,
        "round": found.round,
        "comparison": comparison,
        "rows": comparison.rows(),
        "to_discuss": comparison.rows_to_discuss(),
        "wheel_json": wheels.figure_json(comparison.wheel()),
        "own_assessment": found.assessments.by_rater(request.user).filter(kind__in=Assessment.SIDES).first(),
        "is_manager": found.is_managed_by(request.user),
        "is_person": found.person_id == request.user.pk,
        "may_adjust": may_adjust(found, request.user),
        "may_enter": found.is_managed_by(request.user) and is_for_paper(found),
        "stock_taking": readable(found, request.user),
        "steps": next_steps(found, request.user),
        "earlier_notes": earlier_notes(found, request.user),
        "today": timezone.localdate(),
        **since_start(found, comparison),
    }
    return render(request, "assessments/participation.html", context)


def may_adjust(participation, user):
    """See also expectations.adjust_target, which asks again before it writes."""
    return (
        participation.round.is_open
        and participation.self_state != Progress.RELEASED
        and participation.is_managed_by(user)
    )


@require_GET
def wheel(request, pk):
    """The same wheel as a picture, for browsers without JavaScript."""
    comparison = Comparison(visible(request, pk), request.user)
    return HttpResponse(wheels.svg(comparison.wheel()), content_type="image/svg+xml")


@require_http_methods(["GET", "POST"])
def targets(request, pk):
    """The manager's expectations of this person's role, before the person releases (paper 4.3.1)."""
    managed = Participation.objects.managed_by(request.user).select_related("round", "person")
    found = get_object_or_404(managed, pk=pk)
    if not may_adjust(found, request.user):
        messages.error(request, "Das Soll steht fest: Die Selbsteinschätzung ist freigegeben oder die Runde beendet.")
        return redirect(found)
    form = TargetForm(found.round.catalogue, request.POST or None)
    if request.method == "POST" and form.is_valid() and adjust_target(participation=found, form=form):
        messages.success(request, "Das Soll ist angepasst. Die Person sieht beide Stufen nebeneinander.")
        return redirect("assessments:targets", pk)
    context = {
        "participation": found,
        "round": found.round,
        "rows": target_rows(found),
        "form": form,
        "levels": Level.choices,
    }
    return render(request, "assessments/targets.html", context)


def target_rows(participation):
    frozen = {target.competency_id: target for target in participation.targets.all()}
    return [
        (category, [(c, frozen[c.id]) for c in category.competencies if c.id in frozen])
        for category in participation.round.catalogue.categories
    ]
