"""What arrives as a file: read as a list, or refused with one sentence."""

import io
import random
import re
import struct
import zipfile
from datetime import date, time
from itertools import count
from time import process_time

import pytest
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from bench.lists import read_table
from kompetenz.people.staff import (
    hidden_in_binary,
    mapping,
    marked_up,
    other_books,
    reading,
    sheet_cells,
    values,
    workbooks,
)
from kompetenz.people.staff.cells import DATE, LOCKED, MIB, NOT_A_LIST, TOO_MANY_ROWS, TOO_WIDE, ListCell
from kompetenz.people.staff.charsets import UNKNOWN_ENCODING, decoded
from kompetenz.people.staff.comparing import compare
from kompetenz.people.staff.csv_files import ENDLESS_CELL, unwrapped
from kompetenz.people.staff.other_books import sheets_of_other_book
from kompetenz.people.staff.raw_lists import NO_HEADER, RawList, is_below_a_header, read_raw
from kompetenz.people.staff.sheet_cells import text_cell
from kompetenz.people.staff.table import MERGED, NO_ROWS, SHIFTED, StaffList, table_of
from kompetenz.people.staff.workbooks import check_parts
from kompetenz.refusals import Refused
from tests.kompetenz.people.staff.lists import HEADER, packed, parts_of, text, with_part, workbook
from tests.kompetenz.people.staff.other_books import ods, record, strict, wide_text, xls, xlsb

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
    assert second.cells["leaving_date"].text == "Fehlerwert #NV statt eines Wertes."
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


@pytest.mark.parametrize(
    "rows",
    [
        [
            ["Mitarbeiter", "Austritt"],
            ["000042 Şahin, Änne", ""],
            ["000043 Berg, Bo", "31.12.2098"],
            ["000044 Lang, Udo", ""],
            ["000045 Kurz, Ida", "31.12.2098"],
        ],
        [
            ["Personalnummer", "Name, Vorname", "E-Mail"],
            ["142", "Şahin, Änne", "anna@test.example"],
            ["143", "Neuhof, Bo", ""],
            ["144", "Lang, Udo", ""],
            ["145", "Kurz, Ida", "ida@test.example"],
        ],
    ],
)
def test_whoever_has_nothing_but_a_number_and_a_name_is_no_unit_of_those_below(rows):
    table = read_table(text(*rows))

    assert [row.cells["first_name"].text for row in table.rows] == ["Änne", "Bo", "Udo", "Ida"]
    assert "unit_path" not in table.letters


@pytest.mark.parametrize(
    "deputy", ["Stellv. Leitung: Udo Lang", "Amt 20 stellvertretende Leitung: Udo Lang", "Vertretung: Udo Lang"]
)
def test_whoever_stands_in_for_the_head_of_a_unit_is_nobodys_manager_by_that(deputy):
    rows = [
        ["Amt 20"],
        ["Leitung: Frau Ida Kurz"],
        [deputy],
        ANNA[:3],
        ["0043", "Kurz", "Ida"],
        ["Amt 30"],
        ["0044", "Lang", "Udo"],
    ]

    said = [
        [row.cells.get(key) for key in ("unit_path", "manager")] for row in read_table(workbook(HEADER[:3], *rows)).rows
    ]

    assert said == [[ListCell("Amt 20"), ListCell("Ida Kurz")], [ListCell("Amt 20"), None], [ListCell("Amt 30"), None]]


def test_whoever_has_a_number_and_no_name_is_to_be_mended_and_no_unit():
    rows = [["A0042", "Şahin", "Änne"], ["A0043", None, None], ["A0044", "Berg", "Bo"]]

    table = read_table(workbook(HEADER[:3], *rows))

    assert [row.cells["number"].text for row in table.rows] == ["A0042", "A0043", "A0044"]
    assert "unit_path" not in table.letters


def test_somebody_whose_first_name_is_missing_is_no_sum_for_what_their_unit_is_called():
    table = read_table(workbook([*HEADER[:3], "OE-Nr."], [*ANNA[:3], "20"], ["0043", "Berg", None, "Personal gesamt"]))

    assert [row.number for row in table.rows] == [2, 3]


