"""The cells of one sheet of a workbook (XLSX), read in a single pass over its XML, as Excel shows them; and which rows it shows."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import IO
from xml.parsers import expat

from openpyxl.utils.cell import column_index_from_string
from openpyxl.utils.datetime import from_excel, from_ISO8601

from .cells import DATE, HEAD, MAX_COLUMNS, MAX_ROWS, NUMBER, TRUTH, WRONG, Cells, ListCell

ERROR_VALUE = "Fehlerwert {} statt eines Wertes."
IN_GERMAN = {"#N/A": "#NV", "#REF!": "#BEZUG!", "#VALUE!": "#WERT!", "#NUM!": "#ZAHL!"}  # as Excel shows them here
NO_RESULT = "Formel ohne gespeichertes Ergebnis. Bitte die Liste in Excel öffnen und speichern oder die Spalte als „Werte“ einfügen."
TIME = "Uhrzeit statt Text oder Datum."
ENDLESS = "Diese Zahl ist zu groß."
NO_DAY = time(0)  # what becomes of the number 0 that is shown as a day
MOST_ROWS = MAX_ROWS + HEAD  # of more the list is refused
DIGITS = "0123456789"
OF_A_FORMAT = re.compile(r'\[[^\]]*\]|[_*].|"([^"]*)"|\\(.)|(.)')  # a colour or a width; a text; a sign; a figure


@dataclass(frozen=True)
class Formats:
    """How a workbook shows numbers, by the place of their style: as a day, as a span of time, with so many figures as ``shapes`` have
    zeros; and which styles strike out what stands there.
    """

    days: frozenset[int]
    spans: frozenset[int]
    shapes: Sequence[str]
    epoch: datetime
    struck: frozenset[int] = frozenset()

    def cell_of(self, text: str, style: int) -> ListCell:
        """A number as Excel shows it."""
        value = float(text) if "." in text or "E" in text or "e" in text else int(text)
        if style not in self.days:
            return number_cell(value, self.shapes[style] if style < len(self.shapes) else "")
        try:
            return other_cell(from_excel(value, self.epoch, timedelta=style in self.spans))
        except (OverflowError, ValueError):
            return ListCell(ERROR_VALUE.format("#WERT!"), WRONG)


def shape_of(number_format: str) -> str:
    """How a number is shown that is a name: "00000", or "MA-00000" with what stands before and between; "" of any other format.

    Colours, what is only as wide as a sign, and blanks that divide the figures are not kept.
    """
    shape = ""
    for quoted, escaped, figure in OF_A_FORMAT.findall(number_format.partition(";")[0]):
        if ("0" in quoted + escaped and (quoted + escaped).strip("0")) or (figure and figure not in "0-/ "):
            return ""
        shape += (quoted + escaped + figure).replace(" ", "")
    return shape if shape.count("0") > 1 else ""


def number_cell(value: float, shape: str) -> ListCell:
    """With the format 00000 the number 42 reads 00042, with "MA-"00000 MA-00042."""
    if not math.isfinite(value):
        return ListCell(ENDLESS, WRONG)
    if value != int(value):
        return ListCell(str(value), NUMBER)
    figures = str(int(value)).zfill(shape.count("0"))
    if not shape.strip("0"):
        return ListCell(figures, NUMBER)
    rest = list(figures)
    ending = "".join(rest.pop() if sign == "0" else sign for sign in reversed(shape))[::-1]
    before, _, _ = shape.partition("0")
    return ListCell(f"{before}{''.join(rest)}{ending.removeprefix(before)}")


def other_cell(value: object) -> ListCell:
    """A day, or what is none; the day 0 of Excel's calendar is the number it is."""
    if isinstance(value, date):
        return ListCell(f"{value:%Y-%m-%d}", DATE)
    return ListCell("0", NUMBER) if value == NO_DAY else ListCell(TIME, WRONG)


def text_cell(text: str) -> ListCell | None:
    return ListCell(text) if text.strip() else None


class PartReader:
    """Reads a part of a workbook element by element; prefixes of namespaces say nothing, for the names of elements do."""

    def __init__(self, encoding: str | None = None) -> None:
        self.parser = expat.ParserCreate(encoding)
        self.parser.buffer_text = True
        self.parser.StartElementHandler, self.parser.EndElementHandler = self.begins, self.ends
        self.texts: list[str] = []
        self.in_reading = False  # how a text is spoken is no part of it

    def read(self, stream: IO[bytes]) -> None:
        self.parser.ParseFile(stream)

    def listen(self) -> None:
        """Note the text that follows."""
        self.parser.CharacterDataHandler = self.texts.append

    def begins(self, name: str, attributes: Mapping[str, str], /) -> None:
        raise NotImplementedError

    def ends(self, name: str) -> None:
        raise NotImplementedError


