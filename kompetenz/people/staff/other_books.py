"""Workbooks that openpyxl does not read: XLS, XLSB and ODS, by calamine, in a process of its own (ADR 45).

What calamine makes of a sheet may be far larger than the file, and a broken one may end the process: so it is one that has
little memory and little time, and nothing else to lose.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from kompetenz.refusals import Refused

from .cells import HEAD, MAX_COLUMNS, MAX_ROWS, TOO_MANY_ROWS, TOO_WIDE, WRONG, Cells, ListCell, Merged

SECONDS = 30
ERROR_VALUE = "Fehlerwert oder Formel ohne gespeichertes Ergebnis."
UNREADABLE = (
    "Die Datei lässt sich nicht öffnen: Sie ist beschädigt, mit einem Kennwort geschützt oder übermäßig groß. Bitte speichern Sie sie "
    "in Excel als „Excel-Arbeitsmappe (*.xlsx)“."
)


NotShown = tuple[list[int], list[int]]  # rows by number, columns by place


def sheets_of_other_book(content: bytes, not_shown: Mapping[str, NotShown] | None) -> list["ReadSheet"]:
    """The visible sheets, of which somebody else tells by their names what is ``not_shown``; of others nobody knows.

    Raises Refused where there is nothing to be read.
    """
    reader = Path(__file__).with_name("calamine_reader.py")
    try:
        # By its path and isolated: no settings, no Django, no environment of ours.
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-I", str(reader), str(MAX_ROWS + HEAD), str(MAX_COLUMNS + 1)],
            input=content,
            capture_output=True,
            timeout=SECONDS,
            check=True,
            env={},
        )
        sheets = json.loads(done.stdout)
    except (subprocess.SubprocessError, OSError, ValueError) as problem:
        raise Refused(UNREADABLE) from problem
    told = not_shown or {}
    return [ReadSheet(**sheet, not_shown=told.get(sheet["name"])) for sheet in sheets]


class ReadSheet:
    """A sheet as the other process has told it; which rows are not shown is told by another reader, if at all."""

    is_1904 = False  # calamine has made days of the numbers

    def __init__(
        self,
        *,
        name: str,
        length: int,
        rows: list[list[list[str] | None]],
        merged: list[list[int]],
        not_shown: NotShown | None,
    ) -> None:
        self.name, self.length, self._rows, self._merged = name, length, rows, merged
        self.hides_unseen = not_shown is None
        self._hidden, self._hidden_columns = not_shown or ([], [])

    def head(self) -> list[tuple[int, Cells]]:
        return list(self._numbered(1, HEAD))

    def rows(self, after: int) -> Iterator[tuple[int, Cells]]:
        if self.length - after > MAX_ROWS:
            raise Refused(TOO_MANY_ROWS)
        if any(row[MAX_COLUMNS:] for row in self._rows):
            raise Refused(TOO_WIDE)
        return self._numbered(after + 1, len(self._rows))

    def _numbered(self, first: int, last: int) -> Iterator[tuple[int, Cells]]:
        for number, row in enumerate(self._rows[first - 1 : last], start=first):
            yield number, [cell_of(cell) for cell in row]

    def merged(self) -> list[Merged]:
        return [(f"Zeilen {top} bis {bottom}", top, bottom, left, right) for top, bottom, left, right in self._merged]

    def hidden(self) -> list[int]:
        return self._hidden

    def hidden_columns(self) -> list[int]:
        return self._hidden_columns


def cell_of(cell: list[str] | None) -> ListCell | None:
    if not cell or not (cell[0].strip() or cell[1] == WRONG):
        return None
    return ListCell(ERROR_VALUE if cell[1] == WRONG else cell[0], cell[1])
