"""Staff lists as XLSX or XLSM: looked through before openpyxl opens them, for what arrives may be meant badly.

openpyxl, because it knows how a number is shown (00042) and whether a row is: see ADR 45.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, time
from functools import cached_property
from io import BytesIO
from typing import IO, TYPE_CHECKING, NoReturn, Protocol, cast
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from kompetenz.refusals import Refused

from .cells import (
    DATE,
    HEAD,
    LOCKED,
    MAX_COLUMNS,
    MAX_ROWS,
    MIB,
    NOT_A_LIST,
    NUMBER,
    TOO_MANY_ROWS,
    TOO_WIDE,
    WRONG,
    Cells,
    ListCell,
    ListSheet,
    Merged,
)
from .other_books import sheets_of_other_book

if TYPE_CHECKING:
    from openpyxl.cell import _CellOrMergedCell

MAX_UNPACKED = 100 * MIB
MAX_PARTS = 2000
PACKED_TOO_WELL = 200  # times smaller than unpacked; text in sheets reaches 10 to 40
SMALL = MIB  # below, even the best packed part does no harm
CHUNK = 64 * 1024
ENCRYPTED = 0x1

BROKEN = "Die Datei ist beschädigt und lässt sich nicht öffnen. Bitte speichern Sie sie in Excel noch einmal als „Excel-Arbeitsmappe (*.xlsx)“."
BOMB = "Die Datei würde beim Öffnen übermäßig groß und wird deshalb nicht gelesen. Bitte kopieren Sie die Personalliste in eine neue Arbeitsmappe."
DTD = "Die Datei enthält Anweisungen (DTD), die in keine Personalliste gehören, und wird deshalb nicht gelesen."

ERROR_VALUE = "Fehlerwert {} statt eines Wertes."
NO_RESULT = "Formel ohne gespeichertes Ergebnis. Bitte die Liste in Excel öffnen und speichern oder die Spalte als „Werte“ einfügen."
TRUTH = "Wahrheitswert (WAHR oder FALSCH) statt Text."
TIME = "Uhrzeit statt Text oder Datum."
ENDLESS = "Diese Zahl ist zu groß."
NO_DAY = time(0)  # what becomes of the number 0 that is shown as a day

OTHER_BOOKS = ("xl/workbook.bin", "content.xml")  # XLSB, ODS
STRICT = b"http://purl.oclc.org/ooxml/"
AS_USUAL = (
    (b"http://purl.oclc.org/ooxml/officeDocument/", b"http://schemas.openxmlformats.org/officeDocument/2006/"),
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
)


def sheets_of_archive(content: bytes) -> Sequence[ListSheet]:
    """The visible sheets of a workbook of any kind; what is hidden nobody would know to be read."""
    names = check_parts(content)
    if "xl/workbook.xml" not in names:
        return sheets_of_other_book(content)
    try:
        book = load_workbook(BytesIO(as_usual(content)), read_only=True, keep_links=False, data_only=True)
        is_1904 = book.epoch == CALENDAR_MAC_1904
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        return [Worksheet(cast("OpenSheet", sheet), is_1904=is_1904) for sheet in visible]
    except Exception as problem:  # openpyxl raises whatever a broken part makes it stumble over
        raise Refused(BROKEN) from problem


def as_usual(content: bytes) -> bytes:
    """The same workbook with the names that everybody knows, if it was saved as "Strict Open XML"."""
    with ZipFile(BytesIO(content)) as archive:
        if STRICT not in archive.read("xl/workbook.xml"):
            return content
        usual = BytesIO()
        with ZipFile(usual, "w") as written:
            for part in archive.infolist():
                text = archive.read(part)
                for strict, name in AS_USUAL:
                    text = text.replace(strict, name)
                written.writestr(part.filename, text)
    return usual.getvalue()


def check_parts(content: bytes) -> set[str]:
    """The names of its parts; raises Refused for what unpacks to too much, is protected, is no workbook, or brings a DTD."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            if (
                len(parts) > MAX_PARTS
                or sum(part.file_size for part in parts) > MAX_UNPACKED
                or any(map(is_bomb, parts))
            ):
                raise Refused(BOMB)
            if any(part.flag_bits & ENCRYPTED for part in parts):
                raise Refused(LOCKED)
            names = set(archive.namelist())
            if not names & {"xl/workbook.xml", *OTHER_BOOKS}:
                raise Refused(NOT_A_LIST)
            if b"manifest:encryption-data" in read_part(archive, "META-INF/manifest.xml", names):
                raise Refused(LOCKED)
            for part in parts:
                with archive.open(part) as stream:
                    if has_dtd(stream, is_xml=part.filename.endswith((".xml", ".rels"))):
                        raise Refused(DTD)
    except (BadZipFile, NotImplementedError, EOFError, OSError, ValueError, expat.ExpatError) as problem:
        raise Refused(BROKEN) from problem
    return names


