"""People of an open round do their part: what an installation to try things out in needs to look used.

Everything goes through the app's own functions, so that nothing comes about that could not in earnest.
"""

import time
from datetime import timedelta
from random import Random

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, transaction
from django.utils import timezone

from assessments.answering import saving
from assessments.models import AgreedLevel, Assessment, Participation
from assessments.talk import recording
from kompetenz.outages import outage_of
from kompetenz.refusals import Refused
from learningplans.drafting import agreeing, choosing, drawing_up
from learningplans.models import LearningFormat, Measure

from . import texts
from .levels import agreed_of, views_of

# How far somebody may get: where most of a running round stand on any day.
LAST = "talk answered"
STOPS = [
    "nothing", "own begun", "own filled in", "own released", "manager begun", "manager released", "both released",
    "talk begun", "talk recorded", "talk declined",
]  # fmt: skip
BREATH = 0.15  # seconds between two people: whoever waits to write asks SQLite again ten times a second
PLANNED = 0.5  # the share of talks that lead to an agreed plan at once


def simulate(round_, share, seed="Simulation"):
    """Let ``share`` (0 to 1) of the participants go all the way to the answered record; the others stop anywhere before, or do nothing.

    Who rests or cannot be rated any more is left alone, and so is whoever HR hands over, removes or lets rest meanwhile: each goes
    as far as the app still lets them. Answers how many got to the record.
    """
    rng = Random(f"{seed} {round_.pk}")
    through = 0
    for pk in list(round_.participations.taking_part().filter(paused_on=None).values_list("pk", flat=True)):
        last = LAST if rng.random() < share else rng.choice(STOPS)
        through += as_far_as_it_goes(pk, last, rng)
        time.sleep(BREATH)
    return through


def as_far_as_it_goes(pk, last, rng):
    """Take one participation to the stop ``last``; whether it has got to the answered record by that."""
    found = Participation.objects.taking_part().filter(pk=pk, paused_on=None)
    participation = found.select_related("round", "person", "manager").first()
    if participation is None:
        return False
    try:
        return carry_through(participation, rng, last)
    except (Refused, ObjectDoesNotExist):  # HR was faster; the transaction of this one is taken back as a whole
        return False
    except DatabaseError as problem:
        # others write too much at once, or a row that was to be saved is gone: Django's own error, of none of the kinds a database has
        if outage_of(problem) or type(problem) is DatabaseError:
            return False
        raise


def levels_of(participation, rng):
    agreed = (
        AgreedLevel.objects.filter(talk__participation__person=participation.person_id)
        .exclude(level=None)
        .order_by("talk__held_on")
    )
    before = dict(agreed.values_list("competency", "level"))  # of several the last
    targets = dict(participation.targets.values_list("competency", "level"))
    return views_of(rng, targets, before, participation.round.catalogue.highest)


@transaction.atomic
def carry_through(participation, rng, last):
    """Both assessments, the talk and perhaps the plan, as far as nobody has done them yet and no further than ``last``."""
    if participation.manager is None or participation.talk_is_recorded or last == "nothing":
        return False
    own, manager = levels_of(participation, rng)
    kinds = Assessment.Kind
    if last == "own begun":
        some = dict(list(own.items())[: rng.randint(1, max(len(own) - 1, 1))])
        return answer(participation, kinds.SELF, some, participation.person, releases=False)
    if last == "manager begun":
        some = dict(list(manager.items())[: rng.randint(1, max(len(manager) - 1, 1))])
        return answer(participation, kinds.MANAGER, some, participation.manager, releases=False)
    if last != "manager released":
        answer(participation, kinds.SELF, own, participation.person, releases=last != "own filled in")
    if last not in {"own filled in", "own released"}:
        answer(participation, kinds.MANAGER, manager, participation.manager, releases=True)
    participation.refresh_from_db()
    if not participation.both_released or last == "both released":
        return False
    record_talk_of(participation, agreed_of(rng, own, manager), last)
    if last == LAST and rng.random() < PLANNED:
        plan(participation, rng)
    return participation.talk_is_answered


def answer(participation, kind, levels, by, *, releases):
    """Save these answers as ``by``, and release them; nothing where there is no draft any more."""
    draft = participation.assessments.filter(kind=kind, released_at=None).first()
    if draft:
        saving.save_answers(pk=draft.pk, by=by, levels=levels)
        if releases:
            saving.release(pk=draft.pk, by=by)
    return False


def record_talk_of(participation, levels, last):
    """The talk as far as ``last``: begun, recorded, declined or taken note of by the person."""
    talk = recording.begin_talk(participation=participation)
    recording.agree_levels(talk=talk, levels=levels, reasons={})
    recording.note_frame(talk=talk, held_on=timezone.localdate(), place="Besprechungsraum 1")
    if last != "talk begun":
        recording.record_talk(talk=talk, by=participation.manager)
    if last in {LAST, "talk declined"}:
        declined = last != LAST
        statement = "Das sehe ich bei zwei Kompetenzen anders." if declined else ""
        recording.acknowledge(talk=talk, by=participation.person, declined=declined, statement=statement)
    participation.refresh_from_db()


def plan(participation, rng):
    """One or two goals with one measure, agreed by both."""
    draft = drawing_up.draw_up_plan(participation=participation)
    gaps, wishes = choosing.goal_candidates(draft)
    chosen = (gaps or wishes)[: rng.choice([1, 2])]
    if not chosen:
        return
    ends_on = timezone.localdate() + timedelta(days=180)
    choosing.choose_goals(plan=draft, chosen=[(candidate, candidate.proposal) for candidate in chosen])
    draft.goals.update(
        due_on=ends_on,
        specific="Eine Aufgabe aus dem eigenen Bereich selbstständig lösen.",
        measurable="Die Lösung ist im Einsatz.",
        seen_by=participation.manager_name,
    )
    format_ = rng.choice(list(LearningFormat.objects.filter(is_offered=True)))
    measure = Measure.objects.create(
        plan=draft, format=format_, title="Lernen an einer eigenen Aufgabe", due_on=ends_on,
        responsible=participation.person_name, hours=rng.choice([4, 8, 16]),
        mentor=texts.MENTOR if format_.needs_mentor else "",
        consented_on=timezone.localdate() if format_.needs_consent else None,
    )  # fmt: skip
    measure.goals.set(draft.goals.all())
    draft.reviews.create(planned_on=ends_on + timedelta(days=14), is_final=True)
    for by in (participation.person, participation.manager):
        draft.refresh_from_db()
        agreeing.agree_plan(plan=draft, by=by, read=draft.stamp)
