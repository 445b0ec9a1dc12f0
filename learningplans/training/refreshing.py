"""Who has to refresh what, for HR: reckoned anew every night, read as a list (paper 4.3.3; ADR 55).

HR learns here nothing that it does not read elsewhere: levels and days of rounds that show it levels, else measures that were
carried out. What was agreed in other rounds, a later day for instance, is not in here.
"""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from django.urls import reverse

from assessments.models import Participation
from kompetenz import hooks
from kompetenz.catalogue.models import Competency, catalogue_of
from kompetenz.jobs.batches import JobKind, begin
from kompetenz.people.models import Person
from kompetenz.prepared import prepared
from learningplans.models import Booking, RefreshDate
from roles.models import Requirement, RoleHolding

from .freshness import after_months, confirmed_to_hr
from .narrowing import about

BATCH = 500
PERSON = "measure__plan__participation__person"


class WhenDue(NamedTuple):
    """What a RefreshDate says of one person."""

    was_agreed: bool
    last_on: date
    due_on: date


def reckon(competency):
    """Let the RefreshDates of this competency say what holds today, and write only what has changed; seven queries, and the writing."""
    wanted = due_of(competency) if competency.refresh_months else {}
    rows = RefreshDate.objects.about(competency.pk).order_by()
    kept = {row.person_id: row for row in rows}
    outdated = [row.pk for person, row in kept.items() if said_by(row) != wanted.get(person)]
    new = [
        RefreshDate(person_id=person, competency=competency, **due._asdict())
        for person, due in wanted.items()
        if person not in kept or said_by(kept[person]) != due
    ]
    for first in range(0, len(outdated), BATCH):
        RefreshDate.objects.filter(pk__in=outdated[first : first + BATCH]).delete()
    # the night and HR may reckon at the same moment, and come to the same
    RefreshDate.objects.bulk_create(new, BATCH, ignore_conflicts=True)


def said_by(row):
    return WhenDue(row.was_agreed, row.last_on, row.due_on)


def due_of(competency):
    """{person: WhenDue} of everybody who works here and needs the competency; what was agreed counts before what was carried out."""
    last = {person: (False, day) for person, day in carried_out(competency.pk).items()}
    agreed = confirmed_to_hr(competency.pk)
    last = {person: one for person, one in last.items() if person not in agreed}
    last |= {person: (True, one.on) for person, one in agreed.items() if one.level}
    present = set(Person.objects.employed().order_by().values_list("pk", flat=True)) & needing(competency.pk)
    return {
        person: WhenDue(was_agreed, day, after_months(day, competency.refresh_months))
        for person, (was_agreed, day) in last.items()
        if person in present
    }


def carried_out(competency):
    """The last day of a measure for the competency that was carried out, by person, as far as the offer says so."""
    rows = Booking.objects.open_to_hr().carried_out().filter(about(competency), shows_goals=False).order_by()
    found = {}
    for person, starts_on, ends_on, differs, booked_until, due_on in rows.values_list(
        PERSON, "date__starts_on", "date__ends_on", "differs", "booked_until", "measure__due_on"
    ):
        day = ends_on or starts_on or (booked_until if differs else due_on)
        found[person] = max(day, found.get(person, day))
    return found


def needing(competency):
    """Whose role asks for it now, or in whose latest round it was; ids of people. See freshness.refreshes."""
    asking = Requirement.objects.filter(competency=competency, level__gt=0)
    found = set(
        RoleHolding.objects.current().filter(profile__in=asking.values("profile")).values_list("person", flat=True)
    )
    rounds = Participation.objects.filter(round__edition__isnull=False).order_by("round__opened_at", "pk")
    latest = dict(rounds.values_list("person", "round__edition"))
    knowing = {pk for pk in set(latest.values()) if competency in catalogue_of(pk).by_id}
    return found | {person for person, edition in latest.items() if edition in knowing}


@prepared
def competencies_to_refresh():
    return Competency.objects.filter(refresh_months__isnull=False).values_list("pk", "name")


def to_reckon():
    """Competencies that are refreshed, and those of which rows are left from when they were."""
    known = {pk for pk, _ in competencies_to_refresh()}
    return sorted(known | set(RefreshDate.objects.order_by().values_list("competency", flat=True).distinct()))


@hooks.register("every_day")
def reckon_what_is_due(today):
    """Who has come, left, learned or agreed since yesterday; silent, for it says who has agreed on what."""
    for competency in Competency.objects.filter(pk__in=to_reckon()):
        reckon(competency)


# At once, when HR has changed after how many months --------------------------------------------------


def reckon_some(job, items):
    for competency in Competency.objects.filter(pk__in=items):
        reckon(competency)


def say_that_it_is_reckoned(job):
    job.sentence = "Die Liste der Auffrischungen ist auf dem Stand von jetzt."


def page_of_refreshes(job):
    return reverse("learningplans:refreshes")


RECKONING = JobKind(
    "reckoning refreshes",
    batch=reckon_some,
    finish=say_that_it_is_reckoned,
    leads_to=page_of_refreshes,
    size=1,
    at_once=0,
)


def begin_reckoning(by):
    return begin(RECKONING, subject="all", title="Auffrischungen neu rechnen", items=to_reckon(), by=by)


# Listed -------------------------------------------------------------------------------------------


def listed(rows):
    """These RefreshDates, each with ``planned``: (title, state, begin, address) of measures to come that serve it; three queries."""
    rows = list(rows.select_related("person__unit", "competency"))
    planned = planned_for({row.person_id for row in rows})
    for row in rows:
        row.planned = planned[row.person_id, row.competency_id]
    return rows


def planned_for(people):
    """Measures of these people that are still to come, by person and each competency for which HR knows them to be; two queries."""
    coming = Booking.objects.open_to_hr().to_come().filter(**{f"{PERSON}__in": people}).order_by("begins_on", "pk")
    read = ("measure__title", "booked_title", "differs", "state", "begins_on", "measure__plan")
    rows = [
        *coming.filter(shows_goals=False).values_list(PERSON, "offer__competencies", *read),
        *coming.filter(shows_goals=True, measure__goals__ended_on=None).values_list(
            PERSON, "measure__goals__competency", *read
        ),
    ]
    found = defaultdict(list)
    for person, competency, title, booked, differs, state, begins_on, plan in rows:
        said = booked if differs and state == Booking.State.BOOKED else title
        words = (said, Booking.State(state).label, begins_on, reverse("learningplans:detail", args=[plan]))
        if words not in found[person, competency]:
            found[person, competency].append(words)
    return found
