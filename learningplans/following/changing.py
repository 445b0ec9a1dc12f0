"""Changing an agreed plan: one side writes down what is to be different and why, the other answers (paper 4.3.3)."""

import json
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from kompetenz.forms.stamp import stamp
from kompetenz.refusals import Faster, Refused, TooLate
from learningplans.drafting.agreeing import reopen_plan
from learningplans.drafting.holding import held, still_there
from learningplans.models import GroupPlace, LearningPlan, Measure, PlanChange, RecordOfTwo, Review, side_of
from learningplans.telling import letters
from learningplans.training.keeping import keep_in_step

from . import answering
from .steps import carry_out, touched_by

STILL_OF_THE_TALK = timedelta(days=14)  # so long after a review a change may belong to it


class StillWaiting(Refused):
    """Another change of the same waits for its answer: ``change``."""

    def __init__(self, change):
        super().__init__(
            f"Nicht gespeichert: Eine Änderung von {change.writer} an derselben Stelle ist noch nicht beantwortet."
        )
        self.change = change


@transaction.atomic
def write_change(*, plan, wish, by, reason, read, corrects=None, corrects_read=None):
    """Write down what ``by`` wants to be different, or correct an own change not answered yet, and tell the other side.

    One that stands in an answered record stays there as taken back, and its correction is another change, of its own day.
    ``read`` is the plan's stamp as the reader saw it, ``corrects_read`` that of the change to be corrected, None is not
    asked. The same sent twice is written once. Raises OutOfState unless the plan is agreed, Faster if either has been
    changed or sent back since, StillWaiting where another change of the same waits, TooLate for a correction of what is
    answered, Unchanged for one that says what was sent back, Refused for one of what the other side has written,
    and where somebody else of one's own side has written the very same.
    """
    plan = held(plan, LearningPlan.State.AGREED)
    open_ = list(plan.changes.waiting().with_names())
    own = [one for one in open_ if one.written_side == side_of(plan.participation, by)]
    if twin := next((one for one in own if says(one, wish, reason)), None):
        answering.refuse_anothers(twin, by)
        return twin
    change = PlanChange(plan=plan) if corrects is None else to_correct(own, open_, corrects)
    if corrects_read is not None:
        answering.refuse_unread(change, corrects_read)
    for other in open_:
        if other.pk != change.pk and wish.rows & rows_of(other):
            raise StillWaiting(other)
    said = stamp_of_change(PlanChange(steps=wish.steps, reason=reason))
    for sent_back in [change, *taken_back(plan, by)]:
        if sent_back.sent_back_as == said:
            raise answering.Unchanged(sent_back)
    if plan.stamp != read:
        raise Faster
    settled = change if change.is_in_a_settled_record else None
    if settled:
        take_back(settled, by)
        change = PlanChange(plan=plan)
    change.lines = [vars(line) for line in wish.lines]
    change.steps, change.reason, change.review = wish.steps, reason, review_of_today(plan)
    change.write(plan.participation, by, letters.acting(plan.participation, other_of(plan, by)))
    change.save()
    if settled:  # whoever has said yes to a group with it has not taken that back
        GroupPlace.objects.filter(change=settled).update(change=change)
    LearningPlan.objects.filter(pk=plan.pk).update(changed_at=timezone.now())
    letters.tell(plan, change.other_side, about=page_of(change), key=f"plan-change-{change.pk}")
    return change


def taken_back(plan, by):
    """What the side of ``by`` has written, was sent back and is withdrawn."""
    found = list(plan.changes.withdrawn().of_side(side_of(plan.participation, by)).with_names())
    for one in found:
        one.plan = plan
    return found


def stamp_of_change(change):
    """What it says, told apart from anything else; the database may keep a step's fields in another order."""
    return stamp(json.dumps(change.steps, sort_keys=True), change.reason)


def says(change, wish, reason):
    return (change.steps, change.reason, change.sent_back_at) == (wish.steps, reason, None)


def other_of(plan, by):
    return PlanChange(written_side=side_of(plan.participation, by)).other_side


