"""Staff lists as they arrive: workbooks and texts made of rows, and what is wrong with some of them."""

import io
import zipfile

from openpyxl import Workbook

HEADER = ["Personalnummer", "Nachname", "Vorname", "E-Mail"]


def workbook(*rows, change=None, sheet="Personal"):
    """An XLSX with these rows; ``change(workbook)`` may do more to it."""
    book = Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    if change:
        change(book)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def text(*rows, separator=";", encoding="utf-8-sig"):
    return "\r\n".join(separator.join(row) for row in rows).encode(encoding)


def parts_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def with_part(content, name, part):
    """The same workbook with one part replaced or added."""
    return packed({**parts_of(content), name: part})


FULL = ["Personalnummer", "Nachname", "Vorname", "E-Mail", "OE-Nr.", "Führungskraft", "Austritt"]


def full_row(person, **changes):
    """A row with all of FULL that says of somebody what is so already, with ``changes`` by heading."""
    now = {
        "Personalnummer": person.personnel_number or "",
        "Nachname": person.last_name,
        "Vorname": person.first_name,
        "E-Mail": person.email or "",
        "OE-Nr.": person.unit.number if person.unit else "",
        "Führungskraft": person.manager.personnel_number if person.manager else "",
        "Austritt": f"{person.leaving_date:%d.%m.%Y}" if person.leaving_date else "",
    }
    return [{**now, **changes}[heading] for heading in FULL]
