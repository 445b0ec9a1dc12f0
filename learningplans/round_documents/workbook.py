"""What HR takes along about the measures of a round: a list, and for each person a confirmation (TVöD § 5 Abs. 3)."""

from itertools import groupby

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from assessments.models import Round
from kompetenz.documents import CONFIDENTIAL, Bold, Column, Pages, Table, file_name, workbook
from kompetenz.jobs.batches import ALL, JobKind, keep_file, say_that_it_is_there
from kompetenz.privacy.access_log.models import Access
from kompetenz.refusals import Refused
from learningplans.models import Measure

from .bundling import plans_to_bundle
from .contested import contested_in
from .served import named_by_goals, named_by_offers

COLUMNS = [
    Column("Person", 24),
    Column("Personalnummer", 16, is_text=True),
    Column("Organisationseinheit", 26),
    Column("Maßnahme", 38),
    Column("Format", 22),
    Column("Stunden", 10),
    Column("von", 12),
    Column("bis", 12),
    Column("Stand", 13),
    Column("Führungskraft", 24),
    Column("Personalnummer der Führungskraft", 16, is_text=True),
    Column("Kompetenzen", 38),
    Column("Angebot", 30),
    Column("Anbieter", 24),
    Column("Kosten", 12),
]
CONFIRMED = ["Maßnahme", "Format", "Stunden", "von", "bis"]
WIDTHS = [44, 28, 10, 12, 12]  # of a confirmation's columns
LINE = "_" * 32


def make_workbook(job, measures):
    round_, today = Round.objects.get(pk=job.options["round"]), timezone.localdate()
    name = file_name("Maßnahmen und Bestätigungen", round_.title, today, suffix=".xlsx")
    return name, measures_and_confirmations(round_, today)


def page_of_rounds(job):
    return reverse("assessments:rounds")


def people_of_the_round(job):
    people = Measure.objects.filter(pk__in=job.items).order_by().values_list("plan__participation__person", flat=True)
    return Access.What.MEASURES, people.distinct(), job.options["round"]


WORKBOOK = JobKind(
    "measures and confirmations",
    make=make_workbook,
    batch=keep_file,
    finish=say_that_it_is_there,
    leads_to=page_of_rounds,
    size=ALL,
    at_once=300,
    tells_of=people_of_the_round,
)


def measures_and_confirmations(round_, today) -> bytes:
    """Two sheets: every measure of the agreed plans, and a page for each person with those carried out; three queries.

    What one side says is done and the other says is not, in a change that was not taken note of, is not confirmed, nor what
    HR has let fall away. Holds what HR may read of a plan whatever the round says: measures and dates; competencies as
    served.py says. Raises Refused if there are none.
    """
    measures = list(measures_of(round_))
    if not measures:
        raise Refused("In dieser Runde ist noch kein Lernplan mit Maßnahmen vereinbart.")
    contested = contested_in(plans_to_bundle(round_), measures)
    by_goals = round_.shows_levels_to_hr
    served = named_by_goals(plan__participation__round=round_) if by_goals else named_by_offers()
    rows = [
        row_of(one, served.get(one.pk if by_goals else one.offer_id), is_contested=one.pk in contested)
        for one in measures
    ]
    lines = [f"Maßnahmen vereinbarter Lernpläne: {round_.title}", f"Stand: {today:%d.%m.%Y}", CONFIDENTIAL]
    confirmations = [
        confirmation(participation.person, participation.unit_name, list(done), [("Lernplan aus", round_.title)], today)
        for participation, done in groupby(
            [one for one in measures if one.state == Measure.State.DONE and one.pk not in contested], participation_of
        )
    ]
    return workbook(
        Table("Maßnahmen", lines, COLUMNS, rows),
        Pages("Bestätigungen", WIDTHS, confirmations or [[["Noch ist keine Maßnahme durchgeführt."]]]),
        footer=CONFIDENTIAL,
    )


def measures_of(round_):
    """Measures of agreed and completed plans, by person and date."""
    return (
        Measure.objects.filter(plan__in=plans_to_bundle(round_))
        .select_related("format", "offer", "booking", "plan__participation__person", "plan__participation__manager")
        .order_by("plan__participation__sort_key", "plan", "due_on", "pk")
    )


def participation_of(measure):
    return measure.plan.participation


def row_of(measure, competencies, *, is_contested):
    participation, offer = participation_of(measure), measure.offer
    priced = [getattr(measure, "booking", None), measure, offer]  # what was booked counts, then what the plan says
    return [
        participation.person.listed_as,
        participation.person.personnel_number,
        participation.unit_name,
        measure.title,
        measure.format_name,
        measure.hours,
        measure.starts_on,
        measure.due_on,
        "strittig" if is_contested else measure.get_state_display(),
        participation.manager_name,
        participation.manager.personnel_number if participation.manager else None,
        competencies,
        measure.offer_name,
        measure.provider or (offer.provider if offer else ""),
        next((one.cost for one in priced if one and one.cost is not None), None),
    ]


def confirmation(person, unit, done, about, today):
    """The page for one person; one and the same text for everybody, with lines to sign on. ``about`` says what ``done`` is of."""
    return [
        [Bold("Bestätigung über durchgeführte Qualifizierungsmaßnahmen")],
        ["nach § 5 Absatz 3 TVöD"],
        [settings.ORGANISATION],
        [],
        ["Person", person.listed_as],
        ["Personalnummer", person.personnel_number],
        ["Organisationseinheit", unit],
        *map(list, about),
        ["Stand", today],
        [],
        [Bold(name) for name in CONFIRMED],
        *[[one.title, one.format_name, one.hours, one.starts_on, one.due_on] for one in done],
        [],
        [],
        [LINE, LINE],
        ["Ort, Datum", "für die Personalentwicklung"],
    ]
