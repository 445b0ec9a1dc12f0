"""A staff list as it was sent: bytes become sheets of cells, or one sentence says why not."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kompetenz.refusals import Refused

from . import marked_up
from .cells import LOCKED, MIB, NOT_A_LIST, PARCEL, ListSheet
from .charsets import Decoded, decoded
from .csv_files import sheets_of_text

MAX_BYTES = 10 * MIB

OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # what Excel wrote until 2003, and writes around a protected workbook
BOOKS = ("Workbook", "WORKBOOK", "Book", "BOOK")  # what the part of such a file is called that is a workbook
PDF = b"%PDF"
OTHER_TEXTS = ("{\\rtf", '{"', '[{"', "dn:", "BEGIN:VCARD")
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
PACKED = (b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"BZh", b"\xfd7zXZ")
SYLK = re.compile(r"ID;P[^\r\n]*\r?\n(NN|[BCEFOP]);")  # what Multiplan wrote, and Excel still can

TOO_LARGE = "Die Datei ist größer als 10 MB. Bitte entfernen Sie Bilder, Formatierungen und Blätter, die nicht zur Liste gehören."
EMPTY = "Die Datei ist leer."


@dataclass(frozen=True)
class Source:
    """The sheets in which a staff list may stand, in order; of a text they are the same one, read with each separator (``text``)."""

    sheets: Sequence[ListSheet]
    text: Decoded | None = None


def source_of(content: bytes) -> Source:
    """What stands in a file, whatever it is called; raises Refused if there can be no list."""
    if len(content) > MAX_BYTES:
        raise Refused(TOO_LARGE)
    if not content.strip():
        raise Refused(EMPTY)
    if content.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise Refused(LOCKED)
        if not any(name.encode("utf-16-le") in content for name in BOOKS):
            raise Refused(NOT_A_LIST)
        from .hidden_in_binary import not_shown_in_binary
        from .other_books import sheets_of_other_book

        return Source(sheets_of_other_book(content, not_shown_in_binary(content)))
    if content.startswith(ZIP):
        from .workbooks import sheets_of_archive  # openpyxl takes a moment that only those who send a list wait for

        return Source(sheets_of_archive(content))
    if content.startswith(PACKED):
        raise Refused(PARCEL)
    if content.startswith(PDF):
        raise Refused(NOT_A_LIST)
    if content.lstrip().startswith(marked_up.PARCEL):
        content = marked_up.unpacked(content)
    return source_of_text(decoded(content))


def source_of_text(text: Decoded) -> Source:
    if text.text.lstrip().startswith(OTHER_TEXTS) or SYLK.match(text.text):
        raise Refused(NOT_A_LIST)
    if not marked_up.is_marked_up(text.text):
        return Source(sheets_of_text(text.text), text)
    if marked_up.is_spreadsheet(text.text):
        return Source(marked_up.sheets_of_spreadsheet(text.text))
    return Source(marked_up.tables_of_page(text.text), text)
