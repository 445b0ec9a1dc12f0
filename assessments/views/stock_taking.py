"""The Bestandsaufnahme beside the Selbsteinschätzung: the person's sheet, and what their manager reads of it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from assessments.models import Participation
from assessments.stock_taking import (
    NotChangeable,
    StaysShared,
    answers_in,
    may_stop_sharing,
    readable,
    save_stock_taking,
)
from assessments.stock_taking_form import StockTakingForm

SHARES = {"ja": True, "nein": False}  # what the buttons send; saving alone sends none
ENDED = "Nicht gespeichert: Die Runde ist inzwischen beendet."
STAYS = "Nicht gespeichert: Das Ergebnis des Gesprächs ist festgehalten, deshalb bleibt die Bestandsaufnahme geteilt."
SAVED = {
    True: "Gespeichert und mit Ihrer Führungskraft geteilt.",
    False: "Gespeichert. Ihre Führungskraft sieht die Bestandsaufnahme nicht mehr.",
    None: "Ihre Bestandsaufnahme ist gespeichert.",
}


@require_http_methods(["GET", "POST"])
def stock_taking(request, pk):
    """The person's form while the round is open; afterwards, and for the manager if shared, what was written."""
    shared = Participation.objects.shared_with(request.user).select_related("round", "person")
    participation = get_object_or_404(shared, pk=pk)
    found = readable(participation, request.user)
    is_person = participation.person_id == request.user.pk
    if not is_person and (found is None or request.method == "POST"):
        raise Http404
    if request.method == "POST":
        return save(request, participation, found)
    form = StockTakingForm(instance=found) if is_person and participation.round.is_open else None
    return page(request, participation, found, form)


def save(request, participation, found):
    """Save what was typed; where that is refused, it stays on the page."""
    form, shares = StockTakingForm(request.POST, instance=found), SHARES.get(request.POST.get("teilen"))
    if not form.is_valid():
        return page(request, participation, readable(participation, request.user), form)
    try:
        save_stock_taking(participation=participation, answers=form.cleaned_data, shares=shares)
    except (NotChangeable, StaysShared) as problem:
        form.add_error(None, STAYS if isinstance(problem, StaysShared) else ENDED)
        return page(request, participation, readable(participation, request.user), form, status=409)
    messages.success(request, SAVED[shares])
    return redirect("assessments:stock_taking", participation.pk)


def page(request, participation, found, form, *, status=200):
    context = {
        "participation": participation,
        "round": participation.round,
        "is_person": participation.person_id == request.user.pk,
        "form": form,
        **in_words(found),
        "may_stop_sharing": may_stop_sharing(participation),
    }
    return render(request, "assessments/stock_taking.html", context, status=status)


def read_by(participation, user):
    """What a page about this participation shows ``user`` of the Bestandsaufnahme, as a context; one query."""
    return in_words(readable(participation, user))


def in_words(found):
    return {"stock_taking": found, "stock_answers": answers_in(found) if found else []}
