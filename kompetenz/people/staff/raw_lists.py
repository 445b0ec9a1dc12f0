"""A staff list before anybody has said what its columns mean: its sheets with their headings and rows.

What never belongs here (columns.NEVER_READ) is left out from the beginning.
"""

import json
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from kompetenz.people.names import fold
from kompetenz.refusals import Refused
from kompetenz.text import line

from .between_rows import IS_UNIT, name_below, name_groups, read_sections
from .cells import MAX_COLUMNS, MAX_ROWS, TEXT, TOO_MANY_ROWS, TOO_WIDE, Cells, ListCell, ListSheet, letter_of
from .charsets import read_again
from .columns import ListColumn, is_never_read, recognised, spelled
from .csv_files import COMMA, TextSheet, sheets_of_text
from .raw_sheets import RawSheet
from .reading import source_of
from .several_sheets import all_together

ENOUGH = 2  # known headings in one row make it the header
PLAUSIBLE = 3  # texts in a row that may be one, where no row has known headings
SHOWN = 60  # letters of a heading
LONGEST = 300  # letters of a cell that are looked at; no field takes so many
MOST_SHEETS = 12
FIGURE = re.compile(r"\d")
DRAWN, DASHES = " \t:|+-–—=_", re.compile(r"[-–—=_]{2}")
BELOW_A_HEADING = re.compile(  # what has to stand there, and nobody's
    r"(max\b.*|(\w+, )?\d+[ -]?stellig.*|\d+ zeichen|text|zahl|datum|tt\.mm\.jj(jj)?|jjjj-?mm-?tt|alphanumerisch|numerisch|pflicht(feld)?"
    r"|optional|muss|kann|string|integer|date|varchar.*)\W*"
)

NO_HEADER = (
    "In den ersten 20 Zeilen steht keine Kopfzeile mit bekannten Spalten wie Personalnummer, Nachname und Vorname. "
    "Bitte vergleichen Sie die Liste mit der Vorlage."
)
TURNED = (
    "Die Spalten der Liste stehen untereinander. Nötig ist eine Zeile je Person: Kopieren Sie die Liste in Excel und fügen Sie sie "
    "mit „Inhalte einfügen“, „Transponieren“ auf einem neuen Blatt ein."
)
SIDE_BY_SIDE = (
    "Auf dem Blatt stehen zwei Tabellen nebeneinander, ab Spalte {} und ab Spalte {}. Bitte stellen Sie sie untereinander oder auf "
    "zwei Blätter."
)


@dataclass
class RawList:
    """All sheets in which the list may stand. Of a text, in which encoding it was read, in which others it can be, and whether
    HR has to look.
    """

    sheets: list[RawSheet]
    other_sheets: list[str] = field(default_factory=list)
    charset: str = ""
    possible: list[str] = field(default_factory=list)
    in_doubt: bool = False

    @property
    def likeliest(self) -> int:
        """The first sheet with a header of known headings and rows below it; if there is none, the first with such a header, or at all."""
        known = [place for place, sheet in enumerate(self.sheets) if sheet.known >= ENOUGH]
        filled = [place for place in known if self.sheets[place].rows]
        together = [place for place in filled if self.sheets[place].parts]
        filled = together or filled
        return [*filled, *known, 0][0]

    def read_as(self, charset: str) -> None:
        """Read the text in another encoding, out of those that are possible."""
        before, self.charset = self.charset, charset
        for sheet in self.sheets:
            sheet.headings = [read_again(heading, before, charset) for heading in sheet.headings]
            sheet.rows = [
                (
                    number,
                    [cell and ListCell(read_again(cell.text, before, charset), cell.kind) for cell in cells],
                )
                for number, cells in sheet.rows
            ]

    def packed(self) -> bytes:
        sheets = [
            vars(sheet)
            | {"rows": [[number, [cell and [cell.text, cell.kind] for cell in cells]] for number, cells in sheet.rows]}
            for sheet in self.sheets
        ]
        return zlib.compress(json.dumps(vars(self) | {"sheets": sheets}).encode(), level=1)

    @classmethod
    def unpacked(cls, content: bytes) -> "RawList":
        values = json.loads(zlib.decompress(content))
        values["sheets"] = [
            RawSheet(
                **sheet
                | {
                    "rows": [(number, [cell and ListCell(*cell) for cell in cells]) for number, cells in sheet["rows"]],
                    "merged": [tuple(one) for one in sheet["merged"]],
                }
            )
            for sheet in values["sheets"]
        ]
        return cls(**values)


