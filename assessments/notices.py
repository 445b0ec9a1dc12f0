"""Which letters a round writes, to whom and when. None of them says more than that there is something, and where.

Everything a letter hints at stands in "Meine Aufgaben", too: whoever gets none misses nothing.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from kompetenz.documents.calendar import calendar_file
from kompetenz.jobs.daily import every_day
from kompetenz.letters.models import Letter
from kompetenz.letters.writing import write_letters
from kompetenz.people.models import Deputy, Person

from .dates import talk_event
from .models import Participation, PlanProgress, Progress, Round, TalkProgress

KINDS = Letter.Kind
HALF_TIME, AFTER = "halb", "danach"
LAST_AFTER = timedelta(days=30)  # what is late for longer is for people to talk about


@dataclass(frozen=True)
class Step:
    """What somebody may be reminded of: until when it is due (a column), when it is open, whose it is (a column)."""

    name: str
    due: str
    is_open: Q
    whose: str


RELEASED = Progress.RELEASED
STEPS = [
    Step("selbst", "self_due", Q(self_state__lt=RELEASED), "person"),
    Step("fremd", "manager_due", Q(manager_state__lt=RELEASED), "manager"),
    Step(
        "gespraech",
        "talk_due",
        Q(self_state=RELEASED, manager_state=RELEASED, talk_state__lt=TalkProgress.RECORDED),
        "manager",
    ),
    Step(
        "lernplan", "plan_due", Q(talk_state__gte=TalkProgress.RECORDED, plan_state__lt=PlanProgress.AGREED), "person"
    ),
    Step(
        "lernplan", "plan_due", Q(talk_state__gte=TalkProgress.RECORDED, plan_state__lt=PlanProgress.AGREED), "manager"
    ),
]


def people_of(participations, whose):
    """The participants, or whoever leads one of them today; see ``leading``."""
    if whose == "manager":
        return leading(participations)
    return Person.objects.filter(pk__in=participations.values("person"))


def leading(participations):
    """The managers of these participations and their deputies of today, as far as they have access.

    A former manager has none, from the day the person has another; a deputy has it for the people named.
    """
    present = participations.filter(manager=F("person__manager"))
    entrusted = Deputy.people.through.objects.filter(
        person__in=present.values("person"),
        deputy__in=Deputy.objects.current(),
        deputy__manager=F("person__manager"),
    ).exclude(deputy__person=F("person"))
    return Person.objects.filter(Q(pk__in=present.values("manager")) | Q(pk__in=entrusted.values("deputy__person")))


def own_page(participations):
    """A function from a person to the page of their participation among these; one query."""
    pages = dict(participations.values_list("person", "pk"))
    return lambda person: reverse("assessments:participation", args=[pages[person.pk]])


def write_to(participations, whose, *, kind, key):
    """A letter with this key to each person, or to whoever leads one of them; how many are new.

    Managers and deputies get one, however many people it is about.
    """
    page = own_page(participations) if whose == "person" else reverse("assessments:team")
    return write_letters(kind=kind, key=f"{key}-{whose}", path=page, people=people_of(participations, whose))


# --- what happens in a round -------------------------------------------------------------------------------


def invite(participations):
    """Tell new participants and their managers that a round has begun for them; they all are of one round."""
    keys = [participation.pk for participation in participations]
    rows = Participation.objects.filter(pk__in=keys)
    for whose in ("person", "manager"):
        write_to(rows, whose, kind=KINDS.INVITATION, key=f"round-{participations[0].round_id}-invitation")


def tell_of_release(assessment):
    """Tell the other side once they may see something they could not see before."""
    participation = Participation.objects.select_related("round").get(pk=assessment.participation_id)
    if not participation.both_released and participation.round.disclosure != Round.Disclosure.EACH:
        return
    write_letters(
        kind=KINDS.RELEASE,
        key=f"participation-{participation.pk}-release-{assessment.kind}",
        path=participation.get_absolute_url(),
        people=people_of(
            Participation.objects.filter(pk=participation.pk), "manager" if assessment.is_self else "person"
        ),
    )


def tell_of_entry(assessment):
    """Tell the person that somebody has typed in the Selbsteinschätzung they had filled in on paper."""
    write_letters(
        kind=KINDS.NOTICE,
        key=f"participation-{assessment.participation_id}-entered-{assessment.released_at:%Y%m%d%H%M%S}",
        path=assessment.get_absolute_url(),
        people=[assessment.participation.person],
    )


def tell_of_record(talk):
    """Tell the person that the result of their talk waits for their Kenntnisnahme."""
    participation = talk.participation
    write_letters(
        kind=KINDS.NOTICE,
        key=f"participation-{participation.pk}-record-{talk.recorded_at:%Y%m%d%H%M%S}",
        path=reverse("assessments:talk", args=[participation.pk]),
        people=[participation.person],
    )


def tell_of_talk_date(participation):
    """Tell the person when the talk will be, with a file for their calendar; or that there is no date any more."""
    at = participation.talk_at
    calendar = ""
    if at:
        file = calendar_file([talk_event(participation)], site=settings.SITE_URL, now=timezone.now())
        calendar = file.decode()
    write_letters(
        kind=KINDS.TALK if at else KINDS.NOTICE,
        key=f"participation-{participation.pk}-talk-{timezone.now():%Y%m%d%H%M%S%f}",  # each change is told, back and forth
        path=participation.get_absolute_url(),
        people=[participation.person],
        calendar=calendar,
    )


def tell_of_hand_overs(hand_overs):
    """Tell each person, and each new manager once, that they go on together; the hand-overs are of one call."""
    if not hand_overs:
        return
    rows = Participation.objects.filter(pk__in=[row.participation_id for row in hand_overs])
    for whose in ("person", "manager"):
        write_to(rows, whose, kind=KINDS.HAND_OVER, key=f"hand-over-{hand_overs[0].pk}")


def tell_of_request(nomination):
    """Tell a colleague that somebody asks for their view; the row must not lead to whom it is about."""
    write_letters(
        kind=KINDS.PEER,
        key=f"round-{nomination.participation.round_id}-peer",
        path=reverse("start"),
        people=[nomination.peer],
    )


# --- reminders ---------------------------------------------------------------------------------------------


def stage_of(since: date, due: date, today: date):
    """Which reminder is due on ``today`` for something begun on ``since``: the latest whose day has come, or None.

    At half time, some days before the last day and once after it, as the settings say; "once" holds because a
    letter is written once for a stage.
    """
    stages = {due - timedelta(days=days): f"{days}-tage" for days in settings.REMINDER_DAYS}
    if settings.REMINDER_AT_HALF_TIME:
        stages.setdefault(since + (due - since) // 2, HALF_TIME)
    if settings.REMINDER_AFTER:
        stages[due + timedelta(days=1)] = AFTER
    reached = [day for day in stages if since < day <= today]
    if not reached or today > due + (LAST_AFTER if settings.REMINDER_AFTER else timedelta()):
        return None
    return stages[max(reached)]


def remind_of_step(round_, step, today):
    """Write the reminders for one step of a round; the number of queries follows that of different deadlines."""
    waiting = round_.participations.filter(step.is_open, paused_on=None, **{f"{step.due}__isnull": False})
    written = 0
    for since, due in waiting.order_by().values_list("admitted_on", step.due).distinct():
        stage = stage_of(since, due, today)
        if stage:
            rows = waiting.filter(admitted_on=since, **{step.due: due})
            key = f"round-{round_.pk}-{step.name}-{due:%Y%m%d}-{stage}"
            written += write_to(rows, step.whose, kind=KINDS.REMINDER, key=key)
    return written


@every_day
def remind_of_deadlines(today):
    """Remind of what is open in running rounds, the person first; who leads several gets one letter for all."""
    rounds = list(Round.objects.open())
    written = sum(remind_of_step(round_, step, today) for round_ in rounds for step in STEPS)
    return f"Erinnerungen an Fristen geschrieben: {written}." if written else None


def remind(*, participations, by):
    """Remind whoever has an open step in these participations of one round; at most once a day. How many letters.

    Those who rest are left in peace. ``by`` is who asks for it: HR.
    """
    rows = participations.filter(paused_on=None, round__in=Round.objects.run_by(by).open())
    first = rows.values_list("round", flat=True).first()
    written = 0
    for whose in ("person", "manager"):
        is_open = Q(pk__in=[])
        for step in STEPS:
            is_open |= step.is_open & Q(**{f"{step.due}__isnull": False}) if step.whose == whose else Q(pk__in=[])
        if whose == "person":
            is_open |= Q(talk_state=TalkProgress.RECORDED)
        open_rows = rows.filter(is_open)
        key = f"round-{first}-reminder-{timezone.localdate():%Y%m%d}"
        written += write_to(open_rows, whose, kind=KINDS.REMINDER, key=key) if first else 0
    return written
