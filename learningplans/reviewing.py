"""Reviews of an agreed Lernplan: both sides prepare, the talk agrees levels, a wheel shows before and after (4.3.3)."""

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from kompetenz.catalogue.models import Level
from kompetenz.wheel import Role, Wheel

from . import planning
from .contents import GoalEntry, agreed_levels, goal_entries
from .models import FinalCheck, GoalReview, LearningPlan, PlanChange, Preparation, Review

OF_A_SIDE = {Preparation.Side.PERSON: "self_level", Preparation.Side.MANAGER: "manager_level"}
WORDS = ["helped", "hindered", "wishes"]


class AlreadyReleased(Exception):
    """The preparation has been released and does not change."""


class NotReturnable(Exception):
    """A release is not taken back any more: the other side has released, too."""


class Superseded(Exception):
    """The review stands: a later one has been held."""


class Changed(Exception):
    """What is stored is not what was read before this was written: somebody else, or another tab, was faster."""


def stamp(*values):
    """A short text that differs as soon as one of the values does."""
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]


# --- preparing ---------------------------------------------------------------------------------------------------


def side_of(plan, user):
    """The side on which ``user``, who shares the plan, prepares its reviews."""
    return Preparation.Side.PERSON if user.pk == plan.participation.person_id else Preparation.Side.MANAGER


def preparation_of(review, side):
    """What this side has saved; an empty one, not saved, where it has not begun."""
    return review.preparations.filter(side=side).first() or Preparation(review=review, side=side)


def own_levels(review, side):
    """The side's level for each goal it has answered or left open, as ``{goal id: 0-3 or None}``."""
    return dict(review.goal_reviews.values_list("goal", OF_A_SIDE[side]))


def stamp_of_preparation(preparation, levels):
    given = sorted((goal, level) for goal, level in levels.items() if level is not None)
    return stamp([getattr(preparation, field) for field in WORDS], given)


@contextmanager
def _open_preparation(review, side):
    """The side's preparation while it may change: the plan is agreed, and held until this is done; the review is not."""
    with transaction.atomic():
        planning.held(review.plan, LearningPlan.State.AGREED)
        found = Review.objects.filter(pk=review.pk, held_on=None).first()
        if found is None:
            raise planning.OutOfState
        yield preparation_of(found, side)


def save_preparation(*, preparation, levels, read, release):
    """Save what a side thinks before a review; with ``release`` it stands, and is the other side's to read as well.

    ``levels`` is ``{goal id: 0-3 or None}``; goals removed meanwhile are ignored. ``read`` is the stamp of what was
    there when it was opened. Raises Changed if that has changed since, AlreadyReleased, and OutOfState once the
    review is held. The same sent twice does no harm.
    """
    review, side = preparation.review, preparation.side
    with _open_preparation(review, side) as stored:
        before, new = (
            stamp_of_preparation(*one) for one in ((stored, own_levels(review, side)), (preparation, levels))
        )
        if stored.released_at and not (release and before == new):
            raise AlreadyReleased
        if before not in (read, new):
            raise Changed
        for field in WORDS:
            setattr(stored, field, getattr(preparation, field))
        stored.released_at = stored.released_at or (timezone.now() if release else None)
        stored.save()
        rows = [GoalReview(goal_id=goal, **{OF_A_SIDE[side]: level}) for goal, level in levels.items()]
        _save_standings(review, rows, [OF_A_SIDE[side]])


def take_back(*, review, side):
    """Turn a side's released preparation into a draft again; raises NotReturnable once the other has released, too."""
    with _open_preparation(review, side) as stored:
        if review.preparations.exclude(side=side).filter(released_at__isnull=False).exists():
            raise NotReturnable
        review.preparations.filter(pk=stored.pk).update(released_at=None)


def _save_standings(review, rows, fields):
    """Write these fields of the goals that the plan still has."""
    goals = set(review.plan.goals.values_list("pk", flat=True))
    kept = [row for row in rows if row.goal_id in goals]
    for row in kept:
        row.review_id = review.pk
    GoalReview.objects.bulk_create(kept, update_conflicts=True, unique_fields=["review", "goal"], update_fields=fields)


# --- what is seen ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """One goal at a review: what each side says where it lies open, and what was agreed; levels 0-3 or None."""

    entry: GoalEntry
    own: int | None
    manager: int | None
    agreed: int | None
    helped: str

    @property
    def is_reached(self):
        return self.agreed is not None and self.agreed >= self.entry.goal.to_level

    @property
    def agreed_name(self):
        return "" if self.agreed is None else Level(self.agreed).label


