"""What the training plan of a year is narrowed to, and the bookings that are meant (paper 4.3.2).

Of a measure HR reads what it always does: title, format, offer, dates, hours and costs. A goal's words and levels are not in
here, and its competency only where the round shows HR levels; else the competencies are those that the offer names.
"""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import Q

from kompetenz import text
from kompetenz.catalogue.models import Competency
from kompetenz.lists import id_in
from kompetenz.people.models import Unit, is_employed
from kompetenz.people.names import fold
from kompetenz.prepared import prepared
from learningplans.models import Booking, Goal, LearningFormat, Offer

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

    @classmethod
    def of_next_quarter(cls, today):
        quarter = (today.month + 2) // 3
        return cls(today.year + 1, 1) if quarter == len(ROMAN) else cls(today.year, quarter + 1)

    @property
    def roman(self):
        """The quarter as it is written; "" without one."""
        return ROMAN.get(self.quarter, "")

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
