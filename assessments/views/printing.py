"""What of a participation is printed: the comparison, and the empty form for people without a computer."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET

from assessments.comparison import Comparison
from assessments.models import Participation
from kompetenz import wheel as wheels
from kompetenz.documents import PdfUnavailable, pdf_response, render_pdf
from kompetenz.people.access import for_hr

from .comparing import visible


@require_GET
def comparison(request, pk):
    """The comparison as a tagged A4 PDF; the same rows that the page shows this reader."""
    found = visible(request, pk)
    seen = Comparison(found, request.user)
    rows = seen.rows()
    context = {
        "title": "Kompetenzvergleich",
        "comparison": seen,
        "rows": rows,
        "reasons": [row for row in rows if row.reason],
        "wheel_svg": wheels.svg(seen.wheel()),
        "acknowledgements": seen.talk.acknowledgements.order_by("-side") if seen.talk and seen.shows_words else [],
    }
    return printed(request, found, "documents/comparison.html", context, "Kompetenzvergleich.pdf", back=found)


@require_GET
def own_form(request, pk):
    """The empty form of whichever side asks: the person's or their manager's."""
    found = get_object_or_404(Participation.objects.shared_with(request.user).select_related("round"), pk=pk)
    return empty_form(request, found, is_self=found.person_id == request.user.pk, back=found)


@require_GET
@for_hr
def handed_out_form(request, pk, participation):
    """The empty Selbsteinschätzung that HR hands to somebody without a workplace computer."""
    rows = Participation.objects.watched_by(request.user).filter(round=pk).select_related("round")
    found = get_object_or_404(rows, pk=participation)
    return empty_form(request, found, is_self=True, back=found.round)


def empty_form(request, found, *, is_self, back):
    context = {
        "title": "Selbsteinschätzung" if is_self else "Fremdeinschätzung",
        "categories": found.round.catalogue.categories,
        "is_self": is_self,
    }
    return printed(request, found, "documents/empty_form.html", context, "Einschaetzungsbogen.pdf", back=back)


def printed(request, found, template, context, filename, *, back):
    """The document, or where no PDF can be made a message on the page it was asked from."""
    frame = {"participation": found, "round": found.round, "subtitle": found.round.title, "stand": timezone.localdate()}
    try:
        return pdf_response(render_pdf(template, {**frame, **context}), filename)
    except PdfUnavailable as problem:
        messages.error(request, str(problem))
        return redirect(back)
