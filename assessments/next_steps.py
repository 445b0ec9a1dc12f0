"""What the apps above offer on the page of a participation; they register, for this app does not know them."""

from dataclasses import dataclass

_offers = []


@dataclass(frozen=True)
class Step:
    """A link to what comes after the talk; ``is_aside`` if it leads past the next thing to do."""

    label: str
    url: str
    is_aside: bool = False


def offer(steps_for):
    """Register ``steps_for(participation, user) -> list of Step``; usable as a decorator."""
    _offers.append(steps_for)
    return steps_for


def next_steps(participation, user):
    """Every step the apps above offer to ``user`` for this participation."""
    return [step for steps_for in _offers for step in steps_for(participation, user)]
