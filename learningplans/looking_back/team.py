"""What the people somebody leads need, by name and as their manager reads it anyway.

Beside it what is due and what could be learned together.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from django.urls import reverse
from django.utils import timezone

from assessments.models import AgreedLevel, Participation, Target, tell_apart
from kompetenz.catalogue.frozen import Catalogue, FrozenCompetency
from kompetenz.catalogue.models import Competency
from kompetenz.wheel import Style, Wheel
from learningplans.models import Goal, GoalReview, LearningPlan, Measure
from learningplans.training.freshness import after_months

from .spread import counts, half_of, reached_by

SOON = timedelta(days=30)


@dataclass(frozen=True)
class Lacking:
    """Somebody who is below the Soll of their role: how far, and whether a measure is agreed for it."""

    name: str
    url: str
    level: str
    target: str
    has_measure: bool


@dataclass(frozen=True)
class TeamRow:
    """One competency: how many are at each level, and who is below their Soll."""

    competency: FrozenCompetency
    names: Sequence[str]
    counts: list[int]
    lacking: list[Lacking]

    @property
    def at_levels(self):
        """(name of the level, how many)."""
        return list(zip(self.names, self.counts, strict=True))


@dataclass(frozen=True)
class Due:
    """Something of one person that is due: a measure, or a competency to refresh."""

    on: date
    what: str
    name: str
    url: str

    @property
    def is_late(self):
        return self.on < timezone.localdate()


@dataclass(frozen=True)
class Together:
    """People with the same way to go in one competency."""

    competency: FrozenCompetency
    way: str
    names: list[str]


@dataclass
class Team:
    """The latest agreed levels of everybody ``user`` leads, in the catalogue of the newest of their rounds; None of nobody."""

    people: list[Participation]
    catalogue: Catalogue | None
    levels: dict = field(default_factory=dict)  # by participation, then competency: (level, day)
    targets: dict = field(default_factory=dict)
    goals: list[Goal] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)

    @cached_property
    def names(self):
        """What each is called, by participation; namesakes with their personnel number and unit."""
        tell_apart(self.people)
        return {row.pk: f"{row.person_name} ({row.apart})" if row.apart else row.person_name for row in self.people}

    def rows(self):
        """(category, its TeamRows)."""
        return [(category, [self._row(one) for one in category.competencies]) for category in self.catalogue.categories]

    def _row(self, competency):
        names = self.catalogue.scale.names
        at_levels = counts(self._at(competency.id), len(names))
        return TeamRow(competency, names, at_levels, [*self._lacking(competency.id)])

    def _at(self, competency):
        """The levels of all who have one, on the scale of the catalogue."""
        known = (self.levels[row.pk].get(competency) for row in self.people)
        return [self.catalogue.nearest(level) for level, _ in filter(None, known)]

    def _lacking(self, competency):
        helped = {
            goal.plan.participation_id for goal in self.goals if goal.competency_id == competency and goal.is_served
        }
        for row in self.people:
            level, _ = self.levels[row.pk].get(competency, (None, None))
            target = self.targets[row.pk].get(competency, 0)
            if level is not None and level < target:
                names = row.round.catalogue.scale.names
                yield Lacking(self.names[row.pk], row.get_absolute_url(), names[level], names[target], row.pk in helped)

    def wheel(self) -> Wheel:
        """What all, half of them and at least one have reached."""
        at = {one.id: self._at(one.id) for one in self.catalogue.competencies}
        views = [
            ("alle mindestens", Style.FILL, len),
            ("mindestens die Hälfte", Style.DIAMOND, lambda levels: half_of(len(levels))),
            ("mindestens eine Person", Style.CIRCLE, lambda _: 1),
        ]
        series = [
            self.catalogue.series(
                name, style, {pk: reached_by(levels, of(levels)) for pk, levels in at.items() if levels}
            )
            for name, style, of in views
        ]
        return self.catalogue.wheel("des Teams", *series)

    def due(self):
        """Measures and refreshes that are late, or are so within 30 days; the earliest first."""
        until = timezone.localdate() + SOON
        found = [
            Due(
                one.due_on,
                f"Maßnahme: {one.title}",
                self.names[one.plan.participation_id],
                one.plan.get_absolute_url(),
            )
            for one in self.measures
            if one.state == Measure.State.PLANNED and one.due_on <= until
        ]
        found += [one for one in self._refreshes() if one.on <= until]
        return sorted(found, key=lambda one: (one.on, one.name, one.what))

    def _refreshes(self):
        months = dict(Competency.objects.filter(refresh_months__isnull=False).values_list("pk", "refresh_months"))
        for row in self.people:
            known = row.round.catalogue.by_id
            for competency, (level, day) in self.levels[row.pk].items():
                if level and competency in months and competency in known:
                    url = reverse("learningplans:growth_of", args=[row.person_id])
                    what = f"Auffrischen: {known[competency].name}"
                    yield Due(after_months(day, months[competency]), what, self.names[row.pk], url)

    def together(self):
        """Goals that two or more have, the most people first."""
        found = defaultdict(set)
        for goal in self.goals:
            found[goal.competency_id, goal.from_level, goal.to_level].add(goal.plan.participation_id)
        known, names = self.catalogue.by_id, self.catalogue.scale.names
        shared = [
            Together(known[pk], f"von {names[low]} zu {names[high]}", sorted(self.names[row] for row in people))
            for (pk, low, high), people in found.items()
            if len(people) > 1 and pk in known and high < len(names)
        ]
        return sorted(shared, key=lambda one: (-len(one.names), one.competency.number, one.way))


def team_of(user):
    """The Team of ``user``, with what they read of it; seven queries however large it is."""
    rows = Participation.objects.managed_by(user).taking_part().with_agreed_levels()
    rows = rows.select_related("round", "talk", "person").order_by("talk__held_on", "pk")
    latest = {row.person_id: row for row in rows}  # of several the last
    people = sorted(latest.values(), key=lambda row: (row.sort_key, row.pk))
    if not people:
        return Team([], None)
    newest = max(people, key=lambda row: (row.round.opened_at, row.round_id))
    plans = {"plan__participation__in": people, "plan__state": LearningPlan.State.AGREED}
    goals = Goal.objects.pursued().filter(**plans).select_related("plan").prefetch_related("measures")
    team = Team(people, newest.round.catalogue, agreed_levels_of(people), targets_of(people), list(goals))
    for goal in team.goals:
        goal.is_served = any(one.state != Measure.State.DROPPED for one in goal.measures.all())
    team.measures = list(Measure.objects.planned().filter(**plans).select_related("plan"))
    return team


def agreed_levels_of(people):
    """What was last agreed in the talk of each participation or in a review after it; two queries."""
    found = {row.pk: {} for row in people}
    day = {row.pk: row.talk.held_on for row in people}
    of_talks = AgreedLevel.objects.filter(talk__participation__in=people, level__isnull=False)
    for pk, competency, level in of_talks.values_list("talk__participation", "competency", "level"):
        found[pk][competency] = level, day[pk]
    of_reviews = GoalReview.objects.agreed().filter(review__plan__participation__in=people)
    in_order = of_reviews.order_by("review__held_on", "review__planned_on", "review")
    fields = "review__plan__participation", "goal__competency", "agreed_level", "review__held_on"
    for pk, competency, level, held_on in in_order.values_list(*fields):
        found[pk][competency] = level, held_on
    return found


def targets_of(people):
    found = {row.pk: {} for row in people}
    rows = Target.objects.filter(participation__in=people).values_list("participation", "competency", "level")
    for pk, competency, level in rows:
        found[pk][competency] = level
    return found
