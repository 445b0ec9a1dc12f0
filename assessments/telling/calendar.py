"""The dates of running rounds for somebody's calendar: deadlines and talks to come."""

from itertools import groupby

from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, PlanProgress
from kompetenz.documents import DEADLINE, TALK, Event


def talk_event(participation):
    """The talk, whose date is set."""
    return Event(
        key=f"gespraech-{participation.pk}",
        title=TALK,
        path=participation.get_absolute_url(),
        start=participation.talk_at,
        location=participation.talk_place,
    )


def events_of(user, participations):
    """What comes up for ``user`` in rounds, out of ``duties.participations_of(user)``; one query.

    Their own deadlines one by one. Of those for their people there is the first in each round: with thirty
    people there would be thirty entries on one day.
    """
    running = [row for row in participations if row.goes_on]
    own = [row for row in running if row.person_id == user.pk]
    managed = [row for row in running if row.person_id != user.pk]
    return [
        *[talk_event(row) for row in running if awaits_date(row)],
        *[deadline(f"{kind}-{row.pk}", row.get_absolute_url(), day) for row in own for kind, day in own_deadlines(row)],
        *their_deadlines(managed),
        *deadlines_for_colleagues(user),
    ]


def deadline(key, path, day):
    return Event(key=f"frist-{key}", title=DEADLINE, path=path, day=day)


def awaits_date(row):
    """Whether a date is set for the talk, and it lies ahead."""
    return not row.talk_is_recorded and row.talk_at is not None and row.talk_at > timezone.now()


def own_deadlines(row):
    """(kind, day) of what the person themselves has still to do."""
    return coming([("selbst", row.self_due, not row.self_is_released), *joint_deadlines(row)])


def manager_deadlines(row):
    return coming([("fremd", row.manager_due, not row.manager_is_released), *joint_deadlines(row)])


def joint_deadlines(row):
    """What both have to do together: the talk, unless it has a date, and the plan."""
    return [
        ("gespraech", row.talk_due, not row.talk_is_recorded and not awaits_date(row)),
        ("lernplan", row.plan_due, row.plan_due and row.plan_state < PlanProgress.AGREED),
    ]


def coming(deadlines):
    today = timezone.localdate()
    return [(kind, day) for kind, day, is_open in deadlines if is_open and day >= today]


def their_deadlines(managed):
    """The first deadline of each kind and round, of the manager's people together."""
    days = sorted((row.round_id, kind, day) for row in managed for kind, day in manager_deadlines(row))
    firsts = [next(same) for _, same in groupby(days, key=lambda found: found[:2])]
    team = reverse("assessments:team")
    return [deadline(f"{kind}-runde-{round_}", team, day) for round_, kind, day in firsts]


def deadlines_for_colleagues(user):
    """Until when colleagues who have asked ``user`` take an answer; one query."""
    asked = Assessment.objects.asked_of(user).select_related("participation__round")
    return [deadline(f"kollegium-{found.pk}", found.get_absolute_url(), found.due) for found in asked]
