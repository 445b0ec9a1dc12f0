"""A staff list as far as it is read: the columns that count, row by row, each cell with its address."""

import json
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from kompetenz.people.names import fold
from kompetenz.refusals import Refused

from . import two_names
from .between_rows import at, filled_down
from .cells import STEP, TEXT, WRONG, ListCell, letter_of, row_told
from .columns import (
    FIRST_NAME_FIRST,
    FULL_NAME,
    KNOWN_AND_NOT_KEPT,
    LAST_NAME_FIRST,
    MANAGER_FIRST_NAME,
    MANAGER_POST,
    NAME_PREFIX,
    NAME_TITLE,
    NUMBER_AND_NAME,
    POST,
    STATUS,
    UNIT_LEVEL,
    UNIT_PATH,
    is_example,
    is_never_read,
    recognised,
    spelled,
)
from .days import is_month_first, with_dots
from .leavers import is_said_to_have_left, who_has_left
from .mapping import missing, plainly, step_in
from .no_people import names_nobody, told_of
from .notes_at_names import HAS_LEFT, LEAVES
from .posts import Posts, put_managers
from .raw_sheets import RawSheet

NO_ROWS = "Unter der Kopfzeile steht keine Zeile mit einer Person."
SHIFTED = "Diese Zeile hat mehr Felder als die Kopfzeile: Ein Wert mit Trennzeichen darin gehört in Anführungszeichen."
MERGED = "Verbundene Zellen: Es ist nicht klar, zu welcher Zeile der Wert gehört. Bitte heben Sie die Verbindung auf."
HAVE_FIGURES, NEARLY_ALL, FEWEST = 0.5, 0.8, 5  # of the numbers, beside notes below the list
FIGURES, WITH_A_ZERO = re.compile(r"[\d.,]*\d[\d.,]*"), re.compile(r"(\d+)[.,]0")
IN_THOUSANDS = re.compile(r"[1-9]\d{0,2}(\.\d{3})*")
OF_THE_TEMPLATE = spelled("Führungskraft (Personalnummer)")
IN_TWO = {
    FULL_NAME: two_names.full_name,
    FIRST_NAME_FIRST: two_names.first_name_first,
    LAST_NAME_FIRST: two_names.last_name_first,
    NUMBER_AND_NAME: two_names.number_and_name,
}
OVER_LEAVERS = re.compile(  # a title between the rows
    r"(ausgeschieden|ausgetreten|ehemalig|verstorben)\w*( (beschaftigt|mitarbeit|person|bedienstet|kolleg)\S*)?[\d :./-]*|abgange[\d :./-]*"
)
OF_NAMES = ("last_name", "first_name")
BESIDE_NAMES = {
    NAME_PREFIX: ("last_name", "{1} {0}"),
    NAME_TITLE: ("first_name", "{1} {0}"),
    MANAGER_FIRST_NAME: ("manager", "{0}, {1}"),
}


@dataclass(frozen=True)
class ListRow:
    """One row of the list; ``cells`` by the key of their column, without the empty ones."""

    number: int
    cells: dict[str, ListCell]


