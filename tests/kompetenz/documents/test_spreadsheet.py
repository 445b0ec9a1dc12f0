"""Workbooks: what people typed stays text, and what is printed fits on A4."""

import io
import re
import shutil
import subprocess
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from kompetenz.documents import Bold, Column, Pages, Table, spreadsheet_response, workbook
from kompetenz.documents.spreadsheet import LINE, letter, lines_of
from tests.pdf_text import in_the_margin, pages_of

COLUMNS = [Column("Person", 20), Column("seit", 12)]


def table(*rows, lines=("Liste", "Stand")):
    return Table("Liste", list(lines), COLUMNS, rows)


def read(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def xml_of(content, sheet=1):
    return zipfile.ZipFile(io.BytesIO(content)).read(f"xl/worksheets/sheet{sheet}.xml").decode()


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "=cmd|'/c calc'!A1",
        '=HYPERLINK("https://fremd.example";"hier")',
        "+49 3000",
        "-1",
        "@SUM(1)",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "=",
    ],
)
def test_what_looks_like_a_formula_stays_text(text):
    content = workbook(table([text, None]))

    cell = read(content)["Liste"]["A5"]
    assert (cell.value.replace("\r", "\n"), cell.data_type, bool(cell.quotePrefix)) == (
        text.replace("\r", "\n"),
        "s",
        True,
    )
    assert "<f>" not in xml_of(content)
    assert re.search(r'<c r="A5"[^>]* t="inlineStr"', xml_of(content))


@pytest.mark.parametrize("text", ["#N/A", "#REF!", "TRUE", "007", "1e5", "2026-01-01", "Ärmel & <Söhne>", " Rand "])
def test_a_text_is_never_taken_for_something_else(text):
    cell = read(workbook(table([text, None])))["Liste"]["A5"]

    assert (cell.value, cell.data_type) == (text, "s")


def test_the_title_of_a_round_is_no_formula_either():
    content = workbook(table(["a", None], lines=["=1+1", "@Stand"]))

    sheet = read(content)["Liste"]
    assert [(sheet[place].value, sheet[place].data_type) for place in ("A1", "A2")] == [("=1+1", "s"), ("@Stand", "s")]


def test_characters_that_xml_does_not_know_are_left_out():
    sheet = read(workbook(table(["a\x00b\x0bc\x1fd", None])))["Liste"]

    assert sheet["A5"].value == "abcd"


def test_numbers_and_days_are_what_they_are():
    sheet = read(workbook(table([Decimal("7.5"), date(2026, 3, 1)], [None, None])))["Liste"]

    assert (sheet["A5"].value, sheet["A5"].data_type) == (7.5, "n")
    assert (sheet["B5"].value.date(), sheet["B5"].number_format) == (date(2026, 3, 1), "DD.MM.YYYY")
    assert (sheet["A6"].value, sheet["B6"].value) == (None, None)


def test_a_table_is_ready_to_read_and_to_print():
    content = workbook(table(["a", None], ["b", None]), footer="Vertraulich & geheim")

    sheet = read(content)["Liste"]
    assert [cell.value for cell in sheet["A"]] == ["Liste", "Stand", None, "Person", "a", "b"]
    assert [sheet[place].font.bold for place in ("A1", "A2", "A4", "B4", "A5")] == [True, False, True, True, False]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("B5", "A4:B6", "$4:$4")
    assert [sheet.column_dimensions[letter].width for letter in "AB"] == [20, 12]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (
        "landscape",
        9,
        0,
    )
    assert sheet.sheet_properties.pageSetUpPr.fitToPage is True
    assert (
        '<oddFooter>&amp;L&amp;"Arial,Regular"&amp;8Vertraulich &amp;&amp; geheim&amp;R&amp;"Arial,Regular"&amp;8Seite &amp;P von &amp;N</oddFooter>'
        in (xml_of(content))
    )


def test_an_empty_table_has_its_headings():
    sheet = read(workbook(table()))["Liste"]

    assert ([cell.value for cell in sheet[4]], sheet.auto_filter.ref) == (["Person", "seit"], "A4:B4")


def test_a_long_text_takes_several_lines_in_a_table_and_several_rows_above_it():
    long = "Donaudampfschifffahrtsgesellschaft"
    sheet = read(workbook(table([long, None], lines=["Liste", f"Auszug für: {long}, mit allen Maßnahmen"])))["Liste"]

    above = [row[0] for row in sheet.iter_rows(max_row=4, values_only=True)]
    assert above == ["Liste", "Auszug für: Donaudampfschiff", "fahrtsgesellschaft, mit", "allen Maßnahmen"]
    assert (sheet["A6"].value, sheet["A7"].alignment.wrap_text, sheet.print_title_rows) == ("Person", True, "$6:$6")


