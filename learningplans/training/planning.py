"""The training plan of a year: every measure of agreed plans, narrowed, added up, grouped and listed (paper 4.3.2).

Of a measure HR reads what it always does: title, format, offer, dates, hours and costs. A goal's words and levels are not in
here, and its competency only where the round shows HR levels; else the competencies are those that the offer names.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property, lru_cache
from urllib.parse import urlencode

from django.db.models import Case, Count, F, OuterRef, Q, Subquery, Sum, When
from django.urls import reverse
from django.utils.formats import number_format

from kompetenz import text
from kompetenz.catalogue.models import Competency
from kompetenz.lists import id_in
from kompetenz.people.models import Person, Unit, is_employed
from kompetenz.people.names import fold
from kompetenz.people.tree import read_tree
from kompetenz.prepared import prepared
from learningplans.models import Booking, Goal, LearningFormat, Offer, OfferDate, TrainingYear
from learningplans.models.bookings import TAKES_A_SEAT, in_days, stamp_of

from . import standing
from .keeping import AS_BOOKED

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
HR = Person(pk=0, is_hr=True)  # of the training plan all of HR read the same


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

    @property
    def asks_bookings_alone(self):
        """Whether nothing else decides what is meant: no names, units, competencies, nor who has left."""
        return not (self.unit or self.name or self.competency or self.state == TO_LOOK_AT)

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
    gone = Q(differs=True) | Q(measure__state="dropped") | ~is_employed("measure__plan__participation__person__")
    return Q(state=State.BOOKED) & gone


def about(competency):
    """The condition on measures for this competency, as far as HR may know for which they are."""
    goals = Goal.measures.through.objects.filter(goal__competency=competency, goal__ended_on=None)
    named = Offer.competencies.through.objects.filter(competency=competency)
    of_goals = Q(shows_goals=True, measure__in=goals.values("measure"))
    return of_goals | Q(shows_goals=False, offer__in=named.values("offer"))


@prepared
def formats_to_find():
    return LearningFormat.objects.values_list("pk", "name")


@prepared
def competencies_to_find():
    return Competency.objects.values_list("pk", "name")


# Added up -----------------------------------------------------------------------------------------


@dataclass
class YearTotals:
    """How many measures, their hours and euros, how many have none said, and how many wait; by state, too."""

    number: int = 0
    hours: Decimal = Decimal(0)
    cost: Decimal = Decimal(0)
    without_cost: int = 0
    waiting: int = 0
    states: dict = field(default_factory=Counter)
    costs: dict = field(default_factory=Counter)


NUMBERS = {
    "number": Count("pk"),
    "sum_hours": Sum("hours"),
    "sum_cost": Sum("cost"),
    "with_cost": Count("cost"),
    "waiting": Count("waits_since"),
}


@dataclass(frozen=True)
class FoundInYear:
    """The bookings that ``user`` means with this narrowing, to be added up."""

    narrowing: YearNarrowing
    user: Person

    @cached_property
    def stand(self):
        """(token of the year, how many bookings it has: some may have gone with a person), None for an empty year; one query."""
        number = Booking.objects.filter(year=OuterRef("year")).order_by().values("year").annotate(n=Count("pk"))
        years = TrainingYear.objects.filter(year=self.narrowing.year)
        return years.values_list("token", Subquery(number.values("n"))).first()

    def summed(self, *columns, **kept):
        """NUMBERS by state and these columns: rows as dicts, of ``kept`` ones alone; one query.

        None where the narrowing asks bookings alone and they were added up already, as long as none in the year changes.
        """
        if not self.user.is_hr or self.stand is None:
            return []
        asked = self.narrowing, columns, tuple(kept.items())
        return _kept(*self.stand, *asked) if self.narrowing.asks_bookings_alone else _added_up(*asked)

    def undecided(self, today):
        """About how many of them HR has to decide; kept as ``summed`` is, but only ``today``: a last day passes by itself."""
        if not self.user.is_hr or self.stand is None:
            return 0
        asks_alone = self.narrowing.asks_bookings_alone
        return _kept_undecided(*self.stand, self.narrowing, today) if asks_alone else _undecided(self.narrowing)


@lru_cache(maxsize=256)
def _kept(token, number, *asked):
    return _added_up(*asked)


@lru_cache(maxsize=256)
def _kept_undecided(token, number, narrowing, today):
    return _undecided(narrowing)


def _undecided(narrowing):
    return narrowed(narrowing, HR).filter(undecided()).count()


def _added_up(narrowing, columns, kept):
    rows = narrowed(narrowing, HR).filter(**dict(kept)).order_by()
    return list(rows.values(*columns, "state").annotate(**NUMBERS))


def totals(found_in):
    """What these bookings add up to. What falls away costs nothing, and no hours."""
    found = YearTotals()
    for one in found_in.summed():
        found.states[one["state"]] += one["number"]
        found.number += one["number"]
        found.waiting += one["waiting"]
        if one["state"] != State.CANCELLED:
            found.hours += one["sum_hours"] or 0
            found.cost += one["sum_cost"] or 0
            found.costs[one["state"]] += one["sum_cost"] or 0
            found.without_cost += one["number"] - one["with_cost"]
    return found


def years(this):
    """The years with measures in them and the next, at most ten; one query."""
    known = {this, this + 1, *TrainingYear.objects.values_list("year", flat=True)}
    return list(range(max(min(known), max(known) - 9), max(known) + 1))


# Grouped ------------------------------------------------------------------------------------------

GROUPS = {
    "angebot": "Angebot",
    "format": "Format",
    "kompetenz": "Kompetenz",
    "quartal": "Quartal",
    "amt": "Organisationseinheit",
}
IS_SURE = (State.BOOKED, State.DONE)


@dataclass
class GroupOfYear:
    """Measures that have something in common, added up; those that fell away are counted and nothing else.

    ``key`` is what they have in common, by ids.
    """

    key: tuple
    name: str = ""
    small: str = ""
    depth: int = 0
    number: int = 0
    booked: int = 0
    waiting: int = 0
    fell_away: int = 0
    hours: Decimal = Decimal(0)
    cost: Decimal = Decimal(0)

    def add(self, row):
        """``row`` are measures of one state."""
        if row["state"] == State.CANCELLED:
            self.fell_away += row["number"]
            return
        self.number += row["number"]
        self.waiting += row["waiting"]
        self.hours += row["sum_hours"] or 0
        self.cost += row["sum_cost"] or 0
        if row["state"] in IS_SURE:
            self.booked += row["number"]

    def __iadd__(self, other):
        for name in ("number", "booked", "waiting", "fell_away", "hours", "cost"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self


def by_key(found_in, *columns, **kept):
    """A GroupOfYear for each that differs in these columns, by its key; of a FoundInYear."""
    found = {}
    for row in found_in.summed(*columns, **kept):
        key = tuple(row[column] for column in columns)
        found.setdefault(key, GroupOfYear(key)).add(row)
    return found


def grouped(found_in, by):
    """The GroupsOfYear of a FoundInYear in their order, with their names; at most three queries more."""
    return GROUPING[by](found_in)


def by_offer(found_in):
    """Each offer, and without one each format; by name."""
    groups = by_key(found_in, "offer", "format").values()
    offers = Offer.objects.in_bulk([one.key[0] for one in groups if one.key[0]])
    formats = dict(formats_to_find())
    for one in groups:
        offer, format_ = one.key
        one.name = offers[offer].title if offer else f"ohne Angebot: {formats[format_]}"
        one.small = offers[offer].provider if offer else ""
    return sorted(groups, key=lambda one: (one.key[0] is None, fold(one.name), one.key))


def by_format(found_in):
    groups, formats = by_key(found_in, "format"), formats_to_find()
    return [replace(groups[pk,], name=name) for pk, name in formats if (pk,) in groups]


def by_quarter(found_in):
    groups = by_key(found_in, "quarter")
    return [replace(groups[key], name=f"{ROMAN[key[0]]}. Quartal") for key in sorted(groups)]


def by_unit(found_in):
    """Each unit with all beneath it, in the order of the tree, then those without one."""
    groups, tree = by_key(found_in, "unit"), read_tree()
    found = {}
    for pk in reversed(tree.depths):  # those beneath come before
        own = found.get(pk) or (groups.get((pk,)) and GroupOfYear((pk,)))
        if own is None:
            continue
        if (pk,) in groups:
            own += groups[pk,]
        found[pk] = own
        if (above := tree.parents[pk]) is not None:
            found.setdefault(above, GroupOfYear((above,))).__iadd__(own)
    names = {pk: str(unit) for pk, unit in Unit.objects.in_bulk(list(found)).items()}
    rows = [replace(found[pk], name=names[pk], depth=tree.depths[pk]) for pk in tree.depths if pk in found]
    return rows + ([replace(groups[None,], name=NO_UNIT)] if (None,) in groups else [])


def by_competency(found_in):
    """A measure for several competencies counts in each."""
    goals = of_goals(found_in)
    named = by_key(found_in, "offer", shows_goals=False)
    of_offers = {}
    for offer, competency in Offer.competencies.through.objects.values_list("offer", "competency"):
        of_offers.setdefault(offer, []).append(competency)
    found = goals
    for (offer,), one in named.items():
        for pk in of_offers.get(offer, [None]):
            found.setdefault((pk,), GroupOfYear((pk,))).__iadd__(one)
    names = [*competencies_to_find(), (None, "Kompetenz nicht angegeben")]
    return [replace(found[pk,], name=name) for pk, name in names if (pk,) in found]


def of_goals(found_in):
    """By competency what serves goals of rounds that show HR levels; asked each time, for goals end without a booking's change."""
    if not found_in.user.is_hr:
        return {}
    found, kept = {}, (("shows_goals", True), ("measure__goals__ended_on", None))
    for row in _added_up(found_in.narrowing, ("measure__goals__competency",), kept):
        key = (row["measure__goals__competency"],)
        found.setdefault(key, GroupOfYear(key)).add(row)
    return found