@dataclass
class ListDecisions:
    """What HR has decided about a list in its preview."""

    untold: dict[str, list[int]] = field(default_factory=dict)  # by column the rows in which it says nothing
    instead: dict[str, dict[str, str]] = field(
        default_factory=dict
    )  # by column and row what counts in place of the cell
    same: dict[str, int] = field(default_factory=dict)  # new personnel numbers of people by id
    others: list[str] = field(default_factory=list)  # numbers of people who are only called like somebody known
    seconds: dict[str, str] = field(
        default_factory=dict
    )  # numbers of further contracts, whose rows are left out: the other number
    rows: dict[str, int] = field(default_factory=dict)  # by a personnel number of several rows the one that counts
    named: dict[str, list[int]] = field(
        default_factory=dict
    )  # by column the rows in which what is like a rank is a name
    answers: dict[str, list[str]] = field(default_factory=dict)  # for the next list, see answered_before.py
    remembered: list[list[object]] = field(
        default_factory=list
    )  # what was answered for a list before: in words, column, row, personnel number


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
    merged: list[tuple[str, int, int]] = field(default_factory=list)  # name of the range, its first and last row
    shifted: list[int] = field(default_factory=list)  # rows with more fields than the header
    filled: list[str] = field(default_factory=list)  # headings of columns that count for the empty rows below, too
    examples: int = 0  # rows of the template that somebody has left in the list; they are not read
    no_people: list[str] = field(default_factory=list)  # sums and titles among the rows, which are not read
    gone: list[str] = field(default_factory=list)  # who has left by the list, which does not say when, and is not read
    hidden: int = 0  # rows that Excel does not show
    hidden_are_read: bool = True
    hidden_columns: list[str] = field(default_factory=list)  # headings of those that are read
    hides_unseen: bool = False  # of a file that does not tell what it hides
    is_1904: bool = False
    has_figures: bool = False  # nearly all personnel numbers, so that a word that is nobody's is none
    manager_is_only_said: bool = (
        False  # that a column names managers HR has said, and neither its heading nor what stands in it
    )
    waiting: list[ListRow] = field(default_factory=list)  # rows left out for now, whose people may be others' managers
    decided: ListDecisions = field(default_factory=ListDecisions)

    def address(self, row: int, key: str) -> str:
        letter = self.letters.get(key) or self.letters[UNIT_PATH]  # units that are told by a path
        return f"{letter}{row_told(row)}"

    def without(self, left_out: set[int]) -> "StaffList":
        """The same list without these rows."""
        rows = [row for row in self.rows if row.number not in left_out]
        waiting = [*self.waiting, *(row for row in self.rows if row.number in left_out)]
        merged = [one for one in self.merged if not left_out.issuperset(range(one[1], one[2] + 1))]
        shifted = [row for row in self.shifted if row not in left_out]
        return replace(self, rows=rows, merged=merged, shifted=shifted, waiting=waiting)

    def packed(self) -> bytes:
        """The table as bytes, without anything of the file that is not read."""
        said = {"rows": self._told(self.rows), "waiting": self._told(self.waiting), "decided": vars(self.decided)}
        return zlib.compress(json.dumps(vars(self) | said).encode())

    def _told(self, rows: list[ListRow]) -> list[list[object]]:
        return [[row.number, [packed(row.cells.get(key)) for key in self.letters]] for row in rows]

    @classmethod
    def unpacked(cls, content: bytes) -> "StaffList":
        values = json.loads(zlib.decompress(content))
        for rows in ("rows", "waiting"):
            values[rows] = [
                ListRow(
                    number, {key: ListCell(*cell) for key, cell in zip(values["letters"], cells, strict=True) if cell}
                )
                for number, cells in values.get(rows, [])
            ]
        values["decided"] = ListDecisions(**values.get("decided", {}))
        values["merged"] = [tuple(one) for one in values["merged"]]
        return cls(**values)


def packed(cell: ListCell | None) -> list[str] | None:
    return [cell.text, cell.kind] if cell else None


