"""What arrives as a file: read as a list, or refused with one sentence."""

import io
import re
import struct
import zipfile
from datetime import date, time

import pytest
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from bench.lists import read_table
from kompetenz.people.staff import mapping, other_books, reading, sheet_cells, values, workbooks
from kompetenz.people.staff.cells import LOCKED, MIB, NOT_A_LIST, TOO_MANY_ROWS, TOO_WIDE, ListCell
from kompetenz.people.staff.charsets import UNKNOWN_ENCODING, decoded
from kompetenz.people.staff.csv_files import ENDLESS_CELL
from kompetenz.people.staff.raw_lists import NO_HEADER, RawList, read_raw
from kompetenz.people.staff.table import MERGED, NO_ROWS, StaffList, table_of
from kompetenz.refusals import Refused
from tests.kompetenz.people.staff.lists import HEADER, packed, parts_of, text, with_part, workbook
from tests.kompetenz.people.staff.other_books import ods, record, strict, xls, xlsb

ANNA = ["0042", "Şahin-Žižek", "Änne", "anna@test.example"]
SHEET = "xl/worksheets/sheet1.xml"


def refusal(content):
    with pytest.raises(Refused) as refused:
        read_table(content)
    return str(refused.value)


def cells(content, row=0):
    """One row of the list as texts by key."""
    return {key: cell.text for key, cell in read_table(content).rows[row].cells.items()}


ANNAS = dict(zip(["number", "last_name", "first_name", "email"], ANNA, strict=True))


def test_a_workbook_is_read_with_zeros_and_foreign_letters():
    assert cells(workbook(HEADER, ANNA)) == ANNAS


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_is_read_with_each_separator_in_each_encoding_of_unicode(separator, encoding):
    assert cells(text(HEADER, ANNA, separator=separator, encoding=encoding)) == ANNAS


def test_text_of_old_windows_programs_is_read():
    row = ["0042", "Müller-Lüdenscheidt", "Žofie", "anna@test.example"]

    assert cells(text(HEADER, row, encoding="cp1252"))["last_name"] == "Müller-Lüdenscheidt"
    assert cells(text(HEADER, row, encoding="cp1252"))["first_name"] == "Žofie"


def test_quotes_hold_separators_and_line_breaks():
    content = b'Personalnummer;Nachname;Vorname\r\n42;"Graf; von Berg";"Anna ""Anni"""\r\n'

    assert cells(content) == {"number": "42", "last_name": "Graf; von Berg", "first_name": 'Anna "Anni"'}


def test_the_line_in_which_excel_names_the_separator_is_no_row():
    table = read_table(b"sep=,\r\n" + text(HEADER, ANNA, separator=",", encoding="utf-8"))

    assert (table.header_row, table.rows[0].number) == (1, 2)


def test_endless_texts_are_kept_no_longer_than_any_field():
    table = read_table(workbook([*HEADER, "X" * 5000], ["1", "B" * 30_000, "C", "D"]))

    assert (len(table.rows[0].cells["last_name"].text), len(table.unknown[0])) == (300, 60)


def test_a_quote_without_its_partner_is_refused_for_it_would_swallow_rows():
    content = b'Personalnummer;Nachname;Vorname\r\n41;Abel;Uwe\r\n42;"Berg;Anna\r\n43;Carl;Ida\r\n'

    assert refusal(content).startswith("Nach Zeile 2 stimmen die Anführungszeichen nicht")


def test_the_header_may_stand_below_titles_and_addresses_follow():
    table = read_table(workbook(["Personalliste"], [], ["Stand", "1.1.2026"], [None, *HEADER], [None, *ANNA]))

    assert (table.header_row, table.rows[0].number, table.address(5, "email")) == (4, 5, "E5")


def test_the_header_is_looked_for_in_the_first_twenty_rows():
    titles = [["Titel"]] * 20

    assert read_table(workbook(*titles[1:], HEADER, ANNA)).header_row == 20
    assert refusal(workbook(*titles, HEADER, ANNA)) == NO_HEADER


def test_empty_rows_and_rows_with_ignored_cells_alone_are_no_rows():
    content = workbook(["Lfd. Nr.", *HEADER], [1, *ANNA], [2], [], [4, *ANNA])

    assert [row.number for row in read_table(content).rows] == [2, 5]