def read_raw(content: bytes) -> RawList:
    """What stands in a file; raises Refused with the reason why there can be no list in it."""
    source = source_of(content)
    found = [(sheet, header) for sheet in source.sheets if (header := header_of(sheet.head()))]
    if source.text:  # the same text several times: the separator that makes most of it
        found = sorted(found, key=lambda one: (-one[1][0], not divided(one[0]), -sum(map(bool, one[1][2]))))[:1]
    if not found and not source.text and (text := text_in_one_column(source.sheets)):
        return read_raw(text)
    if not found:
        raise Refused(NO_HEADER)
    if any(known >= ENOUGH for _, (known, _, _) in found):
        found = [one for one in found if one[1][0] >= ENOUGH]
    for sheet, (known, _, _) in found:
        refuse_columns_below_each_other(sheet, known)
    tables = [table for sheet, header in found[:MOST_SHEETS] for table in raw_sheets(sheet, *header)]
    raw = RawList(tables[:MOST_SHEETS])
    if together := all_together(raw.sheets):
        raw.sheets.append(together)
    read = [sheet for sheet, _ in found[:MOST_SHEETS]]
    raw.other_sheets = [line(other.name)[:SHOWN] for other in source.sheets if other not in read and other.name]
    if source.text:
        raw.charset, raw.possible, raw.in_doubt = source.text.charset, source.text.possible, source.text.in_doubt
    return raw


def divided(sheet: ListSheet) -> bool:
    """Whether a text was read by its separators, and not by its blanks."""
    return isinstance(sheet, TextSheet) and bool(sheet.separator)


def text_in_one_column(sheets: Sequence[ListSheet]) -> bytes:
    """The text of which all stands in the first column of the only sheet with anything: a CSV that Excel has opened without dividing it."""
    filled = [sheet for sheet in sheets if any(any(cells) for _, cells in sheet.head())]
    heads = [cells for sheet in filled[:1] for _, cells in sheet.head() if any(cells)]
    if len(filled) != 1 or not all(cells[0] and not any(cells[1:]) for cells in heads):
        return b""
    if not any(header_of(one.head()) for one in sheets_of_text("\n".join(texts_of(cells)[0] for cells in heads))):
        return b""
    lines: dict[int, str] = {number: texts_of(cells)[0] for number, cells in filled[0].rows(0) if any(cells)}
    return "\n".join(line(lines.get(number, "")) for number in range(1, max(lines) + 1)).encode("utf-8-sig")


def refuse_columns_below_each_other(sheet: ListSheet, known: int) -> None:
    """Whether the names of the columns stand in the first column, and people beside each other."""
    firsts = [cells[0] for _, cells in sheet.head() if cells and cells[0] and any(cells[1:])]
    keys = {found.key for cell in firsts if isinstance(found := meaning(cell), ListColumn)}
    if len(keys) > max(known, ENOUGH):
        raise Refused(TURNED)


def header_of(head: list[tuple[int, Cells]]) -> tuple[int, int, Cells] | None:
    """(how many known headings, its number, its cells) of the row with the most; else of the first that may be a header; or None."""
    known = [(sum(isinstance(meaning(cell), ListColumn) for cell in cells), number, cells) for number, cells in head]
    best = max(known, key=lambda row: (row[0], -row[1]), default=None)
    if best is None or best[0] >= ENOUGH:
        return best
    widest = max((sum(map(bool, cells)) for _, _, cells in known), default=0)
    return next((row for row in known if may_be_header(row[2], widest, ENOUGH if row[0] else PLAUSIBLE)), None)


