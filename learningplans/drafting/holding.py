"""A plan held while it changes: as a draft, or while it is carried out; and what its participation repeats of it."""

from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from assessments.models import Participation, PlanProgress
from learningplans.models import Booking, LearningPlan
from learningplans.telling import letters
from learningplans.training.keeping import keep_in_step

GONE = "Nicht gespeichert: Das steht so nicht mehr im Lernplan."


class OutOfState(Exception):
    """The plan is no longer in the state this change needs; what has become of it, ``takes`` says (views/taking.py).

    Or the state is the same and something else stands against it: ``why``, in words. No Refused, which a view says on its
    own page: the form that was sent is none of this plan any more.
    """

    def __init__(self, why=""):
        super().__init__(why or "Nicht gespeichert: Der Lernplan ist inzwischen in einem anderen Stand.")
        self.why = why


def still_there(row):
    """Refuse to bring back a goal, measure or review that the other side has removed meanwhile: OutOfState."""
    if row is not None and row.pk and not type(row).objects.filter(pk=row.pk).exists():
        raise OutOfState(GONE)


@contextmanager
def changing(plan, row=None):
    """Hold the draft while it, or one ``row`` of it, changes; an agreement given before ends.

    For it was given to something else. Raises OutOfState when the plan is no draft any more or the
    row is gone. ``plan`` itself keeps the old agreements, so that the page can say whose has ended.
    """
    drafts = LearningPlan.objects.filter(pk=plan.pk, state=LearningPlan.State.DRAFT)
    with transaction.atomic():
        if not drafts.update(**LearningPlan.NOT_AGREED, changed_at=timezone.now()):
            raise OutOfState
        still_there(row)
        yield


def held(plan, state):
    """The plan, locked until the transaction ends; raises OutOfState unless it is in this state."""
    found = LearningPlan.objects.select_for_update().filter(pk=plan.pk, state=state).first()
    if found is None:
        raise OutOfState
    return found


@contextmanager
def pursuing(plan, row):
    """Hold an agreed plan while it is reported how far ``row`` of it is; whoever has read it as it was is told so.

    Raises OutOfState when it is not agreed any more or the row is gone.
    """
    with transaction.atomic():
        held(plan, LearningPlan.State.AGREED)
        still_there(row)
        LearningPlan.objects.filter(pk=plan.pk).update(changed_at=timezone.now())
        yield


def keep_names(plan):
    """What formats and offers are called stays in a plan as it was when one side agreed to it."""
    measures = list(plan.measures.select_related("format", "offer"))
    for measure in measures:
        measure.keep_names()
    plan.measures.bulk_update(measures, ["format_then", "offer_then", "link_then"])


def tell_participation(plan):
    """The participation repeats how far its plan has come, so that a round is counted from one index.

    Dates of a plan that is not agreed any more go from the calendars.
    """
    progress = PlanProgress[plan.state.upper()]
    row = Participation.objects.filter(pk=plan.participation_id)
    if not plan.is_agreed and row.filter(plan_state=PlanProgress.AGREED).exists():
        letters.call_off_reviews(plan, plan.reviews.to_hold())
    row.update(plan_state=progress)
    if not plan.is_draft or Booking.objects.filter(measure__plan=plan).exists():
        keep_in_step([plan.pk])
