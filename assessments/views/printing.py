"""What of a participation is printed: the comparison, and the empty form for people without a computer."""

from functools import partial

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET

from assessments.models import Participation
from assessments.on_paper import comparison_pdf, empty_form_pdf
from kompetenz.documents import PdfUnavailable, pdf_response
from kompetenz.people.access import for_hr

from .comparing import visible


@require_GET
def comparison(request, pk):
    """The comparison as a tagged A4 PDF; the same rows that the page shows this reader."""
    found = visible(request, pk)
    return printed(request, partial(comparison_pdf, found, request.user), "Kompetenzvergleich.pdf", back=found)


@require_GET
def own_form(request, pk):
    """The empty form of whichever side asks; a manager also gets the person's, to hand it to them."""
    rows = Participation.objects.shared_with(request.user).select_related("round", "person")
    found = get_object_or_404(rows, pk=pk)
    is_self = found.person_id == request.user.pk or request.GET.get("bogen") == "selbst"
    return empty_form(request, found, is_self=is_self, back=found)


@require_GET
@for_hr
def handed_out_form(request, pk, participation):
    """The empty Selbsteinschätzung that HR hands to somebody without a workplace computer."""
    rows = Participation.objects.watched_by(request.user).filter(round=pk).select_related("round", "person")
    found = get_object_or_404(rows, pk=participation)
    return empty_form(request, found, is_self=True, back=found.round)


def empty_form(request, found, *, is_self, back):
    return printed(
        request, partial(empty_form_pdf, found, request.user, is_self=is_self), "Einschaetzungsbogen.pdf", back=back
    )


def printed(request, make, filename, *, back):
    """The document that ``make`` makes, or where no PDF can be made a message on the page it was asked from."""
    try:
        return pdf_response(make(), filename)
    except PdfUnavailable as problem:
        messages.error(request, str(problem))
        return redirect(back)