GROUPING = {
    "angebot": by_offer,
    "format": by_format,
    "kompetenz": by_competency,
    "quartal": by_quarter,
    "amt": by_unit,
}


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
}
OWN = ("pk", "said", "state", "date", "moved_at", "waits_since", "begins_on", "hours", "cost", "offer", *AS_BOOKED)


def in_order(rows):
    return rows.order_by("begins_on", "pk")


def waiting_first(rows):
    """Who waits at the head, the longest first; then what is to come, by day; last what is over, the latest first."""
    is_over = Case(When(state__in=[State.DONE, State.CANCELLED], then=F("begins_on")))
    return rows.order_by(F("waits_since").asc(nulls_last=True), is_over.desc(nulls_first=True), "begins_on", "pk")


def listed(rows):
    """These bookings as dicts with what the list says of each; one query."""
    works_here = Case(When(is_employed(f"{PARTICIPATION}person__"), then=True), default=False)
    return [row | in_words(row) for row in rows.values(*OWN, **LISTED, is_employed=works_here)]


def in_words(row):
    """What a row says of itself: what it is, when, how it stands, and what HR has to look at."""
    title, provider, days = row["title"], "", (row["starts_on"], row["due_on"])
    plan_says = ""
    if row["differs"] and row["state"] == State.BOOKED:
        plan_says = ", ".join(filter(None, [title, row["provider"], "" if row["date"] else in_days(*days)]))
        title, provider, days = row["booked_title"], row["booked_provider"], (row["booked_from"], row["booked_until"])
    if row["date"]:
        days = row["date_starts_on"], row["date_ends_on"]
    measure = row["title"], row["provider"], row["hours"], row["cost"]
    return {
        "title": title,
        "plan_says": plan_says,
        "key": f"{row['pk']}-{stamp_of(row['said'], row['state'], row['date'], row['moved_at'], measure)}",
        "days": in_days(*days),
        "about": ", ".join(
            filter(None, [row["format_then"] or row["format_now"], row["offer_then"] or row["offer_now"], provider])
        ),
        "address": reverse("learningplans:detail", args=[row["plan"]]),
        "hours_said": "–" if row["hours"] is None else number_format(row["hours"].normalize() + 0, force_grouping=True),
        "cost_said": "–"
        if row["cost"] is None
        else f"{number_format(row['cost'], 2, force_grouping=True)}\N{NO-BREAK SPACE}€",
        "state_name": State(row["state"]).label,
        "waits": "Warteliste" if row["waits_since"] else "",
        "to_look_at": standing.to_look_at(
            row["state"], row["reported"], has_left=not row["is_employed"], differs=row["differs"]
        ),
    }
