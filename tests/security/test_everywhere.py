"""What is true of every page and every form there is: ASVS 5.0, level 2; which test stands for which item: docs/security.md."""

import re
from http import HTTPStatus
from urllib.parse import urlsplit

import pytest
from django.conf import settings as installed
from django.db import connection, transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from kompetenz.people.models import Person
from kompetenz.serving.gateway import Gateway
from kompetenz.serving.refusals import REFUSALS
from tests.browser.crowd import crowd_around
from tests.conftest import PASSWORD, Stage
from tests.filled_in import forms_of
from tests.kompetenz.serving.test_gateway import Connection
from tests.test_access import CASES, STATES, Objects, Writes
from tests.thorough import thorough_but


def views(patterns=None):
    """Every view that an address leads to, with its route."""
    for one in patterns or get_resolver().url_patterns:
        if isinstance(one, URLResolver):
            yield from views(one.url_patterns)
        else:
            yield str(one.pattern), one.callback


def different_forms(client, crowd):
    """Each kind of form of all pages once, as (signed-in client, what is sent)."""
    known = set()
    for who, _, address in crowd.pages:
        client.force_login(getattr(crowd.cast, who))
        for sent in forms_of(address, client.get(address).text):
            path = re.sub(r"\d+", "", urlsplit(sent.address).path)
            kind = path, frozenset(re.sub(r"\d+", "", name) for name in sent.fields), sent.by_htmx
            if kind not in known:
                known.add(kind)
                yield sent


# Cross-site requests ----------------------------------------------------------------------------------


def test_no_view_is_exempt_from_asking_for_a_token():
    found = list(views())

    assert len(found) > 200
    assert [route for route, view in found if getattr(view, "csrf_exempt", False)] == []
    assert "django.middleware.csrf.CsrfViewMiddleware" in installed.MIDDLEWARE


@pytest.mark.thorough
def test_every_form_without_its_token_changes_nothing(client, cast):
    crowd = crowd_around(cast)
    strict, refused, written = Client(enforce_csrf_checks=True), 0, []
    for sent in different_forms(client, crowd):
        strict.cookies = client.cookies
        with connection.execute_wrapper(writes := Writes()):
            answer = sent.by(strict)
        refused += answer.status_code == HTTPStatus.FORBIDDEN
        written += [(sent.address, answer.status_code)] if writes.tables or answer.status_code != 403 else []

    assert written == []
    assert refused > 80


ACCOUNT = [
    "account_login", "account_logout", "account_inactive", "account_change_password", "account_reset_password", "account_reauthenticate",
    "account_signup", "mfa_authenticate", "mfa_index", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_reauthenticate",
    "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "stay_signed_in", "sign_out_everywhere", "theme",
]  # fmt: skip


@pytest.mark.parametrize("who", ["anna", "paula"])
def test_no_page_of_the_account_changes_anything_by_being_looked_at(client, cast, who):
    """Of all other pages tests/test_access.py says so."""
    client.force_login(getattr(cast, who))
    written = {}
    for name in ACCOUNT:
        with connection.execute_wrapper(writes := Writes()):
            client.get(reverse(name))
        written[name] = writes.tables

    assert {name: tables for name, tables in written.items() if tables} == {}
    assert client.get("/").status_code == 200  # still signed in


# What an answer says to the browser --------------------------------------------------------------------

POLICY = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'", "connect-src 'self'",
    "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'", "object-src 'none'",
}  # fmt: skip
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def lacking(answer, **more):
    """The headers in which it is not as strict as all are."""
    wrong = [name for name, value in (ALWAYS | more).items() if answer.headers.get(name) != value]
    wrong += [] if set(answer.headers.get("Content-Security-Policy", "").split("; ")) == POLICY else ["CSP"]
    wrong += [name for name in answer.headers if name.lower().startswith("access-control-")]
    return wrong + ([] if "no-store" in answer.headers.get("Cache-Control", "") else ["no-store"])


MAY_BE_KEPT = {"emblem", "theme"}  # a picture that is nobody's


