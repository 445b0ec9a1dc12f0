"""What no log holds."""

import io
import logging
import re

import pytest
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.test import Client

from kompetenz.logs import WithoutSecrets, without_secrets
from kompetenz.people import links
from kompetenz.people.accounts import AccountAdapter
from tests.conftest import PASSWORD

UNSENT = "kompetenz.letters.unsent.Unsent"


@pytest.fixture
def log():
    """What the app's own handler has written, as it would stand in the journal."""
    (handler,) = [one for one in logging.getLogger().handlers if isinstance(one.formatter, WithoutSecrets)]
    before = handler.setStream(io.StringIO())
    yield handler.stream
    handler.setStream(before)


def test_all_that_the_app_says_goes_through_it():
    handlers = settings.LOGGING["handlers"]
    assert settings.LOGGING["root"]["handlers"] == ["console"]
    assert {one["formatter"] for one in handlers.values()} == {"without_secrets"}


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("GET /kalender/aB3-_x.ics: /kalender/ ist gesperrt", "GET /kalender/….ics: /kalender/ ist gesperrt"),
        ("/passwort/neu/1a-d3k-0123abcd/ ist alt", "/passwort/neu/1a-…/ ist alt"),
        ("?code=123456&next=/team/", "?code=…&next=/team/"),
        ("password1=geheim&password2=geheim", "password1=…&password2=…"),
        (
            "<QueryDict: {'login': ['anna'], 'password': ['ge heim']}>",
            "<QueryDict: {'login': ['anna'], 'password': ['…']}>",
        ),
        ("{'id_token': \"a'b\", 'n': 1}", "{'id_token': \"…\", 'n': 1}"),
        ("postgres://app:geheim@127.0.0.1/app", "postgres://app:…@127.0.0.1/app"),
        ("Postleitzahlcode=1 ist kein Geheimnis", "Postleitzahlcode=1 ist kein Geheimnis"),
    ],
)
def test_of_a_secret_is_only_said_that_there_was_one(said, written):
    assert without_secrets(said) == written


def test_a_request_that_fails_says_where_and_no_secret(client, cast, log, monkeypatch):
    """The error speaks of everything that was sent, as those of databases and mail servers do."""
    client.raise_request_exception = False
    link = links.link_for(cast.anna).removeprefix(settings.SITE_URL)

    def fail(self, request, **credentials):
        raise RuntimeError(f"{request.POST!r} {credentials} {request.get_full_path()} {link}")

    monkeypatch.setattr(AccountAdapter, "authenticate", fail)
    sent = {"login": cast.anna.email, "password": "Nebel-am-Morgen", "csrfmiddlewaretoken": "marke-der-seite"}
    answer = client.post("/anmelden/?code=987654&state=zustand", sent)
    written = log.getvalue()

    assert answer.status_code == 500
    assert "RuntimeError" in written
    assert "test_logs.py" in written
    secrets = ["Nebel-am-Morgen", "marke-der-seite", "987654", "zustand", link.rsplit("-", 1)[1].strip("/")]
    assert [secret for secret in secrets if secret in written] == []


def test_nothing_that_was_typed_to_get_in_is_said_at_all(client, cast, log, caplog):
    caplog.set_level(logging.DEBUG)
    client.post("/anmelden/", {"login": cast.anna.email, "password": "Wort-das-falsch-ist"})
    client.post("/anmelden/", {"login": cast.anna.email, "password": PASSWORD})
    client.post("/passwort/aendern/", {"oldpassword": PASSWORD, "password1": "kurz-und-neu", "password2": "anders-neu"})
    client.post("/zwei-schritte/einrichten/", {"code": "918273"})

    said = log.getvalue() + caplog.text
    typed = ["Wort-das-falsch-ist", PASSWORD, "kurz-und-neu", "anders-neu", "918273"]
    assert [one for one in typed if one in said] == []


def test_a_line_says_when_and_how_bad_and_cannot_be_forged(log):
    """What somebody asks for stands in the log: a line break in it must not begin a line of its own."""
    logging.getLogger("django.request").warning("Not Found: %s", "/x\n2026-01-01 00:00:00,000 ERROR a: b\r\x1b[2J")
    first, *others = log.getvalue().splitlines()

    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} WARNING django\.request: Not Found: /x", first)
    assert [line[:2] for line in others] == ["  "]
    assert not {"\r", "\x1b"} & set(log.getvalue())


def test_without_a_mail_server_no_link_is_in_the_log(cast, log):
    text = f"{links.link_for(cast.anna)}"
    EmailMessage("Ihr Zugang", text, None, [cast.anna.email], connection=get_connection(UNSENT)).send()

    assert log.getvalue().endswith("Not sent, for EMAIL_URL is not set: Ihr Zugang\n")
    assert cast.anna.email not in log.getvalue()


def test_what_was_refused_is_in_the_log_by_its_address_alone(as_, cast, log):
    as_(cast.anna).get("/personen/1/")
    Client(enforce_csrf_checks=True).post("/anmelden/", {"login": cast.anna.email})

    assert "WARNING django.request: Not Found: /personen/1/" in log.getvalue()
    assert "/anmelden/" in log.getvalue()
    assert cast.anna.email not in log.getvalue()
