"""HR looks at the columns of a list never seen before, answers its causes, and takes over what is right."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from kompetenz.people.models import Person
from tests.browser.conftest import eventually
from tests.kompetenz.people.staff.lists import workbook

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HEADER = ["PersNr", "Name, Vorname", "OrgEinheit Text", "PersNr Vorgesetzter", "Standort"]


@pytest.fixture
def raw_list(cast, tmp_path):
    path = tmp_path / "Personal.xlsx"
    rows = [["0100", "Neu, Nora", "Dez. I / Amt 16", "0001", "Kreishaus"], ["0101", "Neu Nils", "", "0001", ""]]
    path.write_bytes(workbook(HEADER, *rows, ["0102", "Neu, Nele", "", "999", "Kreishaus"]))
    return path


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_a_list_never_seen_is_mapped_answered_and_taken_over(visitors, cast, raw_list, java_script_enabled):
    visitor = visitors(java_script_enabled=java_script_enabled)
    page = visitor.page
    visitor.let_in(cast.paula)
    page.goto(reverse("people:staff_import"))
    page.get_by_label("Personalliste", exact=True).set_input_files(raw_list)
    page.get_by_role("button", name="Vorschau zeigen").click()

    expect(page.get_by_role("heading", name="Was in den Spalten steht")).to_be_visible()
    expect(page.get_by_label("Name, Vorname", exact=True)).to_have_value("full_name")
    expect(page.get_by_label("Standort", exact=True)).to_have_value("")
    assert page.get_by_label("Standort", exact=True).bounding_box()["width"] > 250  # or nobody reads what is chosen
    if java_script_enabled:
        visitor.check()
    page.get_by_role("button", name="Weiter zur Prüfung").click()

    expect(page.get_by_role("heading", name="Vorschau der Personalliste")).to_be_visible()
    if java_script_enabled:
        visitor.check()
    page.get_by_role("button", name="Ohne diese Angabe übernehmen").click()
    expect(page.locator("main")).to_contain_text("für 1 Zeile vermerkt")
    page.get_by_label("Die fehlerfreien Zeilen jetzt, den Rest später").check()
    page.get_by_role("button", name="Fehlerfreie Zeilen übernehmen").click()
    page.wait_for_url("**/personen/")

    assert eventually(lambda: set(Person.objects.filter(last_name="Neu").values_list("first_name", "unit__name"))) == {
        ("Nora", "Amt 16"),
        ("Nele", None),
    }
    page.goto(reverse("people:staff_history"))
    expect(page.locator("main")).to_contain_text("Personal.xlsx")
    if java_script_enabled:
        visitor.check()