def rows_of(change):
    return {name for step in change.steps for name in touched_by(step)}


def to_correct(own, open_, change):
    found = next((one for one in open_ if one.pk == change.pk), None)
    if found is None:
        raise TooLate(answering.why_not_waiting(change))
    if found not in own:
        raise Refused(answering.OTHERS.format(found.writer))
    return found


def waiting_about(plan, kind, pk):
    """The change of this row that waits for its answer, or None; one query."""
    name = f"{kind} {pk}"
    return next((one for one in plan.changes.waiting().with_names() if name in rows_of(one)), None)


def review_of_today(plan):
    """The review that a change made today belongs to: the last one held within a fortnight, as long as its record waits for its answer.

    None else: what has been answered does not go on growing, and a later change stands under its own day.
    """
    today = timezone.localdate()
    recent = plan.reviews.waiting().filter(held_on__range=(today - STILL_OF_THE_TALK, today))
    return recent.order_by("held_on", "pk").last()


def page_of(change):
    return reverse("learningplans:plan_change", args=[change.plan_id, change.pk])


def take_back(change, by):
    """It stays to be read, as taken back."""
    change.withdraw(by)
    change.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_for"])


@transaction.atomic
def withdraw_change(*, change, by, read=None):
    """Take an own change back as long as it is not answered. Nothing of it stays, unless it was sent back with a reason.

    Then both are kept, for the reason is the other side's; and what stands in an answered record is kept there. The same
    sent twice does no harm. ``read`` is the stamp of the change as a page has shown it, None is not asked: somebody else of
    this side may have corrected it since. Raises OutOfState, TooLate, Refused, Faster.
    """
    plan = held(change.plan, LearningPlan.State.AGREED)
    still_there(change)
    stored = plan.changes.with_names().get(pk=change.pk)
    stored.plan = plan
    if stored.written_side != side_of(plan.participation, by):
        raise Refused(answering.OTHERS.format(stored.writer))
    if stored.withdrawn_at:
        return
    if not stored.waits:
        raise TooLate(answering.ANSWERED)
    if read is not None:
        answering.refuse_unread(stored, read)
    if stored.sent_back_why or stored.is_in_a_settled_record:
        take_back(stored, by)
    else:
        stored.delete()
    LearningPlan.objects.filter(pk=plan.pk).update(changed_at=timezone.now())


def answer_change(*, change, by, answer, statement, read):
    """The other side takes note, with which the change becomes part of the plan, or declines, and it never does.

    The same sent twice does no harm. Raises Refused where the change does not fit the plan any more, and what
    ``answering.unanswered`` raises.
    """
    if answering.is_answered_so(change, by, answer, statement):
        return
    with answering.unanswered(change, by, read) as stored:
        plan = stored.plan
        stored.take_answer(plan.participation, by, answer, statement)
        if answer == RecordOfTwo.Answer.NOTED:
            stored.took_effect_on = timezone.localdate()
            take_effect(plan, stored)
        stored.save()
        letters.tell(plan, stored.written_side, about=page_of(stored), key=f"plan-change-{stored.pk}-answer")


def take_effect(plan, change):
    if change.reopens:
        if plan.changes.waiting().exclude(pk=change.pk).exists():
            raise Refused("Zuerst sind die anderen Änderungen zu beantworten oder zurückzunehmen.")
        reopen_plan(plan=plan)
        return
    written = carry_out(plan, change.steps)
    letters.invite_to_reviews(plan, [row for row in written if isinstance(row, Review)])
    if measures := [row for row in written if isinstance(row, Measure)]:
        GroupPlace.objects.filter(change=change).update(measure=measures[0])
        keep_in_step([plan.pk])
    LearningPlan.objects.filter(pk=plan.pk).update(changed_at=timezone.now())


def send_change_back(*, change, by, why, read):
    def tell(stored):
        letters.tell(stored.plan, stored.written_side, about=page_of(stored), key=f"plan-change-{stored.pk}-sent-back")

    answering.send_back(record=change, by=by, why=why, read=read, stamp_of=stamp_of_change, tell=tell)
