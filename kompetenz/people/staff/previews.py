"""What the preview of a staff list shows, as plain values: kept beside the file, so that a page of it costs what a page costs.

Comparing takes a second for ten thousand people. It is done when the list is uploaded, and anew once people, units or
roles are others than they were then, by each process for itself. What is taken over is always compared anew.
"""

import hashlib
from dataclasses import asdict, dataclass
from functools import lru_cache, partial

from django.db import connection, transaction
from django.utils import timezone

from kompetenz import hooks
from kompetenz.people.models import Deputy, FurtherNumber, Person, StaffFileRow, Unit
from kompetenz.people.names import fold

from .causes import cause_of, causes
from .cells import row_told
from .columns import further, targets
from .comparing import compare, part_without_problems
from .known import READ
from .table import StaffList
from .withholding import KINDS, NOTHING

SHOWN_WITHHELD = 5
STAND = 16  # characters
VERBS = {  # by whether there are problems, and whether anything changes
    (False, True): "Liste übernehmen",
    (False, False): "Ausgeschiedene eintragen",
    (True, True): "Fehlerfreie Zeilen übernehmen",
    (True, False): "",
}
OFFERED = 500  # missing people with a box of their own; a form holds no more than 1,000 fields
ERRORS, NEW, CHANGED, UNITS = "fehler", "neu", "geaendert", "einheiten"


@dataclass(frozen=True)
class Shown:
    """``told`` is what the page says, ``rows`` a function: what each row says, by its group and the folded words looked for.

    ``stand`` stands for what it was compared with, and goes along to further parts of the page.
    """

    told: dict
    rows: object
    stand: str


def shown_of(uploaded, stand=""):
    """What the preview of this StaffFile shows at this moment; a few queries, as long as nothing has changed since it was kept.

    Part of a page whose ``stand`` is what is kept goes with the rest of it, and nobody looks at all people anew.
    """
    if stand and stand == stand_of(uploaded.as_of):
        return kept(uploaded)
    read = uploaded.shown.get("read") or {
        one.column.key for one in further()
    }  # kept by a version that noted no columns
    as_of = state(read, uploaded.uploaded_by_id)
    if uploaded.as_of == as_of:
        return kept(uploaded)
    told, groups = compared_anew(bytes(uploaded.content), uploaded.uploaded_by_id, as_of)
    return Shown(told, lambda group, words, cause=None: found_among(groups[group], words, cause), stand_of(as_of))


def kept(uploaded):
    return Shown(uploaded.shown, partial(kept_rows, uploaded), stand_of(uploaded.as_of))


def stand_of(as_of):
    return as_of[:STAND]


@lru_cache(maxsize=2)
def compared_anew(content, by, as_of):
    """What the preview of this list tells ``by`` in this state of people, units and roles, and its rows by group.

    A page writes nothing, so it is the process that remembers the last ones: who looks through a list turns many pages.
    """
    return told_and_rows(StaffList.unpacked(content), Person.objects.get(pk=by))


def told_and_rows(table, by):
    """All that a preview says, and its rows by group: the problems of all of it, and what the rest of it would do."""
    whole = compare(table, by, NOTHING)
    left, rest = part_without_problems(table, by, whole)
    found, places = causes(whole.problems, {column.key: column.title for column in targets()})
    groups = groups_of(whole, rest if left else None, places)
    return told_of(whole, rest, left, groups) | {"causes": [told_of_cause(one) for one in found]}, groups


def kept_rows(uploaded, group, words, cause=None):
    rows = uploaded.rows.filter(group=group)
    if cause is not None:
        rows = rows.filter(said__cause=cause)
    for word in words:
        rows = rows.filter(searched__contains=word)
    return rows.values_list("said", flat=True)


def found_among(rows, words, cause):
    found = [said for searched, said in rows if all(word in searched for word in words)]
    return found if cause is None else [said for said in found if said["cause"] == cause]


def kept_values(table, by):
    """The preview of a table, compared before anything is locked: what a StaffFile keeps of it, and its rows by group."""
    as_of = state(table.letters, by.pk)  # before comparing: what changes meanwhile makes it outdated
    told, groups = told_and_rows(table, by)
    return {"as_of": as_of, "shown": told}, groups


@transaction.atomic
def keep_rows(uploaded, groups):
    uploaded.rows.all().delete()
    StaffFileRow.objects.bulk_create(rows_to_keep(uploaded, groups))


def rows_to_keep(uploaded, groups):
    return (
        StaffFileRow(file=uploaded, group=group, place=place, searched=searched, said=said)
        for group, rows in groups.items()
        for place, (searched, said) in enumerate(rows)
    )


# As plain values -----------------------------------------------------------------------------------


