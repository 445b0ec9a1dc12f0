"""Problems are grouped by what causes them, and the rows without any need not wait for the others."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse_lazy
from openpyxl import load_workbook

from bench.lists import read_table
from kompetenz.people.models import Person
from kompetenz.people.staff.causes import Problem, causes
from kompetenz.people.staff.columns import ERROR_COLUMN
from kompetenz.people.staff.comparing import compare, part_without_problems
from tests.kompetenz.people.staff.lists import FULL, text, workbook

UPLOAD, PREVIEW, ERRORS = (reverse_lazy(f"people:staff_{page}") for page in ("import", "preview", "errors"))
MANAGED = [*FULL[:3], "Führungskraft"]


@pytest.fixture
def hr(as_, cast):
    return as_(cast.paula)


def send(client, *rows, header=MANAGED):
    client.post(UPLOAD, {"file": SimpleUploadedFile("liste.csv", text(header, *rows))})
    return client.get(PREVIEW)


def problem(row, reason, **more):
    return Problem(f"A{row}", row, "", reason, "number", **more)


def test_the_same_reason_is_one_cause_whatever_numbers_cells_and_addresses_stand_in_it():
    problems = [
        problem(2, "Zu der Personalnummer 999 gibt es niemanden, auch nicht in der Liste.", value="999"),
        problem(3, "Zu der Personalnummer 888 gibt es niemanden, auch nicht in der Liste.", value="888"),
        problem(4, "Zu der Personalnummer 999 gibt es niemanden, auch nicht in der Liste.", value="999"),
        problem(5, "„x@“ ist keine E-Mail-Adresse.", value="x@"),
        problem(6, "Clara Chefin (0001) und noch jemand.", cause="Der Name ist nicht eindeutig."),
        problem(7, "Anna Ärmel (0003) und noch jemand.", cause="Der Name ist nicht eindeutig."),
    ]

    found, places = causes(problems, {"number": "Personalnummer"})

    assert [(one.title, one.column, one.count, one.values, one.rows) for one in found] == [
        (
            "Zu der Personalnummer … gibt es niemanden, auch nicht in der Liste.",
            "Personalnummer",
            3,
            [("999", 2), ("888", 1)],
            [2, 3, 4],
        ),
        ("Der Name ist nicht eindeutig.", "Personalnummer", 2, [], [6, 7]),
        ("„…“ ist keine E-Mail-Adresse.", "Personalnummer", 1, [("x@", 1)], [5]),
    ]
    assert sorted(places.values()) == [0, 1, 2]


def test_a_thousand_lines_of_one_cause_are_one_line_that_leads_to_them(hr):
    rows = [[f"1{n:04}", "Neu", "Nora", "999" if n % 2 else "31.12.2026"] for n in range(120)]

    page = send(hr, *rows, ["0100", "Neu", "", ""])
    told = page.context["preview"]
    one_cause = hr.get(PREVIEW, {"liste": "fehler", "ursache": "1"})

    assert [(cause["count"], cause["column"]) for cause in told["causes"]] == [
        (120, "Führungskraft (Personalnummer)"),
        (1, "Vorname"),
    ]
    assert told["causes"][0]["values"] == [["31.12.2026", 60], ["999", 60]]
    assert [row["reason"] for row in one_cause.context["page"]] == ["Vorname fehlt."]
    assert (told["wrong"], told["good"]) == (121, 0)
    assert 'id="uebernehmen"' not in page.text


ROWS = [
    ["0100", "Neu", "Nora", "0001"],
    ["0101", "", "Nils", ""],
    ["0102", "Neu", "Nele", "0101"],
    ["0103", "Neu", "Noah", "0102"],
]


def test_rows_without_errors_are_taken_over_and_the_others_wait(hr, cast):
    page = send(hr, *ROWS)
    told = page.context["preview"]
    done = hr.post(
        PREVIEW, {"read": told["stamp"], "only_good": "on", "all_missing": "on", "last_day": "2026-01-31"}, follow=True
    )

    assert (told["wrong"], told["good"], told["numbers"]["fehler"], told["numbers"]["neu"]) == (1, 3, 1, 3)
    assert "3 neu, 0 geändert, 0 ausgeschieden" in str(next(iter(done.context["messages"])))
    managers = Person.objects.filter(personnel_number__startswith="01").values_list(
        "personnel_number", "manager__personnel_number"
    )
    assert dict(managers) == {"0100": "0001", "0102": None, "0103": "0102"}
    assert told["hints"][-1].endswith("bei: Nele Neu (0102).")
    assert not Person.objects.exclude(leaving_date=None).exists()


def test_of_merged_cells_no_row_is_without_error(cast):
    def merge(book):
        book.active.merge_cells("C3:C4")

    table = read_table(workbook(MANAGED, *[[f"010{n}", "Neu", "Nora", "0001"] for n in range(4)], change=merge))

    left, found = part_without_problems(table, None)

    assert [row.number for row in left.rows] == [2, 5]
    assert (found.problems, [one.address for one in compare(table).problems]) == ([], ["C3:C4", "C4"])


def test_a_list_that_is_too_wrong_is_not_taken_over_at_all(hr):
    send(hr, ["0101", "", "Nils", ""])

    page = hr.post(PREVIEW, {"read": "", "only_good": "on"}, follow=True)

    assert not Person.objects.filter(personnel_number="0101").exists()
    assert page.status_code == 200


def test_the_same_list_comes_back_with_its_errors_in_a_column_and_can_be_sent_again(hr, cast):
    header = [*MANAGED, "Geburtsdatum", "Standort"]
    client_rows = [[*row, "12.03.1971", "=cmd|'/c calc'!A1"] for row in ROWS]
    hr.post(UPLOAD, {"file": SimpleUploadedFile("liste.csv", text(header, *client_rows))})
    form = hr.get(reverse_lazy("people:staff_mapping")).context["form"]
    hr.post(reverse_lazy("people:staff_mapping"), {name: form[name].value() for name in form.fields})
    response = hr.get(ERRORS)
    sheet = load_workbook(io.BytesIO(response.content)).active
    rows = [[cell.value for cell in row] for row in sheet]
    cells = [cell for row in sheet for cell in row]

    assert rows[0] == [ERROR_COLUMN, *MANAGED, "Standort"]
    assert [row[0] for row in rows[1:]] == [None, "Nachname fehlt.", None, None]
    assert [row[1] for row in rows[1:]] == ["0100", "0101", "0102", "0103"]
    assert {cell.data_type for cell in cells if cell.value} == {"s"}
    assert "1971" not in repr(rows)
    sheet["C3"] = "Neumann"
    mended = io.BytesIO()
    sheet.parent.save(mended)
    hr.post(UPLOAD, {"file": SimpleUploadedFile("liste.xlsx", mended.getvalue())})
    told = hr.get(PREVIEW, follow=True).context
    assert "form" in told


def test_without_a_list_there_are_no_errors_to_take_home(hr):
    assert hr.get(ERRORS).url == UPLOAD
