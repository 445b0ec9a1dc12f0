"""Before somebody is signed out by time they are told, and may stay; what they have typed is not lost."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
A_DAY = 10 * 60 * 60 * 1000


def test_five_minutes_before_the_end_one_click_keeps_it(visitor, cast):
    visitor.sign_in(cast.anna)
    page = visitor.page
    page.clock.install()
    page.goto(visitor.base + reverse("my_data"))
    page.clock.fast_forward(A_DAY - 6 * 60_000)
    expect(page.locator("#sitzung")).to_be_empty()

    page.clock.fast_forward(2 * 60_000)
    expect(page.locator("#sitzung")).to_contain_text("In fünf Minuten endet Ihre Anmeldung.")
    page.get_by_role("button", name="Angemeldet bleiben").click()
    expect(page.locator("#sitzung")).to_be_empty()
    page.clock.fast_forward(10 * 60_000)
    expect(page.locator("#sitzung")).to_be_empty()

    page.clock.fast_forward(A_DAY)
    expect(page.locator("#sitzung")).to_contain_text(
        "Ihre Anmeldung ist zu Ende. Was Sie eingegeben haben, bleibt hier stehen"
    )
