"""Ranks beside names: HR is asked whether somebody is called so; short names are names."""

from dataclasses import replace

import pytest

from bench.lists import outcome_of
from kompetenz.people.models import Person
from kompetenz.people.staff.causes import BARE, NAMED
from kompetenz.people.staff.notes_at_names import only_the_name
from kompetenz.people.staff.ranks import ALONE, LIKE_A_RANK, RANK, without_rank, without_ranks
from kompetenz.people.staff.two_names import full_name, last_name_first
from kompetenz.refusals import Refused
from tests.kompetenz.people.staff.foreign_lists import PEOPLE, both, code, number, rows_of, unit
from tests.kompetenz.people.staff.lists import workbook
from tests.kompetenz.people.staff.test_deciding import answer, asked, confirm, hr, previewed

__all__ = ["hr"]


@pytest.mark.parametrize(
    ("said", "bare"),
    [
        ("VAng Strauß", "Strauß"),
        ("StOI Weber", "Weber"),
        ("Amtsrat Dr. Keller", "Dr. Keller"),
        ("Dr. StOI Keller", "Dr. Keller"),
        ("RBe Krause", "Krause"),
        ("OStR'in Lang", "Lang"),
        ("Lang StI z.A.", "Lang"),
        ("Ltd. KVD Lang", "Lang"),
        ("Leitende Regierungsdirektorin Lang", "Lang"),
        ("Verw.-Ang. Lang", "Lang"),
        ("Kreisoberamtsrätin Lang", "Lang"),
        ("VA STRAUSS", "STRAUSS"),
    ],
)
def test_a_rank_is_told_from_the_name(said, bare):
    assert without_rank(said) == bare


@pytest.mark.parametrize(
    "name",
    "BERG BO|von der Aa|VAN der Berg|Müller II|Meister Anna|Ta Minh|O Bo|Ez Ng|St. Clair|Stang Eva|DeVito Mara|El Amrani|Anna-Lena"
    "|Dr.-Ing. Kunz".split("|"),
)
def test_what_is_no_rank_stays(name):
    assert without_rank(name) == name


def test_ranks_stand_anywhere_beside_a_comma():
    assert {without_ranks(one) for one in ("StOI Berg, Bo", "Berg, StOI Bo", "Berg, Bo, StOI")} == {"Berg, Bo"}


def test_a_rank_is_left_out_if_hr_says_so(hr):
    rows = ["9001", "VAng Strauß", "Anna", ""], ["9002", "Kunz", "Amtsrätin Dr. Eva", ""]
    told = previewed(hr, *rows)
    confirm(hr, answer(hr, answer(hr, told, BARE), BARE))

    assert asked(told) == {RANK: [BARE, NAMED]}
    assert told["causes"][0]["example"]["meant"] == "Strauß"
    people = Person.objects.filter(personnel_number__startswith="900").order_by("personnel_number")
    assert list(map(str, people)) == ["Anna Strauß", "Dr. Eva Kunz"]


def test_what_only_looks_like_a_rank_is_a_name_if_hr_says_so_and_is_asked_no_more(hr):
    row = ["9001", "Kunz", "JoAnn Maria", ""]
    told = previewed(hr, row)
    confirm(hr, answer(hr, told, NAMED))

    assert asked(told) == {LIKE_A_RANK: [BARE, NAMED]}
    assert str(Person.objects.get(personnel_number="9001")) == "JoAnn Maria Kunz"
    assert previewed(hr, row)["causes"] == []


def test_whoever_is_stored_without_the_rank_is_not_asked_about(hr, cast):
    told = previewed(hr, [cast.anna.personnel_number, "StOI Ärmel", "Anna", cast.anna.email])

    assert (told["causes"], told["unchanged"]) == ([], 1)


def test_a_rank_is_nobodys_only_name(hr):
    assert asked(previewed(hr, ["9001", "Strauß", "VAng", ""])) == {ALONE: [NAMED]}


@pytest.mark.parametrize("said", ["StOI {}", "{}, StOI", "Amtsrat Dr. {}", "Frau OStR'in {}"])
def test_a_manager_is_found_whatever_the_rank_beside_the_name(db, said):
    known = {one.number: one for one in PEOPLE}
    columns = [("Personalnummer", number), ("Name, Vorname", both), ("OE", code), ("OE-Bezeichnung", unit)]
    boss = ("Führungskraft", lambda one: one.boss and said.format(known[one.boss].both))
    found = outcome_of(workbook(*rows_of(*columns, boss)))

    assert (found.errors, {one.number: one.entry.said["manager"] or "" for one in found.preview.new}) == (
        0,
        {one.number: one.boss for one in PEOPLE},
    )


