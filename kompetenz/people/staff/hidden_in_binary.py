"""What an XLS or XLSB does not show, which calamine does not tell: the rows and columns marked so, read from its records alone.

Nothing but these marks is read. Where a file is not as expected, nobody knows, and the preview says so.
"""

from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import count
from struct import Struct, error, unpack_from
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile
from zlib import error as not_deflated

from .cells import MAX_COLUMNS, MAX_ROWS
from .other_books import NotShown
from .sheet_cells import PartReader

BOOKS = ("Workbook", "Book")  # the stream of a workbook of Excel 97 and of Excel 5
LAST_SECTOR, LEAST = 0xFFFFFFF9, 4096  # a smaller stream is kept elsewhere; no workbook is
BEGIN, END, SHEET, ROW, COLUMNS = 0x0809, 0x000A, 0x0085, 0x0208, 0x007D  # records of XLS
ROW_OF_XLSB, COLUMNS_OF_XLSB, SHEET_OF_XLSB = 0, 60, 156
MOST_RECORDS = 2_000_000  # of a workbook, read in two seconds; a staff list has fewer
EXCEL_97, HIDDEN_ROW, HIDDEN_ROW_OF_XLSB = 0x0600, 0x20, 0x10
BROKEN = (
    error,
    not_deflated,
    expat.ExpatError,
    BadZipFile,
    ValueError,
    LookupError,
    OverflowError,
    OSError,
    EOFError,
    NotImplementedError,
)
NAME_OF_STREAM = Struct("<64sH")


def not_shown_in_binary(content: bytes) -> dict[str, NotShown] | None:
    """By the names of the sheets the rows and columns that are hidden or filtered away; None if that is not to be found out.

    Whatever a file says of itself, this ends: no chain of sectors is longer than the file, each part is one sheet's, and of all sheets
    together no more than MOST_RECORDS are read.
    """
    try:
        if content.startswith(b"PK"):
            return not_shown_in_xlsb(content)
        return not_shown_in_xls(stream_of(content))
    except BROKEN:
        return None


