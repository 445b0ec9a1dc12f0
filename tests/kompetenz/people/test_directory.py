"""Signing in with the administration's directory, played by a real OpenID provider (directory.mjs), which speaks for itself."""

import json
import os
import shutil
import socket
import subprocess
import time
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.conf import settings as installed

from kompetenz.people import installation, links, openid
from kompetenz.people.directory import Silence
from kompetenz.people.models import Person
from tests.clock import in_days
from tests.conftest import PASSWORD
from tests.dripping import dripping

SCRIPT = installed.BASE_DIR / "tests/kompetenz/people/directory.mjs"
WAY = "/anmelden/verwaltung/"
pytestmark = pytest.mark.real_clock  # the provider has its own, and what it signs is good for minutes


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture(scope="module")
def provider(tmp_path_factory):
    """A provider that runs: its address, and ``knows(anna={"email": ...})``, all that it knows from then on."""
    if not shutil.which("node") or not (installed.BASE_DIR / "node_modules/oidc-provider").exists():
        assert not os.environ.get("CI"), (
            "Ohne Node.js und oidc-provider (make assets) ist das Verzeichnis nicht geprüft."
        )
        pytest.skip("ohne Node.js und oidc-provider")
    accounts, port = tmp_path_factory.mktemp("directory") / "accounts.json", free_port()
    accounts.write_text("{}")
    command = ["node", str(SCRIPT), str(port), str(accounts)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout.readline() == "ready\n"
        yield SimpleNamespace(
            address=f"http://127.0.0.1:{port}", knows=lambda **known: accounts.write_text(json.dumps(known))
        )
        process.terminate()


@pytest.fixture(autouse=True)
def switched_on(settings, provider):
    Silence.until = 0
    settings.OIDC_SERVER, settings.OIDC_NAME = provider.address, "Konto der Verwaltung"
    settings.OIDC_NUMBER_CLAIM, settings.OIDC_GROUPS_CLAIM = "employee_number", "groups"
    settings.OIDC_HR_GROUP, settings.OIDC_AUDITOR_GROUP = "kr-personal", "kr-pruefung"
    settings.SITE_URL = "http://127.0.0.1:8000"
    server = {"server_url": provider.address, "scope": ["openid", "profile", "email"]}
    app = {
        "provider_id": "verwaltung", "name": "Verwaltung", "client_id": "kompetenzrad", "secret": "secret-of-the-tests",
        "settings": server,
    }  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}


@pytest.fixture
def come(client):
    """``come("anna")``: the answer of the app to who comes back from the directory as that account; None cancels there."""

    def come_as(account, **asked):
        there = client.get(WAY, asked).headers["Location"] + (f"&login_hint={account}" if account else "")
        browser = requests.Session()
        while "/zurueck/" not in there:
            answer = browser.get(there, allow_redirects=False, timeout=20)
            assert answer.status_code in {302, 303}, answer.text
            there = requests.compat.urljoin(there, answer.headers["Location"])
        back = urlsplit(there)
        return client.get(back.path, parse_qs(back.query))

    return come_as


def of(person, **more):
    return {"email": person.email, "email_verified": True, "name": str(person)} | more


def test_whoever_works_here_is_in_by_their_address_without_a_password(come, provider, cast, client):
    Person.objects.update(password="!", last_login=None)
    provider.knows(anna=of(cast.anna, email=cast.anna.email.upper()))

    answer = come("anna", next="/meine-daten/")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/meine-daten/")
    assert client.get("/meine-daten/").context["user"] == cast.anna
    assert list(SocialAccount.objects.values_list("user", "uid", "extra_data")) == [(cast.anna.pk, "anna", {})]


def test_a_personnel_number_says_who_it_is_and_a_changed_address_is_taken_over(
    come, provider, cast, client, run_jobs, mailoutbox
):
    old = cast.anna.email
    provider.knows(anna=of(cast.anna, email="anna.neu@test.example", employee_number=cast.anna.personnel_number))

    come("anna")
    run_jobs()

    assert client.get("/").context["user"].email == "anna.neu@test.example"
    assert "Ihre E-Mail-Adresse im Kompetenzrad" in [sent.subject for sent in mailoutbox if sent.to == [old]]


