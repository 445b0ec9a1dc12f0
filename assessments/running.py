"""What HR changes about participations in a running round: they rest, get more time, or end.

All of these take participations of one round, and raise RoundEnded once it is closed: then nothing is changed.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from .models import Assessment, Participation, PlanProgress, Progress, TalkProgress
from .opening import hold_open


def held(round_, participations):
    """These participations as they are now, locked by id; those that are gone or of another round are left out.

    The round is held first, so that nobody closes it meanwhile. Raises RoundEnded.
    """
    hold_open(round_)
    keys = [row.pk for row in participations]
    return list(Participation.objects.select_for_update(of=("self",)).filter(round=round_, pk__in=keys).order_by("pk"))


def among(rows):
    return Participation.objects.filter(pk__in=[row.pk for row in rows])


# Resting ------------------------------------------------------------------------------------------


@transaction.atomic
def pause(*, round_, participations):
    """Let participations rest from today on; returns how many did not before. Why is nowhere stored."""
    rows = held(round_, participations)
    return among(rows).filter(paused_on=None).update(paused_on=timezone.localdate())


@transaction.atomic
def resume(*, round_, participations):
    """Let participations go on; returns how many had rested."""
    rows = held(round_, participations)
    return among(rows).filter(paused_on__isnull=False).update(paused_on=None)


# More time ----------------------------------------------------------------------------------------


class OutOfOrder(Exception):
    """Deadlines would lie in the wrong order; ``field`` is the one to move, ``names`` are those whose it is."""

    def __init__(self, field, names):
        super().__init__(field, names)
        self.field, self.names = field, names


@transaction.atomic
def extend_deadlines(*, round_, participations, **dues):
    """Give participations until ``dues`` (days, by names of deadlines.FIELDS); returns how many got more time.

    A later deadline that somebody has already stays, and where there is none, none is set. Raises OutOfOrder if
    the talk would come before the assessments or the plan before the talk; then nothing is changed.
    """
    rows = held(round_, participations)
    changed = [row for row in rows if lengthen(row, dues)]
    check_order("talk_due", [row for row in changed if row.talk_due < max(row.self_due, row.manager_due)])
    check_order("plan_due", [row for row in changed if row.plan_due and row.plan_due < row.talk_due])
    for field, day in dues.items():
        among(changed).filter(**{f"{field}__lt": day}).update(**{field: day})
    return len(changed)


def lengthen(row, dues):
    """Set the days of ``dues`` that are later than the row's; whether there are any. Saves nothing."""
    later = {field: day for field, day in dues.items() if getattr(row, field) and getattr(row, field) < day}
    for field, day in later.items():
        setattr(row, field, day)
    return bool(later)


def check_order(field, rows):
    if rows:
        raise OutOfOrder(field, [row.person_name for row in rows])


# Leaving ------------------------------------------------------------------------------------------


class LossNotAgreed(Exception):
    """More answers would be lost than HR has agreed to lose."""


@dataclass(frozen=True)
class Removal:
    """What removing participations means: ``kept`` stay, for their talk is recorded or they have a plan.

    ``lost`` are those of the ``removed`` in which somebody has answered already.
    """

    kept: list
    removed: list

    @property
    def lost(self):
        return [row for row in self.removed if has_answers(row)]

    @property
    def numbers(self):
        """How far those are of whom something is lost: self begun, self released, manager begun, released, talk begun."""
        return {
            "self_started": sum(row.self_state == Progress.STARTED for row in self.removed),
            "self_released": sum(row.self_state == Progress.RELEASED for row in self.removed),
            "manager_started": sum(row.manager_state == Progress.STARTED for row in self.removed),
            "manager_released": sum(row.manager_state == Progress.RELEASED for row in self.removed),
            "talk_started": sum(row.talk_state == TalkProgress.STARTED for row in self.removed),
        }


def removal_of(participations):
    stays = [row.talk_state >= TalkProgress.RECORDED or row.plan_state > PlanProgress.NONE for row in participations]
    return Removal(
        kept=[row for row, kept in zip(participations, stays, strict=True) if kept],
        removed=[row for row, kept in zip(participations, stays, strict=True) if not kept],
    )


def has_answers(row):
    return bool(row.self_state or row.manager_state or row.talk_state)


@transaction.atomic
def remove(*, round_, participations, agreed_loss=None):
    """End participations with everything in them, except those that stay; returns the Removal.

    ``agreed_loss`` is how many participations with answers HR has agreed to lose, None if it was not asked. Where
    colleagues are asked it always must be: whether they have answered is not for HR to see. Raises LossNotAgreed.
    """
    hold_open(round_)
    hold_assessments(participations)
    removal = removal_of(held(round_, participations))
    unknown = round_.has_peers and bool(removal.removed)
    if (agreed_loss is None and unknown) or len(removal.lost) > (agreed_loss or 0):
        raise LossNotAgreed
    among(removal.removed).delete()
    return removal


def hold_assessments(participations):
    """Lock what is about to be deleted in the order in which answers.py locks it, so that neither waits for the other."""
    rows = Assessment.objects.filter(participation__in=[row.pk for row in participations])
    locked = rows.select_for_update(of=("self", "participation")).select_related("participation")
    list(locked.order_by("participation_id", "pk"))
