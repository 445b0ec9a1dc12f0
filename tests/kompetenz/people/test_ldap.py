"""Signing in with the user name and password of the administration, which Debian's OpenLDAP server confirms (slapd.py)."""

import io
import os
import socket
import subprocess
import time
from datetime import timedelta
from importlib.util import find_spec

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import CommandError, call_command
from django.test import Client

from kompetenz.people import accounts, attempts, installation, ldap_bind, ldap_checks, links
from kompetenz.people.accounts import OF_A_DIRECTORY, AccountAdapter
from kompetenz.people.directory import DirectoryAway, Silence
from kompetenz.people.models import Lock, Person
from kompetenz.serving.lanes import Lanes
from tests.clock import in_days
from tests.conftest import PASSWORD
from tests.dripping import dripping
from tests.kompetenz.people import slapd

IS_THERE = slapd.SLAPD and find_spec("ldap")
OURS = "Passwort-der-Verwaltung"
WRONG = "Benutzername oder Passwort stimmt nicht."
HR, AUDIT = f"cn=kr-personal,{slapd.BASE}", f"cn=kr-pruefung,{slapd.BASE}"
NOBODY = f"cn=niemand,{slapd.BASE}"  # a group must have a member
pytestmark = pytest.mark.real_clock  # certificates are good for days of the server's clock


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    if not IS_THERE:
        assert not os.environ.get("CI"), "Ohne slapd und python-ldap (make ldap) ist LDAP nicht geprüft."
        pytest.skip("ohne slapd und python-ldap")
    with slapd.running(tmp_path_factory.mktemp("slapd")) as running:
        yield running


@pytest.fixture
def directory(server, settings, cast):
    """The server with the cast in it, and the app that asks it."""
    ask(settings, server.tls, server.folder / "ca.pem")
    server.empty()
    server.add("", objectClass=["dcObject", "organization"], dc="kreis", o="Kreis")
    server.add("ou=Leute", objectClass="organizationalUnit", ou="Leute")
    for name in ("anna", "bernd", "dora", "paula"):
        account(server, name, getattr(cast, name))
    for group in ("kr-personal", "kr-pruefung"):
        server.add(f"cn={group}", objectClass="groupOfNames", cn=group, member=NOBODY)
    return server


def ask(settings, address, ca="", seconds=30):
    Silence.until = 0
    settings.AUTHENTICATION_BACKENDS = [
        *settings.AUTHENTICATION_BACKENDS[:1],
        "kompetenz.people.ldap_bind.DirectoryBackend",
    ]
    settings.LDAP_SERVER, settings.LDAP_CA_FILE, settings.LDAP_TIMEOUT = address, str(ca), seconds
    settings.LDAP_BASE, settings.LDAP_BIND_DN, settings.LDAP_BIND_PASSWORD = (
        slapd.BASE,
        slapd.READER,
        slapd.READERS_PASSWORD,
    )
    settings.LDAP_NUMBER_ATTRIBUTE = "employeeNumber"


def account(server, uid, person, **more):
    said = {
        "objectClass": "inetOrgPerson", "uid": uid, "cn": str(person), "sn": person.last_name, "userPassword": OURS,
        "employeeNumber": person.personnel_number, "mail": person.email,
    } | more  # fmt: skip
    server.add(f"uid={uid},ou=Leute", **{key: value for key, value in said.items() if value})


def sign_in(client, login, password=OURS, **sent):
    return client.post("/anmelden/", {"login": login, "password": password, **sent})


def said(answer):
    """Why somebody is not signed in."""
    [[reason]] = answer.context["form"].errors.values()
    return reason