def test_who_was_here_before_is_known_though_their_address_has_changed(come, provider, cast, client, settings):
    settings.OIDC_NUMBER_CLAIM = ""
    provider.knows(anna=of(cast.anna))
    come("anna")
    client.post("/abmelden/")
    provider.knows(anna=of(cast.anna, email="anna.neu@test.example"))
    come("anna")

    assert client.get("/").context["user"].pk == cast.anna.pk
    assert Person.objects.get(pk=cast.anna.pk).email == "anna.neu@test.example"


def test_an_address_of_somebody_else_is_not_taken_over(come, provider, cast, client):
    provider.knows(anna=of(cast.bernd, employee_number=cast.anna.personnel_number))

    come("anna")

    assert client.get("/").context["user"].pk == cast.anna.pk
    assert Person.objects.get(pk=cast.anna.pk).email == cast.anna.email


@pytest.mark.parametrize("verified", [False, "false", "False"])
def test_an_address_that_nobody_has_looked_at_opens_nothing(come, provider, cast, verified):
    provider.knows(evil=of(cast.anna, email_verified=verified))

    assert "noch niemand mit Ihrer Personalnummer" in come("evil").text


def test_another_number_than_the_one_that_belongs_to_the_address_is_for_hr_to_see_to(come, provider, cast, client):
    provider.knows(other=of(cast.anna, employee_number="9999"))

    answer = come("other")

    assert answer.status_code == 403
    assert "eine andere Personalnummer" in answer.text
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("gone", [{"is_active": False}, {"leaving_date": in_days(-4000)}])
def test_whoever_has_left_is_told_whom_to_ask(come, provider, cast, client, gone, settings):
    Person.objects.filter(pk=cast.anna.pk).update(**gone)
    provider.knows(anna=of(cast.anna))

    answer = come("anna")

    assert (answer.status_code, "nicht mehr hier arbeiten" in answer.text) == (403, True)
    assert settings.CONTACT_EMAIL in answer.text
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("process", ["connect", "redirect"])
def test_whoever_comes_back_is_signed_in_or_nothing_becomes_of_it(come, provider, cast, client, process):
    """allauth takes from the address what is to be done; an account is joined with a row by signing in alone."""
    provider.knows(dora=of(cast.dora, groups=["kr-personal"]))

    answer = come("dora", process=process)

    assert (answer.status_code, client.get("/").status_code) == (403, 302)
    assert not SocialAccount.objects.exists()
    assert not Person.objects.get(pk=cast.dora.pk).is_hr


def test_nobody_gets_a_row_by_signing_in(come, provider, cast):
    before = Person.objects.count()
    provider.knows(new={"email": "neu@test.example", "email_verified": True, "name": "Neu Neumann"})

    answer = come("new")

    assert (answer.status_code, Person.objects.count(), SocialAccount.objects.count()) == (403, before, 0)


def test_whoever_changes_their_mind_or_comes_with_an_old_answer_is_led_back(come, client, cast):
    cancelled, old = come(None), client.get(WAY + "zurueck/", {"code": "alt", "state": "alt"})

    for answer in (cancelled, old):
        assert answer.status_code == 403
        assert 'href="/anmelden/"' in answer.text


def test_a_directory_that_does_not_answer_is_named_before_and_after_somebody_was_there(
    client, cast, settings, provider
):
    state = parse_qs(urlsplit(client.get(WAY).headers["Location"]).query)["state"][0]
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = (
        f"http://127.0.0.1:{free_port()}"
    )

    for path, query in ((WAY, {}), (WAY + "zurueck/", {"code": "x", "state": state})):
        Silence.until = 0
        answer = client.get(path, query)
        assert answer.status_code == 503
        assert "Das Verzeichnis der Verwaltung antwortet gerade nicht" in answer.text
        assert 'href="/anmelden/"' in answer.text


