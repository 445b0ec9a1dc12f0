"""The empty staff list to download: as a workbook with a sheet of explanations, or as CSV."""

import csv
import io
from typing import TYPE_CHECKING

from .cells import letter_of
from .columns import KNOWN_AND_NOT_KEPT, columns

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

SHEET, EXPLANATIONS = "Personalliste", "Erklärungen"
WIDTH, WIDE = 24, 90
AS_TEXT = "@"
NOTES = [
    "Die beiden Zeilen im Blatt „Personalliste“ sind erfundene Beispiele. Bitte überschreiben oder löschen Sie sie.",
    "Spalten dürfen fehlen und in anderer Reihenfolge stehen. Eine Spalte, die fehlt, ändert nichts.",
    f"Nicht gespeichert werden: {', '.join(KNOWN_AND_NOT_KEPT)} und alles, was hier nicht steht, zum Beispiel Geburtsdatum oder Entgeltgruppe.",
]


def example_rows() -> list[list[str]]:
    """Two invented people, by column."""
    return [[column.examples[row] for column in columns()] for row in (0, 1)]


def as_workbook() -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])  # comes by itself, and has another name
    fill_list(book.create_sheet(SHEET))
    explain(book.create_sheet(EXPLANATIONS))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def fill_list(sheet: "Worksheet") -> None:
    from openpyxl.styles import Font

    sheet.append([column.title for column in columns()])
    for row in example_rows():
        sheet.append([text or None for text in row])
    for place, column in enumerate(columns(), start=1):
        letter = letter_of(place)
        sheet.column_dimensions[letter].width = WIDTH
        sheet[f"{letter}1"].font = Font(bold=True)
        if column.holds_numbers:
            sheet.column_dimensions[letter].number_format = AS_TEXT
            for row in sheet[f"{letter}2:{letter}3"]:
                row[0].number_format = AS_TEXT
    sheet.freeze_panes = "A2"


def explain(sheet: "Worksheet") -> None:
    from openpyxl.styles import Alignment, Font

    sheet.append(["Spalte", "Was hineingehört"])
    for column in columns():
        sheet.append([column.title, column.explanation])
    for note in NOTES:
        sheet.append([None, note])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = WIDTH + 10, WIDE
    for row in sheet["B2:B" + str(sheet.max_row)]:
        row[0].alignment = Alignment(wrap_text=True, vertical="top")


def as_csv() -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(
        [[column.title for column in columns()], *example_rows()]
    )
    return text.getvalue().encode("utf-8-sig")
