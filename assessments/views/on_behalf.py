"""The paper path: typing in somebody's Selbsteinschätzung, and their confirming it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from assessments import answers, on_behalf
from assessments.forms import ANSWERS
from assessments.models import Assessment, Participation

from .answering import rows_of

NO_LEVEL = "Bitte wählen Sie die Stufe, die auf dem Bogen angekreuzt ist."


@require_http_methods(["GET", "POST"])
def enter(request, pk):
    """All competencies on one form, for whoever is handed the paper; where it cannot be typed in, why not."""
    handed = Participation.objects.of_papers_for(request.user).select_related("round", "person")
    found = get_object_or_404(handed, pk=pk)
    if request.method == "GET":
        return page(request, found, problem=on_behalf.obstacle(found, request.user))
    levels = levels_in(request.POST, found.round.catalogue)
    try:
        on_behalf.enter(participation=found, by=request.user, levels=levels)
    except answers.Incomplete as incomplete:
        return page(request, found, levels=levels, missing=incomplete.missing)
    except on_behalf.NotNow as problem:
        return page(request, found, levels=levels, problem=str(problem), status=409)
    messages.success(request, f"Die Selbsteinschätzung von {found.person_name} ist eingetragen und freigegeben.")
    return redirect(found if found.is_managed_by(request.user) else found.round)


def levels_in(post, catalogue):
    """The levels that were sent, by competency id; nobody says of themself that they cannot judge."""
    sent = {competency.id: ANSWERS.get(post.get(f"level-{competency.id}")) for competency in catalogue.competencies}
    return {pk: level for pk, level in sent.items() if level is not None}


def page(request, found, *, levels=None, missing=(), problem="", status=200):
    """The form with what was chosen; with a ``problem`` instead of the form that, and what was chosen in words."""
    categories = rows_of(found.round.catalogue, levels or {}, {})
    without = {str(competency.id) for competency in missing}
    for _, rows in categories:
        for row in rows:
            row["error"] = NO_LEVEL if row["id"] in without else ""
    context = {
        "participation": found,
        "round": found.round,
        "is_manager": found.is_managed_by(request.user),
        "categories": categories,
        "missing": missing,
        "problem": problem,
        "was_sent": levels is not None,
        "own_view_first": problem == on_behalf.OWN_VIEW_FIRST,
    }
    return render(request, "assessments/enter_from_paper.html", context, status=status)


@require_POST
def confirm(request, pk):
    """The person has compared what was typed in with their paper."""
    own = get_object_or_404(Assessment.objects.by_rater(request.user).filter(kind=Assessment.Kind.SELF), pk=pk)
    if on_behalf.confirm_entry(pk=own.pk, by=request.user):
        messages.success(request, "Danke. Sie haben bestätigt, dass alles so auf Ihrem Bogen steht.")
    else:
        messages.error(request, "Hier ist nichts zu bestätigen.")
    return redirect(own)
