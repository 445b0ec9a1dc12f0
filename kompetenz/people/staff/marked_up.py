"""Staff lists that are called .xls and are something else: a web page with a table, Excel's XML of 2003, and SAP's parcel around either."""

import email
import email.policy
from collections.abc import Iterator, Mapping
from datetime import date
from html.parser import HTMLParser
from io import BytesIO
from xml.parsers import expat

from kompetenz.refusals import Refused

from .cells import (
    DATE,
    HEAD,
    MAX_COLUMNS,
    MAX_ROWS,
    NOT_A_LIST,
    TOO_MANY_ROWS,
    TOO_WIDE,
    TRUTH,
    WRONG,
    Cells,
    ListCell,
    Merged,
)
from .sheet_cells import ERROR_VALUE, IN_GERMAN, PartReader, number_cell, shape_of, text_cell

BEGINS = 4_000  # letters in which a file says what it is
PARCEL = b"MIME-Version:"
SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"
MOST_ROWS = MAX_ROWS + HEAD + 1


class ReadTable:
    """A sheet whose rows are all read already."""

    is_1904 = hides_unseen = False

    def __init__(self, name: str = "") -> None:
        self.name = name
        self.cells: dict[int, Cells] = {}
        self.ranges: list[Merged] = []
        self.not_shown: list[int] = []
        self.columns_not_shown: list[int] = []

    def put(self, row: int, column: int, cell: ListCell | None, *, down: int = 0, across: int = 0) -> None:
        """A cell at a place counted from 1, and how many more rows and columns it takes."""
        if row < 1 or column < 1:
            raise ValueError(column)
        if row > MOST_ROWS:
            raise Refused(TOO_MANY_ROWS)
        if column > MAX_COLUMNS and cell:
            raise Refused(TOO_WIDE)
        if cell:
            cells = self.cells.setdefault(row, [])
            cells.extend([None] * (column - len(cells)))
            cells[column - 1] = cell
        if cell and (down or across):
            self.ranges.append((f"Zeilen {row} bis {row + down}", row, row + down, column, column + across))

    def head(self) -> list[tuple[int, Cells]]:
        return [(number, list(self.cells.get(number, ()))) for number in range(1, HEAD + 1)]

    def rows(self, after: int) -> Iterator[tuple[int, Cells]]:
        return ((number, list(cells)) for number, cells in sorted(self.cells.items()) if number > after)

    def merged(self) -> list[Merged]:
        return self.ranges

    def hidden(self) -> list[int]:
        return self.not_shown

    def hidden_columns(self) -> list[int]:
        return self.columns_not_shown


def unpacked(content: bytes) -> bytes:
    """What is in the parcel in which SAP sends a workbook (MHTML): its first part with a table; raises Refused if there is none."""
    for part in email.message_from_bytes(content, policy=email.policy.default).walk():
        held = part.get_payload(decode=True) if not part.is_multipart() else None
        if isinstance(held, bytes) and (b"<table" in held.lower() or SPREADSHEET.encode() in held):
            return held
    raise Refused(NOT_A_LIST)


def is_marked_up(text: str) -> bool:
    return text.lstrip().startswith("<")


def is_spreadsheet(text: str) -> bool:
    return SPREADSHEET in text[:BEGINS] and "<?xml" in text[:100]


# A web page ----------------------------------------------------------------------------------------


def tables_of_page(text: str) -> list[ReadTable]:
    """The tables of a web page that calls itself a workbook; raises Refused if it has none."""
    reader = PageReader()
    try:
        reader.feed(text)
        reader.close()
    except AssertionError as problem:  # what Python's parser raises for a declaration that it does not know
        raise Refused(NOT_A_LIST) from problem
    if not reader.tables:
        raise Refused(NOT_A_LIST)
    return reader.tables


