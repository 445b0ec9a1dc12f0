"""Headings as people write them."""

import csv
import io

import pytest
from openpyxl import load_workbook

from bench.lists import read_table
from kompetenz.people.staff.cells import letter_of
from kompetenz.people.staff.columns import ListColumn, columns, is_never_read, recognised, targets
from kompetenz.people.staff.table import NO_ROWS
from kompetenz.people.staff.template import as_csv
from kompetenz.people.staff.template_workbook import as_workbook
from kompetenz.refusals import Refused


def meaning(heading):
    found = recognised(heading)
    return found.key if isinstance(found, ListColumn) else found


@pytest.mark.parametrize(
    ("key", "headings"),
    [
        ("number", ["Personalnummer", "PERSONALNUMMER", " Personal-Nr. ", "Pers.-Nr.:", "Pers.Nr.*", "PNR", "Personalnummer (Pflicht)"]),
        ("last_name", ["Nachname", "Name", "Familienname", "NACHNAME*", "Nach-\nname"]),
        ("first_name", ["Vorname", "Vornamen", "Rufname"]),
        ("email", ["E-Mail", "EMail", "Mail", "e-mail adresse", "E-Mail (dienstlich)", "Dienstliche E-Mail-Adresse"]),
        ("unit_number", ["Organisationseinheit-Nr.", "OE-Nr.", "OE", "Org.-Einheit-Nr", "Organisationseinheit", "OE (Nr.)"]),
        ("unit_name", ["OE-Bezeichnung", "OE Name", "Bezeichnung der Organisationseinheit"]),
        ("unit_parent", ["Übergeordnete OE", "übergeordnete OE-Nr.", "Uebergeordnete OE", "Ubergeordnete OE"]),
        ("manager", [
            "Vorgesetzte*r (Personalnummer)", "Vorgesetzter", "Vorgesetzte/r", "Vorgesetzte:r", "Vorgesetzte_r", "Vorgesetzte(r)",
            "Führungskraft", "Fuehrungskraft", "Führungskraft (Pers.-Nr.)", "Personalnummer Führungskraft",
        ]),
        ("leaving_date", ["Austritt", "Austrittsdatum", "Austritt am:", "Austritt (TT.MM.JJJJ)", "letzter Arbeitstag"]),
        ("role", ["Funktion/Rolle", "Rolle", "Rollenprofil", "Funktion"]),
        ("Vertretung", ["Vertretung", "Stellvertretung", "Vertreter*in"]),
        ("Eintritt", ["Eintritt", "Eintrittsdatum", "beschäftigt seit"]),
        (None, ["", "Bemerkung", "Telefon", "E-Mail (privat)", "Führungskraft Name", "Name der Führungskraft", "Nachname (Geburtsname)"]),
    ],
)  # fmt: skip
def test_headings_are_recognised_however_they_are_written(key, headings):
    assert {heading: meaning(heading) for heading in headings} == dict.fromkeys(headings, key)


@pytest.mark.parametrize(
    "heading",
    [
        "Geburtsdatum",
        "geb. am",
        "Geschlecht",
        "Entgeltgruppe",
        "GdB",
        "E-Mail (privat)",
        "Schwerbehinderung*",
        "Gebdat",
        "EntgGr.",
        "Geb.-Datum",
    ],
)
def test_data_that_do_not_belong_here_are_known_as_such(heading):
    assert (is_never_read(heading), meaning(heading)) == (True, None)


def test_no_heading_means_two_things():
    spellings = [name for column in targets() for name in (column.title, *column.aliases.split())]

    assert {meaning(name) for name in spellings} == {column.key for column in targets()}
    assert all(meaning(name) == column.key for column in targets() for name in (column.title, *column.aliases.split()))


@pytest.mark.parametrize(("place", "letter"), [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (703, "AAA")])
def test_columns_are_lettered_as_in_excel(place, letter):
    assert letter_of(place) == letter


def test_the_template_asks_for_what_is_read_and_for_nothing_else():
    titles = [column.title for column in columns()]
    book = load_workbook(io.BytesIO(as_workbook()))
    rows = list(csv.reader(io.StringIO(as_csv().decode("utf-8-sig")), delimiter=";"))

    assert [cell.value for cell in book["Personalliste"][1]] == titles == rows[0]
    assert not {"Vertretung", "Eintritt"} & set(titles)
    assert [row[0].value for row in book["Erklärungen"]["A2" : f"A{len(titles) + 1}"]] == titles
    assert as_csv().startswith(b"\xef\xbb\xbf")


def test_the_template_keeps_zeros_for_whoever_fills_it_in():
    sheet = load_workbook(io.BytesIO(as_workbook()))["Personalliste"]

    assert (sheet["A2"].value, sheet["A2"].number_format) == ("000815", "@")
    assert sheet.column_dimensions["A"].number_format == "@"


@pytest.mark.parametrize("make", [as_workbook, as_csv])
def test_the_examples_of_the_template_are_nobody(make):
    with pytest.raises(Refused, match=NO_ROWS):
        read_table(make())


def test_examples_left_above_real_people_are_skipped_and_counted():
    table = read_table(as_csv() + "0042;Ärmel;Anna\r\n".encode())

    assert ([row.cells["number"].text for row in table.rows], table.examples) == (["0042"], 2)
