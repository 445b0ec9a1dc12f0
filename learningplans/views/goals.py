"""The goals of a draft: choosing them, putting them SMART, taking one out again."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render

from kompetenz.catalogue.models import Level
from learningplans import planning
from learningplans.contents import goal_entries
from learningplans.forms.goals import GoalChoiceForm, GoalForm

from .taking import changed, takes_draft


@takes_draft
def choose_goals(request, plan):
    gaps, wishes = planning.candidates(plan)
    form = GoalChoiceForm(request.POST or None, gaps=gaps, wishes=wishes)
    goals = goal_entries(plan)
    if form.is_valid():
        planning.choose_goals(plan=plan, chosen=form.chosen)
        count = len(goals) + len(form.chosen)
        if count > planning.HANDFUL:
            messages.warning(
                request, f"Der Plan hat jetzt {count} Ziele. Mit höchstens einer Handvoll gelingt mehr davon."
            )
        return changed(request, plan, "Ziele hinzugefügt. Beschreiben Sie nun jedes Ziel mit den fünf SMART-Fragen.")
    return render(request, "learningplans/choose_goals.html", {"plan": plan, "form": form, "goals": goals})


@takes_draft
def edit_goal(request, plan, goal):
    goal = get_object_or_404(plan.goals, pk=goal)
    competency = plan.participation.round.catalogue.by_id[goal.competency_id]
    form = GoalForm(request.POST or None, instance=goal)
    if form.is_valid() and not form.is_outdated():
        if not form.has_changed():
            return redirect(plan)
        planning.change_goal(goal=form.instance)
        if early := planning.ends_before_its_measures(form.instance):
            messages.warning(request, early)
        return changed(request, plan, f"Ziel „{competency.name}“ gespeichert.")
    anchors = [(level.label, competency.anchors[level - 1]) for level in Level if level >= max(goal.from_level, 1)]
    context = {"plan": plan, "goal": goal, "competency": competency, "form": form, "anchors": anchors}
    return render(request, "learningplans/goal.html", context)


@takes_draft
def remove_goal(request, plan, goal):
    goal = get_object_or_404(plan.goals, pk=goal)
    name = plan.participation.round.catalogue.by_id[goal.competency_id].name
    lost = [str(measure.pk) for measure in planning.orphans_of(goal)]
    if request.method == "POST" and request.POST.getlist("lost") == lost:
        planning.remove_goal(goal=goal)
        return changed(request, plan, f"Ziel „{name}“ entfernt.")
    context = {"plan": plan, "what": f"Ziel „{name}“", "lost": planning.orphans_of(goal), "is_goal": True}
    return render(request, "learningplans/remove.html", context)