def test_sums_titles_between_the_rows_and_headings_repeated_on_each_page_are_no_people():
    rows = [ANNA, ["Amt 20"], HEADER, ["0043", "Berg", "Bo", None], [None, "Summe", None, "2"], ["Gesamt: 2"]]

    table = read_table(workbook(["Personalliste"], HEADER, *rows))

    assert [row.number for row in table.rows] == [3, 6]
    assert [row.cells.get("unit_path") for row in table.rows] == [None, ListCell("Amt 20")]
    assert table.no_people == ["Zeile 7 „Summe“", "Zeile 8 „Gesamt: 2“"]


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


def spreadsheet_of_2003(table, doctype=""):
    xmlns = "urn:schemas-microsoft-com:office:spreadsheet"
    return f'<?xml version="1.0"?>{doctype}<Workbook xmlns="{xmlns}"><Worksheet><Table>{table}</Worksheet></Workbook>'.encode()


def renamed_exe():
    return (
        b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + b"\0" * 200 + b"This program cannot be run in DOS mode."
    )


@pytest.mark.parametrize("said", ["", "Berg", "2026-02-30T00:00:00.000"])
def test_what_calls_itself_a_day_in_excels_xml_and_is_none_is_a_text(said):
    assert marked_up.cell_of(said, "DateTime", 0) == text_cell(said)
    assert marked_up.cell_of("2026-02-28T00:00:00.000", "DateTime", 0) == ListCell("2026-02-28", DATE)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: b"", reading.EMPTY),
        (lambda: b" \r\n\r\n ", reading.EMPTY),
        (renamed_exe, NOT_A_LIST),
        (lambda: b"<html><body>Personalnummer</body></html>", NOT_A_LIST),
        (lambda: b"<html><table><tr><td>Personalnummer</td></tr></table></html>", NO_HEADER),
        (lambda: b"<html><table><tr>" + b"<td>x</td>" * 250 + b"</tr></table></html>", TOO_WIDE),
        (lambda: b"<table><tr><td><![broken]></table>", NOT_A_LIST),
        (lambda: b"<table>" + b"<tr><td>x" * 20_030 + b"</table>", TOO_MANY_ROWS),
        (lambda: spreadsheet_of_2003("<Row><Cell>"), workbooks.BROKEN),
        (lambda: spreadsheet_of_2003('<Row><Cell Index="0"><Data>x</Data></Cell></Row></Table>'), workbooks.BROKEN),
        (lambda: spreadsheet_of_2003("</Table>", "<!DOCTYPE Workbook [<!ENTITY x 'y'>]>"), workbooks.DTD),
        (lambda: b"%PDF-1.7\nPersonalnummer;Nachname;Vorname\n", NOT_A_LIST),
        (
            lambda: b"MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nPersonalnummer;Nachname;Vorname\r\n",
            NOT_A_LIST,
        ),
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


