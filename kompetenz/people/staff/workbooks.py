"""Staff lists as XLSX or XLSM: looked through before openpyxl opens them, for what arrives may be meant badly.

openpyxl, because it knows how a number is shown (00042): see ADR 45. The cells are read in a pass of our own, sheet_cells.py.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial
from io import BytesIO
from typing import IO, Any, NoReturn
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils import range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.xml.constants import SHARED_STRINGS

from kompetenz.refusals import Refused

from .cells import (
    HEAD,
    LOCKED,
    MAX_COLUMNS,
    MAX_ROWS,
    MIB,
    NOT_A_LIST,
    PARCEL,
    TOO_MANY_ROWS,
    TOO_WIDE,
    Cells,
    ListCell,
    ListSheet,
    Merged,
)
from .hidden_in_binary import not_shown_in_binary
from .hidden_in_ods import not_shown_in_calc
from .other_books import UNREADABLE, NotShown, sheets_of_other_book
from .sheet_cells import Formats, SharedTexts, SheetCells, shape_of

MAX_UNPACKED = 100 * MIB
MAX_PARTS = 2000
PACKED_TOO_WELL = 200  # times smaller than unpacked; text in sheets reaches 10 to 40
SMALL = MIB  # below, even the best packed part does no harm
CHUNK = 64 * 1024
ENCRYPTED = 0x1

BROKEN = (
    "Die Datei ist beschädigt und lässt sich nicht öffnen. Bitte speichern Sie sie in Excel noch einmal als "
    "„Excel-Arbeitsmappe (*.xlsx)“."
)
BOMB = (
    "Die Datei würde beim Öffnen übermäßig groß und wird deshalb nicht gelesen. Bitte kopieren Sie die Personalliste "
    "in eine neue Arbeitsmappe."
)
DTD = "Die Datei enthält Anweisungen (DTD), die in keine Personalliste gehören, und wird deshalb nicht gelesen."

LISTS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".txt")  # files in which one may be
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
        return sheets_of_other_book(
            content, not_shown_in(content) if "content.xml" in names else not_shown_in_binary(content)
        )
    try:
        return list(visible_sheets(as_usual(content)))
    except Exception as problem:  # openpyxl raises whatever a broken part makes it stumble over
        raise Refused(BROKEN) from problem


def not_shown_in(content: bytes) -> dict[str, NotShown]:
    try:
        return not_shown_in_calc(content)
    except (expat.ExpatError, ValueError) as problem:
        raise Refused(UNREADABLE) from problem


def visible_sheets(content: bytes) -> Iterator["Worksheet"]:
    """What openpyxl knows of a workbook: its sheets, how numbers are shown; the cells are read by SheetCells."""
    reader = ExcelReader(BytesIO(content), read_only=True, data_only=True, keep_links=False)
    reader.read_manifest()
    reader.read_workbook()
    apply_stylesheet(reader.archive, reader.wb)
    formats, texts = formats_of(reader.wb), texts_of(reader)
    for sheet, part in reader.parser.find_sheets():
        if sheet.state == "visible" and part.target in reader.valid_files and "chartsheet" not in part.Type:
            read = partial(cells_in, reader.archive, part.target, texts, formats)
            yield Worksheet(sheet.name, read, is_1904=formats.epoch == CALENDAR_MAC_1904)


def formats_of(book: Any) -> Formats:
    """How an openpyxl.Workbook shows numbers; for those who load a whole one it is public."""
    names = BUILTIN_FORMATS | dict(enumerate(book._number_formats, start=BUILTIN_FORMATS_MAX_SIZE))  # noqa: SLF001
    shapes = [shape_of(names.get(style.numFmtId, "")) for style in book._cell_styles]  # noqa: SLF001
    days, spans = frozenset(book._date_formats), frozenset(book._timedelta_formats)  # noqa: SLF001
    fonts = [book._fonts[style.fontId] for style in book._cell_styles]  # noqa: SLF001
    struck = frozenset(place for place, font in enumerate(fonts) if font.strike)
    return Formats(days, spans, shapes, book.epoch, struck)


def texts_of(reader: ExcelReader) -> list[ListCell | None]:
    """The shared texts; openpyxl's way of reading them takes longer than everything else."""
    part = reader.package.find(SHARED_STRINGS)  # type: ignore[no-untyped-call]
    if part is None:
        return []
    with reader.archive.open(part.PartName[1:]) as stream:
        return SharedTexts(stream).cells


