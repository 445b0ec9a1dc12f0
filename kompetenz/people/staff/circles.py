"""Circles in a chain where each has at most one above."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

Member = TypeVar("Member", bound=Hashable)


def circles(above: Mapping[Member, Member | None]) -> list[list[Member]]:
    """Each circle in ``{one: the one above}`` once, as the list of its members in order."""
    found: list[list[Member]] = []
    done: set[Member] = set()
    for start in above:
        path: list[Member] = []
        place: dict[Member, int] = {}
        at: Member | None = start
        while at is not None and at not in done and at not in place:
            place[at] = len(path)
            path.append(at)
            at = above.get(at)
        if at is not None and at in place:
            found.append(path[place[at] :])
        done.update(path)
    return found