@pytest.mark.parametrize("charset", ["cp273", "cp500"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\x85"])
def test_text_of_a_mainframe_is_read_in_the_encoding_it_is_in(charset, newline):
    rows = [HEADER, ["0042", "Müller", "Käthe", "kaethe@test.example"]]

    raw = read_raw(newline.join(map(";".join, rows)).encode(charset))

    assert (raw.charset, raw.in_doubt, raw.sheets[0].column(1)) == (charset, False, ["Müller"])
    other = {"cp273": "cp500", "cp500": "cp273"}[charset]
    raw.read_as(other)
    raw.read_as(charset)
    assert raw.sheets[0].column(3) == ["kaethe@test.example"]


def test_text_of_a_mainframe_in_which_nothing_tells_its_kinds_apart_is_in_nobodys_doubt():
    raw = read_raw("\n".join(map(";".join, [HEADER[:3], ["0042", "Berg", "Anna"]])).encode("cp500"))

    assert (raw.sheets[0].column(1), raw.in_doubt) == (["Berg"], False)


def test_a_count_below_a_group_is_nobody_and_whoever_is_called_so_is_read():
    rows = [
        ["41", "Anzahl", "Anna"],
        ["42", "Ende", "Eva"],
        [2, "Anzahl", None],
        [2, None, "Summe"],
        [3, "Anzahl", None],
        ["0003", "Zahl", None],
    ]

    table = read_table(workbook(HEADER[:3], *rows))

    assert [row.number for row in table.rows] == [
        2,
        3,
        6,
        7,
    ]  # three are more than stand above; 0003 is a number of somebody's
    assert table.no_people == ["Zeile 4 „Anzahl“", "Zeile 5 „Summe“"]


def test_a_post_without_anybody_is_nobody_and_whoever_is_called_so_is_read():
    rows = [
        ["41", "Vakant", "Vera"],
        [None, "N.N.", None],
        [None, "vakant", "vakant"],
        ["unbesetzt", None, None],
        [None, "Frei", "Fritz"],
    ]

    assert [row.number for row in read_table(workbook(HEADER[:3], *rows)).rows] == [2, 6]


def test_a_unit_above_its_people_counts_for_them_and_so_does_who_leads_it_but_for_themselves():
    rows = [
        ["Dezernat I"],
        ["Amt 10 (Leitung: Dr. Chefin, Clara)"],
        ["41", "Chefin", "Clara"],
        ["42", "Berg", "Bo"],
        ["Amt 20"],
        ["43", "Neu", "Nils"],
    ]

    told = [
        [(cell and cell.text) for cell in map(row.cells.get, ("unit_path", "manager"))]
        for row in read_table(workbook(HEADER[:3], *rows)).rows
    ]

    assert told == [
        ["Dezernat I › Amt 10", None],
        ["Dezernat I › Amt 10", "Dr. Chefin, Clara"],
        ["Dezernat I › Amt 20", None],
    ]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (["Amt 40", "Leitung: Chefin, Clara"], ("Amt 40", "Chefin, Clara")),
        (["Amt 40 Schulamt – Amtsleiterin: Clara Chefin"], ("Amt 40 Schulamt", "Clara Chefin")),
        (["Organisationseinheit: 40 Schulamt"], ("40 Schulamt", None)),
        ([None, "40", "Schulamt"], ("40 Schulamt", None)),
        (["42", "Neu"], None),
    ],
)
def test_units_and_who_leads_them_are_found_above_their_people_in_several_words(row, told):
    found = read_table(workbook(HEADER[:3], row, ["41", "Berg", "Bo"])).rows[-1].cells

    assert tuple((cell := found.get(key)) and cell.text for key in ("unit_path", "manager")) == (told or (None, None))


def test_what_is_left_of_a_persons_row_is_no_unit_of_those_below():
    table = read_table(workbook(HEADER[:3], ["41", "Berg", "Bo"], [None, "Neu", None], ["42", "Nordmann", "Nils"]))

    assert ("unit_path" in table.letters, table.no_people) == (False, ["Zeile 3 „Neu“"])


def test_a_name_alone_in_a_row_makes_no_unit_where_the_list_has_a_column_for_units():
    table = read_table(
        workbook([*HEADER[:3], "OE-Nr."], ["41", "Berg", "Bo", "20"], ["Amt 10"], ["42", "Neu", "Nils", "20"])
    )

    assert ([row.cells["unit_number"].text for row in table.rows], table.no_people) == (
        ["20", "20"],
        ["Zeile 3 „Amt 10“"],
    )


def test_a_unit_that_stands_in_the_first_row_of_its_people_counts_for_the_others():
    units = ["10 Hauptamt", None, "20 Kasse", None, "40 Schulamt", None]
    grouped, scattered, own = (
        read_table(workbook([*HEADER[:3], heading], *([f"4{n}", "A", "A", unit] for n, unit in enumerate(said))))
        for heading, said in (
            ("Amt", units),
            ("Amt", [*units[:4], "10 Hauptamt", None]),
            ("Organisationseinheit-Nr.", [unit and unit[:2] for unit in units]),
        )
    )

    assert [row.cells["unit_path"].text for row in grouped.rows] == [unit for unit in units[::2] for _ in range(2)]
    assert (grouped.filled, scattered.filled, own.filled) == (["Amt"], [], [])
    assert "unit_path" not in scattered.rows[5].cells


