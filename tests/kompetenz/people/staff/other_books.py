"""Workbooks of other kinds, written by hand: XLS, XLSB, ODS and "Strict Open XML", each with rows of texts, numbers and days."""

import io
import struct
from datetime import date
from xml.sax.saxutils import escape

import xlwt

from tests.kompetenz.people.staff.lists import packed, parts_of, workbook

DAY_ZERO = date(1899, 12, 30)


def xls(*rows, hidden=(), hidden_columns=()):
    book = xlwt.Workbook()
    sheet, as_day = book.add_sheet("Personal"), xlwt.easyxf(num_format_str="DD.MM.YYYY")
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            if value is not None:
                sheet.write(y, x, value, *([as_day] if isinstance(value, date) else []))
    for number in hidden:
        sheet.row(number - 1).hidden = True
    for place in hidden_columns:
        sheet.col(place - 1).hidden = True
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def ods(*rows, hidden=(), hidden_columns=()):
    def cell(value):
        if value is None:
            return "<table:table-cell/>"
        if isinstance(value, date):
            return f'<table:table-cell office:value-type="date" office:date-value="{value:%Y-%m-%d}"/>'
        if isinstance(value, int | float):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'

    def line(number, row):
        visibility = ' table:visibility="filter"' if number in hidden else ""
        return f"<table:table-row{visibility}>{''.join(map(cell, row))}</table:table-row>"

    columns = "".join(
        f'<table:table-column table:visibility="{"collapse" if place in hidden_columns else "visible"}"/>'
        for place in range(1, max(hidden_columns, default=0) + 1)
    )
    lines = "".join(line(number, row) for number, row in enumerate(rows, start=1))
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f"<office:document-content{names}><office:body><office:spreadsheet>"
        f'<table:table table:name="Personal">{columns}{lines}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    manifest = b'<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return packed({"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content.encode()})


def xlsb(*rows, hidden=(), hidden_columns=()):
    relation = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    sheet = record(0x81) + record(0x94, struct.pack("<4I", 0, len(rows), 0, 20))
    for place in hidden_columns:
        sheet += record(0x3C, struct.pack("<4IH", place - 1, place - 1, 2000, 0, 1))
    sheet += record(0x91)
    for y, row in enumerate(rows):
        sheet += record(0x00, struct.pack("<IIHBBB", y, 0, 300, 0, 0x10 if y + 1 in hidden else 0, 0) + b"\0" * 4)
        for x, value in enumerate(row):
            place = struct.pack("<II", x, 0)
            if isinstance(value, date):
                value = (value - DAY_ZERO).days  # noqa: PLW2901
            if isinstance(value, int | float):
                sheet += record(0x05, place + struct.pack("<d", value))
            elif value is not None:
                sheet += record(0x06, place + wide_text(value))
    book = record(0x83) + record(0x99, b"\0" * 8) + record(0x8F)
    book += (
        record(0x9C, struct.pack("<II", 0, 1) + wide_text("rId1") + wide_text("Personal")) + record(0x90) + record(0x84)
    )
    rels = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="'
        + relation
        + b'/worksheet" Target="worksheets/sheet1.bin"/></Relationships>'
    )
    return packed(
        {
            "[Content_Types].xml": b"<Types/>",
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": rels,
            "xl/worksheets/sheet1.bin": sheet + record(0x92) + record(0x82),
        }
    )


def record(kind, data=b""):
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length, size = len(data), b""
    while True:
        size += bytes([length & 0x7F | (0x80 if length > 0x7F else 0)])
        length >>= 7
        if not length:
            return head + size + data


def wide_text(text):
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def strict(*rows, change=None):
    """The same as workbook() makes, in the names of "Strict Open XML"."""
    names = [
        ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"),
        ("http://schemas.openxmlformats.org/officeDocument/2006/", "http://purl.oclc.org/ooxml/officeDocument/"),
    ]
    parts = parts_of(workbook(*rows, change=change))
    for name, part in parts.items():
        for usual, other in names:
            part = part.replace(usual.encode(), other.encode())  # noqa: PLW2901
        parts[name] = part
    return packed(parts)
