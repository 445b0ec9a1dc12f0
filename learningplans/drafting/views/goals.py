"""The goals of a draft: choosing them, putting them SMART, taking one out again."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from kompetenz.people.once import once
from learningplans.contents.plan import goal_entries
from learningplans.drafting import choosing, goals
from learningplans.drafting.examples import examples_near
from learningplans.drafting.forms.goals import GoalChoiceForm, GoalForm

from .taking import changed, removes, takes_draft


@require_http_methods(["GET", "POST"])
@once
@takes_draft
def choose_goals(request, plan):
    gaps, wishes = choosing.goal_candidates(plan)
    goals = goal_entries(plan)
    known = {entry.goal.competency_id: entry.competency.name for entry in goals}
    form = GoalChoiceForm(request.POST or None, gaps=gaps, wishes=wishes, goals=known)
    if form.is_valid():
        choosing.choose_goals(plan=plan, chosen=form.chosen)
        count = len(goals) + len(form.chosen)
        if count > choosing.HANDFUL:
            messages.warning(
                request, f"Der Plan hat jetzt {count} Ziele. Mit höchstens einer Handvoll gelingt mehr davon."
            )
        told = "Ziele hinzugefügt. Beschreiben Sie nun jedes Ziel mit den fünf SMART-Fragen."
        return changed(request, plan, told, at="ziele")
    return render(request, "learningplans/choose_goals.html", {"plan": plan, "form": form, "goals": goals})


@require_http_methods(["GET", "POST"])
@takes_draft
def edit_goal(request, plan, goal):
    goal = get_object_or_404(plan.goals.pursued(), pk=goal)
    competency = plan.participation.round.catalogue.by_id[goal.competency_id]
    form = GoalForm(request.POST or None, instance=goal)
    if form.is_valid() and not form.is_outdated():
        if not form.has_changed():
            return redirect(plan)
        goals.change_goal(goal=form.instance)
        if early := goals.ends_before_its_measures(form.instance):
            messages.warning(request, early)
        if "weiter" in request.POST and (further := goals.next_open(goal)):
            messages.success(request, f"Ziel „{competency.name}“ gespeichert.")
            return redirect("learningplans:goal", plan.pk, further.pk)
        return changed(request, plan, f"Ziel „{competency.name}“ gespeichert.", at="ziele")
    context = {"plan": plan, "form": form, "next_open": goals.next_open(goal), **page_of_goal(goal, competency)}
    return render(request, "learningplans/goal.html", context)


def page_of_goal(goal, competency):
    """What the page of a goal says of it, in a draft and when it is changed later."""
    catalogue = goal.plan.participation.round.catalogue
    return {
        "goal": goal,
        "competency": competency,
        "anchors": [(str(level), text) for level, text in catalogue.anchors_of(competency, max(goal.from_level, 1))],
        "from_name": catalogue.scale.names[goal.from_level],
        "examples": examples_near(catalogue, competency.id),
    }


@require_http_methods(["GET", "POST"])
@takes_draft
def remove_goal(request, plan, goal):
    goal = get_object_or_404(plan.goals, pk=goal)
    name = plan.participation.round.catalogue.by_id[goal.competency_id].name
    lost = [str(measure.pk) for measure in goals.orphans_of(goal)]
    if removes(request, plan) and request.POST.getlist("lost") == lost:
        goals.remove_goal(goal=goal)
        return changed(request, plan, f"Ziel „{name}“ entfernt.", at="ziele")
    measures = goals.orphans_of(goal)
    stays = measures.at_work_for().exists()
    context = {"plan": plan, "what": f"Ziel „{name}“", "lost": measures, "is_goal": True, "stays": stays}
    return render(request, "learningplans/remove.html", context)
