"""The dates of running rounds for somebody's calendar: deadlines and talks to come, and what of them the round lets it say."""

from itertools import groupby

from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, PlanProgress, TalkProgress
from kompetenz.documents import Event

DATE, DEADLINE = "Termin", "Frist"  # all that is said where the round wants no more
STEPS = {
    "selbst": "Selbsteinschätzung",
    "fremd": "Fremdeinschätzung",
    "gespraech": "Gespräch",
    "antwort": "Antwort auf das Gesprächsergebnis",
    "lernplan": "Lernplan",
    "kollegium": "Einschätzung im Kollegium",
}


def talk_event(participation, reader):
    """The talk, whose date is set, in the calendar of ``reader``."""
    return Event(
        key=f"gespraech-{participation.pk}",
        title=talk_title(participation, reader, "Gespräch"),
        path=participation.get_absolute_url(),
        since=participation.round.opened_at,
        start=participation.talk_at,
        location=participation.talk_place,
    )


def talk_title(participation, reader, kind):
    """What a talk of this kind is called in the calendar of ``reader``: with whom it is, if the round lets it say so."""
    if not participation.round.calendar_names_people:
        return DATE
    name = partner(participation, reader)
    return f"{kind} mit {name}" if name else kind


def partner(participation, reader):
    """Whom ``reader`` talks to: the person; or for the person their manager, "" while the one of today has not taken over."""
    is_theirs = reader.pk == participation.person_id
    return "" if is_theirs and participation.manager_id != reader.manager_id else participation.partner_of(reader)


def events_of(user, participations):
    """What comes up for ``user`` in rounds, out of ``duties.participations_of(user)``; one query.

    Their own deadlines one by one. Of those for their people there is the first in each round: with thirty
    people there would be thirty entries on one day.
    """
    running = [row for row in participations if row.goes_on]
    own = [row for row in running if row.person_id == user.pk]
    managed = [row for row in running if row.person_id != user.pk]
    return [
        *[talk_event(row, user) for row in running if is_dated(row)],
        *[deadline(row.pk, row.round, *due, row.get_absolute_url()) for row in own for due in own_deadlines(row)],
        *their_deadlines(managed),
        *deadlines_for_colleagues(user),
    ]


def deadline(of, round_, kind, day, path):
    title = f"{DEADLINE}: {STEPS[kind]}, {round_}" if round_.calendar_names_people else DEADLINE
    return Event(key=f"frist-{kind}-{of}", title=title, path=path, since=round_.opened_at, day=day)


def awaits_date(row):
    """Whether a date is set for the talk, and it lies ahead."""
    return not row.talk_is_recorded and row.talk_at is not None and row.talk_at > timezone.now()


def is_dated(row):
    """Whether the talk stands in a calendar: it stays there for the whole of its day, unless its result is recorded."""
    return (
        not row.talk_is_recorded and row.talk_at is not None and timezone.localdate(row.talk_at) >= timezone.localdate()
    )


def own_deadlines(row):
    """(kind, day) of what the person themselves has still to do."""
    answer = ("antwort", row.talk_due, row.talk_state == TalkProgress.RECORDED)
    return coming([("selbst", row.self_due, not row.self_is_released), *joint_deadlines(row), answer])


def manager_deadlines(row):
    return coming([("fremd", row.manager_due, not row.manager_is_released), *joint_deadlines(row)])


def joint_deadlines(row):
    """What both have to do together: the talk, unless it has a date, and the plan."""
    return [
        ("gespraech", row.talk_due, not row.talk_is_recorded and not is_dated(row)),
        ("lernplan", row.plan_due, row.plan_due and row.plan_state < PlanProgress.AGREED),
    ]


def coming(deadlines):
    today = timezone.localdate()
    return [(kind, day) for kind, day, is_open in deadlines if is_open and day >= today]


def their_deadlines(managed):
    """The first deadline of each kind and round, of the manager's people together."""
    rounds = {row.round_id: row.round for row in managed}
    days = sorted((row.round_id, kind, day) for row in managed for kind, day in manager_deadlines(row))
    firsts = [next(same) for _, same in groupby(days, key=lambda found: found[:2])]
    team = reverse("assessments:team")
    return [deadline(f"runde-{pk}", rounds[pk], kind, day, team) for pk, kind, day in firsts]


def deadlines_for_colleagues(user):
    """Until when colleagues who have asked ``user`` take an answer, without saying who they are; one query."""
    asked = Assessment.objects.asked_of(user).select_related("participation__round")
    return [
        deadline(found.pk, found.participation.round, "kollegium", found.due, found.get_absolute_url())
        for found in asked
    ]
