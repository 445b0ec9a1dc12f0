"""The auditor's pages about rounds: what is set in each, from the first day of its preparation, and who has changed what of it and when."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from assessments.models import Round, RoundChange
from assessments.rounds.recording import settings_of
from kompetenz.lists import page_of
from kompetenz.privacy.audit import records
from kompetenz.privacy.audit.readers import for_auditors


@require_GET
@for_auditors
def rounds(request):
    """All of them, with how often and when something of them was changed last."""
    page = page_of(request, Round.objects.audited_by(request.user))
    changes = records.changes_of(list(page))
    rows = [(one, changes.get(one.pk, {"number": 0})) for one in page]
    return render(request, "audit/rounds.html", {"page": page, "rows": rows})


@require_GET
@for_auditors
def round_(request, pk):
    """One of them: its settings as they are, and every change, the last first."""
    found = get_object_or_404(Round.objects.audited_by(request.user), pk=pk)
    page = page_of(request, RoundChange.objects.of_round(found))
    return render(request, "audit/round.html", {"round": found, "settings": settings_of(found), "page": page})
