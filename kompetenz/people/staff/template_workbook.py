"""The empty staff list as a workbook with a sheet of explanations."""

from kompetenz.documents import Column, Table, workbook

from .columns import columns
from .template import NOTES, example_rows

SHEET, EXPLANATIONS = "Personalliste", "Erklärungen"
WIDTH, WIDE = 22, 90


def as_workbook() -> bytes:
    """Two sheets: the list, its numbers kept as they are typed, and what goes into each column."""
    asked = columns()
    explained = [[column.title, column.explanation] for column in asked]
    return workbook(
        Table(
            SHEET,
            [],
            [Column(column.title, WIDTH, is_text=column.holds_numbers) for column in asked],
            [[text or None for text in row] for row in example_rows()],
        ),
        Table(
            EXPLANATIONS,
            [],
            [Column("Spalte", WIDTH + 10), Column("Was hineingehört", WIDE)],
            [*explained, *([None, note] for note in NOTES)],
        ),
    )
