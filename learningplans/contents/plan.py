"""What a reader of a Lernplan gets to see, for the page and the PDF alike."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from assessments.models import AgreedLevel, Talk
from assessments.models.targets import target_levels_of
from kompetenz.prepared import prepared
from kompetenz.wheel import Scale, Style, Wheel
from learningplans.models import FinalCheck, FollowUp, Goal, GoalReview, LearningPlan, Measure, PlanChange, Review


@dataclass(frozen=True)
class GoalEntry:
    """A goal with its place in the plan (1, 2, 3 ...), the round's words for its competency and levels, and its measures.

    ``standing`` is the level last agreed in a review, None before.
    """

    scale: Scale
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
            return f"{self.to_name} {aim}"
        way = f"von {self.from_name} bis {self.to_name}"
        return way if goal.aim == Goal.Aim.RAISE else f"{way}, {aim}"

    @property
    def from_name(self):
        return self.scale.names[self.goal.from_level]

    @property
    def to_name(self):
        return self.scale.names[self.goal.to_level]

    @property
    def is_reached(self):
        return self.standing is not None and self.standing >= self.goal.to_level

    @property
    def standing_name(self):
        return "" if self.standing is None else self.scale.names[self.standing]


@dataclass(frozen=True)
class MeasureEntry:
    """A measure, whose ``number`` is its place in the plan (1, 2, 3 ... by when it begins), and the numbers of the goals it serves."""

    measure: Measure
    goals: list[int]


@dataclass(frozen=True)
class Totals:
    """Working hours and euros of all measures but the dropped ones, None if no figure is known; how many have none."""

    hours: Decimal | None
    cost: Decimal | None
    without_hours: int
    without_cost: int

    @classmethod
    def of(cls, measures):
        counted = [measure for measure in measures if measure.state != Measure.State.DROPPED]
        hours = [measure.hours for measure in counted if measure.hours is not None]
        cost = [measure.cost for measure in counted if measure.cost is not None]
        return cls(
            sum(hours) if hours else None,
            sum(cost) if cost else None,
            len(counted) - len(hours),
            len(counted) - len(cost),
        )


@dataclass(frozen=True)
class Contents:
    """A plan as one reader may see it.

    Without ``in_full``: no goals, no levels, no wheel. ``words`` is whether what the two have written
    to each other, SMART texts and review notes, is the reader's too: never HR's, even where it sees levels.
    ``changes``, ``check`` and ``follow_ups``, pairs of FollowUp and competency, are such words. Who reads it as the person's new
    manager, with their consent, gets of all these what both have agreed. ``ended`` are the goals
    given up on the way; ``changed_on`` is the day of the last change that took effect, for every reader.
    """

    in_full: bool
    words: bool
    goals: list[GoalEntry]
    measures: list[MeasureEntry]
    reviews: list[Review]
    totals: Totals
    wheel: Wheel | None
    talk: Talk | None = None
    ended: list[GoalEntry] = field(default_factory=list)
    changed_on: date | None = None
    changes: list[PlanChange] = field(default_factory=list)
    check: FinalCheck | None = None
    follow_ups: list = field(default_factory=list)

    @property
    def is_on_what_one_side_wrote(self):
        """Whether the reader sees levels of a talk of which the person has not taken note."""
        return self.in_full and not self.talk.is_agreed

    @property
    def waiting(self):
        """The changes that wait for their answer."""
        return [change for change in self.changes if change.waits]


def contents_for(plan, user):
    """Read the plan for ``user``, who may open it; costs eight queries in full, four without goals and levels."""
    measures = sorted(with_plan(plan, measures_of(plan.pk)), key=by_time)
    for number, measure in enumerate(measures, start=1):
        measure.number = number
    if not is_read_in_full(user, plan.pk):
        entries = [MeasureEntry(measure, []) for measure in measures]
        reviews = list(plan.reviews.with_names().defer("notes", "changed_tasks", "statement", "sent_back_why"))
        day = None if plan.is_draft else last_change(plan.changes.in_force())
        return Contents(False, False, [], entries, reviews, Totals.of(measures), None, changed_on=day)
    every = goal_entries(plan, measures, ended=True)
    goals = [entry for entry in every if entry.goal.ended_on is None]
    numbers = {measure.pk: [] for measure in measures}
    for entry in goals:  # what serves an ended goal alone has no number
        for measure in entry.measures:
            numbers[measure.pk].append(entry.number)
    entries = [MeasureEntry(measure, numbers[measure.pk]) for measure in measures]
    shared = plan.participation.is_shared_with(user)
    words = shared or plan.participation.is_opened_to(user)
    became = (
        what_became_of(plan)
        if words
        else {"changed_on": None if plan.is_draft else last_change(plan.changes.in_force())}
    )
    reviews = with_plan(plan, reviews_of(plan.pk))
    if words and not shared:
        became, reviews = (
            agreed_of(became),
            [review if review.is_agreed else without_words(review) for review in reviews],
        )
    note_changes_after_reports(measures, became.get("changes", []))
    became["ended"] = [entry for entry in every if entry.goal.ended_on]
    became["talk"] = plan.participation.talk
    return Contents(True, words, goals, entries, reviews, Totals.of(measures), wheel_of(plan, goals), **became)


def agreed_of(became):
    """Of what became of a plan what both have agreed: changes in force, and what the final review says if its record was noted."""
    check, changes = became.get("check"), became.get("changes", [])
    found = became | {"changes": [change for change in changes if change.is_in_force]}
    return found if check is None or check.review.is_agreed else found | {"check": None, "follow_ups": []}


def without_words(review):
    """A review with its dates alone, without what one side has written of it. Not to be saved."""
    review.notes = review.changed_tasks = review.statement = review.sent_back_why = ""
    review.written_at = None
    return review


def by_time(measure):
    """The order of measures, in list, picture and table alike."""
    return measure.starts_on or measure.due_on, measure.due_on, measure.pk


def with_plan(plan, rows):
    """Rows of a plan, which they need not look for."""
    for row in rows:
        row.plan = plan
    return rows


@prepared
def is_read_in_full(user, plan):
    """The plan, if ``user`` reads it with goals and levels."""
    return LearningPlan.objects.in_full_for(user).filter(pk=plan).values_list("pk")


@prepared
def measures_of(plan):
    return Measure.objects.filter(plan=plan).select_related("format", "offer", "state_by", "state_for", "booking__date")


@prepared
def reviews_of(plan):
    return Review.objects.filter(plan=plan).with_names()


def last_change(changes):
    """The day on which a plan last became another one after it was agreed, or None.

    What was changed before it was last a draft is not said of it.
    """
    in_force = [one for one in changes if one.is_in_force]
    agreed_anew = max((one.answered_at for one in in_force if one.reopens), default=None)
    since = [
        one.took_effect_on
        for one in in_force
        if agreed_anew is None or (one.answered_at and one.answered_at > agreed_anew)
    ]
    return max(since, default=None)


def what_became_of(plan):
    """What was changed since the plan was agreed and, once it is completed, how it goes on; three queries at most."""
    if plan.is_draft:
        return {}
    changes = with_plan(plan, changes_of(plan.pk))
    found = {"changes": changes, "changed_on": last_change(changes)}
    if plan.is_agreed:
        return found
    catalogue = plan.participation.round.catalogue
    follow_ups = [(one, catalogue.by_id[one.competency_id]) for one in follow_ups_of(plan.pk)]
    check = check_of.first(plan.pk)
    if check:
        check.review.plan = plan
    return found | {
        "check": check,
        "follow_ups": follow_ups,
    }


def note_changes_after_reports(measures, changes):
    """Note of each measure whether what was reported of it ``is_another_since``, by a change both have read after that."""
    by_id = {measure.pk: measure for measure in measures if measure.state_at}
    for change in changes:
        for step in change.steps if change.is_in_force and change.answered_at else []:
            measure = by_id.get(step["pk"]) if step["kind"] == "measure" else None
            if measure and measure.state_at < change.answered_at and step.get("was", {}).keys() & set(Measure.REPORTED):
                measure.is_another_since = True


@prepared
def changes_of(plan):
    return PlanChange.objects.filter(plan=plan).with_names().select_related("review")


@prepared
def follow_ups_of(plan):
    return FollowUp.objects.filter(plan=plan)


@prepared
def check_of(plan):
    return FinalCheck.objects.filter(review__plan=plan).select_related("review__written_by", "review__written_for")


def goal_entries(plan, measures=(), *, ended=False):
    """The plan's goals in their order, each with those of ``measures`` that serve it; two queries, three once agreed.

    Those it pursues, and with ``ended`` those given up after them.
    """
    catalogue = plan.participation.round.catalogue
    latest = {} if plan.is_draft else dict(levels_agreed_on(plan.pk))
    serving = set(serving_in(plan.pk))
    return [
        GoalEntry(
            catalogue.scale,
            number,
            goal,
            catalogue.by_id[goal.competency_id],
            [measure for measure in measures if (goal.pk, measure.pk) in serving],
            latest.get(goal.pk),
        )
        for number, goal in enumerate(in_their_order(plan, ended=ended), start=1)
    ]


@prepared
def levels_agreed_on(plan):
    return GoalReview.objects.levels_in_order(Review.objects.filter(plan=plan))


@prepared
def serving_in(plan):
    return Goal.measures.through.objects.filter(goal__plan=plan).values_list("goal", "measure")


@prepared
def goals_of(plan):
    return Goal.objects.filter(plan=plan)


def in_their_order(plan, *, ended):
    goals = [goal for goal in with_plan(plan, goals_of(plan.pk)) if ended or goal.ended_on is None]
    return sorted(goals, key=lambda goal: goal.ended_on is not None)


def agreed_levels(participation):
    """The Ist of the talk as ``{competency id: level}``; what it is to be called, ``talk.actual_is`` says; one query."""
    return dict(agreed_levels_of(participation.pk))


@prepared
def agreed_levels_of(participation):
    agreed = AgreedLevel.objects.filter(talk__participation=participation)
    return agreed.exclude(level=None).values_list("competency", "level")


def wheel_of(plan, goals):
    """The wheel of the plan: the Ist of the talk filled, the Soll as outline, the goals' levels as marks; four queries."""
    participation = plan.participation
    catalogue = participation.round.catalogue
    targets = dict(target_levels_of(participation.pk))
    series = [
        catalogue.series(participation.talk.actual_is, Style.FILL, agreed_levels(participation)),
        catalogue.series("Soll", Style.OUTLINE, targets),
    ]
    if goals:
        chosen = {entry.goal.competency_id: entry.goal.to_level for entry in goals}
        series.append(catalogue.series("Ziel", Style.CIRCLE, chosen))
    return catalogue.wheel(f"von {participation.person_name}", *series)
