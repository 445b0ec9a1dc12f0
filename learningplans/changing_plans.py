"""Changing an agreed plan: each change says what was, what is, by whom and why (paper 4.3.3)."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format

from kompetenz.letters.models import Letter
from kompetenz.letters.writing import write_letters

from .models import Goal, LearningPlan, Measure, PlanChange
from .planning import held, schedule_review, still_there

STILL_OF_THE_TALK = timedelta(days=14)  # so long after a review a change counts as agreed in it
OF_A_MEASURE = {
    "title": "Titel",
    "starts_on": "Beginn",
    "due_on": "Ende",
    "provider": "Anbieter oder Ort",
    "hours": "Zeitbedarf in Stunden",
    "cost": "Kosten in Euro",
    "state": "Stand",
}
OF_A_GOAL = {"to_level": "Zielstufe", "due_on": "Termin"}
ROLE_HAS_CHANGED = "Zielstufe (Anforderung der Rolle hat sich geändert)"


class PlanChanged(Exception):
    """The plan is not the one that was read before changing it."""


@dataclass(frozen=True)
class Difference:
    """One thing that changes, in words: what it is, how it was, how it is now."""

    subject: str
    before: str
    after: str


@transaction.atomic
def change_measure(*, measure, by, reason, read):
    """Save ``measure`` of an agreed plan and note what is different; answers the changes, none if nothing is.

    ``read`` is the plan's ``changed_at`` in ISO format as the reader saw it. Raises PlanChanged if it has been changed
    since, OutOfState unless the plan is agreed.
    """
    plan = held(measure.plan, LearningPlan.State.AGREED)
    still_there(measure)
    stored = Measure.objects.get(pk=measure.pk)
    differences = differing(f"Maßnahme „{stored.title}“", stored, measure, OF_A_MEASURE)
    if differences:
        refuse_unread(plan, read)
        measure.save(update_fields=list(OF_A_MEASURE))
    return record(plan, differences, by=by, reason=reason)


@transaction.atomic
def change_goal(*, goal, by, reason, read, role_has_changed=False):
    """Save level and date of a goal of an agreed plan and note what is different; see ``change_measure``.

    With ``role_has_changed`` a new level is said to follow the role and not the person.
    """
    plan = held(goal.plan, LearningPlan.State.AGREED)
    still_there(goal)
    stored = Goal.objects.get(pk=goal.pk)
    fields = OF_A_GOAL | ({"to_level": ROLE_HAS_CHANGED} if role_has_changed else {})
    name = plan.participation.round.catalogue.by_id[goal.competency_id].name
    differences = differing(f"Ziel „{name}“", stored, goal, fields)
    if differences:
        refuse_unread(plan, read)
        goal.save(update_fields=list(OF_A_GOAL))
    return record(plan, differences, by=by, reason=reason)


@contextmanager
def adding_measure(plan, *, by, reason, read):
    """Hold an agreed plan while a measure is added, and note the yielded list's measures as new.

    A form sent twice finds the plan changed by its first: PlanChanged. Raises OutOfState unless the plan is agreed.
    """
    with transaction.atomic():
        found = held(plan, LearningPlan.State.AGREED)
        refuse_unread(found, read)
        added = []
        yield added
        new = [Difference(f"Maßnahme „{one.title}“", "", f"neu, bis {in_words(one, 'due_on')}") for one in added]
        record(found, new, by=by, reason=reason)


@transaction.atomic
def move_review(*, review, before, by, reason):
    """Save the new date of a review of an agreed plan, and that it was on ``before``; raises as schedule_review."""
    schedule_review(review=review)
    return record_move(review, before, by, reason)


def record_move(review, before, by, reason):
    """Note that ``review`` of an agreed plan, saved already, was on the day ``before``; nothing if it still is.

    To be called in the transaction that has saved it. Nobody is written to: the invitation to the new date says it.
    """
    moved = [Difference(f"{review.kind_name}: Termin", f"{before:%d.%m.%Y}", f"{review.planned_on:%d.%m.%Y}")]
    return write_changes(review.plan, moved if before != review.planned_on else [], by=by, reason=reason)


def refuse_unread(plan, read):
    if plan.changed_at.isoformat() != read:
        raise PlanChanged


def differing(name, before, after, fields):
    """What of ``fields`` ({field: label}) two rows of one kind do not share, named after ``name``."""
    return [
        Difference(f"{name}: {label}", in_words(before, field), in_words(after, field))
        for field, label in fields.items()
        if getattr(before, field) != getattr(after, field)
    ]


def in_words(row, field):
    """A row's value as Germans write it; empty for none."""
    value = getattr(row, field)
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, Decimal):
        return number_format(value.to_integral() if value == value.to_integral() else value, force_grouping=True)
    display = getattr(row, f"get_{field}_display", None)
    return display() if display else str(value)


def record(plan, differences, *, by, reason):
    """Write the changes and tell the other side, in the caller's transaction; answers them."""
    changes = write_changes(plan, differences, by=by, reason=reason)
    if changes:
        tell_the_other_side(changes[0], by)
    return changes


def write_changes(plan, differences, *, by, reason):
    if not differences:
        return []
    review = review_of_today(plan)
    changes = [
        PlanChange.objects.create(
            plan=plan, review=review, changed_by=by, reason=reason,
            subject=one.subject[:250], before=one.before, after=one.after,
        )
        for one in differences
    ]  # fmt: skip
    LearningPlan.objects.filter(pk=plan.pk).update(changed_at=timezone.now())
    return changes


def review_of_today(plan):
    """The review that a change made today belongs to: the last one held within a fortnight, or None."""
    today = timezone.localdate()
    recent = plan.reviews.filter(held_on__range=(today - STILL_OF_THE_TALK, today))
    return recent.order_by("held_on", "pk").last()


def tell_the_other_side(change, by):
    participation = change.plan.participation
    other = participation.manager if by.pk == participation.person_id else participation.person
    write_letters(
        kind=Letter.Kind.NOTICE,
        key=f"plan-change-{change.pk}",
        path=reverse("learningplans:detail", args=[change.plan_id]),
        people=[other] if other else [],
    )
