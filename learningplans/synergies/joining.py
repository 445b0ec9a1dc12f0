"""Saying yes or no to a group: yes writes its measure into the plan, as a change that the other side answers (ADR 44)."""

from django.db import transaction
from django.utils import timezone

from kompetenz.refusals import Faster, Refused
from learningplans.drafting.holding import held
from learningplans.following import changing, steps
from learningplans.models import GroupPlace, LearningGroup, LearningPlan, Measure

ENDED = "Nicht gespeichert: Die Anfrage ist beendet."
FULL = "Nicht gespeichert: In der Gruppe ist kein Platz mehr frei."
IN_PLAN = "Nicht gespeichert: Die Maßnahme ist schon beantwortet. Ändern lässt sie sich jetzt in Ihrem Lernplan."
RENAMED = "Nicht gespeichert: Die Personalentwicklung hat Format oder Angebot inzwischen geändert. Bitte lesen Sie noch einmal."
GOAL_ENDED = "Nicht gespeichert: Das Ziel, zu dem die Gruppe passt, ist beendet."
RESPONSIBLE = "Personalentwicklung"


def locked(place):
    """The place and its group, held until the transaction ends: two people cannot take the last seat.

    Raises Refused where HR has ended the group while this has waited, for what nobody had answered went with it.
    """
    group = (
        LearningGroup.objects.select_for_update(of=("self",)).select_related("format", "offer").get(pk=place.group_id)
    )
    places = GroupPlace.objects.select_related("goal__plan__participation", "change__plan", "measure")
    found = places.filter(pk=place.pk).first()
    if found is None:
        raise Refused(ENDED)
    found.group = group
    return found


@transaction.atomic
def accept(*, place, by, read=None):
    """Join the group; the measure is written down as a change of the plan. The same sent twice does no harm.

    ``read`` is the stamp of the place as its page has shown it, None is not asked. Raises Refused where the group is full or ended,
    Faster where HR calls format or offer otherwise by now, OutOfState unless the plan is agreed.
    """
    place = locked(place)
    group, goal = place.group, place.goal
    if place.is_accepted:
        return
    if not group.is_open:
        raise Refused(ENDED)
    if goal.ended_on:
        raise Refused(GOAL_ENDED)
    if read not in (None, place.stamp):
        raise Faster(RENAMED)
    if group.places.accepted().count() >= group.seats:
        raise Refused(FULL)
    plan = held(goal.plan, LearningPlan.State.AGREED)
    measure = measure_of(group, plan)
    place.change = changing.write_change(
        plan=plan,
        wish=steps.new_measure(measure, [goal]),
        by=by,
        reason=f"Zusage zur Lerngruppe „{group.title}“",
        read=plan.stamp,
    )
    note(place, GroupPlace.Answer.ACCEPTED)


def measure_of(group, plan):
    today = timezone.localdate()
    return Measure(
        plan=plan,
        format=group.format,
        offer=group.offer,
        title=group.title,
        provider=group.provider,
        starts_on=group.starts_on,
        due_on=group.due_on,
        responsible=RESPONSIBLE,
        hours=group.hours,
        cost=group.cost_each,
        consented_on=today if group.format.needs_consent else None,
    )


@transaction.atomic
def decline(*, place, by):
    """Say no, without a reason; or take back a yes whose change nobody has answered. Nobody learns of it.

    Raises Refused where the change is answered.
    """
    place = locked(place)
    if place.is_accepted:
        if not place.change.waits:
            raise Refused(IN_PLAN)
        changing.withdraw_change(change=place.change, by=by)
    note(place, GroupPlace.Answer.DECLINED)


def note(place, answer):
    place.answer, place.answered_on = answer, timezone.localdate()
    if answer == GroupPlace.Answer.DECLINED:
        place.change = None
    place.measure = None  # of an earlier yes
    place.save(update_fields=["answer", "answered_on", "change", "measure"])
