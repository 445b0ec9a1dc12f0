"""The problems of a list by what causes them: one line each, with how many, an example, and the values concerned."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .cells import row_told

UNTOLD, INSTEAD, SAME, OTHER, SECOND = "untold", "instead", "same", "other", "second"
UPPER, LOWER = "upper", "lower"
BARE, NAMED = "bare", "named"  # a name without the rank beside it, and one of which that is a part
ANSWERS = {
    UNTOLD: "Ohne diese Angabe übernehmen",
    INSTEAD: "Stattdessen gilt",
    SAME: "Es ist dieselbe Person",
    OTHER: "Es ist eine andere Person",
    SECOND: "Weiterer Vertrag, Zeile weglassen",
    UPPER: "Es gilt die obere Zeile",
    LOWER: "Es gilt die untere Zeile",
    BARE: "Ohne Amtsbezeichnung übernehmen",
    NAMED: "Es gehört zum Namen",
}
VALUES, ROWS = 5, 8  # shown of each cause
VARYING = [
    (re.compile(r"„[^“]*“"), "„…“"),
    (re.compile(r"\S+@\S+"), "…"),
    (re.compile(r"(?<![\w„])\S*\d\S*?(?=[.,:;]?(\s|$))"), "…"),
]


@dataclass(frozen=True)
class Problem:
    """Why a row cannot be taken over: in which cell, in whose row, what stands there; ``cause`` where its reason names somebody."""

    address: str
    row: int
    who: str
    reason: str
    key: str = ""
    value: str = ""
    cause: str = ""
    last_row: int = 0  # of merged cells
    number: str = ""  # the personnel number of the row
    answers: tuple[str, ...] = ()  # what HR can say to it at once
    person: int = 0  # who may be meant, by id, and their number
    other_number: str = ""
    meant: str = ""  # what counts in the cell if it is the same person, or without the rank beside the name
    upper: int = 0  # the first row with the same personnel number
    asked: str = ""  # a mark of what is asked beside what stands in the cell


@dataclass(frozen=True)
class Cause:
    """All problems of one column that have the same reason."""

    title: str
    column: str
    count: int
    example: Problem
    values: list[tuple[str, int]]
    more_values: int
    rows: list[int | str]

    @property
    def needs_example(self) -> bool:
        """Whether the title alone says too little: a reason names somebody, or nothing stands there."""
        return self.title != self.example.reason and (bool(self.example.cause) or not self.values)

    @property
    def answers(self) -> list[tuple[str, str]]:
        """What HR can say to all of them at once: (how, in words)."""
        return [(how, ANSWERS[how]) for how in self.example.answers if how != INSTEAD]

    @property
    def takes_another(self) -> bool:
        """Whether HR can say what stands there instead."""
        return INSTEAD in self.example.answers

    @property
    def more_rows(self) -> int:
        return max(0, self.count - len(self.rows))


def cause_of(problem: Problem) -> tuple[str, str]:
    """The same for two problems that are mended in the same way."""
    text = problem.cause or problem.reason
    if not problem.cause:
        for varies, instead in VARYING:
            text = varies.sub(instead, text)
    return problem.key, text


def causes(problems: Iterable[Problem], titles: Mapping[str, str]) -> tuple[list[Cause], dict[tuple[str, str], int]]:
    """The causes, the most frequent first, and the place of each among them; ``titles`` are those of the columns by key."""
    by_cause: dict[tuple[str, str], list[Problem]] = defaultdict(list)
    for problem in problems:
        by_cause[cause_of(problem)].append(problem)
    ordered = sorted(by_cause.items(), key=lambda item: (-len(item[1]), item[1][0].row))
    found = [described(text, titles.get(key, ""), ones) for (key, text), ones in ordered]
    return found, {key: place for place, (key, _) in enumerate(ordered)}


def described(title: str, column: str, problems: list[Problem]) -> Cause:
    values = Counter(problem.value for problem in problems if problem.value).most_common()
    rows = [row_told(problem.row) for problem in problems[:ROWS]]
    return Cause(title, column, len(problems), problems[0], values[:VALUES], max(0, len(values) - VALUES), rows)
