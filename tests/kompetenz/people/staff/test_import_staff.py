"""The import by command: the page's own code, for an installation that does it by night."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from kompetenz.people.management.commands.import_staff import DOUBTS, HIDDEN
from kompetenz.people.models import ListShape, Person
from kompetenz.people.staff.cells import MIB, NOT_A_LIST
from kompetenz.people.staff.checks import LAST_OF_HR
from kompetenz.people.staff.mapping import fingerprint
from kompetenz.people.staff.reading import TOO_LARGE
from tests.kompetenz.people.staff.lists import FULL, full_row, text, workbook

NAMES = FULL[:3]


@pytest.fixture
def run(tmp_path):
    """``run(rows, *options)`` is what the command prints about a file with these rows."""

    def run(rows, *options, header=NAMES):
        path = tmp_path / "liste.csv"
        path.write_bytes(text(header, *rows))
        out = StringIO()
        call_command("import_staff", str(path), *options, stdout=out)
        return out.getvalue().splitlines()

    return run


ROWS = [["0100", "Neu", "Nora"], ["0003", "Neumann", "Anna"], ["0002", "Şahin-Žižek", "Bernd"]]
PREVIEW = [
    "Kopfzeile in Zeile 1, 3 Zeilen",
    (
        "Hinweis: Aus Personalentwicklung und technischer Verwaltung fehlt in der Liste eine Person. "
        "Als ausgeschieden lässt sich dort hier niemand eintragen."
    ),
    "Fehler: 0",
    "Einheiten: 0",
    "Neu: 1",
    "  0100 Neu, Nora",
    "Geändert: 1",
    "  0003 Neumann, Anna: Nachname Ärmel → Neumann",
    "Unverändert: 1",
    "In der Liste fehlen: 3",
    "  0001 Chefin, Clara",
    "  0007 Fremd, Frieda",
    "  0004 Özgür, Dora",
]


def test_the_preview_is_printed_and_nothing_is_written(cast, run):
    assert run(ROWS) == [*PREVIEW, "Es ist nichts übernommen. Mit --apply wird die Liste übernommen."]
    assert not Person.objects.filter(last_name="Neu").exists()


def test_with_apply_it_is_taken_over_and_nobody_leaves(cast, run):
    assert run(ROWS, "--apply")[len(PREVIEW) :] == [
        "Übernommen: 1 neu, 1 geändert, 0 ausgeschieden, 0 Organisationseinheiten angelegt oder geändert."
    ]
    assert Person.objects.filter(last_name__in=["Neu", "Neumann"]).count() == 2
    assert not Person.objects.exclude(leaving_date=None).exists()


def test_leavers_are_marked_only_when_asked_for(cast, run):
    run(ROWS, "--apply", "--leavers", "2026-01-31")

    gone = Person.objects.exclude(leaving_date=None)
    assert {(person.first_name, person.leaving_date) for person in gone} == {
        ("Clara", date(2026, 1, 31)), ("Dora", date(2026, 1, 31)), ("Frieda", date(2026, 1, 31)),
    }  # fmt: skip


def test_errors_are_printed_with_their_cells_and_end_the_command(cast, run):
    with pytest.raises(CommandError, match=r"^2 Fehler\."):
        run([["0100", "", "Nora"], ["0005", "Personal", "Paula", "31.01.2020"]], "--apply", header=[*NAMES, "Austritt"])

    assert not Person.objects.filter(personnel_number="0100").exists()


def test_errors_stand_on_the_page_before_the_command_ends(cast, tmp_path):
    path, out = tmp_path / "liste.csv", StringIO()
    path.write_bytes(text([*NAMES, "Austritt"], ["0005", "Personal", "Paula", "31.01.2020"]))

    with pytest.raises(CommandError):
        call_command("import_staff", str(path), stdout=out)

    assert f"  D2 Personal, Paula: {LAST_OF_HR}" in out.getvalue().splitlines()


def test_what_is_no_list_ends_the_command_with_the_reason(db, tmp_path):
    path = tmp_path / "liste.xlsx"
    path.write_bytes(b"MZ\0")

    with pytest.raises(CommandError) as refused:
        call_command("import_staff", str(path))
    with pytest.raises(CommandError, match="lässt sich nicht lesen: No such file or directory"):
        call_command("import_staff", str(tmp_path / "fehlt.xlsx"))

    assert str(refused.value) == NOT_A_LIST


def test_columns_are_read_as_hr_has_confirmed_them_and_not_as_guessed(cast, run):
    header, rows = ["PersNr", "Name, Vorname", "Wohin"], [["0100", "Neu, Nora", "x"]]
    with pytest.raises(CommandError) as refused:
        run(rows, header=header)
    ListShape.objects.create(fingerprint=fingerprint(header), headings=header, keys=["number", "full_name", ""])

    assert str(refused.value) == DOUBTS
    assert "Neu: 1" in run(rows, "--apply", header=header)


@pytest.mark.parametrize(
    ("heading", "led_by_hr"),
    [("Pers.-Sachbearbeitung", False), ("PersNr Vorgesetzter", True)],  # only HR says so; everybody can see it
)
def test_nobody_of_hr_lets_themselves_in_by_a_column_and_the_night(cast, run, heading, led_by_hr):
    header = [*NAMES, heading]
    keys = ["number", "last_name", "first_name", "manager"]
    ListShape.objects.create(fingerprint=fingerprint(header), headings=header, keys=keys)
    Person.objects.filter(pk=cast.paula.pk).update(personnel_number="0005")

    rows = [["0003", "Ärmel", "Anna", "0005"], ["0100", "Neu", "Nora", "0005"], ["0004", "Özgür", "Dora", "0001"]]
    lines = run(rows, "--apply", header=header)

    managers = dict(Person.objects.filter(last_name__in=["Ärmel", "Neu", "Özgür"]).values_list("last_name", "manager"))
    paula = cast.paula.pk
    expected = {"Ärmel": paula, "Neu": paula} if led_by_hr else {"Ärmel": cast.bernd.pk, "Neu": None}
    assert managers == expected | {"Özgür": cast.clara.pk}
    assert any("Anna Ärmel (0003, Zeile 2), Nora Neu (0100, Zeile 3)" in line for line in lines) is not led_by_hr


def test_what_becomes_of_hidden_rows_has_to_be_said(cast, tmp_path):
    def hide(book):
        book.active.row_dimensions[3].hidden = True

    path, out = tmp_path / "liste.xlsx", StringIO()
    path.write_bytes(workbook(NAMES, *ROWS, change=hide))
    with pytest.raises(CommandError) as refused:
        call_command("import_staff", str(path))
    call_command("import_staff", str(path), "--hidden", "left_out", stdout=out)

    assert str(refused.value) == HIDDEN.format(1)
    assert "Kopfzeile in Zeile 1, 2 Zeilen" in out.getvalue()


def test_nothing_is_emptied_unless_that_is_allowed(cast, run):
    rows = [full_row(cast.anna, **{"E-Mail": ""})]

    kept = run(rows, "--apply", header=FULL)
    after = Person.objects.get(pk=cast.anna.pk).email
    emptied = run(rows, "--apply", "--allow", "email", header=FULL)

    assert "E-Mail-Adresse leeren: 1 (bleibt, wie es ist; sonst --allow email)" in kept
    assert "E-Mail-Adresse leeren: 1 (wird übernommen)" in emptied
    assert (after, Person.objects.get(pk=cast.anna.pk).email) == (cast.anna.email, None)


def test_rows_without_errors_need_not_wait_and_nobody_leaves_then(cast, run):
    rows = [*ROWS, ["0101", "", "Nils"]]

    said = run(rows, "--apply", "--only-good", "--leavers", "2026-01-31")

    assert said[-1].startswith("Übernommen: 1 neu, 1 geändert, 0 ausgeschieden")
    with pytest.raises(CommandError, match=r"Keine Zeile ist ohne Fehler"):
        run([["0101", "", "Nils"]], "--apply", "--only-good")


def test_a_file_that_is_too_large_is_not_even_read(db, tmp_path, monkeypatch):
    path = tmp_path / "liste.xlsx"
    with path.open("wb") as file:
        file.truncate(30 * MIB)
    monkeypatch.setattr(type(path), "read_bytes", lambda _: pytest.fail("read"))

    with pytest.raises(CommandError) as refused:
        call_command("import_staff", str(path))

    assert str(refused.value) == TOO_LARGE