def stream_of(content: bytes) -> bytes:
    """The workbook in a compound file, put together from its sectors; raises LookupError where there is none."""
    shift, *_ = unpack_from("<H", content, 30)
    size = 1 << shift
    if not 64 <= size <= LEAST:  # noqa: PLR2004
        raise ValueError

    def sector(number: int) -> bytes:
        return content[(number + 1) * size : (number + 2) * size]

    places = [place for place in unpack_from("<109I", content, 76) if place <= LAST_SECTOR]
    more, *_ = unpack_from("<I", content, 68)
    for _ in range(len(content) // size):
        if more > LAST_SECTOR:
            break
        *further, more = unpack_from(f"<{size // 4}I", sector(more))
        places += [place for place in further if place <= LAST_SECTOR]
    table = b"".join(map(sector, places))
    following = unpack_from(f"<{len(table) // 4}I", table)

    def chain(start: int) -> bytes:
        found = list[bytes]()
        while start <= LAST_SECTOR and len(found) * size <= len(content):
            found.append(sector(start))
            start = following[start]
        return b"".join(found)

    directory = chain(*unpack_from("<I", content, 48))
    for place in range(0, len(directory) - 127, 128):
        name, length = NAME_OF_STREAM.unpack_from(directory, place)
        start, many = unpack_from("<II", directory, place + 116)
        if name[: max(length - 2, 0)].decode("utf-16-le") in BOOKS and many >= LEAST:
            return chain(start)[:many]
    raise LookupError


def refuse_more(many: Iterator[int]) -> None:
    if next(many) >= MOST_RECORDS:
        raise OverflowError


def records_of(stream: bytes, place: int, many: Iterator[int]) -> Iterator[tuple[int, bytes]]:
    """(kind, data) of the records from a place on until the end of what begins there, but those of charts within it."""
    depth = 0
    while place + 4 <= len(stream):
        refuse_more(many)
        kind, length = unpack_from("<HH", stream, place)
        depth += (kind == BEGIN) - (kind == END)
        if depth == 1:
            yield kind, stream[place + 4 : place + 4 + length]
        if depth <= 0:
            return
        place += 4 + length


def not_shown_in_xls(stream: bytes) -> dict[str, NotShown]:
    many = count()
    sheets = dict(sheet_of(stream, data) for kind, data in records_of(stream, 0, many) if kind == SHEET)
    if not sheets:
        raise LookupError
    return {name: marks_of(records_of(stream, begin, many)) for name, begin in sheets.items()}


def sheet_of(stream: bytes, data: bytes) -> tuple[str, int]:
    """The name of a sheet, and where it begins; in one or two bytes a letter."""
    begin, _, length = unpack_from("<IHB", data)
    if unpack_from("<H", stream, 4)[0] != EXCEL_97:
        return data[7 : 7 + length].decode("cp1252"), begin
    return (
        data[8 : 8 + 2 * length].decode("utf-16-le") if data[7] & 1 else data[8 : 8 + length].decode("latin-1")
    ), begin


def marks_of(records: Iterator[tuple[int, bytes]]) -> NotShown:
    rows, columns = set[int](), set[int]()
    for kind, data in records:
        if kind == ROW and unpack_from("<H", data, 12)[0] & HIDDEN_ROW:
            rows.add(unpack_from("<H", data)[0] + 1)
        elif kind == COLUMNS and unpack_from("<H", data, 8)[0] & 1:
            columns.update(columns_from(*unpack_from("<HH", data)))
    return sorted(rows), sorted(columns)


def columns_from(first: int, last: int) -> range:
    return range(first, min(last + 1, MAX_COLUMNS))


def not_shown_in_xlsb(content: bytes) -> dict[str, NotShown]:
    """The same of XLSB; its parts have been looked through by check_parts."""
    found, many = dict[str, NotShown](), count()
    with ZipFile(BytesIO(content)) as archive:
        with archive.open("xl/_rels/workbook.bin.rels") as stream:
            targets = Targets()
            targets.read(stream)
        parts = set(archive.namelist())
        for kind, data in records_of_xlsb(archive.read("xl/workbook.bin"), many):
            if kind == SHEET_OF_XLSB:
                relation, after = wide_text(data, 8)
                part = targets.found[relation]
                parts.remove(part)  # it is one sheet's
                found[wide_text(data, after)[0]] = marks_in_xlsb(records_of_xlsb(archive.read(part), many))
    return found


def marks_in_xlsb(records: Iterator[tuple[int, bytes]]) -> NotShown:
    rows, columns = set[int](), set[int]()
    for kind, data in records:
        if kind == ROW_OF_XLSB and data[11] & HIDDEN_ROW_OF_XLSB and len(rows) <= MAX_ROWS:
            rows.add(unpack_from("<I", data)[0] + 1)
        elif kind == COLUMNS_OF_XLSB and unpack_from("<H", data, 16)[0] & 1:
            columns.update(columns_from(*unpack_from("<II", data)))
    return sorted(rows), sorted(columns)


def records_of_xlsb(part: bytes, many: Iterator[int]) -> Iterator[tuple[int, bytes]]:
    """(kind, data); of both, kind and length, each byte says whether another follows."""
    place = 0
    while place < len(part):
        refuse_more(many)
        kind, place = spread_number(part, place, most=2)
        length, place = spread_number(part, place, most=4)
        yield kind, part[place : place + length]
        place += length


def spread_number(part: bytes, place: int, *, most: int) -> tuple[int, int]:
    """The number that begins there, seven bits a byte, and the place behind it."""
    number = 0
    for byte in range(most):
        number |= (part[place + byte] & 0x7F) << 7 * byte
        if part[place + byte] < 0x80:  # noqa: PLR2004
            break
    return number, place + byte + 1


def wide_text(data: bytes, place: int) -> tuple[str, int]:
    """The text that begins there, and the place behind it."""
    behind = place + 4 + 2 * unpack_from("<I", data, place)[0]
    return data[place + 4 : behind].decode("utf-16-le"), behind


class Targets(PartReader):
    """In which part each sheet of a workbook is, by its relation."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def begins(self, name: str, attributes: Mapping[str, str], /) -> None:
        if name.rpartition(":")[2] == "Relationship":
            target = attributes["Target"]
            self.found[attributes["Id"]] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"

    def ends(self, name: str) -> None:
        pass