@pytest.mark.any_day
@pytest.mark.usefixtures("blank_pdfs")
@pytest.mark.parametrize("who", thorough_but(["anna", "paula"]))
def test_every_page_file_and_refusal_is_private_and_runs_nothing_of_others(client, cast, who):
    """Every address of the access table, by GET and POST, with what it answers: 200, 302, 404, 405, 409."""
    stage = STATES["confirmed"](Stage(cast))
    client.force_login(getattr(cast, who))
    wrong, seen, kinds = {}, set(), set()
    for name, what, *_ in CASES:
        if (name, what) in seen or name in MAY_BE_KEPT:
            continue
        seen.add((name, what))
        with transaction.atomic():
            address = reverse(name, args=Objects(stage).arguments(what))
            for method in ("get", "post"):
                with transaction.atomic():
                    answer = getattr(client, method)(address)
                    transaction.set_rollback(True)
                kinds |= {answer.status_code, answer.headers.get("Content-Type", "").split(";")[0]}
                if lacking(answer):
                    wrong[name, method, answer.status_code] = lacking(answer)
            transaction.set_rollback(True)

    assert wrong == {}
    assert kinds >= {200, 302, 404, 405, "text/html", *(["application/pdf"] if who == "anna" else [])}


def test_errors_are_as_strict_and_say_nothing_of_the_inside(client, cast, monkeypatch):
    client.raise_request_exception = False
    client.force_login(cast.anna)
    strict = Client(enforce_csrf_checks=True)
    answers = {
        404: client.get("/gibt-es-nicht/"),
        403: strict.post("/anmelden/", {}),
        405: client.post("/meine-daten/"),
        400: client.get("/", headers={"host": "boese.example"}),
        401: Client().post("/meine-daten/kalender/"),
    }

    def broken(*_args, **_more):
        raise RuntimeError("Geheim: /srv/kompetenzrad")

    monkeypatch.setattr(Person, "_get_session_auth_hash", broken)
    answers[500] = client.get("/")

    assert {status: answer.status_code for status, answer in answers.items()} == {status: status for status in answers}
    assert {status: lacking(answer) for status, answer in answers.items() if lacking(answer)} == {}
    inside = re.compile(r"Traceback|RuntimeError|Geheim|/srv/|\.py\b|Django")
    assert {status: inside.findall(answer.text) for status, answer in answers.items()} == {one: [] for one in answers}


def test_with_https_everything_is_bound_to_it_and_to_this_host(client, cast, settings):
    settings.SECURE_HSTS_SECONDS, settings.SECURE_SSL_REDIRECT = 31_536_000, True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = settings.HTTPS = True
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-kompetenzrad", "__Host-csrftoken"
    browser, cookies = Client(), {}
    plain = browser.get("/anmelden/")
    for answer in [
        browser.get("/anmelden/", secure=True),
        browser.post("/anmelden/", {"login": cast.anna.email, "password": PASSWORD}, secure=True),
        browser.post("/darstellung/", {"darstellung": "dark"}, secure=True),
    ]:
        assert lacking(answer, **{"Strict-Transport-Security": "max-age=31536000"}) == []
        cookies |= answer.cookies

    assert (plain.status_code, plain.headers["Location"]) == (301, "https://testserver/anmelden/")
    assert {"__Host-kompetenzrad", "__Host-csrftoken"} <= set(cookies)
    loose = [
        name for name, one in cookies.items()
        if not (one["secure"] and one["samesite"] == "Lax" and one["path"] == "/" and not one["domain"])
    ]  # fmt: skip
    assert loose == []
    assert [name for name, one in cookies.items() if not one["httponly"]] == ["__Host-csrftoken"]  # htmx sends it along


def test_what_never_reaches_the_app_is_refused_as_strictly():
    for status in REFUSALS:
        there = Connection()
        Gateway(None, None, dict.fromkeys(REFUSALS, b"x")).refuse(there, status)
        _, headers, _ = there.answer

        assert set(headers["content-security-policy"].split("; ")) == POLICY
        assert (headers["x-content-type-options"], headers["x-frame-options"]) == ("nosniff", "DENY")
        assert (headers["referrer-policy"], headers["cache-control"]) == ("same-origin", "no-store")
