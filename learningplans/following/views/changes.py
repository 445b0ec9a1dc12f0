"""Changing an agreed plan, one row at a time, and answering a change; a draft is edited on the pages of its own."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessments.models.accesses import What, read
from kompetenz.people.once import once
from kompetenz.refusals import Refused
from kompetenz.text import quoted
from learningplans.contents.plan import goal_entries
from learningplans.drafting.agreeing import LOOKED_BACK
from learningplans.drafting.choosing import goal_candidates
from learningplans.drafting.goals import orphans_of
from learningplans.drafting.holding import OutOfState
from learningplans.drafting.views.goals import page_of_goal
from learningplans.drafting.views.taking import shared_plan, takes, typed_in
from learningplans.following import answering, changing, steps
from learningplans.following.forms.changes import (
    FrameChangeForm,
    GoalChangeForm,
    MeasureChangeForm,
    NewGoalForm,
    NewMeasureForm,
    ReasonForm,
    ReviewMoveForm,
)
from learningplans.models import Goal, LearningPlan, Measure, Review, side_of
from learningplans.telling import letters

from .answers import answer_form, answered
from .change_page import WITHDRAWN, ChangePage, page_to_correct

HELD = "Nicht gespeichert: Das Gespräch ist inzwischen festgehalten."
ANSWERS = {
    "noted": "Ich nehme die Änderung zur Kenntnis. Damit gilt sie.",
    "declined": "Ich lehne die Änderung ab. Dann gilt sie nicht.",
}


def agreed_of(user):
    return LearningPlan.objects.pursued_by(user).agreed()


takes_agreed = takes(agreed_of)


# Writing down ------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@takes_agreed
def change_measure(request, plan, measure):
    measure = get_object_or_404(plan.measures, pk=measure)
    page = ChangePage(request, plan, "measure", measure.pk)
    wanted, step = page.as_wished(measure)
    asked = {"goals": goal_entries(plan), "by": request.user, "serves": step.get("goals")}
    form = MeasureChangeForm(request.POST or None, instance=wanted, **asked)
    return page.answer(
        form,
        lambda: steps.of_measure(measure, form.instance, form.cleaned_data["goals"]),
        f"Maßnahme {quoted(measure.title)} ändern",
        template="learningplans/measure.html",
        measure=measure,
    )


@require_http_methods(["GET", "POST"])
@takes_agreed
def change_goal(request, plan, goal):
    goal = goal_of(plan, goal)
    page = ChangePage(request, plan, "goal", goal.pk)
    form = GoalChangeForm(request.POST or None, instance=page.as_wished(goal)[0])
    form.initial["role_has_changed"] = steps.ROLE_HAS_CHANGED in str(page.change and page.change.lines)
    return page.answer(
        form,
        lambda: steps.of_goal(goal, form.instance, role_has_changed=form.cleaned_data["role_has_changed"]),
        f"Ziel „{steps.competency_of(goal).name}“ ändern",
        template="learningplans/goal.html",
        **page_of_goal(goal, steps.competency_of(goal)),
    )


@require_http_methods(["GET", "POST"])
@takes_agreed
def end_goal(request, plan, goal):
    """A goal is given up; its measures that serve no other go with it."""
    goal = goal_of(plan, goal)
    orphans = list(orphans_of(goal).planned())
    page, form = ChangePage(request, plan, "goal", goal.pk), ReasonForm(request.POST or None)
    subject = f"Ziel „{steps.competency_of(goal).name}“ beenden"
    return page.answer(form, lambda: steps.ending_goal(goal, orphans), subject, lost=orphans)


def goal_of(plan, pk):
    goal = get_object_or_404(plan.goals.pursued(), pk=pk)
    goal.plan = plan  # read once, with the round whose words it speaks
    return goal


@require_http_methods(["GET", "POST"])
@takes_agreed
def change_frame(request, plan):
    page = ChangePage(request, plan, "plan", plan.pk)
    form = FrameChangeForm(request.POST or None, instance=page.as_wished(plan)[0])
    return page.answer(form, lambda: steps.of_plan(plan, form.instance), "Zeit und Budget ändern")


@require_http_methods(["GET", "POST"])
@takes_agreed
def reopen(request, plan):
    """Both make the plan anew, as long as nothing was looked back on."""
    if plan.reviews.held().exists():
        if request.method == "POST":
            raise OutOfState(LOOKED_BACK)
        messages.warning(request, LOOKED_BACK.removeprefix("Nicht gespeichert: "))
        return redirect(plan)
    page, form = ChangePage(request, plan, "plan", plan.pk), ReasonForm(request.POST or None)
    subject = "Lernplan wieder als Entwurf bearbeiten"
    return page.answer(form, lambda: steps.reopening(plan), subject, reopens=True)


@require_http_methods(["GET", "POST"])
@takes_agreed
def move_review(request, plan, review):
    """Another day for a review of an agreed plan that is not held."""
    review = get_object_or_404(plan.reviews, pk=review)
    if review.held_on:
        raise OutOfState(HELD) if request.method == "POST" else Http404
    page = ChangePage(request, plan, "review", review.pk)
    form = ReviewMoveForm(request.POST or None, instance=page.as_wished(review)[0])
    return page.answer(form, lambda: steps.of_review(review, form.instance), f"{review.kind_name} verschieben")


@require_http_methods(["GET", "POST"])
@once
@takes_agreed
def add_measure(request, plan):
    page = ChangePage(request, plan)
    wanted, step = page.as_wished(Measure(plan=plan))
    asked = {"by": request.user, "takes_over": request.GET.get("angebot"), "serves": step.get("goals")}
    form = NewMeasureForm(request.POST or None, instance=wanted, goals=goal_entries(plan), **asked)
    return page.answer(
        form,
        lambda: steps.new_measure(form.instance, form.cleaned_data["goals"]),
        "Maßnahme hinzufügen",
        template="learningplans/measure.html",
        measure=Measure(plan=plan),
    )


@require_http_methods(["GET", "POST"])
@once
@takes_agreed
def add_goal(request, plan):
    """First the competency, then what is to be reached in it."""
    page = ChangePage(request, plan)
    if page.named and page.is_astray(page.named):
        return page.to_blocking()
    goal = page.as_wished(Goal(plan=plan))[0] if page.named else chosen_goal(request, plan)
    if goal is None and typed_in(request.POST):
        raise OutOfState("Nicht gespeichert: Für diese Kompetenz gibt es schon ein Ziel, oder sie kann keines werden.")
    if goal is None:
        gaps, wishes = goal_candidates(plan)
        context = {"plan": plan, "groups": [("Entwicklungsfelder", gaps), ("Weitere Kompetenzen", wishes)]}
        return render(request, "learningplans/new_goal.html", context)
    form = NewGoalForm(request.POST or None, instance=goal)
    subject = f"Neues Ziel „{steps.competency_of(goal).name}“"
    more = {"template": "learningplans/goal.html", **page_of_goal(goal, steps.competency_of(goal))}
    return page.answer(form, lambda: steps.new_goal(form.instance), subject, **more)


def add_review(request, plan):
    page = ChangePage(request, plan)
    form = ReviewMoveForm(request.POST or None, instance=page.as_wished(Review(plan=plan))[0])
    return page.answer(form, lambda: steps.new_review(form.instance), "Review-Termin hinzufügen")


def chosen_goal(request, plan):
    """A goal for the competency that ``?kompetenz=`` names, one level up; None without one that may become a goal."""
    candidates = [one for some in goal_candidates(plan) for one in some]
    for found in candidates:
        if str(found.competency.id) == request.GET.get("kompetenz"):
            wanted = {"from_level": found.actual, "to_level": found.proposal, "aim": found.aim_at(found.proposal)}
            place = plan.goals.pursued().count() + 1
            return Goal(plan=plan, competency_id=found.competency.id, priority=place, **wanted)
    return None


# Reading and answering ---------------------------------------------------------------------------------------------


@require_GET
def change(request, pk, change):
    """One change with its answer, or with what can still be done about it; a letter may lead to one taken back since."""
    plan = shared_plan.get_or_404(request.user, pk)
    found = plan.changes.with_names().select_related("review").filter(pk=change).first()
    if found is None and not letters.has_told_of(request.path):
        raise Http404
    if found is None:
        messages.info(request, "Diese Änderung ist zurückgenommen.")
        return redirect(plan)
    read(request, What.PLAN, plan.participation)
    return change_page(request, found)


def change_page(request, change, form=None):
    plan = change.plan
    mine = change.written_side == side_of(plan.participation, request.user)
    waits = change.waits and plan.is_agreed and not change.is_in_force
    context = {"plan": plan, "change": change, "participation": plan.participation, "reported": change.reported_since}
    context |= {"other": letters.other_today(plan.participation, request.user), "may_correct": waits and mine}
    context["correct_at"] = page_to_correct(change) if waits and mine else ""
    context["nobody_answers"] = answering.nobody_answers(plan, request.user) if waits and mine else ""
    context["read"] = change.stamp if waits else ""
    if form or (waits and not mine):
        limit = {"is_last": change.is_sent_back_often_enough}
        context["form"] = form or answer_form(change, request.user, ANSWERS, **limit)
    return render(request, "learningplans/plan_change.html", context)


def change_was_answered(request, plan, change):
    return answering.was_answered(plan.changes, request, change)


@require_POST
@takes(agreed_of, was_taken=change_was_answered)
def answer_change(request, plan, change):
    rows = plan.changes.with_names()
    change = get_object_or_404(rows, pk=change)
    answer, send_back = (partial(way, change=change) for way in (changing.answer_change, changing.send_change_back))
    form, refusal = answered(request, rows, change, ANSWERS, answer=answer, send_back=send_back, page=change_page)
    return refusal or redirect(changing.page_of(change) if form.sends_back else plan)


@require_POST
@once
@takes_agreed
def withdraw_change(request, plan, change):
    """Sent from a second window it ends like the first: what is taken back stays so."""
    page = reverse("learningplans:plan_change", args=[plan.pk, change])
    if not plan.changes.filter(pk=change).exists() and letters.has_told_of(page):
        messages.success(request, WITHDRAWN)
        return redirect(plan)
    mine = plan.changes.of_side(side_of(plan.participation, request.user))
    change = get_object_or_404(mine, pk=change)
    try:
        changing.withdraw_change(change=change, by=request.user, read=answering.read_of(request, change))
    except Refused as problem:
        messages.warning(request, str(problem))
        return redirect(changing.page_of(change))
    messages.success(request, WITHDRAWN)
    return redirect(plan)
