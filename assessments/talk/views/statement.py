"""The person's own statement beside the Fremdeinschätzung about them."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from assessments.models import Assessment, Statement
from assessments.talk.forms import OwnStatementForm
from kompetenz.forms.stamp import held, holds, was_read

ANOTHER = "Nicht gespeichert: Die Fremdeinschätzung ist inzwischen neu freigegeben. Bitte lesen Sie sie noch einmal."

UNREAD = "Die Fremdeinschätzung ist inzwischen neu freigegeben. Bitte lesen Sie sie zuerst noch einmal."


@require_http_methods(["GET", "POST"])
@holds
def statement(request, pk):
    """Write it, change it, or take it back by leaving it empty."""
    theirs = Assessment.objects.to_state_on(request.user).of(pk).select_related("participation__round")
    assessment = get_object_or_404(held(request, theirs))
    released, participation = assessment.release_stamp, assessment.participation
    if request.method == "GET" and request.GET.get("zu", released) != released:
        messages.warning(request, UNREAD)
        return redirect(participation)
    # Read now that the other is held: joined to a row that one has to wait for, it would be as it was before.
    stored = getattr(assessment, "statement", None) or Statement(assessment=assessment)
    form = OwnStatementForm(request.POST if request.method == "POST" else None, instance=stored)
    if form.is_valid() and not was_read(request, released, "released"):
        form.add_error(None, ANOTHER)
    if form.is_valid() and not form.is_outdated():
        return saved(request, form, assessment)
    context = {"participation": participation, "round": participation.round, "form": form, "released": released}
    return render(request, "assessments/statement.html", context)


def saved(request, form, assessment):
    """The words as they are now, with their day and what they are about; what is the same keeps its day."""
    stated = form.instance
    if form.has_changed() or stated.is_of_another:
        stated.as_read = assessment.release_stamp
        form.save()
    messages.success(
        request, "Ihre Stellungnahme ist gespeichert." if stated.text else "Die Stellungnahme ist entfernt."
    )
    return redirect(assessment.participation)
