"""What HR takes along about a round as a workbook: who stands where, never a level."""

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from assessments.models import Participation, Round
from assessments.models.accesses import What
from kompetenz.documents import CONFIDENTIAL, Column, Table, file_name, workbook
from kompetenz.jobs.batches import ALL, JobKind, keep_file, say_that_it_is_there
from kompetenz.people.models import Unit
from kompetenz.people.tree import read_tree
from roles.models import RoleProfile

from .monitoring import FEATURES, NO_UNIT, STATES, Narrowing, listed
from .progress import is_late, standing_by_unit, total

COLUMNS = [
    Column("Person", 24),
    Column("Personalnummer", 16, is_text=True),
    Column("E-Mail", 28),
    Column("Organisationseinheit", 26),
    Column("Dezernat", 22),
    Column("Amt", 22),
    Column("Rolle", 22),
    Column("Führungskraft", 22),
    Column("Personalnummer der Führungskraft", 16, is_text=True),
    Column("Selbsteinschätzung", 20),
    Column("Selbst bis", 12),
    Column("Fremdeinschätzung", 20),
    Column("Fremd bis", 12),
    Column("Gespräch", 20),
    Column("Gespräch bis", 12),
    Column("Lernplan", 15),
    Column("Lernplan bis", 12),
    Column("überfällig", 12),
    Column("ruht seit", 12),
    Column("dabei seit", 12),
]


def make_list(job, participations):
    """The file of a job: made for whoever asked for it, of the list as it was narrowed then."""
    round_, today = Round.objects.get(pk=job.options["round"]), timezone.localdate()
    content = participation_list(round_, Narrowing.of(QueryDict(job.options["narrowed"])), today)
    return file_name("Teilnahmeliste", round_.title, today, suffix=".xlsx"), content


def page_of_rounds(job):
    return reverse("assessments:rounds")


def people_of_the_list(job):
    people = Participation.objects.filter(pk__in=job.items).order_by()
    return What.STATES, people.values_list("person", flat=True), job.options["round"]


LIST = JobKind(
    "participation list",
    make=make_list,
    batch=keep_file,
    finish=say_that_it_is_there,
    leads_to=page_of_rounds,
    size=ALL,
    at_once=500,
    tells_of=people_of_the_list,
)


def participation_list(round_, narrowing, today) -> bytes:
    """The Teilnahmeliste: what the monitor lists, in a file; seven queries at most. Nobody who has declined is in it."""
    rows = list(listed(round_, narrowing, today).taking_part().with_who_left().select_related("person", "manager"))
    tree = read_tree()
    names = tree.names()
    lines = [
        f"Teilnahmeliste: {round_.title}",
        f"Stand: {today:%d.%m.%Y} · {len(rows)} von {round_.participations.taking_part().count()} Personen",
        *[f"Auswahl: {text}" for text in [narrowing_in_words(narrowing)] if text],
        CONFIDENTIAL,
    ]
    cells = (
        row_of(
            row,
            tree.top_two(row.unit_id, names),
            not row.has_left and is_late(vars(row), today, running=round_.is_open),
        )
        for row in rows
    )
    return workbook(Table("Teilnahmeliste", lines, COLUMNS, cells), footer=CONFIDENTIAL)


def row_of(participation, upper, overdue):
    """``upper`` are the two uppermost of the units the person is in: Dezernat and Amt."""
    own, manager, talk, plan = participation.state_names
    return [
        participation.person.listed_as,
        participation.person.personnel_number,
        participation.person.email,
        participation.unit_name,
        *upper,
        participation.role_name,
        participation.manager_name,
        participation.manager.personnel_number if participation.manager else None,
        own,
        participation.self_due,
        manager,
        participation.manager_due,
        talk,
        participation.talk_due,
        plan,
        participation.plan_due,
        "ja" if overdue else None,
        participation.paused_on,
        participation.admitted_on,
    ]


def units_list(round_, columns, today) -> bytes:
    """How far each unit is, with all beneath it; ``columns`` are names and fields of RoundProgress."""
    tree = read_tree()
    standing, names = standing_by_unit(round_, today, tree), tree.names()
    lines = [
        f"Stand nach Organisationseinheiten: {round_.title}",
        f"Stand: {today:%d.%m.%Y} · Jede Zeile zählt die Einheit mit allen Einheiten darunter.",
        CONFIDENTIAL,
    ]
    shown = [(names.get(row.unit, NO_UNIT), tree.top_two(row.unit, names), row.standing) for row in standing]
    shown.append(("alle Einheiten zusammen", (None, None), total(standing)))
    heads = [Column("Einheit", 34), Column("Dezernat", 26), Column("Amt", 26)]
    heads += [Column(name.replace("\N{SOFT HYPHEN}", ""), 14) for name in columns]
    rows = [[unit, *upper, *(getattr(one, field) for field in columns.values())] for unit, upper, one in shown]
    return workbook(Table("Einheiten", lines, heads, rows), footer=CONFIDENTIAL)


def narrowing_in_words(narrowing):
    """What a list is narrowed to; "" if it has everybody."""
    unit = Unit.objects.named(narrowing.unit) if narrowing.unit not in {"", NO_UNIT} else None
    role = RoleProfile.objects.filter(pk=narrowing.role).first() if narrowing.role else None
    words = [
        narrowing.name and f"Name enthält „{narrowing.name}“",
        STATES.get(narrowing.state),
        FEATURES.get(narrowing.feature),
        narrowing.unit not in {"", NO_UNIT} and f"{unit or f'Einheit enthält „{narrowing.unit}“'} und darunter",
        narrowing.unit == NO_UNIT and "ohne Organisationseinheit",
        role and role.name,
        narrowing.manager and f"Führungskraft enthält „{narrowing.manager}“",
    ]
    return ", ".join(word for word in words if word)
