"""Staff lists as text: semicolons, tabs, commas or strokes, in whichever encoding."""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

from kompetenz.refusals import Refused

from .cells import HEAD, NOT_A_LIST, Cells, ListCell, Merged

SEPARATOR_LINE = re.compile(r"\Asep=.\r?\n")  # Excel obeys it, and does not count it as a row
SEPARATORS = ";\t,|"
WIDEST = 1_000  # columns; nine million semicolons are no staff list, and kept a processor busy for ten seconds
ENDLESS_CELL = "Nach Zeile {} hat ein Feld mehr als 131.000 Zeichen. Bitte prüfen Sie dort die Datei."


def sheets_of_text(text: str) -> list["TextSheet"]:
    """The same text once for each separator; only one of them makes a header of it."""
    if text.lstrip().startswith("<"):  # a web page that calls itself a table
        raise Refused(NOT_A_LIST)
    text = SEPARATOR_LINE.sub("", text)
    return [TextSheet(text, separator) for separator in SEPARATORS]


class TextSheet:
    """Text read with one separator; its rows are numbered as Excel shows them."""

    name = ""
    is_1904 = False

    def __init__(self, text: str, separator: str) -> None:
        self.text, self.separator = text, separator

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        # strict: a quote without its partner would silently swallow the rows after it
        return enumerate(csv.reader(io.StringIO(self.text, newline=""), delimiter=self.separator, strict=True), start=1)

    def head(self) -> list[tuple[int, Cells]]:
        """The first rows as (number, cells); with the wrong separator quotes may make no sense, which ends them."""
        rows: list[tuple[int, Cells]] = []
        with suppress(csv.Error):
            rows.extend((number, cells_of(record)) for number, record in islice(self._records(), HEAD))
        return rows

    def rows(self, after: int) -> Iterator[tuple[int, Cells]]:
        """All rows below the row ``after``; raises Refused where the quotes do not match."""
        records, number = self._records(), 0
        while True:
            try:
                number, record = next(records)
            except StopIteration:
                return
            except csv.Error as problem:
                if "field limit" in str(problem):
                    raise Refused(ENDLESS_CELL.format(number)) from problem
                raise Refused(
                    f'Nach Zeile {number} stimmen die Anführungszeichen nicht: Zu einem " fehlt das zweite. '
                    "Bitte prüfen Sie dort die Datei."
                ) from problem
            if number > after:
                yield number, cells_of(record)

    def merged(self) -> list[Merged]:
        return []

    def hidden(self) -> list[int]:
        return []


def cells_of(record: list[str]) -> Cells:
    return [ListCell(text) if text.strip() else None for text in record[:WIDEST]]
