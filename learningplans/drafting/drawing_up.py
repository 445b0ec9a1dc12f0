"""The first draft of a plan: when there is one, and what it starts with (paper 4.3.2)."""

from django.db import transaction

from assessments.answering.stock_taking import shared_frame
from assessments.changes.following import follow_again
from assessments.models import Participation
from learningplans.drafting.carrying_on import carry_on
from learningplans.drafting.holding import OutOfState, tell_participation
from learningplans.models import LearningPlan


def may_be_planned(participation):
    """Whether there are agreed levels to plan from: the record of the talk is written."""
    return participation.talk_is_recorded


@transaction.atomic
def draw_up_plan(*, participation):
    """The draft for this participation, made now with what goes on from the last plan, unless there is one.

    Raises OutOfState before the record.
    """
    # Held, so that nobody declines or opens the record again in between. of: for all joined rows it would be too much.
    held = Participation.objects.select_for_update(of=("self",), no_key=True).filter(pk=participation.pk).first()
    if held is None or not may_be_planned(held):
        raise OutOfState
    frame = shared_frame(participation)
    plan, drawn_up_now = LearningPlan.objects.get_or_create(participation=participation, defaults=frame)
    if drawn_up_now:
        follow_again(participation)
        carry_on(plan)
        tell_participation(plan)
    return plan
