"""One's own growth to take along: as a workbook and as a PDF."""

from itertools import pairwise

from django.urls import reverse
from django.utils import timezone

from kompetenz.documents import CONFIDENTIAL, Column, Table, file_name, render_pdf, workbook
from kompetenz.jobs.batches import ALL, JobKind, keep_file, say_that_it_is_there
from kompetenz.wheel import small_svg

from .growth import growth_of

ACROSS = 4  # steps side by side on A4 upright


def growth_workbook(person, growth, today) -> bytes:
    """One sheet: a row for each competency, a column for each talk and review, the newest first."""
    lines = [f"Entwicklung von {person}", f"Stand: {today:%d.%m.%Y}", CONFIDENTIAL]
    columns = [
        Column("Kompetenz", 40),
        Column("Kategorie", 28),
        Column("zuletzt bestätigt", 16),
        Column("auffrischen ab", 16),
        *(Column(f"{step.name}, {step.participation.role_name}", 30) for step in growth.steps),
    ]
    return workbook(Table("Entwicklung", lines, columns, map(_cells_of, growth.rows)), footer=CONFIDENTIAL)


def _cells_of(row):
    return [
        row.course.competency.name,
        row.course.category,
        row.confirmed and row.confirmed.on,
        row.refresh and row.refresh.due_on,
        *(cell_in_words(cell) for cell in row.cells),
    ]


def cell_in_words(cell):
    """A cell of the course as text, e.g. ``Könner (2), +1``."""
    level = "" if cell.level is None else f"{cell.level_name} ({cell.level})"
    return ", ".join(filter(None, [level, cell.change]))


def make_pdf(job, steps):
    today = timezone.localdate()
    name = file_name("Entwicklung", job.asked_by.listed_as, today)
    return name, growth_pdf(job.asked_by, growth_of(job.asked_by, job.asked_by), today)


def page_of_growth(job):
    return reverse("learningplans:growth")


PDF = JobKind(
    "growth",
    make=make_pdf,
    batch=keep_file,
    finish=say_that_it_is_there,
    leads_to=page_of_growth,
    size=ALL,
    at_once=6,  # talks and reviews: each is a wheel, a third of a second
)


def in_even_parts(steps):
    """Which steps stand in each table: as many tables as it takes, none with one step beside others of many."""
    tables = -(-steps // ACROSS)
    ends = [round(steps * part / tables) for part in range(tables + 1)] if tables else []
    return [slice(start, end) for start, end in pairwise(ends)]


def growth_pdf(person, growth, today) -> bytes:
    """The wheels, then the levels with a few steps side by side; raises PdfUnavailable."""
    tables = [
        {"steps": growth.steps[here], "rows": [(row, row.cells[here]) for row in growth.rows]}
        for here in in_even_parts(len(growth.steps))
    ]
    context = {
        "title": "Meine Entwicklung",
        "stand": today,
        "person": str(person),
        "growth": growth,
        "wheels": [(step, small_svg(step.wheel(), on_paper=True)) for step in growth.steps],
        "tables": tables,
    }
    return render_pdf("documents/growth.html", context)
