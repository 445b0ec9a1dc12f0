"""What HR takes along of the training plan: who takes part in an offer, for its provider; what a year costs, for the treasurer."""

from collections import Counter

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from kompetenz.amounts import euros
from kompetenz.documents import INTERNAL, Column, Table, file_name, workbook
from kompetenz.jobs.batches import ALL, JobKind, keep_file, say_that_it_is_there
from kompetenz.privacy.access_log.models import Access
from learningplans.models import Booking, Offer, OfferDate, RefreshDate

from . import budgeting, grouping, refreshing
from .adding_up import FoundInYear
from .narrowing import YearNarrowing

FOR_PROVIDER = "Nur für die Durchführung; danach bitte löschen."
GUESTS = [Column("Nr.", 6), Column("Nachname", 30), Column("Vorname", 26), Column("Unterschrift", 40)]
PAID = [Column("Einheit", 44), *(Column(name, 16) for name in ("Budget", *budgeting.PARTS.values(), "frei"))]
TO_REFRESH = [
    Column("Personalnummer", 16, is_text=True),
    *(Column("Nachname", 20), Column("Vorname", 18), Column("Organisationseinheit", 30), Column("Kompetenz", 34)),
    *(Column("fällig ab", 12), Column("zuletzt", 12), Column("Anlass", 24), Column("geplant", 40)),
]
LEARNED = [
    *(Column("Angebot", 50), Column("Anbieter", 30)),
    *(Column(name, 13) for name in ("Maßnahmen", "gebucht", "Warteliste", "Stunden", "Kosten")),
    Column("ohne Angabe der Kosten", 24),
]


def guests_of(offer, date):
    """The bookings that take a seat, by name; of a plan that is a draft again, too: HR has booked it, and the provider expects them."""
    rows = Booking.objects.of(offer).taking_a_seat()
    rows = rows.on(date) if date else rows
    return rows.order_by("measure__plan__participation__person__sort_key", "pk")


def list_of_guests(offer, date) -> bytes:
    """Names and the date, and nothing else of anybody but the unit of two who are called alike; who is booked twice stands there once."""
    person = "measure__plan__participation__person__"
    told = (f"{person}{field}" for field in ("pk", "last_name", "first_name", "unit__name"))
    guests = list(dict.fromkeys(guests_of(offer, date).values_list(*told)))
    called = Counter((last, first) for _, last, first, _ in guests)
    when = f"{date}{f', {date.place}' if date.place else ''}" if date else offer.days
    lines = [
        f"Teilnahmeliste: {offer.title}",
        *filter(None, [offer.provider]),
        when,
        settings.ORGANISATION,
        FOR_PROVIDER,
    ]
    rows = [
        [number, last, f"{first} ({unit})" if unit and called[last, first] > 1 else first, None]
        for number, (_, last, first, unit) in enumerate(guests, start=1)
    ]
    return workbook(Table("Teilnahmeliste", lines, GUESTS, rows), footer=FOR_PROVIDER)


def budget_sheet(year, user, today) -> bytes:
    """Two sheets of values: who pays what, and what each offer costs; nobody is named."""
    whole, *parts = budgeting.lines_of(year, user)
    held = f"Darin {euros(whole.held)} für Plätze aus Lernplänen, die gerade überarbeitet werden." if whole.held else ""
    lines = [f"Fortbildung {year}", f"Stand: {today:%d.%m.%Y}. Alle Beträge in Euro, als Werte.", held, INTERNAL]
    lines = [line for line in lines if line]
    rows = [*parts, whole] if parts else [whole]
    paid = [[line.name, line.amount, *(part["cost"] for part in line.parts), line.free] for line in rows]
    groups = grouping.by_offer(FoundInYear(YearNarrowing(year), user), with_held=True)
    learned = [
        [one.name, one.small, one.number, one.booked, one.waiting, one.hours, one.known_cost, one.without_cost]
        for one in groups
    ]
    return workbook(Table("Haushalt", lines, PAID, paid), Table("Angebote", lines, LEARNED, learned), footer=INTERNAL)


def list_of_refreshes(rows, today) -> bytes:
    """Who has to refresh what, by name; levels are not in it."""
    lines = ["Fällige Auffrischungen", f"Stand: {today:%d.%m.%Y}", INTERNAL]
    cells = [
        [
            row.person.personnel_number,
            row.person.last_name,
            row.person.first_name,
            str(row.person.unit or ""),
            row.competency.name,
            row.due_on,
            row.last_on,
            "vereinbart" if row.was_agreed else "Maßnahme durchgeführt",
            "; ".join(f"{title} ({state})" for title, state, *_ in row.planned),
        ]
        for row in refreshing.listed(rows)
    ]
    return workbook(Table("Auffrischungen", lines, TO_REFRESH, cells), footer=INTERNAL)


def make_refreshes(job, rows):
    today = timezone.localdate()
    found = RefreshDate.objects.visible_to(job.asked_by).filter(pk__in=rows)
    return file_name("Auffrischungen", today, suffix=".xlsx"), list_of_refreshes(found, today)


def make_guests(job, rows):
    offer = Offer.objects.get(pk=job.options["offer"])
    date = OfferDate.objects.filter(pk=job.options["date"]).first() if job.options["date"] else None
    return file_name("Teilnahmeliste", offer.title, suffix=".xlsx"), list_of_guests(offer, date)


def make_budget(job, rows):
    year, today = job.options["year"], timezone.localdate()
    return file_name("Fortbildung", f"Haushalt {year}", today, suffix=".xlsx"), budget_sheet(year, job.asked_by, today)


def page_of_the_offer(job):
    return reverse("learningplans:training_offer", args=[job.subject.split()[0]])


def page_of_budgets(job):
    return f"{reverse('learningplans:training_budgets')}?jahr={job.subject.split()[0]}"


def people_booked(job):
    people = (
        Booking.objects.filter(pk__in=job.items)
        .order_by()
        .values_list("measure__plan__participation__person", flat=True)
    )
    return Access.What.MEASURES, people.distinct(), 0


def people_to_refresh(job):
    people = RefreshDate.objects.filter(pk__in=job.items).order_by().values_list("person", flat=True)
    return Access.What.REFRESHES, people.distinct(), 0


MADE = {"batch": keep_file, "finish": say_that_it_is_there, "size": ALL, "at_once": 200}
GUEST_LIST = JobKind("list of guests", make=make_guests, leads_to=page_of_the_offer, tells_of=people_booked, **MADE)
BUDGET = JobKind("budget sheet", make=make_budget, leads_to=page_of_budgets, **MADE)
REFRESHES = JobKind(
    "list of refreshes",
    make=make_refreshes,
    leads_to=refreshing.page_of_refreshes,
    tells_of=people_to_refresh,
    **MADE,
)
