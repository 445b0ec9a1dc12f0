"""The measures of a year for other systems, by personnel number, with a confirmation for each person (TVöD § 5 Abs. 3).

What the columns mean, docs/exports.md says; other systems read them by their titles, which therefore stay.
"""

import csv
import io
from itertools import groupby

from django.urls import reverse
from django.utils import timezone

from kompetenz.documents import CONFIDENTIAL, Column, Pages, Table, file_name, workbook
from kompetenz.documents.spreadsheet import LIKE_A_FORMULA
from kompetenz.jobs.batches import ALL, JobKind, keep_file, say_that_it_is_there
from learningplans.models import Booking, LearningPlan
from learningplans.training.outputs import people_booked

from .contested import contested_in
from .served import named_by_goals, named_by_offers
from .workbook import WIDTHS, confirmation

COLUMNS = [
    Column("Personalnummer", 16, is_text=True),
    Column("Nachname", 18),
    Column("Vorname", 16),
    Column("Organisationseinheit", 26),
    Column("Maßnahme", 38),
    Column("Format", 22),
    Column("Angebot", 30),
    Column("Anbieter", 24),
    Column("Beginn", 12),
    Column("Ende", 12),
    Column("Stunden", 10),
    Column("Kosten", 12),
    Column("Stand", 15),
    Column("Bestätigt", 12),
    Column("Kennung", 12),
    Column("Führungskraft", 24),
    Column("Kompetenzen", 38),
    Column("Personalnummer der Führungskraft", 16, is_text=True),
]
YES, NO, CONTESTED = "ja", "nein", "strittig"
NOBODY = "In diesem Jahr ist noch keine Maßnahme durchgeführt."


def bookings_of(year, user):
    """All bookings of a year that HR reads, by person."""
    rows = Booking.objects.visible_to(user).in_year(year)
    return rows.order_by("measure__plan__participation__person__sort_key", "measure__plan__participation__person", "pk")


def in_full(year, user):
    """(booking, whether it is confirmed, in a word, what it serves) of the year; four queries."""
    rows = bookings_of(year, user).select_related(
        "date",
        "offer",
        "unit",
        "format",
        "measure__format",
        "measure__offer",
        "measure__plan__participation__person",
        "measure__plan__participation__manager",
    )
    rows = list(rows)
    contested = contested_in(LearningPlan.objects.with_measures_in(year), [row.measure for row in rows])
    goals, offers = named_by_goals(booking__year=year, booking__shows_goals=True), named_by_offers()
    return [
        (
            row,
            CONTESTED if row.measure_id in contested else YES if row.state == Booking.State.DONE else NO,
            goals.get(row.measure_id) if row.shows_goals else offers.get(row.offer_id),
        )
        for row in rows
    ]


def row_of(booking, confirmed, competencies):
    measure, person = booking.measure, booking.measure.plan.participation.person
    manager = measure.plan.participation.manager
    title, provider, format_ = measure.title, measure.provider, measure.format_name
    if booking.holds_as_booked:
        title, provider, format_ = booking.booked_title, booking.booked_provider, booking.format.name
    first, last = days_of(booking)
    return [
        person.personnel_number,
        person.last_name,
        person.first_name,
        str(booking.unit or ""),
        title,
        format_,
        measure.offer_name,
        provider or (booking.offer.provider if booking.offer else ""),
        first,
        last,
        booking.hours,
        booking.cost,
        booking.get_state_display(),
        confirmed,
        booking.pk,
        measure.plan.participation.manager_name,
        competencies,
        manager.personnel_number if manager else None,
    ]


def days_of(booking):
    """First and last day: of its date, else as it was booked, else as the plan says."""
    if booking.date:
        return booking.date.starts_on, booking.date.ends_on or booking.date.starts_on
    if booking.holds_as_booked:
        return booking.booked_from, booking.booked_until
    return booking.measure.starts_on, booking.measure.due_on


def workbook_of(year, user, today) -> bytes:
    """Two sheets: every measure of the year, and a page for each person with those that were carried out."""
    rows = in_full(year, user)
    lines = [f"Maßnahmen {year}", f"Stand: {today:%d.%m.%Y}", CONFIDENTIAL]
    pages = [
        confirmation(
            person, str(found[0].unit or ""), [ConfirmedMeasure(row) for row in found], [("Haushaltsjahr", year)], today
        )
        for person, found in by_person([row for row, confirmed, _ in rows if confirmed == YES])
    ]
    return workbook(
        Table("Maßnahmen", lines, COLUMNS, [row_of(*one) for one in rows]),
        Pages("Bestätigungen", WIDTHS, pages or [[[NOBODY]]]),
        footer=CONFIDENTIAL,
    )


class ConfirmedMeasure:
    """What a confirmation says of one measure: of what was carried out, whatever the plan says by now."""

    def __init__(self, booking):
        self.title, self.format_name = booking.measure.title, booking.measure.format_name
        if booking.holds_as_booked:
            self.title, self.format_name = booking.booked_title, booking.format.name
        self.hours, (self.starts_on, self.due_on) = booking.hours, days_of(booking)


def by_person(rows):
    return ((person, list(found)) for person, found in groupby(rows, lambda row: row.measure.plan.participation.person))


def csv_of(year, user) -> bytes:
    """The same rows as text for a program: semicolons, UTF-8 with its mark, days as 2027-12-31, a comma in numbers."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([column.title for column in COLUMNS])
    writer.writerows([[in_text(value) for value in row_of(*one)] for one in in_full(year, user)])
    return text.getvalue().encode("utf-8-sig")


def in_text(value):
    """A text that a table program would compute begins with an apostrophe, as it shows there."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(LIKE_A_FORMULA) else value.replace("\n", " ")
    return value.isoformat() if hasattr(value, "isoformat") else str(value).replace(".", ",")


def make_workbook(job, rows):
    year, today = job.options["year"], timezone.localdate()
    return file_name("Maßnahmen und Bestätigungen", str(year), today, suffix=".xlsx"), workbook_of(
        year, job.asked_by, today
    )


def make_csv(job, rows):
    year = job.options["year"]
    return file_name("Maßnahmen", str(year), timezone.localdate(), suffix=".csv"), csv_of(year, job.asked_by)


def page_of_the_plan(job):
    return f"{reverse('learningplans:training')}?jahr={job.options['year']}"


def kind(name, make, at_once=200):
    done = {"batch": keep_file, "finish": say_that_it_is_there, "leads_to": page_of_the_plan}
    done["tells_of"] = people_booked
    return JobKind(name, make=make, size=ALL, at_once=at_once, **done)


WORKBOOK, CSV = kind("measures of a year", make_workbook), kind("measures of a year as text", make_csv)
KINDS = {"xlsx": WORKBOOK, "csv": CSV}