# Who is meant ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("login", ["anna", "ANNA", " anna ", "anna.armel@test.example"])
def test_whoever_works_here_is_in_by_user_name_or_address(directory, cast, client, login):
    Person.objects.update(password="!")

    answer = sign_in(client, login, next="/meine-daten/")

    assert (answer.status_code, answer.headers.get("Location")) == (302, "/meine-daten/")
    assert client.get("/meine-daten/").context["user"] == cast.anna


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("anna", "falsch"), ("anna", PASSWORD), ("niemand", OURS), ("*", OURS), ("anna)(uid=*", OURS), ("an*", OURS),
        ("x" * 200, OURS), (slapd.READER, slapd.READERS_PASSWORD), ("anna@fremd.example", OURS),
    ],
)  # fmt: skip
def test_nobody_else_is(directory, client, login, password):
    answer = sign_in(client, login, password)

    assert (answer.status_code, client.get("/").status_code) == (200, 302)
    assert WRONG in answer.text


@pytest.mark.parametrize("password", ["", " "])
def test_no_password_is_no_password_though_a_directory_would_take_none_for_one(directory, client, cast, password):
    sign_in(client, "anna", password)

    assert client.get("/").status_code == 302
    assert not ldap_bind.ask("anna", "").is_right


def test_a_changed_address_is_taken_over_and_told(directory, cast, client, run_jobs, mailoutbox):
    old = cast.anna.email
    directory.change("uid=anna,ou=Leute", mail="Anna.Neu@Test.example")

    sign_in(client, "anna")
    run_jobs()

    assert client.get("/").context["user"].email == "anna.neu@test.example"
    assert "Ihre E-Mail-Adresse im Kompetenzrad" in [sent.subject for sent in mailoutbox if sent.to == [old]]


def test_another_number_than_the_one_that_belongs_to_the_address_is_for_hr_to_see_to(directory, client):
    directory.change("uid=anna,ou=Leute", employeeNumber="9999")

    assert said(sign_in(client, "anna")) == OF_A_DIRECTORY["several"]


def test_nobody_gets_a_row_and_who_is_unknown_is_told_whom_to_ask(directory, client, cast, settings):
    before = Person.objects.count()
    account(directory, "neu", Person(first_name="Neu", last_name="Neumann", email="neu@test.example"))

    answer = sign_in(client, "neu")

    assert (said(answer), settings.CONTACT_EMAIL in answer.text) == (OF_A_DIRECTORY["unknown"], True)
    assert (Person.objects.count(), said(sign_in(client, "neu", "falsch"))) == (before, WRONG)


@pytest.mark.parametrize("gone", [{"is_active": False}, {"leaving_date": in_days(-4000)}])
def test_whoever_has_left_learns_it_with_the_right_password_alone(directory, cast, client, gone):
    Person.objects.filter(pk=cast.anna.pk).update(**gone)

    assert [said(sign_in(client, "anna", password)) for password in ("falsch", OURS)] == [WRONG, OF_A_DIRECTORY["left"]]
    assert client.get("/").status_code == 302


def test_two_accounts_of_one_name_are_nobodys(directory, cast, client):
    account(directory, "zwei", cast.clara, mail=cast.anna.email)

    assert said(sign_in(client, cast.anna.email)) == WRONG


# Rights ---------------------------------------------------------------------------------------------


def test_groups_give_rights_and_take_them_away_and_it_is_told(directory, cast, client, settings, run_jobs, mailoutbox):
    settings.LDAP_HR_GROUP, settings.LDAP_AUDITOR_GROUP = HR, AUDIT
    directory.change("cn=kr-personal", member=[NOBODY, f"uid=dora,ou=Leute,{slapd.BASE}"])
    sign_in(client, "dora")
    run_jobs()
    given = client.get("/personen/").status_code
    told = {sent.to[0] for sent in mailoutbox if sent.subject == "Geänderte Rechte im Kompetenzrad"}
    client.post("/abmelden/")
    directory.change("cn=kr-personal", member=NOBODY)
    directory.change("cn=kr-pruefung", member=f"uid=dora,ou=Leute,{slapd.BASE}")
    sign_in(client, "dora")
    dora = Person.objects.get(pk=cast.dora.pk)

    assert (given, told) == (200, {cast.dora.email, cast.paula.email, cast.audit.email})
    assert (dora.is_hr, dora.is_auditor, client.get("/personen/").status_code) == (False, True, 404)


