"""What a cell may hold, and what is said of it otherwise."""

from datetime import date

import pytest

from kompetenz.people.staff import days, values
from kompetenz.people.staff.cells import DATE, NUMBER, TEXT, WRONG, ListCell
from kompetenz.refusals import Refused
from kompetenz.text import NOT_PRINTED


def reason(read, cell):
    with pytest.raises(Refused) as wrong:
        read(cell)
    return str(wrong.value)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (ListCell("31.12.2026"), date(2026, 12, 31)),
        (ListCell(" 1.2.2027 "), date(2027, 2, 1)),
        (ListCell("31.12.26"), date(2026, 12, 31)),
        (ListCell("30. Juni 2027"), date(2027, 6, 30)),
        (ListCell("30-JUN-27"), date(2027, 6, 30)),
        (ListCell("30.06.2027 23:59:59"), date(2027, 6, 30)),
        (ListCell("2027-06-30T24:00:00+02:00"), date(2027, 6, 30)),
        (ListCell("99.99.9999"), None),
        (ListCell("2027.06.30"), date(2027, 6, 30)),
        (ListCell("bis zum 30.06.2027"), date(2027, 6, 30)),
        (ListCell("31.12.4712"), None),
        (ListCell("1.März 2027"), date(2027, 3, 1)),
        (ListCell("unbefristet"), None),
        (ListCell("2026-12-31"), date(2026, 12, 31)),
        (ListCell("2026-12-31", DATE), date(2026, 12, 31)),
        (ListCell("31.12.9999"), None),
        (ListCell("9999-12-31", DATE), None),
        (ListCell("20270630"), date(2027, 6, 30)),
        (ListCell("20270630", NUMBER), date(2027, 6, 30)),
        (ListCell("30.06.2027 00:00:00"), date(2027, 6, 30)),
        (ListCell("2027-06-30T00:00:00"), date(2027, 6, 30)),
        (ListCell("2027/06/30"), date(2027, 6, 30)),
        (ListCell("31/12/2026"), date(2026, 12, 31)),
        (ListCell("12/31/2026"), date(2026, 12, 31)),
        (ListCell("31-Dec-2026"), date(2026, 12, 31)),
        (ListCell("Oct 3, 2027"), date(2027, 10, 3)),
        (ListCell("3. Mrz. 2027"), date(2027, 3, 3)),
        (ListCell("46387", NUMBER), date(2026, 12, 31)),
        (ListCell("46387"), date(2026, 12, 31)),
        (ListCell("99991231"), None),
        (ListCell("00.00.0000"), None),
        (ListCell("00000000"), None),
        (ListCell("0", NUMBER), None),
        (ListCell("–"), None),
        (ListCell("-"), None),
    ],
)
def test_a_day_is_read_in_the_notations_of_excel_and_personnel_systems(cell, day):
    assert values.day(cell) == day


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (ListCell("463870", NUMBER), values.NOT_A_DAY.format("463870")),
        (ListCell("20271345"), values.NOT_A_DAY.format("20271345")),
        (ListCell("10000"), f"Das Jahr 1927 kann nicht stimmen. {values.NO_LEAVING}"),
        (ListCell("31.02.2026"), values.NOT_A_DAY.format("31.02.2026")),
        (ListCell("demnächst"), values.NOT_A_DAY.format("demnächst")),
        (ListCell("1. Brumaire 2027"), values.NOT_A_DAY.format("1. Brumaire 2027")),
        (ListCell("31.12.0026"), f"Das Jahr 26 kann nicht stimmen. {values.NO_LEAVING}"),
        (ListCell("31.12.2206"), f"Das Jahr 2206 kann nicht stimmen. {values.NO_LEAVING}"),
        (ListCell("Formel", WRONG), "Formel"),
    ],
)
def test_anything_else_is_no_day(cell, said):
    assert reason(values.day, cell) == said


@pytest.mark.parametrize(
    "text",
    [
        "Şahin-Žižek",
        "O'Neill",
        "Šimić",
        "McŽ",
        "Žukauskienė",
        "Živković",
        "Žnidaršič",
        "Nguyễn",
        "von der Aa",
        "Əliyeva",
        "Ærø",
        "L’Estrange",
    ],
)
def test_names_of_the_world_are_names(text):
    assert values.last_name(ListCell(text)) == text


def test_names_are_tidied():
    assert values.last_name(ListCell("  von\u00a0 der   Aa ")) == "von der Aa"
    assert values.last_name(ListCell("Mu\u0308ller")) == "Müller"


def test_a_line_break_is_the_blank_it_looks_like():
    assert values.unit_name(ListCell("Prüfamt\nAbteilung 2\r\n")) == "Prüfamt Abteilung 2"
    assert values.email(ListCell("bo@test.example\n")) == "bo@test.example"


