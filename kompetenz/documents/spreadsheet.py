"""Lists and forms as an Excel workbook (XLSX), ready to print on A4; openpyxl is imported when one is made.

What people typed stays text: nothing in a cell is ever computed, whatever it begins with. What it looks like is said
here alone: Excel and LibreOffice draw by what the file says, and each guesses what it leaves open. So every cell has
one font by name, every row whose texts take several lines its height, and what is printed is at least 8 points high.
"""

import io
import math
import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count, zip_longest
from typing import NamedTuple

from django.http import HttpResponse
from django.utils.http import content_disposition_header

NOT_A_BEURTEILUNG = "Personalentwicklung. Keine dienstliche Beurteilung."
CONFIDENTIAL = f"Vertraulich – {NOT_A_BEURTEILUNG}"  # at the foot of what is about people
INTERNAL = f"Nur für den Dienstgebrauch – {NOT_A_BEURTEILUNG}"  # of what is about many together

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DAY = "DD.MM.YYYY"
AS_TEXT = "@"
FONT, POINTS = "Arial", 10
LINE = 13.5  # points, the height of one
FOOT_FONT = '&"Arial,Regular"&8'  # in Excel's words for the foot of a page
GREY = "FFE5E7EB"
# Characters of 10 points that stand side by side on A4 if they are printed with 8.
ACROSS = {"landscape": 174, "portrait": 116}
SMALLEST = 8 / POINTS
NARROWER = 0.9  # a column holds fewer letters than its width says: it counts figures, and stands in for Arial are wider
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
BOLD_IN = 0.8


class Column(NamedTuple):
    """A column of a Table; ``width`` in characters. ``is_text``: numbers typed into it later stay as they are typed."""

    title: str
    width: int
    is_text: bool = False


class Bold(NamedTuple):
    """A text in bold."""

    text: str


