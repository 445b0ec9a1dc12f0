"""What the columns of a list are read as: guessed, asked where that is in doubt, and remembered for the next list."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse_lazy

from kompetenz.people.models import ListShape, Person, StaffFile
from kompetenz.people.staff.forms import OF_POSTS, ONE_WAY
from kompetenz.people.staff.mapping import guess, step_in
from kompetenz.people.staff.raw_lists import read_raw
from kompetenz.people.staff.views import ANOTHER_LIST
from tests.kompetenz.people.staff.lists import HEADER, text, workbook
from tests.markup import tight

UPLOAD, MAPPING, PREVIEW, DISCARD = (
    reverse_lazy(f"people:staff_{page}") for page in ("import", "mapping", "preview", "discard")
)
NEVER_SEEN = ["PersNr", "Name, Vorname", "Mail dienstl.", "OrgEinheit Text", "PersNr Vorgesetzter", "Standort"]
ROWS = [
    ["0100", "Neu, Nora", "nora@test.example", "Dez. I / Amt 16", "Chefin, Clara", "Kreishaus"],
    ["0101", "Neu, Nils", "", "", "0001", ""],
]


@pytest.fixture
def hr(as_, cast):
    return as_(cast.paula)


def send(client, content, name="liste.csv"):
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, content)})


def as_proposed(page, **changes):
    """What the page's form sends if nobody changes anything but this."""
    form = page.context["form"]
    return {name: form[name].value() for name in form.fields} | {"weiter": ""} | changes


@pytest.mark.parametrize(
    ("header", "rows", "keys"),
    [
        (NEVER_SEEN, ROWS, ["number", "full_name", "email", "unit_path", "manager", ""]),
        (
            ["Pernr", "Name", "Rufname", "Dezernat", "Amt", "Sachgebiet"],
            [["1", "Neu", "Nora", "I", "16", ""]],
            ["number", "last_name", "first_name", "unit_level", "unit_level", "unit_level"],
        ),
        (  # as Excel divides a heading at the end of a line
            ["Personalnummer", "Nachname", "Vorname", "Dienst- stelle"],
            [["7001", "Neu", "Nora", "40"], ["7002", "Neu", "Nils", "41"]],
            ["number", "last_name", "first_name", "unit_path"],
        ),
        (
            ["Personalnummer", "Nachname", "Vorname", "Abtei- lung Nr"],
            [["7001", "Neu", "Nora", "40"], ["7002", "Neu", "Nils", "41"]],
            ["number", "last_name", "first_name", "unit_number"],
        ),
        (
            ["Nr", "Wer", "Login", "Wohin"],
            [["7001", "Neu, Nora", "nn", "a@b.example"], ["7002", "Neu, Nils", "ni", "c@b.example"]],
            ["number", "full_name", "", "email"],
        ),
        (
            ["Lfd.", "Kennung", "Name, Vorname", "X"],
            [["1", "7001", "Neu, Nora", "x"], ["2", "7002", "Neu, Nils", "y"], ["3", "7003", "Neu, Nele", "z"]],
            ["", "number", "full_name", ""],
        ),
        (
            ["Pers.Nr.", "Name", "Vorname", "PersNr Vorgesetzter", "Name", "Vorname"],
            [["1", "Neu", "Nora", "2", "Chef", "Carl"]],
            ["number", "last_name", "first_name", "manager", "", ""],
        ),
        (
            ["Personalnummer", "Nachname", "Vorname", "Kostenstelle/OE", "OE-Text"],
            [["1", "Neu", "Nora", "4010", "Schulamt"]],
            ["number", "last_name", "first_name", "unit_number", "unit_name"],
        ),
        (
            ["Personalnummer", "Nachname", "Vorname", "Organisationseinheit"],
            [["1", "Neu", "Nora", "Hauptamt"], ["2", "Neu", "Nils", "Schulamt"]],
            ["number", "last_name", "first_name", "unit_path"],
        ),
        (
            ["Personalnummer", "Vorname Nachname", "E-Mail (privat)", "FK-Name", "befristet bis"],
            [["1", "Nora Neu", "n@b.example", "Chefin", ""]],
            ["number", "first_name_first", "", "manager", "leaving_date"],
        ),
    ],
)
def test_columns_are_guessed_from_headings_words_in_them_and_what_stands_below(header, rows, keys):
    sheet = read_raw(text(header, *rows)).sheets[0]
    proposed = guess(sheet)

    assert proposed == keys


