"""Passing participations on to the managers people have today, in a running round."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from kompetenz.people.models import Deputy, is_employed

from . import notices
from .models import Assessment, HandOver, Participation, Progress, Rating, Remark, Round
from .opening import BATCH, has_manager

DAY = timedelta(days=1)
FORMER, MANAGER = Assessment.Kind.FORMER, Assessment.Kind.MANAGER
_followers = []


def on_hand_over(step):
    """Register ``step(participations)`` of an app above, called with ids before a hand-over in its transaction."""
    _followers.append(step)
    return step


def can_take_over(at):
    """The condition on managers who can give a Fremdeinschätzung; see also opening.has_manager."""
    return is_employed(at) & Q(**{f"{at}email__isnull": False})


def to_hand_over(round_):
    """Participations of people who work for somebody else by now, who can take over."""
    return due_among(round_.participations)


def due_among(participations):
    """Those of these participations that are to be handed over, see to_hand_over."""
    moved = participations.filter(is_employed("person__"), can_take_over("person__manager__"))
    return moved.exclude(manager=F("person__manager")).select_related("person__manager")


def without_manager(round_):
    """Participations in which nobody can take over: the person has no manager who works here and can sign in."""
    present = round_.participations.filter(is_employed("person__"))
    return present.exclude(can_take_over("person__manager__")).select_related("person__manager")


def of_people_who_left(round_):
    """Participations of people who do not work here any more and whose participation does not rest yet."""
    return round_.participations.exclude(is_employed("person__")).filter(paused_on=None).select_related("person")


@transaction.atomic
def hand_over(*, participations, by):
    """Give participations of open rounds to the managers their people have today; returns the HandOvers.

    What the former manager has released stays. A draft of theirs is set aside unread, and comes back if they do;
    the new manager begins anew. Where nothing has changed or nobody can take over, nothing happens, so that a
    second call does no harm.
    """
    due = _due_in_running_rounds([row.pk for row in participations])
    for step in _followers:  # before the locks below: who writes there locks their own rows first, too
        step(due)
    assessments = [one for one in _locked(due) if is_due(one.participation)]
    hand_overs = [
        HandOver(participation=row, from_name=row.manager_name, to_name=str(row.person.manager), by=by)
        for row in (one.participation for one in assessments)
    ]
    _pass_on(assessments)
    written = HandOver.objects.bulk_create(hand_overs, BATCH)
    notices.tell_of_hand_overs(written)
    return written


def _due_in_running_rounds(keys):
    """Those of the participations ``keys`` that are due; their rounds stay open until the transaction ends.

    Against closing, which deletes what is set aside; and so that hand-overs of a round wait for each other.
    """
    rounds = Participation.objects.filter(pk__in=keys).values("round")
    running = list(Round.objects.open().select_for_update().filter(pk__in=rounds).order_by("pk"))
    rows = Participation.objects.filter(pk__in=keys, round__in=running).select_related("person__manager")
    return [row.pk for row in rows if is_due(row)]


def _pass_on(assessments):
    """Give the participations of these assessments, the manager's side of each, to the present managers."""
    drafts = [one for one in assessments if one.released_at is None]
    released = [one.pk for one in assessments if one.released_at is not None]
    Assessment.objects.filter(pk__in=released).update(of_former_manager=True)
    began = _with_content(drafts)
    empty = [one for one in drafts if one.pk not in began]
    begun = [one for one in drafts if one.pk in began]
    _set_aside(begun)
    _change_managers([one.participation for one in assessments])
    _begin_anew(empty, begun)


def is_due(participation):
    """Whether somebody else is the person's manager by now, and can take over."""
    person = participation.person
    return participation.manager_id != person.manager_id and has_manager(person)


def _locked(participations):
    """The manager's side of each, locked with its participation in the order in which answers.py does."""
    return (
        Assessment.objects.filter(kind=MANAGER, participation__in=participations)
        .select_related("participation__person__manager")
        .select_for_update(of=("self", "participation"))
        .order_by("participation_id")
    )


def _set_aside(drafts):
    """Keep what somebody has begun as the former manager's, also where a deputy wrote it."""
    former = Participation.objects.filter(pk=OuterRef("participation")).values("manager")
    Assessment.objects.filter(pk__in=[one.pk for one in drafts]).update(kind=FORMER, rater=Subquery(former))


def _change_managers(participations):
    by_manager = {}
    for row in participations:
        by_manager.setdefault(row.person.manager, []).append(row.pk)
    for manager, keys in by_manager.items():
        Participation.objects.filter(pk__in=keys).update(manager=manager, manager_name=str(manager))


def _begin_anew(empty, set_aside):
    """Let the new managers begin; whoever had begun in an earlier time with the person goes on with that."""
    keys = [one.participation_id for one in [*empty, *set_aside]]
    own = Assessment.objects.filter(kind=FORMER, participation__in=keys, rater=F("participation__manager"))
    returning = dict(own.values_list("participation", "pk"))
    Assessment.objects.filter(pk__in=[one.pk for one in empty if one.participation_id in returning]).delete()
    Assessment.objects.filter(pk__in=returning.values()).update(kind=MANAGER)
    present = Subquery(Participation.objects.filter(pk=OuterRef("participation")).values("manager"))
    Assessment.objects.filter(pk__in=[one.pk for one in empty]).update(rater=present)
    fresh = [one.participation for one in set_aside if one.participation_id not in returning]
    Assessment.objects.bulk_create(
        [Assessment(participation=row, kind=MANAGER, rater=row.person.manager) for row in fresh], BATCH
    )
    Participation.objects.filter(pk__in=keys).update(manager_state=Progress.OPEN)
    Participation.objects.filter(pk__in=returning).update(manager_state=Progress.STARTED)


def _with_content(drafts):
    """The ids of those with a rating or a remark."""
    return {
        pk
        for model in (Rating, Remark)
        for pk in model.objects.filter(assessment__in=drafts).values_list("assessment", flat=True)
    }


def released_by(participation, assessment):
    """Who has released a Fremdeinschätzung, in words, if it is not the present manager; else "".

    ``assessment`` may be None. Costs nothing in the usual case.
    """
    if assessment is None or not assessment.released_at or assessment.rater_id in (None, participation.manager_id):
        return ""
    released_on = timezone.localdate(assessment.released_at)
    as_deputy = Deputy.objects.filter(
        person=assessment.rater_id,
        people=participation.person_id,
        since__lte=released_on,
        until__gte=released_on - DAY,  # who is called off has yesterday as their last day
    )
    if as_deputy.exists() or not participation.hand_overs.exists():
        return f"freigegeben von {assessment.rater} in Vertretung"
    return f"freigegeben von der früheren Führungskraft {assessment.rater}"
