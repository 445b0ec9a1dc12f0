"""The empty staff list to download, as CSV; as a workbook it is in template_workbook.py."""

import csv
import io

from .columns import KNOWN_AND_NOT_KEPT, columns

NOTES = [
    "Die beiden Zeilen im Blatt „Personalliste“ sind erfundene Beispiele. Bitte überschreiben oder löschen Sie sie.",
    "Spalten dürfen fehlen und in anderer Reihenfolge stehen. Eine Spalte, die fehlt, ändert nichts.",
    (
        f"Nicht gespeichert werden: {', '.join(KNOWN_AND_NOT_KEPT)} und alles, was hier nicht steht, zum Beispiel "
        "Geburtsdatum oder Entgeltgruppe."
    ),
]


def example_rows() -> list[list[str]]:
    """Two invented people, by column."""
    return [[column.examples[row] for column in columns()] for row in (0, 1)]


def as_csv() -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(
        [[column.title for column in columns()], *example_rows()]
    )
    return text.getvalue().encode("utf-8-sig")
