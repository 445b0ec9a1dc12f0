"""How much time and money may go into a draft."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from learningplans.drafting import holding
from learningplans.drafting.forms.frame import FrameForm

from .taking import changed, takes_draft


@require_http_methods(["GET", "POST"])
@takes_draft
def frame(request, plan):
    """The two numbers, taken over from the Bestandsaufnahme if the person has shared it."""
    form = FrameForm(request.POST or None, instance=plan)
    if form.is_valid() and not form.is_outdated():
        if not form.has_changed():
            return redirect(plan)
        with holding.changing(plan):
            form.instance.save(update_fields=form.fields)
        return changed(request, plan, "Zeit und Budget sind gespeichert.")
    return render(request, "learningplans/frame.html", {"plan": plan, "form": form})
