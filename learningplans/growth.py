"""How a person's competencies have grown: every talk and every review in which levels were agreed (paper 4.3.3)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format

from assessments.models import AgreedLevel, Participation, TalkProgress, Target
from kompetenz.wheel import Role, Wheel

from .course import Course, courses
from .freshness import Confirmation, Refresh, confirmed, refreshes
from .models import GoalReview, Review


@dataclass(frozen=True)
class Step:
    """A recorded talk, or a held review with the levels agreed in it and before it laid over the talk's."""

    on: date
    kind: str
    participation: Participation
    review: Review | None
    levels: dict[int, int]
    targets: dict[int, int]

    @property
    def catalogue(self):
        return self.participation.round.catalogue

    @property
    def name(self):
        return f"{self.kind} am {date_format(self.on, 'j. F Y')}"

    @property
    def url(self):
        """The page of the talk's round or of the review's result."""
        if self.review is None:
            return self.participation.get_absolute_url()
        return reverse("learningplans:review_result", args=[self.review.plan_id, self.review.pk])

    @property
    def picture(self):
        """The address of this step's wheel."""
        if self.review is None:
            return reverse("learningplans:growth_talk_wheel", args=[self.participation.pk])
        return reverse("learningplans:growth_review_wheel", args=[self.review.pk])

    def wheel(self) -> Wheel:
        """The agreed Ist of this step filled, the Soll of its round as outline."""
        series = [
            self.catalogue.series("vereinbartes Ist", Role.FILL, self.levels),
            self.catalogue.series("Soll", Role.OUTLINE, self.targets),
        ]
        return self.catalogue.wheel(f"von {self.participation.person_name}, {self.name}", *series)


@dataclass(frozen=True)
class Row:
    """One competency over all steps, the newest first: when it was last confirmed, and when it is to be refreshed."""

    course: Course
    confirmed: Confirmation | None
    refresh: Refresh | None

    @property
    def cells(self):
        return self.course.cells[::-1]


@dataclass(frozen=True)
class Growth:
    """All steps of one person that a reader shares, the newest first, and a row for each competency."""

    steps: list[Step]
    rows: list[Row]


def recorded(user):
    """Participations ``user`` shares whose talk is recorded; the newest talk last."""
    return (
        Participation.objects.shared_with(user)
        .filter(talk_state__gte=TalkProgress.RECORDED)
        .select_related("round", "talk")
        .order_by("talk__held_on", "pk")
    )


def growth_of(person, reader):
    """What ``reader`` shares of the person's growth; the same number of queries however many steps there are."""
    steps = steps_of(recorded(reader).filter(person=person))
    last = confirmed(person, reader)
    due = {one.competency.id: one for one in refreshes(person, last)}
    rows = [
        Row(course, last.get(course.competency.id), due.get(course.competency.id))
        for course in courses([(step.catalogue, step.levels) for step in steps])
    ]
    return Growth(steps[::-1], rows)


def steps_of(participations):
    """Every talk, and every held review in which a level was agreed, by date; four queries."""
    rows = list(participations)
    actual, soll = defaultdict(dict), defaultdict(dict)
    for participation, competency, level in AgreedLevel.objects.filter(talk__participation__in=rows).values_list(
        "talk__participation", "competency", "level"
    ):
        actual[participation][competency] = level
    for participation, competency, level in Target.objects.filter(participation__in=rows).values_list(
        "participation", "competency", "level"
    ):
        soll[participation][competency] = level
    reviewed = reviews_of(rows)
    steps = []
    for row in rows:
        levels = actual[row.pk]
        steps.append(Step(row.talk.held_on, "Gespräch", row, None, levels, soll[row.pk]))
        for review, agreed in reviewed[row.pk].items():
            levels = levels | agreed
            kind = "Abschlussgespräch" if review.is_final else "Review-Gespräch"
            steps.append(Step(review.held_on, kind, row, review, levels, soll[row.pk]))
    return sorted(steps, key=lambda step: step.on)


def reviews_of(participations):
    """The held reviews of each participation with the levels agreed in them, ``{participation: {review: levels}}``."""
    found = defaultdict(lambda: defaultdict(dict))
    standings = (
        GoalReview.objects.filter(
            review__plan__participation__in=participations, review__held_on__isnull=False, agreed_level__isnull=False
        )
        .select_related("review__plan", "goal")
        .order_by("review__held_on", "review")
    )
    for one in standings:
        found[one.review.plan.participation_id][one.review][one.goal.competency_id] = one.agreed_level
    return found
