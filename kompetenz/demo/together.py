"""A group that HR of the demo district has proposed to those with the most common goal, and who has said yes so far."""

from contextlib import suppress
from datetime import timedelta

from django.utils import timezone

from assessments.rounds.schedule import working_day_until
from kompetenz.refusals import Refused
from learningplans.models import GoalTally, GroupPlace, LearningGroup, LearningPlan, Offer, PlanChange
from learningplans.synergies import joining, proposing
from learningplans.synergies.counting import goals_to_count

from .accounts import ACCOUNTS
from .rounds import account, moment

SEATS = 12
EVERY = 3  # one of so many has said yes


def propose(people):
    """Of the goals that a price is known for the one that most have; nothing where too few have agreed on plans."""
    tally, today = GoalTally.objects.first(), timezone.localdate()
    singles = proposing.single_offers(today)
    ways = [way for way in (tally.ways if tally else []) if way[0] in singles]
    if not ways:
        return
    competency, low, high, told = max(ways, key=lambda way: way[3])
    offer = Offer.objects.to_choose(today).filter(competencies=competency, cost__gt=0).order_by("cost", "pk").first()
    begins = working_day_until(today + timedelta(days=60))
    group = LearningGroup.objects.create(
        competency_id=competency,
        from_level=low,
        to_level=high,
        told=told,
        seats=SEATS,
        title=f"{offer.title}, im eigenen Haus",
        format=offer.format,
        offer=offer,
        provider=offer.provider,
        hours=offer.hours,
        cost=offer.cost * SEATS / 2,
        starts_on=begins,
        due_on=begins + timedelta(days=1),
        answer_by=today + timedelta(days=14),
        proposed_by=account(people, "hr"),
    )
    goals = goals_to_count().filter(competency=competency, from_level=low, to_level=high)
    goals = goals.exclude(plan__participation__person__email__in=[one.email for one in ACCOUNTS])
    by_person = {
        goal.plan.participation.person_id: goal for goal in goals.select_related("plan__participation__person")
    }
    GroupPlace.objects.bulk_create(GroupPlace(group=group, goal=goal) for goal in by_person.values())
    for place in group.places.select_related("goal__plan__participation__person").order_by("pk")[
        : EVERY * SEATS : EVERY
    ]:
        with suppress(Refused):  # a plan that waits for another answer, or no seat
            joining.accept(place=place, by=place.goal.plan.participation.person)
    said_at = min(moment(today, 7), timezone.now() - timedelta(minutes=5))  # this morning, or just now
    changes = PlanChange.objects.filter(pk__in=group.places.exclude(change=None).values("change"))
    LearningPlan.objects.filter(pk__in=list(changes.values_list("plan", flat=True))).update(changed_at=said_at)
    changes.update(written_at=said_at)
