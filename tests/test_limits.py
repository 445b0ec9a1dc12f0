"""What is too large, too often or not to be understood is refused in German and says what to do; never by a stack or an English page."""

import json
import re

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver, reverse

from kompetenz.in_vain import NOT_TAKEN
from tests.conftest import PASSWORD
from tests.markup import problems_in
from tests.thorough import thorough_but

SIGN_IN = "/anmelden/"
FORM = "application/x-www-form-urlencoded"
PART = '--x\r\nContent-Disposition: form-data; name="a{}"\r\n{}\r\n\r\nInhalt\r\n'


def parts(count, more=""):
    return "".join(PART.format(at, more) for at in range(count)) + "--x--\r\n"


@pytest.fixture
def visitor(client, db):
    client.raise_request_exception = False
    cache.clear()
    yield client
    cache.clear()  # who has tried too often may try again


def assert_it_is_said(answer, status):
    """In German, on a page that leads on, and without anything that only a developer reads."""
    assert answer.status_code == status
    assert '<html lang="de"' in re.sub(r"\s+", " ", answer.text)
    assert "Bitte" in answer.text
    assert 'href="/"' in answer.text
    assert not re.search(r"Traceback|Exception|Django|not allowed|Forbidden|Bad Request", answer.text)
    assert problems_in(answer) == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("&".join(f"a{at}=1" for at in range(1001)), FORM),
        ("a=" + "x" * 2_700_000, FORM),
        ("a=1", FORM + "; charset=latin-1"),
        ("Inhalt", "multipart/form-data"),
        (parts(1, "Content-Transfer-Encoding: base64"), "multipart/form-data; boundary=" + "x" * 300),
        (parts(1001), "multipart/form-data; boundary=x"),
        (parts(101).replace('"\r\n', '"; filename="b"\r\n'), "multipart/form-data; boundary=x"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_one_line_of_the_log(visitor, caplog, body, kind):
    answer = visitor.generic("POST", SIGN_IN, body, kind)

    assert_it_is_said(answer, 400)
    assert [(one.levelname, one.exc_info) for one in caplog.records] == [("WARNING", None)]


def test_each_reason_is_told_as_such(visitor):
    many = "&".join(f"a{at}=1" for at in range(1001))
    fields = visitor.get(f"{SIGN_IN}?{many}")
    host = visitor.get(SIGN_IN, HTTP_HOST="anders.example")

    assert "mehr Angaben, als die Anwendung auf einmal annimmt" in fields.text
    assert "Bitte öffnen Sie http://127.0.0.1:8000." in host.text
    assert all(re.search("Bitte|bitte", text) for _, text in NOT_TAKEN.values())


def test_a_refusal_looks_like_a_page_and_says_where_to_go_and_whom_to_ask(visitor, settings):
    page = visitor.get(SIGN_IN, HTTP_HOST="anders.example").text

    assert re.findall(r'href="([^"]+)"', page)[-3:] == ["/", "/", f"mailto:{settings.CONTACT_EMAIL}"]
    assert '<link rel="stylesheet" href="/static/css/page.css">' in page


@pytest.mark.parametrize("kind", ["application/json", "text/xml", "nonsense", ""])
def test_what_no_form_sends_is_read_as_an_empty_form(visitor, kind):
    answer = visitor.generic("POST", SIGN_IN, '{"login": 1}', kind)

    assert answer.status_code in {200, 400}  # allauth answers JSON in kind
    missing = "Bitte füllen Sie „Passwort“ aus."
    assert missing in answer.text or json.dumps(missing) in answer.text


def pages(patterns, before=""):
    """Every address of the app without a number or a name in it."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from pages(pattern.url_patterns, route)
        elif not re.search(r"[<^(\\]", route):
            yield f"/{route}"


def own_pages():
    return [address for address in pages(get_resolver().url_patterns) if not address.startswith("/verwaltung/")]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "UNSINN"])
def test_a_method_that_an_address_does_not_have_is_refused_in_words(visitor, cast, method):
    visitor.force_login(cast.paula)
    refused = 0
    for address in own_pages():
        answer = visitor.generic(method, address)
        assert answer.status_code < 500, address
        if answer.status_code == 405:
            refused += 1
            assert_it_is_said(answer, 405)
            assert answer.headers["Allow"]

    assert refused > 20


def test_a_page_may_be_asked_for_its_head(visitor, cast):
    visitor.force_login(cast.paula)

    assert {visitor.head(address).status_code for address in own_pages()} <= {200, 302, 404, 405}
    assert visitor.head(reverse("people:list")).status_code == 200
    assert visitor.head(reverse("people:staff_discard")).status_code == 405


@pytest.mark.parametrize(
    "address", ["/static/gibt-es-nicht.css", "/static/../geheim", "/gibt-es-nicht/", "/%00/", "/%ff/"]
)
def test_what_is_not_there_is_told_so(visitor, cast, address):
    visitor.force_login(cast.anna)

    answer = visitor.get(address)

    assert (answer.status_code, "Seite nicht gefunden" in answer.text) == (404, True)


def test_whoever_may_not_enter_the_admin_is_told_in_german(visitor, cast):
    visitor.force_login(cast.anna)

    answer = visitor.get(reverse("admin:index"), follow=True)

    assert answer.status_code == 403
    assert "Diese Seite ist nicht für Sie bestimmt." in answer.text


def test_too_many_wrong_passwords_are_told_so(visitor, cast):
    wrong = {"login": cast.anna.email, "password": "falsch"}
    answers = [visitor.post(SIGN_IN, wrong) for _ in range(6)]

    assert {answer.status_code for answer in answers} == {200}
    assert "Zu viele Versuche. Bitte warten Sie fünf Minuten, oder" in answers[-1].text
    assert f'value="{cast.anna.email}"' in answers[-1].text


def test_whatever_else_is_tried_too_often_is_told_so(visitor, cast):
    visitor.force_login(cast.anna)
    sent = {"oldpassword": "falsch", "password1": PASSWORD, "password2": PASSWORD}

    last = [visitor.post("/passwort/aendern/", sent) for _ in range(6)][-1]

    assert_it_is_said(last, 429)
    assert "Zu viele Versuche" in last.text


@pytest.mark.parametrize(
    "address", thorough_but(["/anmelden/", "/passwort/vergessen/", "/passwort/neu/1-abc-def/"], "/anmelden/")
)
def test_what_is_empty_or_broken_costs_nobody_anything(visitor, cast, address):
    answers = {visitor.post(address, sent).status_code for sent in [{}, {"login": "x", "email": "x"}] * 200}

    assert answers == {200}
    assert visitor.post(SIGN_IN, {"login": cast.anna.email, "password": PASSWORD}).status_code == 302


def test_a_file_that_is_too_large_is_told_beside_its_field(visitor, cast):
    visitor.force_login(cast.paula)
    large = SimpleUploadedFile("liste.csv", b"x" * 10_500_000)

    answer = visitor.post(reverse("people:staff_import"), {"file": large})

    assert answer.status_code == 200
    assert "10 MB" in answer.context["form"].errors.as_text()
