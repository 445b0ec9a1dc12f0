"""HR says after how many months a competency is to be refreshed."""

import pytest
from django.urls import reverse

from kompetenz.catalogue.models import Competency, Edition
from tests.catalogue import COMPETENCIES

PAGE = "/katalog/auffrischen/"


def months():
    return {number: wait for number, wait in Competency.objects.values_list("order", "refresh_months") if wait}


@pytest.fixture
def name_of(cast):
    Competency.objects.update(refresh_months=None)
    Competency.objects.filter(order=4).update(refresh_months=24)
    pks = dict(Competency.objects.values_list("order", "pk"))
    return lambda number: f"monate-{pks[number]}"


def test_hr_sets_months_and_takes_them_away(as_, cast, name_of):
    client = as_(cast.paula)

    first = client.post(PAGE, {name_of(4): "24", name_of(5): "1", name_of(6): "120"})
    set_ = months()
    client.post(PAGE, {name_of(4): "", name_of(5): "1", name_of(6): ""})

    assert (first.status_code, first.headers["Location"]) == (302, PAGE)
    assert (set_, months()) == ({4: 24, 5: 1, 6: 120}, {5: 1})


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("0", "größer oder gleich 1"),
        ("121", "kleiner oder gleich 120"),
        ("-3", "größer oder gleich 1"),
        ("zwei", "Bitte eine ganze Zahl von Monaten eingeben."),
        ("1,5", "Bitte eine ganze Zahl von Monaten eingeben."),
    ],
)
def test_what_is_no_number_of_months_is_said_beside_its_field_and_nothing_is_saved(as_, cast, name_of, typed, message):
    page = as_(cast.paula).post(PAGE, {name_of(4): "12", name_of(5): typed}).text

    field = page.split(f'name="{name_of(5)}"')[1].split("</td>")[0]
    assert (message in field, f'value="{typed}"' in field, 'aria-invalid="true"' in field) == (True, True, True)
    assert f'href="#id_{name_of(5)}"' in page
    assert months() == {4: 24}


def test_the_form_shows_what_is_set_for_every_competency(as_, cast, name_of):
    page = as_(cast.paula).get(PAGE).text

    assert page.count('name="monate-') == COMPETENCIES
    assert 'value="24"' in page.split(f'name="{name_of(4)}"')[1].split(">")[0]


def test_the_months_are_no_words_of_an_edition(as_, cast, name_of):
    before = Edition.objects.current()

    as_(cast.paula).post(PAGE, {name_of(5): "12"})

    assert Edition.objects.current() == before


def test_the_catalogue_says_it_to_all_and_leads_only_hr_to_the_form(as_, cast, name_of):
    address = reverse("catalogue:list")
    pages = {who: as_(getattr(cast, who)).get(address).text for who in ("anna", "paula")}

    assert [page.count("Auffrischen: 24 Monate nach der letzten Bestätigung.") for page in pages.values()] == [1, 1]
    assert [PAGE in page for page in pages.values()] == [False, True]


def test_the_form_costs_the_same_however_much_is_set(as_, cast, name_of, django_assert_num_queries):
    client = as_(cast.paula)
    Competency.objects.update(refresh_months=12)

    with django_assert_num_queries(3):  # session, user, competencies
        client.get(PAGE)
    with django_assert_num_queries(6):  # session, user, competencies, savepoint, one update, its release
        client.post(PAGE, {name_of(number): "13" for number in range(1, COMPETENCIES + 1)})