def test_the_first_visible_sheet_with_a_header_is_read_and_the_others_are_named():
    def more(book):
        book.create_sheet("Deckblatt", 0).append(["Landkreis"])
        book.create_sheet("Altdaten", 0).append(HEADER)
        book["Altdaten"].sheet_state = "hidden"
        book.create_sheet("Archiv").append(HEADER)

    table = read_table(workbook(HEADER, ANNA, change=more))

    assert (table.sheet, table.other_sheets) == ("Personal", ["Deckblatt", "Archiv"])


def test_columns_are_sorted_into_read_known_unwanted_and_unknown():
    header = [*HEADER, "Vertretung", "Eintritt", "Geburtsdatum", "Entgeltgruppe", "Lieblingsfarbe"]

    table = read_table(workbook(header, [*ANNA, "0001", "1.1.2020", "1.1.1970", "E9", "blau"]))

    assert (table.not_kept, table.never_read, table.unknown) == (
        ["Vertretung", "Eintritt"],
        ["Geburtsdatum", "Entgeltgruppe"],
        ["Lieblingsfarbe"],
    )


def test_headings_and_names_of_sheets_hold_nothing_that_cannot_be_shown():
    table = read_table(text([*HEADER, "\0\u202eGruppe\ufffe"], [*ANNA, "x"], encoding="utf-16"))
    sheets = read_table(workbook(HEADER, ANNA, sheet="Per\u202eso", change=lambda book: book.create_sheet("\u2066Alt")))

    assert (table.unknown, sheets.sheet, sheets.other_sheets) == (["Gruppe"], "Perso", ["Alt"])


def test_what_is_kept_of_a_file_holds_nothing_that_is_not_read():
    table = read_table(workbook([*HEADER, "Geburtsdatum"], [*ANNA, "12.03.1971"], ["0043", None, "Bo"]))

    kept = StaffList.unpacked(table.packed())

    assert kept == table
    assert "1971" not in repr(kept)


def test_a_number_reads_as_excel_shows_it():
    def zeros(book):
        for row, number_format in enumerate(["00000", '"0"0000', "General", "@", "00000;-00000"], start=2):
            book.active.cell(row, 1).number_format = number_format

    content = workbook(HEADER, *[[42, "Berg", "Bo"]] * 5, change=zeros)

    assert [row.cells["number"] for row in read_table(content).rows] == [
        ListCell("00042", "number"), ListCell("00042", "number"), ListCell("42", "number"), ListCell("42", "number"), ListCell("00042", "number"),
    ]  # fmt: skip


def test_cells_that_hold_no_value_say_what_they_are():
    def spoil(book):
        book.active["E3"] = "#N/A"
        book.active["E3"].data_type = "e"

    content = workbook(
        [*HEADER, "Austritt"],
        ["=A1", "=cmd|'/c calc'!A1", True, 1.5, date(2026, 12, 31)],
        ["1", "x", "y", time(7, 30), None],
        change=spoil,
    )
    first, second = read_table(content).rows

    assert [first.cells[key].kind for key in first.cells] == ["wrong", "wrong", "wrong", "number", "date"]
    assert first.cells["number"].text == sheet_cells.NO_RESULT
    assert first.cells["leaving_date"] == ListCell("2026-12-31", "date")
    assert second.cells["leaving_date"].text == "Fehlerwert #N/A statt eines Wertes."
    assert second.cells["email"] == ListCell(sheet_cells.TIME, "wrong")


def test_a_number_beyond_all_numbers_is_no_value():
    content = workbook(HEADER, [4711, "Berg", "Bo"])
    sheet = parts_of(content)[SHEET].replace(b"<v>4711</v>", b"<v>1E999</v>")

    row = read_table(with_part(content, SHEET, sheet)).rows[0]

    assert row.cells["number"] == ListCell(sheet_cells.ENDLESS, "wrong")


def test_a_text_that_looks_like_a_formula_stays_text():
    def as_text(book):
        book.active["B2"].data_type = "s"

    assert cells(workbook(HEADER, ["1", "=cmd|'/c calc'!A1", "y"], change=as_text))["last_name"] == "=cmd|'/c calc'!A1"


def test_merged_cells_in_the_list_are_named_and_a_merged_title_is_not():
    def merge(book):
        book.active.merge_cells("A1:D1")
        book.active.merge_cells("B3:B4")
        book.active.merge_cells("G3:H3")

    table = read_table(workbook(["Personalliste"], HEADER, ANNA, ANNA, change=merge))

    assert table.merged == [("B3:B4", 3, 4)]
    assert "Verbundene Zellen" in MERGED


