"""Names, numbers and addresses have one way to be written, wherever they are entered."""

import pytest
from django.urls import reverse

from kompetenz import text
from kompetenz.people.models import Person, Unit
from kompetenz.people.staff.comparing import compare
from tests.kompetenz.people.staff.test_taking_over import table_of
from tests.kompetenz.people.test_views import save


@pytest.fixture
def hr(client, cast):
    client.force_login(cast.paula)
    return client


def errors(page):
    return page.context["form"].errors


@pytest.mark.parametrize(
    ("field", "typed", "stored"),
    [
        ("first_name", "An\u200bna", "Anna"),
        ("last_name", "\u202eA\u0308rmel ", "Ärmel"),
        ("first_name", "a" + "\u0301" * 79, "á\u0301\u0301"),
        ("last_name", "M\u0302C\u0328\u0306", "M\u0302C\u0328\u0306"),
        ("personnel_number", "４００１７", "40017"),
        ("personnel_number", "٤٠٠١٧\u200b", "40017"),
        ("email", "An\u200bna.Armel@Test.example", "anna.armel@test.example"),
    ],
)
def test_what_nobody_meant_is_tidied_without_a_word(hr, cast, field, typed, stored):
    assert save(hr, cast.anna, **{field: typed}).status_code == 302
    assert getattr(Person.objects.get(pk=cast.anna.pk), field) == stored


@pytest.mark.parametrize(
    ("field", "typed", "problem"),
    [
        ("first_name", "\u3164\u200b", "Bitte füllen Sie „Vorname“ aus."),
        ("last_name", "\u2800", "Bitte füllen Sie „Nachname“ aus."),
        ("last_name", "- .", text.NO_LETTER),
        ("last_name", "中村", text.NOT_PRINTED.format("中 村")),
        ("first_name", "Anna 😀", text.NOT_PRINTED.format("😀")),
        ("first_name", "ﷺ" * 80, text.NOT_PRINTED.format("ﷺ")),
        ("first_name", "\u0251nna", text.NOT_PRINTED.format("\u0251")),
        ("first_name", "\u210eans", text.NOT_PRINTED.format("\u210e")),
        ("first_name", "\u0391nna", text.NOT_PRINTED.format("\u0391")),
        ("last_name", "Neu\u207f", text.NOT_PRINTED.format("\u207f")),
        ("last_name", "N\u0336eu", text.NOT_PRINTED.format("\u0336")),
        ("last_name", "Fuch\u017f", text.NOT_PRINTED.format("\u017f")),
        ("email", "b\u0131rgit@test.example", text.NOT_AN_ADDRESS.format("ı")),
        ("email", "\u0430nna.armel@test.example", text.NOT_AN_ADDRESS.format("\u0430")),
        ("personnel_number", "4001\u0417", text.NOT_A_NUMBER),
        ("personnel_number", "4", "4 ist nur anders geschrieben als 0004 (Dora Özgür)."),
        ("personnel_number", "00 04", "00 04 ist nur anders geschrieben als 0004 (Dora Özgür)."),
        ("personnel_number", "OO04", "OO04 ist nur anders geschrieben als 0004 (Dora Özgür)."),
        ("personnel_number", "4.0", "4.0 ist nur anders geschrieben als 0004 (Dora Özgür)."),
        ("personnel_number", "+4", "+4 ist nur anders geschrieben als 0004 (Dora Özgür)."),
        ("personnel_number", "'0004", "Diese Personalnummer gehört schon zu einer anderen Person."),
        ("personnel_number", "\u0660\u0660\u0660\u0664", "Diese Personalnummer gehört schon zu einer anderen Person."),
        ("email", "do\u200bra.ozgur@test.example", "Diese E-Mail-Adresse gehört schon zu einer anderen Person."),
    ],
)
def test_what_could_be_somebody_else_is_refused_beside_the_field(hr, cast, field, typed, problem):
    page = save(hr, cast.anna, **{field: typed})

    assert list(errors(page)) == [field]
    assert errors(page)[field] == [problem]


def test_a_number_that_is_there_already_may_stay_as_it_is(hr, cast):
    Person.objects.filter(pk=cast.anna.pk).update(personnel_number="00004")
    cast.anna.personnel_number = "00004"

    assert save(hr, cast.anna, first_name="Anne").status_code == 302


