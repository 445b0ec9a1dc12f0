"""How long somebody stays signed in, and where."""

import io
import re

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
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


def test_however_often_somebody_asks_for_more_it_ends_after_twenty_hours(cast, clock):
    browser, given = signed_in(cast.anna), []
    for _ in range(2):
        clock.shift(9 * 3600)
        given.append(int(browser.post(reverse("stay_signed_in")).text))
    clock.shift(2 * 3600 + 1)

    assert [round(seconds / 3600) for seconds in given] == [10, 2]
    assert browser.get("/").status_code == 302


def test_a_new_secret_key_signs_nobody_out_while_it_knows_the_one_before(cast, settings):
    browser, before = signed_in(cast.anna), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a-new-one-" * 6, [before]
    known = browser.get("/").status_code
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [], "another-one-" * 6

    assert (known, browser.get("/").status_code) == (200, 302)


def test_a_command_signs_out_one_or_all(cast):
    anna, bernd = signed_in(cast.anna), signed_in(cast.bernd)

    call_command("sign_out", f" {cast.anna.email.upper()}", stdout=io.StringIO())
    one = [browser.get("/").status_code for browser in (anna, bernd)]
    call_command("sign_out", "--everybody", stdout=io.StringIO())

    assert (one, bernd.get("/").status_code) == ([302, 200], 302)
    with pytest.raises(CommandError, match="Niemand"):
        call_command("sign_out", "niemand@test.example")
