"""How far a round is: counted once from one index whatever its size, or by unit."""

from dataclasses import astuple, dataclass, field
from functools import reduce
from operator import eq, ge, lt, or_

from django.db.models import BooleanField, Count, Q, Value

from assessments.models import (
    PLAN_PROGRESS_NAMES,
    PROGRESS_NAMES,
    TALK_PROGRESS_NAMES,
    Participation,
    PlanProgress,
    Progress,
    TalkProgress,
    goes_on,
)
from kompetenz.prepared import prepared


@dataclass(frozen=True)
class RoundProgress:
    """Participants of a round by how far they have come; ``overdue`` are those late today, ``resting`` those paused.

    ``go_on_after`` are those that outlive their round: their plan is missing, or is followed. Of those who are ``entered``
    somebody has typed in the paper, and they have not said yet that it is theirs. Who has ``declined`` is counted nowhere else.
    """

    invited: int = 0
    resting: int = 0
    self_started: int = 0
    self_released: int = 0
    manager_released: int = 0
    talks_recorded: int = 0
    confirmed: int = 0
    plans_agreed: int = 0
    overdue: int = 0
    declined: int = 0
    go_on_after: int = field(default=0, compare=False)
    entered: int = field(default=0, compare=False)

    def percent(self, name):
        """How many of those who take part are counted as ``name``, in words; see percent."""
        return percent(getattr(self, name), self.invited)

    @property
    def missing(self):
        """What a round ends without, as (what, how many), nothing of which none is missing; those that rest included."""
        numbers = {
            "Selbsteinschätzungen, die nicht freigegeben sind": self.invited - self.self_released,
            "Fremdeinschätzungen, die nicht freigegeben sind": self.invited - self.manager_released,
            "Gespräche, die nicht festgehalten sind": self.invited - self.talks_recorded,
            "festgehaltene Gespräche, auf die eine Antwort fehlt": self.talks_recorded - self.confirmed,
        }
        return [(what, number) for what, number in numbers.items() if number]

    @property
    def without_plan(self):
        """Whose talk is recorded and whose plan is not agreed: that can still be done after the end."""
        return self.talks_recorded - self.plans_agreed

    def __add__(self, other):
        return RoundProgress(*map(sum, zip(astuple(self), astuple(other), strict=True)))


def percent(part, whole):
    """``part`` of ``whole`` in percent, as a text; 0 and 100 are for none and all only."""
    if not whole:
        return "–"
    rounded = round(100 * part / whole)
    return f"{rounded if part in (0, whole) else min(max(rounded, 1), 99)} %"


# Each step: its state and what that is called, from where on it is done, its deadline.
STEPS = (
    ("self_state", PROGRESS_NAMES, Progress.RELEASED, "self_due"),
    ("manager_state", PROGRESS_NAMES, Progress.RELEASED, "manager_due"),
    ("talk_state", TALK_PROGRESS_NAMES, TalkProgress.RECORDED, "talk_due"),
    ("plan_state", PLAN_PROGRESS_NAMES, PlanProgress.AGREED, "plan_due"),
)
STATE_COLUMNS = (
    "declined_on",
    "paused_on",
    *(name for state, _, _, due in STEPS for name in (state, due)),
)  # as participation_states


def behind(today):
    """The condition on participations in which a step is open whose deadline has passed on the day ``today``."""
    return reduce(
        or_,
        (Q(**{f"{state}__lt": done, f"{due}__isnull": False, f"{due}__lt": today}) for state, _, done, due in STEPS),
    )


def those_behind(participations, today):
    return participations.filter(behind(today))


def late(today):
    """The condition on participations of an open round that are late on the day ``today``.

    Those that rest never are, nor those of people who left or have declined.
    """
    return goes_on() & behind(today)


def is_late(row, today, *, running):
    """Whether one with these states and deadlines is late, see late; nobody is in a round that is not running.

    Whether the person still works here, the row does not say.
    """
    if not running or row["paused_on"] or row["declined_on"]:
        return False
    return any(row[due] and row[due] < today and row[state] < done for state, _, done, due in STEPS)


def alike(rounds, *more):
    """The participations of these rounds by what they have in common: states, deadlines and ``more``, and ``number`` of such.

    Those of people who left are counted again, with ``has_left``: all others come from one index, which knows no people.
    """

    def grouped(rows, has_left):
        found = rows.order_by().values(*STATE_COLUMNS, *more)
        return found.annotate(number=Count("pk"), has_left=Value(has_left, output_field=BooleanField()))

    gone = Participation.with_entering.filter(round__in=rounds).of_all_who_left().order_by().values("pk")
    left = Participation.objects.filter(pk__in=gone)  # few, by their ids
    return grouped(Participation.objects.filter(round__in=rounds), False).union(grouped(left, True), all=True)


