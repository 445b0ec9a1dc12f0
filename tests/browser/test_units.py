"""A unit out of many is found by typing, with scripts and without."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from kompetenz.people.models import Person, Unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def schools(cast):
    return Unit.objects.bulk_create(Unit(number=f"7{n:03}", name=f"Schule {n}") for n in range(60))


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_unit_is_typed_and_chosen_from_those_that_match(visitors, cast, schools, scripts):
    visitor = visitors(java_script_enabled=scripts)
    visitor.let_in(cast.paula)
    page = visitor.page
    page.goto(reverse("people:edit", args=[cast.anna.pk]))

    page.get_by_label("Organisationseinheit").fill("schul 1")
    if not scripts:
        page.get_by_role("button", name="Speichern").click()
        expect(page.locator("#id_unit_error")).to_contain_text("passen mehrere Organisationseinheiten")
    page.get_by_label("7014 Schule 14").check()
    page.get_by_role("button", name="Speichern").click()

    expect(page.get_by_text("sind gespeichert")).to_be_visible()
    assert Person.objects.get(pk=cast.anna.pk).unit == schools[14]
    visitor.assert_nothing_heard()
