"""Staff lists as XLSX: looked through before openpyxl opens them, for what arrives may be meant badly."""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cached_property
from io import BytesIO
from typing import IO, TYPE_CHECKING, NoReturn, Protocol, cast
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

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
    Merged,
)

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

NO_VALUE = {
    "f": "Formel statt Wert. Bitte die Spalte kopieren und als „Werte“ einfügen.",
    "e": "Fehlerwert {} statt eines Wertes.",
}
TRUTH = "Wahrheitswert (WAHR oder FALSCH) statt Text."
TIME = "Uhrzeit statt Text oder Datum."
ENDLESS = "Diese Zahl ist zu groß."


def sheets_of_workbook(content: bytes) -> list["Worksheet"]:
    """The visible sheets; what is hidden nobody would know to be read."""
    check_parts(content)
    try:
        book = load_workbook(BytesIO(content), read_only=True, keep_links=False)
        return [Worksheet(cast("OpenSheet", sheet)) for sheet in book.worksheets if sheet.sheet_state == "visible"]
    except Exception as problem:  # openpyxl raises whatever a broken part makes it stumble over
        raise Refused(BROKEN) from problem


def check_parts(content: bytes) -> None:
    """Raise Refused for what unpacks to too much, is protected, is no workbook, or brings a DTD."""
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
            if "xl/workbook.xml" not in archive.namelist():
                raise Refused(NOT_A_LIST)
            for part in parts:
                with archive.open(part) as stream:
                    if has_dtd(stream, is_xml=part.filename.endswith((".xml", ".rels"))):
                        raise Refused(DTD)
    except (BadZipFile, NotImplementedError, EOFError, OSError, ValueError, expat.ExpatError) as problem:
        raise Refused(BROKEN) from problem


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

    def __init__(self, sheet: OpenSheet) -> None:
        self.sheet, self.name = sheet, sheet.title

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

    def _read(self, first: int, last: int, columns: int) -> Iterator[tuple[int, Cells]]:
        rows = self.sheet.iter_rows(min_row=first, max_row=last, min_col=1, max_col=columns)
        for number in range(first, last + 1):
            try:
                row = next(rows, None)
                cells = [cell_of(cell) for cell in row or ()]
            except Exception as problem:  # as above
                raise Refused(BROKEN) from problem
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
    """The last row and column of a sheet with a value in it, and its merged ranges."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.last_row = self.last_column = 0
        self.merged: list[str] = []
        self._row = self._column = 0
        self._in_cell = False
        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.ParseFile(stream)

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
        elif tag == "c":
            self._in_cell = True
            self._move_to(attributes.get("r"))
        elif self._in_cell and tag in {"v", "is", "f"}:
            self.last_row = max(self.last_row, self._row)
            self.last_column = max(self.last_column, self._column)
        elif tag == "mergeCell":
            self.merged.append(attributes["ref"])

    def _move_to(self, address: str | None) -> None:
        if address is None:
            self._column += 1
        else:
            letters, self._row = coordinate_from_string(address)
            self._column = column_index_from_string(letters)

    def _end(self, name: str) -> None:
        if name.rpartition(":")[2] == "c":
            self._in_cell = False


def cell_of(cell: "_CellOrMergedCell") -> ListCell | None:
    """A cell of openpyxl in our words; None if it is empty."""
    value = cell.value
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if cell.data_type in NO_VALUE:
        return ListCell(NO_VALUE[cell.data_type].format(value), WRONG)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number_cell(value, cell.number_format)
    if isinstance(value, date):
        return ListCell(f"{value:%Y-%m-%d}", DATE)
    return ListCell(value) if isinstance(value, str) else ListCell(TRUTH if isinstance(value, bool) else TIME, WRONG)


def number_cell(value: float, number_format: str | None) -> ListCell:
    """A number as Excel shows it: with the format 00000 the number 42 reads 00042."""
    if not math.isfinite(value):
        return ListCell(ENDLESS, WRONG)
    if value != int(value):
        return ListCell(str(value), NUMBER)
    zeros = re.fullmatch(r"0+", re.sub(r'["\\]', "", (number_format or "").split(";")[0]))
    return ListCell(str(int(value)).zfill(len(zeros[0]) if zeros else 0), NUMBER)
