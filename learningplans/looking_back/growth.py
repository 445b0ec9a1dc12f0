"""How a person's competencies have grown: every recorded talk and every review in which levels were agreed (paper 4.3.3)."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format

from assessments.models import AgreedLevel, Participation, TalkProgress, Target
from kompetenz.wheel import Style, Wheel
from learningplans.models import GoalReview, Review
from learningplans.training.freshness import Confirmation, Refresh, confirmed, refreshes

from .course import Course, courses
from .standing import Agreement, AgreementPlace, Standing, standings


@dataclass(frozen=True)
class GrowthStep:
    """A recorded talk, or a held review in which levels were agreed: where the person stood after it.

    ``targets`` are the Soll of the latest talk's round. What one side has recorded and the other has not taken note of
    is shown with its talk, ``not_agreed`` in words, and goes into no later step. ``has_page`` is whether its reader can open it.
    """

    on: date
    kind: str
    participation: Participation
    review: Review | None
    standing: Standing
    targets: dict[int, int]
    has_page: bool = True

    @property
    def name(self):
        name = f"{self.kind} am {date_format(self.on)}"
        return f"{name}, {self.not_agreed}" if self.not_agreed else name

    @property
    def not_agreed(self):
        """What the levels of a talk are instead of agreed; empty where they are."""
        talk = self.participation.talk
        return "" if self.review or talk.is_agreed else talk.levels_are

    @property
    def actual_is(self):
        return "Vereinbartes Ist" if self.review else self.participation.talk.actual_is

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
        """The Ist after this step filled, the Soll as outline."""
        catalogue = self.standing.catalogue
        series = [
            catalogue.series(self.actual_is, Style.FILL, self.standing.on_scale()),
            catalogue.series("Soll", Style.OUTLINE, self.targets),
        ]
        return catalogue.wheel(f"von {self.participation.person_name}, {self.name}", *series)


@dataclass(frozen=True)
class GrowthRow:
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

    steps: list[GrowthStep]
    rows: list[GrowthRow]

    @property
    def has_not_agreed(self):
        """Whether any step shows what only one side has recorded."""
        return any(step.not_agreed for step in self.steps)


def recorded(user):
    """Participations ``user`` reads in full whose talk is recorded; the newest talk last."""
    return (
        Participation.objects.read_by(user)
        .filter(talk_state__gte=TalkProgress.RECORDED)
        .select_related("round", "talk")
        .prefetch_related("talk__acknowledgements")
        .order_by("talk__held_on", "pk")
    )


def growth_of(person, reader):
    """What ``reader`` shares of the person's growth; the same number of queries however many steps there are."""
    steps = [led_to(step, person, reader) for step in steps_of(recorded(reader).filter(person=person))]
    last = confirmed(person, reader, opened=True)
    due = {one.competency.id: one for one in refreshes(person, last)}
    rows = [
        GrowthRow(course, last.get(course.competency.id), due.get(course.competency.id))
        for course in courses([step.standing for step in steps])
    ]
    return Growth(steps[::-1], rows)


def led_to(step, person, reader):
    """The step, without the way to a review's page where a new manager reads it with the person's consent: that page they do not open."""
    is_opened = reader.pk != person.pk and step.participation.manager_id != person.manager_id
    return replace(step, has_page=False) if step.review and is_opened else step


def steps_of(participations):
    """Every talk, and every held review in which a level was agreed, in their order; five queries.

    Each shows of every competency the latest agreement up to then, whichever of these participations it comes from.
    """
    rows = list(participations)
    actual, soll = defaultdict(dict), defaultdict(dict)
    agreed = AgreedLevel.objects.filter(talk__participation__in=rows, level__isnull=False)
    for participation, competency, level in agreed.values_list("talk__participation", "competency", "level"):
        actual[participation][competency] = level
    for participation, competency, level in Target.objects.filter(participation__in=rows).values_list(
        "participation", "competency", "level"
    ):
        soll[participation][competency] = level
    reviewed, records, sources = reviews_of(rows), [], {}
    for row in rows:
        talk = AgreementPlace(row.talk.held_on, row.talk.held_on, row.pk)
        sources[talk] = (row, None)
        records.append(Agreement(talk, row.round.catalogue, actual[row.pk], counts=row.talk.is_agreed))
        for review, levels in reviewed[row.pk].items():
            place = AgreementPlace(review.held_on, row.talk.held_on, row.pk, True, review.planned_on, review.pk)
            sources[place] = (row, review)
            records.append(Agreement(place, row.round.catalogue, levels))
    return [step_at(one, *sources[one.record.place], soll[one.talk.place.participation]) for one in standings(records)]


def step_at(standing, participation, review, targets):
    kind = "Gespräch" if review is None else "Abschlussgespräch" if review.is_final else "Review-Gespräch"
    return GrowthStep(standing.record.place.on, kind, participation, review, standing, targets)


def reviews_of(participations):
    """The held reviews of each participation with the levels agreed in them, ``{participation: {review: levels}}``."""
    found = defaultdict(lambda: defaultdict(dict))
    standings = (
        GoalReview.objects.agreed()
        .filter(review__plan__participation__in=participations)
        .select_related("review__plan", "goal")
        .order_by("review__held_on", "review")
    )
    for one in standings:
        found[one.review.plan.participation_id][one.review][one.goal.competency_id] = one.agreed_level
    return found
