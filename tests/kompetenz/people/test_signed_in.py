"""How long somebody stays signed in, and where."""

import re

from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.conftest import PASSWORD


def signed_in(person):
    browser = Client()
    browser.post("/anmelden/", {"login": person.email, "password": PASSWORD})
    return browser


def test_who_signs_out_everywhere_else_stays_here(cast):
    here, there, somebody = signed_in(cast.anna), signed_in(cast.anna), signed_in(cast.bernd)

    said = here.post(reverse("sign_out_everywhere"), follow=True)

    assert "Überall sonst sind Sie jetzt abgemeldet." in said.text
    assert [browser.get("/").status_code for browser in (here, there, somebody)] == [200, 302, 200]
    assert signed_in(cast.anna).get("/").status_code == 200


def test_a_page_knows_how_long_one_stays_signed_in_and_may_ask_for_more(cast):
    browser = signed_in(cast.anna)
    first = int(re.search(r'data-ends="(\d+)"', browser.get("/").text)[1])

    answer = browser.post(reverse("stay_signed_in"))

    assert settings.SESSION_COOKIE_AGE - 60 <= first <= settings.SESSION_COOKIE_AGE
    assert (answer.status_code, int(answer.text)) == (200, settings.SESSION_COOKIE_AGE)


def test_nobody_who_is_not_signed_in_is_warned(client, db):
    assert "data-ends" not in client.get("/anmelden/").text
