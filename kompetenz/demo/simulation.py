"""People of an open round do their part: what an installation to try things out in needs to look used.

Everything goes through the app's own functions, so that nothing comes about that could not in earnest.
"""

from datetime import timedelta
from random import Random

from django.db import transaction
from django.utils import timezone

from assessments.answering import saving
from assessments.models import AgreedLevel, Assessment
from assessments.talk import recording
from learningplans.drafting import agreeing, choosing, drawing_up
from learningplans.models import LearningFormat, Measure

from . import texts
from .levels import agreed_of, views_of

PLANNED = 0.5  # the share of talks that lead to an agreed plan at once


def simulate(round_, share, seed="Simulation"):
    """Let ``share`` (0 to 1) of the participants go all the way to the record; half of the others begin.

    Who rests or cannot be rated any more is left alone. Answers how many got to the record.
    """
    rng = Random(f"{seed} {round_.pk}")
    through = 0
    rows = round_.participations.taking_part().filter(paused_on=None).select_related("round", "person", "manager")
    for participation in rows:
        if rng.random() < share:
            through += carry_through(participation, rng)
        elif rng.random() < 0.5:
            begin(participation, rng)
    return through


def levels_of(participation, rng):
    agreed = (
        AgreedLevel.objects.filter(talk__participation__person=participation.person_id)
        .exclude(level=None)
        .order_by("talk__held_on")
    )
    before = dict(agreed.values_list("competency", "level"))  # of several the last
    targets = dict(participation.targets.values_list("competency", "level"))
    return views_of(rng, targets, before, participation.round.catalogue.highest)


def begin(participation, rng):
    own, _ = levels_of(participation, rng)
    draft = participation.assessments.filter(kind=Assessment.Kind.SELF, released_at=None).first()
    if draft:
        some = dict(list(own.items())[: rng.randint(1, 20)])
        saving.save_answers(pk=draft.pk, by=participation.person, levels=some)


@transaction.atomic
def carry_through(participation, rng):
    """Both assessments, the talk and perhaps the plan, as far as nobody has done them yet."""
    if participation.manager is None or participation.talk_is_recorded:
        return False
    own, manager = levels_of(participation, rng)
    rated = {
        Assessment.Kind.SELF: (own, participation.person),
        Assessment.Kind.MANAGER: (manager, participation.manager),
    }
    for draft in participation.assessments.filter(kind__in=rated, released_at=None):
        levels, by = rated[draft.kind]
        saving.save_answers(pk=draft.pk, by=by, levels=levels)
        saving.release(pk=draft.pk, by=by)
    participation.refresh_from_db()
    if not participation.both_released:
        return False
    record_talk_of(participation, agreed_of(rng, own, manager))
    if rng.random() < PLANNED:
        plan(participation, rng)
    return True


def record_talk_of(participation, levels):
    talk = recording.begin_talk(participation=participation)
    recording.agree_levels(talk=talk, levels=levels, reasons={})
    recording.note_frame(talk=talk, held_on=timezone.localdate(), place="Besprechungsraum 1")
    recording.record_talk(talk=talk, by=participation.manager)
    recording.acknowledge(talk=talk, by=participation.person, declined=False, statement="")
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
