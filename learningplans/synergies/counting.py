"""Counting goals so that HR sees how many people have the same, and never who (ADR 44)."""

import hashlib
import hmac
import secrets
from collections import defaultdict
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from kompetenz import hooks
from kompetenz.people.crowd import minimum
from kompetenz.people.models import is_employed
from kompetenz.refusals import Refused
from learningplans.models import Goal, GoalTally, LearningPlan

from .clusters import Cluster, Pursuit, clusters, says_that_all_of_them, shown

KEPT = timedelta(days=settings.RETENTION_DAYS["tallies"])
TOO_FEW = "Gemeinsame Ziele zählt das Kompetenzrad ab {k} Personen mit vereinbartem Lernplan. Bisher sind es weniger."
# In the same words where nobody's have: else HR, who knows whose plan or review was in between, would know whether theirs have.
TOO_LITTLE_NEW = (
    "Seit einem früheren Stand haben sich die Ziele von niemandem oder von weniger als {k} Personen geändert, oder bei allen in "
    "derselben Weise. Aus beiden Ständen zusammen ließe sich auf einzelne schließen; der letzte gilt weiter."
)


def goals_to_count():
    """Goals of agreed plans that somebody who works here and can be asked still pursues.

    Those of people in a group, too: they are known by name, and what changes with them alone would say something of the others.
    """
    return Goal.objects.pursued().filter(
        is_employed("plan__participation__person__"),
        plan__state=LearningPlan.State.AGREED,
        plan__participation__paused_on=None,
        plan__participation__person__email__isnull=False,
    )


def pursuits():
    """Everybody's goals to be counted; one query."""
    rows = (
        goals_to_count().order_by().values_list("plan__participation__person", "competency", "from_level", "to_level")
    )
    return [Pursuit(*row) for row in rows]


def marks_of(found, key):
    """One mark for each person, another as soon as their goals are others."""
    ways = defaultdict(set)
    for one in found:
        ways[one.person].add(one.way)
    said = (f"{person} {sorted(of_them)}" for person, of_them in ways.items())
    return sorted(hmac.new(key.encode(), one.encode(), hashlib.sha256).hexdigest()[:20] for one in said)


@transaction.atomic
def take_stock(*, by):
    """Count anew. Raises Refused where so few have changed since any tally that is kept that both together would say
    whose goals these are.
    """
    # One after the other: each is judged beside the last.
    before = list(GoalTally.objects.select_for_update().order_by("-at", "-pk"))
    k, found = minimum(), pursuits()
    people = len({one.person for one in found})
    if people < k:
        raise Refused(TOO_FEW.format(k=k))
    key = before[0].key if before else secrets.token_hex(32)
    marks = marks_of(found, key)
    told = shown(clusters(found), everybody=people, k=k)
    for other in before:
        came, went = changed_between(other.marks, marks)
        says_nothing = other is before[0] and not (came or went)
        ways = [Cluster(*way) for way in other.ways]
        if says_nothing or 0 < came < k or 0 < went < k or says_that_all_of_them(ways, told, came=came, went=went, k=k):
            raise Refused(TOO_LITTLE_NEW.format(k=k))
    ways = [[one.competency, one.from_level, one.to_level, one.people] for one in told]
    return GoalTally.objects.create(by=by, k=k, people=people, ways=ways, key=key, marks=marks)


def changed_between(before, now):
    """How many people are in the second of two tallies only, and how many in the first: whoever has other goals is in both by another mark.

    Each for itself: where many went, what is told of more people than before is of the few who came.
    """
    return len(set(now) - set(before)), len(set(before) - set(now))


@hooks.register("every_day")
def forget_old_tallies(today):
    """After a year nobody can say any more who was counted; the last one stays, without which the next could not be judged."""
    last = GoalTally.objects.values_list("pk", flat=True).first()
    deleted, _ = GoalTally.objects.filter(at__lt=timezone.now() - KEPT).exclude(pk=last).delete()
    return f"Alte Stände gemeinsamer Ziele gelöscht: {deleted}." if deleted else None
