"""Taking people into a running round: who can take part, who cannot and why, and until when they have."""

from dataclasses import dataclass

from django.db import transaction

from kompetenz.people.models import Person
from kompetenz.refusals import Refused
from roles.models import RoleHolding

from . import schedule
from .opening import admit, has_manager, hold_open


@dataclass(frozen=True)
class LateEntry:
    """Somebody who might take part; ``obstacle`` says why they cannot, in words that follow the name."""

    person: Person
    holding: RoleHolding | None
    obstacle: str = ""
    is_inside: bool = False
    has_declined: bool = False

    @property
    def takes_part(self):
        return self.is_inside and not self.has_declined


def late_entries(round_, people):
    """``people``, who work here, by name, with what keeps each from taking part; three queries."""
    rows = list(Person.objects.filter(pk__in=[person.pk for person in people]).select_related("unit", "manager"))
    holdings = RoleHolding.objects.current().filter(person__in=rows).select_related("profile", "person__manager")
    held = {holding.person_id: holding for holding in holdings.select_related("person__unit")}
    inside = dict(round_.participations.filter(person__in=rows).values_list("person", "declined_on"))
    return [
        LateEntry(
            row,
            held.get(row.pk),
            obstacle_to(row, held.get(row.pk), row.pk in inside, declined=bool(inside.get(row.pk))),
            row.pk in inside,
            bool(inside.get(row.pk)),
        )
        for row in rows
    ]


def obstacle_to(person, holding, is_inside, *, declined):
    if declined:
        return "nimmt nicht teil. Wieder aufgenommen wird nur, wer selbst darum bittet"
    if is_inside:
        return "nimmt schon teil"
    if not person.is_employed:
        return "ist nicht mehr aktiv"
    if holding is None:
        return "hat keine Rolle"
    if person.manager is None:
        return "hat keine Führungskraft"
    return "" if has_manager(person) else f"hat eine Führungskraft, die sich nicht anmelden kann: {person.manager}"


class NotAble(Refused):
    """Not everybody can take part; ``unable`` are the LateEntry of those who cannot."""

    def __init__(self, unable):
        super().__init__("Nicht alle können teilnehmen. Es ist niemand aufgenommen.")
        self.unable = unable


@transaction.atomic
def admit_late(*, round_, people, **dues):
    """Take people into an open round with deadlines of their own; returns their participations.

    Whoever takes part already is left alone, so that a form sent twice does no harm. Raises NotAble if anybody
    else cannot take part, who has declined among them, and then admits nobody; raises TooLate.
    """
    hold_open(round_)
    found = late_entries(round_, people)
    if unable := [candidate for candidate in found if candidate.obstacle and not candidate.takes_part]:
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