def test_pages_break_one_after_the_other():
    pages = [[[Bold("Anna")], ["Stunden", 3]], [[Bold("Dora")]]]
    sheet = read(workbook(Pages("Seiten", [10, 5], pages)))["Seiten"]

    assert [cell.value for cell in sheet["A"]] == ["Anna", "Stunden", "Dora"]
    assert [page.id for page in sheet.row_breaks.brk] == [2, 3]
    assert (sheet.page_setup.orientation, sheet["A1"].font.bold, sheet["A2"].font.bold) == ("portrait", True, False)


def test_the_answer_is_kept_by_nobody_but_whoever_asked():
    response = spreadsheet_response(b"x", "Liste-Ärmel.xlsx")

    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Disposition"] == "attachment; filename*=utf-8''Liste-%C3%84rmel.xlsx"
    assert response.headers["Content-Type"].endswith("spreadsheetml.sheet")


# --- what it looks like --------------------------------------------------------------------------------------------------


def test_every_cell_has_one_font_by_name_and_days_do_not_touch_what_follows():
    sheet = read(workbook(table(["Ärmel", date(2026, 3, 1)], [Bold("Summe"), Decimal("7.5")])))["Liste"]

    assert {(cell.font.name, cell.font.size) for row in sheet for cell in row} == {("Arial", 10)}
    assert (sheet["B5"].alignment.horizontal, sheet["B6"].alignment.horizontal, sheet["B6"].alignment.indent) == (
        "left", "right", 1,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("Ärmel", 20, 1),
        ("a\nb\nc", 20, 3),
        ("eins zwei drei vier fünf", 10, 3),
        ("W" * 45, 10, 5),
        ("eins " + "W" * 20, 10, 4),
        (None, 10, 1),
        (Decimal(123456789012), 5, 1),
        ("länger als jede Spalte", None, 1),
    ],
)
def test_a_text_takes_as_many_lines_as_its_column_needs(text, width, lines):
    assert lines_of(text, width) == lines


def test_a_row_is_as_high_as_its_longest_text_and_all_of_it_begins_at_the_top():
    sheet = read(workbook(table(["Donaudampfschifffahrt und Kapitänspatent", "kurz"], ["a", "b"])))["Liste"]

    assert (sheet.row_dimensions[5].height, sheet.row_dimensions[6].height) == (3 * LINE, None)
    assert [sheet[place].alignment.vertical for place in ("A5", "B5")] == ["top", "top"]


@pytest.mark.parametrize(("columns", "across"), [(5, 1), (8, 1), (9, 2), (16, 2), (17, 3)])
def test_a_wide_table_is_printed_on_several_sheets_with_its_first_column_on_each(columns, across):
    wide = Table("Liste", ["Liste"], [Column(str(number), 20) for number in range(columns)], [["a"] * columns])
    sheet = read(workbook(wide))["Liste"]

    assert (sheet.page_setup.fitToWidth, sheet.print_title_cols) == (across, "$A:$A" if across > 1 else None)
    assert sheet.print_area == f"'Liste'!$A$1:${letter(columns)}$4"


@pytest.mark.parametrize(("columns", "beside"), [(9, 5), (16, 8), (17, 6), (25, 6)])
def test_the_lines_above_a_wide_table_end_on_its_first_sheet(columns, beside):
    """The first column is printed on every sheet, and what begins in it would begin anew, and be cut at its edge."""
    long = "Auszug für das Amt " * 40
    wide = Table("Liste", ["Liste", long], [Column(str(number), 20) for number in range(columns)], [["a"] * columns])
    sheet = read(workbook(wide))["Liste"]

    above = sheet.iter_rows(max_col=2, values_only=True)
    lines = [line for first, line in above if first is None and line]
    assert lines[0] == "Liste"
    assert " ".join(lines[1:]) == long.strip()
    assert beside * 20 * 0.8 < max(map(len, lines)) <= beside * 20 * 0.9


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_prints_all_of_a_list_upon_a4_under_its_head(tmp_path):
    rows = [[f"Person {number}, in der Abteilung für Digitalisierung", date(2026, 3, 1)] for number in range(80)]
    (tmp_path / "liste.xlsx").write_bytes(workbook(table(*rows), footer="Vertraulich"))
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"

    command = ["soffice", "--headless", home, "--convert-to", "pdf", "--outdir", tmp_path, tmp_path / "liste.xlsx"]
    subprocess.run(command, check=True, capture_output=True, timeout=120)

    printed = (tmp_path / "liste.pdf").read_bytes()
    pages = pages_of(printed)
    assert [number for number in range(80) if f"Person {number}," not in " ".join(pages)] == []
    assert len(pages) > 1
    assert all("Person seit" in page and "Vertraulich" in page for page in pages)
    assert all(f"Seite {number} von {len(pages)}" in page for number, page in enumerate(pages, 1))
    assert in_the_margin(printed, margin=30) == []
