"""HR proposes a group to whoever has the same way to go; who that is only they themselves learn (ADR 44)."""

from django.db import transaction
from django.utils import timezone

from kompetenz.letters.models import Letter
from kompetenz.letters.writing import write_letters
from kompetenz.refusals import Refused
from learningplans.models import GoalTally, GroupPlace, LearningGroup, Offer

from .clusters import Single
from .counting import goals_to_count

UNKNOWN = "Diese gemeinsamen Ziele stehen nicht mehr im letzten Stand. Bitte wählen Sie noch einmal."


def told_in_last_tally(way):
    """How many people the last tally says have this way to go: (competency, from, to). Raises Refused if it does not know it."""
    tally = GoalTally.objects.first()
    found = {(competency, low, high): people for competency, low, high, people in (tally.ways if tally else [])}
    if way not in found:
        raise Refused(UNKNOWN)
    return found[way]


@transaction.atomic
def propose(*, group, by):
    """Ask everybody who has the way of ``group`` to go by now and is in no group for it; one letter to each.

    How many these are is told to nobody: beside the tally it would say who has come or gone. Raises Refused.
    """
    group.told = told_in_last_tally((group.competency_id, group.from_level, group.to_level))
    group.proposed_by = by
    group.save()
    goals = goals_to_count().filter(
        competency=group.competency_id, from_level=group.from_level, to_level=group.to_level
    )
    in_a_group = GroupPlace.objects.accepted().values("goal")
    goals = goals.exclude(pk__in=in_a_group).select_related("plan__participation__person").order_by("pk")
    asked = {goal.plan.participation.person_id: goal for goal in goals}  # once, also with two plans
    GroupPlace.objects.bulk_create(GroupPlace(group=group, goal=goal) for goal in asked.values())
    places = {place.goal_id: place for place in group.places.all()}
    pages = {person: places[goal.pk].get_absolute_url() for person, goal in asked.items()}
    write_letters(
        kind=Letter.Kind.ASKED,  # HR, who looks after all others, sees nothing of these
        key=f"learning-group-{group.pk}",
        path=lambda person: pages[person.pk],
        people=[goal.plan.participation.person for goal in asked.values()],
    )
    return group


@transaction.atomic
def end(*, group):
    """Ask nobody any more. What was accepted stays in the plans; the same sent twice does no harm."""
    found = LearningGroup.objects.filter(pk=group.pk, ended_on=None)
    if found.update(ended_on=timezone.localdate()):
        group.places.filter(answer="").delete()


def single_offers(today):
    """The cheapest offer of today that names a competency and has hours and a price, which is not 0, as a Single by competency.

    One query.
    """
    offers = Offer.objects.to_choose(today).filter(cost__gt=0, hours__isnull=False, competencies__isnull=False)
    rows = offers.order_by("-cost", "-pk").values_list("competencies", "cost", "hours")
    return {competency: Single(cost, hours) for competency, cost, hours in rows}  # the last one is the cheapest
