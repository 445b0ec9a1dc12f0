"""Where a round stands: counted once from one index whatever its size, narrowed to a list, or by unit."""

from collections import defaultdict
from dataclasses import astuple, dataclass
from functools import reduce
from operator import or_
from urllib.parse import urlencode

from django.db.models import Count, Q

from kompetenz.people.models import Unit
from kompetenz.people.names import fold

from .models import (
    PLAN_PROGRESS_NAMES,
    PROGRESS_NAMES,
    TALK_PROGRESS_NAMES,
    Participation,
    PlanProgress,
    Progress,
    TalkProgress,
)

LATE, NO_UNIT = "ueberfaellig", "ohne"
LONGEST_ID = 18  # digits; more is no id and fits in no database


@dataclass(frozen=True)
class Standing:
    """Participants of a round by how far they have come; ``overdue`` are those late today, ``resting`` those paused."""

    invited: int = 0
    resting: int = 0
    self_started: int = 0
    self_released: int = 0
    manager_released: int = 0
    talks_recorded: int = 0
    confirmed: int = 0
    plans_agreed: int = 0
    overdue: int = 0

    def __add__(self, other):
        return Standing(*map(sum, zip(astuple(self), astuple(other), strict=True)))


# Each step: its state and what that is called, from where on it is done, its deadline.
STEPS = (
    ("self_state", PROGRESS_NAMES, Progress.RELEASED, "self_due"),
    ("manager_state", PROGRESS_NAMES, Progress.RELEASED, "manager_due"),
    ("talk_state", TALK_PROGRESS_NAMES, TalkProgress.RECORDED, "talk_due"),
    ("plan_state", PLAN_PROGRESS_NAMES, PlanProgress.AGREED, "plan_due"),
)
STATE_COLUMNS = ("paused_on", *(name for state, _, _, due in STEPS for name in (state, due)))  # as participation_states


def behind(today):
    """The condition on participations in which a step is open whose deadline has passed on the day ``today``."""
    return reduce(
        or_,
        (Q(**{f"{state}__lt": done, f"{due}__isnull": False, f"{due}__lt": today}) for state, _, done, due in STEPS),
    )


def late(today):
    """The condition on participations of an open round that are late on the day ``today``; resting ones never are."""
    return Q(paused_on=None) & behind(today)


def is_late(row, today, *, running):
    """Whether one with these states and deadlines is late, see late; nobody is in a round that is not running."""
    if not running or row["paused_on"]:
        return False
    return any(row[due] and row[due] < today and row[state] < done for state, _, done, due in STEPS)


def alike(participations, *more):
    """These participations by what they have in common: states, deadlines and ``more``, and ``number`` of such."""
    return participations.order_by().values(*STATE_COLUMNS, *more).annotate(number=Count("pk"))


def add_up(groups, today, *, running):
    """The Standing of all in these groups of ``alike`` on the day ``today``; in a round that has ended none is late."""

    def number(condition):
        return sum(group["number"] for group in groups if condition(group))

    return Standing(
        invited=sum(group["number"] for group in groups),
        resting=number(lambda one: one["paused_on"]),
        self_started=number(lambda one: one["self_state"] == Progress.STARTED),
        self_released=number(lambda one: one["self_state"] == Progress.RELEASED),
        manager_released=number(lambda one: one["manager_state"] == Progress.RELEASED),
        talks_recorded=number(lambda one: one["talk_state"] >= TalkProgress.RECORDED),
        confirmed=number(lambda one: one["talk_state"] == TalkProgress.CONFIRMED),
        plans_agreed=number(lambda one: one["plan_state"] >= PlanProgress.AGREED),
        overdue=number(lambda one: is_late(one, today, running=running)),
    )


def standing(round_, today):
    """Count the participations of ``round_`` on the day ``today``; one query over one index."""
    return add_up(alike(round_.participations), today, running=round_.is_open)


# By unit ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class UnitStanding:
    """One unit with everything beneath it; ``unit`` is None for those who belong to none."""

    unit: Unit | None
    standing: Standing


def standing_by_unit(round_, today):
    """Every unit with participants in it or beneath it, in the order of their tree; two queries, one of them grouped.

    A unit's participants are those who were in it on the day they entered the round.
    """
    groups = defaultdict(list)
    for group in alike(round_.participations, "unit"):
        groups[group["unit"]].append(group)
    found = {unit: add_up(ones, today, running=round_.is_open) for unit, ones in groups.items()}
    tree = Unit.objects.in_tree_order()
    for unit in reversed(tree):  # those beneath come before
        if unit.parent_id and unit.pk in found:
            found[unit.parent_id] = found.get(unit.parent_id, Standing()) + found[unit.pk]
    rows = [UnitStanding(unit, found[unit.pk]) for unit in tree if unit.pk in found]
    return [*rows, UnitStanding(None, found[None])] if None in found else rows


def total(rows):
    """Everybody in these UnitStandings: whoever is counted at the top, and those without a unit."""
    return sum((row.standing for row in rows if row.unit is None or row.unit.parent_id is None), Standing())