@pytest.mark.parametrize("group", ["", f"cn=gibt-es-nicht,{slapd.BASE}"])
def test_a_group_that_nobody_can_look_into_takes_no_rights_away(directory, cast, client, settings, group):
    settings.LDAP_HR_GROUP = group
    sign_in(client, "paula")

    assert Person.objects.get(pk=cast.paula.pk).is_hr


def test_the_second_step_is_asked_for_all_the_same(directory, cast, client, settings):
    settings.SECOND_FACTOR = True
    TOTP.activate(cast.anna, "A" * 32)

    steps = [sign_in(client, "paula").headers["Location"], client.get("/personen/").headers["Location"]]
    client.post("/abmelden/")

    assert steps == ["/", "/zwei-schritte/einrichten/"]
    assert sign_in(client, "anna").headers["Location"] == "/anmelden/code/"


def test_it_is_set_up_by_whoever_has_just_signed_in_and_nobody_else(directory, client, monkeypatch):
    """There is no password here that could be asked for again; a session that stands open would keep its owner out."""
    set_up = "/zwei-schritte/einrichten/"
    sign_in(client, "anna")
    new = client.get(set_up).status_code
    with monkeypatch.context() as later:
        later.setattr(accounts, "JUST_NOW", timedelta(0))
        old = client.get(set_up)

    assert (new, old.headers["Location"]) == (200, f"/anmelden/?next={set_up}")
    assert "noch einmal an" in client.get(old.headers["Location"]).text
    assert sign_in(client, "anna", next=set_up).headers["Location"] == set_up
    assert client.get(set_up).status_code == 200


# Passwords of our own -------------------------------------------------------------------------------


def test_passwords_of_our_own_are_for_named_accounts_alone(directory, client, cast, settings, run_jobs, mailoutbox):
    settings.LOCAL_ACCOUNTS = [cast.bernd.email]
    tried = [sign_in(Client(), person.email, PASSWORD).status_code for person in (cast.anna, cast.bernd)]
    for person in (cast.anna, cast.bernd):
        client.post("/passwort/vergessen/", {"email": person.email})
    run_jobs()

    assert (tried, [sent.to for sent in mailoutbox]) == ([200, 302], [[cast.bernd.email]])
    assert client.get(links.link_for(cast.anna).removeprefix(settings.SITE_URL)).status_code == 200
    assert "setzt Ihre IT neu" in client.get("/passwort/vergessen/").text


def test_what_is_tried_at_an_account_by_any_of_its_names_counts_for_the_person(directory, cast, client):
    for login in ["anna", cast.anna.email] * 3:
        sign_in(Client(), login, "falsch")

    refused = said(sign_in(client, "anna", OURS))
    assert refused == AccountAdapter.error_messages[f"{attempts.HERE}_of_directory"]
    assert Lock.objects.get().person == cast.anna
    assert "Passwort vergessen" not in refused


def test_who_is_in_has_tried_nothing_in_vain(directory, cast, client):
    for _ in range(7):
        assert sign_in(Client(), "anna").status_code == 302


def test_the_page_says_which_password_is_wanted(directory, client):
    page = client.get("/anmelden/").text

    assert "Benutzername oder E-Mail-Adresse" in page
    assert "Passwort vergessen?</a>" not in page
    assert "Das setzt nur Ihre IT neu." in page


# A directory that is not to be had --------------------------------------------------------------------