def test_a_list_of_columns_never_seen_is_mapped_with_one_click_and_remembered(hr, cast):
    sent = send(hr, text(NEVER_SEEN, *ROWS))
    page = hr.get(MAPPING)
    done = hr.post(MAPPING, as_proposed(page))
    again = send(hr, text(NEVER_SEEN, *ROWS))

    assert (sent.url, done.url, again.url) == (MAPPING, PREVIEW, PREVIEW)
    assert page.context["form"]["column-1"].value() == "full_name"
    assert tight(page.text).count("nicht erkannt") == 1
    told = hr.get(PREVIEW).context["preview"]
    assert (told["numbers"]["neu"], told["numbers"]["fehler"], told["unknown"]) == (2, 0, ["Standort"])
    assert ListShape.objects.get().keys == ["number", "full_name", "email", "unit_path", "manager", ""]


def test_what_was_chosen_is_what_is_read_and_kept_and_nothing_else(hr, cast):
    send(hr, text(NEVER_SEEN, *ROWS))
    page = hr.get(MAPPING)
    hr.post(MAPPING, as_proposed(page, **{"column-3": "", "column-4": ""}))

    told, kept = hr.get(PREVIEW).context["preview"], StaffFile.objects.get()
    assert told["unknown"] == ["OrgEinheit Text", "PersNr Vorgesetzter", "Standort"]
    assert told["numbers"]["einheiten"] == 0
    assert b"Amt 16" not in bytes(kept.content)
    assert "Amt 16" not in repr((kept.shown, list(kept.rows.values())))
    assert "Amt 16" not in repr(list(ListShape.objects.values()))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"column-0": ""}, "Noch keiner Spalte zugeordnet: Personalnummer."),
        ({"column-1": ""}, "Noch keiner Spalte zugeordnet: Nachname, Vorname."),
        ({"column-5": "number"}, "„Personalnummer“ ist schon der Spalte A zugeordnet."),
        ({"column-5": "unit_number"}, ONE_WAY),
        ({"column-5": "manager_post"}, OF_POSTS),
        ({"column-2": "post", "column-5": "manager_post"}, OF_POSTS),  # beside a column of managers
    ],
)
def test_a_mapping_that_cannot_be_is_said_and_stays_as_it_was_chosen(hr, cast, changes, said):
    send(hr, text(NEVER_SEEN, *ROWS))
    page = hr.post(MAPPING, as_proposed(hr.get(MAPPING), **changes))

    assert said in page.text
    assert page.context["form"]["column-3"].value() == "unit_path"
    assert not ListShape.objects.exists()


def test_columns_of_one_list_are_never_said_of_another_sent_in_a_second_window(hr, cast):
    send(hr, text(NEVER_SEEN, *ROWS))
    first = as_proposed(hr.get(MAPPING))
    send(hr, text([*reversed(NEVER_SEEN)], *[[*reversed(row)] for row in ROWS]))

    page = hr.post(MAPPING, first, follow=True)

    assert [str(message) for message in page.context["messages"]] == [ANOTHER_LIST]
    assert page.context["form"]["column-5"].value() == "number"
    assert not ListShape.objects.exists()


def test_columns_that_never_belong_here_are_shown_without_what_stands_in_them(hr, cast):
    send(hr, text([*NEVER_SEEN, "Geburtsdatum"], *[[*row, "12.03.1971"] for row in ROWS]))
    page = hr.get(MAPPING)

    assert "wird nie gespeichert" in page.text
    assert "1971" not in page.text
    assert "column-6" not in page.context["form"].fields


def test_hidden_rows_are_named_and_somebody_has_to_say_what_becomes_of_them(hr, cast):
    def hide(book):
        for row in (3, 4):
            book.active.row_dimensions[row].hidden = True

    rows = [["0100", "Neu", "Nora"], ["0101", "Neu", "Nils"], ["0102", "Neu", "Nele"]]
    sent = send(hr, workbook(HEADER[:3], *rows, change=hide), "liste.xlsx")
    page = hr.get(MAPPING)
    refused = hr.post(MAPPING, as_proposed(page, hidden=""))
    hr.post(MAPPING, as_proposed(page, hidden="left_out"))

    assert sent.url == MAPPING
    assert "2 Zeilen sind in Excel ausgeblendet, weggefiltert oder durchgestrichen." in tight(page.text)
    assert "Zeile 3, 4. Sollen sie zur Liste gehören?" in tight(page.text)
    assert list(refused.context["form"].errors) == ["hidden"]
    told = hr.get(PREVIEW).context["preview"]
    assert (told["length"], told["hidden"], told["hidden_are_read"]) == (1, 2, False)