def table_of(sheet: RawSheet, keys: Sequence[str], *, hidden_are_read: bool = True) -> StaffList:
    """What is read of a sheet with this mapping; raises Refused if that is nothing, or names nobody."""
    if without := missing(keys):
        raise Refused(f"Diese Spalten fehlen in der Kopfzeile (Zeile {sheet.header_row}): {', '.join(without)}.")
    table = StaffList(sheet.name, sheet.header_row, {}, [], is_1904=sheet.is_1904)
    table.hidden, table.hidden_are_read = len(sheet.hidden), hidden_are_read
    sheet, table.filled = filled_down(sheet, keys)
    readers = [reader_of(sheet, key, place, table) for place, key in enumerate(keys) if key]
    table.hidden_columns = [
        sheet.headings[place] or letter_of(place + 1) for place in sheet.hidden_columns if keys[place]
    ]
    table.hides_unseen = sheet.hides_unseen
    for heading, key in zip(sheet.headings, keys, strict=False):
        if heading and not key:
            note_not_read(table, heading)
    left_out = set() if hidden_are_read else set(sheet.hidden)
    posts = Posts() if MANAGER_POST in keys else None
    rows = list(rows_of(sheet, table, readers, posts, has_figures=has_figures(sheet, keys, HAVE_FIGURES)))
    table.has_figures = len(rows) >= FEWEST and has_figures(sheet, keys, NEARLY_ALL)
    if posts:
        put_managers(posts, (row.cells for row in rows))
    table.rows = [row for row in rows if row.number not in left_out]
    if not table.rows:
        raise Refused(NO_ROWS)
    table.shifted = [row.number for row in table.rows if row.number in set(sheet.shifted)]
    letters, numbers = set(table.letters.values()), {row.number for row in table.rows}
    table.merged = [
        (name, top, bottom)
        for name, top, bottom, left, right in sheet.merged
        if any(letter_of(place) in letters for place in range(left, right + 1))
        and (bottom < top or not numbers.isdisjoint(range(top, bottom + 1)))  # a title between the rows may be merged
    ]
    return table


def note_not_read(table: StaffList, heading: str) -> None:
    found = recognised(heading)
    if found in KNOWN_AND_NOT_KEPT:
        table.not_kept.append(heading)
    else:
        (table.never_read if is_never_read(heading) else table.unknown).append(heading)


def is_in_thousands(figures: Sequence[str]) -> bool:
    return any("." in one for one in figures) and all(map(IN_THOUSANDS.fullmatch, figures))


Reader = Callable[[list[ListCell | None]], dict[str, ListCell]]


def reader_of(sheet: RawSheet, key: str, place: int, table: StaffList) -> Reader:
    """What takes from a row's cells what a column says, by key; notes in ``table`` where these keys stand."""
    letter = letter_of(place + 1)
    if key in IN_TWO:
        table.letters |= dict.fromkeys((*OF_NAMES, "number") if key == NUMBER_AND_NAME else OF_NAMES, letter)
        return lambda cells: in_two(cell, IN_TWO[key]) if (cell := at(cells, place)) else {}
    if key == MANAGER_POST:
        table.letters["manager"] = letter
    if key == STATUS:
        has_left = who_has_left(plainly(sheet.headings[place]), sheet.column(place))
        return lambda cells: {STATUS: cell} if (cell := at(cells, place)) and has_left(cell.text) else {}
    if key in {POST, MANAGER_POST, *BESIDE_NAMES}:
        return lambda cells: {key: cell} if (cell := at(cells, place)) else {}
    if key in {UNIT_PATH, UNIT_LEVEL}:
        table.letters.setdefault(UNIT_PATH, letter)
        step = step_in(sheet.column(place)) if key == UNIT_PATH else None
        return lambda cells: {UNIT_PATH: in_steps(cell, step)} if (cell := at(cells, place)) else {}
    table.letters[key] = letter
    plainer = plainer_of(key, sheet.column(place), is_ours=any(map(is_of_the_template, sheet.headings)))
    return lambda cells: {key: plainer(cell)} if (cell := at(cells, place)) else {}


def is_of_the_template(heading: str) -> bool:
    return spelled(heading) == OF_THE_TEMPLATE


def plainer_of(key: str, texts: list[str], *, is_ours: bool = False) -> Callable[[ListCell], ListCell]:
    """What makes of a cell what the whole column says it is: 1204.0 a number, 12/31/2026 a day.

    Numbers such as 1.204, all of them, are amounts that a spreadsheet has made of them, but in a list that was written here.
    """
    if key in {"number", "manager"}:
        figures = [text for text in texts if FIGURES.fullmatch(text.strip())]
        if not is_ours and is_in_thousands([text.strip() for text in figures]):
            return lambda cell: (
                replace(cell, text=cell.text.strip().replace(".", "")) if FIGURES.fullmatch(cell.text.strip()) else cell
            )
        if figures and all(map(WITH_A_ZERO.fullmatch, map(str.strip, figures))):
            return lambda cell: replace(cell, text=WITH_A_ZERO.sub(r"\1", cell.text.strip()))
    if key == "leaving_date" and (month_first := is_month_first(texts)) is not None:
        return lambda cell: replace(cell, text=with_dots(cell.text.strip(), month_first=month_first))
    return lambda cell: cell


