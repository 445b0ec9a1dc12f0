"""A staff list as far as it is read: the columns that count, row by row, each cell with its address."""

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from kompetenz.refusals import Refused
from kompetenz.text import line

from .cells import MAX_COLUMNS, MAX_ROWS, TEXT, TOO_MANY_ROWS, TOO_WIDE, Cells, ListCell, ListSheet, letter_of
from .columns import ListColumn, columns, is_example, is_never_read, recognised
from .reading import sheets_of

ENOUGH = 2  # known headings in one row make it the header
SHOWN = 60  # letters of a heading
LONGEST = 300  # letters of a cell that are looked at; no field takes so many

NO_HEADER = (
    "In den ersten 20 Zeilen steht keine Kopfzeile mit bekannten Spalten wie Personalnummer, Nachname und Vorname. "
    "Bitte vergleichen Sie die Liste mit der Vorlage."
)
NO_ROWS = "Unter der Kopfzeile steht keine Zeile mit einer Person."
MERGED = "Verbundene Zellen: Es ist nicht klar, zu welcher Zeile der Wert gehört. Bitte heben Sie die Verbindung auf."


@dataclass(frozen=True)
class ListRow:
    """One row of the list; ``cells`` by the key of their column, without the empty ones."""

    number: int
    cells: dict[str, ListCell]


@dataclass
class StaffList:
    """What is read of a staff list; ``letters`` say in which column of the file a key stands."""

    sheet: str
    header_row: int
    letters: dict[str, str]
    rows: list[ListRow]
    other_sheets: list[str] = field(default_factory=list)
    not_kept: list[str] = field(default_factory=list)
    never_read: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    merged: list[tuple[str, int]] = field(default_factory=list)  # name of the range and its first row
    examples: int = 0  # rows of the template that somebody has left in the list; they are not read

    def address(self, row: int, key: str) -> str:
        return f"{self.letters[key]}{row}"

    def packed(self) -> bytes:
        """The table as bytes, without anything of the file that is not read."""
        rows = [[row.number, [packed(row.cells.get(key)) for key in self.letters]] for row in self.rows]
        return zlib.compress(json.dumps(vars(self) | {"rows": rows}).encode())

    @classmethod
    def unpacked(cls, content: bytes) -> "StaffList":
        values = json.loads(zlib.decompress(content))
        values["rows"] = [
            ListRow(number, {key: ListCell(*cell) for key, cell in zip(values["letters"], cells, strict=True) if cell})
            for number, cells in values["rows"]
        ]
        values["merged"] = [tuple(one) for one in values["merged"]]
        return cls(**values)


def packed(cell: ListCell | None) -> list[str] | None:
    return [cell.text, cell.kind] if cell else None


def read_table(content: bytes) -> StaffList:
    """The first sheet with a header row; raises Refused with the reason why there is nothing to be read."""
    sheets = sheets_of(content)
    for sheet in sheets:
        header = header_of(sheet.head())
        if header:
            table = table_of(sheet, *header)
            table.other_sheets = [line(other.name)[:SHOWN] for other in sheets if other.name != sheet.name]
            return table
    raise Refused(NO_HEADER)


def header_of(head: list[tuple[int, Cells]]) -> tuple[int, Cells] | None:
    """The row of ``head`` with the most known headings as (number, cells); None if there is none."""
    known = [(sum(isinstance(meaning(cell), ListColumn) for cell in cells), number, cells) for number, cells in head]
    most, number, cells = max(known, key=lambda row: (row[0], -row[1]), default=(0, 0, Cells()))
    return (number, cells) if most >= ENOUGH else None


def meaning(cell: ListCell | None) -> ListColumn | str | None:
    return recognised(cell.text) if cell and cell.kind == TEXT else None


def table_of(sheet: ListSheet, header_row: int, headings: Cells) -> StaffList:
    if any(headings[MAX_COLUMNS:]):
        raise Refused(TOO_WIDE)
    table = StaffList(line(sheet.name)[:SHOWN], header_row, {}, [])
    for place, cell in enumerate(headings, start=1):
        if cell and cell.kind == TEXT:
            sort_heading(table, letter_of(place), line(cell.text).strip()[:SHOWN])
    missing = [column.title for column in columns() if column.is_required and column.key not in table.letters]
    if missing:
        raise Refused(f"Diese Spalten fehlen in der Kopfzeile (Zeile {header_row}): {', '.join(missing)}.")
    table.rows = list(rows_of(sheet, table, headings))
    if not table.rows:
        raise Refused(NO_ROWS)
    table.merged = merged_in(sheet, table)
    return table


def sort_heading(table: StaffList, letter: str, heading: str) -> None:
    """Note what becomes of one column of the file."""
    found = recognised(heading)
    if isinstance(found, ListColumn):
        if found.key in table.letters:
            there = f"{table.letters[found.key]}{table.header_row} und {letter}{table.header_row}"
            raise Refused(
                f"Die Spalte „{found.title}“ kommt zweimal vor: {there}. Bitte löschen oder benennen Sie eine um."
            )
        table.letters[found.key] = letter
    elif found:
        table.not_kept.append(heading)
    else:
        (table.never_read if is_never_read(heading) else table.unknown).append(heading)


def rows_of(sheet: ListSheet, table: StaffList, headings: Cells) -> Iterator[ListRow]:
    """The rows with anything in a column that is read."""
    places = {letter_of(place): place - 1 for place in range(1, len(headings) + 1)}
    read = [(key, places[letter]) for key, letter in table.letters.items()]
    count = 0
    for number, cells in sheet.rows(table.header_row):
        found = {key: shortened(cell) for key, place in read if place < len(cells) and (cell := cells[place])}
        if is_example({key: cell.text for key, cell in found.items()}):
            table.examples += 1
        elif found:
            count += 1
            if count > MAX_ROWS:
                raise Refused(TOO_MANY_ROWS)
            yield ListRow(number, found)


def shortened(cell: ListCell) -> ListCell:
    """A cell as far as it counts; a workbook can hold the same endless text in every cell and still be small."""
    return cell if len(cell.text) <= LONGEST else ListCell(cell.text[:LONGEST], cell.kind)


def merged_in(sheet: ListSheet, table: StaffList) -> list[tuple[str, int]]:
    """Merged ranges that reach into the list, from the header row on; a title above may be merged."""
    read = set(table.letters.values())
    return [
        (name, top)
        for name, top, bottom, left, right in sheet.merged()
        if bottom >= table.header_row and any(letter_of(place) in read for place in range(left, right + 1))
    ]
