"""The person's own statement beside the Fremdeinschätzung about them."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from assessments.models import Assessment, Statement
from assessments.talk.forms import OwnStatementForm
from kompetenz.forms.stamp import held, holds, was_read

ANOTHER = "Nicht gespeichert: Die Fremdeinschätzung ist inzwischen neu freigegeben. Bitte lesen Sie sie noch einmal."


@require_http_methods(["GET", "POST"])
@holds
def statement(request, pk):
    """Write it, change it, or take it back by leaving it empty."""
    theirs = Assessment.objects.to_state_on(request.user).of(pk).select_related("participation__round", "statement")
    assessment = get_object_or_404(held(request, theirs))
    stored = getattr(assessment, "statement", None) or Statement(assessment=assessment)
    form = OwnStatementForm(request.POST if request.method == "POST" else None, instance=stored)
    if form.is_valid() and not was_read(request, assessment.release_stamp, "released"):
        form.add_error(None, ANOTHER)
    if form.is_valid() and not form.is_outdated():
        stored.as_read = assessment.release_stamp
        form.save()
        messages.success(
            request, "Ihre Stellungnahme ist gespeichert." if stored.text else "Die Stellungnahme ist entfernt."
        )
        return redirect(assessment.participation)
    context = {"participation": assessment.participation, "round": assessment.participation.round, "form": form}
    context["released"] = assessment.release_stamp
    return render(request, "assessments/statement.html", context)