def may_be_header(cells: Cells, widest: int, least: int) -> bool:
    """Whether it is a row of different words, ``least`` and nearly as wide as the widest, and nothing of it is a number or an address."""
    filled = [cell for cell in cells if cell]
    texts = {fold(cell.text) for cell in filled if is_heading(cell)}
    return len(texts) == len(filled) >= max(least, widest - 2)


def is_heading(cell: ListCell) -> bool:
    return cell.kind == TEXT and "@" not in cell.text and any(letter.isalpha() for letter in cell.text)


def meaning(cell: ListCell | None) -> ListColumn | str | None:
    return recognised(cell.text) if cell and cell.kind == TEXT else None


def raw_sheets(sheet: ListSheet, known: int, header_row: int, cells: Cells) -> list[RawSheet]:
    """What stands on a sheet from its header on: a table, and another one below each row that is a header of other columns."""
    if any(cells[MAX_COLUMNS:]):
        raise Refused(TOO_WIDE)
    head = dict(sheet.head())
    tables = [headed(sheet, known, header_row, cells, head.get(header_row - 1, []))]
    lower = head.get(header_row + 1, [])
    has_two = is_header_too(lower, tables[0].headings)
    if has_two:
        name_below(tables[0], lower)
    own, never, many = texts_of(cells), never_read_in(tables[0]), 0
    above: Cells = []
    for number, row in sheet.rows(header_row + has_two):
        is_the_same = texts_of(row[: len(own)]) == own
        if is_the_same and names_a_unit(above):
            put_title_first(tables[0], header_row, head.get(header_row - 1, []))
        above = row if any(row) else above
        if not any(row) or is_the_same or is_a_line(row) or (not tables[-1].rows and is_below_a_header(row)):
            continue
        if is_header(row):
            if list(map(spelled, filter(None, texts_of(row)))) != list(map(spelled, filter(None, own))):
                tables.append(headed(sheet, known, number, row, []))
                own, never = texts_of(row), never_read_in(tables[-1])
            continue
        take(sheet, tables[-1], number, row, never)
        many += 1
        if many > MAX_ROWS:
            raise Refused(TOO_MANY_ROWS)
    for place, one in enumerate(tables):
        finish(sheet, one, place)
    return [one for one in tables if one.rows] or tables[:1]


def names_a_unit(cells: Cells) -> bool:
    """Whether a single text stands there that is called like a unit: a title above a header, of which there are several."""
    texts = [cell.text for cell in cells if cell]
    return len(texts) == 1 and bool(IS_UNIT.search(fold(texts[0])))


def put_title_first(table: RawSheet, header_row: int, title: Cells) -> None:
    """Where the same header stands below each unit, what stands above the first one is a unit, too."""
    if names_a_unit(title) and table.rows and table.rows[0][0] > header_row:
        table.rows.insert(0, (header_row - 1, title))


def headed(sheet: ListSheet, known: int, number: int, cells: Cells, above: Cells) -> RawSheet:
    """A table with this header; columns without a heading are kept where there is something in them."""
    cells = cells[: max(place for place, cell in enumerate(cells, start=1) if cell)]
    headings = [line(cell.text).strip()[:SHOWN] if cell and cell.kind != "wrong" else "" for cell in cells]
    raw = RawSheet(line(sheet.name)[:SHOWN], number, headings, known)
    name_groups(raw, above)
    refuse_tables_side_by_side(raw.headings)
    return raw


def refuse_tables_side_by_side(headings: list[str]) -> None:
    """Whether all columns stand once more to the right; a manager's number beside that of the row's person is no such table."""
    said = list(map(spelled, headings))
    first = next((place for place, heading in enumerate(said) if heading), 0)
    again = said.index(said[first], first + 1) if said[first] in said[first + 1 :] else 0
    block = [heading for heading in said[first:again] if heading]
    if len(block) > ENOUGH and [heading for heading in said[again:] if heading][: len(block)] == block:
        raise Refused(SIDE_BY_SIDE.format(letter_of(first + 1), letter_of(again + 1)))


