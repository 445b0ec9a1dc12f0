"""How somebody's name is written in what others wrote, and how it is taken out of it. Plain values, no Django."""

import json
import re
from collections.abc import Iterable
from typing import Any

ERASED = "gelöschte Person"
SALUTATIONS = ("Frau", "Herr", "Herrn", "Kollegin", "Kollege", "Kollegen")
TITLES = [*SALUTATIONS, *(f"{one} Dr." for one in SALUTATIONS)]


def names_of(first: str, last: str, before: Iterable[str] = ()) -> list[str]:
    """The ways in which a whole name is written, the longest first; ``before`` are whole names from before."""
    found = {f"{first} {last}", f"{last}, {first}", f"{last} {first}", *before}
    return sorted((name for name in found if name.strip()), key=lambda name: (-len(name), name))


def politely(last: Iterable[str], others: Iterable[str]) -> list[str]:
    """Those of these last names that are in nobody else's, as they are written behind a title: alone they may be a word."""
    folded = [other.casefold() for other in others]
    known = [name for name in last if not any(name.casefold() in other for other in folded)]
    return [f"{title} {name}" for name in known for title in TITLES]


def spelled_in(name: str) -> set[str]:
    """``name`` as it stands in a column: as it is, and as it is in JSON."""
    return {name, json.dumps(name)[1:-1]}


def part_of(name: str) -> set[str]:
    """By what rows are narrowed that may contain ``name`` in any capitals and with any spaces: its longest run of plain letters and digits.

    Of what has none, the name as it stands in a column.
    """
    runs = re.findall(r"[A-Za-z0-9]+", name)
    return {max(reversed(runs), key=len).casefold()} if runs else spelled_in(name)


def unfolded(value: Any) -> Any:
    """A text as it is read: calendar files break their lines, within a name as well."""
    is_calendar = isinstance(value, str) and value.startswith("BEGIN:VCALENDAR")
    return FOLD.sub("", value) if is_calendar else value


FOLD = re.compile(r"\r?\n ")
NEVER = "(?!)"
NAME = (r"(?<!\w)(?<!\w-)", r"(?!-?\w)")  # Anna Alt is not in "Anna Alt-Neu"
ADDRESS = (r"(?<![\w.+-])", r"(?![\w-]|\.\w)")  # nor alt@amt.example in anna.alt@amt.example


def either(words: Iterable[str]) -> str:
    """The pattern of one of these, the longest first, with any space between their parts; of none it is found nowhere."""
    ordered = sorted(words, key=len, reverse=True)
    return "|".join(r"\s+".join(map(re.escape, one.split())) for one in ordered) or NEVER


class Spellings:
    """The names and addresses of one person, to be found in texts and replaced there; words of others are left alone.

    ``others`` are whole names of other people. Of those that are the same nobody can tell who is meant: they stay (``shared``), and
    so does a longer one in which one of this person's stands.
    """

    def __init__(self, names: Iterable[str], addresses: Iterable[str], others: Iterable[str] = ()) -> None:
        names, others = list(names), {one.casefold(): one for one in others}
        self.shared = [one for one in names if one.casefold() in others]
        self.names = [one for one in names if one.casefold() not in others]
        self.addresses = [one for one in addresses if one]
        mine = [one.casefold() for one in self.names]
        longer = [one for folded, one in others.items() if any(name in folded for name in mine)]
        alternatives = [
            rf"{NAME[0]}(?P<another>{either(longer)}){NAME[1]}",
            rf"{NAME[0]}(?:{either(self.names)}){NAME[1]}",
            rf"{ADDRESS[0]}(?:{either(self.addresses)}){ADDRESS[1]}",
        ]
        self._found = re.compile("|".join(alternatives), re.IGNORECASE)

    @property
    def parts(self) -> set[str]:
        """One of these is in whatever names this person."""
        return {part for one in (*self.names, *self.addresses) for part in part_of(one)}

    def is_in(self, value: Any) -> bool:
        """Whether a text, or one within a JSON value, names the person."""
        if isinstance(value, str):
            return any(found["another"] is None for found in self._found.finditer(value))
        if isinstance(value, dict):
            return any(self.is_in(part) for pair in value.items() for part in pair)
        return isinstance(value, list) and any(map(self.is_in, value))

    def replaced(self, value: Any) -> Any:
        """``value`` with the person's names and addresses replaced."""
        if isinstance(value, str):
            return self._found.sub(lambda found: found["another"] or ERASED, value)
        if isinstance(value, dict):
            return {self.replaced(key): self.replaced(part) for key, part in value.items()}
        return [self.replaced(part) for part in value] if isinstance(value, list) else value

    def without(self, value: Any) -> Any:
        """A JSON value without the innermost parts of its lists that name the person."""
        if isinstance(value, dict):
            return {key: self.without(part) for key, part in value.items()}
        if not isinstance(value, list):
            return value
        if any(isinstance(part, str) and self.is_in(part) for part in value) and not any(
            isinstance(part, list | dict) for part in value
        ):
            return [part for part in value if not self.is_in(part)]
        return [
            self.without(part)
            for part in value
            if not (isinstance(part, list) and self.is_flat(part) and self.is_in(part))
        ]

    @staticmethod
    def is_flat(value: list[Any]) -> bool:
        return not any(isinstance(part, list | dict) for part in value)