def read_part(archive: ZipFile, name: str, names: set[str]) -> bytes:
    return archive.read(name) if name in names else b""


def is_bomb(part: ZipInfo) -> bool:
    return part.file_size > SMALL and part.file_size > PACKED_TOO_WELL * max(part.compress_size, 1)


class _Decided(Exception):
    """Ends the reading at once; ``has_dtd`` is the answer."""

    def __init__(self, has_dtd: bool) -> None:
        super().__init__(has_dtd)
        self.has_dtd = has_dtd


def has_dtd(stream: IO[bytes], *, is_xml: bool) -> bool:
    """Whether there is a document type before the first element, whatever the encoding; nothing after it is read."""

    def found(answer: bool) -> Callable[..., NoReturn]:
        def handler(*_: object) -> NoReturn:
            raise _Decided(answer)

        return handler

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = found(True)
    parser.StartElementHandler = found(False)
    try:
        while chunk := stream.read(CHUNK):
            parser.Parse(chunk, False)
    except _Decided as decided:
        return decided.has_dtd
    except expat.ExpatError:
        if is_xml:
            raise
    return False


class OpenSheet(Protocol):
    """What is used of openpyxl's sheet that is only read; the types it is published with do not know all of it."""

    title: str

    def iter_rows(
        self, *, min_row: int, max_row: int, min_col: int, max_col: int
    ) -> "Iterator[tuple[_CellOrMergedCell, ...]]": ...

    def _get_source(self) -> IO[bytes]: ...


class Worksheet:
    """One sheet of a workbook, read row by row."""

    def __init__(self, sheet: OpenSheet, *, is_1904: bool) -> None:
        self.sheet, self.name, self.is_1904 = sheet, sheet.title, is_1904

    def head(self) -> list[tuple[int, Cells]]:
        return list(self._read(1, HEAD, MAX_COLUMNS))

    def rows(self, after: int) -> Iterator[tuple[int, Cells]]:
        """All rows below the row ``after``; raises Refused if there are too many or the sheet is broken."""
        last_row, last_column = self._extent.last_row, self._extent.last_column
        if last_row - after > MAX_ROWS:
            raise Refused(TOO_MANY_ROWS)
        if last_column > MAX_COLUMNS:
            raise Refused(TOO_WIDE)
        return self._read(after + 1, last_row, last_column)

    def merged(self) -> list[Merged]:
        """Merged ranges as (name, first row, last row, first column, last column)."""
        ranges = []
        for name in self._extent.merged:
            left, top, right, bottom = (bound or 0 for bound in range_boundaries(name))  # 0: a whole row or column
            ranges.append((name, top, bottom, left, right))
        return ranges

    def hidden(self) -> list[int]:
        return self._extent.hidden

    def _read(self, first: int, last: int, columns: int) -> Iterator[tuple[int, Cells]]:
        rows = self.sheet.iter_rows(min_row=first, max_row=last, min_col=1, max_col=columns)
        without_result = self._extent.without_result
        for number in range(first, last + 1):
            try:
                row = next(rows, None)
                cells = [cell_of(cell) for cell in row or ()]
            except Exception as problem:  # as above
                raise Refused(BROKEN) from problem
            for column in without_result.get(number, ()):
                if column <= len(cells):
                    cells[column - 1] = ListCell(NO_RESULT, WRONG)
            yield number, cells

    @cached_property
    def _extent(self) -> "Extent":
        """How far the sheet is really filled; what the file says of itself is often wrong."""
        try:
            # openpyxl tells merged cells only to those who load the whole workbook.
            with self.sheet._get_source() as stream:  # noqa: SLF001
                return Extent(stream)
        except Exception as problem:  # as above
            raise Refused(BROKEN) from problem