@pytest.fixture
def mute():
    """A server that takes calls and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"127.0.0.1:{listening.getsockname()[1]}"


@pytest.mark.parametrize("how", ["ldap", "ldaps"])
@pytest.mark.usefixtures("server", "cast")
def test_one_that_is_silent_is_waited_for_once_and_told(settings, client, mute, how, monkeypatch):
    ask(settings, f"{how}://{mute}", seconds=1)
    monkeypatch.setattr("kompetenz.people.directory.PAUSE", 600)
    asked = []
    run = subprocess.run
    monkeypatch.setattr(subprocess, "run", lambda *what, **how: asked.append(what) or run(*what, **how))

    answers = [said(sign_in(Client(), "anna")) for _ in range(9)]

    assert answers == [OF_A_DIRECTORY["away"]] * 9  # nobody is told that they have tried too often
    assert len(asked) == 1


@pytest.mark.usefixtures("server", "cast")
def test_one_that_says_byte_after_byte_is_not_waited_for_for_ever(settings, monkeypatch):
    monkeypatch.setattr("kompetenz.people.directory.PAUSE", 600)
    answer_of_the_bind = b"\x30\x84\x00\x00\x10\x00\x02\x01\x01\x61" + b"\x00" * 200
    with dripping(answer_of_the_bind) as (port, calls):
        ask(settings, f"ldap://127.0.0.1:{port}", seconds=2)
        settings.LDAP_STARTTLS = False
        began = time.monotonic()
        answers = [said(sign_in(Client(), "anna")) for _ in range(9)]

    assert answers == [OF_A_DIRECTORY["away"]] * 9
    assert (len(calls), time.monotonic() - began < 8) == (1, True)


@pytest.mark.usefixtures("server", "cast")
def test_one_that_shakes_hands_byte_by_byte_is_not_waited_for_for_ever(settings, monkeypatch):
    monkeypatch.setattr("kompetenz.people.directory.PAUSE", 600)
    head_of_a_record = b"\x16\x03\x03\x40\x00"
    with dripping(head_of_a_record + b"\x00" * 200) as (port, calls):
        ask(settings, f"ldaps://127.0.0.1:{port}", seconds=2)
        began = time.monotonic()
        answers = [said(sign_in(Client(), "anna")) for _ in range(9)]

    assert answers == [OF_A_DIRECTORY["away"]] * 9
    assert (len(calls), time.monotonic() - began < 8) == (1, True)


@pytest.mark.usefixtures("cast")
def test_one_that_is_not_there_is_told(settings, client, server):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    ask(settings, f"ldaps://127.0.0.1:{port}")

    assert said(sign_in(client, "anna")) == OF_A_DIRECTORY["away"]


def test_whoever_waits_for_it_keeps_no_page_waiting():
    lanes = Lanes(2)

    assert lanes.of("POST", "/anmelden/") is lanes.passwords
    assert lanes.of("GET", "/") is lanes.pages


def test_named_accounts_get_in_without_it(directory, settings, client, cast, mute):
    settings.LOCAL_ACCOUNTS = [cast.bernd.email]
    ask(settings, f"ldap://{mute}", seconds=1)

    assert sign_in(client, cast.bernd.email, PASSWORD).status_code == 302


def test_while_it_is_away_passwords_of_our_own_are_not_guessed_for_nothing(settings, client, cast, monkeypatch):
    """They were tried with us before the directory was asked; of everybody else's none was."""
    ask(settings, "ldaps://127.0.0.1:1")
    settings.LOCAL_ACCOUNTS = [cast.paula.email]

    def silent(*_):
        raise DirectoryAway

    monkeypatch.setattr(ldap_bind, "ask", silent)

    ours = [said(sign_in(client, cast.paula.email, "falsch")) for _ in range(attempts.AT_ONE + 1)]
    theirs = [said(sign_in(client, cast.anna.email, "falsch")) for _ in range(attempts.AT_ONE + 1)]

    assert set(ours[:-1]) == set(theirs) == {OF_A_DIRECTORY["away"]}
    assert ours[-1] == OF_A_DIRECTORY[f"{attempts.HERE}_of_directory"]


def test_a_certificate_that_nobody_we_trust_has_signed_is_not_believed(directory, settings, client, tmp_path):
    slapd.certify(tmp_path, "other")
    answers = []
    for ca in (tmp_path / "other.pem", ""):
        for address in (directory.tls, directory.plain):
            ask(settings, address, ca)
            answers.append(said(sign_in(Client(), "anna")))

    assert answers == [OF_A_DIRECTORY["away"]] * 4


def test_starttls_is_spoken_where_the_address_has_none(directory, settings, client):
    ask(settings, directory.plain, directory.folder / "ca.pem")

    assert sign_in(client, "anna").status_code == 302


