"""Staff lists as text: semicolons, tabs or commas, in the encodings that Excel writes."""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

from kompetenz.refusals import Refused

from .cells import HEAD, NOT_A_LIST, Cells, ListCell, Merged

SEPARATOR_LINE = re.compile(r"\Asep=.\r?\n")  # Excel obeys it, and does not count it as a row
UTF_16 = (b"\xff\xfe", b"\xfe\xff")  # Excel's "Unicode-Text"
WIDEST = 1_000  # columns; nine million semicolons are no staff list, and kept a processor busy for ten seconds
ENDLESS_CELL = "Nach Zeile {} hat ein Feld mehr als 131.000 Zeichen. Bitte prüfen Sie dort die Datei."
UNKNOWN_ENCODING = "Die Zeichen der Datei sind nicht lesbar. Bitte speichern Sie die Liste in Excel als „CSV UTF-8“ oder als „Excel-Arbeitsmappe (*.xlsx)“."


def sheets_of_text(content: bytes) -> list["TextSheet"]:
    """The same text once for each separator; only one of them makes a header of it."""
    text = decoded(content)
    if text.lstrip().startswith("<"):  # a web page that calls itself a table
        raise Refused(NOT_A_LIST)
    text = SEPARATOR_LINE.sub("", text)
    return [TextSheet(text, separator) for separator in ";\t,"]


def decoded(content: bytes) -> str:
    if content.startswith(UTF_16):
        return decoded_as(content, "utf-16")
    if b"\0" in content:
        raise Refused(NOT_A_LIST)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return decoded_as(content, "cp1252")


def decoded_as(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as problem:
        raise Refused(UNKNOWN_ENCODING) from problem


class TextSheet:
    """Text read with one separator; its rows are numbered as Excel shows them."""

    name = ""

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


def cells_of(record: list[str]) -> Cells:
    return [ListCell(text) if text.strip() else None for text in record[:WIDEST]]