def test_one_that_is_silent_is_waited_for_once(client, settings, monkeypatch, db):
    """However many want in meanwhile: they are told at once."""
    monkeypatch.setattr("kompetenz.people.directory.PAUSE", 600)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"http://127.0.0.1:{mute.getsockname()[1]}"
        settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = address
        monkeypatch.setattr("allauth.socialaccount.app_settings.REQUESTS_TIMEOUT", 0.2)
        answers = [client.get(WAY) for _ in range(9)]
        mute.settimeout(0)
        mute.accept()[0].close()
        with pytest.raises(BlockingIOError):
            mute.accept()

    assert [answer.status_code for answer in answers] == [503] * 9


@pytest.mark.parametrize(
    "at_once", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n"]
)
def test_one_that_says_byte_after_byte_is_not_waited_for_for_ever(client, settings, monkeypatch, db, at_once):
    monkeypatch.setattr("kompetenz.people.directory.PAUSE", 600)
    monkeypatch.setattr("allauth.socialaccount.app_settings.REQUESTS_TIMEOUT", 0.5)
    began = time.monotonic()
    with dripping(b"HTTP/1.1 200 " + b"x" * 200, at_once=at_once) as (port, calls):
        address = f"http://127.0.0.1:{port}"
        settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = address
        answers = [client.get(WAY) for _ in range(9)]

    assert [answer.status_code for answer in answers] == [503] * 9
    assert "Das Verzeichnis der Verwaltung antwortet gerade nicht" in answers[0].text
    assert (len(calls), time.monotonic() - began < 8) == (1, True)  # its words take ten seconds


@pytest.mark.parametrize("via_a_proxy", [False, True])
def test_one_that_shakes_hands_byte_by_byte_is_not_waited_for_for_ever(client, settings, monkeypatch, db, via_a_proxy):
    monkeypatch.setattr("kompetenz.people.directory.PAUSE", 600)
    monkeypatch.setattr("allauth.socialaccount.app_settings.REQUESTS_TIMEOUT", 0.5)
    began = time.monotonic()
    said = b"HTTP/1.1 200 " if via_a_proxy else b"\x16\x03\x03\x40\x00"  # the head of a record of TLS
    with dripping(said + b"x" * 200) as (port, calls):
        address = f"https://127.0.0.1:{port}"
        if via_a_proxy:
            monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
            address = "https://verzeichnis.example"
        settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = address
        answers = [client.get(WAY) for _ in range(9)]

    assert [answer.status_code for answer in answers] == [503] * 9
    assert (len(calls), time.monotonic() - began < 8) == (1, True)


def test_groups_give_rights_and_take_them_away_and_it_is_told(come, provider, cast, client, run_jobs, mailoutbox):
    provider.knows(dora=of(cast.dora, groups=["/kr-personal", "andere"]))
    come("dora")
    run_jobs()
    given = client.get("/personen/").status_code
    told = {sent.to[0] for sent in mailoutbox if sent.subject == "Geänderte Rechte im Kompetenzrad"}
    client.post("/abmelden/")
    provider.knows(dora=of(cast.dora, groups=["kr-pruefung"]))
    come("dora")
    dora = Person.objects.get(pk=cast.dora.pk)

    assert (given, told) == (200, {cast.dora.email, cast.paula.email, cast.audit.email})
    assert (dora.is_hr, dora.is_auditor, client.get("/personen/").status_code) == (False, True, 404)


def test_another_account_with_the_same_address_does_not_take_the_place_of_the_first_untold(
    come, provider, cast, client, settings, run_jobs, mailoutbox
):
    settings.OIDC_NUMBER_CLAIM = ""
    provider.knows(anna=of(cast.anna), other=of(cast.anna))
    for _ in range(2):
        come("anna")
        client.post("/abmelden/")
    run_jobs()
    untold = len(mailoutbox)

    come("other")
    run_jobs()

    told = [sent for sent in mailoutbox if sent.subject == "Anmeldung mit einem anderen Konto im Kompetenzrad"]
    assert untold == 0
    assert {sent.to[0] for sent in told} == {cast.anna.email, cast.bernd.email, cast.paula.email}
    assert f"Anna Ärmel: {cast.anna.email}" in told[0].body
    assert list(SocialAccount.objects.values_list("user", "uid")) == [(cast.anna.pk, "other")]