def test_cells_that_are_merged_downwards_say_a_unit_of_all_these_rows_and_nobodys_name():
    rows = [["41", "A", "A", "Hauptamt"], ["42", "B", "B", None], ["43", "C", "C", "Kasse"]]

    def merge(book):
        book.active.merge_cells("D2:D3")
        book.active.merge_cells("B3:B4")

    table = read_table(workbook([*HEADER[:3], "Amt"], *rows, change=merge))

    assert [row.cells["unit_path"].text for row in table.rows] == ["Hauptamt", "Hauptamt", "Kasse"]
    assert [name for name, _, _ in table.merged] == ["B3:B4"]


def test_a_row_of_a_text_with_more_fields_than_the_header_is_named(db):
    rows = ["0042,Berg,Bo", "0043,Neu, Nora,Nora", "0044,Neu,Nils"]

    problems = compare(read_table("\n".join([",".join(HEADER[:3]), *rows]).encode())).problems

    assert [(one.address, one.reason) for one in problems] == [("Zeile 3", SHIFTED)]


def test_sheets_with_the_same_columns_are_one_list_unless_somebody_stands_on_two(db):
    def more(number):
        def add(book):
            book.create_sheet("Bauhof").append(HEADER)
            book["Bauhof"].append([number, "Neu", "Nora", "falsch"])

        return add

    parts, months = (read_raw(workbook(HEADER, ANNA, change=more(number))) for number in ("0043", "0042"))
    problems = compare(read_table(workbook(HEADER, ANNA, change=more("0043")))).problems

    assert [sheet.name for sheet in parts.sheets] == ["Personal", "Bauhof", "Alle 2 Blätter zusammen"]
    assert (parts.likeliest, len(months.sheets), months.likeliest) == (2, 2, 0)
    assert [one.text for one in parts.sheets[2].rows[1][1][-1:]] == ["Bauhof"]
    assert [one.address for one in problems] == ["D2 auf Blatt 2"]


def test_whoever_stands_on_a_sheet_of_those_who_have_left_is_not_read_with_the_others_unasked():
    def add(book):
        book.create_sheet("Ausgeschiedene 2026").append(HEADER)
        book["Ausgeschiedene 2026"].append(["0043", "Neu", "Nora", ""])

    raw = read_raw(workbook(HEADER, ANNA, change=add))

    assert [sheet.name for sheet in raw.sheets] == ["Personal", "Ausgeschiedene 2026"]
    assert raw.likeliest == 0


def test_headings_below_those_of_groups_are_read_with_them():
    rows = [
        ["Person", None, None, "Führungskraft", None],
        ["Pers.-Nr.", "Nachname", "Vorname", "Pers.-Nr.", "Name"],
        ["41", "A", "A", "42", "B"],
    ]

    assert cells(workbook(*rows)) == {"number": "41", "last_name": "A", "first_name": "A", "manager": "42"}


def test_rows_that_calc_does_not_show_are_known():
    sheet = read_raw(ods(HEADER, ANNA, ["0043", "Berg", "Bo", "bo@test.example"], hidden={3})).sheets[0]

    assert ([number for number, _ in sheet.rows], sheet.hidden) == ([2, 3], [3])


def hides_the_mail(book):
    book.active.column_dimensions["D"].hidden = True


SPREADSHEET_CELL = '<Cell><Data ss:Type="String">{}</Data></Cell>'
SPREADSHEET_WITH_A_HIDDEN_COLUMN = (
    '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
    '<Worksheet ss:Name="Personal"><Table><Column ss:Index="4" ss:Hidden="1"/>'
    + "".join(f"<Row>{''.join(map(SPREADSHEET_CELL.format, row))}</Row>" for row in (HEADER, ANNA))
    + "</Table></Worksheet></Workbook>"
).encode()


