"""People who build the same competency and have both said that they want to learn together (paper 4.3.2, synergies).

A consent counts as long as its plan is agreed, its participation does not rest and its person works here. Who has given
none sees nobody and is seen by nobody; what the others can is never told.
"""

from dataclasses import dataclass

from django.db import transaction

from kompetenz.people.models import Person
from learningplans.contents.plan import GoalEntry
from learningplans.drafting.holding import held, still_there
from learningplans.models import Goal, LearningPlan

from .mentors import mentors_for


@dataclass(frozen=True)
class Companions:
    """A goal of one's own plan and the others who look for company in the same; nobody unless one looks oneself.

    ``mentors`` have offered to accompany whoever learns this.
    """

    entry: GoalEntry
    people: list[Person]
    mentors: list[Person]


def companions_for(plan, user, entries):
    """Companions for each of the plan's GoalEntries, for the person themself and once agreed, else none; three queries at most."""
    if user.pk != plan.participation.person_id or not plan.is_agreed:
        return []
    seeking = [entry.goal for entry in entries if entry.goal.seeks_companions]
    found = others_seeking(seeking, user) if seeking and not plan.participation.rests else {}
    mentors = mentors_for([entry.goal for entry in entries], user)
    return [Companions(entry, found.get(entry.goal.pk, []), mentors[entry.goal.pk]) for entry in entries]


def others_seeking(goals, user):
    """People but ``user`` who look for company in one of these goals' competencies, by goal and in order of names."""
    theirs = Goal.objects.filter(
        seeks_companions=True,
        ended_on=None,
        competency__in=[goal.competency_id for goal in goals],
        plan__state=LearningPlan.State.AGREED,
        plan__participation__paused_on=None,
        plan__participation__person__in=Person.objects.employed().exclude(pk=user.pk),
    )
    theirs = theirs.select_related("plan__participation__person__unit").order_by(
        "plan__participation__person__sort_key", "pk"
    )
    found = {goal.competency_id: {} for goal in goals}
    for one in theirs:
        person = one.plan.participation.person
        found[one.competency_id][person.pk] = person  # two plans of one person name them once
    return {goal.pk: list(found[goal.competency_id].values()) for goal in goals}


@transaction.atomic
def seek_companions(*, goal, wanted):
    """Note whether the person looks for company in this goal; raises OutOfState unless the plan is agreed."""
    held(goal.plan, LearningPlan.State.AGREED)
    still_there(goal)
    Goal.objects.filter(pk=goal.pk).update(seeks_companions=wanted)