def standings(review, preparations):
    """Each goal of the plan at this review, with the sides' levels of these preparations; three queries."""
    rows = {row.goal_id: row for row in review.goal_reviews.with_levels_of(preparations)}
    return [_standing(entry, rows.get(entry.goal.pk)) for entry in goal_entries(review.plan)]


def _standing(entry, row):
    if row is None:
        return Standing(entry, None, None, None, "")
    return Standing(entry, row.seen_self, row.seen_manager, row.agreed_level, row.helped)


@dataclass(frozen=True)
class Result:
    """What a review that was held has brought, as both sides read it on the page and on paper.

    ``check`` and ``follow_ups``, pairs of FollowUp and competency, are the final review's alone.
    """

    review: Review
    standings: list[Standing]
    preparations: list[Preparation]
    changes: list[PlanChange]
    check: FinalCheck | None
    follow_ups: list[tuple]
    wheel: Wheel


def result_of(review):
    """Read what a held review has brought; twelve queries, and two more for the final one."""
    plan = review.plan
    open_ = Preparation.objects.disclosed()
    by_id = plan.participation.round.catalogue.by_id
    follow_ups = plan.follow_ups.all() if review.is_final else []
    return Result(
        review=review,
        standings=standings(review, open_),
        preparations=list(disclosed(review)),
        changes=list(review.changes.select_related("review", "changed_by")),
        check=FinalCheck.objects.filter(review=review).first() if review.is_final else None,
        follow_ups=[(one, by_id[one.competency_id]) for one in follow_ups],
        wheel=wheel_of(review),
    )


def disclosed(review):
    """The preparations that lie open, the person's first."""
    return review.preparations.filter(pk__in=Preparation.objects.disclosed()).order_by("-side")


def wheel_of(review):
    """Before and after: the talk's levels, the same with what this and earlier reviews have agreed, and the goals."""
    plan = review.plan
    participation, catalogue = plan.participation, plan.participation.round.catalogue
    goals = {goal.pk: goal for goal in plan.goals.all()}
    latest = GoalReview.objects.latest_levels(up_to(review))
    before = agreed_levels(participation)
    after = before | {goals[pk].competency_id: level for pk, level in latest.items() if pk in goals}
    return catalogue.wheel(
        f"von {participation.person_name}",
        catalogue.series("vereinbartes Ist", Role.OUTLINE, before),
        catalogue.series("Stand im Review", Role.FILL, after),
        catalogue.series("Ziel", Role.SELF, {goal.competency_id: goal.to_level for goal in goals.values()}),
    )


def up_to(review):
    """The ids of the plan's reviews held so far when this one was, itself the last; one query."""
    held = list(review.plan.reviews.held().values_list("pk", flat=True))
    return held[: held.index(review.pk) + 1] if review.pk in held else held


# --- recording ---------------------------------------------------------------------------------------------------


def is_open(review):
    """Whether the review can be recorded: not held yet, or the last one held; its plan has to be agreed, too."""
    return review.held_on is None or review.plan.reviews.held().last() == review


def stamp_of_record(review):
    """The stamp of what has been recorded; empty before the review is held."""
    if review.held_on is None:
        return ""
    agreed = review.goal_reviews.order_by("goal").values_list("goal", "agreed_level", "helped")
    return _stamp_of_record(review, agreed)


def _stamp_of_record(review, agreed):
    said = sorted(row for row in agreed if row[1] is not None or row[2])
    return stamp(review.held_on, review.notes, said)


@transaction.atomic
def record(*, review, agreed, read, hold=planning.hold_review):
    """Hold a review, or correct what was recorded of it until the next one is held or the plan is completed.

    ``review`` has the new ``held_on`` and ``notes``, ``agreed`` is ``{goal id: (level 0-3 or None, what helped)}``;
    goals removed meanwhile are ignored. ``read`` is the stamp of what was recorded when it was opened. ``hold(review=)``
    is called last: the final review also asks other things. Raises Superseded, Changed, and OutOfState for a plan
    that is not agreed. The same sent twice does no harm.
    """
    planning.held(review.plan, LearningPlan.State.AGREED)
    planning.still_there(review)
    stored = Review.objects.get(pk=review.pk)
    if not is_open(stored):
        raise Superseded
    new = _stamp_of_record(review, [(goal, *said) for goal, said in agreed.items()])
    if stamp_of_record(stored) not in (read, new):
        raise Changed
    rows = [GoalReview(goal_id=goal, agreed_level=level, helped=helped) for goal, (level, helped) in agreed.items()]
    _save_standings(review, rows, ["agreed_level", "helped"])
    hold(review=review)
