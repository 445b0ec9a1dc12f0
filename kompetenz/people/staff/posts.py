"""Managers that a list names by posts: each row says the post of its person and the one above it, and whoever holds that leads them.

Where nobody holds it, the one above that counts. Posts are nothing that is kept.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from .cells import WRONG, ListCell
from .columns import MANAGER_POST, POST

NOT_THERE = "Die Planstelle {} steht nicht in der Liste."
SHARED = "Die Planstelle {} haben mehrere Personen: {}."
SHOWN = 3


@dataclass
class Posts:
    """Who holds each post, and which post is above it."""

    holders: dict[str, list[str]] = field(default_factory=dict)  # their personnel numbers
    above: dict[str, str] = field(default_factory=dict)

    def take(self, found: dict[str, ListCell]) -> bool:
        """Take both posts out of a row; whether it is of a vacant post."""
        post, above = (cell.text.strip() if (cell := found.pop(key, None)) else "" for key in (POST, MANAGER_POST))
        number = found.get("number")
        if post:
            self.above.setdefault(post, above)
            if number:
                self.holders.setdefault(post, []).append(number.text.strip())
        if above and number:
            found["manager"] = ListCell(above)
        return bool(post) and not {"number", "last_name", "first_name"} & found.keys()

    def manager_by(self, post: str) -> ListCell | None:
        """The number of whoever leads those below a post; None where nobody does, up to the top."""
        seen = set[str]()
        while post and post not in seen:
            seen.add(post)
            if holders := self.holders.get(post, []):
                shared = SHARED.format(post, ", ".join(holders[:SHOWN]))
                return ListCell(holders[0]) if len(holders) == 1 else ListCell(shared, WRONG)
            if post not in self.above:
                return ListCell(NOT_THERE.format(post), WRONG)
            post = self.above[post]
        return None


def put_managers(posts: Posts, rows: Iterable[dict[str, ListCell]]) -> None:
    """Put in the place of the post above each person the number of whoever holds it."""
    for cells in rows:
        if post := cells.pop("manager", None):
            manager = posts.manager_by(post.text)
            if manager:
                cells["manager"] = manager
