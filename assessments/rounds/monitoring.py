"""Who stands where in a round: everybody in it as a list, narrowed and sorted."""

from dataclasses import dataclass
from functools import reduce
from operator import or_
from urllib.parse import urlencode

from django.db.models import Count, F, Q
from django.urls import reverse

from assessments.models import Participation, PlanProgress, Progress, TalkProgress
from assessments.models.participations import NO_STATES
from kompetenz import hooks
from kompetenz.catalogue.syllables import Name
from kompetenz.lists import id_in
from kompetenz.people.models import Person, Unit, is_found_by
from kompetenz.people.names import listed_as, with_number
from kompetenz.prepared import prepared

from .progress import STATE_COLUMNS, STEPS, counted_as, is_late, late

LATE, PLAN_DUE, DECLINED, NO_UNIT = "ueberfaellig", "plan-faellig", "nicht-dabei", "ohne Einheit"
REJECTED, TO_CHECK = "papier-abgelehnt", "papier-pruefen"


RELEASED_BY_BOTH = Q(self_state=Progress.RELEASED, manager_state=Progress.RELEASED)

# What the list can be narrowed to: the address's word, its name, its condition. LATE is another one, of running rounds;
# which plans are due, the app above says.
FILTERS = {
    "nicht-begonnen": ("nicht begonnen", Q(self_state=Progress.OPEN)),
    "selbst": ("Selbsteinschätzung fehlt", Q(self_state__lt=Progress.RELEASED)),
    "selbst-begonnen": ("Selbsteinschätzung begonnen", counted_as("self_started")),
    "papier": ("Selbsteinschätzung vom Papier, noch nicht bestätigt", Q(self_state=Progress.ENTERED)),
    "selbst-frei": ("Selbsteinschätzung freigegeben", counted_as("self_released")),
    "fremd": ("Fremdeinschätzung fehlt", Q(manager_state__lt=Progress.RELEASED)),
    "fremd-frei": ("Fremdeinschätzung freigegeben", counted_as("manager_released")),
    "gespraech": ("bereit zum Gespräch", RELEASED_BY_BOTH & Q(talk_state__lt=TalkProgress.RECORDED)),
    "festgehalten": ("Gespräch festgehalten", counted_as("talks_recorded")),
    "kenntnis": ("Antwort der Person fehlt", Q(talk_state=TalkProgress.RECORDED)),
    "fertig": ("Gespräch von der Person beantwortet", counted_as("confirmed")),
    "ohne-plan": ("Lernplan fehlt", Q(talk_state__gte=TalkProgress.RECORDED, plan_state__lt=PlanProgress.AGREED)),
    "plan": ("Lernplan vereinbart", counted_as("plans_agreed")),
    "ruht": ("ruht", counted_as("resting")),
}
STATES = {word: name for word, (name, _) in FILTERS.items()} | {
    REJECTED: "Selbsteinschätzung vom Papier abgelehnt",
    TO_CHECK: "unterschriebener Bogen zu prüfen",
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
# What those are called of whom a share is told.
SHARES = {
    "selbst-begonnen": "Selbst begonnen",
    "selbst-frei": "Selbst freigegeben",
    "fremd-frei": "Fremd freigegeben",
    "festgehalten": "Gespräche festgehalten",
    "fertig": "Gespräche beantwortet",
    "plan": "Lernpläne vereinbart",
}


def shares(standing, words):
    """(the word of the list, how much of all in words, how many, what it is called) of some of SHARES, for a RoundProgress."""
    fields = {word: COUNTED_FILTERS[word] for word in words}
    return [(word, standing.percent(one), getattr(standing, one), SHARES[word]) for word, one in fields.items()]


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
def number_to_hand_over(round_):
    moved = Participation.objects.to_hand_over_in([round_]).order_by().values("round")
    return moved.annotate(number=Count("pk")).values_list("number", flat=True)


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
        return rows.filter(pk__in=hooks.ask_for_all("due_plans", rows.order_by()))
    if state == REJECTED:
        return rows.with_rejected_paper()
    if state == TO_CHECK:
        return rows.with_paper_to_check()
    return rows.filter(FILTERS[state][1]) if state in FILTERS else rows


def person_with_number(word):
    """The condition on participations of people in whose personnel number the ``word`` stands.

    These are looked for by themselves: joined, each of a round's thousands would be looked up.
    """
    return Q(person__in=Person.objects.filter(personnel_number__icontains=word).order_by().values("pk"))


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
        rows = rows.filter(is_found_by(narrowing.name, person_with_number))
    return rows


NAMES = (
    "pk", "person_name", "person__first_name", "person__personnel_number", "person__email", "unit_name", "role_name",
    "manager_name", "manager__personnel_number",
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

    ``comparison`` is where to read it, of those whose ids are among ``readable``; ``texts`` are unit, role and manager, then
    how far self, manager, talk and plan are, with the deadline if it is one of their own and still open; ``is_for_paper``
    tells whether the person has not begun, so that their paper may still come, ``is_to_check`` whether it has, and somebody
    else of HR compares it with what was typed in; a query where that may be.
    """
    to_check = to_check_among(rows) if round_.is_open else set()
    return [row_in_words(row, round_, today, readable=readable, to_check=to_check) for row in rows]


def row_in_words(row, round_, today, *, readable, to_check):
    takes_part, state = row["declined_on"] is None, row["self_state"]
    steps = [step_in_words(row, round_, *step) for step in STEPS] if takes_part else NO_STATES
    whose = [
        Name(row["unit_name"]),
        Name(row["role_name"]),
        with_number(row["manager_name"], row["manager__personnel_number"]),
    ]
    dues = [(row[due], getattr(round_, due)) for *_, due in STEPS]
    return {
        "pk": row["pk"],
        "person": listed_name(row["person_name"], row["person__first_name"]),
        "number": row["person__personnel_number"] or "",
        "has_no_address": not row["person__email"],
        "has_more_time": any(own and general and own > general for own, general in dues),
        "is_late": is_late(row, today, running=round_.is_open) and not row["has_left"],
        "takes_part": takes_part,
        "comparison": reverse("assessments:participation", args=[row["pk"]]) if row["pk"] in readable else "",
        "is_for_paper": round_.is_open and takes_part and state == Progress.OPEN,
        "is_to_check": row["pk"] in to_check,
        "rests_since": f"{row['paused_on']:%d.%m.%Y}" if row["paused_on"] else "",
        "texts": dict(zip(SHOWN, (*whose, *steps), strict=True)),
    }


def to_check_among(rows):
    """The ids of those of these rows whose signed paper somebody of HR compares with what was typed in."""
    typed_in = [row["pk"] for row in rows if row["self_state"] == Progress.ENTERED and not row["person__email"]]
    found = (
        Participation.objects.with_paper_to_check().filter(pk__in=typed_in)
        if typed_in
        else Participation.objects.none()
    )
    return set(found.order_by().values_list("pk", flat=True))


def listed_name(name, first_name):
    """A name as lists show it; one of before another first name, as it stands."""
    family = name.removeprefix(f"{first_name} ")
    return name if family == name else listed_as(first_name, family)


def step_in_words(row, round_, state, names, done, due):
    text, day = names[row[state]], row[due]
    if day == getattr(round_, due) or row[state] >= done:
        return text
    return f"{text}, bis {day:%d.%m.%Y}" if day else f"{text}, ohne Frist"
