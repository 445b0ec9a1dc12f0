"""Changing an agreed plan, one measure or goal at a time; a draft is edited on the pages of its own."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from learningplans import changing_plans
from learningplans.contents import goal_entries
from learningplans.forms.changes import GoalChangeForm, MeasureChangeForm, NewMeasureForm
from learningplans.models import LearningPlan, Measure

from .taking import changed, takes

UNREAD = (
    "Der Lernplan ist inzwischen geändert worden; was, steht auf seiner Seite. "
    "Bitte prüfen Sie Ihre Angaben und senden Sie sie noch einmal."
)
takes_agreed = takes(lambda user: LearningPlan.objects.pursued_by(user).agreed())


@require_http_methods(["GET", "POST"])
@takes_agreed
def change_measure(request, plan, measure):
    measure = get_object_or_404(plan.measures, pk=measure)
    subject = f"Maßnahme „{measure.title}“"
    form = MeasureChangeForm(request.POST or None, instance=measure)

    def save(why):
        changing_plans.change_measure(measure=measure, **why)

    return answer(request, plan, form, save, subject)


@require_http_methods(["GET", "POST"])
@takes_agreed
def change_goal(request, plan, goal):
    goal = get_object_or_404(plan.goals, pk=goal)
    competency = plan.participation.round.catalogue.by_id[goal.competency_id]
    form = GoalChangeForm(request.POST or None, instance=goal)

    def save(why):
        role = form.cleaned_data["role_has_changed"]
        changing_plans.change_goal(goal=goal, role_has_changed=role, **why)

    return answer(request, plan, form, save, f"Ziel „{competency.name}“")


def answer(request, plan, form, save, subject):
    """Save what is different; a form that changes nothing, or was sent twice, leads back to the plan."""
    if form.is_bound and not form.changes:
        messages.info(request, f"{subject}: Es hat sich nichts geändert.")
        return redirect(plan)
    if form.is_valid() and written(form, save, request):
        return changed(request, plan, f"{subject} geändert.")
    return render(request, "learningplans/change.html", {"plan": plan, "form": form, "subject": subject})


def written(form, save, request):
    """Whether ``save(why)`` was done; not, with a word on the page, if the other side was faster."""
    try:
        save({"by": request.user, "reason": form.cleaned_data["reason"], "read": request.POST.get("read")})
    except changing_plans.PlanChanged:
        form.add_error(None, UNREAD)
        form.tell_what_is_stored()
    return not form.errors


@require_http_methods(["GET", "POST"])
@takes_agreed
def add_measure(request, plan):
    measure = Measure(plan=plan)
    asked = {"by": request.user, "takes_over": request.GET.get("angebot")}
    form = NewMeasureForm(request.POST or None, instance=measure, goals=goal_entries(plan), **asked)

    def save(why):
        with changing_plans.adding_measure(plan, **why) as added:
            added.append(form.save())

    if form.is_valid() and written(form, save, request):
        return changed(request, plan, f"Maßnahme „{measure.title}“ hinzugefügt.")
    return render(request, "learningplans/measure.html", {"plan": plan, "measure": Measure(plan=plan), "form": form})
