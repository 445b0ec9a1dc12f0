"""Names compared the German way."""

from importlib import import_module

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from kompetenz.people.models import Person, is_found_by
from kompetenz.people.names import fold

migration = import_module("kompetenz.people.migrations.0014_keys_for_every_spelling")
northern = import_module("kompetenz.people.migrations.0024_keys_of_northern_letters")


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Şahin-Žižek", "sahin-zizek"),
        ("Özgür", "ozgur"),
        ("Ärmel, Anna", "armel, anna"),
        ("Weiß", "weiss"),
        ("WEISS", "weiss"),
        ("Łukasz Ørsted", "lukasz orsted"),
        ("Işık", "isik"),
        ("  Zoë ", "zoe"),
        ("A\0nna", "anna"),
        ("", ""),
    ],
)
def test_a_name_is_folded(name, folded):
    assert fold(name) == folded


def test_umlauts_sort_as_their_vowel():
    assert sorted(["Zorn", "Ärmel", "Azubi", "Öztürk", "Ott"], key=fold) == ["Ärmel", "Azubi", "Ott", "Öztürk", "Zorn"]


LATIN = st.text(st.characters(max_codepoint=0x24F, categories=["L", "Zs", "Pd"]))


@given(LATIN)
def test_folding_twice_is_folding_once(name):
    assert fold(fold(name)) == fold(name)


@given(LATIN)
def test_capitals_make_no_difference(name):
    assert fold(name.lower()) == fold(name)


@given(st.text())
def test_whatever_is_typed_can_be_stored_and_has_no_accents(text):
    folded = fold(text)

    assert "\0" not in folded
    assert folded == folded.strip()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "last", "typed"),
    [
        (
            "Björn",
            "O’Neill",
            ["oneill", "o'neill", "O’Neill", "O´NEILL", "bjoern", "björn", "bjorn", "Oneill bjoern", "007"],
        ),
        ("Joerg", "Mueller", ["müller", "mueller", "muller", "Jörg", "oerg", "uell"]),
        ("Emanuel", "Groß", ["gross", "groß", "Manuel", "el", "nue"]),
        ("Guðrún", "Zaħra", ["gudrun", "Guðrún", "zahra"]),
    ],
)
def test_somebody_is_found_however_the_name_is_spelled(first, last, typed):
    somebody = Person.objects.create(first_name=first, last_name=last, personnel_number="X-007")
    Person.objects.create(first_name="Zita", last_name="Zorn", personnel_number="8")

    found = {word: list(Person.objects.search(word)) for word in typed}

    assert found == {word: [somebody] for word in typed}
    assert not Person.objects.filter(is_found_by("X-007")).exists()  # the number only where it is asked for


@pytest.mark.django_db
def test_keys_of_before_are_respelled_as_new_ones_are_made():
    names = [("Björn", "O’Neill"), ("Joerg", "Mueller-Baer"), ("Anna", "Ärmel"), ("Ê", "D'Å")]
    people = [Person.objects.create(first_name=first, last_name=last) for first, last in names]
    now = {one.pk: one.sort_key for one in people}
    for one in people:
        Person.objects.filter(pk=one.pk).update(sort_key=fold(one.listed_as))

    migration.respell(Person)

    assert dict(Person.objects.values_list("pk", "sort_key")) == now


@pytest.mark.django_db
def test_keys_with_letters_that_were_not_folded_are_respelled():
    somebody = Person.objects.create(first_name="Guðrún", last_name="Əliyev-Zaħra")
    other = Person.objects.create(first_name="Gudrun", last_name="Ärmel")
    keys = dict(Person.objects.values_list("pk", "sort_key"))
    Person.objects.filter(pk=somebody.pk).update(sort_key="əliyev-zaħra, guðrun")

    northern.respell(apps, None)

    assert dict(Person.objects.values_list("pk", "sort_key")) == keys
    assert (keys[somebody.pk], keys[other.pk]) == ("eliyev-zahra, gudrun", "armel, gudrun")