def test_a_wrong_dimension_hides_no_rows():
    content = workbook(HEADER, ANNA, ANNA)
    sheet = parts_of(content)[SHEET].replace(b'ref="A1:D3"', b'ref="A1:A1"')

    assert len(read_table(with_part(content, SHEET, sheet)).rows) == 2


def test_cells_need_not_say_where_they_stand():
    content = workbook(HEADER, ANNA)
    sheet = re.sub(rb' r="[A-Z]*[0-9]+"', b"", parts_of(content)[SHEET])

    assert cells(with_part(content, SHEET, sheet)) == ANNAS


def test_a_picture_in_the_workbook_does_no_harm():
    assert cells(with_part(workbook(HEADER, ANNA), "xl/media/image1.png", b"\x89PNG\r\n\x1a\n")) == ANNAS


def test_formatted_empty_rows_far_below_do_no_harm():
    def far(book):
        book.active["A1048576"].font = Font(bold=True)

    assert len(read_table(workbook(HEADER, ANNA, change=far)).rows) == 1


@pytest.mark.parametrize("make", [workbook, strict, xls, xlsb, ods])
def test_each_kind_of_workbook_is_read_alike(make):
    table = read_table(make([*HEADER, "Austritt"], [*ANNA, date(2027, 6, 30)], [43, "Berg", "Bo"]))

    first, second = [{key: cell.text for key, cell in row.cells.items()} for row in table.rows]
    assert first in [ANNAS | {"leaving_date": day} for day in ("2027-06-30", "46568")]
    assert second == {"number": "43", "last_name": "Berg", "first_name": "Bo"}


def test_a_sheet_that_would_fill_the_memory_ends_a_process_that_has_nothing_else_to_lose():
    """One cell in the last row and column of all: as a table it would be 17 thousand million cells."""
    content = xlsb([*HEADER], ANNA)
    sheet = parts_of(content)["xl/worksheets/sheet1.bin"]
    far = record(0x00, struct.pack("<I", 1_048_575) + b"\0" * 12) + record(0x05, struct.pack("<IId", 16_383, 0, 1.0))
    end = sheet.index(record(0x92))

    assert (
        refusal(with_part(content, "xl/worksheets/sheet1.bin", sheet[:end] + far + sheet[end:]))
        == other_books.UNREADABLE
    )


def test_the_stored_result_of_a_formula_is_read():
    content = workbook(HEADER, ANNA)
    result = '<c r="B2" t="str"><f>A1&amp;"x"</f><v>Çelik</v></c>'.encode()
    with_result = re.sub(rb'<c r="B2" t="[^>]*>.*?</c>', result, parts_of(content)[SHEET])

    assert cells(with_part(content, SHEET, with_result))["last_name"] == "Çelik"


def test_days_of_a_workbook_that_counts_from_1904_are_the_days_it_shows():
    def from_1904(book):
        book.epoch = CALENDAR_MAC_1904

    table = read_table(workbook([*HEADER, "Austritt"], [*ANNA, date(2027, 6, 30)], [*ANNA, 45106], change=from_1904))

    assert [row.cells["leaving_date"].text for row in table.rows] == ["2027-06-30", "45106"]
    assert table.is_1904
    assert values.day(table.rows[1].cells["leaving_date"], is_1904=True) == date(2027, 6, 30)


def test_rows_that_excel_does_not_show_are_counted_and_may_be_left_out():
    def hide(book):
        book.active.row_dimensions[3].hidden = True

    sheet = read_raw(workbook(HEADER, ANNA, ["0043", "Berg", "Bo"], change=hide)).sheets[0]
    keys = mapping.guess(sheet)

    assert sheet.hidden == [3]
    assert [len(table_of(sheet, keys, hidden_are_read=read).rows) for read in (True, False)] == [2, 1]


def test_sums_titles_between_the_rows_and_headings_repeated_on_each_page_are_no_people():
    rows = [ANNA, ["Amt 20"], HEADER, ["0043", "Berg", "Bo", None], [None, "Summe", None, "2"], ["Gesamt: 2"]]

    table = read_table(workbook(["Personalliste"], HEADER, *rows))

    assert [row.number for row in table.rows] == [3, 6]
    assert table.no_people == ["Zeile 4 „Amt 20“", "Zeile 7 „Summe“", "Zeile 8 „Gesamt: 2“"]


