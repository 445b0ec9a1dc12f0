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
    """One sheet of all rows, if the same columns of all are read, none is of those who have left, and nobody stands on two of them; that
    they are months, and not parts, is seen so.
    """
    filled = [sheet for sheet in sheets if sheet.rows]
    if len(filled) < 2 or len(set(map(columns_read, filled))) > 1:  # noqa: PLR2004
        return None
    keys, has_left = [guess(sheet) for sheet in filled], any(NOT_HERE.search(fold(sheet.name)) for sheet in filled)
    if has_left or "number" not in keys[0] or sum(len(sheet.rows) for sheet in filled) > MAX_ROWS:
        return None
    places = [one.index("number") for one in keys]
    numbers = [
        {cell.text.strip() for _, cells in sheet.rows if (cell := at(cells, place))}
        for sheet, place in zip(filled, places, strict=True)
    ]
    if sum(map(len, numbers)) > len(set().union(*numbers)):
        return None
    return put_together(sheets, filled, has_units=bool(UNITS & set(keys[0])))


def columns_read(sheet: RawSheet) -> tuple[str, ...]:
    """The headings of a sheet that mean something; of those that are spelled alike all headings, for their order tells them apart."""
    said = list(map(spelled, sheet.headings))
    read = sorted(heading for heading, key in zip(said, guess(sheet), strict=True) if key)
    return tuple(said if len(set(filter(None, said))) < len(list(filter(None, said))) or "" in read else read)


def put_together(sheets: list[RawSheet], filled: list[RawSheet], *, has_units: bool) -> RawSheet:
    """The rows of all, numbered so that each sheet is told; where the list says no units, a sheet's name is one."""
    first = filled[0]
    together = replace(
        first, name=ALL_SHEETS.format(len(filled)), rows=[], hidden=[], hidden_columns=[], merged=[], shifted=[]
    )
    together.headings = list(first.headings)
    for sheet in filled:
        together.headings += [one for one in sheet.headings if spelled(one) not in set(map(spelled, together.headings))]
    width = len(together.headings)
    together.headings += [] if has_units else [UNIT_OF_SHEET]
    for sheet in filled:
        apart, order = SHEETS_APART * sheets.index(sheet), order_of(sheet, together.headings[:width])
        for number, cells in sheet.rows:
            own = [None if place is None else at(cells, place) for place in order]
            together.rows.append((number + apart, own if has_units else [*own, ListCell(sheet.name)]))
        together.hidden += [number + apart for number in sheet.hidden]
        together.hidden_columns += [place for place, one in enumerate(order) if one in sheet.hidden_columns]
        together.shifted += [number + apart for number in sheet.shifted]
        for name, top, bottom, left, right in sheet.merged:
            moved = order.index(left - 1) - left + 1 if left - 1 in order else 0
            together.merged.append((name, top + apart, bottom + apart, left + moved, right + moved))
    together.parts = [sheet.name for sheet in filled]
    return together


def order_of(sheet: RawSheet, headings: list[str]) -> list[int | None]:
    """Where on this sheet each column stands, None for one that it does not have."""
    if [*map(spelled, sheet.headings)] == [*map(spelled, headings)][: len(sheet.headings)]:
        return [place if place < len(sheet.headings) else None for place in range(len(headings))]
    there = {spelled(heading): place for place, heading in enumerate(sheet.headings)}
    return [there.get(spelled(heading)) for heading in headings]