def put_together(found: dict[str, ListCell]) -> None:
    """Put with a name what a list says of it in a column of its own: a title, a "von der", a manager's first name."""
    for key, (name, both) in BESIDE_NAMES.items():
        more = found.pop(key, None)
        if more and name in found and found[name].kind == more.kind == TEXT:
            found[name] = replace(
                found[name], text=both.format(found[name].text.strip(), more.text.replace(STEP, " ").strip())
            )


def in_two(cell: ListCell, divide: Callable[[str], tuple[str, ...]]) -> dict[str, ListCell]:
    """Both names; where they cannot be told apart, the last name says why, and the first what stands there."""
    if cell.kind != TEXT:
        return dict.fromkeys(OF_NAMES, cell)
    try:
        said = divide(cell.text)
    except Refused as reason:
        return {"last_name": ListCell(str(reason), WRONG), "first_name": cell}
    has_left = {STATUS: cell} if HAS_LEFT.search(cell.text) else {}
    return {key: ListCell(text) for key, text in zip((*OF_NAMES, "number"), said, strict=False)} | has_left


def in_steps(cell: ListCell, step: str | None) -> ListCell:
    return replace(cell, text=cell.text.replace(step, STEP)) if step else cell


def has_figures(sheet: RawSheet, keys: Sequence[str], least: float) -> bool:
    """Whether so many numbers of the list have a figure that a word in their column is none."""
    texts = sheet.column(keys.index("number")) if "number" in keys else []
    return sum(any(map(str.isdecimal, text)) for text in texts) > least * len(texts)


def rows_of(
    sheet: RawSheet, table: StaffList, readers: list[Reader], posts: Posts | None, *, has_figures: bool
) -> Iterator[ListRow]:
    """The rows with anything in a column that is read; levels of units are put one after the other."""
    people, below_gone = 0, False
    for number, cells in sheet.rows:
        found: dict[str, ListCell] = {}
        for read in readers:
            for key, cell in read(cells).items():
                above = found.get(key)
                found[key] = replace(above, text=f"{above.text}{STEP}{cell.text}") if above else cell
        put_together(found)
        if "leaving_date" in table.letters:
            note_last_day(found)
        is_vacant = posts is not None and posts.take(found)
        if is_example({key: cell.text for key, cell in found.items()}):
            table.examples += 1
        elif found and (is_vacant or names_nobody(found, people, has_figures=has_figures)):
            table.no_people.append(f"Zeile {row_told(number)} „{told_of(found)[:40]}“")
            below_gone = bool(OVER_LEAVERS.fullmatch(fold(told_of(found))))
        elif is_gone(found) or (below_gone and "leaving_date" not in found):
            people += 1
            table.gone.append(
                f"{', '.join(found[name].text for name in OF_NAMES if name in found)[:60]} (Zeile {row_told(number)})"
            )
        elif found:
            people += 1
            yield ListRow(number, found)


def note_last_day(found: dict[str, ListCell]) -> None:
    """The last day that is noted beside a name, "(ausgeschieden zum 31.03.2027)", unless a column says one."""
    noted = [told["day"] for name in OF_NAMES if name in found and (told := LEAVES.search(found[name].text))]
    if noted and "leaving_date" not in found:
        found["leaving_date"] = ListCell(noted[0].strip())


def is_gone(found: dict[str, ListCell]) -> bool:
    """Whether a row says that somebody has left, and not when; a day there says more."""
    status, day = found.pop(STATUS, None), found.get("leaving_date")
    is_marked = bool(status) or any(HAS_LEFT.search(found[name].text) for name in OF_NAMES if name in found)
    is_told = day is not None and day.kind == TEXT and is_said_to_have_left(fold(day.text))
    return is_told or (is_marked and not (day and re.search(r"[1-9]", day.text)))