def test_of_several_sheets_one_is_chosen_and_the_columns_are_those_of_it(hr, cast):
    def more(book):
        sheet = book.create_sheet("Bauhof")
        sheet.append(["Pernr", "Name, Vorname"])
        sheet.append(["0102", "Neu, Nele"])

    sent = send(hr, workbook(HEADER[:3], ["0100", "Neu", "Nora"], change=more), "liste.xlsx")
    first = hr.get(MAPPING)
    turned = hr.post(MAPPING, as_proposed(first, sheet="1"))
    second = hr.get(MAPPING)
    hr.post(MAPPING, as_proposed(second))
    again = send(hr, workbook(HEADER[:3], ["0100", "Neu", "Nora"], change=more), "liste.xlsx")

    assert (sent.url, turned.url, again.url) == (MAPPING, MAPPING, PREVIEW)
    assert [page.context["form"]["column-1"].value() for page in (first, second)] == ["last_name", "full_name"]
    assert hr.get(PREVIEW).context["preview"]["sheet"] == "Bauhof"


def test_an_encoding_in_doubt_is_asked_and_read_as_chosen(hr, cast):
    sent = send(hr, text(HEADER[:3], ["0100", "Müller", "Nora"], encoding="cp850"))
    page = hr.get(MAPPING)
    other = hr.post(MAPPING, as_proposed(hr.get(MAPPING), charset="mac_roman"))
    seen = hr.get(MAPPING)

    assert (sent.url, other.url) == (MAPPING, MAPPING)
    assert ("Müller" in page.text, "Müller" in seen.text) == (True, False)
    hr.post(MAPPING, as_proposed(seen, charset="cp850"))
    hr.post(MAPPING, as_proposed(hr.get(MAPPING)))
    assert [row["listed_as"] for row in hr.get(PREVIEW).context["page"]] == ["Müller, Nora"]


def test_the_columns_can_be_looked_at_again_from_the_preview(hr, cast):
    send(hr, text(HEADER[:3], ["0100", "Neu", "Nora"]))

    assert f'href="{MAPPING}"' in hr.get(PREVIEW).text
    hr.post(MAPPING, as_proposed(hr.get(MAPPING), **{"column-1": "first_name", "column-2": "last_name"}))
    assert [row["listed_as"] for row in hr.get(PREVIEW).context["page"]] == ["Nora, Neu"]


def test_without_a_list_there_are_no_columns_to_look_at(hr, as_, cast):
    assert [hr.get(MAPPING).url, hr.post(MAPPING).url] == [UPLOAD, UPLOAD]
    send(hr, text(NEVER_SEEN, *ROWS))
    Person.objects.filter(pk=cast.fremd.pk).update(is_hr=True)
    assert as_(cast.fremd).get(MAPPING).url == UPLOAD


def test_a_list_whose_columns_nobody_has_looked_at_is_not_previewed(hr, cast):
    send(hr, text(NEVER_SEEN, *ROWS))

    assert [hr.get(PREVIEW).url, hr.post(PREVIEW, {"read": "x"}).url] == [MAPPING, MAPPING]
    assert hr.post(DISCARD).status_code == 302
    assert not StaffFile.objects.exists()


@pytest.mark.parametrize(
    ("paths", "step"),
    [
        (["I->16->16.1", "I->20"], "->"),
        (["I\n16", "I\n20"], "\n"),
        (["I; 16", "I; 20"], ";"),
        (["Dez I - Amt 16 - SG 1", "Dez I - Amt 16", "Dez I - Amt 20", "Dez II - Amt 30"], " - "),
        (["40 - Schulamt", "41 - Kulturamt", "50 - Sozialamt"], None),
        (["Hoch-/Tiefbau", "Schulamt", "Hauptamt"], None),
    ],
)
def test_what_stands_between_units_is_found_and_a_units_own_name_is_left_alone(paths, step):
    assert step_in(paths) == step