def take(sheet: ListSheet, raw: RawSheet, number: int, row: Cells, never: list[int]) -> None:
    for place in never:
        if place < len(row):
            row[place] = None
    if isinstance(sheet, TextSheet) and sheet.separator and any(row[len(raw.headings) :]):
        raw.shifted.append(number)
    if any(row):
        raw.rows.append((number, [cell and shortened(cell) for cell in row[: len(raw.headings)]]))


def finish(sheet: ListSheet, raw: RawSheet, place: int) -> None:
    """Note what is known of a table once its rows are read."""
    if place:
        raw.name = f"{raw.name or 'Datei'} ({place + 1}. Tabelle)"
    is_of_commas = isinstance(sheet, TextSheet) and sheet.separator == COMMA
    if not is_of_commas and len(raw.shifted) * 2 > len(raw.rows):  # a column without a heading
        raw.shifted = []
    kept = {number for number, _ in raw.rows}
    raw.hidden = [number for number in sheet.hidden() if number in kept]
    raw.hidden_columns = [column for column in sheet.hidden_columns() if column < len(raw.headings)]
    raw.hides_unseen = sheet.hides_unseen
    raw.merged = [one for one in sheet.merged() if one[2] >= raw.header_row]
    raw.is_1904 = sheet.is_1904
    read_sections(raw)


def never_read_in(raw: RawSheet) -> list[int]:
    return [place for place, heading in enumerate(raw.headings) if is_never_read(heading)]


def texts_of(cells: Cells) -> list[str]:
    return [cell.text if cell else "" for cell in cells]


def is_a_line(cells: Cells) -> bool:
    """Whether a row is drawn, and not written."""
    return all(not cell.text.strip(DRAWN) and DASHES.search(cell.text) for cell in cells if cell)


def is_below_a_header(cells: Cells) -> bool:
    """Whether a row numbers the columns, or says what has to stand in them."""
    texts = [fold(shortened(cell).text).strip(" ()[].") for cell in cells if cell]
    counted = [int(text) for text in texts if text.isdecimal() and len(text) < PLAUSIBLE]
    is_numbered = len(counted) == len(texts) and counted == list(range(counted[0], counted[0] + len(texts)))
    are_hints = sum(1 for text in texts if BELOW_A_HEADING.fullmatch(text))
    is_told = all(BELOW_A_HEADING.fullmatch(text) or recognised(text) for text in texts)
    return len(texts) >= PLAUSIBLE and (is_numbered or (is_told and are_hints >= ENOUGH))


def is_header(cells: Cells) -> bool:
    """Whether a row among the others names columns; there is hardly anybody's row without a figure, which is soon seen."""
    filled = [cell for cell in cells if cell]
    if any(FIGURE.search(cell.text) for cell in filled):
        return False
    known = sum(isinstance(meaning(cell), ListColumn) for cell in filled)
    return known >= ENOUGH and known * 2 >= len(filled) and all(map(is_heading, filled))


def is_header_too(cells: Cells, headings: list[str]) -> bool:
    """Whether a row right below the header names columns once more, in other words."""
    same = [cell and spelled(cell.text) == spelled(heading) for cell, heading in zip(cells, headings, strict=False)]
    known = sum(isinstance(meaning(cell), ListColumn) for cell in cells)
    return max(known, sum(map(bool, same))) >= ENOUGH and all(is_heading(cell) for cell in cells if cell)


def shortened(cell: ListCell) -> ListCell:
    """A cell as far as it counts; a workbook can hold the same endless text in every cell and still be small."""
    return cell if len(cell.text) <= LONGEST else ListCell(cell.text[:LONGEST], cell.kind)