def test_one_that_does_not_let_us_look_says_so_and_no_log_has_a_password(directory, settings, client, caplog):
    settings.LDAP_BIND_PASSWORD = "ein-altes-geheimnis"

    assert said(sign_in(client, "anna")) == OF_A_DIRECTORY["away"]
    assert "INVALID_CREDENTIALS" in caplog.text
    assert [one for one in ("ein-altes-geheimnis", OURS) if one in caplog.text] == []


# Setting it up --------------------------------------------------------------------------------------


def test_a_command_says_whom_an_account_means(directory, settings, cast):
    settings.LDAP_HR_GROUP = HR
    out = io.StringIO()
    call_command("ask_directory", "paula", stdout=out)

    assert out.getvalue().splitlines() == [
        f"Konto: uid=paula,ou=Leute,{slapd.BASE}", "Personalnummer: 0005", f"E-Mail: {cast.paula.email}",
        "Personalentwicklung: nein", "Datenschutz oder Personalrat: nicht aus dem Verzeichnis", "Gemeint ist: Paula Personal",
    ]  # fmt: skip
    with pytest.raises(CommandError, match="heißt kein Konto"):
        call_command("ask_directory", "niemand")


COMPLETE = {
    "LDAP_SERVER": "ldaps://dc.kreis.example",
    "LDAP_BASE": slapd.BASE,
    "LDAP_BIND_DN": "cn=a",
    "LDAP_BIND_PASSWORD": "b",
}


@pytest.mark.skipif(not find_spec("ldap"), reason="ohne python-ldap")
@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({}, []),
        ({"LDAP_BASE": ""}, ["LDAP_BASE"]),
        ({"LDAP_BIND_PASSWORD": ""}, ["LDAP_BIND_PASSWORD"]),
        ({"OIDC_SERVER": "https://sso.example"}, ["beide"]),
        ({"LDAP_SERVER": "ldap://dc.kreis.example", "LDAP_STARTTLS": False}, ["lesbar über das Netz"]),
        ({"LDAP_SERVER": "dc.kreis.example"}, ["beginnt nicht"]),
        ({"LDAP_SERVER": "ldaps://dc1 ldap://dc2"}, ["mischt"]),
        ({"LDAP_CA_FILE": "/gibt/es/nicht.pem"}, ["LDAP_CA_FILE"]),
        ({"LDAP_FILTER": "(uid=*)"}, ["{login}"]),
        ({"LDAP_NUMBER_ATTRIBUTE": "", "LDAP_EMAIL_ATTRIBUTE": ""}, ["beide leer"]),
        ({"LDAP_HR_GROUP": "kr-personal"}, ["ganzen Namen"]),
        ({"LDAP_HR_GROUP": HR, "LDAP_AUDITOR_GROUP": HR.upper()}, ["dieselbe Gruppe"]),
        ({"LDAP_SERVER": ""}, ["LDAP_SERVER nicht"]),
    ],
)
def test_a_check_says_what_is_missing(settings, changes, missing):
    for name, value in (COMPLETE | changes).items():
        setattr(settings, name, value)

    found = [problem.msg for problem in ldap_checks.ldap_is_complete(None)]

    assert [any(word in problem for problem in found) for word in missing] == [True] * len(found)
    assert len(found) == len(missing)


def test_without_python_ldap_a_check_says_how_to_get_it(settings, monkeypatch):
    settings.LDAP_SERVER, settings.LDAP_BASE = "ldaps://dc.kreis.example", slapd.BASE
    monkeypatch.setattr(ldap_checks, "find_spec", lambda name: None)

    assert ["requirements/ldap.txt" in problem.msg for problem in ldap_checks.ldap_is_complete(None)] == [True]


def test_letters_and_pages_call_it_what_people_call_it(settings):
    named = [installation.directory()]
    settings.LDAP_SERVER, settings.LDAP_NAME = "ldaps://dc.kreis.example", "Windows-Konto"
    named.append(installation.directory())

    assert named == ["", "Windows-Konto"]