@pytest.mark.parametrize(
    "content",
    [
        workbook(HEADER, ANNA, change=hides_the_mail),
        strict(HEADER, ANNA, change=hides_the_mail),
        ods(HEADER, ANNA, hidden_columns=(4,)),
        xls(HEADER, ANNA, hidden_columns=(4,)),
        xlsb(HEADER, ANNA, hidden_columns=(4,)),
        SPREADSHEET_WITH_A_HIDDEN_COLUMN,
    ],
)
def test_columns_that_are_not_shown_are_named(content):
    table = read_table(content)

    assert (table.hidden_columns, table.hides_unseen) == (["E-Mail"], False)


@pytest.mark.parametrize("make", [xls, xlsb, ods])
def test_rows_that_other_books_do_not_show_are_asked_about(make):
    raw = read_raw(make(HEADER, ANNA, ["0043", "Berg", "Bo"], ["0044", "Carl", "Ida"], hidden=(3,)))

    assert (raw.sheets[0].hidden, raw.sheets[0].hides_unseen) == ([3], False)


def test_of_a_file_whose_hidden_rows_nobody_can_tell_the_preview_says_so(cast, monkeypatch):
    monkeypatch.setattr(hidden_in_binary, "BOOKS", ())

    told = compare(read_table(xls(HEADER, ANNA)))

    assert [hint for hint in told.hints if hint.startswith("Ob in dieser Datei Zeilen ausgeblendet")]


@pytest.mark.parametrize("make", [xls, xlsb])
def test_a_broken_workbook_tells_no_hidden_rows_and_breaks_nothing(make):
    content, chance, told = make(HEADER, ANNA, hidden=(2,)), random.Random(7), []

    for _ in range(200):
        broken = bytearray(content)
        for _ in range(5):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        found = hidden_in_binary.not_shown_in_binary(bytes(broken))

        assert found is None or all(len(marks) == 2 for marks in found.values())
        told.append(found)

    assert any(told) == (make is xls)  # most damage is elsewhere; of a ZIP no byte may be another


@pytest.mark.parametrize("make", [xls, xlsb])
def test_endless_records_of_a_workbook_are_not_all_read(make, monkeypatch):
    monkeypatch.setattr(hidden_in_binary, "MOST_RECORDS", 3)

    assert hidden_in_binary.not_shown_in_binary(make(HEADER, ANNA)) is None


def test_records_of_all_parts_of_a_workbook_count_together(monkeypatch):
    content = xlsb(HEADER, ANNA)
    sheet = parts_of(content)["xl/worksheets/sheet1.bin"]
    monkeypatch.setattr(
        hidden_in_binary, "MOST_RECORDS", sum(1 for _ in hidden_in_binary.records_of_xlsb(sheet, count()))
    )

    assert hidden_in_binary.not_shown_in_binary(content) is None


def test_a_list_of_sectors_that_names_itself_has_an_end():
    head = bytearray(512)
    struct.pack_into("<H", head, 30, 9)
    struct.pack_into("<I", head, 68, 0)
    struct.pack_into("<109I", head, 76, *[0xFFFFFFFF] * 109)
    itself = struct.pack("<128I", *[0xFFFFFFFF] * 127, 0)

    assert hidden_in_binary.not_shown_in_binary(bytes(head) + itself) is None


def test_a_part_that_is_said_to_be_two_sheets_is_not_read_twice():
    twice = struct.pack("<II", 0, 1) + wide_text("rId1")
    book = record(0x83) + b"".join(record(0x9C, twice + wide_text(name)) for name in ("Personal", "Noch einmal"))
    content = packed(parts_of(xlsb(HEADER, ANNA, hidden=(2,))) | {"xl/workbook.bin": book})

    assert hidden_in_binary.not_shown_in_binary(content) is None


def test_columns_that_are_hidden_many_times_are_told_once():
    content = xlsb(HEADER, ANNA, hidden_columns=(4, 4, 4))

    assert hidden_in_binary.not_shown_in_binary(content) == {"Personal": ([], [3])}


