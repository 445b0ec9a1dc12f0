"""The measures of a round, or of a year, with a confirmation for each person."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments.models import Round
from kompetenz.jobs.batches import handed_out
from kompetenz.lists import id_in
from kompetenz.people.access import for_hr
from kompetenz.refusals import Refused
from learningplans.round_documents.workbook import WORKBOOK, measures_of
from learningplans.round_documents.year import KINDS, bookings_of
from learningplans.training.narrowing import YEARS


@require_http_methods(["GET", "POST"])
@for_hr
def workbook(request, pk):
    """What was agreed and what of it was carried out; without anything agreed a message on the round's page."""
    round_ = get_object_or_404(Round.objects.run_by(request.user), pk=pk)
    try:
        return handed_out(
            request,
            WORKBOOK,
            subject=f"{round_.pk} for {request.user.pk}",
            title=f"Maßnahmen und Bestätigungen: {round_}",
            items=list(measures_of(round_).values_list("pk", flat=True)),
            round=round_.pk,
        )
    except Refused as problem:
        messages.info(request, str(problem))
        return redirect(round_)


@require_http_methods(["GET", "POST"])
@for_hr
def of_a_year(request, kind):
    """The measures of a year by personnel number, as a workbook with confirmations or as text for other systems."""
    number = id_in(request.GET.get("jahr", ""))
    year = number if number in YEARS else timezone.localdate().year
    return handed_out(
        request,
        KINDS[kind],
        subject=f"{year} for {request.user.pk}",
        title=f"Maßnahmen und Bestätigungen {year}",
        items=list(bookings_of(year, request.user).values_list("pk", flat=True)),
        year=year,
    )