def cells_in(archive: ZipFile, name: str, texts: list[ListCell | None], formats: Formats) -> SheetCells:
    with archive.open(name) as stream:
        return SheetCells(stream, texts, formats)


def as_usual(content: bytes) -> bytes:
    """The same workbook with the names that everybody knows, if it was saved as "Strict Open XML" or its parts have names of Windows."""
    with ZipFile(BytesIO(content)) as archive:
        has_backslashes = "xl/workbook.xml" not in archive.namelist()
        if not has_backslashes and STRICT not in archive.read("xl/workbook.xml"):
            return content
        usual = BytesIO()
        with ZipFile(usual, "w") as written:
            for part in archive.infolist():
                text = archive.read(part)
                for strict, name in AS_USUAL:
                    text = text.replace(strict, name)
                written.writestr(plain_name(part.filename), text)
    return usual.getvalue()


def plain_name(name: str) -> str:
    """What a part is called, also where old programs of Windows have packed it."""
    return name.replace("\\", "/")


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
            names = {plain_name(name): name for name in archive.namelist()}
            if names.keys().isdisjoint({"xl/workbook.xml", *OTHER_BOOKS}):
                raise Refused(PARCEL if any(name.lower().endswith(LISTS) for name in names) else NOT_A_LIST)
            manifest = names.get("META-INF/manifest.xml")
            if manifest and b"manifest:encryption-data" in archive.read(manifest):
                raise Refused(LOCKED)
            for part in parts:
                with archive.open(part) as stream:
                    if has_dtd(stream, is_xml=part.filename.endswith((".xml", ".rels"))):
                        raise Refused(DTD)
    except (BadZipFile, NotImplementedError, EOFError, OSError, ValueError, expat.ExpatError) as problem:
        raise Refused(BROKEN) from problem
    return set(names)


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


class Worksheet:
    """One sheet of a workbook, read once when somebody asks for anything in it."""

    def __init__(self, name: str, read: Callable[[], SheetCells], *, is_1904: bool) -> None:
        self.name, self._read, self.is_1904, self.hides_unseen = name, read, is_1904, False

    def head(self) -> list[tuple[int, Cells]]:
        return list(self._rows(1, HEAD))

    def rows(self, after: int) -> Iterator[tuple[int, Cells]]:
        """All rows below the row ``after``; raises Refused if there are too many or the sheet is broken."""
        if self._cells.last_row - after > MAX_ROWS:
            raise Refused(TOO_MANY_ROWS)
        if self._cells.last_column > MAX_COLUMNS:
            raise Refused(TOO_WIDE)
        return self._rows(after + 1, self._cells.last_row)

    def merged(self) -> list[Merged]:
        """Merged ranges as (name, first row, last row, first column, last column)."""
        ranges = []
        for name in self._cells.merged:
            left, top, right, bottom = (bound or 0 for bound in range_boundaries(name))  # 0: a whole row or column
            ranges.append((name, top, bottom, left, right))
        return ranges

    def hidden(self) -> list[int]:
        return sorted({*self._cells.hidden, *self._cells.struck_out})

    def hidden_columns(self) -> list[int]:
        return self._cells.hidden_columns

    def _rows(self, first: int, last: int) -> Iterator[tuple[int, Cells]]:
        """Copies, for who reads them takes out what does not belong here."""
        found = self._cells.rows
        return ((number, list(found.get(number, ()))) for number in range(first, last + 1))

    @cached_property
    def _cells(self) -> SheetCells:
        try:
            return self._read()
        except Exception as problem:  # whatever a broken part makes it stumble over
            raise Refused(BROKEN) from problem
