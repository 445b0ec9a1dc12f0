"""Login by default, private answers, and forms that survive a lost session."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.test import Client

from tests.conftest import PASSWORD

PAGE = "/einschaetzungen/1/"
SAME, CROSS = {"HTTP_SEC_FETCH_SITE": "same-origin"}, {"HTTP_SEC_FETCH_SITE": "cross-site"}
HTMX = {"HTTP_HX_REQUEST": "true"}
SECRETS = ["geheim1", "geheim2", "geheim3", "geheim4", "marke"]
SENT = {
    "level-1": "3",
    "remark-1": "Zwei\nZeilen & <Zeichen>",
    "password": "geheim1",
    "password1": "geheim2",
    "password2": "geheim3",
    "oldpassword": "geheim4",
    "csrfmiddlewaretoken": "marke",
    "units": ["4", "5"],
}


@pytest.fixture
def strict():
    """A client that is asked for CSRF tokens, as browsers are."""
    return Client(enforce_csrf_checks=True)


# Login --------------------------------------------------------------------------------------------


def test_a_page_leads_to_the_sign_in_and_back(client, db):
    response = client.get(f"{PAGE}?seite=2")

    target = urlsplit(response.headers["Location"])
    assert (response.status_code, target.path) == (302, "/anmelden/")
    assert parse_qs(target.query) == {"next": [f"{PAGE}?seite=2"]}


def test_htmx_leaves_the_page_for_the_sign_in_and_comes_back_to_it(client, db):
    response = client.get(
        "/runden/1/?stand=selbst", **HTMX, HTTP_HX_CURRENT_URL="http://testserver/runden/1/?stand=fremd"
    )

    target = urlsplit(response.headers["HX-Redirect"])
    assert (response.status_code, target.path) == (200, "/anmelden/")
    assert parse_qs(target.query) == {"next": ["/runden/1/?stand=fremd"]}


def test_htmx_comes_back_to_the_start_from_a_page_it_does_not_name(client, db):
    response = client.get("/runden/1/", **HTMX, HTTP_HX_CURRENT_URL="https://boese.example/")

    assert response.headers["HX-Redirect"] == "/anmelden/?next=%2F"


def test_an_address_that_does_not_exist_is_404_even_before_the_sign_in(client, db):
    assert client.get("/gibt-es-nicht/").status_code == 404


def test_signing_in_leads_back_but_never_to_a_foreign_place(client, cast):
    sent = {"login": cast.clara.email, "password": PASSWORD}

    back = client.post("/anmelden/?next=/meine-daten/", {**sent, "next": "/meine-daten/"})
    client.logout()
    foreign = client.post("/anmelden/", {**sent, "next": "https://boese.example/"})

    assert (back.headers["Location"], foreign.headers["Location"]) == ("/meine-daten/", "/")


def test_a_session_ends_with_the_day_of_leaving(as_, cast):
    client = as_(cast.anna)
    cast.anna.leaving_date = "2020-01-01"
    cast.anna.save()

    assert client.get("/").status_code == 302


# Sent in vain -------------------------------------------------------------------------------------


def test_what_was_sent_after_the_session_can_be_sent_again_without_secrets(client, db):
    response = client.post(PAGE, SENT)

    assert response.status_code == 401
    assert f'<form method="post" autocomplete="off" action="{PAGE}">' in response.text
    assert '<input type="hidden" name="level-1" value="3">' in response.text
    assert "Zwei\nZeilen &amp; &lt;Zeichen&gt;" in response.text
    assert response.text.count('name="units"') == 2
    assert [secret for secret in SECRETS if secret in response.text] == []


def test_an_aged_token_of_our_own_page_loses_nothing(strict, cast):
    strict.force_login(cast.anna)

    response = strict.post(PAGE, SENT, **SAME)

    assert response.status_code == 403
    assert '<input type="hidden" name="level-1" value="3">' in response.text
    assert "Melden Sie sich in einem neuen Fenster an." not in response.text
    assert [secret for secret in SECRETS if secret in response.text] == []


@pytest.mark.parametrize("where_from", [CROSS, {"HTTP_SEC_FETCH_SITE": "same-site"}, {}])
@pytest.mark.parametrize("signed_in", [True, False])
def test_a_form_from_elsewhere_is_not_offered_to_be_confirmed(strict, cast, where_from, signed_in):
    if signed_in:
        strict.force_login(cast.anna)

    response = strict.post(PAGE, SENT, **where_from)

    assert response.status_code == 403
    assert "level-1" not in response.text
    assert "Diese Anfrage konnte nicht sicher zugeordnet werden." in response.text


@pytest.mark.parametrize(("client_name", "status"), [("client", 401), ("strict", 403)])
def test_htmx_gets_a_note_to_put_on_its_page(request, db, client_name, status):
    response = request.getfixturevalue(client_name).post("/einschaetzungen/1/kompetenzen/1/", SENT, **HTMX)

    assert response.status_code == status
    assert response.text.strip().startswith('<div class="progress progress--failed">')
    assert "<html" not in response.text


@pytest.mark.parametrize("address", ["/anmelden/", "/passwort/aendern/"])
def test_a_password_is_never_echoed(client, cast, address):
    client.force_login(cast.anna) if "aendern" in address else None

    response = client.post(
        address, {"login": cast.anna.email, "password": "falsch-und-geheim", "oldpassword": "falsch-und-geheim"}
    )

    assert response.status_code == 200
    assert "falsch-und-geheim" not in response.text


# Headers ------------------------------------------------------------------------------------------

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
}


@pytest.mark.parametrize("address", ["/", "/impressum/", "/anmelden/", "/gibt-es-nicht/", "/meine-daten/"])
def test_every_answer_is_private_and_runs_nothing_of_others(as_, cast, address):
    headers = as_(cast.anna).get(address).headers

    assert set(headers["Content-Security-Policy"].split("; ")) == POLICY
    assert "no-store" in headers["Cache-Control"]
    assert headers["Permissions-Policy"] == "camera=(), microphone=(), geolocation=()"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("host", ["kompetenzrad.kreis.example", "10.0.0.5:8000", "gibt_es nicht"])
@pytest.mark.parametrize("method", ["get", "head"])
def test_the_watchdog_gets_its_answer_by_whatever_name_it_asks(client, settings, host, method):
    settings.ALLOWED_HOSTS = ["kompetenzrad.kreis.example"]

    response = getattr(client, method)("/gesund/", headers={"host": host})

    assert (response.status_code, response.text, response.headers["Content-Type"]) == (200, "ok", "text/plain")


def test_the_server_is_told_whose_request_it_was(as_, cast, client):
    """So that a person has turns of their own there; see serving/gateway.py."""
    nobody = [client.get(path).wsgi_request.META.get(settings.WHO_ASKED) for path in ("/", "/anmelden/", "/impressum/")]
    anna = as_(cast.anna).get("/").wsgi_request.META.get(settings.WHO_ASKED)

    assert (nobody, anna) == ([None] * 3, str(cast.anna.pk))
