"""Retention carried out: announced first, then done by a worker in short batches, each of which asks again whether it is due (ADR 50).

`manage.py daily` only has the worker look; whatever dies, the next day takes up what is left.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from assessments.models import (
    Assessment,
    Participation,
    PeerNomination,
    PeerTally,
    PlanProgress,
    Progress,
    Rating,
    Remark,
    StockTaking,
    Talk,
    TalkProgress,
)
from kompetenz import hooks
from kompetenz.jobs.batches import JobKind, begin
from kompetenz.jobs.health import installed_on
from kompetenz.jobs.models import Job
from kompetenz.jobs.overwriting import empty_the_log
from kompetenz.jobs.queue import enqueue_once, last_run, task
from kompetenz.outages import outage_of
from kompetenz.people.models import Deputy, Person
from kompetenz.privacy.erasure.hanging import OF_RETENTION
from kompetenz.privacy.erasure.leaving import remove_who_left, signs_records_of_others
from kompetenz.privacy.models import CarriedOut, Notice
from kompetenz.privacy.periods import months_after
from kompetenz.privacy.rules import RULES
from learningplans.models import Booking, LearningPlan

from . import letters
from .due import HAS_DRAFTS, due, is_husk

BATCH = 10  # participations, or people; each has some two hundred rows
LATE = timedelta(days=2)

logger = logging.getLogger(__name__)


@hooks.register("every_day")
def carry_out(today):
    """The worker looks; what had failed or was stopped is begun anew."""
    Job.objects.unfinished().filter(kind=OF_RETENTION).exclude(state=Job.State.GOING).delete()
    enqueue_once(look)


@hooks.register("every_day")
def forget_what_is_short(today):
    """What is short is done at once."""
    deputies = Deputy.objects.filter(until__lt=months_after(today, -settings.RETENTION_MONTHS["deputies"]))
    _, numbers = deputies.delete()
    old = timezone.now() - timedelta(days=settings.RETENTION_DAYS["log"])
    LogEntry.objects.filter(action_time__lt=old).delete()
    ended = numbers.get("people.Deputy")
    return f"Frühere Vertretungen gelöscht: {ended}." if ended else None


@hooks.register("every_day")
def forget_names_nobody_needs(today):
    """Of who has left, once the last record of others that bears their signature is gone."""
    for husk in Person.objects.filter(is_husk()):
        if not signs_records_of_others(husk):
            husk.delete()


@task()
def look():
    """Announce what will be due, and begin what was announced long enough ago; may run again at any time."""
    today = timezone.localdate()
    ahead = timedelta(days=settings.RETENTION_DAYS["notice"])
    found = due(today + ahead + Notice.EVERY)
    announce(found, today, ahead)
    for rule, items in announced(found, today).items():
        begin(CARRYING_OUT, subject=rule, title=f"Aufbewahrung: {RULES[rule].name}", items=items, by=None)


def is_late(looked_on):
    """Whether nobody has looked for too long, ``looked_on`` being the last day or None: then since the app was installed."""
    since = looked_on or installed_on()
    return since is None or since < timezone.localdate() - LATE


@hooks.register("what_is_wrong")
def nobody_looks():
    said = "manage.py daily ist seit über zwei Tagen nicht gelaufen, oder der Hintergrund hat danach nichts getan."
    return [said] if is_late(last_run(look)) else []


@hooks.register("what_is_to_come")
def nobody_has_looked_yet():
    said = "Die täglichen Aufgaben (manage.py daily) sind noch nie gelaufen. Das ist erst nach zwei Tagen ein Fehler."
    return [] if last_run(look) else [said]


@transaction.atomic
def announce(found, today, ahead):
    """Tell HR and auditors of what no pending notice names, once a week at most; answers the notice, or None."""
    known = {}
    for notice in Notice.objects.pending().select_for_update():
        for rule, ids in notice.items.items():
            known.setdefault(rule, set()).update(ids)
    new = {rule: sorted(days.keys() - known.get(rule, set())) for rule, days in found.items() if RULES[rule].announced}
    new = {rule: ids for rule, ids in new.items() if ids}
    if not new or Notice.objects.filter(told_on__gt=today - Notice.EVERY).exists():
        return None
    counts = {rule: len(ids) for rule, ids in new.items()}
    notice = Notice.objects.create(told_on=today, due_on=today + ahead, counts=counts, items=new)
    letters.tell_of(notice)
    return notice


@transaction.atomic
def announced(found, today):
    """``{rule: ids}`` of what is due and was announced long enough ago; notices of which nothing is left are settled."""
    now = {}
    for notice in Notice.objects.due(today).select_for_update():
        left = {rule: [pk for pk in ids if pk in found.get(rule, {})] for rule, ids in notice.items.items()}
        left = {rule: ids for rule, ids in left.items() if ids}
        for rule, ids in left.items():
            now.setdefault(rule, set()).update(pk for pk in ids if found[rule][pk] < today)
        if left != notice.items:
            notice.items, notice.settled_on = left, None if left else today
            notice.save()
    return {rule: sorted(ids) for rule, ids in now.items() if ids}


def erase_some(job, items):
    """One batch; what is not due any more (somebody has changed a plan, a last day) is left alone."""
    hold(job.subject, items)
    people = Participation.objects.filter(pk__in=items).values_list("person", flat=True)
    found = due(timezone.localdate(), people=items if job.subject == "left" else set(people))
    still = sorted(found.get(job.subject, {}).keys() & set(items))
    erased = sum(is_erased(job.subject, pk) for pk in still)
    job.count("erased", erased)
    if kept := len(still) - erased:
        job.count("kept", kept)
    CarriedOut.objects.note(job.subject, erased)


def hold(rule, items):
    """Nobody saves anything of these between looking and erasing; in the order in which whoever saves takes hold of them."""
    theirs = {"participation__in": items}
    of_rounds = [LearningPlan.objects.filter(**theirs), Assessment.objects.filter(**theirs)]
    of_rounds.append(Participation.objects.filter(pk__in=items))
    of_who_left = [Person.objects.filter(pk__in=items), LearningPlan.objects.filter(participation__person__in=items)]
    for rows in of_who_left if rule == "left" else of_rounds:
        list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    # Of all before the first is erased: with it goes what its year adds up to, and nobody holds a year and waits for a booking.
    whose = "person" if rule == "left" else "pk"
    bookings = Booking.objects.filter(**{f"measure__plan__participation__{whose}__in": items})
    list(bookings.select_for_update(of=("self",)).order_by("pk").values_list("pk"))


def is_erased(rule, pk):
    """Whether this one is: what cannot be erased keeps nothing else, and is tried again every day."""
    try:
        with transaction.atomic():
            ERASE[rule]([pk])
    except Exception as error:
        if outage_of(error):
            raise
        logger.exception("%s of %s is due and could not be erased", rule, pk)
        return False
    return True


def say_how_many(job):
    number = job.tally.get("erased", 0)
    if number:
        enqueue_once(empty_the_log)
        enqueue_once(look)
    job.sentence = f"Nach Ablauf der Frist gelöscht: {number}."
    if kept := job.tally.get("kept"):
        job.sentence += f" Nicht gelöscht werden konnte: {kept}."


def page_of_retention(job):
    return reverse("privacy:retention")


CARRYING_OUT = JobKind(
    OF_RETENTION, batch=erase_some, finish=say_how_many, leads_to=page_of_retention, size=BATCH, at_once=0
)


# What each rule erases ----------------------------------------------------------------------------


def drafts(participations):
    """What nobody has released or recorded; what stands, and a plan built on it, is not touched."""
    drafts = Assessment.objects.filter(participation__in=participations, released_at=None)
    drafts.filter(kind=Assessment.Kind.FORMER).delete()
    for model in (Rating, Remark):
        model.objects.filter(assessment__in=drafts).delete()
    drafts.update(**dict.fromkeys(Assessment.OF_PAPER))
    rows = Participation.objects.filter(pk__in=participations).filter(HAS_DRAFTS)
    talks = rows.filter(talk_state=TalkProgress.STARTED, plan_state=PlanProgress.NONE)
    begun = list(talks.values_list("pk", flat=True))
    Talk.objects.filter(participation__in=begun).delete()
    Participation.objects.filter(pk__in=begun).update(talk_state=TalkProgress.OPEN)
    rows.filter(self_state__in=[Progress.STARTED, Progress.ENTERED]).update(self_state=Progress.OPEN)
    rows.filter(manager_state=Progress.STARTED).update(manager_state=Progress.OPEN)


def assessments(participations):
    """Both sides' assessments and the notes; that they were released, the states still say."""
    for model in (Assessment, PeerNomination, PeerTally, StockTaking):
        model.objects.filter(participation__in=participations).delete()
    Participation.objects.filter(pk__in=participations).update(assessments_erased_on=timezone.localdate())


def plan_drafts(participations):
    plans = LearningPlan.objects.filter(participation__in=participations, state=LearningPlan.State.DRAFT)
    kept = Participation.objects.filter(pk__in=list(plans.values_list("participation", flat=True)))
    kept.update(plan_state=PlanProgress.NONE)
    plans.delete()


def records(participations):
    """The participation with all that is left of it."""
    Participation.objects.filter(pk__in=participations).delete()


def left(people):
    for person in Person.objects.filter(pk__in=people).order_by("pk"):
        remove_who_left(person)


ERASE = {
    "drafts": drafts,
    "declined": records,
    "assessments": assessments,
    "plan_drafts": plan_drafts,
    "records": records,
    "left": left,
}