class PageReader(HTMLParser):
    """Rows and cells of the tables of a page, whether or not somebody has closed them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[ReadTable] = []
        self.row = self.column = 0
        self.texts: list[str] | None = None  # of the cell that is read
        self.down = self.across = 0
        self.taken: set[tuple[int, int]] = set()  # by a cell above

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.ends_cell()
            self.tables.append(ReadTable())
            self.row, self.taken = 0, set()
        elif tag == "tr" and self.tables:
            self.ends_cell()
            self.row, self.column = self.row + 1, 0
        elif tag in {"td", "th"} and self.row:
            self.ends_cell()
            self.begins_cell(dict(attrs))
        elif tag == "br" and self.texts is not None:
            self.texts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th", "tr", "table"}:
            self.ends_cell()

    def handle_data(self, data: str) -> None:
        if self.texts is not None:
            self.texts.append(data)

    def begins_cell(self, attributes: Mapping[str, str | None]) -> None:
        self.column += 1
        while (self.row, self.column) in self.taken:
            self.column += 1
        self.down, self.across = (spans(attributes.get(name)) for name in ("rowspan", "colspan"))
        rows = range(self.row + 1, self.row + self.down + 1)
        columns = range(self.column, min(self.column + self.across, MAX_COLUMNS) + 1)
        self.taken.update((row, column) for row in rows for column in columns)
        self.texts = []

    def ends_cell(self) -> None:
        if self.texts is not None:
            text = "".join(self.texts).replace("\xa0", " ").strip()
            self.tables[-1].put(self.row, self.column, text_cell(text), down=self.down, across=self.across)
            self.column += self.across
            self.texts = None


def spans(said: str | None) -> int:
    """How many more rows or columns a cell takes."""
    return min(int(said), MAX_COLUMNS) - 1 if said and said.isdecimal() and int(said) > 1 else 0


# Excel's XML of 2003 -------------------------------------------------------------------------------


def sheets_of_spreadsheet(text: str) -> list[ReadTable]:
    """The visible sheets; raises Refused for a broken file, and for one with a DTD."""
    from .workbooks import BROKEN, DTD, has_dtd

    content = text.lstrip("\ufeff").encode()
    try:
        if has_dtd(BytesIO(content), is_xml=True):
            raise Refused(DTD)
        reader = SpreadsheetReader()
        reader.read(BytesIO(content))
    except (expat.ExpatError, ValueError) as problem:
        raise Refused(BROKEN) from problem
    return [sheet for sheet in reader.sheets if sheet not in reader.not_shown]


class SpreadsheetReader(PartReader):
    """Sheets, rows and cells of a workbook that is one XML."""

    def __init__(self) -> None:
        super().__init__(encoding="utf-8")
        self.sheets: list[ReadTable] = []
        self.not_shown: list[ReadTable] = []
        self.shapes: dict[str, str] = {}  # by the name of a style
        self.style = self.kind = ""
        self.row = self.column = self.down = self.across = 0

    def begins(self, name: str, attributes: Mapping[str, str], /) -> None:
        tag, said = bare(name), {bare(key): value for key, value in attributes.items()}
        if tag == "Style":
            self.style = said.get("ID", "")
        elif tag == "NumberFormat":
            self.shapes[self.style] = shape_of(said.get("Format", ""))
        elif tag == "Worksheet":
            self.sheets.append(ReadTable(said.get("Name", "")))
            self.row = self.column = 0
        elif tag == "Column" and self.sheets:
            first = int(said.get("Index", self.column + 1))
            self.column = first + int(said.get("Span", 0))
            if said.get("Hidden") == "1":
                self.sheets[-1].columns_not_shown.extend(range(first - 1, min(self.column, MAX_COLUMNS)))
        elif tag == "Row" and self.sheets:
            self.row, self.column = int(said.get("Index", self.row + 1)), 0
            if said.get("Hidden") == "1":
                self.sheets[-1].not_shown.append(self.row)
        elif tag == "Cell":
            self.column, self.style = int(said.get("Index", self.column + 1)), said.get("StyleID", "")
            self.across, self.down = int(said.get("MergeAcross", 0)), int(said.get("MergeDown", 0))
        elif tag in {"Data", "Visible"}:
            self.kind = said.get("Type", "String")
            self.texts.clear()
            self.listen()

    def ends(self, name: str) -> None:
        tag = bare(name)
        if tag == "Data" and self.sheets:
            cell = cell_of("".join(self.texts), self.kind, self.shapes.get(self.style, ""))
            self.sheets[-1].put(self.row, self.column, cell, down=self.down, across=self.across)
        elif tag == "Visible" and self.sheets and "Hidden" in "".join(self.texts):
            self.not_shown.append(self.sheets[-1])
        elif tag == "Cell":
            self.column += self.across
        if tag in {"Data", "Visible"}:
            self.parser.CharacterDataHandler = None


def bare(name: str) -> str:
    return name.rpartition(":")[2]


def cell_of(text: str, kind: str, shape: str) -> ListCell | None:
    if kind == "Number" and text:
        return number_cell(float(text), shape)
    if kind == "DateTime" and is_day(text[:10]):
        return ListCell(text[:10], DATE)
    if kind == "Boolean":
        return ListCell(TRUTH, WRONG)
    return ListCell(ERROR_VALUE.format(IN_GERMAN.get(text, text)), WRONG) if kind == "Error" else text_cell(text)


def is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False
