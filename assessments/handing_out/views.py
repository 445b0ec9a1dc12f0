"""HR has the empty forms of many printed."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments.rounds.monitoring import Narrowing
from assessments.rounds.opening import ENDED
from assessments.rounds.views.monitoring import opened
from assessments.rounds.workbook import narrowing_in_words
from kompetenz.jobs.batches import answer, begin
from kompetenz.people.access import for_hr

from .piles import FORMS, MOST, NOBODY, on_paper, parts_of, piles_of


@require_http_methods(["GET", "POST"])
@for_hr
def forms(request, pk):
    """What would be printed for the list as the monitor shows it; asked for, it is made in the background."""
    found = opened(request, pk)
    narrowing = Narrowing.of(request.GET)
    piles = piles_of(on_paper(found, narrowing, timezone.localdate())) if found.is_open else []
    if not piles:
        messages.info(request, NOBODY if found.is_open else ENDED)
        return redirect(found)
    parts = parts_of(piles)
    if request.method == "POST":
        about = {"subject": f"{found.pk} for {request.user.pk}", "title": f"Bögen zum Ausdrucken: {found}"}
        return answer(request, begin(FORMS, items=parts, by=request.user, round=found.pk, **about))
    context = {
        "round": found,
        "narrowing": narrowing,
        "chosen": narrowing_in_words(narrowing),
        "number": sum(len(ids) for _, ids in piles),
        "piles": [(names[-1], len(ids)) for names, ids in piles],
        "files": len(parts),
        "most": MOST,
    }
    return render(request, "assessments/round_forms.html", context)