def test_an_account_that_was_another_persons_is_told_too(come, provider, cast, client, run_jobs, mailoutbox):
    provider.knows(one=of(cast.anna))
    come("one")
    client.post("/abmelden/")
    provider.knows(one=of(cast.anna, employee_number=cast.dora.personnel_number))

    come("one")
    run_jobs()

    told = [sent for sent in mailoutbox if sent.subject == "Anmeldung mit einem anderen Konto im Kompetenzrad"]
    assert {sent.to[0] for sent in told} == {cast.dora.email, cast.bernd.email, cast.paula.email}


def test_without_a_group_rights_are_hrs_to_give(come, provider, cast, settings):
    settings.OIDC_HR_GROUP = settings.OIDC_AUDITOR_GROUP = ""
    provider.knows(paula=of(cast.paula, groups=["andere"]))
    come("paula")

    assert Person.objects.get(pk=cast.paula.pk).is_hr


def test_the_second_step_is_the_directorys_matter(come, provider, cast, client, settings):
    settings.SECOND_FACTOR, settings.OIDC_HR_GROUP = True, ""
    provider.knows(paula=of(cast.paula))
    come("paula")

    assert client.get("/personen/").status_code == 200


@pytest.mark.parametrize(("said", "is_in"), [(["pwd", "mfa"], True), (["pwd"], False), (None, False)])
def test_where_the_directory_has_to_say_so_its_word_is_asked_for(come, provider, cast, client, settings, said, is_in):
    settings.SECOND_FACTOR, settings.OIDC_HR_GROUP, settings.OIDC_SECOND_STEP = True, "", ["mfa"]
    provider.knows(paula=of(cast.paula, **({"amr": said} if said else {})))
    come("paula")

    answer = client.get("/personen/")

    assert answer.headers.get("Location") == (None if is_in else "/zwei-schritte/einrichten/")


def test_whom_the_directory_knows_opens_no_other_account_by_it(come, provider, cast, client, settings):
    """Somebody stops between the directory and a code of their own, and goes on with another's password."""
    settings.SECOND_FACTOR, settings.OIDC_HR_GROUP, settings.LOCAL_ACCOUNTS = True, "", [cast.paula.email]
    TOTP.activate(cast.anna, "A" * 32)
    provider.knows(anna=of(cast.anna))

    stopped = come("anna").headers["Location"]
    settings.ACCOUNT_LOGIN_TIMEOUT = -1  # a quarter of an hour later the sign-in page is there again
    client.post("/anmelden/", {"login": cast.paula.email, "password": PASSWORD})

    assert stopped == "/anmelden/code/"
    assert client.get("/personen/").headers["Location"] == "/zwei-schritte/einrichten/"


def test_signing_out_leaves_the_directory_too(come, provider, cast, client):
    provider.knows(anna=of(cast.anna))
    come("anna")

    left = urlsplit(client.post("/abmelden/").headers["Location"])

    assert f"{left.scheme}://{left.netloc}{left.path}" == f"{provider.address}/session/end"
    assert parse_qs(left.query) == {
        "client_id": ["kompetenzrad"], "post_logout_redirect_uri": ["http://127.0.0.1:8000/anmelden/"],
    }  # fmt: skip
    assert requests.get(left.geturl(), timeout=20).status_code == 200
    assert client.get("/").status_code == 302


def test_passwords_are_for_named_accounts_alone(client, cast, settings, run_jobs, mailoutbox):
    settings.LOCAL_ACCOUNTS = [cast.bernd.email]
    tried = {
        person: client.post("/anmelden/", {"login": person.email, "password": PASSWORD}).status_code
        for person in (cast.anna, cast.bernd)
    }
    client.post("/abmelden/")
    for person in (cast.anna, cast.bernd):
        client.post("/passwort/vergessen/", {"email": person.email})
    run_jobs()

    assert tried == {cast.anna: 200, cast.bernd: 302}
    assert [sent.to for sent in mailoutbox] == [[cast.bernd.email]]
    assert not Person.objects.awaiting_first_password().exclude(pk=cast.bernd.pk).exists()


