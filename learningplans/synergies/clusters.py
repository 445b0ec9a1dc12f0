"""Equal goals of many people, and what a group for them would serve and save; without Django (paper 4.3.2, synergies)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

HOURS_A_DAY = 8


@dataclass(frozen=True)
class Pursuit:
    """That somebody pursues a goal: from one level of a competency to another."""

    person: int
    competency: int
    from_level: int
    to_level: int

    @property
    def way(self) -> tuple[int, int, int]:
        return self.competency, self.from_level, self.to_level


@dataclass(frozen=True)
class Cluster:
    """How many people have the same way to go."""

    competency: int
    from_level: int
    to_level: int
    people: int

    @property
    def way(self) -> tuple[int, int, int]:
        return self.competency, self.from_level, self.to_level


def clusters(pursuits: Iterable[Pursuit]) -> list[Cluster]:
    """Everybody's goals by their way, however they come; nobody counts twice in one. The largest first."""
    found: dict[tuple[int, int, int], set[int]] = defaultdict(set)
    for one in pursuits:
        found[one.way].add(one.person)
    return sorted(
        (Cluster(*way, len(people)) for way, people in found.items()),
        key=lambda one: (-one.people, one.competency, one.from_level, one.to_level),
    )


def shown(found: Iterable[Cluster], *, everybody: int, k: int) -> list[Cluster]:
    """Those of at least ``k`` people, outside of which there are as many or more: else they would say something of few.

    Nor do those of one competency together leave fewer: added up they would be a way that nearly all have. The first of them stay.
    """
    told: list[Cluster] = []
    left: defaultdict[int, int] = defaultdict(lambda: everybody)
    for one in found:
        if k <= one.people <= left[one.competency] - k:
            left[one.competency] -= one.people
            told.append(one)
    return told


def says_that_all_of_them(before: Sequence[Cluster], now: Sequence[Cluster], *, came: int, went: int, k: int) -> bool:
    """Whether two tallies beside each other say of everybody who ``came`` between them, or who ``went``, that they have one way.

    A way that is not told may have one fewer than ``k``.
    """

    def least_more(told: Sequence[Cluster], others: Sequence[Cluster]) -> int:
        beside = {one.way: one.people for one in others}
        return max((one.people - beside.get(one.way, k - 1) for one in told), default=0)

    return 0 < came <= least_more(now, before) or 0 < went <= least_more(before, now)


@dataclass(frozen=True)
class Terms:
    """What a group is reckoned with: people in it, euros for a day of it, and hours of travel that a day elsewhere costs each."""

    seats: int = 16
    smallest: int = 5
    fee: Decimal = Decimal(1450)
    travel: Decimal = Decimal("1.5")


@dataclass(frozen=True)
class Single:
    """An offer that one person books: euros and hours."""

    cost: Decimal
    hours: Decimal

    @property
    def days(self) -> int:
        return max(1, ceil(self.hours / HOURS_A_DAY))


def group_sizes(people: int, terms: Terms) -> list[int]:
    """How so many people are shared out over groups that are neither too small nor too large; who finds no place is in none.

    As few groups as there are places for, and all as large as each other.
    """
    number = ceil(people / terms.seats)
    while number and people // number < terms.smallest:
        number -= 1
    served = min(people, number * terms.seats)
    return [served // number + (at < served % number) for at in range(number)]


@dataclass(frozen=True)
class Saving:
    """What groups save against single bookings, as a calculation to be shown."""

    sizes: Sequence[int]
    single: Single
    terms: Terms

    @property
    def served(self) -> int:
        return sum(self.sizes)

    @property
    def singly(self) -> Decimal:
        return self.served * self.single.cost

    @property
    def a_group(self) -> Decimal:
        return self.single.days * self.terms.fee

    @property
    def in_groups(self) -> Decimal:
        return len(self.sizes) * self.a_group

    @property
    def euros(self) -> Decimal:
        """Less than 0 where single bookings are cheaper."""
        return self.singly - self.in_groups

    @property
    def difference(self) -> Decimal:
        return abs(self.euros)

    @property
    def hours(self) -> Decimal:
        """Of travel."""
        return self.served * self.single.days * self.terms.travel

    @property
    def cheaper_from(self) -> int | None:
        """From how many people on one group is cheaper; None if it never is, as long as they find a place."""
        if not self.single.cost:
            return None
        people = int(self.a_group // self.single.cost) + 1
        return people if people <= self.terms.seats else None


@dataclass(frozen=True)
class Prospect:
    """A cluster with the groups that it would fill and, where an offer has a price, what they save."""

    cluster: Cluster
    sizes: Sequence[int]
    saving: Saving | None


def prospects(found: Iterable[Cluster], singles: dict[int, Single], terms: Terms) -> list[Prospect]:
    """The one that serves most first, of equals the one that saves most; ``singles`` by competency."""

    def prospect(one: Cluster) -> Prospect:
        sizes, single = group_sizes(one.people, terms), singles.get(one.competency)
        return Prospect(one, sizes, Saving(sizes, single, terms) if single and sizes else None)

    def rank(one: Prospect) -> tuple[int, Decimal, int, int, int]:
        euros = one.saving.euros if one.saving else Decimal(0)
        return -sum(one.sizes), -euros, one.cluster.competency, one.cluster.from_level, one.cluster.to_level

    return sorted(map(prospect, found), key=rank)
