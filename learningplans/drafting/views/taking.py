"""How a view comes by the plan it changes, and what it says when it comes too late."""

import re
from functools import wraps
from http import HTTPStatus

from django.contrib import messages
from django.db import connection
from django.http import Http404
from django.shortcuts import redirect, render

from assessments.models.accesses import How, What, note, read
from kompetenz.forms.stamp import holds
from kompetenz.prepared import prepared
from kompetenz.privacy.access_log.models import Access
from kompetenz.refusals import TooLate
from learningplans.drafting import holding
from learningplans.models import FinalCheck, Goal, LearningPlan, Measure, Preparation

# What words are typed into, by the name of the field, whatever stands before or behind it.
LABELS = {
    name: model._meta.get_field(name).verbose_name  # noqa: SLF001
    for model, names in (
        (Goal, "specific measurable seen_by ambitious realistic"),
        (Measure, "title provider responsible mentor helps aids practice"),
        (Preparation, "helped hindered wishes changed_tasks"),
        (FinalCheck, "remark note_for_next"),
    )
    for name in names.split()
} | {
    "notes": "Ergebnis", "reason": "Grund", "statement": "Stellungnahme", "geholfen": "Was hat geholfen?", "text": "Vorschlag",
    "place": "Ort",
}  # fmt: skip
CHANGED = "Nicht entfernt: Der Entwurf ist inzwischen ein anderer. Bitte sehen Sie ihn noch einmal an, bevor Sie etwas entfernen."
WORDS = re.compile(r"[^\W\d_]")  # a letter
STANDS = {
    LearningPlan.State.DRAFT: "Ziele und Maßnahmen bearbeiten Sie darin unmittelbar.",
    LearningPlan.State.AGREED: "Was sich ändern soll, halten Sie auf seiner Seite mit einem Grund fest.",
    LearningPlan.State.COMPLETED: "Er ändert sich nicht mehr.",
}


def one_of(plans_of):
    """A plan out of ``plans_of(user)`` by its id, with what its pages say."""

    @prepared
    def plan(user, pk):
        return plans_of(user).with_participation().filter(pk=pk)

    return plan


shared_plan = one_of(LearningPlan.objects.shared_with)


def takes(plans_of, was_taken=None):
    """Give a view the plan it changes, out of ``plans_of(user)``; while something is sent, locked against all others.

    Whoever shares the plan but comes too late is told so, or led there if what they send ``was_taken(request, plan, ...)``.
    """
    of_user = one_of(plans_of)

    def decorate(view):
        @holds
        def taking(request, pk, **kwargs):
            stand_alone_with(request, pk)
            plan = of_user.first(request.user, pk)
            return plan and noted(view, request, plan, **kwargs)

        @wraps(view)
        def wrapped(request, pk, **kwargs):
            try:
                answer = taking(request, pk, **kwargs)
            except (holding.OutOfState, TooLate, Http404) as problem:
                return not_taken(request, pk, problem)
            return answer or taken_already(was_taken, request, pk, **kwargs) or not_taken(request, pk)

        return wrapped

    return decorate


class Writes:
    """Whether anything was written while it listened, beside the access log: that alone is a change, not what was refused."""

    seen = False

    def __call__(self, execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and Access._meta.db_table not in sql:  # noqa: SLF001
            self.seen = True
        return execute(sql, params, many, context)


def noted(view, request, plan, **asked):
    """What ``view`` answers; what of the plan was read with it, and whether anything was changed, stands in the access log."""
    with connection.execute_wrapper(writes := Writes()):
        answer = view(request, plan, **asked)
    what = What.REVIEW if "review" in asked else What.PLAN
    if answer.status_code == HTTPStatus.OK:
        read(request, what, plan.participation)
    if request.method == "POST" and writes.seen:
        note(request.user, what, How.CHANGED, plan.participation)
    return answer


def stand_alone_with(request, pk):
    """First of all while something is sent, so that what is asked of the plan then is asked of it as it stands."""
    if request.method == "POST":
        LearningPlan.objects.select_for_update(no_key=True).filter(pk=pk).first()


def taken_already(was_taken, request, pk, **kwargs):
    """To the plan, if what is sent was sent before and has brought it where it is."""
    if was_taken is None or request.method != "POST":
        return None
    plan = shared_plan.first(request.user, pk)
    return redirect(plan) if plan and was_taken(request, plan, **kwargs) else None


def not_taken(request, pk, problem=None):
    """The plan's page with a word about it, or what was typed; of a row that is not there, 404."""
    plan = shared_plan.get_or_404(request.user, pk)
    is_gone = isinstance(problem, Http404)
    if words := typed_in(request.POST):
        context = {"plan": plan, "reason": too_late(request, plan, problem), "words": words}
        return render(request, "learningplans/not_taken.html", context, status=404 if is_gone else 409)
    if is_gone:
        raise problem
    messages.warning(request, too_late(request, plan, problem))
    return redirect(plan)


def typed_in(post):
    """(label, text) of the words that were typed into a form of a plan."""
    found = [(label_of(name), post[name]) for name in post]
    return [(label, text) for label, text in found if label and WORDS.search(text)]


def label_of(name):
    """What the field of this name is called, whatever number or form stands before or behind; None if it takes no words."""
    return next((LABELS[part] for part in name.split("-") if part in LABELS), None)


def too_late(request, plan, problem=None):
    """Why ``plan`` is not changed: what was sent is lost, or the form is no longer to be had."""
    if plan.is_agreed and request.method == "POST" and (why := why_not(problem)):
        return why
    if request.method == "POST":
        if plan.is_draft:  # by the other side, a deputy, or in another window
            return "Nicht gespeichert: Das ist im Entwurf inzwischen geändert oder entfernt."
        return f"Nicht gespeichert: Der Lernplan ist inzwischen {plan.get_state_display()}."
    return f"Der Lernplan ist {plan.get_state_display()}. {STANDS.get(plan.state, '')}"


def why_not(problem):
    """What stands against it although the plan is still agreed; empty where that it is agreed says it all."""
    return holding.GONE if isinstance(problem, Http404) else getattr(problem, "why", "")


def removes(request, plan):
    """Whether what is sent removes something of the draft as its page has shown it; else it says why not.

    Somebody may have written more into it since.
    """
    if request.method != "POST":
        return False
    read = request.POST.get("read", "" if "once" in request.POST else plan.stamp)
    if read != plan.stamp:
        messages.warning(request, CHANGED)
    return read == plan.stamp


takes_draft = takes(LearningPlan.objects.editable_by)
takes_pursued = takes(LearningPlan.objects.pursued_by)


def changed(request, plan, text, at=""):
    """Say what was saved and, when an agreement has ended with it, whose; back to the plan, to its section ``at``."""
    messages.success(request, text, extra_tags=at)
    if plan.is_draft and plan.agreed_names:
        ended = " und ".join(plan.agreed_names)
        told = f"Der Entwurf ist jetzt ein anderer. Die Zustimmung gilt nicht mehr: {ended}."
        messages.warning(request, told, extra_tags=at)
    return redirect(f"{plan.get_absolute_url()}#{at}" if at else plan)
