"""The measures of a round as a workbook, with a confirmation for each person."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET

from assessments.models import Round
from kompetenz.documents import file_name, spreadsheet_response
from kompetenz.people.access import for_hr
from learningplans.spreadsheets import NoMeasures, measures_and_confirmations


@require_GET
@for_hr
def workbook(request, pk):
    """What was agreed and what of it was carried out; without anything agreed a message on the round's page."""
    round_, today = get_object_or_404(Round.objects.run_by(request.user), pk=pk), timezone.localdate()
    try:
        content = measures_and_confirmations(round_, today)
    except NoMeasures:
        messages.info(request, "In dieser Runde ist noch kein Lernplan mit Maßnahmen vereinbart.")
        return redirect(round_)
    name = file_name("Maßnahmen und Bestätigungen", round_.title, f"{today}", suffix=".xlsx")
    return spreadsheet_response(content, name)
