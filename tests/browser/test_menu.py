"""Where there is little room, the navigation, help and the account stand behind one button."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.conftest import NARROW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_on_a_telephone_everything_stands_behind_the_menu_and_escape_leads_back(visitors, cast):
    visitor = visitors(viewport=NARROW)
    visitor.let_in(cast.bernd)
    page = visitor.page
    page.goto(reverse("start"))
    menu, team = page.get_by_role("button", name="Menü", exact=True), page.get_by_role("link", name="Team", exact=True)
    expect(team).to_be_hidden()

    menu.click()

    expect(team).to_be_in_viewport()
    expect(page.get_by_role("link", name="Hilfe", exact=True)).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(team).to_be_hidden()
    expect(menu).to_be_focused()
    visitor.sign_out()
    visitor.assert_nothing_heard()
