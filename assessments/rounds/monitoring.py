"""Where a round stands: counted once from one index whatever its size, narrowed to a list, or by unit."""

from dataclasses import astuple, dataclass, field
from functools import reduce
from operator import or_
from urllib.parse import urlencode

from django.db.models import BooleanField, Count, F, Q, Value
from django.urls import reverse

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
from assessments.models.participations import NO_STATES
from kompetenz import hooks
from kompetenz.lists import id_in
from kompetenz.people.models import Unit, is_found_by
from kompetenz.people.names import listed_as
from kompetenz.prepared import prepared

LATE, PLAN_DUE, DECLINED, NO_UNIT = "ueberfaellig", "plan-faellig", "nicht-dabei", "ohne Einheit"
REJECTED, TO_CHECK = "papier-abgelehnt", "papier-pruefen"


@dataclass(frozen=True)
class RoundProgress:
    """Participants of a round by how far they have come; ``overdue`` are those late today, ``resting`` those paused.

    ``go_on_after`` are those that outlive their round: their plan is missing, or is followed. Who has ``declined`` is counted
    nowhere else.
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


def alike(participations, *more):
    """These participations by what they have in common: states, deadlines and ``more``, and ``number`` of such.

    Those of people who left are counted again, with ``has_left``: all others come from one index, which knows no people.
    """

    def grouped(rows, has_left):
        found = rows.order_by().values(*STATE_COLUMNS, *more)
        return found.annotate(number=Count("pk"), has_left=Value(has_left, output_field=BooleanField()))

    left = participations.filter(pk__in=participations.of_all_who_left().order_by().values("pk"))  # few, by their ids
    return grouped(participations, False).union(grouped(left, True), all=True)


def add_up(groups, today, *, running):
    """The RoundProgress of all in these groups of ``alike`` on the day ``today``; in a round that has ended none is late."""
    added = dict.fromkeys(COUNTED_STATES, 0) | {"overdue": 0, "declined": 0}
    for group in groups:
        number = group["number"]
        if group["declined_on"]:
            added["declined"] += 0 if group["has_left"] else number
            continue
        if is_late(group, today, running=running):
            added["overdue"] += -number if group["has_left"] else number
        if not group["has_left"]:
            for name, is_so in COUNTED_STATES.items():
                if is_so(group):
                    added[name] += number
    return RoundProgress(**added)


COUNTED_STATES = {
    "invited": lambda one: True,
    "resting": lambda one: one["paused_on"],
    "self_started": lambda one: one["self_state"] == Progress.STARTED,
    "self_released": lambda one: one["self_state"] == Progress.RELEASED,
    "manager_released": lambda one: one["manager_state"] == Progress.RELEASED,
    "talks_recorded": lambda one: one["talk_state"] >= TalkProgress.RECORDED,
    "confirmed": lambda one: one["talk_state"] == TalkProgress.CONFIRMED,
    "plans_agreed": lambda one: one["plan_state"] >= PlanProgress.AGREED,
    "go_on_after": lambda one: (
        one["talk_state"] >= TalkProgress.RECORDED and one["plan_state"] < PlanProgress.COMPLETED
    ),
}


def progress_of(round_, today):
    """Count the participations of ``round_`` on the day ``today``; one query over one index."""
    return add_up(groups_of(round_.pk), today, running=round_.is_open)


@prepared
def groups_of(round_):
    return alike(Participation.objects.filter(round=round_))


@prepared
def number_to_hand_over(round_):
    moved = Participation.objects.to_hand_over_in([round_]).order_by().values("round")
    return moved.annotate(number=Count("pk")).values_list("number", flat=True)


# By unit ------------------------------------------------------------------------------------------


NOBODY = (0,) * 9  # what is counted of nobody


@dataclass(frozen=True)
class UnitStanding:
    """One unit, by its id, with everything beneath it; ``unit`` is None for those who belong to none."""

    unit: int | None
    is_top: bool
    standing: RoundProgress


def standing_by_unit(round_, today, tree):
    """Every unit with participants in it or beneath it, in the order of their ``tree``; one grouped query.

    A unit's participants are those who are in it today; once a round has ended, those who were in it then.
    """
    found = counted_by_unit(round_, today)
    sums = tree.added_up(found, NOBODY)
    rows = [
        UnitStanding(unit, tree.parents[unit] is None, RoundProgress(*sums[unit]))
        for unit in tree.depths
        if sums[unit] is not NOBODY
    ]
    return [*rows, UnitStanding(None, True, RoundProgress(*found[None]))] if None in found else rows


def counted_by_unit(round_, today):
    """The numbers of RoundProgress, in their order, by the id of the unit the participants themselves are in."""
    counted = {
        "invited": Q(pk__isnull=False),
        "resting": Q(paused_on__isnull=False),
        "self_started": Q(self_state=Progress.STARTED),
        "self_released": Q(self_state=Progress.RELEASED),
        "manager_released": Q(manager_state=Progress.RELEASED),
        "talks_recorded": Q(talk_state__gte=TalkProgress.RECORDED),
        "confirmed": Q(talk_state=TalkProgress.CONFIRMED),
        "plans_agreed": Q(plan_state__gte=PlanProgress.AGREED),
    }
    counted["overdue"] = Q(paused_on=None) & behind(today) if round_.is_open else Q(pk__isnull=True)
    rows = round_.participations.taking_part()
    gone = rows.of_all_who_left().order_by().values("pk")  # few, by their ids
    left = Participation.objects.filter(counted["overdue"], pk__in=gone).order_by()
    not_late = dict(left.values_list("unit").annotate(Count("pk"))) if round_.is_open else {}
    found = rows.order_by().values_list("unit").annotate(**numbers_of(counted))
    return {unit: (*numbers, overdue - not_late.get(unit, 0)) for unit, *numbers, overdue in found}


def numbers_of(conditions):
    """What counts for each name the rows of its condition."""
    return {f"number_{name}": Count("pk", filter=condition) for name, condition in conditions.items()}


def total(rows):
    """Everybody in these UnitStandings: whoever is counted at the top, and those without a unit."""
    return sum((row.standing for row in rows if row.is_top), RoundProgress())


# The list -----------------------------------------------------------------------------------------

RELEASED_BY_BOTH = Q(self_state=Progress.RELEASED, manager_state=Progress.RELEASED)

# What the list can be narrowed to: the address's word, its name, its condition. LATE is another one, of running rounds;
# which plans are due, the app above says.
FILTERS = {
    "nicht-begonnen": ("nicht begonnen", Q(self_state=Progress.OPEN)),
    "selbst": ("Selbsteinschätzung fehlt", Q(self_state__lt=Progress.RELEASED)),
    "selbst-begonnen": ("Selbsteinschätzung begonnen", Q(self_state=Progress.STARTED)),
    "papier": ("Selbsteinschätzung vom Papier, noch nicht bestätigt", Q(self_state=Progress.ENTERED)),
    "selbst-frei": ("Selbsteinschätzung freigegeben", Q(self_state=Progress.RELEASED)),
    "fremd": ("Fremdeinschätzung fehlt", Q(manager_state__lt=Progress.RELEASED)),
    "fremd-frei": ("Fremdeinschätzung freigegeben", Q(manager_state=Progress.RELEASED)),
    "gespraech": ("bereit zum Gespräch", RELEASED_BY_BOTH & Q(talk_state__lt=TalkProgress.RECORDED)),
    "festgehalten": ("Gespräch festgehalten", Q(talk_state__gte=TalkProgress.RECORDED)),
    "kenntnis": ("Antwort der Person fehlt", Q(talk_state=TalkProgress.RECORDED)),
    "fertig": ("Gespräch von der Person beantwortet", Q(talk_state=TalkProgress.CONFIRMED)),
    "ohne-plan": ("Lernplan fehlt", Q(talk_state__gte=TalkProgress.RECORDED, plan_state__lt=PlanProgress.AGREED)),
    "plan": ("Lernplan vereinbart", Q(plan_state__gte=PlanProgress.AGREED)),
    "ruht": ("ruht", Q(paused_on__isnull=False)),
}
STATES = {word: name for word, (name, _) in FILTERS.items()} | {
    REJECTED: "Selbsteinschätzung vom Papier abgelehnt",
    TO_CHECK: "Bogen ohne E-Mail-Adresse zu prüfen",
    PLAN_DUE: "Lernplan oder Review überfällig",
    LATE: "überfällig",
    DECLINED: "nimmt nicht teil",
}

# What else it can be narrowed to, whatever the state: see with_feature.
NO_ADDRESS, MORE_TIME, NO_MANAGER = "ohne-mail", "verlaengert", "ohne-fuehrungskraft"
FEATURES = {NO_ADDRESS: "ohne E-Mail", MORE_TIME: "Frist verlängert", NO_MANAGER: "ohne Führungskraft"}

# By what it is sorted: the address's word, and columns; those least far come first. By name, if by nothing else.
ORDERS = {
    "einheit": ["unit_name"],
    "rolle": ["role_name"],
    "leitung": ["manager__sort_key"],
    "selbst": ["self_state", "self_due"],
    "fremd": ["manager_state", "manager_due"],
    "gespraech": ["talk_state", "talk_due"],
    "plan": ["plan_state", "plan_due"],
}
SHOWN = (
    "Einheit",
    "Rolle",
    "Führungskraft",
    "Selbst",
    "Fremd",
    "Gespräch",
    "Lernplan",
)  # what each of ORDERS is called


@dataclass(frozen=True)
class Narrowing:
    """What the list is narrowed to, and by what it is sorted; an unknown word says nothing.

    ``unit`` is its name, and brings those beneath it; ``order`` a word of ORDERS, with "-" the other way round.
    """

    state: str = ""
    feature: str = ""
    unit: str = ""
    role: int | None = None
    manager: str = ""
    name: str = ""
    order: str = ""

    @classmethod
    def of(cls, address):
        """As the parameters of an address say."""
        state, feature, order = (address.get(word, "") for word in ("stand", "merkmal", "sortiert"))
        return cls(
            state=state if state in STATES else "",
            feature=feature if feature in FEATURES else "",
            order=order if order.removeprefix("-") in ORDERS else "",
            unit=address.get("einheit", "").strip(),
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
            "merkmal": self.feature,
            "einheit": self.unit,
            "rolle": self.role,
            "leitung": self.manager,
            "sortiert": self.order,
        }
        return urlencode({word: value for word, value in words.items() if value})


# Of these it is known how many there are, once the whole round is counted: fields of RoundProgress.
COUNTED_FILTERS = {
    "": "invited",
    "selbst-begonnen": "self_started",
    "selbst-frei": "self_released",
    "fremd-frei": "manager_released",
    "festgehalten": "talks_recorded",
    "fertig": "confirmed",
    "plan": "plans_agreed",
    "ruht": "resting",
    LATE: "overdue",
    DECLINED: "declined",
}


def number_listed(narrowing, standing):
    """How many are listed, where the RoundProgress of the round tells; else None."""
    by_state_alone = narrowing == Narrowing(state=narrowing.state, order=narrowing.order)
    field_ = COUNTED_FILTERS.get(narrowing.state) if by_state_alone else None
    return getattr(standing, field_) if field_ else None


def by_name(round_):
    return Participation.objects.filter(round=round_).order_by("sort_key", "pk")


def in_order(rows, order):
    """These sorted by a word of ORDERS, those alike by name."""
    columns = ORDERS.get(order.removeprefix("-"))
    if columns is None:
        return rows
    backwards = order.startswith("-")
    return rows.order_by(
        *(F(one).desc(nulls_last=True) if backwards else F(one).asc(nulls_last=True) for one in columns),
        "sort_key",
        "pk",
    )


def with_feature(rows, feature, round_):
    if feature == NO_ADDRESS:
        return rows.without_address()
    if feature == NO_MANAGER:
        return rows.filter(pk__in=Participation.objects.without_manager_in([round_]).order_by().values("pk"))
    later = [Q(**{f"{due}__gt": getattr(round_, due)}) for *_, due in STEPS if getattr(round_, due)]
    return rows.filter(reduce(or_, later))


@prepared
def number_without_address(round_):
    rows = Participation.objects.filter(round=round_).taking_part().without_address()
    return rows.order_by().values("round").annotate(number=Count("pk")).values_list("number", flat=True)


def in_state(rows, state, round_, today):
    """Those of these rows of ``round_`` to which a word of STATES applies; with none all who take part."""
    if state == DECLINED:
        return rows.declined()
    rows = rows.taking_part()
    if state == LATE:
        return rows.filter(late(today)) if round_.is_open else rows.none()
    if state == PLAN_DUE:
        return rows.filter(pk__in=hooks.ask_for_all("due_plans", rows.order_by().values("pk")))
    if state == REJECTED:
        return rows.with_rejected_paper()
    if state == TO_CHECK:
        return rows.with_paper_to_check()
    return rows.filter(FILTERS[state][1]) if state in FILTERS else rows


def listed(round_, narrowing, today):
    """The participations of ``round_`` in the order asked for: of those who take part, or of those who have declined."""
    rows = in_state(in_order(by_name(round_), narrowing.order), narrowing.state, round_, today)
    if narrowing.feature:
        rows = with_feature(rows, narrowing.feature, round_)
    if narrowing.unit == NO_UNIT:
        rows = rows.filter(unit=None)
    elif narrowing.unit:
        rows = rows.filter(unit__in=Unit.objects.meant(narrowing.unit))
    if narrowing.role:
        rows = rows.filter(profile=narrowing.role)
    if narrowing.manager:
        rows = rows.filter(is_found_by(narrowing.manager, "manager__personnel_number__icontains", at="manager__"))
    if narrowing.name:
        rows = rows.filter(is_found_by(narrowing.name, "person__personnel_number__icontains"))
    return rows


NAMES = (
    "pk", "person_name", "person__first_name", "person__personnel_number", "person__email", "person__last_login", "unit_name", "role_name",
    "manager_name",
)  # fmt: skip
COLUMNS = (*NAMES, *STATE_COLUMNS)
ROWS = 30  # on a page: each has so much to say that fifty would be more than a page may weigh


def rows_on(page, round_, narrowing):
    """What rows_in_words needs to know of the participations on a page."""
    return list(columns_of(page.object_list)) if narrowing.query else first_from(round_.pk, str(page.start_index()))


@prepared
def first_from(round_, start):
    """Those of all who take part that stand on the page that begins with the ``start``-th; a text, for a limit is no parameter."""
    first = max(int(start) - 1, 0)
    return columns_of(by_name(round_).taking_part()[first : first + ROWS])


def columns_of(rows):
    return rows.with_who_left().values(*COLUMNS, "has_left")


def rows_in_words(rows, round_, today, readable):
    """Participations as the list shows them, each as a dict: a page of models takes half as long again.

    ``comparison`` is where to read it, of those whose ids are among ``readable``; ``texts`` are unit, role and manager, then how far self, manager, talk and plan are, with the deadline if it is
    one of their own and still open; ``is_for_paper`` tells whether the person has not begun, so that their paper may
    still come, ``is_to_check`` whether it has, and somebody else of HR compares it with what was typed in.
    """
    return [
        {
            "pk": row["pk"],
            "person": listed_name(row["person_name"], row["person__first_name"]),
            "number": row["person__personnel_number"] or "",
            "has_no_address": not row["person__email"],
            "has_more_time": any(
                row[due] and row[due] > getattr(round_, due) for *_, due in STEPS if getattr(round_, due)
            ),
            "is_late": is_late(row, today, running=round_.is_open) and not row["has_left"],
            "takes_part": row["declined_on"] is None,
            "comparison": reverse("assessments:participation", args=[row["pk"]]) if row["pk"] in readable else "",
            "is_for_paper": round_.is_open and not row["declined_on"] and row["self_state"] == Progress.OPEN,
            "is_to_check": round_.is_open
            and row["self_state"] == Progress.ENTERED
            and not (row["person__email"] or row["person__last_login"]),
            "rests_since": f"{row['paused_on']:%d.%m.%Y}" if row["paused_on"] else "",
            "texts": dict(
                zip(
                    SHOWN,
                    (
                        row["unit_name"],
                        row["role_name"],
                        row["manager_name"],
                        *(NO_STATES if row["declined_on"] else (step_in_words(row, round_, *step) for step in STEPS)),
                    ),
                    strict=True,
                )
            ),
        }
        for row in rows
    ]


def listed_name(name, first_name):
    """A name as lists show it; one of before another first name, as it stands."""
    family = name.removeprefix(f"{first_name} ")
    return name if family == name else listed_as(first_name, family)


def step_in_words(row, round_, state, names, done, due):
    text, day = names[row[state]], row[due]
    if day == getattr(round_, due) or row[state] >= done:
        return text
    return f"{text}, bis {day:%d.%m.%Y}" if day else f"{text}, ohne Frist"
