"""What a reader of a Lernplan gets to see, for the page and the PDF alike."""

from dataclasses import dataclass, field
from decimal import Decimal

from kompetenz.catalogue.models import Level
from kompetenz.wheel import Role, Wheel

from .models import FinalCheck, Goal, GoalReview, LearningPlan, Measure, PlanChange, Review


@dataclass(frozen=True)
class GoalEntry:
    """A goal with its place in the plan (1, 2, 3 ...), the round's words for its competency, and its measures.

    ``standing`` is the level (0-3) last agreed in a review, None before.
    """

    number: int
    goal: Goal
    competency: object
    measures: list[Measure]
    standing: int | None = None

    @property
    def way(self):
        """Where the goal leads, e.g. "von Kenner bis Könner" or "Experte auffrischen"."""
        goal, aim = self.goal, self.goal.get_aim_display()
        if goal.to_level == goal.from_level:
            return f"{goal.get_to_level_display()} {aim}"
        way = f"von {goal.get_from_level_display()} bis {goal.get_to_level_display()}"
        return way if goal.aim == Goal.Aim.RAISE else f"{way}, {aim}"

    @property
    def is_reached(self):
        return self.standing is not None and self.standing >= self.goal.to_level

    @property
    def standing_name(self):
        return "" if self.standing is None else Level(self.standing).label


@dataclass(frozen=True)
class MeasureEntry:
    """A measure with the numbers of the goals it serves."""

    measure: Measure
    goals: list[int]


@dataclass(frozen=True)
class Totals:
    """Working hours and euros of all measures but the dropped ones; how many of them have no figure."""

    hours: Decimal
    cost: Decimal
    without_hours: int
    without_cost: int

    @classmethod
    def of(cls, measures):
        counted = [measure for measure in measures if measure.state != Measure.State.DROPPED]
        hours = [measure.hours for measure in counted if measure.hours is not None]
        cost = [measure.cost for measure in counted if measure.cost is not None]
        return cls(sum(hours, Decimal()), sum(cost, Decimal()), len(counted) - len(hours), len(counted) - len(cost))


@dataclass(frozen=True)
class Contents:
    """A plan as one reader may see it.

    Without ``in_full``: no goals, no levels, no wheel. ``words`` is whether what the two have written
    to each other, SMART texts and review notes, is the reader's too: never HR's, even where it sees levels.
    ``changes``, ``check`` and ``follow_ups``, pairs of FollowUp and competency, are such words.
    """

    in_full: bool
    words: bool
    goals: list[GoalEntry]
    measures: list[MeasureEntry]
    reviews: list[Review]
    totals: Totals
    wheel: Wheel | None
    changes: list[PlanChange] = field(default_factory=list)
    check: FinalCheck | None = None
    follow_ups: list = field(default_factory=list)


def contents_for(plan, user):
    """Read the plan for ``user``, who may open it; costs eight queries in full, three without goals and levels."""
    measures = list(plan.measures.select_related("format", "offer"))
    reviews = plan.reviews.all()
    if not LearningPlan.objects.in_full_for(user).contains(plan):
        entries = [MeasureEntry(measure, []) for measure in measures]
        return Contents(False, False, [], entries, list(reviews.defer("notes")), Totals.of(measures), None)
    goals = goal_entries(plan, measures)
    numbers = {measure.pk: [] for measure in measures}
    for entry in goals:
        for measure in entry.measures:
            numbers[measure.pk].append(entry.number)
    entries = [MeasureEntry(measure, numbers[measure.pk]) for measure in measures]
    words = plan.participation.is_shared_with(user)
    became = what_became_of(plan) if words else {}
    return Contents(True, words, goals, entries, list(reviews), Totals.of(measures), wheel_of(plan, goals), **became)


def what_became_of(plan):
    """What was changed since the plan was agreed and, once it is completed, how it goes on; three queries at most."""
    if plan.is_draft:
        return {}
    changes = list(plan.changes.select_related("review", "changed_by"))
    if plan.is_agreed:
        return {"changes": changes}
    catalogue = plan.participation.round.catalogue
    follow_ups = [(one, catalogue.by_id[one.competency_id]) for one in plan.follow_ups.all()]
    return {
        "changes": changes,
        "check": FinalCheck.objects.filter(review__plan=plan).first(),
        "follow_ups": follow_ups,
    }


def goal_entries(plan, measures=()):
    """The plan's goals in their order, each with those of ``measures`` that serve it; two queries, three once agreed."""
    catalogue = plan.participation.round.catalogue
    latest = {} if plan.is_draft else GoalReview.objects.latest_levels(plan.reviews.all())
    serving = set(Goal.measures.through.objects.filter(goal__plan=plan).values_list("goal", "measure"))
    return [
        GoalEntry(
            number,
            goal,
            catalogue.by_id[goal.competency_id],
            [measure for measure in measures if (goal.pk, measure.pk) in serving],
            latest.get(goal.pk),
        )
        for number, goal in enumerate(plan.goals.all(), start=1)
    ]


def agreed_levels(participation):
    """The agreed Ist as ``{competency id: level 0-3}``; one query."""
    return participation.talk.levels()


def wheel_of(plan, goals):
    """The wheel of the plan: the agreed Ist filled, the Soll as outline, the goals' levels as marks; three queries."""
    participation = plan.participation
    catalogue = participation.round.catalogue
    targets = dict(participation.targets.values_list("competency", "level"))
    series = [
        catalogue.series("vereinbartes Ist", Role.FILL, agreed_levels(participation)),
        catalogue.series("Soll", Role.OUTLINE, targets),
    ]
    if goals:
        chosen = {entry.goal.competency_id: entry.goal.to_level for entry in goals}
        series.append(catalogue.series("Ziel", Role.SELF, chosen))
    return catalogue.wheel(f"von {participation.person_name}", *series)
