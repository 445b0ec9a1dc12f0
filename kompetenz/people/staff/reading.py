"""A staff list as it was sent: bytes become sheets of cells, or one sentence says why not."""

from collections.abc import Sequence

from kompetenz.refusals import Refused

from .cells import LOCKED, MIB, ListSheet
from .csv_files import sheets_of_text

MAX_BYTES = 10 * MIB

OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # what Excel wrote until 2003, and writes around a protected workbook
ZIP = (b"PK\x03\x04", b"PK\x05\x06")

TOO_LARGE = "Die Datei ist größer als 10 MB. Bitte entfernen Sie Bilder, Formatierungen und Blätter, die nicht zur Personalliste gehören."
EMPTY = "Die Datei ist leer."
OLD_EXCEL = "Das ist das alte Excel-Format (.xls). Bitte öffnen Sie die Liste und speichern Sie sie als „Excel-Arbeitsmappe (*.xlsx)“."


def sheets_of(content: bytes) -> Sequence[ListSheet]:
    """The sheets in which a staff list may stand, in order; raises Refused if there can be none."""
    from .workbooks import sheets_of_workbook  # openpyxl takes a moment that only those who send a list wait for

    if len(content) > MAX_BYTES:
        raise Refused(TOO_LARGE)
    if not content.strip():
        raise Refused(EMPTY)
    if content.startswith(OLE):
        raise Refused(LOCKED if "EncryptedPackage".encode("utf-16-le") in content else OLD_EXCEL)
    if content.startswith(ZIP):
        return sheets_of_workbook(content)
    return sheets_of_text(content)
