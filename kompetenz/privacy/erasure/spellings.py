"""How somebody's name is written in what others wrote, and how it is taken out of it. Plain values, no Django."""

import json
import re
from collections.abc import Iterable
from typing import Any

ERASED = "gelöschte Person"


def names_of(first: str, last: str, before: Iterable[str] = ()) -> list[str]:
    """The ways in which a whole name is written, the longest first; ``before`` are whole names from before."""
    found = {f"{first} {last}", f"{last}, {first}", f"{last} {first}", *before}
    return sorted((name for name in found if name.strip()), key=lambda name: (-len(name), name))


def spelled_in(name: str) -> set[str]:
    """``name`` as it stands in a column: as it is, and as it is in JSON."""
    return {name, json.dumps(name)[1:-1]}


class Spellings:
    """The names and addresses of one person, to be found in texts and replaced there; words of others are left alone."""

    def __init__(self, names: Iterable[str], addresses: Iterable[str]) -> None:
        self.names, self.addresses = list(names), [one for one in addresses if one]
        ordered = sorted([*self.names, *self.addresses], key=len, reverse=True)
        alternatives = "|".join(r"\s+".join(map(re.escape, one.split())) for one in ordered)
        self._found = re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE)

    @property
    def in_columns(self) -> set[str]:
        """What a column has to contain for this person to be in it."""
        return {spelled for one in (*self.names, *self.addresses) for spelled in spelled_in(one)}

    def is_in(self, value: Any) -> bool:
        """Whether a text, or one within a JSON value, names the person."""
        if isinstance(value, str):
            return bool(self._found.search(value))
        if isinstance(value, dict):
            return any(self.is_in(part) for pair in value.items() for part in pair)
        return isinstance(value, list) and any(map(self.is_in, value))

    def replaced(self, value: Any) -> Any:
        """``value`` with the person's names and addresses replaced."""
        if isinstance(value, str):
            return self._found.sub(ERASED, value)
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