@dataclass(frozen=True)
class Table:
    """A sheet with lines of text, a row of headings that stays in sight, and rows below; printed across.

    Values are texts, numbers, days or None. ``title`` has at most 31 characters, letters and blanks. Without lines the
    headings are the first row.
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
    in_one_font(book)
    for content in sheets:
        sheet = book.create_sheet(content.title)
        print_on_a4(sheet, footer)
        (write_table if isinstance(content, Table) else write_pages)(sheet, content)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def in_one_font(book):
    """What has no style of its own is in our font too."""
    from openpyxl.styles import Font
    from openpyxl.utils.indexed_list import IndexedList

    # openpyxl has no other way to say what a cell without a style looks like.
    book._fonts = IndexedList([Font(name=FONT, size=POINTS, family=2)])  # noqa: SLF001
    book._named_styles["Normal"].font = Font(name=FONT, size=POINTS, family=2)  # noqa: SLF001


def print_on_a4(sheet, footer):
    """On A4, as many pages as it takes."""
    for side, inches in MARGINS.items():
        setattr(sheet.page_margins, side, inches)
    sheet.sheet_format.defaultRowHeight = LINE
    sheet.sheet_format.customHeight = True
    sheet.page_setup.paperSize = A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.left.text = FOOT_FONT + footer.replace("&", "&&")  # a single one begins a code of Excel's
    sheet.oddFooter.right.text = f"{FOOT_FONT}Seite &P von &N"


def set_up(sheet, widths, orientation):
    """Columns of these widths: as many pages side by side as it takes to print at 8 points, the first column on each."""
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[letter(place)].width = width
    sheet.page_setup.orientation = orientation
    sheet.page_setup.fitToWidth = pages = sheets_across(widths, orientation)
    if pages > 1:
        sheet.print_title_cols = "A:A"


def sheets_across(widths, orientation):
    first, *others = widths
    return max(1, math.ceil(sum(others) / (ACROSS[orientation] - first)))


def beside_the_first(widths, orientation):
    """The width of what surely stands beside the first column on the first of several sheets: they are printed as large
    as so many sheets allow, and no larger than they are.
    """
    (first, *others), pages = widths, sheets_across(widths, orientation)
    whole = int(ACROSS[orientation] * SMALLEST) - first
    least = max(whole, *others, math.ceil(sum(others) / pages))
    return next(sheets[0] for room in count(least) if len(sheets := filled(others, room)) <= pages)


def filled(widths, room):
    """How much of each sheet columns of these widths take, one after the other, where a sheet has this room."""
    sheets = [0]
    for width in widths:
        if sheets[-1] + width > room:
            sheets.append(0)
        sheets[-1] += width
    return sheets


def write_table(sheet, table):
    """Lines, an empty row, headings, rows; what has to be known before the first row is set first."""
    widths = [column.width for column in table.columns]
    # Beside the first column, which is printed on every sheet: there a line would begin anew, and be cut.
    beside = [None] if sheets_across(widths, "landscape") > 1 else []
    above = above_table(table.lines, beside_the_first(widths, "landscape") if beside else sum(widths))
    head = len(above) + 2 if above else 1
    formats = [AS_TEXT if column.is_text else "" for column in table.columns]
    set_up(sheet, widths, "landscape")
    for place, form in enumerate(formats, start=1):
        if form:
            sheet.column_dimensions[letter(place)].number_format = form
    sheet.freeze_panes = f"B{head + 1}"
    sheet.print_title_rows = f"{head}:{head}"
    for number, line in enumerate(above, start=1):
        append(sheet, number, [*beside, line])
    if above:
        append(sheet, head - 1, [])
    append(sheet, head, [Heading(column.title) for column in table.columns], widths)
    last = head
    for row in table.rows:
        last += 1
        append(sheet, last, row, widths, formats)
    end = f"{letter(len(table.columns))}{last}"
    sheet.auto_filter.ref = f"A{head}:{end}"
    sheet.print_area = f"A1:{end}"


def above_table(lines, width):
    """These lines, the first in bold, in as many rows as they take: what runs on beyond the last column, or the page, is not printed."""
    return [
        Bold(part) if number == 0 else part
        for number, line in enumerate(lines)
        for part in textwrap.wrap(line, int(width * (NARROWER if number else BOLD_IN))) or [""]
    ]


def write_pages(sheet, pages):
    """Every page, and a break after it."""
    from openpyxl.worksheet.pagebreak import Break

    set_up(sheet, pages.widths, "portrait")
    last = 0
    for page in pages.pages:
        for number, row in enumerate(page, start=last + 1):
            append(sheet, number, row, pages.widths if len(row) > 1 else ())
        last += len(page)
        sheet.row_breaks.append(Break(id=last))
    sheet.print_area = f"A1:{letter(len(pages.widths))}{last}"


def letter(place):
    """The name of a column by its place: 1 is A, 28 is AB."""
    from openpyxl.utils import get_column_letter

    return get_column_letter(place)


class Heading(Bold):
    """The title of a column."""


def append(sheet, number, values, widths=(), formats=()):
    """Add a row as the one of this number; in columns of known ``widths`` a longer text takes several lines, elsewhere it
    runs on to the right.
    """
    placed = list(zip_longest(values, widths[: len(values)], formats[: len(values)]))
    lines = [lines_of(value, width) for value, width, _ in placed]
    highest = max(lines, default=1)
    if highest > 1:
        sheet.row_dimensions[number].height = highest * LINE
    sheet.append(
        [
            value
            if highest == 1 and not form and is_plain(value)
            else cell_of(sheet, value, wraps=needed > 1, form=form)
            for (value, _, form), needed in zip(placed, lines, strict=True)
        ]
    )


def is_plain(value):
    """Whether openpyxl writes ``value`` as it is; a cell made for each costs as much again."""
    if isinstance(value, str):
        return not NOT_PLAIN.search(value)
    return value is None


def lines_of(value, width):
    """How many lines a value takes in a column of this width, broken between words where it can be."""
    text = value.text if isinstance(value, Bold) else value
    if width is None or not isinstance(text, str):
        return 1
    room = max(1, int(width * (BOLD_IN if isinstance(value, Bold) else NARROWER)))
    if len(text) <= room and "\n" not in text:
        return 1
    return sum(lines_of_paragraph(paragraph, room) for paragraph in text.split("\n"))


def lines_of_paragraph(text, room):
    lines, taken = 1, 0
    for word in text.split(" "):
        length = len(word)
        if taken and taken + 1 + length > room:
            lines, taken = lines + 1, 0
        taken += length + bool(taken)
        if taken > room:  # a word longer than the column is broken within
            lines, taken = lines + (taken - 1) // room, (taken - 1) % room + 1
    return lines


def cell_of(sheet, value, *, wraps, form=""):
    """A cell, or None for nothing; a text in it is never a formula, nor an error such as #N/A, and a day looks like one."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment

    if isinstance(value, str | Bold):
        cell = text_cell(sheet, value, wraps)
        if form:
            cell.number_format = form
        return cell
    if value is None:
        return None
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, date):
        cell.number_format = DAY
    # A day stands to the left as texts do, a number to the right, with room before the column beside it.
    is_number = not isinstance(value, date)
    cell.alignment = Alignment(vertical="top", horizontal="right" if is_number else "left", indent=int(is_number))
    return cell


def text_cell(sheet, value, wraps):
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    text = value.text if isinstance(value, Bold) else value
    cell = WriteOnlyCell(sheet, NOT_IN_XML.sub("", text))
    cell.data_type = "s"
    if text.startswith(LIKE_A_FORMULA):
        cell.quotePrefix = True
    if isinstance(value, Bold):
        cell.font = Font(name=FONT, size=POINTS, family=2, bold=True)
    if isinstance(value, Heading):
        cell.fill = PatternFill("solid", fgColor=GREY)
        cell.border = Border(bottom=Side("thin"))
    cell.alignment = Alignment(wrap_text=wraps or None, vertical="bottom" if isinstance(value, Heading) else "top")
    return cell


def spreadsheet_response(content, filename):
    """Answer with a workbook to be kept as ``filename``, in no cache."""
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=filename),
        "Cache-Control": "no-store",
    }
    return HttpResponse(content, content_type=XLSX, headers=headers)