# The list -----------------------------------------------------------------------------------------

RELEASED_BY_BOTH = Q(self_state=Progress.RELEASED, manager_state=Progress.RELEASED)

# What the list can be narrowed to: the address's word, its name, its condition. LATE is another one, of running rounds.
FILTERS = {
    "selbst": ("Selbsteinschätzung fehlt", Q(self_state__lt=Progress.RELEASED)),
    "selbst-begonnen": ("Selbsteinschätzung begonnen", Q(self_state=Progress.STARTED)),
    "selbst-frei": ("Selbsteinschätzung freigegeben", Q(self_state=Progress.RELEASED)),
    "fremd": ("Fremdeinschätzung fehlt", Q(manager_state__lt=Progress.RELEASED)),
    "fremd-frei": ("Fremdeinschätzung freigegeben", Q(manager_state=Progress.RELEASED)),
    "gespraech": ("bereit zum Gespräch", RELEASED_BY_BOTH & Q(talk_state__lt=TalkProgress.RECORDED)),
    "festgehalten": ("Gespräch festgehalten", Q(talk_state__gte=TalkProgress.RECORDED)),
    "kenntnis": ("Kenntnisnahme fehlt", Q(talk_state=TalkProgress.RECORDED)),
    "fertig": ("Gespräch von beiden Seiten beantwortet", Q(talk_state=TalkProgress.CONFIRMED)),
    "ohne-plan": ("Lernplan fehlt", Q(talk_state__gte=TalkProgress.RECORDED, plan_state__lt=PlanProgress.AGREED)),
    "plan": ("Lernplan vereinbart", Q(plan_state__gte=PlanProgress.AGREED)),
    "ruht": ("ruht", Q(paused_on__isnull=False)),
}
STATES = {word: name for word, (name, _) in FILTERS.items()} | {LATE: "überfällig"}


@dataclass(frozen=True)
class Narrowing:
    """What the list is narrowed to; an unknown word narrows nothing. ``unit`` brings those beneath it."""

    state: str = ""
    unit: int | str | None = None
    role: int | None = None
    manager: str = ""
    name: str = ""

    @classmethod
    def of(cls, address):
        """As the parameters of an address say."""
        unit, state = address.get("einheit", ""), address.get("stand", "")
        return cls(
            state=state if state in STATES else "",
            unit=unit if unit == NO_UNIT else id_in(unit),
            role=id_in(address.get("rolle", "")),
            manager=address.get("leitung", "").strip(),
            name=address.get("suche", "").strip(),
        )

    @property
    def query(self):
        """The same as part of an address; empty if everybody is listed."""
        words = {
            "suche": self.name,
            "stand": self.state,
            "einheit": self.unit,
            "rolle": self.role,
            "leitung": self.manager,
        }
        return urlencode({word: value for word, value in words.items() if value})


def id_in(text):
    """The number that ``text`` is; None if it cannot be one of a row."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_ID else None


def listed(round_, narrowing, today):
    """The participations of ``round_`` by name."""
    rows = Participation.objects.filter(round=round_).order_by("sort_key", "pk")
    if narrowing.state == LATE:
        rows = rows.filter(late(today)) if round_.is_open else rows.none()
    elif narrowing.state:
        rows = rows.filter(FILTERS[narrowing.state][1])
    if narrowing.unit == NO_UNIT:
        rows = rows.filter(unit=None)
    elif narrowing.unit:
        rows = rows.filter(unit__in=Unit.objects.below([Unit(pk=narrowing.unit)]))
    if narrowing.role:
        rows = rows.filter(profile=narrowing.role)
    for word in fold(narrowing.manager).split():
        rows = rows.filter(manager__sort_key__contains=word)
    for word in fold(narrowing.name).split():
        rows = rows.filter(sort_key__contains=word)
    return rows


NAMES = ("pk", "person_name", "unit_name", "role_name", "manager_name")
COLUMNS = (*NAMES, *STATE_COLUMNS)


def in_words(rows, round_, today):
    """Participations as the list shows them, each as a dict: a page of models takes half as long again.

    ``texts`` are unit, role and manager, then how far self, manager, talk and plan are, with the deadline if it is
    one of their own and still open; ``is_for_paper`` tells whether the person has not begun, so that their paper may
    still come.
    """
    return [
        {
            "pk": row["pk"],
            "person": row["person_name"],
            "is_late": is_late(row, today, running=round_.is_open),
            "is_for_paper": round_.is_open and row["self_state"] == Progress.OPEN,
            "rests_since": f"{row['paused_on']:%d.%m.%Y}" if row["paused_on"] else "",
            "texts": [
                row["unit_name"],
                row["role_name"],
                row["manager_name"],
                *(step_in_words(row, round_, *step) for step in STEPS),
            ],
        }
        for row in rows.values(*COLUMNS)
    ]


def step_in_words(row, round_, state, names, done, due):
    text, day = names[row[state]], row[due]
    if day == getattr(round_, due) or row[state] >= done:
        return text
    return f"{text}, bis {day:%d.%m.%Y}" if day else f"{text}, ohne Frist"
