"""What HR takes along about the measures of a round: a list, and for each person a confirmation (TVöD § 5 Abs. 3)."""

from itertools import groupby

from django.conf import settings

from assessments.models import NOT_A_BEURTEILUNG
from kompetenz.documents import Bold, Column, Pages, Table, workbook

from .bundling import plans_to_bundle
from .models import Measure

CONFIDENTIAL = f"Vertraulich – {NOT_A_BEURTEILUNG}"

COLUMNS = [
    Column("Person", 28),
    Column("Personalnummer", 16),
    Column("Organisationseinheit", 34),
    Column("Maßnahme", 50),
    Column("Format", 28),
    Column("Stunden", 10),
    Column("von", 12),
    Column("bis", 12),
    Column("Stand", 14),
]
CONFIRMED = ["Maßnahme", "Format", "Stunden", "von", "bis"]
WIDTHS = [46, 28, 10, 12, 12]  # of a confirmation's columns
LINE = "_" * 32


class NoMeasures(Exception):
    """No agreed plan of the round has a measure."""


def measures_and_confirmations(round_, today) -> bytes:
    """Two sheets: every measure of the agreed plans, and a page for each person with those carried out; one query.

    Holds what HR may read of a plan whatever the round says: measures and dates. Raises NoMeasures.
    """
    measures = list(measures_of(round_))
    if not measures:
        raise NoMeasures
    lines = [f"Maßnahmen vereinbarter Lernpläne: {round_.title}", f"Stand: {today:%d.%m.%Y}", CONFIDENTIAL]
    confirmations = [
        confirmation(participation, list(done), round_, today)
        for participation, done in groupby(
            [measure for measure in measures if measure.state == Measure.State.DONE], participation_of
        )
    ]
    return workbook(
        Table("Maßnahmen", lines, COLUMNS, map(row_of, measures)),
        Pages("Bestätigungen", WIDTHS, confirmations or [[["Noch ist keine Maßnahme durchgeführt."]]]),
        footer=CONFIDENTIAL,
    )


def measures_of(round_):
    """Measures of agreed and completed plans, by person and date."""
    return (
        Measure.objects.filter(plan__in=plans_to_bundle(round_))
        .select_related("format", "plan__participation__person")
        .order_by("plan__participation__sort_key", "plan", "due_on", "pk")
    )


def participation_of(measure):
    return measure.plan.participation


def row_of(measure):
    participation = participation_of(measure)
    return [
        participation.person.listed_as,
        participation.person.personnel_number,
        participation.unit_name,
        measure.title,
        measure.format.name,
        measure.hours,
        measure.starts_on,
        measure.due_on,
        measure.get_state_display(),
    ]


def confirmation(participation, done, round_, today):
    """The page for one person; one and the same text for everybody, with lines to sign on."""
    person = participation.person
    return [
        [Bold("Bestätigung über durchgeführte Qualifizierungsmaßnahmen")],
        ["nach § 5 Absatz 3 TVöD"],
        [settings.ORGANISATION],
        [],
        ["Person", person.listed_as],
        ["Personalnummer", person.personnel_number],
        ["Organisationseinheit", participation.unit_name],
        ["Lernplan aus", round_.title],
        ["Stand", today],
        [],
        [Bold(name) for name in CONFIRMED],
        *[[one.title, one.format.name, one.hours, one.starts_on, one.due_on] for one in done],
        [],
        [],
        [LINE, LINE],
        ["Ort, Datum", "für die Personalentwicklung"],
    ]
