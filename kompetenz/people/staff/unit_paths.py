"""Units that a list names from the top down, "Dezernat II / Amt 40 / SG 40.1", or by a single name, instead of by numbers.

Each is looked for among those there are, below the one before it: by its name, or by the number in it. One that is new
gets the number in its name, else one made of the name, which is the same for the same path.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from kompetenz.people.names import fold
from kompetenz.text import likeness

NUMBER_FIRST = re.compile(r"(?P<number>(?=\S*\d)[A-Z]{0,4}[-.]?\d[\w.\-/]*)[ :–-]+(?P<name>\S.*)")
NUMBER_LAST = re.compile(
    r"[^\W\d][\w.\-]*\s+(?P<number>\d+(?:[.\-/]\d+)*[a-z]?|[IVX]{1,5})(?:[ :–-]+(?P<name>[^\W\d]\S.*))?"
)
LONGEST = 20  # a number
TELLING = re.compile(r"\d\D?\d")  # a number by which one knows a unit: "Team 1" is not the unit 1
Sayings = dict[str, dict[str, tuple[str, Any]]]


def sayings_of_paths(entries: Any, known: Any) -> Sayings:
    """What all paths say of units, as units.sayings_of; each entry says the number of the last one from then on."""
    paths = UnitPaths(known, [entry.said["unit_path"] for entry in entries if entry.said.get("unit_path")])
    for entry in entries:
        if "unit_path" in entry.said:
            path = entry.said.pop("unit_path")
            entry.said["unit_number"] = paths.number_of(path, entry) if path else None
    return paths.sayings


class UnitPaths:
    """The units of all paths of a list, each looked for once."""

    def __init__(self, known: Any, paths: Iterable[tuple[str, ...]]) -> None:
        self.known = known
        ways = {tuple(map(fold, path[:place])) for path in set(paths) for place in range(1, len(path) + 1)}
        self._places = Counter(way[-1] for way in ways)  # in how many there is a unit that is called so
        self.sayings: Sayings = {}
        self._found: dict[tuple[str, ...], str] = {}
        self._alike: dict[str, str] = {likeness(number): number for number in known.units}
        self._by_name: dict[str, list[Any]] = {}
        for unit in known.units.values():
            for name in {fold(unit.name), fold(str(unit)), fold(unit.number)}:
                self._by_name.setdefault(name, []).append(unit)

    def number_of(self, path: tuple[str, ...], entry: Any) -> str | None:
        """The number of the last unit of a path; those that are new, or elsewhere by now, are noted."""
        above: str | None = None
        for place in range(len(path)):
            way = tuple(fold(name) for name in path[: place + 1])
            if way not in self._found:
                self._found[way] = self._look_for(path[place], way, above)
                self._note(path[place], way, above, entry)
            above = self._found[way]
        return above

    def _look_for(self, name: str, way: tuple[str, ...], above: str | None) -> str:
        """A known unit's number, else a new one that nothing else has."""
        called_so = self._by_name.get(fold(name), [])
        below = [unit for unit in called_so if above and unit.parent_id and self._number(unit.parent_id) == above]
        for found in (below, called_so):
            if len(found) == 1 and self._may_be(found[0], above):
                return str(found[0].number)
        number, rest = divided(name)
        bearing_it = self.known.units.get(self._alike.get(likeness(number), ""))
        made = f"{number[:13]}-{hashlib.sha256('/'.join(way).encode()).hexdigest()[:6]}".upper()
        has_moved = bearing_it and fold(bearing_it.name) == fold(rest) and self._places[fold(name)] == 1
        if (
            bearing_it
            and TELLING.search(number)
            and (self._is_below(bearing_it, above) or (has_moved and made not in self.known.units))
        ):
            return str(bearing_it.number)
        if not number or len(number) > LONGEST or number in self.sayings:
            number = re.sub(r"[^A-Z0-9]+", "-", fold(name).upper())[:LONGEST].strip("-")
        if not number or number in self.sayings or likeness(number) in self._alike:
            number = f"{number[:13]}-{hashlib.sha256('/'.join(way).encode()).hexdigest()[:6]}".upper()
        return number

    def _may_be(self, unit: Any, above: str | None) -> bool:
        """Whether a unit of this name is meant: below another one only if it is told by its number, and has moved."""
        return self._is_below(unit, above) or bool(divided(unit.name)[0])

    def _is_below(self, unit: Any, above: str | None) -> bool:
        return above is None or unit.parent_id is None or self._number(unit.parent_id) == above

    def _number(self, pk: int) -> str:
        return str(self.known.units_by_pk[pk].number)

    def _note(self, name: str, way: tuple[str, ...], above: str | None, entry: Any) -> None:
        number = self._found[way]
        unit = self.known.units.get(number)
        said = self.sayings.setdefault(number, {"unit_number": (number, entry)})
        if unit is None:
            said["unit_name"] = (divided(name)[1], entry)
        if above and above != number:
            said["unit_parent"] = (above, entry)


def divided(name: str) -> tuple[str, str]:
    """(the number in the name of a unit or "", the name without a number before it): "40 Schulamt", "Amt 40", "Amt 40 Schulamt"."""
    if found := NUMBER_FIRST.fullmatch(name):
        return found["number"], found["name"]
    if found := NUMBER_LAST.fullmatch(name):
        return found["number"], found["name"] or name
    return "", name
