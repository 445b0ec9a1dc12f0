"""What a staff list says about organisational units: new ones, other names, another place in the tree."""

from collections import defaultdict
from dataclasses import dataclass

from kompetenz.text import likeness

from .circles import circles
from .unit_paths import sayings_of_paths

SPELLED = "Die Nummer der Einheit ist nur anders geschrieben als eine bekannte."
UNKNOWN = "Die Organisationseinheit {} gibt es noch nicht. Um sie anzulegen, muss die OE-Bezeichnung dabeistehen."
UNKNOWN_ABOVE = (
    "Die übergeordnete OE {} gibt es noch nicht, und niemand in der Liste gehört ihr an. Bitte legen Sie sie zuerst unter "
    "„Organisationseinheiten“ an."
)
SAID = {"unit_name": "OE-Bezeichnung", "unit_parent": "übergeordnete OE"}


@dataclass
class UnitChange:
    """A unit as it will be; ``parent`` is the number of the unit above, None at the top."""

    number: str
    name: str
    parent: str | None
    is_new: bool
    changes: list[tuple[str, str, str]]  # what, before, after


def unit_changes(entries, known, problems):
    """New and changed units by number; what cannot be is noted in ``problems``."""
    sayings, saying = sayings_of(entries, problems) | sayings_of_paths(entries, known), rows_saying(entries)
    refuse_look_alikes(sayings, saying, known, problems)
    for number, said in sayings.items():
        refuse_unknown(number, said, sayings, saying, known, problems)
    planned = {number: planned_unit(number, said, known) for number, said in sayings.items()}
    refuse_circles(planned, sayings, known, problems)
    return {number: unit for number, unit in planned.items() if unit.is_new or unit.changes}


def sayings_of(entries, problems):
    """``{unit number: {key: (value, entry that says it first)}}``; two rows must not contradict each other."""
    sayings = {}
    if "unit_number" not in problems.table.letters:
        return sayings
    for entry in entries:
        number = entry.said.get("unit_number")
        if number:
            said = sayings.setdefault(number, {"unit_number": (number, entry)})
            for key in SAID.keys() & entry.said.keys():
                note(said, key, entry, problems)
        elif "unit_number" in entry.said:
            refuse_nameless(entry, problems)
    return sayings


def rows_saying(entries):
    """``{(key, number of a unit): [entries]}``: what is wrong with a unit is wrong in all rows that say it, and is answered for all."""
    found = defaultdict(list)
    for entry in entries:
        for key in ("unit_number", "unit_parent"):
            found[key, entry.said.get(key)].append(entry)
    return found


def note(said, key, entry, problems):
    value, first = said.setdefault(key, (entry.said[key], entry))
    if value != entry.said[key]:
        there = problems.table.address(first.row, key)
        number = said["unit_number"][0]
        problems.add(
            entry,
            key,
            f"Einheit {number} hat hier die {SAID[key]} „{entry.said[key]}“, in {there} aber „{value}“.",
            f"Zeilen nennen für dieselbe Einheit verschiedenes als {SAID[key]}.",
        )


def refuse_nameless(entry, problems):
    for key in SAID.keys() & entry.said.keys():
        problems.add(
            entry, key, f"Hier steht eine {SAID[key]}, aber in derselben Zeile fehlt die Organisationseinheit-Nr."
        )


def refuse_look_alikes(sayings, saying, known, problems):
    alike = {likeness(number): unit for number, unit in known.units.items()}
    for number in sayings:
        unit = alike.get(likeness(number))
        if unit and number not in known.units:
            for entry in saying["unit_number", number]:
                problems.add(entry, "unit_number", f"{number} ist nur anders geschrieben als {unit}.", SPELLED)


def refuse_unknown(number, said, sayings, saying, known, problems):
    if number not in known.units and "unit_name" not in said:
        for entry in saying["unit_number", number]:
            problems.add(entry, "unit_number", UNKNOWN.format(number))
    parent, first = said.get("unit_parent", (None, None))
    if parent and parent not in known.units and parent not in sayings:
        for entry in saying["unit_parent", parent] or [first]:
            if entry is first or entry.said.get("unit_number") == number:
                problems.add(entry, "unit_parent", UNKNOWN_ABOVE.format(parent))


def planned_unit(number, said, known):
    unit = known.units.get(number)
    above = known.units_by_pk[unit.parent_id].number if unit and unit.parent_id else None
    name = said["unit_name"][0] if "unit_name" in said else unit.name if unit else ""
    parent = said["unit_parent"][0] if "unit_parent" in said else above
    changes = []
    if unit and name != unit.name:
        changes.append(("Bezeichnung", unit.name, name))
    if unit and parent != above:
        changes.append(("übergeordnete Einheit", above or "", parent or ""))
    return UnitChange(number, name, parent, unit is None, changes)


def refuse_circles(planned, sayings, known, problems):
    above = {unit.number: unit.parent_id and known.units_by_pk[unit.parent_id].number for unit in known.units.values()}
    above |= {number: unit.parent for number, unit in planned.items()}
    for circle in circles(above):
        member = next((number for number in circle if "unit_parent" in sayings.get(number, {})), None)
        if member is None:
            continue
        start = circle.index(member)
        way = " → ".join([*circle[start:], *circle[: start + 1]])
        reason = f"Die Einheiten ergeben einen Kreis: {way}. Bitte bei einer davon die übergeordnete OE ändern."
        problems.add(sayings[member]["unit_parent"][1], "unit_parent", reason, "Die Einheiten ergeben einen Kreis.")
