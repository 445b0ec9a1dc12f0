"""What is handed out beside the Lernplan itself: a summary for the person, and for HR what is needed."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET

from kompetenz.documents import PdfUnavailable, file_name, pdf_response
from learningplans.models import LearningPlan
from learningplans.on_paper import needs_pdf, summary_pdf


@require_GET
def summary(request, pk):
    """Two pages for the person; only for the two who share the plan."""
    plan = get_object_or_404(LearningPlan.objects.shared_with(request.user).with_participation(), pk=pk)
    return paper(request, plan, "Zusammenfassung", lambda: summary_pdf(plan, request.user))


@require_GET
def needs(request, pk):
    """The measures alone, the same for everybody who may open the plan; HR gets it once agreed."""
    plan = get_object_or_404(LearningPlan.objects.visible_to(request.user).with_participation(), pk=pk)
    return paper(request, plan, "Qualifizierungsbedarf", lambda: needs_pdf(plan))


def paper(request, plan, title, make):
    """The PDF that ``make`` makes, named after the person and the round; on a machine without PDFs back to the plan."""
    name = file_name(title, plan.participation.person.last_name, plan.participation.round.title)
    try:
        return pdf_response(make(), name)
    except PdfUnavailable as error:
        messages.error(request, str(error))
        return redirect(plan)
