"""Where somebody stood after each talk and each review: records in their order, carried over; without Django (paper 4.3.3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kompetenz.catalogue.frozen import Catalogue


@dataclass(frozen=True, order=True)
class AgreementPlace:
    """The place of a talk or a review among others: its day, and on one day what belongs to an earlier talk first.

    A talk comes before its own reviews; these by the day they were planned for, then as they were written.
    """

    on: date
    talked_on: date
    participation: int
    is_review: bool = False
    planned_on: date = date.min
    review: int = 0


@dataclass(frozen=True)
class Agreement:
    """What was agreed on one day, in the words of one catalogue: in a talk every level, in a review those of its goals.

    Where it does not count, one side has recorded it and the other has not taken note: it goes into nothing later.
    """

    place: AgreementPlace
    catalogue: Catalogue
    levels: Mapping[int, int]
    counts: bool = True


@dataclass(frozen=True)
class Standing:
    """Of each competency the latest record up to one step that counts, or is of this step itself, whatever participation it comes from.

    ``levels`` are (level, its name in the words it was agreed in) by competency id; ``here`` are the ids of those that
    this step itself records. ``talk`` is the latest one, or else the record itself: its catalogue is the one that counts.
    """

    record: Agreement
    talk: Agreement
    levels: Mapping[int, tuple[int, str]]
    here: frozenset[int]

    @property
    def catalogue(self) -> Catalogue:
        return self.talk.catalogue

    def on_scale(self) -> dict[int, int]:
        """The levels of the catalogue's competencies on its own scale, for a drawing."""
        known = self.catalogue.by_id
        return {pk: self.catalogue.nearest(level) for pk, (level, _) in self.levels.items() if pk in known}


def standings(records: Sequence[Agreement]) -> list[Standing]:
    """One for each record, in the order of their places."""
    found: list[Standing] = []
    levels: dict[int, tuple[int, str]] = {}
    talk: Agreement | None = None
    for record in sorted(records, key=lambda one: one.place):
        names = record.catalogue.scale.names
        new = {pk: (level, names[level]) for pk, level in record.levels.items() if pk in record.catalogue.by_id}
        talk = talk if record.place.is_review else record
        found.append(Standing(record, talk or record, levels | new, frozenset(new)))
        levels = levels | new if record.counts else levels
    return found
