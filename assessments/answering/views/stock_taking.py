"""The Bestandsaufnahme beside the Selbsteinschätzung: the person's sheet, and what their manager reads of it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from assessments.answering.stock_taking import (
    answers_in,
    last_before,
    may_stop_sharing,
    readable,
    save_stock_taking,
)
from assessments.answering.stock_taking_form import StockTakingForm
from assessments.models import Participation, StockTaking
from assessments.models.accesses import What, read
from kompetenz.forms.stamp import held, holds
from kompetenz.refusals import TooLate

SHARES = {"ja": True, "nein": False}  # what the buttons send; saving alone sends none
SAVED = {
    True: "Gespeichert und mit Ihrer Führungskraft geteilt.",
    False: "Gespeichert. Ihre Führungskraft sieht die Bestandsaufnahme nicht mehr.",
    None: "Ihre Bestandsaufnahme ist gespeichert.",
}


@require_http_methods(["GET", "POST"])
@holds
def stock_taking(request, pk):
    """The person's form while the round is open; afterwards, and for the manager if shared, what was written."""
    shared = Participation.objects.read_by(request.user).taking_part().select_related("round", "person")
    participation = get_object_or_404(held(request, shared), pk=pk)
    found = readable(participation, request.user)
    is_person = participation.person_id == request.user.pk
    if not is_person and (found is None or request.method == "POST"):
        raise Http404
    read(request, What.STOCK_TAKING, participation)
    if request.method == "POST":
        return save(request, participation, found)
    form = StockTakingForm(instance=found) if is_person and participation.round.is_open else None
    return page(request, participation, found, form)


def save(request, participation, found):
    """Save what was typed; where that is refused, it stays on the page."""
    form, shares = StockTakingForm(request.POST, instance=found), SHARES.get(request.POST.get("teilen"))
    if not form.is_valid() or form.is_outdated():
        return page(request, participation, readable(participation, request.user), form)
    try:
        save_stock_taking(participation=participation, answers=form.cleaned_data, shares=shares)
    except TooLate as problem:
        form.add_error(None, str(problem))
        return page(request, participation, readable(participation, request.user), form, status=409)
    messages.success(request, SAVED[shares])
    return redirect("assessments:stock_taking", participation.pk)


def page(request, participation, found, form, *, status=200):
    last = last_before(participation, request.user)
    earlier = [text for _, text in answers_in(last)] if last else [""] * len(StockTaking.QUESTIONS)
    context = {
        "participation": participation,
        "round": participation.round,
        "is_person": participation.person_id == request.user.pk,
        "form": form,
        "last": last,
        "last_answers": answers_in(last) if last else [],
        "questions": list(zip([form[name] for name in StockTaking.QUESTIONS], earlier, strict=True)) if form else [],
        **context_of(found),
        "may_stop_sharing": may_stop_sharing(participation),
    }
    return render(request, "assessments/stock_taking.html", context, status=status)


def read_by(participation, user):
    """What a page about this participation shows ``user`` of the Bestandsaufnahme, as a context; one query."""
    return context_of(readable(participation, user))


def context_of(found):
    return {"stock_taking": found, "stock_answers": answers_in(found) if found else []}