SHORT = ["Ez, Li", "Li, Ez", "O, Bo", "Bo, O", "Ng, Na", "Yılmaz, Ez", "Y, Vu", "Im, Do", "No, An", "Tod, In"]
WRITTEN = {
    "two columns": lambda one: [one.last, one.first],
    "a comma": lambda one: [f"{one.last}, {one.first}"],
    "capitals": lambda one: [f"{one.last}, {one.first}".upper()],
    "the number behind": lambda one: [f"{one.last}, {one.first} ({one.number})"],
}


@pytest.mark.parametrize("how", WRITTEN)
def test_names_of_one_or_two_letters_are_names(db, how):
    people = [
        replace(one, last=name.split(", ")[0], first=name.split(", ")[1])
        for one, name in zip(PEOPLE, SHORT, strict=True)
    ]
    known = {one.number: one for one in people}
    heads = ["Nachname", "Vorname"] if how == "two columns" else ["Name, Vorname"]
    rows = [
        [one.number, *WRITTEN[how](one), one.code, one.unit, known[one.boss].both if one.boss else ""] for one in people
    ]
    found = outcome_of(workbook(["Personalnummer", *heads, "OE", "OE-Bezeichnung", "Führungskraft"], *rows))

    told = {one.number: (one.listed_as, one.entry.said["manager"] or "") for one in found.preview.new}
    names = {one.number: one.both.upper() if how == "capitals" else one.both for one in people}
    assert (found.errors, told) == (0, {one.number: (names[one.number], one.boss) for one in people})


def test_a_note_in_the_place_of_a_first_name_is_none():
    with pytest.raises(Refused, match="nicht in Nachname und Vorname zu teilen"):
        full_name("Weber, Elternzeit")
    assert full_name("Weber, Sabine, EZ") == full_name("Weber - Elternzeit, Sabine") == ("Weber", "Sabine")


def test_a_rank_before_a_last_name_without_comma_is_not_the_last_name():
    assert last_name_first("VA STRAUSS Jörg") == ("VA STRAUSS", "Jörg")


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Berg (001204)", "Berg"),
        ("001204 Berg", "Berg"),
        ("Berg 001204", "Berg"),
        ("Müller 2", "Müller 2"),
        ("Müller-\nLüdenscheidt", "Müller-Lüdenscheidt"),
        ("Müller- Lüdenscheidt", "Müller-Lüdenscheidt"),
        ("Lüden-\nscheidt", "Lüdenscheidt"),
    ],
)
def test_numbers_beside_a_name_and_ends_of_lines_in_it_are_none_of_it(said, name):
    assert only_the_name(said) == name


def test_a_name_with_a_comma_has_the_last_name_first(db):
    """Of Werner Martin and Martin Werner."""
    people = [
        replace(PEOPLE[0], last="Martin", first="Werner"),
        replace(PEOPLE[1], last="Werner", first="Martin"),
        PEOPLE[2],
    ]
    rows = [[one.number, one.last, one.first, ""] for one in people]
    rows[2][3] = "Martin, Werner"
    found = outcome_of(workbook(["Personalnummer", "Nachname", "Vorname", "Führungskraft"], *rows))

    assert [one.entry.said["manager"] for one in found.preview.new if one.number == PEOPLE[2].number] == [
        people[0].number
    ]
    rows[0][0] = "1"
    only_other = [row for row in rows if row[0] != "1"]
    assert outcome_of(workbook(["Personalnummer", "Nachname", "Vorname", "Führungskraft"], *only_other)).errors == 1


@pytest.mark.parametrize("word", ["extern", "Externe", "Azubi"])
def test_a_word_among_numbers_is_nobodys_number(db, word):
    rows = [[one.number, one.last, one.first] for one in PEOPLE]
    found = outcome_of(workbook(["Personalnummer", "Nachname", "Vorname"], *rows, [word, "Fremd", "Fritz"]))

    assert [one.reason for one in found.preview.problems] == [
        f"„{word}“ ist keine Personalnummer. Die Zeile wartet, bis es eine gibt."
    ]
