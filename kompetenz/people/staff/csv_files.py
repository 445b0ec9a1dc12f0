"""Staff lists as text: semicolons, tabs, commas, strokes or another sign, in whichever encoding."""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

from kompetenz.refusals import Refused

from .cells import HEAD, Cells, ListCell, Merged

SEPARATOR_LINE = re.compile(r'\A"?sep=(.)"?\r?\n')  # Excel obeys it, and does not count it as a row
MARK = re.compile("(\\A|(?<=[\r\n]))\ufeff")  # where a file was put behind another one, too
AS_TEXT = re.compile(r'="([^"]*)"')  # how one keeps the zeros of a number from Excel
SEPARATORS = ";\t,|^~"
IN_SINGLE_QUOTES = re.compile(
    r"\ufeff?'[^'\r\n]*'([;\t,|]'[^'\r\n]*')+\r?\n"
)  # its first line, as Calc writes it if told so
ESCAPED_QUOTE = re.compile(r'(?<!\\)\\"[^;\t,|\r\n"]')  # "sagt \"ja\" dazu", as databases write it
BLANK_BEFORE_QUOTE = re.compile(r'\ufeff?"[^"\r\n]*"[;,|] +"')  # in the first line
COMMA = ","
LOOKED_AT, FEWEST = 500, 3  # lines, and columns in them, of a text without separators
WIDEST = 1_000  # columns; nine million semicolons are no staff list, and kept a processor busy for ten seconds
ENDLESS_CELL = "Nach Zeile {} hat ein Feld mehr als 131.000 Zeichen. Bitte prüfen Sie dort die Datei."


def sheets_of_text(text: str) -> list["TextSheet"]:
    """The same text once for each separator; only one of them makes a header of it."""
    text = MARK.sub("", text)
    said = SEPARATOR_LINE.match(text)
    text = unwrapped(SEPARATOR_LINE.sub("", text))
    separators = said[1] if said and not (said[1].isalnum() or said[1] in "\"' ") else SEPARATORS
    return [*(TextSheet(text, separator) for separator in separators), ColumnsOfText(text)]


def unwrapped(text: str) -> str:
    """A text of which each line stands in quotes as a whole, as Excel saves what it has opened as one column, without them."""
    lines = [line for line in text.lstrip("\ufeff").splitlines()[:LOOKED_AT] if line.strip()]
    if len(lines) < 2 or not all(map(is_wrapped, lines)):  # noqa: PLR2004
        return text
    wrapped = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter="\n")
    return "\n".join(line[0] if line else "" for line in wrapped)


def is_wrapped(line: str) -> bool:
    """Whether a line of several columns stands in quotes as a whole."""
    inside = line[1:-1]
    is_quoted = len(line) > 1 and line[0] == line[-1] == '"' and '"' not in inside.replace('""', "")
    return is_quoted and any(separator in inside for separator in SEPARATORS)


class TextSheet:
    """Text read with one separator; its rows are numbered as Excel shows them."""

    name = ""
    is_1904 = hides_unseen = False

    def __init__(self, text: str, separator: str) -> None:
        self.text, self.separator = text, separator

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        # strict: a quote without its partner would silently swallow the rows after it
        quote = "'" if IN_SINGLE_QUOTES.match(self.text) else '"'
        lines = io.StringIO(self.text, newline="")
        escape = "\\" if ESCAPED_QUOTE.search(self.text) else None
        skips_blanks = self.separator != "\t" and bool(BLANK_BEFORE_QUOTE.match(self.text))
        records = csv.reader(
            lines,
            delimiter=self.separator,
            quotechar=quote,
            escapechar=escape,
            skipinitialspace=skips_blanks,
            strict=True,
        )
        return enumerate(records, start=1)

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

    def hidden_columns(self) -> list[int]:
        return []


class ColumnsOfText(TextSheet):
    """Text without separators, as mainframes print it: its columns are divided by blanks in all lines."""

    def __init__(self, text: str) -> None:
        super().__init__(text, "")
        self.starts: list[int] = []
        tabular = [
            line for line in text.splitlines()[:LOOKED_AT] if len(re.findall(r"\S {2,}(?=\S)", line)) >= FEWEST - 1
        ]
        if len(tabular) > 1:
            filled = [
                any(line[place : place + 1].strip() for line in tabular) for place in range(max(map(len, tabular)))
            ]
            self.starts = [
                place for place, is_filled in enumerate(filled) if is_filled and not (place and filled[place - 1])
            ]

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        if not self.starts:
            return
        ends = [*self.starts[1:], None]
        for number, line in enumerate(self.text.splitlines(), start=1):
            yield number, [line[start:end].strip() for start, end in zip(self.starts, ends, strict=True)]


def cells_of(record: list[str]) -> Cells:
    return [ListCell(AS_TEXT.sub(r"\1", text)) if text.strip() else None for text in record[:WIDEST]]
