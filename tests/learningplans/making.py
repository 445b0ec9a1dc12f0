"""Rounds, agreed levels and plans for the tests of learningplans."""

from datetime import date
from decimal import Decimal

from django.utils import timezone

from assessments.models import (
    Acknowledgement,
    AgreedLevel,
    Participation,
    Progress,
    Round,
    Side,
    Talk,
    TalkProgress,
    Target,
)
from kompetenz.catalogue.models import Competency, Edition
from learningplans.models import LearningFormat, LearningPlan, Measure
from roles.models import Necessity, RoleProfile
from tests.catalogue import COMPETENCIES
from tests.clock import TODAY, in_days

# Of all competencies, by their number on the wheel: (Soll, Ist, necessity).
LEVELS = dict.fromkeys(range(1, COMPETENCIES + 1), (2, 2, Necessity.REQUIRED)) | {
    3: (2, 1, Necessity.DESIRABLE),
    5: (3, 1, Necessity.REQUIRED),
    8: (3, 0, Necessity.DESIRABLE),
    11: (3, 2, Necessity.REQUIRED),
    20: (3, 3, Necessity.REQUIRED),
    24: (0, 0, Necessity.DESIRABLE),
}


def participation_of(
    person,
    *,
    talk_state=TalkProgress.CONFIRMED,
    shows_levels_to_hr=False,
    title="Runde 2026",
    held_on=None,
    declined=False,
):
    """A participation in an open round with both assessments released and, unless ``declined``, all levels agreed.

    The talk was held on ``held_on``, or else 30 days ago.
    """
    round_ = Round.objects.create(
        title=title,
        purpose="Entwicklung",
        state=Round.State.OPEN,
        opened_at=timezone.now(),
        self_due=date(2026, 3, 1),
        manager_due=date(2026, 3, 1),
        talk_due=date(2026, 4, 1),
        edition=Edition.objects.current(),
        shows_levels_to_hr=shows_levels_to_hr,
    )
    participation = Participation.objects.create(
        round=round_,
        person=person,
        manager=person.manager,
        profile=RoleProfile.objects.first(),
        person_name=str(person),
        sort_key=person.sort_key,
        role_name="Digitalisierungslotse",
        unit_name="Bauamt",
        manager_name=str(person.manager),
        self_due=round_.self_due,
        manager_due=round_.manager_due,
        talk_due=round_.talk_due,
        self_state=Progress.RELEASED,
        manager_state=Progress.RELEASED,
        talk_state=talk_state,
    )
    talk = Talk.objects.create(participation=participation, held_on=held_on or in_days(-30))
    if talk_state == TalkProgress.CONFIRMED:
        statement = "So war es nicht." if declined else ""
        Acknowledgement.objects.create(talk=talk, side=Side.PERSON, by=person, declined=declined, statement=statement)
    targets, agreed = [], []
    for number, competency in enumerate(Competency.objects.all(), start=1):
        target, actual, necessity = LEVELS[number]
        rule = {"competency": competency, "profile_level": target, "level": target, "necessity": necessity}
        targets.append(Target(participation=participation, **rule))
        agreed.append(AgreedLevel(talk=talk, competency=competency, level=actual))
    Target.objects.bulk_create(targets)
    AgreedLevel.objects.bulk_create(agreed)
    return participation


def competency(number):
    return Competency.objects.all()[number - 1]


def goal_in(plan, number, **fields):
    """A goal for the competency with this number, one level up, with a date and the four texts."""
    actual = LEVELS[number][1]
    texts = {
        "specific": f"Verfahren {number} selbst einrichten",
        "measurable": "Zwei Verfahren laufen",
        "seen_by": "die Führungskraft",
        "ambitious": "Bisher nur mit Anleitung",
        "realistic": "Ein halber Tag je Woche ist frei",
    }
    fields = {"from_level": actual, "to_level": actual + 1, "due_on": in_days(200), **texts} | fields
    return plan.goals.create(competency=competency(number), priority=plan.goals.count() + 1, **fields)


def measure_in(plan, *goals, **fields):
    defaults = {
        "format": LearningFormat.objects.get(key="kollegialer-austausch"),
        "title": "Hospitation im Nachbarkreis",
        "due_on": in_days(100),
        "responsible": "Anna Ärmel",
        "hours": Decimal("12.5"),
        "cost": Decimal("1250.50"),
    }
    measure = Measure.objects.create(plan=plan, **defaults | fields)
    measure.goals.set(goals)
    return measure


def plan_of(participation, *, state=LearningPlan.State.DRAFT, goals=(5, 8, 11), measures=3, final=True):
    """A plan with these goals, so many measures, one interim and perhaps a final review."""
    agreed_on = None if state == LearningPlan.State.DRAFT else TODAY
    plan = LearningPlan.objects.create(
        participation=participation,
        state=state,
        agreed_by_person_on=agreed_on,
        agreed_by_manager_on=agreed_on,
        completed_on=agreed_on if state == LearningPlan.State.COMPLETED else None,
    )
    made = [goal_in(plan, number) for number in goals]
    for number in range(measures):
        measure_in(plan, made[number % len(made)], title=f"Maßnahme {number + 1}")
    plan.reviews.create(planned_on=in_days(90))
    if final:
        plan.reviews.create(planned_on=in_days(210), is_final=True)
    return plan
