"""What the apps above answer when a page of this one asks them (kompetenz/hooks.py): plain values."""

from dataclasses import dataclass
from datetime import date

from kompetenz import hooks


@dataclass(frozen=True)
class FurtherPage:
    """A way on from a participation; ``is_aside`` if it leads past the next thing to do, ``posts`` if it does something."""

    label: str
    url: str
    is_aside: bool = False
    posts: bool = False


@dataclass(frozen=True)
class EarlierNote:
    """What the two have noted for a later round: where it comes from, on which day, the words."""

    title: str
    noted_on: date
    text: str


@dataclass(frozen=True)
class RoundOutput:
    """A link to something that HR takes along from a round."""

    label: str
    url: str


def earlier_notes(participation, user):
    """Every EarlierNote for ``user``, who is one of the two; for nobody else there is any."""
    return hooks.ask_for_all("earlier_notes", participation, user) if participation.is_shared_with(user) else []
