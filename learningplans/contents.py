"""What a reader of a Lernplan gets to see, for the page and the PDF alike."""

from dataclasses import dataclass
from decimal import Decimal

from kompetenz.wheel import Role, Wheel

from .models import Goal, LearningPlan, Measure, Review


@dataclass(frozen=True)
class GoalEntry:
    """A goal with its place in the plan (1, 2, 3 ...), the round's words for its competency, and its measures."""

    number: int
    goal: Goal
    competency: object
    measures: list[Measure]


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
    """

    in_full: bool
    words: bool
    goals: list[GoalEntry]
    measures: list[MeasureEntry]
    reviews: list[Review]
    totals: Totals
    wheel: Wheel | None


def contents_for(plan, user):
    """Read the plan for ``user``, who may open it; costs eight queries in full, three without goals and levels."""
    measures = list(plan.measures.select_related("format"))
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
    return Contents(True, words, goals, entries, list(reviews), Totals.of(measures), wheel_of(plan, goals))


def goal_entries(plan, measures=()):
    """The plan's goals in their order, each with those of ``measures`` that serve it; two queries."""
    catalogue = plan.participation.round.catalogue
    serving = set(Goal.measures.through.objects.filter(goal__plan=plan).values_list("goal", "measure"))
    return [
        GoalEntry(
            number,
            goal,
            catalogue.by_id[goal.competency_id],
            [measure for measure in measures if (goal.pk, measure.pk) in serving],
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
