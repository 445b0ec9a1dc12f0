"""The Lernplan: one page for the plan, from the draft to its agreement, and the plan on paper."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from assessments.models import Participation
from assessments.stock_taking import readable
from kompetenz.documents import PdfUnavailable, file_name, pdf_response
from kompetenz.wheel import figure_json, rows, svg
from learningplans import planning
from learningplans.carrying_on import carried_over
from learningplans.companions import companions_for
from learningplans.contents import contents_for, goal_entries, wheel_of
from learningplans.models import LearningPlan, Measure
from learningplans.on_paper import plan_pdf

from .paths import path_context
from .taking import takes_draft


def draw_up(request, participation):
    """Ask first, then make the draft; where there is a plan already, lead to it."""
    participation = get_object_or_404(
        Participation.objects.shared_with(request.user).select_related("round"), pk=participation
    )
    plan = LearningPlan.objects.shared_with(request.user).filter(participation=participation).first()
    if plan:
        return redirect(plan)
    if not planning.may_be_planned(participation):
        messages.error(request, "Ein Lernplan beginnt mit dem vereinbarten Ist: Halten Sie zuerst das Gespräch fest.")
        return redirect(participation)
    if request.method == "POST":
        return redirect(planning.draw_up_plan(participation=participation))
    return render(request, "learningplans/draw_up.html", {"participation": participation})


def detail(request, pk):
    plan = get_object_or_404(LearningPlan.objects.visible_to(request.user).with_participation(), pk=pk)
    return render(request, "learningplans/detail.html", page_of(plan, request.user))


def page_of(plan, user):
    """What the plan's page shows to ``user``; the facts the template asks for, decided here."""
    contents = contents_for(plan, user)
    shared = LearningPlan.objects.shared_with(user).contains(plan)
    editable = shared and plan.is_draft
    return {
        "plan": plan,
        "participation": plan.participation,
        "contents": contents,
        "editable": editable,
        "pursuable": shared and plan.is_agreed,
        "reopenable": shared and plan.is_agreed and not any(review.held_on for review in contents.reviews),
        "my_agreement": editable and plan.agreed_on_by(user),
        "missing": planning.missing_from(plan) if editable else [],
        "carried_over": carried_over(plan, contents.goals) if editable and contents.goals else [],
        "has_final_review": any(review.is_final for review in contents.reviews),
        "states": Measure.State.choices[:2],  # that one is dropped needs a reason, and its own page
        "stock_taking": readable(plan.participation, user),
        "today": timezone.localdate(),
        "companions": companions_for(plan, user, contents.goals),
        **path_context(plan, contents),
        **(wheel_context(contents.wheel) if contents.wheel else {}),
    }


def wheel_context(wheel):
    return {
        "wheel_json": figure_json(wheel),
        "wheel_rows": rows(wheel),
        "wheel_columns": [series.name for series in wheel.series],
    }


@require_POST
@takes_draft
def agree(request, plan):
    if planning.missing_from(plan):
        messages.error(request, "Der Lernplan kann noch nicht vereinbart werden. Was fehlt, steht unter „Vereinbaren“.")
        return redirect(plan)
    try:
        agreed = planning.agree_plan(plan=plan, by=request.user, read=request.POST.get("read"))
    except planning.DraftChanged:
        messages.warning(request, "Der Entwurf hat sich inzwischen geändert. Bitte lesen Sie ihn noch einmal.")
        return redirect(plan)
    text = "Der Lernplan ist vereinbart." if agreed else "Sie haben zugestimmt. Nun ist die andere Seite am Zug."
    messages.success(request, text)
    return redirect(plan)


@require_POST
def reopen(request, pk):
    """An agreed plan becomes a draft again; both sides find it among their tasks."""
    plan = get_object_or_404(LearningPlan.objects.shared_with(request.user).with_participation(), pk=pk)
    try:
        planning.reopen_plan(plan=plan)
    except planning.OutOfState:
        messages.warning(
            request, "Nicht geändert: Nur ein vereinbarter Lernplan ohne geführtes Review-Gespräch wird wieder Entwurf."
        )
    else:
        messages.success(
            request,
            "Der Lernplan ist wieder ein Entwurf und gilt erst, wenn beide Seiten neu zustimmen. "
            "Auch die andere Seite findet ihn unter „Meine Aufgaben“.",
        )
    return redirect(plan)


def wheel(request, pk):
    plan = get_object_or_404(LearningPlan.objects.in_full_for(request.user).with_participation(), pk=pk)
    return HttpResponse(svg(wheel_of(plan, goal_entries(plan))), content_type="image/svg+xml")


def pdf(request, pk):
    """The plan on paper, with what this reader may see of it."""
    plan = get_object_or_404(LearningPlan.objects.visible_to(request.user).with_participation(), pk=pk)
    name = file_name("Lernplan", plan.participation.person.last_name, plan.participation.round.title)
    try:
        return pdf_response(plan_pdf(plan, request.user), name)
    except PdfUnavailable as error:
        messages.error(request, str(error))
        return redirect(plan)
