"""How a view comes by the plan it changes, and what it says when it comes too late."""

from functools import wraps

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect

from learningplans import planning
from learningplans.models import LearningPlan

STANDS = {
    LearningPlan.State.DRAFT: "Ziele und Maßnahmen bearbeiten Sie darin unmittelbar.",
    LearningPlan.State.AGREED: "Bis zum ersten Review-Gespräch kann jede Seite ihn wieder als Entwurf bearbeiten; "
    "einzelne Ziele und Maßnahmen ändern Sie auf seiner Seite, mit einem Grund.",
    LearningPlan.State.COMPLETED: "Er ändert sich nicht mehr.",
}


def takes(plans_of):
    """Give a view the plan it changes, out of ``plans_of(user)``.

    Whoever shares the plan but comes too late (it has been agreed or completed meanwhile) is told
    so and shown the plan; for everybody else there is nothing here.
    """

    def decorate(view):
        @wraps(view)
        def wrapped(request, pk, **kwargs):
            plan = plans_of(request.user).with_participation().filter(pk=pk).first()
            try:
                if plan is not None:
                    return view(request, plan, **kwargs)
            except planning.OutOfState:
                pass
            plan = get_object_or_404(LearningPlan.objects.shared_with(request.user), pk=pk)
            messages.warning(request, too_late(request, plan))
            return redirect(plan)

        return wrapped

    return decorate


def too_late(request, plan):
    """Why ``plan`` is not changed: what was sent is lost, or the form is no longer to be had."""
    if request.method == "POST":
        if plan.is_draft:
            return "Nicht gespeichert: Die andere Seite hat das im Entwurf inzwischen geändert oder entfernt."
        return f"Nicht gespeichert: Der Lernplan ist inzwischen {plan.get_state_display()}."
    return f"Der Lernplan ist {plan.get_state_display()}. {STANDS.get(plan.state, '')}"


takes_draft = takes(LearningPlan.objects.editable_by)
takes_pursued = takes(LearningPlan.objects.pursued_by)


def changed(request, plan, text):
    """Say what was saved and, when an agreement has ended with it, whose; back to the plan."""
    messages.success(request, text)
    if plan.is_draft and plan.agreed_names:
        ended = " und ".join(plan.agreed_names)
        messages.warning(request, f"Der Entwurf ist jetzt ein anderer. Die Zustimmung gilt nicht mehr: {ended}.")
    return redirect(plan)