# What is counted, as lookups: the same for the database and for a row, see is_so.
COUNTED = {
    "invited": {},
    "resting": {"paused_on__isnull": False},
    "self_started": {"self_state": Progress.STARTED},
    "self_released": {"self_state": Progress.RELEASED},
    "manager_released": {"manager_state": Progress.RELEASED},
    "talks_recorded": {"talk_state__gte": TalkProgress.RECORDED},
    "confirmed": {"talk_state": TalkProgress.CONFIRMED},
    "plans_agreed": {"plan_state__gte": PlanProgress.AGREED},
    "go_on_after": {"talk_state__gte": TalkProgress.RECORDED, "plan_state__lt": PlanProgress.COMPLETED},
    "entered": {"self_state": Progress.ENTERED},
}
NOT_BY_UNIT = {"go_on_after", "entered"}
LOOKUPS = {"": eq, "lt": lt, "gte": ge, "isnull": lambda value, is_null: (value is None) is is_null}


def counted_as(name):
    """The condition on participations that are counted as ``name``, a word of COUNTED."""
    return Q(**COUNTED[name])


def is_so(lookups):
    """Whether these lookups hold, as a function of a row."""
    parts = []
    for lookup, value in lookups.items():
        column, _, how = lookup.partition("__")
        parts.append((column, LOOKUPS[how], value))
    return lambda row: all(holds(row[column], value) for column, holds, value in parts)


IS_COUNTED = {name: is_so(lookups) for name, lookups in COUNTED.items()}


def add_up(groups, today, *, running):
    """The RoundProgress of all in these groups of ``alike`` on the day ``today``; in a round that has ended none is late."""
    added = dict.fromkeys(COUNTED, 0) | {"overdue": 0, "declined": 0}
    for group in groups:
        number = group["number"]
        if group["declined_on"]:
            added["declined"] += 0 if group["has_left"] else number
            continue
        if is_late(group, today, running=running):
            added["overdue"] += -number if group["has_left"] else number
        if not group["has_left"]:
            for name, is_counted in IS_COUNTED.items():
                if is_counted(group):
                    added[name] += number
    return RoundProgress(**added)


def progress_of(round_, today):
    """Count the participations of ``round_`` on the day ``today``; one query over one index."""
    return add_up(groups_of(round_.pk), today, running=round_.is_open)


@prepared
def groups_of(round_):
    return alike([round_])


def counted(rounds):
    """These rounds, each with ``participants`` and ``talks_recorded``; one query, whatever their number."""
    rounds = list(rounds)
    inside = Participation.objects.filter(round__in=[one.pk for one in rounds]).order_by()
    found = inside.values_list("round").annotate(
        taking_part=Count("pk", filter=Q(declined_on=None)),
        recorded=Count("pk", filter=Q(talk_state__gte=TalkProgress.RECORDED)),
    )
    numbers = {pk: counts for pk, *counts in found}
    for one in rounds:
        one.participants, one.talks_recorded = numbers.get(one.pk, (0, 0))
    return rounds


# By unit ------------------------------------------------------------------------------------------


NOBODY = (0,) * 9  # what is counted of nobody


@dataclass(frozen=True)
class UnitStanding:
    """One unit, by its id, with everything beneath it; ``unit`` is None for those who belong to none."""

    unit: int | None
    is_top: bool
    numbers: tuple[int, ...]

    @property
    def standing(self):
        """Made of those that are shown: a page has fifty of hundreds."""
        return RoundProgress(*self.numbers)


def standing_by_unit(round_, today, tree):
    """Every unit with participants in it or beneath it, in the order of their ``tree``; one grouped query.

    A unit's participants are those who are in it today; once a round has ended, those who were in it then.
    """
    found = counted_by_unit(round_, today)
    sums = tree.added_up(found, NOBODY)
    rows = [
        UnitStanding(unit, tree.parents[unit] is None, sums[unit]) for unit in tree.depths if sums[unit] is not NOBODY
    ]
    return [*rows, UnitStanding(None, True, found[None])] if None in found else rows


def counted_by_unit(round_, today):
    """The numbers of RoundProgress, in their order, by the id of the unit the participants themselves are in."""
    overdue = Q(paused_on=None) & behind(today) if round_.is_open else Q(pk__isnull=True)
    counted = {name: counted_as(name) for name in COUNTED if name not in NOT_BY_UNIT} | {"overdue": overdue}
    rows = round_.participations.taking_part()
    gone = (
        Participation.with_entering.filter(round=round_).of_all_who_left().order_by().values("pk")
    )  # few, by their ids
    left = Participation.objects.taking_part().filter(overdue, pk__in=gone).order_by()
    not_late = dict(left.values_list("unit").annotate(Count("pk"))) if round_.is_open else {}
    found = rows.order_by().values_list("unit").annotate(**numbers_of(counted))
    return {unit: (*numbers, late_ones - not_late.get(unit, 0)) for unit, *numbers, late_ones in found}


def numbers_of(conditions):
    """What counts for each name the rows of its condition."""
    return {f"number_{name}": Count("pk", filter=condition or None) for name, condition in conditions.items()}


def total(rows):
    """Everybody in these UnitStandings: whoever is counted at the top, and those without a unit."""
    return sum((row.standing for row in rows if row.is_top), RoundProgress())