def test_of_a_sheet_of_which_its_records_do_not_tell_nobody_knows_what_is_hidden():
    [sheet] = sheets_of_other_book(xls(HEADER, ANNA), {"Anders": ([], [])})

    assert sheet.hides_unseen


def test_parts_of_a_calc_workbook_may_have_names_of_windows():
    parts = {name.replace("/", "\\"): part for name, part in parts_of(ods(HEADER, ANNA)).items()}

    assert check_parts(packed(parts)) == {"mimetype", "META-INF/manifest.xml", "content.xml"}


def test_an_endless_text_below_the_head_is_looked_at_as_far_as_it_counts():
    begun = process_time()

    assert is_below_a_header([ListCell("max" + " -" * 4000 + "\nx")] * 3)
    assert process_time() - begun < 1


def test_rows_that_are_struck_out_are_asked_about_as_hidden_ones_are():
    def strike(book):
        for row in (3, 4):
            for cell in book.active[row][: 4 if row == 3 else 2]:
                cell.font = Font(strike=True)

    raw = read_raw(
        workbook(HEADER, ANNA, ["0043", "Berg", "Bo", "b@test.example"], ["0044", "Carl", "Ida"], change=strike)
    )

    assert raw.sheets[0].hidden == [3]


def test_a_header_of_other_columns_begins_a_table_of_its_own():
    raw = read_raw(workbook(HEADER, ANNA, [], ["Name", "Vorname", "Personalnummer"], ["Berg", "Bo", "0043"]))

    assert [(one.name, one.header_row, len(one.rows)) for one in raw.sheets] == [
        ("Personal", 1, 1),
        ("Personal (2. Tabelle)", 4, 1),
    ]


def test_the_same_header_once_more_is_that_of_a_further_page():
    raw = read_raw(workbook(HEADER, ANNA, [f"{one.upper()}:" for one in HEADER], ["0043", "Berg", "Bo"]))

    assert [len(one.rows) for one in raw.sheets] == [2]


def test_tables_side_by_side_are_refused_and_a_managers_number_beside_is_no_table():
    assert "ab Spalte A und ab Spalte F" in refusal(workbook([*HEADER, None, *HEADER], [*ANNA, None, *ANNA]))
    assert read_table(workbook([*HEADER, "Personalnummer", "Name"], [*ANNA, "1", "B"])).unknown == [
        "Personalnummer",
        "Name",
    ]


@pytest.mark.parametrize(
    ("vacant", "manager"),
    [
        (["", "N.N.", "", "p2", "p1"], "0001"),
        (["", "", "", "p2", "p1"], "0001"),
        (["", "", "", "p2", "p3"], "Die Planstelle p3 steht nicht in der Liste."),
        (["", "", "", "p2", "p2"], None),
        (["0004", "Dorn", "Udo", "p2", "p1"], "0004"),
    ],
)
def test_whoever_holds_the_post_above_leads_and_above_a_vacant_one_the_next(vacant, manager):
    header = [*HEADER[:3], "Planstelle", "Übergeordnete Planstelle"]
    content = workbook(header, ["0001", "Abel", "Uwe", "p1", ""], ["0003", "Carl", "Ida", "p9", "p2"], vacant)

    cell = read_table(content).rows[1].cells.get("manager")

    assert (cell and cell.text) == manager


def test_of_a_post_that_several_hold_nobody_is_known_to_lead():
    header = [*HEADER[:3], "Planstelle", "Übergeordnete Planstelle"]
    rows = ["0001", "Abel", "Uwe", "p1", ""], ["0002", "Berg", "Bo", "p1", ""], ["0003", "Carl", "Ida", "p9", "p1"]

    cell = read_table(workbook(header, *rows)).rows[2].cells["manager"]

    assert cell == ListCell("Die Planstelle p1 haben mehrere Personen: 0001, 0002.", "wrong")


def test_a_line_that_opens_a_quote_and_never_closes_it_is_soon_read():
    text = '"' + ";" * 1_000_000 + "\nein Wort"
    assert unwrapped(text) == text
