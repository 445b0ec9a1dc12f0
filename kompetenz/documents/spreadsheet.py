"""Lists and forms as an Excel workbook (XLSX), ready to print on A4; openpyxl is imported when one is made.

What people typed stays text: nothing in a cell is ever computed, whatever it begins with.
"""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import NamedTuple

from django.http import HttpResponse
from django.utils.http import content_disposition_header

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DAY = "DD.MM.YYYY"
A4 = 9  # in Excel's list of papers
MARGINS = {
    "left": 1.0,
    "right": 0.5,
    "top": 0.75,
    "bottom": 0.75,
    "header": 0.3,
    "footer": 0.3,
}  # inches; left to punch
# A text that begins so becomes a formula as soon as somebody edits its cell, unless it is marked as text.
LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
NOT_IN_XML = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
)  # nothing of it is typed, see kompetenz.text
NOT_PLAIN = re.compile(rf"^[{re.escape(''.join(LIKE_A_FORMULA))}#]|{NOT_IN_XML.pattern}")


class Column(NamedTuple):
    """A column of a Table; ``width`` in characters."""

    title: str
    width: int


class Bold(NamedTuple):
    """A text in bold."""

    text: str


@dataclass(frozen=True)
class Table:
    """A sheet with lines of text, a row of headings that stays in sight, and rows below; printed across.

    Values are texts, numbers, days or None. ``title`` has at most 31 characters, letters and blanks.
    """

    title: str
    lines: Sequence[str]
    columns: Sequence[Column]
    rows: Iterable[Sequence]


@dataclass(frozen=True)
class Pages:
    """A sheet of pages that are handed out one by one, printed upright; a page is a list of rows of values.

    A value alone in its row runs on to the right.
    """

    title: str
    widths: Sequence[int]
    pages: Iterable[Sequence[Sequence]]


def workbook(*sheets, footer="") -> bytes:
    """The file with these tables and pages; ``footer`` stands on every printed page, beside its number."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)  # ten thousand rows in seconds
    book.properties.creator = "Kompetenzrad"
    for content in sheets:
        sheet = book.create_sheet(content.title)
        print_on_a4(sheet, footer)
        (write_table if isinstance(content, Table) else write_pages)(sheet, content)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def print_on_a4(sheet, footer):
    """As wide as the paper, as many pages as it takes."""
    for side, inches in MARGINS.items():
        setattr(sheet.page_margins, side, inches)
    sheet.page_setup.paperSize = A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.left.text = footer.replace("&", "&&")  # a single one begins a code of Excel's
    sheet.oddFooter.right.text = "Seite &P von &N"


def write_table(sheet, table):
    """Lines, an empty row, headings, rows; what has to be known before the first row is set first."""
    head, widths = len(table.lines) + 2, [column.width for column in table.columns]
    widen(sheet, widths)
    sheet.page_setup.orientation = "landscape"
    sheet.freeze_panes = f"B{head + 1}"
    sheet.print_title_rows = f"{head}:{head}"
    first, *others = table.lines
    append(sheet, [Bold(first)])
    for line in others:
        append(sheet, [line])
    append(sheet, [])
    append(sheet, [Bold(column.title) for column in table.columns], widths)
    last = head
    for row in table.rows:
        append(sheet, row, widths)
        last += 1
    sheet.auto_filter.ref = f"A{head}:{letter(len(table.columns))}{last}"


def write_pages(sheet, pages):
    """Every page, and a break after it."""
    from openpyxl.worksheet.pagebreak import Break

    widen(sheet, pages.widths)
    sheet.page_setup.orientation = "portrait"
    last = 0
    for page in pages.pages:
        for row in page:
            append(sheet, row, pages.widths if len(row) > 1 else ())
        last += len(page)
        sheet.row_breaks.append(Break(id=last))


def widen(sheet, widths):
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[letter(place)].width = width


def letter(place):
    """The name of a column by its place: 1 is A, 28 is AB."""
    from openpyxl.utils import get_column_letter

    return get_column_letter(place)


def append(sheet, values, widths=()):
    """Add a row; in columns of known ``widths`` a longer text takes several lines, elsewhere it runs on to the right."""
    sheet.append(
        [
            value if is_plain(value) and fits(value, width) else cell_of(sheet, value, wraps=not fits(value, width))
            for value, width in zip_longest(values, widths[: len(values)])
        ]
    )


def is_plain(value):
    """Whether openpyxl writes ``value`` as it is; a cell made for each costs as much again."""
    if isinstance(value, str):
        return not NOT_PLAIN.search(value)
    return not isinstance(value, (date, Bold))


def fits(value, width):
    text = value.text if isinstance(value, Bold) else value
    return width is None or not isinstance(text, str) or len(text) <= width


def cell_of(sheet, value, *, wraps):
    """A cell; a text in it is never a formula, nor an error such as #N/A, and a day looks like one."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font

    if isinstance(value, date):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = DAY
        return cell
    text = value.text if isinstance(value, Bold) else value
    cell = WriteOnlyCell(sheet, NOT_IN_XML.sub("", text))
    cell.data_type = "s"
    if text.startswith(LIKE_A_FORMULA):
        cell.quotePrefix = True
    if isinstance(value, Bold):
        cell.font = Font(bold=True)
    if wraps:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def spreadsheet_response(content, filename):
    """Answer with a workbook to be kept as ``filename``, in no cache."""
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=filename),
        "Cache-Control": "no-store",
    }
    return HttpResponse(content, content_type=XLSX, headers=headers)