INVISIBLE = "Unsichtbares Zeichen. Bitte die Zelle neu schreiben."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("=cmd|'/c calc'!A1", "„=cmd|'/c calc'!A1“ beginnt mit = wie eine Formel."),
        ("@SUM(A1)", "„@SUM(A1)“ beginnt mit @ wie eine Formel."),
        ("+49", "„+49“ beginnt mit + wie eine Formel."),
        ("-Berg", "„-Berg“ beginnt mit - wie eine Formel."),
        ("Be\0rg", INVISIBLE),
        ("Be\u202erg", INVISIBLE),
        ("Be_x0000_rg", INVISIBLE),
        ("MÃ¼ller", values.DAMAGED.format("MÃ¼ller")),
        ("Åžahin", values.DAMAGED.format("Åžahin")),
        *[
            (damaged, values.DAMAGED.format(damaged))
            for damaged in (
                "M&uuml;ller",
                "M%C3%BCller",
                "M%FCller",
                r"M\u00fcller",
                r"M\'fcller",
                "M&#252;ller",
                "M=FCller",
                "M+APw-ller",
                "M\ufffdller",
                "J„ger",
                "S”ren",
                "MŸller",
                "JŠger",
                "Žrmel",
                "Gro§",
                "Y?lmaz",
                "M¸ller",
                "J‰ger",
            )
        ],
        ("12345", "„12345“ enthält keinen Buchstaben."),
        ("中村", NOT_PRINTED.format("中 村")),
        ("B" * 81, "Zu lang: Möglich sind höchstens 80 Zeichen."),
    ],
)
def test_what_is_no_name_is_refused_with_the_reason(text, said):
    assert reason(values.last_name, ListCell(text)) == said


def test_a_day_among_names_and_numbers_is_excels_doing():
    said = "Datum statt Text: Excel hat den Wert in 10.01.2026 verwandelt. Bitte die Spalte als Text formatieren."

    assert reason(values.unit_number, ListCell("2026-01-10", DATE)) == said


@pytest.mark.parametrize(("text", "kind"), [("0042", TEXT), ("0042", NUMBER), ("A-17/3", TEXT), ("10.1", TEXT)])
def test_numbers_stay_as_they_are_written(text, kind):
    assert values.personnel_number(ListCell(text, kind)) == text


@pytest.mark.parametrize(("text", "kind"), [("10.1", NUMBER), ("1,23E+10", TEXT), ("1.23E10", TEXT)])
def test_a_number_that_excel_may_have_shortened_is_refused(text, kind):
    assert reason(values.personnel_number, ListCell(text, kind)).startswith(f"„{text}“ ist als Zahl gespeichert")


def test_a_personnel_number_has_its_length():
    assert reason(values.personnel_number, ListCell("1" * 21)) == "Zu lang: Möglich sind höchstens 20 Zeichen."


def test_addresses_are_small_letters_and_checked():
    assert values.email(ListCell("Anna.Aermel@Test.Example")) == "anna.aermel@test.example"
    assert reason(values.email, ListCell("anna@")) == "„anna@“ ist keine E-Mail-Adresse."
    assert reason(values.email, ListCell("a" * 250 + "@b.example")) == "Zu lang: Möglich sind höchstens 254 Zeichen."


def test_words_that_may_be_divided_and_what_was_copied_along_are_nobodys_mistake():
    assert values.unit_name(ListCell("Personal\xadabteilung")) == "Personalabteilung"
    assert values.email(ListCell("\u202abo@test.example\u202c ")) == "bo@test.example"
    assert reason(values.last_name, ListCell("Müller\xadLüdenscheidt")) == INVISIBLE


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Anna-Lena (geb. Meier)", "Anna-Lena"),
        ("Berg geb. von der Aa", "Berg"),
        ("Berg (geb.Kunz)", "Berg"),
        ("Berg [geb. Kunz]", "Berg"),
        ("Berg (Gebauer)", "Berg (Gebauer)"),
        ("Berg, geborene Kunz", "Berg"),
        ("Gebauer", "Gebauer"),
    ],
)
def test_the_name_somebody_had_at_birth_is_not_read(text, name):
    assert values.last_name(ListCell(text)) == name


@pytest.mark.parametrize(
    "text",
    [
        "Bo Berg <bo@test.example>",
        "mailto:bo@test.example",
        "SMTP:Bo@test.example",
        "bo@test.example;",
        "Bo <bo@test.example>;",
    ],
)
def test_an_address_is_read_as_mail_programs_write_it(text):
    assert values.email(ListCell(text)) == values.reference(ListCell(text)).lower() == "bo@test.example"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("000815 bo@test.example", "bo@test.example"),
        ("000815 - bo@test.example", "bo@test.example"),
        ("max2-bo@test.example", "max2-bo@test.example"),
        (f"{'1-' * 120}@", f"{'1-' * 120}@"),
    ],
)
def test_an_address_behind_a_number_is_read_and_no_half_of_one(text, meant):
    assert values.reference(ListCell(text)) == meant


@pytest.mark.parametrize(
    ("texts", "text", "day"),
    [
        (["31/12/2026"], "01/02/2027", date(2027, 2, 1)),
        (["12/31/2026"], "01/02/2027", date(2027, 1, 2)),
        (["05/05/2026"], "05/05/2027", date(2027, 5, 5)),
        (["31/12/2026", "12/31/2026"], "31/12/2027", date(2027, 12, 31)),
    ],
)
def test_a_day_with_slashes_is_read_as_the_others_of_its_column_can_be(texts, text, day):
    assert values.day(ListCell(days.with_dots(text, month_first=days.is_month_first(texts)))) == day


def test_a_day_that_may_be_two_is_neither():
    assert reason(values.day, ListCell("05/06/2027")).startswith("„05/06/2027“ kann der 05.06. oder der 06.05. sein.")
