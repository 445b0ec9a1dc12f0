"""The training plan of a year: every measure of agreed plans, narrowed, added up, grouped and listed (paper 4.3.2).

Of a measure HR reads what it always does: title, format, offer, dates, hours and costs. A goal's words and levels are not in
here, and its competency only where the round shows HR levels; else the competencies are those that the offer names.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import Case, Count, Exists, F, Max, Min, OuterRef, Q, Sum, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.formats import number_format

from kompetenz import text
from kompetenz.catalogue.models import Competency
from kompetenz.lists import id_in
from kompetenz.people.models import Unit, is_employed
from kompetenz.people.names import fold
from kompetenz.people.tree import read_tree
from kompetenz.prepared import prepared
from learningplans.models import Booking, Goal, LearningFormat, Offer, OfferDate
from learningplans.models.bookings import TAKES_A_SEAT, stamp_of

from . import standing

State = Booking.State
WAITS = "warteliste"
TO_LOOK_AT = "zu-pruefen"
STATES = {
    "vorgeschlagen": (State.PROPOSED.label, Q(state=State.PROPOSED)),
    "beantragt": (State.APPLIED.label, Q(state=State.APPLIED)),
    WAITS: ("auf der Warteliste", Q(waits_since__isnull=False)),
    "gebucht": (State.BOOKED.label, Q(state=State.BOOKED)),
    "durchgefuehrt": (State.DONE.label, Q(state=State.DONE)),
    "entfallen": (State.CANCELLED.label, Q(state=State.CANCELLED)),
}
WORDS = {
    state: word for word, (_, condition) in STATES.items() for name, state in condition.children if name == "state"
}
ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}
NO_UNIT = "ohne Einheit"
WITHOUT = 0  # in place of an offer's id: measures without one
YEARS = range(2000, 2100)


@dataclass(frozen=True)
class YearNarrowing:
    """What the plan of a year is narrowed to; an unknown word narrows nothing. ``unit`` brings those beneath it."""

    year: int
    quarter: int | None = None
    state: str = ""
    format: int | None = None
    offer: int | None = None
    competency: int | None = None
    unit: str = ""
    name: str = ""

    @classmethod
    def of(cls, address, today):
        year, quarter = id_in(address.get("jahr", "")), id_in(address.get("quartal", ""))
        state = address.get("stand", "")
        return cls(
            year=year if year in YEARS else today.year,
            quarter=quarter if quarter in ROMAN else None,
            state=state if state in STATES or state == TO_LOOK_AT else "",
            format=id_in(address.get("format", "")),
            offer=id_in(address.get("angebot", "")),
            competency=id_in(address.get("kompetenz", "")),
            unit=text.line(address.get("einheit", "")).strip()[:150],
            name=text.line(address.get("suche", "")).strip()[:100],
        )

    @property
    def words(self):
        return {
            "jahr": self.year,
            "quartal": self.quarter,
            "stand": self.state,
            "format": self.format,
            "angebot": self.offer,
            "kompetenz": self.competency,
            "einheit": self.unit,
            "suche": self.name,
        }

    @property
    def query(self):
        """The same as part of an address."""
        return urlencode({word: value for word, value in self.words.items() if value not in (None, "")})

    @property
    def is_whole_year(self):
        return replace(self, year=0) == YearNarrowing(0)

    def but(self, **changes):
        """The address of the same list with something else narrowed."""
        return replace(self, **changes).query


def narrowed(narrowing, user):
    """The bookings of the plan that are meant."""
    rows = Booking.objects.visible_to(user).filter(year=narrowing.year)
    if narrowing.quarter:
        rows = rows.filter(quarter=narrowing.quarter)
    if narrowing.state == TO_LOOK_AT:
        rows = rows.filter(undecided())
    elif narrowing.state:
        rows = rows.filter(STATES[narrowing.state][1])
    if narrowing.format:
        rows = rows.filter(format=narrowing.format)
    if narrowing.offer is not None:
        rows = rows.filter(offer=narrowing.offer or None)
    if narrowing.competency:
        rows = rows.filter(about(narrowing.competency))
    if narrowing.unit == NO_UNIT:
        rows = rows.filter(unit=None)
    elif narrowing.unit:
        rows = rows.filter(unit__in=Unit.objects.meant(narrowing.unit))
    for word in text.words(fold(narrowing.name)):
        rows = rows.filter(measure__plan__participation__sort_key__contains=word)
    return rows


def undecided():
    """The condition on what is booked and about which HR has to decide, see standing.to_look_at."""
    gone = Q(measure__state="dropped") | ~is_employed("measure__plan__participation__person__")
    return Q(state=State.BOOKED) & gone


def about(competency):
    """The condition on measures for this competency, as far as HR may know for which they are."""
    goals = Goal.objects.pursued().filter(measures=OuterRef("measure"), competency=competency)
    named = Offer.competencies.through.objects.filter(offer=OuterRef("offer"), competency=competency)
    return Q(Exists(goals), shows_goals=True) | Q(Exists(named), shows_goals=False)


@prepared
def formats_to_find():
    return LearningFormat.objects.values_list("pk", "name")


@prepared
def competencies_to_find():
    return Competency.objects.values_list("pk", "name")


# Added up -----------------------------------------------------------------------------------------


@dataclass
class YearTotals:
    """How many measures, their hours and euros, how many have none said, and how many wait; by state and by quarter, too."""

    number: int = 0
    hours: Decimal = Decimal(0)
    cost: Decimal = Decimal(0)
    without_cost: int = 0
    waiting: int = 0
    states: dict = field(default_factory=Counter)
    costs: dict = field(default_factory=Counter)
    quarters: dict = field(default_factory=Counter)


NUMBERS = {
    "number": Count("pk"),
    "sum_hours": Coalesce(Sum("hours"), Decimal(0)),
    "sum_cost": Coalesce(Sum("cost"), Decimal(0)),
    "without_cost": Count("pk", filter=Q(cost=None)),
    "waiting": Count("waits_since"),
}


def totals(rows):
    """What these bookings add up to; one query. What falls away costs nothing, and no hours."""
    found = YearTotals()
    for one in rows.order_by().values("state", "quarter").annotate(**NUMBERS):
        found.states[one["state"]] += one["number"]
        found.quarters[one["quarter"]] += one["number"]
        found.number += one["number"]
        found.waiting += one["waiting"]
        if one["state"] != State.CANCELLED:
            found.hours += one["sum_hours"]
            found.cost += one["sum_cost"]
            found.costs[one["state"]] += one["sum_cost"]
            found.without_cost += one["without_cost"]
    return found


def years(user, this):
    """The years with measures in them and the next, at most ten; one query."""
    ends = Booking.objects.visible_to(user).aggregate(first=Min("year"), last=Max("year"))
    first, last = min(ends["first"] or this, this), max(ends["last"] or this, this + 1)
    return list(range(max(first, last - 9), last + 1))


# Grouped ------------------------------------------------------------------------------------------

KEPT = ~Q(state=State.CANCELLED)
OF_A_GROUP = {
    "number": Count("pk", filter=KEPT),
    "booked": Count("pk", filter=Q(state__in=[State.BOOKED, State.DONE])),
    "waiting": Count("waits_since"),
    "sum_hours": Coalesce(Sum("hours", filter=KEPT), Decimal(0)),
    "sum_cost": Coalesce(Sum("cost", filter=KEPT), Decimal(0)),
    "fell_away": Count("pk", filter=Q(state=State.CANCELLED)),
}
GROUPS = {
    "angebot": "Angebot",
    "format": "Format",
    "kompetenz": "Kompetenz",
    "quartal": "Quartal",
    "amt": "Organisationseinheit",
}
COLUMNS = {
    "angebot": ("offer", "offer__title", "offer__provider", "offer__seats", "format", "format__name"),
    "format": ("format", "format__name", "format__order"),
    "quartal": ("quarter",),
}
ORDER = {
    "angebot": (F("offer__title").asc(nulls_last=True), "offer", "format__name"),
    "format": ("format__order", "format"),
    "quartal": ("quarter",),
}


def grouped(rows, by):
    """One row a group, as dicts with the numbers of OF_A_GROUP."""
    if by == "kompetenz":
        return by_competency(rows)
    if by == "amt":
        return by_unit(rows)
    return rows.order_by().values(*COLUMNS[by]).annotate(**OF_A_GROUP).order_by(*ORDER[by])


def by_unit(rows):
    """Each unit with all beneath it, in the order of the tree, then those without one; three queries."""
    found = {one.pop("unit"): one for one in rows.order_by().values("unit").annotate(**OF_A_GROUP)}
    tree = read_tree()
    nothing = (0,) * len(OF_A_GROUP)
    sums = tree.added_up({pk: tuple(one[name] for name in OF_A_GROUP) for pk, one in found.items()}, nothing)
    names = {pk: str(unit) for pk, unit in Unit.objects.in_bulk([pk for pk in sums if sums[pk] is not nothing]).items()}
    rows = [
        {"unit": names[pk], "depth": tree.depths[pk], **dict(zip(OF_A_GROUP, sums[pk], strict=True))}
        for pk in tree.depths
        if pk in names
    ]
    return rows + ([{"unit": None, "depth": 0, **found[None]}] if None in found else [])


def by_competency(rows):
    """A measure for several competencies counts in each; three queries."""
    goals = Q(shows_goals=True, measure__goals__ended_on=None)
    found = {}
    for at, kept in (("measure__goals__competency", goals), ("offer__competencies", Q(shows_goals=False))):
        for one in rows.filter(kept).order_by().values(at).annotate(**OF_A_GROUP):
            known = found.setdefault(one.pop(at), Counter())
            known.update(one)
    named = dict(Competency.objects.filter(pk__in=[pk for pk in found if pk]).values_list("pk", "name"))
    in_order = [pk for pk in named if pk in found] + ([None] if None in found else [])
    return [{"competency": pk, "name": named.get(pk, "Kompetenz nicht angegeben"), **found[pk]} for pk in in_order]


# Seats --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SeatsOfDate:
    """One date of an offer, or the offer itself (``date`` None), and how many of its ``seats`` are taken; None: any number."""

    date: OfferDate | None
    seats: int | None
    taken: int = 0
    waiting: int = 0

    @property
    def free(self):
        return None if self.seats is None else max(self.seats - self.taken, 0)

    @property
    def could_take(self):
        """How many who wait have a seat now."""
        return min(self.free or 0, self.waiting)


def seats_of(offer):
    """Its dates with their seats, or of one without dates its own; measures not on a date yet come last; two queries."""
    rows = Booking.objects.of(offer).order_by().values("date")
    counted = rows.annotate(taken=Count("pk", filter=TAKES_A_SEAT), waiting=Count("waits_since"))
    found = {one["date"]: (one["taken"], one["waiting"]) for one in counted}
    dates = [SeatsOfDate(date, offer.seats, *found.get(date.pk, ())) for date in offer.dates.all()]
    if not dates:
        return [SeatsOfDate(None, offer.seats, *found.get(None, ()))]
    return [*dates, *([SeatsOfDate(None, None, *found[None])] if any(found.get(None, ())) else [])]


# Listed -------------------------------------------------------------------------------------------

PARTICIPATION = "measure__plan__participation__"
LISTED = {
    "person_name": F(f"{PARTICIPATION}person_name"),
    "unit_name": F(f"{PARTICIPATION}unit_name"),
    "plan": F("measure__plan"),
    "title": F("measure__title"),
    "format_then": F("measure__format_then"),
    "format_now": F("format__name"),
    "offer_then": F("measure__offer_then"),
    "offer_now": F("offer__title"),
    "provider": F("measure__provider"),
    "starts_on": F("measure__starts_on"),
    "due_on": F("measure__due_on"),
    "reported": F("measure__state"),
    "date_starts_on": F("date__starts_on"),
    "date_ends_on": F("date__ends_on"),
    "is_employed": Case(When(is_employed(f"{PARTICIPATION}person__"), then=True), default=False),
}
OWN = ("pk", "said", "state", "date", "moved_at", "waits_since", "begins_on", "hours", "cost", "offer")


def in_order(rows):
    return rows.order_by("begins_on", "pk")


def waiting_first(rows):
    """Who waits at the head, the longest first; then what is to come, by day; last what is over, the latest first."""
    is_over = Case(When(state__in=[State.DONE, State.CANCELLED], then=F("begins_on")))
    return rows.order_by(F("waits_since").asc(nulls_last=True), is_over.desc(nulls_first=True), "begins_on", "pk")


def listed(rows):
    """These bookings as dicts with what the list says of each; one query."""
    return [row | in_words(row) for row in rows.values(*OWN, **LISTED)]


def in_words(row):
    """What a row says of itself: what it is, when, how it stands, and what HR has to look at."""
    first, last = row["date_starts_on"] or row["starts_on"], row["date_ends_on"] or row["due_on"]
    if row["date_starts_on"]:
        last = row["date_ends_on"]
    days = f"{first:%d.%m.%Y} bis {last:%d.%m.%Y}" if first and last and first != last else f"{first or last:%d.%m.%Y}"
    return {
        "key": f"{row['pk']}-{stamp_of(row['said'], row['state'], row['date'], row['moved_at'])}",
        "days": days if row["starts_on"] or row["date_starts_on"] else f"bis {days}",
        "about": ", ".join(
            filter(None, [row["format_then"] or row["format_now"], row["offer_then"] or row["offer_now"]])
        ),
        "address": reverse("learningplans:detail", args=[row["plan"]]),
        "hours_said": "–" if row["hours"] is None else number_format(row["hours"].normalize() + 0, force_grouping=True),
        "cost_said": "–"
        if row["cost"] is None
        else f"{number_format(row['cost'], 2, force_grouping=True)}\N{NO-BREAK SPACE}€",
        "state_name": State(row["state"]).label,
        "waits": "Warteliste" if row["waits_since"] else "",
        "to_look_at": standing.to_look_at(row["state"], row["reported"], has_left=not row["is_employed"]),
    }
