"""Taking people into a running round: who can take part, who cannot and why, and until when they have."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction

from assessments.models import Round
from kompetenz.jobs.batches import JobKind, begin
from kompetenz.people.models import Person
from kompetenz.refusals import Refused
from roles.models import RoleHolding

from . import schedule
from .many import NAMED, participations
from .opening import SMALL_BATCH, admit, has_manager, hold_open, page_of_the_round


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
    inside = dict(round_.participations.filter(person__in=rows).order_by().values_list("person", "declined_on"))
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
def begin_admitting(*, round_, people, by=None, **dues):
    """Begin the job that takes people into an open round with deadlines of their own.

    Whoever takes part already is left alone, so that a form sent twice does no harm. Raises NotAble if anybody
    else cannot take part, who has declined among them, and then admits nobody; raises TooLate.
    """
    hold_open(round_)
    found = late_entries(round_, people)
    if unable := [candidate for candidate in found if is_unable(candidate)]:
        raise NotAble(unable)
    about = {
        "title": f"Nachträglich aufnehmen: {round_}",
        "items": [one.person.pk for one in found if not one.is_inside],
    }
    days = {field: day and day.isoformat() for field, day in dues.items()}
    return begin(ADMITTING, subject=round_.pk, by=by, dues=days, **about)


def is_unable(candidate):
    return candidate.obstacle and not candidate.takes_part


def admit_some(job, people):
    """Those of them who still can take part; who cannot any more is named in the end."""
    round_ = Round.objects.get(pk=job.subject)
    found = late_entries(round_, Person.objects.filter(pk__in=people))
    dues = {field: day and date.fromisoformat(day) for field, day in job.options["dues"].items()}
    able = [candidate.holding for candidate in found if not candidate.obstacle]
    new = admit(round_=round_, holdings=able, first=job.options.get("first"), **dues)
    if new:
        job.options.setdefault("first", new[0].pk)
    job.count("new", len(new))
    job.lines += [f"{one.person} {one.obstacle}." for one in found if is_unable(one)]


def say_who_is_in(job):
    new, job.level = job.tally.get("new", 0), "success"
    if new:
        job.sentence = f"Nachträglich aufgenommen: {participations(new)}."
    else:
        job.sentence, job.level = "Alle Genannten nehmen schon teil.", "info"
    if job.lines:
        job.level = "warning"
        job.lines = ["Nicht aufgenommen, denn das hat sich inzwischen geändert:", *job.lines[:NAMED]]


ADMITTING = JobKind(
    "late entries", batch=admit_some, finish=say_who_is_in, leads_to=page_of_the_round, size=SMALL_BATCH
)


def suggested_deadlines(round_, today):
    """The round's deadlines, or later ones where those would leave too little time; by names of deadlines.FIELDS."""
    fair = schedule.working_day(today + schedule.FAIR, settings.LAND)
    days = {"self_due": max(round_.self_due, fair), "manager_due": max(round_.manager_due, fair)}
    days["talk_due"], days["plan_due"] = round_.talk_due, round_.plan_due
    assessed = max(days["self_due"], days["manager_due"])
    if assessed > max(round_.self_due, round_.manager_due):
        days["talk_due"] = max(round_.talk_due, schedule.working_day(assessed + schedule.FAIR, settings.LAND))
    if round_.plan_due and days["talk_due"] > round_.talk_due:
        days["plan_due"] = max(round_.plan_due, schedule.working_day(days["talk_due"] + schedule.FAIR, settings.LAND))
    return days
