"""The Lernplan on paper, one at a time or for a whole round; beside it a summary for the person, and for HR what is needed."""

from functools import partial

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from assessments.pdf import letterhead, named
from kompetenz.documents import printed, render_pdf
from kompetenz.wheel import Style, svg
from learningplans.contents.plan import Totals, contents_for
from learningplans.contents.review import result_of
from learningplans.path.learning_path import learning_path

from .models import LearningPlan, Measure
from .timeline import svg_parts

# The papers; all raise PdfUnavailable -------------------------------------------------------------------


def plan_pdf(plan, user):
    """The plan as a PDF with what ``user``, who may open it, may see of it."""
    contents = contents_for(plan, user)
    path = learning_path(plan, contents)
    context = {
        "title": "Lernplan",
        "contents": contents,
        "drawing": svg(contents.wheel) if contents.wheel else "",
        "path": path,
        "svg_parts": svg_parts(path.timeline) if contents.measures else [],
    }
    return render_pdf("documents/learning_plan.html", of_plan(plan) | context)


def record_pdf(review):
    """The record of a review that was held, as both sides may read it."""
    result = result_of(review)
    context = {
        "title": "Protokoll des Abschlussgesprächs" if review.is_final else "Protokoll des Review-Gesprächs",
        "review": review,
        "result": result,
        "scale": result.wheel.scale,
        "drawing": svg(result.wheel),
    }
    return render_pdf("documents/review_record.html", letterhead(review.plan.participation) | context)


def summary_pdf(plan, user):
    """Two pages for the person in plain words; ``user`` shares the plan."""
    contents = contents_for(plan, user)
    context = {
        "title": "Zusammenfassung",
        "contents": contents,
        "measures": [entry.measure for entry in contents.measures if entry.measure.state != Measure.State.DROPPED],
        "above": above_target(contents.wheel),
        "drawing": svg(contents.wheel),
        "responsible": plan.participation.round.responsible,
        "contact": settings.CONTACT_EMAIL,
    }
    return render_pdf("documents/plan_summary.html", of_plan(plan) | context)


def above_target(wheel):
    """The names of the competencies whose agreed Ist is above their Soll, in the wheel's order."""
    actual, target = wheel.in_style(Style.FILL).levels, wheel.in_style(Style.OUTLINE).levels
    return [
        sector.name
        for sector, ist, soll in zip(wheel.sectors, actual, target, strict=True)
        if ist is not None and soll is not None and ist > soll
    ]


def needs_pdf(plan):
    """The measures alone, without goals and levels, as HR plans and pays for them."""
    measures = plan.measures.kept().select_related("format")
    context = {"title": "Qualifizierungsbedarf", "measures": measures, "totals": Totals.of(measures)}
    return render_pdf("documents/training_needs.html", of_plan(plan) | context)


def of_plan(plan):
    """What stands on every paper of a plan."""
    return letterhead(plan.participation) | {"plan": plan}


# Handed out ------------------------------------------------------------------------------------------------


@require_GET
def plan(request, pk):
    """The plan with what this reader may see of it."""
    found = get_object_or_404(LearningPlan.objects.visible_to(request.user).with_participation(), pk=pk)
    return paper(request, found, "Lernplan", partial(plan_pdf, found, request.user))


@require_GET
def summary(request, pk):
    """Two pages for the person; only for the two who share the plan."""
    found = get_object_or_404(LearningPlan.objects.shared_with(request.user).with_participation(), pk=pk)
    return paper(request, found, "Zusammenfassung", partial(summary_pdf, found, request.user))


@require_GET
def needs(request, pk):
    """The measures alone, the same for everybody who may open the plan; HR gets it once agreed."""
    found = get_object_or_404(LearningPlan.objects.visible_to(request.user).with_participation(), pk=pk)
    return paper(request, found, "Qualifizierungsbedarf", partial(needs_pdf, found))


def paper(request, plan, title, make):
    return printed(request, make, title, *named(plan.participation), back=plan)
