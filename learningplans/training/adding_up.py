"""What the bookings of a year come to: how many, hours, euros; and the years there are (paper 4.3.2)."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache
from operator import itemgetter

from django.db.models import Case, Count, Sum, When

from kompetenz.forms.stamp import stamp
from kompetenz.people.models import Person
from kompetenz.prepared import prepared
from learningplans.models import Booking, TrainingYear

from .listing import in_order
from .narrowing import Meant, YearNarrowing, undecided

State = Booking.State
HR = Person(pk=0, is_hr=True)  # of the training plan all of HR read the same


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
READ = (
    "pk",
    "begins_on",
    "state",
    "quarter",
    "unit",
    "offer",
    "format",
    "shows_goals",
    "hours",
    "cost",
    "waits_since",
)  # what a year is added up by, and from


@dataclass(frozen=True)
class FoundInYear:
    """The bookings that ``user`` means with this narrowing, to be added up."""

    narrowing: YearNarrowing
    user: Person

    @cached_property
    def stand(self):
        """The token of the year, None for one in which nothing was ever planned; one query."""
        return stand_of.first(self.narrowing.year)

    @cached_property
    def shows_goals(self):
        """Whether any booking of the year is of a round that shows HR levels, and so the competencies of goals."""
        year = Meant(YearNarrowing(self.narrowing.year))
        rows = _kept(self.stand, year, ("shows_goals",), ()) if self.stand else []
        return any(row["shows_goals"] for row in rows)

    @cached_property
    def meant(self):
        """What is meant, with the ids that can be known beforehand."""
        return Meant.of(self.narrowing, shows_goals=self.narrowing.competency and self.shows_goals)

    def bookings(self):
        return self.meant.bookings(self.user)

    @cached_property
    def called(self):
        """Where a name is looked for, the bookings of all who are called so, in order, as dicts; else None. One query.

        Their rounds are hundreds of ids, which cost more to ask with than the rows to read: so they are asked with once.
        """
        if self.meant.rounds is None:
            return None
        if not (self.user.is_hr and self.stand and self.meant.rounds):
            return []
        return sorted(of_called(*self.meant.asked), key=itemgetter("begins_on", "pk"))

    def ids(self):
        """Of all bookings, in order: a list, or of what a page can be taken."""
        if self.called is not None:
            return [row["pk"] for row in self.called]
        return IdsInOrder(self.meant) if self.user.is_hr else []

    def summed(self, *columns, **kept):
        """NUMBERS by state and these columns: rows as dicts, of ``kept`` ones alone; one query.

        None where the narrowing asks bookings alone and they were added up already, as long as none in the year changes, nor
        where a name was looked for.
        """
        if not self.user.is_hr or self.stand is None:
            return []
        if self.called is not None:
            return added_up_here(self.called, (*columns, "state"), kept)
        asked = self.meant, columns, tuple(kept.items())
        return _kept(self.stand, *asked) if self.meant.asks_bookings_alone else added_up(*asked)

    def held(self):
        """Rows as of ``summed``, by unit, offer and format, of what is booked or carried out in plans of the year that are drafts again.

        None of it is among the bookings that are meant, and all of it is paid for; of a whole year alone.
        """
        return _kept_held(self.stand, self.narrowing.year) if self.user.is_hr and self.stand else []

    def stamp_of(self, number):
        """What a page sends back with all that it lists, ``number`` of them: another one once anything of the year is another."""
        return stamp(number, self.stand)

    def undecided(self, today):
        """About how many of them HR has to decide; kept as ``summed`` is, but only ``today``: a last day passes by itself."""
        if not self.user.is_hr or self.stand is None:
            return 0
        if self.called is not None:
            return sum(row["is_undecided"] for row in self.called)
        asks_alone = self.meant.asks_bookings_alone
        return _kept_undecided(self.stand, self.meant, today) if asks_alone else _undecided(self.meant)


def to_add_up(meant):
    is_undecided = Case(When(undecided(), then=True), default=False)
    return meant.bookings(HR).order_by().values(*READ, is_undecided=is_undecided)


@prepared
def of_called(*asked):
    return to_add_up(Meant.as_asked(*asked))


@dataclass(frozen=True)
class IdsInOrder:
    """Those of the bookings that are meant, in order; asked for by the page."""

    meant: Meant

    def __getitem__(self, part):
        return ids_on_a_page(str(part.start), str(part.stop), *self.meant.asked)


@prepared
def ids_on_a_page(start, stop, *asked):
    """``start`` and ``stop`` are texts, for each page is a question of its own."""
    return in_order(Meant.as_asked(*asked).bookings(HR)).values_list("pk", flat=True)[int(start) : int(stop)]


@prepared
def stand_of(year):
    return TrainingYear.objects.filter(year=year).values_list("token", flat=True)


@lru_cache(maxsize=256)
def _kept(token, *asked):
    return added_up(*asked)


@lru_cache(maxsize=256)
def _kept_held(token, year):
    rows = Booking.objects.held_in_a_draft().in_year(year).order_by().values("unit", "offer", "format", "said")
    return [row | {"state": row["said"]} for row in rows.annotate(**NUMBERS)]


@lru_cache(maxsize=256)
def _kept_undecided(token, meant, today):
    return _undecided(meant)


def _undecided(meant):
    return meant.bookings(HR).filter(undecided()).count()


def added_up(meant, columns, kept):
    rows = meant.bookings(HR).filter(**dict(kept)).order_by()
    return list(rows.values(*columns, "state").annotate(**NUMBERS))


def added_up_here(rows, columns, kept):
    """The same of rows that were read."""
    found = {}
    for row in rows:
        if all(row[name] == value for name, value in kept.items()):
            key = tuple(row[column] for column in columns)
            found.setdefault(key, []).append(row)
    return [dict(zip(columns, key, strict=True)) | numbers_of(together) for key, together in found.items()]


def numbers_of(rows):
    """NUMBERS of rows that were read."""
    costs = [row["cost"] for row in rows if row["cost"] is not None]
    return {
        "number": len(rows),
        "sum_hours": sum(row["hours"] for row in rows if row["hours"] is not None),
        "sum_cost": sum(costs),
        "with_cost": len(costs),
        "waiting": sum(row["waits_since"] is not None for row in rows),
    }


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
    known = {this, this + 1, *known_years()}
    return list(range(max(min(known), max(known) - 9), max(known) + 1))


@prepared
def known_years():
    return TrainingYear.objects.values_list("year", flat=True)
