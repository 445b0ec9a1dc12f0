"""Workbooks: what people typed stays text, and what is printed fits on A4."""

import io
import re
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from kompetenz.documents import Bold, Column, Pages, Table, spreadsheet_response, workbook

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


def test_a_long_text_takes_several_lines_in_a_table_and_runs_on_above_it():
    long = "Donaudampfschifffahrtsgesellschaft"
    sheet = read(workbook(table([long, None], lines=[long, "Stand"])))["Liste"]

    assert (bool(sheet["A5"].alignment.wrap_text), bool(sheet["A1"].alignment.wrap_text)) == (True, False)


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
