"""What a Lernpfad is made of: plain values that know no database and no drawing."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .months import LAST_MONTH, first_day, last_day, month_of

FORMS = ("challenge", "interaction", "classic")  # the paper's three Lernformen, in its order
STATES = {"planned": "geplant", "done": "durchgeführt", "dropped": "entfallen"}
FEWEST_MONTHS = 3


@dataclass(frozen=True)
class Stretch:
    """One measure: ``number`` as shown beside it, and its first and last day; ``begins`` is None where only the end is known.

    ``form`` is one of FORMS and ``form_name`` its name, ``state`` a key of STATES; ``hours`` is None if nobody said.
    ``goals`` are the numbers of the goals it serves, none where the reader does not know them.
    """

    number: int
    title: str
    begins: date | None
    ends: date
    form: str
    form_name: str
    state: str
    hours: Decimal | None
    goals: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise ValueError("A stretch needs a title.")
        if self.begins and self.begins > self.ends:
            raise ValueError(f"{self.title} ends on {self.ends}, before it begins on {self.begins}.")
        if self.form not in FORMS:
            raise ValueError(f"Form must be one of {', '.join(FORMS)}, not {self.form!r}.")
        if self.state not in STATES:
            raise ValueError(f"State must be one of {', '.join(STATES)}, not {self.state!r}.")

    @property
    def first_day(self) -> date:
        """The first day known of it."""
        return self.begins or self.ends

    @property
    def counts(self) -> bool:
        """Whether it still takes time and money: all but dropped measures do."""
        return self.state != "dropped"


@dataclass(frozen=True)
class Mark:
    """A talk about the plan: fixed for a day, or held on it."""

    day: date
    title: str
    is_final: bool
    is_held: bool


@dataclass(frozen=True)
class Timeline:
    """Measures and talks of one plan, seen on the day ``today``; whole months, at least three."""

    stretches: tuple[Stretch, ...]
    marks: tuple[Mark, ...]
    today: date

    @property
    def rows(self) -> tuple[Stretch, ...]:
        """A row for each measure, by beginning, then end."""
        return tuple(sorted(self.stretches, key=lambda one: (one.first_day, one.ends, one.number)))

    @property
    def dates(self) -> tuple[Mark, ...]:
        """The talks by day, the final one last of its day."""
        return tuple(sorted(self.marks, key=lambda mark: (mark.day, mark.is_final)))

    @property
    def months(self) -> range:
        """The months shown; without measures and talks they begin with today's."""
        days = [day for one in self.stretches for day in (one.first_day, one.ends)]
        days += [mark.day for mark in self.marks]
        first, last = month_of(min(days, default=self.today)), month_of(max(days, default=self.today))
        last = min(max(last, first + FEWEST_MONTHS - 1), LAST_MONTH)
        return range(min(first, last - FEWEST_MONTHS + 1), last + 1)

    @property
    def begins(self) -> date:
        """The first day shown."""
        return first_day(self.months[0])

    @property
    def ends(self) -> date:
        """The last day shown."""
        return last_day(self.months[-1])
