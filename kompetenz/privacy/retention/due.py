"""What is due: which rows of each announced rule have had their last day, or have it soon. Reads only."""

from collections import defaultdict
from datetime import date

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from assessments.models import Assessment, Participation, PlanProgress, Progress, Round, TalkProgress
from kompetenz.people.models import Person
from kompetenz.privacy.periods import (
    Times,
    assessments_until,
    drafts_until,
    months_after,
    plan_draft_until,
    records_until,
)
from learningplans.models import LearningPlan

PLAN_STATES = {PlanProgress.DRAFT: "draft", PlanProgress.AGREED: "agreed", PlanProgress.COMPLETED: "completed"}
HAS_DRAFTS = (
    Q(self_state__in=[Progress.STARTED, Progress.ENTERED])
    | Q(manager_state=Progress.STARTED)
    | Q(talk_state=TalkProgress.STARTED, plan_state=PlanProgress.NONE)
)


def courses(*, people=None):
    """``{participation id: (person id, Times)}`` of everybody, or of these people (ids); three queries."""
    opened, closed = days_of_rounds()
    rows, plans = Participation.objects.order_by("round__opened_at", "pk"), LearningPlan.objects.order_by()
    if people is not None:
        rows, plans = rows.filter(person__in=people), plans.filter(participation__person__in=people)
    plan_of = {pk: rest for pk, *rest in plans.values_list("participation", "changed_at", "completed_on")}
    values = rows.values_list("pk", "person", "round", "declined_on", "plan_state")
    of_person = defaultdict(list)
    for row in values:
        of_person[row[1]].append(row)
    return {
        row[0]: (person, course_of(row, theirs[place + 1 :], opened, closed, plan_of))
        for person, theirs in of_person.items()
        for place, row in enumerate(theirs)
    }


def days_of_rounds():
    """On which days rounds were opened, and ended, by their ids; one query."""
    moments = list(Round.objects.exclude(opened_at=None).order_by().values_list("pk", "opened_at", "closed_at"))
    opened = {pk: timezone.localdate(moment) for pk, moment, _ in moments}
    return opened, {pk: timezone.localdate(moment) for pk, _, moment in moments if moment}


def course_of(row, later, opened, closed, plan_of):
    pk, _, round_, declined_on, plan_state = row
    changed_at, completed_on = plan_of.get(pk, (None, None))
    ended = [
        (opened[other], closed[other]) for _, _, other, declined, _ in later if other in closed and declined is None
    ]
    return Times(
        closed_on=closed.get(round_),
        ended=tuple(ended),
        declined=declined_on is not None,
        plan=PLAN_STATES.get(plan_state, ""),
        plan_changed_on=changed_at and timezone.localdate(changed_at),
        completed_on=completed_on,
    )


def last_days(course):
    """``{rule: the last day}`` of all that is in a participation with this course; what has no end yet is missing."""
    if course.declined:
        found = {"declined": drafts_until(course, settings.RETENTION_DAYS)}
    else:
        found = {
            "drafts": drafts_until(course, settings.RETENTION_DAYS),
            "plan_drafts": plan_draft_until(course, settings.RETENTION_DAYS),
            "assessments": assessments_until(course, settings.RETENTION_MONTHS),
            "records": records_until(course, settings.RETENTION_MONTHS),
        }
    return {rule: day for rule, day in found.items() if day}


def due(until, *, people=None):
    """``{rule: {id: its last day}}`` of what has its last day before ``until``; ids of participations, of "left" those of people."""
    found = defaultdict(dict)
    for pk, (_, course) in courses(people=people).items():
        for rule, day in last_days(course).items():
            if day < until:
                found[rule][pk] = day
    if found["drafts"]:
        with_drafts = set(Participation.objects.filter(HAS_DRAFTS).values_list("pk", flat=True))
        former = Assessment.objects.filter(kind=Assessment.Kind.FORMER).values_list("participation", flat=True)
        found["drafts"] = among(found["drafts"], with_drafts | set(former))
    if found["assessments"]:
        kept = Participation.objects.filter(assessments_erased_on=None)
        found["assessments"] = among(found["assessments"], set(kept.values_list("pk", flat=True)))
    found["left"] = left(until, people=people)
    gone = found["records"].keys()  # with which everything else of theirs goes
    for rule in ("drafts", "plan_drafts", "assessments"):
        found[rule] = {pk: day for pk, day in found[rule].items() if pk not in gone}
    return {rule: days for rule, days in found.items() if days}


def among(days, these):
    return {pk: day for pk, day in days.items() if pk in these}


def left(until, *, people=None):
    """Who has not worked here for so long, but those who still lead somebody; one query.

    Without a last day the day of their deactivation counts.
    """
    leads = Person.objects.employed().exclude(manager=None).order_by().values("manager")
    gone = Person.objects.annotate(last_day=Coalesce("leaving_date", "deactivated_on"))
    gone = gone.filter(last_day__lt=until).exclude(pk__in=leads).exclude(is_husk())
    if people is not None:
        gone = gone.filter(pk__in=people)
    months = settings.RETENTION_MONTHS["left"]
    ends = {pk: months_after(day, months) for pk, day in gone.values_list("pk", "last_day")}
    return {pk: day for pk, day in ends.items() if day < until}


def is_husk():
    """The condition on people of whom nothing is left but the name under the records of others."""
    return Q(is_active=False, email=None, personnel_number=None, unit=None, last_login=None, password="")


def of_person(person) -> dict[int, dict[str, date]]:
    """``{participation id: {rule: last day}}`` of one person, for them to read; three queries."""
    return {pk: last_days(course) for pk, (_, course) in courses(people=[person.pk]).items()}
