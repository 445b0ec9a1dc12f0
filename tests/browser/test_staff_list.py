"""HR imports a staff list: a workbook from their disk, a preview to search, a list of who is missing, one confirmation."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from kompetenz.people.models import Person
from tests.browser.conftest import eventually
from tests.kompetenz.people.staff.lists import FULL, full_row, workbook

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def staff_list(cast, tmp_path):
    """A workbook with everybody but dora, anna under another name, and 60 new people who work for clara."""
    path = tmp_path / "Personal.xlsx"
    new = [[f"1{n:04}", f"Şen{n}", "Nora", f"nora{n}@test.example", "10.1", "0001", None] for n in range(60)]
    known = [full_row(person) for person in (cast.clara, cast.bernd, cast.paula, cast.fremd)]
    path.write_bytes(workbook(FULL, *known, full_row(cast.anna, Nachname="Ähren"), *new))
    return path


def upload(visitor, path):
    visitor.page.get_by_role("link", name="Personalliste einlesen").click()
    visitor.page.get_by_label("Personalliste", exact=True).set_input_files(path)
    visitor.page.get_by_role("button", name="Vorschau zeigen").click()
    expect(visitor.page.get_by_role("heading", name="Vorschau der Personalliste")).to_be_visible()
    visitor.check()


def test_a_list_is_uploaded_searched_and_taken_over(visitor, cast, staff_list, run_jobs):
    page = visitor.page
    visitor.let_in(cast.paula)
    visitor.open(reverse("people:list"))
    upload(visitor, staff_list)

    page.get_by_label("Anzeigen", exact=True).select_option("geaendert")
    expect(page.locator("#zeilen tbody tr")).to_have_count(1)
    expect(page.locator("#status")).to_have_text("Geänderte Personen: 1")
    page.get_by_label("Anzeigen", exact=True).select_option("neu")
    page.get_by_label("Name oder Personalnummer").fill("sen42")
    expect(page).to_have_url(re.compile("liste=neu&q=sen42"))
    expect(page.locator("#zeilen tbody tr")).to_have_count(1)
    visitor.check()

    page.get_by_label("Özgür, Dora").check()
    page.get_by_role("button", name="Liste übernehmen").click()
    page.wait_for_url("**/auftraege/*/")
    run_jobs()  # the page asks by itself how far it is
    expect(page.locator("main")).to_contain_text(
        "Die Personalliste ist übernommen: 60 neu, 1 geändert, 1 ausgeschieden"
    )

    assert eventually(lambda: Person.objects.filter(manager=cast.clara).count()) == 61
    assert Person.objects.get(pk=cast.anna.pk).last_name == "Ähren"
    assert Person.objects.get(pk=cast.dora.pk).leaving_date is not None
    visitor.assert_nothing_heard()


def test_without_javascript_it_is_the_same_way(visitors, cast, staff_list, run_jobs):
    visitor = visitors(java_script_enabled=False)
    page = visitor.page
    visitor.let_in(cast.paula)
    page.goto(reverse("people:staff_import"))
    page.get_by_label("Personalliste", exact=True).set_input_files(staff_list)
    page.get_by_role("button", name="Vorschau zeigen").click()

    page.get_by_label("Name oder Personalnummer").fill("sen42")
    page.get_by_role("button", name="Anzeigen").click()
    expect(page.locator("#zeilen tbody tr")).to_have_count(1)
    page.get_by_role("button", name="Liste übernehmen").click()
    page.wait_for_url("**/auftraege/*/")
    run_jobs()
    page.reload()
    expect(page.locator("main")).to_contain_text(
        "Die Personalliste ist übernommen: 60 neu, 1 geändert, 0 ausgeschieden"
    )


def test_a_file_that_is_no_list_is_said_beside_the_field(visitor, cast, tmp_path):
    path = tmp_path / "Personal.xlsx"
    path.write_bytes(b"MZ\0 This program cannot be run in DOS mode.")
    page = visitor.page
    visitor.let_in(cast.paula)
    visitor.open(reverse("people:staff_import"))
    page.get_by_label("Personalliste", exact=True).set_input_files(path)
    page.get_by_role("button", name="Vorschau zeigen").click()

    expect(page.locator("#fehler")).to_contain_text("Das ist keine Excel-, Calc- oder CSV-Datei.")
    visitor.check()
    visitor.assert_nothing_heard()
