"""A staff list as it was sent: bytes become sheets of cells, or one sentence says why not."""

from dataclasses import dataclass

MIB = 1024 * 1024
MAX_BYTES = 10 * MIB
MAX_ROWS = 20_000
MAX_COLUMNS = 200
HEAD = 20  # the rows in which a header is looked for; above it there may be titles

TEXT, NUMBER, DATE, WRONG = "text", "number", "date", "wrong"

OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # what Excel wrote until 2003, and writes around a protected workbook
ZIP = (b"PK\x03\x04", b"PK\x05\x06")

TOO_LARGE = "Die Datei ist größer als 10 MB. Bitte entfernen Sie Bilder, Formatierungen und Blätter, die nicht zur Personalliste gehören."
EMPTY = "Die Datei ist leer."
NOT_A_LIST = "Das ist keine Excel-Arbeitsmappe (.xlsx) und keine CSV-Datei. Bitte speichern Sie die Liste in Excel als „Excel-Arbeitsmappe (*.xlsx)“."
OLD_EXCEL = "Das ist das alte Excel-Format (.xls). Bitte öffnen Sie die Liste und speichern Sie sie als „Excel-Arbeitsmappe (*.xlsx)“."
LOCKED = "Die Datei ist mit einem Kennwort geschützt. Bitte speichern Sie sie ohne Kennwort und laden Sie sie noch einmal hoch."
TOO_MANY_ROWS = "Die Liste hat mehr als 20.000 Zeilen. Bitte teilen Sie sie auf oder löschen Sie leere Zeilen am Ende."


class Refused(Exception):
    """The file as a whole cannot be taken; the text is the sentence for whoever sent it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell: text as it reads, a day as 2026-12-31; ``text`` of a WRONG one is the reason."""

    text: str
    kind: str = TEXT


def letter_of(place: int) -> str:
    """The letter of a column as Excel shows it, counted from 1."""
    letters = ""
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def sheets_of(content: bytes):
    """The sheets in which a staff list may stand, in order; raises Refused if there can be none."""
    from .csv_files import sheets_of_text
    from .workbooks import sheets_of_workbook

    if len(content) > MAX_BYTES:
        raise Refused(TOO_LARGE)
    if not content.strip():
        raise Refused(EMPTY)
    if content.startswith(OLE):
        raise Refused(LOCKED if "EncryptedPackage".encode("utf-16-le") in content else OLD_EXCEL)
    if content.startswith(ZIP):
        return sheets_of_workbook(content)
    return sheets_of_text(content)
