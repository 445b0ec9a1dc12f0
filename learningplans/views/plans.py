"""The Lernplan: one page for the plan, small pages for goals, measures and reviews."""

from functools import wraps

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from assessments.models import Participation
from kompetenz.catalogue.models import Level
from kompetenz.documents import PdfUnavailable, calendar_response, file_name, pdf_response
from kompetenz.wheel import figure_json, rows, svg
from learningplans import dates, planning
from learningplans.contents import contents_for, goal_entries, wheel_of
from learningplans.forms import GoalChoiceForm, GoalForm, MeasureForm, ReviewDateForm, ReviewRecordForm
from learningplans.models import LearningPlan, Measure, Review
from learningplans.on_paper import plan_pdf

STANDS = {
    LearningPlan.State.AGREED: "Bis zum ersten Review-Gespräch kann jede Seite ihn wieder als Entwurf bearbeiten; "
    "danach halten Sie im Review-Gespräch fest, was sich ändert.",
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
        "has_final_review": any(review.is_final for review in contents.reviews),
        "states": Measure.State.choices,
        "today": timezone.localdate(),
        **(wheel_context(contents.wheel) if contents.wheel else {}),
    }


def wheel_context(wheel):
    return {
        "wheel_json": figure_json(wheel),
        "wheel_rows": rows(wheel),
        "wheel_columns": [series.name for series in wheel.series],
    }


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
    if form.is_valid():
        if not form.has_changed():
            return redirect(plan)
        planning.change_goal(goal=form.instance)
        return changed(request, plan, f"Ziel „{competency.name}“ gespeichert.")
    anchors = [(level.label, competency.anchors[level - 1]) for level in Level if level > goal.from_level]
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


@takes_draft
def add_measure(request, plan):
    return measure_page(request, plan, Measure(plan=plan))


@takes_draft
def edit_measure(request, plan, measure):
    return measure_page(request, plan, get_object_or_404(plan.measures, pk=measure))


def measure_page(request, plan, measure):
    """The form of a new or known measure; ``?ziel=`` names the goal it was asked for."""
    goals = goal_entries(plan)
    if not goals:
        messages.info(request, "Eine Maßnahme dient einem Ziel. Wählen Sie zuerst die Ziele aus.")
        return redirect("learningplans:choose_goals", pk=plan.pk)
    wanted = [entry.goal.pk for entry in goals if str(entry.goal.pk) == request.GET.get("ziel")]
    form = MeasureForm(request.POST or None, instance=measure, goals=goals, preselected=wanted)
    if form.is_valid():
        if not form.has_changed():
            return redirect(plan)
        with planning.changing(plan, measure):
            form.save()
        return changed(request, plan, f"Maßnahme „{form.instance.title}“ gespeichert.")
    return render(request, "learningplans/measure.html", {"plan": plan, "measure": measure, "form": form})


@require_POST
@takes_pursued
def measure_state(request, plan, measure):
    measure = get_object_or_404(plan.measures, pk=measure)
    state = request.POST.get("state")
    if state not in Measure.State:
        return HttpResponse("Diesen Stand gibt es nicht.", status=400, content_type="text/plain; charset=utf-8")
    with planning.pursuing(plan, measure):
        measure.state = state
        measure.save(update_fields=["state"])
    if request.htmx and not plan.is_draft:
        context = {**page_of(plan, request.user), "said": f"{measure.title}: {measure.get_state_display()}"}
        return render(request, "learningplans/detail.html#measures", context)
    return changed(request, plan, f"Maßnahme „{measure.title}“: {measure.get_state_display()}.")


@takes_draft
def remove_measure(request, plan, measure):
    measure = get_object_or_404(plan.measures, pk=measure)
    if request.method == "POST":
        with planning.changing(plan):
            measure.delete()
        return changed(request, plan, f"Maßnahme „{measure.title}“ entfernt.")
    return render(request, "learningplans/remove.html", {"plan": plan, "what": f"Maßnahme „{measure.title}“"})


@takes_pursued
def add_review(request, plan):
    return schedule(request, plan, Review(plan=plan))


@takes_pursued
def edit_review(request, plan, review):
    """A draft's review has a date; once the plan is agreed it is recorded, or moved while it is not held."""
    review = get_object_or_404(plan.reviews, pk=review)
    moving = request.method == "POST" and "planned_on" in request.POST
    if plan.is_draft or (moving and not review.held_on):
        return schedule(request, plan, review)
    return record(request, plan, review)


def schedule(request, plan, review):
    form = ReviewDateForm(request.POST or None, instance=review)
    if form.is_valid():
        if review.pk and not form.has_changed():
            return redirect(plan)
        planning.schedule_review(review=form.instance)
        return changed(request, plan, f"Gespräch am {review.planned_on:%d.%m.%Y} eingetragen.")
    return render(request, "learningplans/review_date.html", {"plan": plan, "review": review, "form": form})


def record(request, plan, review):
    form = ReviewRecordForm(request.POST or None, instance=review)
    if form.is_valid():
        planning.hold_review(review=form.instance)
        text = "Abschlussgespräch festgehalten. Der Lernplan ist abgeschlossen."
        return changed(request, plan, text if review.is_final else "Gespräch festgehalten.")
    context = {"plan": plan, "review": review, "form": form}
    if not review.held_on:
        context["date_form"] = ReviewDateForm(instance=review)
    return render(request, "learningplans/review.html", context)


@takes_draft
def remove_review(request, plan, review):
    review = get_object_or_404(plan.reviews, pk=review)
    if request.method == "POST":
        with planning.changing(plan):
            review.delete()
        return changed(request, plan, "Gespräch entfernt.")
    return render(
        request, "learningplans/remove.html", {"plan": plan, "what": f"Gespräch am {review.planned_on:%d.%m.%Y}"}
    )


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


@require_GET
def review_calendar(request, pk, review):
    """The date of a review still to be held, for a calendar."""
    plan = get_object_or_404(LearningPlan.objects.shared_with(request.user).agreed(), pk=pk)
    found = get_object_or_404(plan.reviews.filter(held_on=None), pk=review)
    return calendar_response([dates.review_event(found)], "Gespraech.ics")
