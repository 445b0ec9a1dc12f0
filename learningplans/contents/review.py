"""What a review that was held has brought, for the page and the PDF alike (paper 4.3.3)."""

from dataclasses import dataclass

from kompetenz.wheel import Style, Wheel
from learningplans.contents.plan import GoalEntry, agreed_levels, goal_entries
from learningplans.models import OF_A_SIDE, FinalCheck, GoalReview, PlanChange, Preparation, Review


@dataclass(frozen=True)
class GoalStanding:
    """One goal at a review: what each side says where it lies open, and what was agreed; a level is None where there is none."""

    entry: GoalEntry
    own: int | None
    manager: int | None
    agreed: int | None
    helped: str
    to_level: int

    @property
    def is_reached(self):
        return self.agreed is not None and self.agreed >= self.to_level


def standings(review, preparations):
    """Each goal the plan pursues at this review, with the sides' levels of these preparations; three queries."""
    rows = {row.goal_id: row for row in review.goal_reviews.with_levels_of(preparations)}
    return [_standing(entry, rows.get(entry.goal.pk)) for entry in goal_entries(review.plan)]


def recorded_standings(review, preparations):
    """As ``standings``, of the goals that were talked about then, with the level each led to then."""
    rows = {row.goal_id: row for row in review.goal_reviews.with_levels_of(preparations)}
    entries = goal_entries(review.plan, ended=True)
    return [_standing(entry, rows[entry.goal.pk]) for entry in entries if entry.goal.pk in rows]


def _standing(entry, row):
    if row is None:
        return GoalStanding(entry, None, None, None, "", entry.goal.to_level)
    aim = entry.goal.to_level if row.to_level is None else row.to_level
    return GoalStanding(entry, row.seen_self, row.seen_manager, row.agreed_level, row.helped, aim)


@dataclass(frozen=True)
class Unreleased:
    """A side's preparation that was never released: its words, and pairs of goal and level; its own alone."""

    preparation: Preparation
    levels: list[tuple[GoalEntry, int]]


@dataclass(frozen=True)
class Result:
    """What a review that was held has brought, as both sides read it on the page and on paper.

    ``check`` and ``follow_ups``, pairs of FollowUp and competency, are the final review's alone.
    """

    review: Review
    standings: list[GoalStanding]
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
    changes = list(review.changes.with_names().select_related("review"))
    for change in changes:
        change.plan = plan
    check = FinalCheck.objects.filter(review=review).first() if review.is_final else None
    if check:
        check.review = review
    return Result(
        review=review,
        standings=recorded_standings(review, open_),
        preparations=list(disclosed(review)),
        changes=changes,
        check=check,
        follow_ups=[(one, by_id[one.competency_id]) for one in follow_ups],
        wheel=wheel_of(review),
    )


def unreleased(review, user):
    """What the side of ``user`` had written before a review that was held, and never released, with its level for each goal.

    None where there is no word of it; two queries more where there is.
    """
    draft = Preparation.objects.of_side(user).unreleased().filter(review=review).first()
    if draft is None:
        return None
    levels = dict(review.goal_reviews.values_list("goal", OF_A_SIDE[draft.side]))
    entries = [(one, levels.get(one.goal.pk)) for one in goal_entries(review.plan, ended=True)]
    levels = [(entry, level) for entry, level in entries if level is not None]
    return Unreleased(draft, levels) if levels or draft.has_words else None


def disclosed(review):
    """The preparations that lie open, with who has released them, the person's first."""
    return review.preparations.disclosed().with_authors().order_by("-side")


def wheel_of(review):
    """Before and after: filled, as every Ist, what holds after this record, and marked the talk's levels and the goals."""
    plan = review.plan
    participation, catalogue = plan.participation, plan.participation.round.catalogue
    goals = {goal.pk: goal for goal in plan.goals.all()}
    rows = list(review.goal_reviews.values_list("goal", "agreed_level", "to_level"))
    latest = GoalReview.objects.latest_levels(up_to(review)) | {pk: level for pk, level, _ in rows if level is not None}
    before = agreed_levels(participation)
    after = before | {goals[pk].competency_id: level for pk, level in latest.items() if pk in goals}
    aims = {goals[pk].competency_id: goals[pk].to_level if aim is None else aim for pk, _, aim in rows if pk in goals}
    return catalogue.wheel(
        f"von {participation.person_name}",
        catalogue.series(participation.talk.actual_is, Style.DIAMOND, before),
        catalogue.series("Stand im Review" if review.is_agreed else "Festgehalten", Style.FILL, after),
        catalogue.series("Ziel", Style.CIRCLE, aims),
    )


def up_to(review):
    """The ids of the plan's reviews held so far when this one was, itself the last; one query."""
    held = list(review.plan.reviews.held().values_list("pk", flat=True))
    return held[: held.index(review.pk) + 1] if review.pk in held else held
