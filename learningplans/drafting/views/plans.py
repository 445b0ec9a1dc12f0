"""The Lernplan: one page for the plan, from the draft to its agreement."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from assessments.answering.stock_taking import readable
from assessments.changes.handing_over import may_be_entrusted
from assessments.models import Participation
from assessments.models.accesses import How, What, note, read
from kompetenz.prepared import prepared
from kompetenz.refusals import Faster
from kompetenz.wheel import on_page, rows
from kompetenz.whole import whole
from learningplans.contents.plan import contents_for
from learningplans.drafting import agreeing, drawing_up
from learningplans.drafting.carrying_on import carried_over, offered
from learningplans.drafting.companions import companions_for
from learningplans.models import LearningPlan, side_of
from learningplans.path.views import path_context
from learningplans.telling import letters

from .taking import takes


@require_POST
@whole
def draw_up(request, participation):
    """Make the draft and lead to its goals; where there is a plan already, lead to it."""
    participation = get_object_or_404(
        Participation.objects.shared_with(request.user).select_related("round"), pk=participation
    )
    plan = LearningPlan.objects.shared_with(request.user).of(participation).first()
    if plan:
        return redirect(plan)
    if not drawing_up.may_be_planned(participation):
        messages.error(
            request, "Ein Lernplan beginnt mit dem Ergebnis des Gesprächs: Halten Sie zuerst das Gespräch fest."
        )
        return redirect(participation)
    plan = drawing_up.draw_up_plan(participation=participation)
    note(request.user, What.PLAN, How.CHANGED, participation)
    if plan.goals.exists():  # carried on from the last one: they are looked at first
        return redirect(plan)
    messages.success(
        request, "Der Entwurf ist angelegt. Sie beide können ihn bearbeiten; er gilt, wenn Sie beide zustimmen."
    )
    return redirect("learningplans:choose_goals", plan.pk)


@require_GET
def detail(request, pk):
    plan = visible_to.get_or_404(request.user, pk)
    read(request, What.PLAN, plan.participation)
    return render(request, "learningplans/detail.html", context_of(plan, request.user))


@prepared
def visible_to(user, pk):
    plans = LearningPlan.objects.visible_to(user).with_participation().select_related("participation__talk")
    return plans.filter(pk=pk)


@prepared
def is_shared_with(user, pk):
    """The plan, if it is ``user``'s concern."""
    return LearningPlan.objects.shared_with(user).filter(pk=pk).values_list("pk")


def context_of(plan, user):
    """What the plan's page shows to ``user``; the facts the template asks for, decided here."""
    contents = contents_for(plan, user)
    shared = bool(is_shared_with(user, plan.pk))
    other = letters.other_today(plan.participation, user) if shared else ""
    editable = shared and plan.is_draft
    return {
        "plan": plan,
        "participation": plan.participation,
        "contents": contents,
        "other": other,
        "shared": shared,
        "unlinked": not shared,
        **open_to(plan, user, contents, shared=shared),
        **(from_the_last_plan(plan, contents) if editable else {}),
        "has_final_review": any(review.is_final for review in contents.reviews),
        "message_places": ["ziele", "massnahmen", "reviews"],
        "stock_taking": readable(plan.participation, user),
        "today": timezone.localdate(),
        "companions": companions_for(plan, user, contents.goals),
        **path_context(plan, contents),
        **(wheel_context(contents.wheel) if contents.wheel else {}),
    }


def open_to(plan, user, contents, *, shared):
    """What this reader can do with the plan today."""
    editable, is_own = shared and plan.is_draft, plan.participation.person_id == user.pk
    due = [one for one in contents.reviews if one.held_on is None and one.planned_on <= timezone.localdate()]
    return {
        "editable": editable,
        "may_entrust": is_own and not plan.completed_on and may_be_entrusted(plan.participation),
        "pursuable": shared and plan.is_agreed,
        "to_record": due[0] if due and shared and plan.is_agreed else None,
        "reopenable": shared and plan.is_agreed and not any(review.held_on for review in contents.reviews),
        "my_agreement": editable and plan.agreement_of_side(user),
        "missing": agreeing.missing_from(plan) if editable else [],
    }


def from_the_last_plan(plan, contents):
    return {"carried_over": carried_over(contents.goals), "offered": offered(plan)}


def wheel_context(wheel):
    return {
        "wheel": on_page(wheel),
        "wheel_rows": rows(wheel),
        "wheel_columns": [series.name for series in wheel.series],
    }


def has_agreed(request, plan):
    return plan.is_agreed and plan.agreed_on_by(request.user)


@require_POST
@takes(LearningPlan.objects.editable_by, was_taken=has_agreed)
def agree(request, plan):
    if agreeing.missing_from(plan):
        messages.error(request, "Der Lernplan kann noch nicht vereinbart werden. Was fehlt, steht unter „Vereinbaren“.")
        return redirect(plan)
    if plan.agreed_on_by(request.user):
        return redirect(plan)
    try:
        agreed = agreeing.agree_plan(plan=plan, by=request.user, read=request.POST.get("read"))
    except Faster as problem:
        messages.warning(request, str(problem))
        return redirect(plan)
    other = letters.other_today(plan.participation, request.user)
    side = side_of(plan.participation, request.user).other
    who = letters.nobody_acts(plan.participation, side) or f"Nun ist {other} am Zug."
    text = "Der Lernplan ist vereinbart." if agreed else f"Sie haben zugestimmt. {who}"
    messages.success(request, text)
    return redirect(plan)
