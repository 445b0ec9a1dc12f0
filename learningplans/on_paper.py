"""The Lernplan on paper, one at a time or for a whole round."""

from django.conf import settings
from django.utils import timezone

from kompetenz.documents import render_pdf
from kompetenz.wheel import Role, svg

from .contents import Totals, contents_for
from .learning_path import learning_path
from .models import Measure
from .reviewing import result_of
from .timeline import svg_parts


def plan_pdf(plan, user):
    """The plan as a PDF with what ``user``, who may open it, may see of it; raises PdfUnavailable."""
    contents = contents_for(plan, user)
    path = learning_path(plan, contents)
    context = {
        "title": "Lernplan",
        "subtitle": plan.participation.round.title,
        "stand": timezone.localdate(),
        "plan": plan,
        "participation": plan.participation,
        "contents": contents,
        "drawing": svg(contents.wheel) if contents.wheel else "",
        "path": path,
        "svg_parts": svg_parts(path.timeline) if contents.measures else [],
    }
    return render_pdf("documents/learning_plan.html", context)


def record_pdf(review):
    """The record of a review that was held, as both sides may read it; raises PdfUnavailable."""
    result = result_of(review)
    context = {
        "title": "Protokoll des Abschlussgesprächs" if review.is_final else "Protokoll des Review-Gesprächs",
        "subtitle": review.plan.participation.round.title,
        "stand": timezone.localdate(),
        "review": review,
        "participation": review.plan.participation,
        "result": result,
        "drawing": svg(result.wheel),
    }
    return render_pdf("documents/review_record.html", context)


def summary_pdf(plan, user):
    """Two pages for the person in plain words; ``user`` shares the plan. Raises PdfUnavailable."""
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
    return render_pdf("documents/plan_summary.html", framed(plan) | context)


def above_target(wheel):
    """The names of the competencies whose agreed Ist is above their Soll, in the wheel's order."""
    actual, target = wheel.of_role(Role.FILL).levels, wheel.of_role(Role.OUTLINE).levels
    return [
        sector.name
        for sector, ist, soll in zip(wheel.sectors, actual, target, strict=True)
        if ist is not None and soll is not None and ist > soll
    ]


def needs_pdf(plan):
    """The measures alone, without goals and levels, as HR plans and pays for them; raises PdfUnavailable."""
    measures = plan.measures.exclude(state=Measure.State.DROPPED).select_related("format")
    context = {"title": "Qualifizierungsbedarf", "measures": measures, "totals": Totals.of(measures)}
    return render_pdf("documents/training_needs.html", framed(plan) | context)


def framed(plan):
    """What stands on every paper of a plan."""
    return {
        "subtitle": plan.participation.round.title,
        "stand": timezone.localdate(),
        "plan": plan,
        "participation": plan.participation,
    }
