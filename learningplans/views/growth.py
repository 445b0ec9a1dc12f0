"""Meine Entwicklung: what was agreed in every talk and review, side by side, for the person and who manages them."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from assessments.models import Participation
from kompetenz.documents import PdfUnavailable, file_name, pdf_response, spreadsheet_response
from kompetenz.wheel import svg
from learningplans.growth import growth_of, recorded, steps_of
from learningplans.growth_export import growth_pdf, growth_workbook
from learningplans.models import Review


@require_GET
def own(request):
    return page(request, request.user)


@require_GET
def about(request, person):
    """Only for who shares a participation of this person now; nobody else, HR included, sees a history."""
    shared = Participation.objects.shared_with(request.user).filter(person=person).select_related("person").first()
    if shared is None:
        raise Http404
    return page(request, shared.person)


def page(request, person):
    context = {
        "person": person,
        "is_own": person == request.user,
        "growth": growth_of(person, request.user),
        "today": timezone.localdate(),
    }
    return render(request, "learningplans/growth.html", context)


@require_GET
def talk_wheel(request, participation):
    """The wheel of one talk as a small picture."""
    found = get_object_or_404(recorded(request.user), pk=participation)
    return picture(steps_of([found]), None)


@require_GET
def review_wheel(request, review):
    """The wheel of one held review as a small picture."""
    of_review = Review.objects.filter(pk=review).values("plan__participation")
    return picture(steps_of(recorded(request.user).filter(pk__in=of_review)), review)


def picture(steps, review):
    """The step with this review, or without one, as a compact wheel."""
    for step in steps:
        if review == (step.review and step.review.pk):
            return HttpResponse(svg(step.wheel(), compact=True), content_type="image/svg+xml")
    raise Http404


@require_GET
def workbook(request):
    today = timezone.localdate()
    content = growth_workbook(request.user, growth_of(request.user, request.user), today)
    return spreadsheet_response(content, file_name("Meine Entwicklung", str(today), suffix=".xlsx"))


@require_GET
def pdf(request):
    today = timezone.localdate()
    try:
        content = growth_pdf(request.user, growth_of(request.user, request.user), today)
    except PdfUnavailable as error:
        messages.error(request, str(error))
        return redirect("learningplans:growth")
    return pdf_response(content, file_name("Meine Entwicklung", request.user.last_name, str(today)))
