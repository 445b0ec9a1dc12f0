"""Preparing a round: begun anew or as a copy of an earlier one, and what it lacks before it can be opened."""

import re
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from assessments.models import Round
from kompetenz.forms.stamp import stamp
from kompetenz.people.models import Person

from . import schedule
from .recording import note_beginning

TITLE_LENGTH = 120  # characters, as Round.title has it
YEARS = re.compile(r"\b(20\d\d)(?:/(\d\d))?\b")  # "2026" and "2026/27"
COPIED = (
    "purpose",
    "procedure",
    "is_voluntary",
    "disclosure",
    "hides_target",
    "shows_levels_to_hr",
    "has_peers",
    "calendar_tells",
)
DEADLINES = {
    "self_due": "Selbsteinschätzung bis",
    "manager_due": "Fremdeinschätzung bis",
    "peer_due": "Kollegium bis",
    "talk_due": "Gespräch bis",
    "plan_due": "Lernplan bis",
}
ANOTHER = "Nicht {}: Die Vorbereitung ist inzwischen eine andere. Bitte sehen Sie sie noch einmal an."
OF_A_DRAFT = timedelta(weeks=schedule.SUGGESTED["self_due"])  # when a round was to open that never did


def stamp_of(draft):
    """What a page sends back that opens or deletes it: another one once anything of what is prepared is another; three queries."""
    said = [getattr(draft, field.attname) for field in draft._meta.concrete_fields]  # noqa: SLF001 - Django documents it
    chosen = [sorted(rows.values_list("pk", flat=True)) for rows in (draft.units, draft.profiles, draft.people)]
    return stamp(said, chosen)


@transaction.atomic
def start_round(*, by):
    """A draft with nothing but a name and suggested deadlines."""
    today = timezone.localdate()
    title = f"Kompetenzrunde {today.year}"
    new = Round.objects.create(title=title, created_by=by, responsible=by, **schedule.suggested(today, settings.LAND))
    note_beginning(new, by=by)
    return new


@transaction.atomic
def copy_round(*, source, by, with_people):
    """A draft with the texts, rules and target group of ``source``, due as long after today as those were after its opening.

    ``with_people`` brings the list of single people along, as far as they still work here.
    """
    today, opened = timezone.localdate(), opening_day(source)
    copy = Round.objects.create(
        title=next_title(source.title, today.year - opened.year),
        created_by=by,
        responsible=Person.objects.employed().filter(is_hr=True, pk=source.responsible_id).first() or by,
        **{field: getattr(source, field) for field in COPIED},
        **new_deadlines(source, opened, today),
    )
    copy.units.set(source.units.all())
    copy.profiles.set(source.profiles.all())
    if with_people:
        copy.people.set(source.people.employed())
    note_beginning(copy, by=by)
    return copy


def opening_day(round_):
    if round_.opened_at:
        return timezone.localdate(round_.opened_at)
    return min(round_.self_due, round_.manager_due) - OF_A_DRAFT


def new_deadlines(source, opened, today):
    """At the same distances from today; suggested ones where that would be in the past.

    The source's days tell: those moved may have skipped a weekend and lie after today.
    """
    new = schedule.moved(deadlines_of(source), today - opened, settings.LAND)
    if min(source.self_due, source.manager_due) <= opened:
        new |= schedule.suggested(today, settings.LAND)
        new["peer_due"] = new["self_due"] if source.has_peers else None
    return new


def next_title(title, years):
    """``title`` with every year in it moved on by ``years``; marked as a copy where that changes nothing."""

    def later(found):
        year, second = int(found[1]) + years, found[2]
        return f"{year}/{(int(second) + years) % 100:02}" if second else str(year)

    new = YEARS.sub(later, title)
    return new if new != title else f"{title[: TITLE_LENGTH - len(' (Kopie)')]} (Kopie)"


@dataclass(frozen=True)
class Lack:
    """What a draft lacks before it can be opened, and the step that mends it (a word of the address)."""

    step: str
    text: str


def lacks(round_, participants):
    """What keeps ``round_``, which addresses so many ``participants``, from being opened."""
    today = timezone.localdate()
    found = [] if round_.purpose.strip() else [Lack("zweck", "Der Zweck fehlt.")]
    if not participants:
        found.append(Lack("beteiligte", "Noch nimmt niemand teil."))
    for field, day in deadlines_of(round_).items():
        if day and day < today:
            step = "sichtbarkeit" if field == "peer_due" else "fristen"
            found.append(Lack(step, f"„{DEADLINES[field]}“ liegt in der Vergangenheit."))
    return found


def deadlines_of(round_):
    """The days of ``round_`` by field, None where there is none; that of colleagues only if they are asked."""
    days = {field: getattr(round_, field) for field in DEADLINES}
    return days if round_.has_peers else {**days, "peer_due": None}
