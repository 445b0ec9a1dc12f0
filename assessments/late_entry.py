"""Taking people into a running round: who can take part, who cannot and why, and until when they have."""

from dataclasses import dataclass

from django.db import transaction

from kompetenz.people.models import Person
from roles.models import RoleHolding

from . import schedule
from .opening import admit, has_manager, hold_open


@dataclass(frozen=True)
class Candidate:
    """Somebody who might take part; ``obstacle`` says why they cannot, in words that follow the name."""

    person: Person
    holding: RoleHolding | None
    obstacle: str = ""
    is_inside: bool = False


def candidates(round_, people):
    """``people``, who work here, by name, with what keeps each from taking part; three queries."""
    rows = list(Person.objects.filter(pk__in=[person.pk for person in people]).select_related("unit", "manager"))
    holdings = RoleHolding.objects.current().filter(person__in=rows).select_related("profile", "person__manager")
    held = {holding.person_id: holding for holding in holdings.select_related("person__unit")}
    inside = set(round_.participations.filter(person__in=rows).values_list("person", flat=True))
    return [
        Candidate(row, held.get(row.pk), obstacle_to(row, held.get(row.pk), row.pk in inside), row.pk in inside)
        for row in rows
    ]


def obstacle_to(person, holding, is_inside):
    if is_inside:
        return "nimmt schon teil"
    if not person.is_employed:
        return "ist nicht mehr aktiv"
    if holding is None:
        return "hat keine Rolle"
    if person.manager is None:
        return "hat keine Führungskraft"
    return "" if has_manager(person) else f"hat eine Führungskraft, die sich nicht anmelden kann: {person.manager}"


class NotAble(Exception):
    """Not everybody can take part; ``unable`` are the candidates who cannot."""

    def __init__(self, unable):
        super().__init__(unable)
        self.unable = unable


@transaction.atomic
def admit_late(*, round_, people, **dues):
    """Take people into an open round with deadlines of their own; returns their participations.

    Whoever takes part already is left alone, so that a form sent twice does no harm. Raises NotAble if anybody
    else cannot take part, and then admits nobody; raises RoundEnded.
    """
    hold_open(round_)
    found = candidates(round_, people)
    if unable := [candidate for candidate in found if candidate.obstacle and not candidate.is_inside]:
        raise NotAble(unable)
    new = [candidate.holding for candidate in found if not candidate.is_inside]
    return admit(round_=round_, holdings=new, **dues)


def suggested_deadlines(round_, today):
    """The round's deadlines, or later ones where those would leave too little time; by names of deadlines.FIELDS."""
    fair = schedule.working_day(today + schedule.FAIR)
    days = {"self_due": max(round_.self_due, fair), "manager_due": max(round_.manager_due, fair)}
    days["talk_due"], days["plan_due"] = round_.talk_due, round_.plan_due
    assessed = max(days["self_due"], days["manager_due"])
    if assessed > max(round_.self_due, round_.manager_due):
        days["talk_due"] = max(round_.talk_due, schedule.working_day(assessed + schedule.FAIR))
    if round_.plan_due and days["talk_due"] > round_.talk_due:
        days["plan_due"] = max(round_.plan_due, schedule.working_day(days["talk_due"] + schedule.FAIR))
    return days
