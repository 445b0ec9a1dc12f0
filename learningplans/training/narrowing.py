"""What the training plan of a year is narrowed to, and the bookings that are meant (paper 4.3.2).

Of a measure HR reads what it always does: title, format, offer, dates, hours and costs. A goal's words and levels are not in
here, and its competency only where the round shows HR levels; else the competencies are those that the offer names.
"""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import F, Q

from assessments.models import Participation
from kompetenz import text
from kompetenz.catalogue.models import Competency
from kompetenz.lists import id_in
from kompetenz.people.models import Unit, is_employed, is_found_by
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
NAMED = "named"  # in place of what a unit is called, of which the ids are known
WITHOUT = 0  # in place of an offer's id: measures without one
YEARS = range(2000, 2100)
MOST_FOUND = 500  # whoever looks for more by their name is asked for more of it


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

    def but(self, **changes):
        """The address of the same list with something else narrowed."""
        return replace(self, **changes).query


@dataclass(frozen=True)
class Meant:
    """A narrowing with what can be known beforehand, as ids: so the database need not ask it of every booking of a year.

    ``offers`` are those that name the competency, and alone decide where no booking of the year ``shows_goals``; None: the
    database has to look. ``rounds`` are the participations of those who are called so; of MOST_FOUND and more nothing is
    meant (``too_many``), for what a syllable comes to in a large administration nobody wants to know, and it would cost a
    look at each booking. ``units`` are those that are called so, and all beneath them.
    """

    narrowing: YearNarrowing
    offers: tuple[int, ...] | None = None
    rounds: tuple[int, ...] | None = None
    too_many: bool = False
    units: tuple[int, ...] = ()

    @classmethod
    def of(cls, narrowing, *, shows_goals):
        """At most two queries, and those that look for a unit."""
        offers, found, units = None, None, ()
        if narrowing.competency and not shows_goals:
            offers = tuple(offers_for(narrowing.competency))
        if narrowing.name:
            # Also of a round that is being opened: nobody has a plan there, and the index has all that is asked.
            called = Participation.with_entering.filter(is_found_by(narrowing.name)).order_by()
            found = tuple(called.values_list("pk", flat=True)[: MOST_FOUND + 1])
        if narrowing.unit and narrowing.unit != NO_UNIT:
            units = tuple(Unit.objects.meant(narrowing.unit).order_by("pk").values_list("pk", flat=True))
        too_many = found is not None and len(found) > MOST_FOUND
        return cls(narrowing, offers, () if too_many else found, too_many, units)

    @property
    def asked(self):
        """Itself as arguments of a question that is prepared (kompetenz.prepared): what differs from one to the next are numbers."""
        asked = self.narrowing
        said = asked.state, asked.offer is not None, asked.unit if asked.unit in ("", NO_UNIT) else NAMED
        numbers = asked.year, asked.quarter, asked.format, asked.offer or None, asked.competency
        return *said, *numbers, filled_up(self.offers), filled_up(self.rounds), filled_up(self.units)

    @classmethod
    def as_asked(cls, state, by_offer, unit, year, quarter, format_, offer, competency, offers, rounds, units):
        """What bookings() needs to know of one that was ``asked``."""
        offer = (offer or WITHOUT) if by_offer else None
        return cls(YearNarrowing(year, quarter, state, format_, offer, competency, unit), offers, rounds, units=units)

    @property
    def asks_bookings_alone(self):
        """Whether nothing else decides what is meant: no names, goals, nor who has left, nor that a unit is no more."""
        asked, by_goals = self.narrowing, self.narrowing.competency and self.offers is None
        return not (asked.name or by_goals or asked.state == TO_LOOK_AT or asked.unit == NO_UNIT)

    def bookings(self, user):
        """The bookings of the plan that are meant."""
        asked = self.narrowing
        rows = self._of_the_year(Booking.objects.visible_to(user))
        if asked.quarter:
            rows = rows.filter(quarter=asked.quarter)
        if asked.state == TO_LOOK_AT:
            rows = rows.filter(undecided())
        elif asked.state:
            rows = rows.filter(STATES[asked.state][1])
        if asked.format:
            rows = rows.filter(format=asked.format)
        if asked.offer is not None:
            rows = rows.filter(offer=asked.offer or None)
        if asked.unit == NO_UNIT:
            rows = rows.filter(unit=None)
        elif asked.unit:
            rows = rows.filter(unit__in=self.units)
        return self._for_competency(rows)

    def _of_the_year(self, rows):
        """Those of whoever is called so, from their rounds on: an index of the year would lead SQLite through all of its bookings."""
        if self.rounds is None:
            return rows.filter(year=self.narrowing.year)
        named = rows.filter(measure__plan__participation__in=self.rounds)
        return named.alias(without_index=F("year") + 0).filter(without_index=self.narrowing.year)

    def _for_competency(self, rows):
        if self.offers is not None:
            return rows.filter(offer__in=self.offers)
        return rows.filter(about(self.narrowing.competency)) if self.narrowing.competency else rows


def filled_up(ids):
    """With the last one as often as it takes to the next power of two: a question is prepared for a few lengths, not for each."""
    return ids and [*ids, *ids[-1:] * ((1 << (len(ids) - 1).bit_length()) - len(ids))]


@prepared
def offers_for(competency):
    return Offer.objects.filter(competencies=competency).order_by("pk").values_list("pk", flat=True)


def undecided():
    """The condition on those about which HR has to decide, see standing.to_look_at."""
    gone = Q(measure__state="dropped") | ~is_employed("measure__plan__participation__person__")
    given_up = Q(said=State.PROPOSED, booked_until__isnull=False)
    contested = Q(state=State.DONE, measure__state="dropped") | Q(state=State.CANCELLED, measure__state="done")
    differs = Q(differs=True, state__in=[State.BOOKED, State.DONE])
    return Q(state=State.BOOKED) & gone | differs | given_up | contested


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
