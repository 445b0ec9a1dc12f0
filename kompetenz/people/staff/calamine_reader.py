"""The other process: ``python -I calamine_reader.py ROWS COLUMNS`` reads a workbook from standard input and writes its cells as JSON.

It imports nothing of ours, for all that it can do is to end badly; see other_books.py.
"""

import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from io import BytesIO

MEMORY = 1024 * 1024 * 1024
TIME = 25  # seconds of computing

TEXT, NUMBER, DATE, WRONG = "text", "number", "date", "wrong"  # as in cells.py


def main(most_rows: int, most_columns: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (TIME, TIME))
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    book = CalamineWorkbook.from_filelike(BytesIO(sys.stdin.buffer.read()))
    sheets = []
    for about in book.sheets_metadata:
        if about.visible == SheetVisibleEnum.Visible:
            sheet = book.get_sheet_by_name(about.name)
            rows = [
                [cell(value) for value in row[:most_columns]]
                for row in sheet.to_python(skip_empty_area=False, nrows=most_rows)
            ]
            sheets.append({"name": about.name, "length": sheet.total_height, "rows": rows, "merged": merged(sheet)})
    json.dump(sheets, sys.stdout)


def cell(value: object) -> list[str] | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool | timedelta):
        return ["", WRONG]
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, datetime | date):
        return [f"{value:%Y-%m-%d}", DATE]
    if isinstance(value, time):
        return ["0", NUMBER] if value == time(0) else ["", WRONG]
    return [str(value), TEXT]


def number(value: float) -> list[str]:
    return [str(int(value)) if value == int(value) else str(value), NUMBER]


def merged(sheet: object) -> list[list[int]]:
    """First and last row, first and last column, counted from 1."""
    ranges = getattr(sheet, "merged_cell_ranges", None) or []
    return [[top + 1, bottom + 1, left + 1, right + 1] for (top, left), (bottom, right) in ranges]


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
