"""Before a review each side writes down what it thinks; it is its own until released (paper 4.3.3)."""

from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from assessments.models import in_place_of
from kompetenz.forms.stamp import stamp
from kompetenz.refusals import Faster, Refused, TooLate
from learningplans.drafting import holding
from learningplans.models import OF_A_SIDE, GoalReview, LearningPlan, Preparation, Review, side_of

ANOTHER_RELEASE = (
    "Nicht zurückgenommen: Inzwischen ist eine andere Vorbereitung freigegeben. Bitte lesen Sie sie noch einmal."
)
WORDS = ["helped", "hindered", "wishes", "changed_tasks"]


def preparation_of(review, side):
    """What this side has saved; an empty one, not saved, where it has not begun."""
    return review.preparations.filter(side=side).first() or Preparation(review=review, side=side)


def own_levels(review, side):
    """The side's level for each goal it has answered or left open, as ``{goal id: level or None}``."""
    return dict(review.goal_reviews.values_list("goal", OF_A_SIDE[side]))


def stamp_of_preparation(preparation, levels):
    given = sorted((goal, level) for goal, level in levels.items() if level is not None)
    return stamp([getattr(preparation, field) for field in WORDS], given)


@contextmanager
def _open_preparation(review, side, undone="Nicht gespeichert"):
    """The side's preparation while it may change: the plan is agreed, and held until this is done; the review is not."""
    with transaction.atomic():
        holding.held(review.plan, LearningPlan.State.AGREED)
        found = Review.objects.filter(pk=review.pk, held_on=None).first()
        if found is None:
            raise holding.OutOfState(f"{undone}: Das Gespräch ist inzwischen festgehalten.")
        yield preparation_of(found, side)


def save_preparation(*, preparation, levels, read, release, by):
    """Save what a side thinks before a review; with ``release`` it stands as the word of ``by``, for the other side to read as well.

    ``levels`` is ``{goal id: level or None}``; goals removed meanwhile are ignored. ``read`` is the stamp of what was
    there when it was opened. Raises Faster if that has changed since, TooLate if it is released, OutOfState once the
    review is held. The same sent twice does no harm.
    """
    review, side = preparation.review, preparation.side
    with _open_preparation(review, side) as stored:
        before, new = (
            stamp_of_preparation(*one) for one in ((stored, own_levels(review, side)), (preparation, levels))
        )
        if stored.released_at and stored.released_by_id not in (None, by.pk):
            raise TooLate(f"Nicht gespeichert: {stored.author} hat die Vorbereitung inzwischen freigegeben.")
        if stored.released_at and not (release and before == new):
            raise TooLate("Nicht gespeichert: Die Vorbereitung ist freigegeben und ändert sich nicht mehr.")
        if before not in (read, new):
            raise Faster
        for field in WORDS:
            setattr(stored, field, getattr(preparation, field))
        if release and not stored.released_at:
            stored.released_at, stored.released_by = timezone.now(), by
            stored.released_for = in_place_of(review.plan.participation, by)
        stored.save()
        rows = [GoalReview(goal_id=goal, **{OF_A_SIDE[side]: level}) for goal, level in levels.items()]
        save_standings(review, rows, [OF_A_SIDE[side]])


def take_back(*, review, by, read=None):
    """Turn the released preparation of the side of ``by`` into a draft again.

    ``read`` is the release_stamp that a page has shown, None is not asked. Raises TooLate once the other has released, too,
    Faster where a deputy has released another since, Refused for what a former manager has released: it stays their word.
    """
    participation = review.plan.participation
    side = side_of(participation, by)
    with _open_preparation(review, side, "Nicht zurückgenommen") as stored:
        if other := review.preparations.exclude(side=side).released().with_authors().first():
            raise TooLate(f"Nicht zurückgenommen: {other.author} hat inzwischen auch freigegeben.")
        if stored.is_of_former_manager:
            raise Refused(
                f"Nicht zurückgenommen: Diese Vorbereitung hat {stored.author} freigegeben. Sie bleibt so stehen."
            )
        if stored.released_at and read not in (None, stored.release_stamp):
            raise Faster(ANOTHER_RELEASE)
        review.preparations.filter(pk=stored.pk).update(released_at=None, released_by=None, released_for=None)


def save_standings(review, rows, fields):
    """Write these fields of the goals that the plan still pursues."""
    goals = set(review.plan.goals.pursued().values_list("pk", flat=True))
    kept = [row for row in rows if row.goal_id in goals]
    for row in kept:
        row.review_id = review.pk
    GoalReview.objects.bulk_create(kept, update_conflicts=True, unique_fields=["review", "goal"], update_fields=fields)
