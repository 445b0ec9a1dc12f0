"""What the apps above hand out about a round, offered on its page; they register, for this app does not know them."""

from dataclasses import dataclass

_offers = []


@dataclass(frozen=True)
class Output:
    """A link to something that HR takes along from a round."""

    label: str
    url: str


def offer_output(outputs_for):
    """Register ``outputs_for(round_, user) -> list of Output``; usable as a decorator. It should cost no query."""
    _offers.append(outputs_for)
    return outputs_for


def outputs_of(round_, user):
    """Everything the apps above offer to ``user`` for this round."""
    return [output for outputs_for in _offers for output in outputs_for(round_, user)]
