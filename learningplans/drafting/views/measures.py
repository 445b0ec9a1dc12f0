"""The measures of a plan: planning them, and how far each has come."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh

from kompetenz.in_vain import refusal
from kompetenz.people.once import once
from kompetenz.text import quoted
from learningplans.contents.plan import goal_entries
from learningplans.drafting import holding
from learningplans.drafting.forms.measures import MeasureForm
from learningplans.drafting.goals import remove_measures
from learningplans.models import Measure, side_of
from learningplans.training.keeping import keep_in_step

from .plans import context_of
from .taking import changed, removes, takes_draft, takes_pursued

DROPPING = "Ob eine vereinbarte Maßnahme entfällt, halten Sie hier mit einem Grund fest."
REPORT_ENDED = " Gemeldet war sie mit anderen Angaben; bitte melden Sie neu, wie weit sie ist."
# What has not begun has not been done either: HR confirms it with its days (TVöD § 5).
NOT_YET = "Nicht geändert: {} beginnt erst am {:%d.%m.%Y}. Stimmt der Beginn noch?"
A_DRAFT = "Nicht gemeldet: Der Lernplan ist wieder ein Entwurf. Wie weit eine Maßnahme ist, melden Sie, sobald er vereinbart ist."
ANOTHER = "Nicht gemeldet: {} ist inzwischen geändert. Bitte sehen Sie noch einmal nach, wie weit die Maßnahme ist."
FIRST = "Nicht vermerkt: Dass {} {} ist, hat {} schon am {:%d.%m.%Y} gemeldet. So steht es im Lernplan."
NOT_YOURS = (
    "{} hat am {:%d.%m.%Y} gemeldet, dass die Maßnahme durchgeführt ist. Sehen Sie das anders, halten Sie es hier mit einem "
    "Grund fest."
)


@require_http_methods(["GET", "POST"])
@once
@takes_draft
def add_measure(request, plan):
    return measure_page(request, plan, Measure(plan=plan))


@require_http_methods(["GET", "POST"])
@takes_draft
def edit_measure(request, plan, measure):
    return measure_page(request, plan, get_object_or_404(plan.measures, pk=measure))


def measure_page(request, plan, measure):
    """The form of a new or known measure; ``?ziel=`` names the goal it was asked for, ``?angebot=`` an offer."""
    goals = goal_entries(plan)
    if not goals:
        messages.info(request, "Eine Maßnahme dient einem Ziel. Wählen Sie zuerst die Ziele aus.")
        return redirect("learningplans:choose_goals", pk=plan.pk)
    wanted = [entry.goal.pk for entry in goals if str(entry.goal.pk) == request.GET.get("ziel")]
    asked = {"by": request.user, "preselected": wanted, "takes_over": request.GET.get("angebot")}
    form = MeasureForm(request.POST or None, instance=measure, goals=goals, **asked)
    if not form.only_takes_over and form.is_valid() and not form.is_outdated():
        if not form.has_changed():
            return redirect(plan)
        done = f"Maßnahme {quoted(form.instance.title)} gespeichert.{REPORT_ENDED if form.ends_report else ''}"
        with holding.changing(plan, measure):
            form.save()
        if "weitere" in request.POST:
            messages.success(request, done)
            return redirect("learningplans:measure_add", plan.pk)
        return changed(request, plan, done, at="massnahmen")
    return render(request, "learningplans/measure.html", {"plan": plan, "measure": measure, "form": form})


@require_POST
@takes_pursued
def measure_state(request, plan, measure):
    """Report how far a measure of an agreed plan is; to a draft both agree anew, and nothing is reported of it."""
    measure = get_object_or_404(plan.measures, pk=measure)
    state = request.POST.get("state")
    if state not in Measure.State:
        return refusal("Nicht gespeichert", "Bitte gehen Sie zurück und wählen Sie, wie weit die Maßnahme ist.", 400)
    if plan.is_agreed and Measure.State.DROPPED in (state, measure.state):
        return to_reason(request, plan, measure)
    if plan.is_agreed and state == Measure.State.PLANNED and is_reported_by_the_other(measure, request.user):
        return to_reason(
            request, plan, measure, NOT_YOURS.format(measure.reporter, timezone.localdate(measure.state_at))
        )
    if problem := why_not_reported(request, measure, state):
        messages.warning(request, problem)
        return HttpResponseClientRefresh() if request.htmx else redirect(plan)
    told = first_told(measure, request.user) if state == measure.state else ""
    if state != measure.state:  # or the first who has reported it would no longer be named
        with holding.pursuing(plan, measure):
            measure.state = state
            measure.note_reporter(request.user)
            measure.save(update_fields=["state", "state_by", "state_for", "state_at"])
            keep_in_step([plan.pk])
    return told_how_far(request, plan, measure, told)


def told_how_far(request, plan, measure, told):
    """The measure as it is; ``told`` is that somebody else had reported it so before, which then is all that was done."""
    if told:
        messages.info(request, told, extra_tags="massnahmen")
    if request.htmx:
        said = told or f"{measure.title}: {measure.get_state_display()}"
        return render(request, "learningplans/detail.html#measures", {**context_of(plan, request.user), "said": said})
    if told:
        return redirect(f"{plan.get_absolute_url()}#massnahmen")
    return changed(request, plan, f"Maßnahme {quoted(measure.title)}: {measure.get_state_display()}.", at="massnahmen")


def first_told(measure, user):
    """That nothing is noted, where somebody else has reported before how far it is; else ""."""
    if measure.state_by in (None, user):
        return ""
    name, on = quoted(measure.title), timezone.localdate(measure.state_at)
    return FIRST.format(name, measure.get_state_display(), measure.reporter, on)


def is_reported_by_the_other(measure, user):
    """Whether the other side has reported that it is done: their word, which is not taken back for them."""
    participation, by = measure.plan.participation, measure.state_by
    is_reported = measure.state == Measure.State.DONE and by is not None
    return is_reported and side_of(participation, by) != side_of(participation, user)


def why_not_reported(request, measure, state):
    """Why it cannot be reported so, in words.

    "" if it can: what has not begun is not done, and a report is about what the page has shown.
    """
    if measure.plan.is_draft:
        return A_DRAFT
    read = request.POST.get("read", "" if "once" in request.POST else measure.stamp)
    if state == Measure.State.DONE and measure.begins_later:
        return NOT_YET.format(quoted(measure.title), measure.starts_on)
    return ANOTHER.format(quoted(measure.title)) if state != measure.state and read != measure.stamp else ""


def to_reason(request, plan, measure, why=DROPPING):
    messages.info(request, why)
    answer = redirect("learningplans:change_measure", plan.pk, measure.pk)
    return HttpResponseClientRedirect(answer.url) if request.htmx else answer


@require_http_methods(["GET", "POST"])
@takes_draft
def remove_measure(request, plan, measure):
    measure = get_object_or_404(plan.measures, pk=measure)
    what, this = f"Maßnahme {quoted(measure.title)}", plan.measures.filter(pk=measure.pk)
    stays = this.at_work_for().exists()
    if removes(request, plan):
        with holding.changing(plan):
            remove_measures(this)
        return changed(request, plan, f"{what} {'entfällt' if stays else 'entfernt'}.", at="massnahmen")
    return render(request, "learningplans/remove.html", {"plan": plan, "what": what, "stays": stays})
