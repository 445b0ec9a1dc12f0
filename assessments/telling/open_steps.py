"""What is open in a round until a day, and when somebody is reminded of it: by half time, before the last day and after it, or by HR."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_

from django.conf import settings
from django.db import transaction
from django.db.models import DateField, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from assessments.models import Assessment, Participation, PlanProgress, Progress, Round, TalkProgress, goes_on
from kompetenz import hooks
from kompetenz.jobs.queue import task
from kompetenz.letters.gathering import told_by, told_from
from kompetenz.letters.writing import moment_in_key

from .letters import KINDS, write_to

HALF_TIME, AFTER = "halb", "danach"
AT_ONCE = 200  # people who are told in one transaction
A_STAGE = timedelta(days=30)  # what is late for longer is for people to talk about
JUST_OPENED = timedelta(days=2)  # who has just been told of a step needs no reminder of it yet
A_WEEK = timedelta(days=7)  # so long nobody is told that a step is late, however late it has opened


@dataclass(frozen=True)
class RemindedStep:
    """What somebody may be reminded of: until when it is due (a column), when it is open, whose it is (a column).

    ``since`` is the day it was opened; where nothing says so, the day on which the person entered the round.
    """

    name: str
    due: str
    is_open: Q
    whose: str
    since: object = F("admitted_on")


RELEASED = Progress.RELEASED
LAST_RELEASE = (
    Assessment.objects.filter(participation=OuterRef("pk"), kind__in=Assessment.SIDES)
    .order_by("-released_at")
    .values(day=TruncDate("released_at"))
)
SINCE_BOTH = Coalesce(Subquery(LAST_RELEASE[:1]), F("admitted_on"), output_field=DateField())
SINCE_RECORD = Coalesce(TruncDate("talk__recorded_at"), F("admitted_on"), output_field=DateField())
TO_PLAN = Q(talk_state__gte=TalkProgress.RECORDED, plan_state__lt=PlanProgress.AGREED)
STEPS = [
    RemindedStep("selbst", "self_due", Q(self_state__lt=RELEASED), "person"),
    RemindedStep("fremd", "manager_due", Q(manager_state__lt=RELEASED), "manager"),
    RemindedStep(
        "gespraech",
        "talk_due",
        Q(self_state=RELEASED, manager_state=RELEASED, talk_state__lt=TalkProgress.RECORDED),
        "manager",
        SINCE_BOTH,
    ),
    RemindedStep("antwort", "talk_due", Q(talk_state=TalkProgress.RECORDED), "person", SINCE_RECORD),
    RemindedStep("lernplan", "plan_due", TO_PLAN, "person", SINCE_RECORD),
    RemindedStep("lernplan", "plan_due", TO_PLAN, "manager", SINCE_RECORD),
]


def open_steps(whose):
    """The condition on participations in which the person or the manager has something to do that has a deadline."""
    steps = (step.is_open & Q(**{f"{step.due}__isnull": False}) for step in STEPS if step.whose == whose)
    return reduce(or_, steps)


def has_agreed(whose):
    """The condition on participations in which this side has agreed to the plan and waits for the other: nothing is asked of it."""
    return reduce(or_, (Q(pk__in=found) for found in hooks.ask("agreed_drafts", whose)), Q(pk__in=[]))


def whose_day_moved(rows, dues, whose):
    """Those of ``rows`` in which a step that is open for this side ends on another day now, of ``{column: day}``."""
    moved = [
        step.is_open & Q(**{step.due: dues[step.due]}) for step in STEPS if step.whose == whose and dues.get(step.due)
    ]
    return rows.filter(goes_on(), reduce(or_, moved, Q(pk__in=[]))).exclude(has_agreed(whose))


def tell_of_days(rows, dues, *, moment=""):
    """Tell whoever has something open in these participations of one running round until when it is now; ``moment`` see moment_of."""
    moment = moment or moment_in_key()
    first = rows.first()
    for whose in ("person", "manager") if first and dues else ():
        told = whose_day_moved(rows, dues, whose)
        write_to(told, whose, kind=KINDS.NOTICE, key=f"days-{first.round_id}-{moment}")


@task()
def tell_all_of_days(round_, dues, moment):
    """The same for a whole round, some people at a time; may run again."""
    rows = Participation.objects.filter(round=round_, round__state=Round.State.OPEN)
    dues = {column: date.fromisoformat(day) for column, day in dues.items()}
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        with transaction.atomic():
            tell_of_days(rows.filter(pk__in=keys[start : start + AT_ONCE]), dues, moment=moment)


# When somebody is reminded -----------------------------------------------------------------------


def stage_of(since: date, due: date, today: date, resumed: date | None = None):
    """Which reminder is due on ``today`` for something begun on ``since``: the latest whose day has come, or None.

    At half time, some days before the last day and once after it, as the settings say, on days on which somebody reads it. What
    opens in the last days counts from then on: its letter has just been read, and nobody is late with it for a week.
    "Once" holds because a letter is written once for a stage, and its key is known for longer than a stage lasts: thirty
    days. Who has rested until ``resumed`` hears of no stage from before.
    """
    nearer = sorted(settings.REMINDER_DAYS, reverse=True)
    stages = {told_by(due - timedelta(days=days)): f"{days}-tage" for days in nearer}
    if settings.REMINDER_AT_HALF_TIME:
        stages.setdefault(told_by(since + (due - since) // 2), HALF_TIME)
    if settings.REMINDER_AFTER:
        stages[told_from(max(due, since + A_WEEK) + timedelta(days=1))] = AFTER
    reached = [day for day in stages if max(since + JUST_OPENED, resumed or since) < day <= today]
    if not reached or today - max(reached) >= A_STAGE or (today > due and not settings.REMINDER_AFTER):
        return None
    return stages[max(reached)]


def is_arranged(step):
    """The condition on participations whose talk has a date to come: of the date people are reminded instead."""
    return Q(talk_at__gt=timezone.now()) if step == "gespraech" else Q(pk__in=[])


def remind_of_step(round_, step, today):
    """Write the reminders for one step of a round; the number of queries follows that of different deadlines."""
    waiting = round_.participations.filter(goes_on(), step.is_open, **{f"{step.due}__isnull": False})
    waiting = (
        waiting.exclude(has_agreed(step.whose))
        .exclude(is_arranged(step.name))
        .annotate(since=step.since, due_on=F(step.due))
    )
    at_stage = {}
    for since, resumed, due in waiting.order_by().values_list("since", "resumed_on", "due_on").distinct():
        if stage := stage_of(since, due, today, resumed):
            at_stage.setdefault((due, stage), []).append(Q(since=since, resumed_on=resumed))
    written = 0
    for (due, stage), alike in sorted(at_stage.items(), key=lambda found: found[0]):
        key = f"round-{round_.pk}-{step.name}-{due:%Y%m%d}-{stage}"
        written += write_to(waiting.filter(reduce(or_, alike), due_on=due), step.whose, kind=KINDS.REMINDER, key=key)
    return written


@hooks.register("every_day")
def remind_of_deadlines(today):
    """Remind of what is open in running rounds, the person first; who leads several gets one letter for all."""
    rounds = list(Round.objects.open())
    written = sum(remind_of_step(round_, step, today) for round_ in rounds for step in STEPS)
    return f"Erinnerungen an Fristen geschrieben: {written}." if written else None


@transaction.atomic
def remind(*, participations, by):
    """Remind whoever has something open in these participations of one round; at most once a day. How many letters.

    Also once the round has ended: of plans that are missing, or in which something is due. Those who rest are left in
    peace. ``by`` is who asks for it: HR.
    """
    rows = participations.filter(goes_on(), round__in=Round.objects.run_by(by))
    round_ = Round.objects.filter(pk__in=rows.values("round")).first()
    if not round_ or round_.is_draft:
        return 0
    day = f"{timezone.localdate():%Y%m%d}"
    return sum(
        write_to(
            open_to(rows, whose, round_.is_open), whose, kind=KINDS.REMINDER, key=f"round-{round_.pk}-reminder-{day}"
        )
        for whose in ("person", "manager")
    )


def open_to(rows, whose, running):
    """Those of ``rows`` in which the person or the manager has something to do, in a running round or after it."""
    due = hooks.ask_for_all("due_plans", rows.order_by())
    return rows.filter((open_steps(whose) if running else TO_PLAN) | Q(pk__in=due)).exclude(has_agreed(whose))
