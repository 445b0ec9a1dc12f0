"""What a file of a staff list is made of, whichever its kind: sheets of cells."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

MIB = 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 200
SHEETS_APART = 100_000  # the numbers of rows of several sheets that are read as one
HEAD = 20  # the rows in which a header is looked for; above it there may be titles

STEP = " › "  # between the names of units from the top down
TEXT, NUMBER, DATE, WRONG = "text", "number", "date", "wrong"

TRUTH = "Wahrheitswert (WAHR oder FALSCH) statt Text."
NOT_A_LIST = "Das ist keine Excel-, Calc- oder CSV-Datei. Bitte speichern Sie die Liste in Excel als „Excel-Arbeitsmappe (*.xlsx)“."
PARCEL = "Das ist eine gepackte Datei (ZIP oder ähnlich). Bitte entpacken Sie sie und laden Sie die Liste hoch, die darin ist."
LOCKED = "Die Datei ist mit einem Kennwort geschützt. Bitte speichern Sie sie ohne Kennwort und laden Sie sie noch einmal hoch."
TOO_WIDE = f"Die Liste hat mehr als {MAX_COLUMNS} Spalten. Bitte löschen Sie Spalten, die nicht zur Liste gehören."
TOO_MANY_ROWS = "Die Liste hat mehr als 20.000 Zeilen. Bitte teilen Sie sie auf oder löschen Sie leere Zeilen am Ende."


@dataclass(frozen=True, slots=True)
class ListCell:
    """What stands in a cell: text as it reads, a day as 2026-12-31; ``text`` of a WRONG one is the reason."""

    text: str
    kind: str = TEXT


def letter_of(place: int) -> str:
    """The letter of a column as Excel shows it, counted from 1."""
    letters = ""
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def look_of(number: str) -> str:
    """The shape of a number: figures as 9, letters as a."""
    return re.sub(r"\d", "9", re.sub(r"[^\W\d]", "a", number))


def row_told(row: int) -> int | str:
    """The number of a row as Excel shows it, with its sheet where several are read as one."""
    return row if row < SHEETS_APART else f"{row % SHEETS_APART} auf Blatt {row // SHEETS_APART + 1}"


Cells = list[ListCell | None]
Merged = tuple[str, int, int, int, int]  # a range's name, its first and last row, its first and last column


class ListSheet(Protocol):
    """A sheet in which a staff list may stand. Rows are (number as Excel shows it, cells from column A on)."""

    @property
    def name(self) -> str:
        """What it is called; nothing, if it is a text."""

    @property
    def is_1904(self) -> bool:
        """Whether days are counted from 1904, as old Macs did."""

    @property
    def hides_unseen(self) -> bool:
        """Whether the file is of a kind of which nobody reads what it hides."""

    def head(self) -> list[tuple[int, Cells]]:
        """The first rows, in which a header is looked for."""

    def rows(self, after: int) -> Iterator[tuple[int, Cells]]:
        """All rows below the row ``after``; raises Refused where that cannot be."""

    def merged(self) -> Iterable[Merged]:
        """The ranges of cells that were made one."""

    def hidden(self) -> Iterable[int]:
        """The rows that Excel does not show, by a filter or by hand, or strikes out."""

    def hidden_columns(self) -> Iterable[int]:
        """The columns that it does not show, by their place."""