class SharedTexts(PartReader):
    """The texts of a workbook, each as the cell that shows it: most stand in many cells."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__()
        self.cells: list[ListCell | None] = []
        self.read(stream)

    def begins(self, name: str, _: Mapping[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "si":
            self.texts.clear()
        elif tag == "rPh":
            self.in_reading = True
        elif tag == "t" and not self.in_reading:
            self.listen()

    def ends(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        if tag == "t":
            self.parser.CharacterDataHandler = None
        elif tag == "rPh":
            self.in_reading = False
        elif tag == "si":
            self.cells.append(text_cell("".join(self.texts).replace("x005F_", "")))


class SheetCells(PartReader):
    """How far a sheet is filled with values, its cells by row, its merged ranges, and the rows and columns that are not shown.

    What the file says of its own extent is often wrong. Cells beyond what a list may have are counted and not kept.
    """

    def __init__(self, stream: IO[bytes], texts: Sequence[ListCell | None], formats: Formats) -> None:
        super().__init__()
        self.rows: dict[int, Cells] = {}
        self.last_row = self.last_column = 0
        self.merged: list[str] = []
        self.hidden: list[int] = []
        self.hidden_columns: list[int] = []
        self.struck: dict[int, int] = {}  # how many cells of a row are struck out
        self.shared, self.formats = texts, formats
        self.row = self.column = self.style = 0
        self.kind = ""  # of the cell that is read, "" outside of cells
        self.has_formula = self.is_inline = False
        self.columns: dict[str, int] = {}  # by their letters
        self.numbers: dict[tuple[str, int], ListCell] = {}
        self.in_words: dict[str, Callable[[str], ListCell | None]] = {
            "s": lambda text: self.shared[int(text)],
            "b": lambda text: ListCell(TRUTH, WRONG),
            "e": lambda text: ListCell(ERROR_VALUE.format(IN_GERMAN.get(text, text)), WRONG),
            "d": lambda text: other_cell(from_ISO8601(text)),  # type: ignore[no-untyped-call]
            "n": self.number,
        }
        self.read(stream)

    def begins(self, name: str, attributes: Mapping[str, str]) -> None:
        tag = name.rpartition(":")[2] if ":" in name else name
        if tag == "c":
            self.texts.clear()
            self.kind, self.has_formula = attributes.get("t", "n"), False
            self.style = int(attributes.get("s", 0))
            self.move_to(attributes.get("r"))
        elif tag == "row":
            self.row, self.column = int(attributes.get("r", self.row + 1)), 0
            if attributes.get("hidden") in {"1", "true"} or attributes.get("ht") == "0":
                self.hidden.append(self.row)
        elif tag == "mergeCell":
            self.merged.append(attributes["ref"])
        elif tag == "col" and (attributes.get("hidden") in {"1", "true"} or attributes.get("width") == "0"):
            self.hidden_columns.extend(range(int(attributes["min"]) - 1, min(int(attributes["max"]), MAX_COLUMNS)))
        elif self.kind:
            self.begins_in_cell(tag)

    def begins_in_cell(self, tag: str) -> None:
        if tag in {"v", "f", "is"}:
            self.last_row, self.last_column = max(self.last_row, self.row), max(self.last_column, self.column)
        if tag == "f":
            self.has_formula = True
        elif tag == "is":
            self.is_inline = True
        elif tag == "rPh":
            self.in_reading = True
        elif tag == "v" or (tag == "t" and self.is_inline and not self.in_reading):
            self.listen()

    def ends(self, name: str) -> None:
        tag = name.rpartition(":")[2] if ":" in name else name
        if tag in {"v", "t"}:
            self.parser.CharacterDataHandler = None
        elif tag == "c":
            if (cell := self.cell_of("".join(self.texts))) and self.column <= MAX_COLUMNS and self.row <= MOST_ROWS:
                self.keep(cell)
            self.kind = ""
        elif tag == "is":
            self.is_inline = False
        elif tag == "rPh":
            self.in_reading = False

    def move_to(self, address: str | None) -> None:
        if address is None:
            self.column += 1
            return
        letters = address.rstrip(DIGITS)
        if letters not in self.columns:
            self.columns[letters] = column_index_from_string(letters)
        self.column, self.row = self.columns[letters], int(address[len(letters) :])

    def cell_of(self, text: str) -> ListCell | None:
        """What the cell shows; None if that is nothing."""
        if not text:
            return ListCell(NO_RESULT, WRONG) if self.has_formula and self.kind != "str" else None
        reads = self.in_words.get(self.kind)
        return reads(text) if reads else text_cell(text)

    def number(self, text: str) -> ListCell:
        said = text, self.style
        if said not in self.numbers:
            self.numbers[said] = self.formats.cell_of(text, self.style)
        return self.numbers[said]

    def keep(self, cell: ListCell) -> None:
        cells = self.rows.setdefault(self.row, [])
        missing = self.column - len(cells)
        cells.extend([None] * missing)  # none, if it is less
        cells[self.column - 1] = cell
        if self.style in self.formats.struck:
            self.struck[self.row] = self.struck.get(self.row, 0) + 1

    @property
    def struck_out(self) -> list[int]:
        """The rows of which all that stands there is struck out."""
        return [row for row, many in self.struck.items() if many == sum(map(bool, self.rows[row]))]
