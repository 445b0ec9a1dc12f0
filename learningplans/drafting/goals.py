"""Changing and removing a draft's goals; their order."""

from django.db.models import Min
from django.utils.formats import date_format

from learningplans.drafting.holding import changing
from learningplans.models import Goal, Measure


def change_goal(*, goal):
    """Save a goal and give every goal of the plan its rank anew: this one at ``goal.priority``, the others around it."""
    with changing(goal.plan, goal):
        ranked = list(goal.plan.goals.pursued().exclude(pk=goal.pk))
        ranked.insert(goal.priority - 1, goal)
        goal.save()
        rank(ranked)


def next_open(goal):
    """The goal after this one, in the plan's order and round it, of which a question of SMART is still open; or None."""
    ranked = list(goal.plan.goals.pursued())
    at = next((place for place, one in enumerate(ranked) if one.pk == goal.pk), 0)
    return next((one for one in [*ranked[at + 1 :], *ranked[:at]] if one.open_letters), None)


def ends_before_its_measures(goal):
    """Says so if the goal is to be reached before even the first of its measures ends; one query."""
    first = goal.measures.kept().aggregate(day=Min("due_on"))["day"]
    if not goal.due_on or not first or goal.due_on >= first:
        return ""
    return f"Der Termin liegt vor dem Ende der ersten Maßnahme für dieses Ziel am {date_format(first)}."


def remove_goal(*, goal):
    """Remove a goal and the measures that serve no other goal, see remove_measures."""
    with changing(goal.plan):
        remove_measures(orphans_of(goal))
        goal.delete()
        rank(goal.plan.goals.pursued())


def remove_measures(measures):
    """Remove measures of a draft; those for which HR has done something fall away instead, so that HR hears of it."""
    at_work = [one.pk for one in measures.at_work_for()]
    Measure.objects.filter(pk__in=at_work).update(
        state=Measure.State.DROPPED, state_by=None, state_for=None, state_at=None
    )
    measures.exclude(pk__in=at_work).delete()


def rank(goals):
    """Number goals 1, 2, 3 ... in the given order."""
    goals = list(goals)
    for priority, goal in enumerate(goals, start=1):
        goal.priority = priority
    Goal.objects.bulk_update(goals, ["priority"])


def orphans_of(goal):
    """The measures that serve ``goal`` and no other."""
    others = goal.plan.goals.pursued().exclude(pk=goal.pk)
    return goal.plan.measures.filter(goals=goal).exclude(goals__in=others)
