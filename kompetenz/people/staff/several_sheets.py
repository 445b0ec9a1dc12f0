"""A workbook with the same columns on several sheets, one for each Amt perhaps: all of them read as one list."""

import re
from dataclasses import replace

from kompetenz.people.names import fold

from .between_rows import at
from .cells import MAX_ROWS, SHEETS_APART, ListCell
from .columns import spelled
from .mapping import UNITS, guess
from .raw_sheets import RawSheet

ALL_SHEETS = "Alle {} Blätter zusammen"
NOT_HERE = re.compile(
    r"ausgeschied|ausscheid|austritt|abgang|ehemal|ruhestand|archiv"
)  # whoever stands on such a sheet
UNIT_OF_SHEET = "Organisationseinheit (Blatt)"  # as a column


def all_together(sheets: list[RawSheet]) -> RawSheet | None:
    """One sheet of all rows, if all have the same columns, none is of those who have left, and nobody stands on two of them; that they are
    months, and not parts, is seen so.
    """
    filled = [sheet for sheet in sheets if sheet.rows]
    if len(filled) < 2 or len({tuple(map(spelled, sheet.headings)) for sheet in filled}) > 1:  # noqa: PLR2004
        return None
    keys, has_left = guess(filled[0]), any(NOT_HERE.search(fold(sheet.name)) for sheet in filled)
    if has_left or "number" not in keys or sum(len(sheet.rows) for sheet in filled) > MAX_ROWS:
        return None
    numbers = [
        {cell.text.strip() for _, cells in sheet.rows if (cell := at(cells, keys.index("number")))} for sheet in filled
    ]
    if sum(map(len, numbers)) > len(set().union(*numbers)):
        return None
    return put_together(sheets, filled, has_units=bool(UNITS & set(keys)))


def put_together(sheets: list[RawSheet], filled: list[RawSheet], *, has_units: bool) -> RawSheet:
    """The rows of all, numbered so that each sheet is told; where the list says no units, a sheet's name is one."""
    first, width = filled[0], len(filled[0].headings)
    together = replace(first, name=ALL_SHEETS.format(len(filled)), rows=[], hidden=[], merged=[], shifted=[])
    together.headings = [*first.headings, *([] if has_units else [UNIT_OF_SHEET])]
    for sheet in filled:
        apart = SHEETS_APART * sheets.index(sheet)
        for number, cells in sheet.rows:
            more = [] if has_units else [*[None] * (width - len(cells)), ListCell(sheet.name)]
            together.rows.append((number + apart, [*cells, *more]))
        together.hidden += [number + apart for number in sheet.hidden]
        together.shifted += [number + apart for number in sheet.shifted]
        together.merged += [
            (name, top + apart, bottom + apart, left, right) for name, top, bottom, left, right in sheet.merged
        ]
    together.parts = [sheet.name for sheet in filled]
    return together