class Extent:
    """How far a sheet is filled with values, its merged ranges, the rows that are not shown, and formulas that nobody has computed."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.last_row = self.last_column = 0
        self.merged: list[str] = []
        self.hidden: list[int] = []
        self.without_result: dict[int, list[int]] = {}
        self._row = self._column = 0
        self._in_cell = self._has_formula = self._has_result = False
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler, self._parser.EndElementHandler = self._start, self._end
        self._parser.ParseFile(stream)

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
            if attributes.get("hidden") in {"1", "true"} or attributes.get("ht") == "0":
                self.hidden.append(self._row)
        elif tag == "c":
            self._in_cell, self._has_formula = True, False
            self._has_result = attributes.get("t") == "str"  # which may be an empty one
            self._move_to(attributes.get("r"))
        elif self._in_cell and tag in {"v", "is", "f"}:
            self.last_row = max(self.last_row, self._row)
            self.last_column = max(self.last_column, self._column)
            if tag == "f":
                self._has_formula = True
            elif self._has_formula and not self._has_result:
                self._parser.CharacterDataHandler = self._note_result
        elif tag == "mergeCell":
            self.merged.append(attributes["ref"])

    def _move_to(self, address: str | None) -> None:
        if address is None:
            self._column += 1
        else:
            letters, self._row = coordinate_from_string(address)
            self._column = column_index_from_string(letters)

    def _note_result(self, _: str) -> None:
        self._has_result, self._parser.CharacterDataHandler = True, None

    def _end(self, name: str) -> None:
        if name.rpartition(":")[2] == "c":
            self._in_cell, self._parser.CharacterDataHandler = False, None
            if self._has_formula and not self._has_result:
                self.without_result.setdefault(self._row, []).append(self._column)


def cell_of(cell: "_CellOrMergedCell") -> ListCell | None:
    """A cell of openpyxl in our words; None if it is empty."""
    value = cell.value
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if cell.data_type == "e":
        return ListCell(ERROR_VALUE.format(value), WRONG)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number_cell(value, cell.number_format)
    if isinstance(value, date):
        return ListCell(f"{value:%Y-%m-%d}", DATE)
    return other_cell(value)


def other_cell(value: object) -> ListCell:
    """A text, or what is neither text nor number nor day; the day 0 of Excel's calendar is the number it is."""
    if isinstance(value, str):
        return ListCell(value)
    if value == NO_DAY:
        return ListCell("0", NUMBER)
    return ListCell(TRUTH if isinstance(value, bool) else TIME, WRONG)


def number_cell(value: float, number_format: str | None) -> ListCell:
    """A number as Excel shows it: with the format 00000 the number 42 reads 00042."""
    if not math.isfinite(value):
        return ListCell(ENDLESS, WRONG)
    if value != int(value):
        return ListCell(str(value), NUMBER)
    zeros = re.fullmatch(r"0+", re.sub(r'["\\]', "", (number_format or "").split(";")[0]))
    return ListCell(str(int(value)).zfill(len(zeros[0]) if zeros else 0), NUMBER)