def test_sums_beside_counts_and_titles_across_the_row_are_no_people_either():
    header = [*HEADER[:3], "OE-Nr."]
    rows = [
        ["Hauptamt"],
        ["(8-stellig)", "(amtlich)", "(Rufname)"],
        [*ANNA[:3], "20"],
        ["1", None, None, "20 Ergebnis"],
        ["**", None, None, "1"],
    ]
    merged = workbook(header, *rows, change=lambda book: book.active.merge_cells("A2:D2"))

    table = read_table(merged)

    assert ([row.number for row in table.rows], table.merged) == ([4], [])


def test_of_two_sheets_with_headings_the_one_with_rows_is_read_and_two_columns_are_enough():
    def more(book):
        book.create_sheet("Januar").append(["Personalnummer", "Mitarbeiter/in"])
        book["Januar"].append(["0042", "Neu, Nora"])

    one = read_raw(workbook(HEADER, ["", "", "", ""], change=lambda book: book.create_sheet("Leer")))
    other = read_raw(workbook(["Deckblatt"], change=more))

    assert (one.likeliest, other.sheets[other.likeliest].name) == (0, "Januar")


@pytest.mark.parametrize("charset", ["cp1252", "cp850", "mac_roman", "cp1250", "iso8859_15"])
def test_german_text_is_read_in_the_encoding_it_is_in(charset):
    rows = [["0042", "Jäger", "Sören", ""], ["0043", "Groß", "Käthe", ""], ["0044", "Müller", "Jörg", ""]]

    raw = read_raw(text(HEADER, *rows, encoding=charset))

    assert ([[(cell and cell.text) or "" for cell in row] for _, row in raw.sheets[0].rows], raw.in_doubt) == (
        rows,
        False,
    )


@pytest.mark.parametrize(
    ("charset", "name"), [("cp1254", "Yılmaz;Doğan Şahin"), ("cp1250", "Łazarczuk;Małgorzata Wałęsa")]
)
def test_names_of_neighbours_are_read_in_their_encodings(charset, name):
    assert decoded(name.encode(charset)).text == name


def test_where_a_single_letter_decides_somebody_is_asked():
    raw = read_raw(text(HEADER, ["0042", "Müller", "Bo", ""], encoding="cp850"))

    assert (raw.charset, raw.in_doubt) == ("cp850", True)
    raw.read_as("mac_roman")
    raw.read_as("cp850")
    assert raw.sheets[0].column(1) == ["Müller"]


def test_a_list_is_kept_with_all_that_may_be_mapped_and_nothing_that_never_belongs_here():
    raw = read_raw(workbook([*HEADER, "Geburtsdatum", "Standort"], [*ANNA, "12.03.1971", "Kreishaus"]))
    kept = raw.packed()

    assert RawList.unpacked(kept) == raw
    assert "1971" not in repr(raw)
    assert "Kreishaus" in repr(raw)


def far_away(book):
    book.active["A30000"] = "Summe"


def wide(book):
    book.active.cell(2, 300).value = "x"


def encrypted(content):
    """The flag of a protected part in the headers of every part."""
    return content.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")


def bomb():
    """100 MB of nothing, packed to 100 kB."""
    return packed({**parts_of(workbook(HEADER, ANNA)), "xl/media/image1.bin": b"\0" * 101 * MIB})


def dense():
    return packed({**parts_of(workbook(HEADER, ANNA)), "xl/media/image1.bin": b"\0" * 2 * MIB})


def sheet_that_breaks_off():
    """Good for more rows than are looked at for a header."""
    return parts_of(workbook(HEADER, *[ANNA] * 3000))[SHEET][:-20_000]


def sheet_with_a_text_there_is_not():
    sheet = parts_of(workbook(HEADER, ANNA))[SHEET]
    return sheet.replace(b"</sheetData>", b'<row r="3"><c r="A3" t="s"><v>999</v></c></row></sheetData>')


def spreadsheet_of_another_kind():
    return packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a/>"})


def ole(stream):
    return reading.OLE + b"\0" * 500 + stream.encode("utf-16-le")


