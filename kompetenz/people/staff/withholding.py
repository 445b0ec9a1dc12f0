"""What a list would empty, take away or shift, and does only if somebody says so.

A personnel system knows nothing of an address or a manager that HR has typed in here: next month's list would silently empty it.
And whoever gets another manager, unit or role in the middle of a round is in it with the one from before.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

KINDS = {
    "email": "E-Mail-Adresse leeren",
    "manager": "Führungskraft leeren",
    "unit": "Organisationseinheit leeren",
    "leaving_date": "Letzten Arbeitstag löschen",
    "manager_in_round": "Andere Führungskraft, während eine Runde läuft",
    "unit_in_round": "Andere Organisationseinheit, während eine Runde läuft",
    "role_in_round": "Anderes Rollenprofil, während eine Runde läuft",
}
EVERYTHING = frozenset(KINDS)
NOTHING: frozenset[str] = frozenset()
EMPTIED = {"email": "email", "manager": "manager", "unit_number": "unit", "leaving_date": "leaving_date"}
SHIFTED = {"manager": "manager_in_round", "unit_number": "unit_in_round", "role": "role_in_round"}


@dataclass(frozen=True)
class Withheld:
    """What the row of somebody known says and is not done: ``kind`` of it, the column's ``key``, the value it would be."""

    kind: str
    entry: Any
    key: str
    after: Any


def withhold_emptied(entries: Any, known: Any, allowed: frozenset[str]) -> Iterator[Withheld]:
    """Take from the rows what would empty a field; an address that the list gives to somebody else is not lost.

    Nor is the last day of who is here again.
    """
    given = {entry.said["email"] for entry in entries if entry.said.get("email")}
    for entry in entries:
        for key, kind in EMPTIED.items():
            if kind in allowed or not entry.person or key not in entry.said or entry.said[key] is not None:
                continue
            before = known.was(entry.person, key)
            is_meant = (key == "email" and before in given) or (key == "leaving_date" and entry.comes_back)
            if before is not None and not is_meant:
                yield withheld(entry, kind, key)


def withhold_shifted(entries: Any, known: Any, allowed: frozenset[str]) -> Iterator[Withheld]:
    """Take from the rows what would give somebody in a running round another manager, unit or role; managers are looked up by now."""
    for entry in entries:
        if entry.person is None or entry.person.pk not in known.in_rounds:
            continue
        for key, kind in SHIFTED.items():
            if kind in allowed or entry.said.get(key) is None:
                continue
            before = known.was(entry.person, key)
            if before is not None and before != entry.said[key]:
                yield withheld(entry, kind, key)


def withheld(entry: Any, kind: str, key: str) -> Withheld:
    return Withheld(kind, entry, key, entry.said.pop(key))
