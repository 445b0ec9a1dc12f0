"""The bookings of a year by what they have in common: offer, format, competency, quarter, unit; each group added up."""

from dataclasses import dataclass, replace
from decimal import Decimal

from kompetenz.people.models import Unit
from kompetenz.people.names import fold
from kompetenz.people.tree import read_tree
from kompetenz.prepared import prepared
from learningplans.models import Booking, Offer

from .adding_up import added_up
from .narrowing import NO_UNIT, ROMAN, competencies_to_find, formats_to_find

State = Booking.State
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
    without_cost: int = 0

    def add(self, row):
        """``row`` are measures of one state."""
        if row["state"] == State.CANCELLED:
            self.fell_away += row["number"]
            return
        self.number += row["number"]
        self.waiting += row["waiting"]
        self.hours += row["sum_hours"] or 0
        self.cost += row["sum_cost"] or 0
        self.without_cost += row["number"] - row["with_cost"]
        if row["state"] in IS_SURE:
            self.booked += row["number"]

    @property
    def known_cost(self):
        """None where nobody knows what any of it costs; 0 is a price."""
        return None if self.without_cost == self.number else self.cost

    def __iadd__(self, other):
        for name in ("number", "booked", "waiting", "fell_away", "hours", "cost", "without_cost"):
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


def by_offer(found_in, *, with_held=False):
    """Each offer, and without one each format; by name. ``with_held`` brings what FoundInYear.held has."""
    found = by_key(found_in, "offer", "format")
    for row in found_in.held() if with_held else ():
        key = (row["offer"], row["format"])
        found.setdefault(key, GroupOfYear(key)).add(row)
    groups = found.values()
    offers = {pk: said for pk, *said in offers_named([one.key[0] for one in groups if one.key[0]])}
    formats = dict(formats_to_find())
    for one in groups:
        offer, format_ = one.key
        one.name, one.small = offers[offer] if offer else (f"ohne Angebot: {formats[format_]}", "")
    return sorted(groups, key=lambda one: (one.key[0] is None, fold(one.name), one.key))


@prepared
def offers_named(offers):
    return Offer.objects.filter(pk__in=offers).values_list("pk", "title", "provider")


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
    if not (found_in.user.is_hr and found_in.shows_goals):
        return {}
    found, kept = {}, (("shows_goals", True), ("measure__goals__ended_on", None))
    for row in added_up(found_in.meant, ("measure__goals__competency",), kept):
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
