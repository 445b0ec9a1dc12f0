"""Which competencies become goals: the gaps first, then what else the two wish (paper 4.3.2)."""

from dataclasses import dataclass

from assessments.talk.gaps import find_gaps
from kompetenz.catalogue.frozen import Catalogue
from learningplans.contents.plan import agreed_levels
from learningplans.drafting.holding import changing
from learningplans.models import Goal
from roles.models import Necessity

HANDFUL = 5  # goals; more are possible and get a warning
KEPT_UP = {Goal.Aim.DEEPEN: "vertiefen oder auffrischen", Goal.Aim.REFRESH: "auffrischen"}
NUMBERS = dict(enumerate("eine zwei drei vier fünf sechs sieben acht neun".split(), start=1))


@dataclass(frozen=True)
class GoalCandidate:
    """A competency that may become a goal; ``target`` is None where the role asks nothing, ``required`` where no gap is.

    ``is_suggested`` are the few that come first; the two choose themselves.
    """

    catalogue: Catalogue
    competency: object
    actual: int
    target: int | None
    required: bool | None
    is_suggested: bool = False

    @property
    def levels(self):
        """The levels a goal may lead to, as choices; what reaches the Soll may also be kept up where it is."""
        higher = [(value, name) for value, name in self.catalogue.choices if value > self.actual]
        keeps = self.required is None and self.actual
        return [
            *higher,
            *([(self.actual, f"{self.actual_name}: {KEPT_UP[self.aim_at(self.actual)]}")] if keeps else []),
        ]

    def aim_at(self, level):
        """What a goal for this level means to do; the goal's own page changes it."""
        if level > self.actual:
            return Goal.Aim.RAISE
        return Goal.Aim.REFRESH if level == self.catalogue.highest else Goal.Aim.DEEPEN

    @property
    def proposal(self):
        """One level up, however far the Soll is, for two levels in one plan seldom succeed; never above the highest."""
        return min(self.actual + 1, self.catalogue.highest)

    @property
    def reason(self):
        """Why it is suggested, in words."""
        count = self.target - self.actual
        return f"für die Rolle erforderlich, {NUMBERS[count]} {'Stufe' if count == 1 else 'Stufen'} unter dem Soll"

    @property
    def is_far(self):
        """Whether the Soll lies more than one level above the Ist."""
        return (self.target or 0) > self.proposal

    @property
    def actual_name(self):
        return self.catalogue.scale.names[self.actual]

    @property
    def target_name(self):
        return "" if self.target is None else self.catalogue.scale.names[self.target]


def goal_candidates(plan):
    """The plan's gaps and its other competencies with an agreed Ist, both without those already goals.

    Gaps come erforderlich first, then the larger first; the others in the wheel's order. Of the erforderliche so many
    are suggested that the plan has a handful of goals. Costs four queries.
    """
    catalogue = plan.participation.round.catalogue
    competencies = catalogue.competencies
    actual = agreed_levels(plan.participation)
    asked = {target.competency_id: target for target in plan.participation.targets.all()}
    required = {pk for pk, target in asked.items() if target.necessity == Necessity.REQUIRED}
    targets = {pk: target.level for pk, target in asked.items()}
    taken = set(plan.goals.pursued().values_list("competency", flat=True))
    gaps = [gap for gap in find_gaps(competencies, targets, actual, required) if gap.competency.id not in taken]
    known = taken | {gap.competency.id for gap in gaps}
    wishes = [
        GoalCandidate(catalogue, competency, actual[competency.id], targets.get(competency.id), None)
        for competency in competencies
        if competency.id not in known and actual.get(competency.id) is not None
    ]
    return [
        GoalCandidate(
            catalogue,
            gap.competency,
            gap.actual,
            gap.target,
            gap.required,
            is_suggested=gap.required and place < HANDFUL - len(taken),
        )
        for place, gap in enumerate(gaps)
    ], wishes


def choose_goals(*, plan, chosen):
    """Append goals in the given order; ``chosen`` are (candidate, level to reach) pairs.

    A competency that the other side has made a goal at the same moment stays as they chose it.
    """
    with changing(plan):
        first = plan.goals.pursued().count() + 1
        goals = [
            Goal(
                plan=plan,
                competency_id=candidate.competency.id,
                from_level=candidate.actual,
                to_level=level,
                aim=candidate.aim_at(level),
                priority=priority,
            )
            for priority, (candidate, level) in enumerate(chosen, start=first)
        ]
        Goal.objects.bulk_create(goals, ignore_conflicts=True)