def renamed_exe():
    return (
        b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + b"\0" * 200 + b"This program cannot be run in DOS mode."
    )


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: b"", reading.EMPTY),
        (lambda: b" \r\n\r\n ", reading.EMPTY),
        (renamed_exe, NOT_A_LIST),
        (lambda: b"<html><table><tr><td>Personalnummer</td></tr></table></html>", NOT_A_LIST),
        (lambda: packed({"word/document.xml": b"<a/>"}), NOT_A_LIST),
        (spreadsheet_of_another_kind, other_books.UNREADABLE),
        (lambda: ole("Workbook"), other_books.UNREADABLE),
        (lambda: ole("EncryptedPackage"), LOCKED),
        (lambda: encrypted(workbook(HEADER, ANNA)), LOCKED),
        (lambda: workbook(HEADER, ANNA)[:-400], workbooks.BROKEN),
        (lambda: workbook(HEADER, ANNA)[:2000], workbooks.BROKEN),
        (lambda: with_part(workbook(HEADER, ANNA), SHEET, b"<worksheet><sheetData><row>"), workbooks.BROKEN),
        (lambda: with_part(workbook(HEADER, ANNA), "xl/workbook.xml", b"<workbook/>"), NO_HEADER),
        (lambda: with_part(workbook(HEADER, ANNA), SHEET, b"no XML"), workbooks.BROKEN),
        (lambda: with_part(workbook(HEADER, ANNA), SHEET, sheet_that_breaks_off()), workbooks.BROKEN),
        (lambda: with_part(workbook(HEADER, ANNA), SHEET, sheet_with_a_text_there_is_not()), workbooks.BROKEN),
        (lambda: b"x" * (reading.MAX_BYTES + 1), reading.TOO_LARGE),
        (bomb, workbooks.BOMB),
        (dense, workbooks.BOMB),
        (lambda: workbook(HEADER, ANNA, change=far_away), TOO_MANY_ROWS),
        (lambda: workbook(HEADER, ANNA, change=wide), TOO_WIDE),
        (lambda: text([*HEADER, *(f"Spalte {n}" for n in range(5000))], ANNA), TOO_WIDE),
        (lambda: text(HEADER, ["0003", "Ä" * 140_000, "Anna", ""]), ENDLESS_CELL.format(1)),
        (lambda: text(HEADER, *[ANNA] * 20_001), TOO_MANY_ROWS),
        (lambda: text(["Farbe", "Form"], ["blau", "rund"]), NO_HEADER),
        (workbook, NO_HEADER),
        (lambda: workbook(HEADER), NO_ROWS),
        (lambda: text(HEADER, [" ", "", "", ""]), NO_ROWS),
        (lambda: "Personalnummer;Müller".encode("utf-16") + b"x", UNKNOWN_ENCODING),
        (
            lambda: workbook(["Pers.-Nr.", "Nachname", "E-Mail"], ["1", "x", "y"]),
            "Diese Spalten fehlen in der Kopfzeile (Zeile 1): Vorname.",
        ),
    ],
)
def test_what_is_no_staff_list_is_refused_with_one_sentence(make, reason):
    assert refusal(make()) == reason


XXE = b"""<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY x SYSTEM "file:///etc/hostname">]>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr">
<is><t>&x;</t></is></c></row></sheetData></worksheet>"""
LAUGHS = XXE.replace(b'SYSTEM "file:///etc/hostname"', b'"ha"')


@pytest.mark.parametrize(
    "part", [SHEET, "xl/workbook.xml", "xl/styles.xml", "docProps/core.xml", "[Content_Types].xml"]
)
@pytest.mark.parametrize("xml", [XXE, LAUGHS, XXE.decode().replace("?>", ' encoding="utf-16"?>', 1).encode("utf-16")])
def test_no_part_of_a_workbook_may_bring_entities_along(part, xml):
    assert refusal(with_part(workbook(HEADER, ANNA), part, xml)) == workbooks.DTD


def test_a_sheet_under_another_name_may_not_bring_entities_along_either():
    parts = parts_of(workbook(HEADER, ANNA))
    parts["xl/worksheets/sheet1.dat"] = XXE
    del parts[SHEET]
    for name in ("xl/_rels/workbook.xml.rels", "[Content_Types].xml"):
        parts[name] = parts[name].replace(b"sheet1.xml", b"sheet1.dat")

    assert refusal(packed(parts)) == workbooks.DTD


def test_a_part_that_says_less_than_it_holds_is_broken():
    content = bytearray(workbook(HEADER, ANNA))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = archive.getinfo(SHEET).file_size
    lied = bytes(content).replace(size.to_bytes(4, "little"), (size // 2).to_bytes(4, "little"))

    assert lied != bytes(content)
    assert refusal(lied) == workbooks.BROKEN