def told_of(whole, rest, left, groups):
    """All that the page says beside the rows; ``left`` is the list without its problems, None if nothing remains."""
    table, preview = whole.table, whole
    changes = bool(left) and rest.changes_something
    offers_leavers = bool(whole.missing) and not whole.problems
    return {
        "sheet": table.sheet,
        "header_row": table.header_row,
        "length": len(table.rows),
        "read": {c.key: (table.letters[c.key], c.title) for c in targets() if c.key in table.letters},
        "not_kept": table.not_kept,
        "never_read": table.never_read,
        "unknown": table.unknown,
        "other_sheets": table.other_sheets,
        "examples": table.examples,
        "no_people": table.no_people,
        "filled": table.filled,
        "hidden": table.hidden,
        "hidden_are_read": table.hidden_are_read,
        "hidden_columns": table.hidden_columns,
        "numbers": {group: len(rows) for group, rows in groups.items()},
        "unchanged": rest.unchanged,
        "wrong": len(table.rows) - len(left.rows) if left else len(table.rows),
        "good": len(left.rows) if left else 0,
        "withheld": [told_of_withheld(rest, kind, ones) for kind, ones in by_kind(rest.withheld if left else [])],
        "missing": len(preview.missing),
        "misses_many": preview.misses_many,
        "offered": [offered(person) for person in preview.missing[:OFFERED]],
        "changes_something": changes,
        "offers_leavers": offers_leavers,
        "can_be_confirmed": changes or offers_leavers,
        "verb": VERBS[bool(whole.problems), changes],
        "hints": rest.hints,
        "is_answered_before": bool(table.decided.remembered),
        "stamp": rest.stamp if left else "",
    }


def told_of_cause(cause):
    further = ("more_rows", "needs_example", "answers", "takes_another")
    return asdict(cause) | {name: getattr(cause, name) for name in further}


def by_kind(withheld):
    return [(kind, ones) for kind in KINDS if (ones := [one for one in withheld if one.kind == kind])]


def told_of_withheld(preview, kind, ones):
    """What of one kind is not done unless somebody says so: for how many, for whom, in how many participations."""
    return {
        "kind": kind,
        "title": KINDS[kind],
        "count": len(ones),
        "people": [
            {
                "pk": one.entry.person.pk,
                "listed_as": f"{one.entry.listed_as} ({one.entry.said['number']})",
                **vars(preview.change_of(one)),
            }
            for one in ones[:SHOWN_WITHHELD]
        ],
        "more": max(0, len(ones) - SHOWN_WITHHELD),
        "participations": sum(preview.known.in_rounds.get(one.entry.person.pk, 0) for one in ones),
    }


def offered(person):
    leaving = f"{person.leaving_date:%d.%m.%Y}" if person.leaving_date else ""
    return {"pk": person.pk, "listed_as": person.listed_as, "number": person.personnel_number, "leaving": leaving}


def groups_of(whole, preview, places):
    """The rows of each group, as (folded text by which it is found, what it says)."""
    errors = [(fold(f"{one.who} {one.address}"), error_row(one, places)) for one in whole.problems]
    if preview is None:
        return {ERRORS: errors, NEW: [], CHANGED: [], UNITS: []}
    return {
        ERRORS: errors,
        NEW: [(fold(f"{one.listed_as} {one.number}"), person_row(one)) for one in preview.new],
        CHANGED: [(fold(f"{one.listed_as} {one.number}"), person_row(one)) for one in preview.changed],
        UNITS: [(fold(f"{one.number} {one.name}"), vars(one)) for one in preview.units],
    }


def error_row(problem, places):
    cause = places[cause_of(problem)]
    return {
        "address": problem.address,
        "who": problem.who,
        "reason": problem.reason,
        "row": row_told(problem.row),
        "cause": cause,
    }


def person_row(one):
    changes, known = [vars(change) for change in one.beyond_the_name], one.entry.person
    about = {"listed_as": one.listed_as, "number": one.number, "row": row_told(one.row), "changes": changes}
    return {**about, "pk": known.pk} if known else about


def whose_is_shown(told, rows):
    """The ids of everybody known of whom these rows of the page, or what is withheld, say what is stored."""
    withheld = [one for kind in told["withheld"] for one in kind["people"]]
    return {one["pk"] for one in [*rows, *withheld] if "pk" in one}


# What it was compared with -------------------------------------------------------------------------


def state(keys, by):
    """A short text that differs as soon as anything does that comparing a list with these columns depends on."""
    told = [
        str(timezone.localdate()),
        written_out(Person.objects.all(), "id", *READ),
        written_out(Unit.objects.all(), "id", "number", "name", "parent_id"),
        written_out(FurtherNumber.objects.all(), "id", "number", "person_id"),
        str(sorted(Deputy.objects.current_or_coming().filter(person=by).values_list("manager", "people"))),
        *(written_out(rows, "person_id") for rows in hooks.ask("in_running_rounds")),
        *(one.state() for one in further() if one.column.key in keys),
    ]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def written_out(rows, *columns):
    """What stands in these columns of all rows, as one text: the database writes it in a tenth of the time that reading them takes.

    SQLite comes by the rows in one order as long as none is written.
    """
    name, one = connection.ops.quote_name, "group_concat(COALESCE({}, ''), '\x1f')"
    if connection.vendor == "postgresql":
        one = f"string_agg(COALESCE(CAST({{}} AS text), ''), '\x1f' ORDER BY {name(columns[0])})"
    told = ", ".join(one.format(name(column)) for column in columns)
    sql, params = rows.order_by().values(*columns).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {told} FROM ({sql}) AS told", params)  # noqa: S608 - names of ours
        return "\n".join(text or "" for text in cursor.fetchone())