def test_for_somebody_new_it_is_the_same(hr):
    page = hr.post(reverse("people:create"), {"first_name": "Neu", "last_name": "Nora", "personnel_number": "3"})

    assert errors(page) == {"personnel_number": ["3 ist nur anders geschrieben als 0003 (Anna Ärmel)."]}


@pytest.mark.parametrize("typed", ["０００３", "ANNA.armel@test.example", "an\u200bna.armel@test.example"])
def test_who_is_named_in_a_form_is_found_however_it_is_typed(cast, typed):
    assert list(Person.objects.named([typed])) == [cast.anna]


def test_whatever_makes_a_person_tidies_them(db):
    made = Person.objects.create_user("An\u200bna@Test.example", None, first_name="An\xadna", last_name=" A\u0308rmel")

    made.refresh_from_db()
    assert (made.email, made.first_name, made.last_name) == ("anna@test.example", "Anna", "Ärmel")


def test_the_longest_names_have_a_sort_key_that_its_column_holds(hr, cast):
    save(hr, cast.anna, first_name="ß" * 80, last_name="ß" * 80)

    assert Person.objects.get(pk=cast.anna.pk).sort_key == "s" * 160 + ", " + "s" * 8


def test_a_unit_too(hr):
    hr.post(reverse("people:unit_create"), {"number": "１０.２", "name": "Per\u200bsonal"})
    nameless = hr.post(reverse("people:unit_create"), {"number": "10.3", "name": "---"})

    assert Unit.objects.filter(number="10.2", name="Personal").exists()
    assert errors(nameless) == {"name": [text.NO_LETTER]}


@pytest.mark.parametrize("typed", ["010.1", "１０.1", "10. 1"])
def test_no_second_unit_has_a_number_that_is_only_written_in_another_way(hr, cast, typed):
    page = hr.post(reverse("people:unit_create"), {"number": typed, "name": "Neu"})

    assert list(errors(page)) == ["number"]
    assert Unit.objects.filter(name="Neu").count() == 0


def test_a_unit_keeps_a_number_that_is_like_anothers(hr, cast):
    unit = Unit.objects.create(number="010.1", name="Neu")

    unit.name = "Anders"
    unit.clean()


@pytest.mark.parametrize("typed", ["PIL01", "A1", "40.017", "12-3"])
def test_a_letter_is_a_figure_only_among_figures(typed):
    assert text.likeness_of_person(typed) == typed


@pytest.mark.parametrize(
    "typed", ["Əliyev", "Nuorgáǯ ʒ", "O\u02bbNeill", "Ch\u0331arles", "Đurđevčić", "Nguyễn", "Łazarczuk", "Þór"]
)
def test_letters_of_names_are_letters(typed):
    assert text.objection_to_name(typed) == ""


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["0100", "Ne\u200bu", "Nora", ""], "Unsichtbares Zeichen"),
        (["0100", "\u3164", "Nora", ""], "Unsichtbares Zeichen"),
        (["0100", "Neu", "\u202eNora", ""], "Unsichtbares Zeichen"),
        (["0100", "Ne\ufffeu", "Nora", ""], "Unsichtbares Zeichen"),
        (["0100", "Neu", "Nora", "b\u0131rgit@test.example"], "Diese Adresse enthält Zeichen"),
        (["01\u041700", "Neu", "Nora", ""], "Bitte nur Ziffern"),
        (["٤", "Neu", "Nora", ""], "4 ist nur anders geschrieben als 0004"),
        (["O0O4", "Neu", "Nora", ""], "O0O4 ist nur anders geschrieben als 0004"),
        (["0100", "Neu", "\u0251nna", ""], "Diese Zeichen lassen sich auf den Papieren nicht drucken"),
    ],
)
def test_a_list_says_it_beside_the_cell(cast, row, reason):
    found = compare(table_of(row, header=["Personalnummer", "Nachname", "Vorname", "E-Mail"]))

    assert [one.reason.startswith(reason) for one in found.problems] == [True]


def test_a_list_in_full_width_figures_is_about_the_same_people(cast):
    found = compare(table_of(["０００３", "Ärmel", "Anna"], header=["Personalnummer", "Nachname", "Vorname"]))

    assert (found.problems, found.new, found.unchanged) == ([], [], 1)