def test_a_link_of_before_lets_in_nobody_who_has_no_password_any_more(cast, settings, client):
    settings.OIDC_SERVER = ""
    Person.objects.filter(pk__in=[cast.anna.pk, cast.bernd.pk]).update(last_login=None)
    settings.LOCAL_ACCOUNTS = [cast.bernd.email]
    of_before = {one: links.invitation_to(Person.objects.get(pk=one.pk)) for one in (cast.anna, cast.bernd)}
    settings.OIDC_SERVER = "https://sso.example"

    told = {one: "gilt nicht mehr" in client.get(urlsplit(link).path).text for one, link in of_before.items()}

    assert told == {cast.anna: True, cast.bernd: False}


def test_whom_the_directory_lets_in_has_no_password_to_change(come, provider, cast, client):
    Person.objects.update(password="!")
    provider.knows(anna=of(cast.anna))
    come("anna")

    assert client.get("/passwort/aendern/").status_code == 404
    assert "Passwort ändern" not in client.get("/meine-daten/").text


def test_the_sign_in_page_leads_there_first(client, db):
    page = client.get("/anmelden/?next=/team/").text

    assert f'href="http://127.0.0.1:8000{WAY}?next=/team/"' in page
    assert page.index(WAY) < page.index('name="password"')


def test_whatever_host_is_asked_the_directory_leads_back_to_the_site(client, settings, db):
    """It knows no other address; and there a session has to know of it, so the way begins there, too."""
    settings.ALLOWED_HOSTS = ["*"]
    strange = {"host": "kr-alt.kreis.example"}

    page = client.get("/anmelden/", headers=strange).text
    asked = parse_qs(urlsplit(client.get(WAY, headers=strange).headers["Location"]).query)

    assert f'href="http://127.0.0.1:8000{WAY}?next=/"' in page
    assert asked["redirect_uri"] == ["http://127.0.0.1:8000/anmelden/verwaltung/zurueck/"]


def test_who_comes_back_where_nobody_left_reads_what_to_do(client, provider, cast):
    answer = client.get(f"{WAY}zurueck/", {"code": "irgendeiner", "state": "von-einem-anderen-rechner"})

    assert (answer.status_code, "noch einmal" in answer.text, 'href="/anmelden/"' in answer.text) == (403, True, True)


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({}, []),
        ({"OIDC_CLIENT_ID": ""}, ["OIDC_CLIENT_ID"]),
        ({"OIDC_CLIENT_SECRET": ""}, ["OIDC_CLIENT_SECRET"]),
        ({"OIDC_SERVER": "http://sso.example"}, ["https://"]),
        ({"OIDC_GROUPS_CLAIM": ""}, ["OIDC_GROUPS_CLAIM"]),
        ({"OIDC_AUDITOR_GROUP": "kr-personal"}, ["dieselbe Gruppe"]),
        ({"OIDC_SERVER": ""}, ["OIDC_SERVER nicht"]),
    ],
)
def test_a_check_says_what_is_missing(settings, changes, missing):
    complete = {"OIDC_SERVER": "https://sso.example", "OIDC_CLIENT_ID": "kompetenzrad", "OIDC_CLIENT_SECRET": "geheim"}
    for name, value in (complete | changes).items():
        setattr(settings, name, value)

    found = [problem.msg for problem in installation.directory_is_complete(None)]

    assert [any(word in said for said in found) for word in missing] == [True] * len(found)
    assert len(found) == len(missing)


@pytest.mark.parametrize(("sent", "read"), [(["a", "/b"], {"a", "b"}), ("a", {"a"}), (None, set()), ([7, None], set())])
def test_groups_are_read_however_they_are_sent(sent, read):
    assert openid.groups_of({"groups": sent}) == read
