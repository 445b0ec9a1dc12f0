"""While somebody else holds the database, whatever is sent is answered: nothing saved, nothing lost, and no error of the server."""

import re
from html import escape
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.urls import resolve, reverse

from assessments.models import StockTaking
from kompetenz.outages import BUSY, FULL
from kompetenz.people.models import Unit
from tests.browser.crowd import crowd_around
from tests.conftest import PASSWORD, Stage
from tests.filled_in import forms_of
from tests.locks import AT_ONCE, locked
from tests.markup import problems_in
from tests.test_access import Writes

# What is sent to these pages as their forms are filled in here is not saved, locked or not.
SAVES_NOTHING = {
    "account_change_password",  # not the right password
    "assessments:colleague_search",
    "assessments:round_admit",  # nobody of this name
    "learningplans:offer_list",  # no file
    "people:letterhead",  # no file
    "people:staff_import",  # no file
    "theme",  # a cookie
}


@pytest.fixture
def impatient(monkeypatch):
    """The app's connection waits for nobody."""
    for name, value in AT_ONCE[connection.vendor].items():
        monkeypatch.setitem(connection.settings_dict["OPTIONS"], name, value)
    connection.close()
    yield
    connection.close()


def sent_to_all_pages(client, crowd):
    """(name of the address, what is sent) for each kind of form; ``client`` is signed in as who sees it."""
    known = set()
    for who, _, address in crowd.pages:
        client.force_login(getattr(crowd.cast, who))
        for sent in forms_of(address, client.get(address).text):
            name = resolve(urlsplit(sent.address).path).view_name
            kind = name, frozenset(re.sub(r"\d+", "", field) for field in sent.fields), sent.by_htmx
            if kind not in known:
                known.add(kind)
                yield name, sent


def lost(sent, answer):
    """What was typed and does not stand in the answer any more."""
    if sent.by_htmx:  # there it still stands on the page
        return []
    values = [value for name, values in sent.fields.items() if "password" not in name for value in values]
    return [value for value in values if f'value="{escape(value)}"' not in answer.text]


@pytest.mark.thorough(everywhere=True)
@pytest.mark.django_db(transaction=True)
def test_every_form_comes_back_with_what_was_typed(client, cast, impatient):
    client.raise_request_exception = False
    told, silent, wrong = set(), set(), []
    for name, sent in sent_to_all_pages(client, crowd_around(cast)):
        with locked():
            answer = sent.by(client)
        if answer.status_code == 503:
            told.add(name)
            wrong += [(name, lost(sent, answer))] if lost(sent, answer) or BUSY.why not in answer.text else []
            wrong += [(name, problems_in(answer))] if problems_in(answer) else []
        else:
            silent.add(name)
            wrong += [(name, answer.status_code)] if answer.status_code >= 500 else []

    assert wrong == []
    assert silent - told == SAVES_NOTHING
    assert len(told) > 75


class Transactions(Writes):
    """How many transactions have written: each is a savepoint here, for the test has one around them."""

    def __init__(self):
        super().__init__()
        self.depth, self.found = len(connection.savepoint_ids), set()

    def __call__(self, execute, sql, params, many, context):
        before = len(self.tables)
        result = super().__call__(execute, sql, params, many, context)
        if len(self.tables) > before:
            self.found.add(next(iter(connection.savepoint_ids[self.depth :]), (self.tables[-1], before)))
        return result


@pytest.mark.thorough(everywhere=True)
def test_what_is_sent_is_saved_as_a_whole_or_not_at_all(client, cast):
    several = {}
    for name, sent in sent_to_all_pages(client, crowd_around(cast)):
        with transaction.atomic():
            with connection.execute_wrapper(transactions := Transactions()):
                sent.by(client)
            transaction.set_rollback(True)
        if len(transactions.found) > 1:
            several[name] = transactions.tables

    assert several == {}


# What the crowd's pages do not send ------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", ["/anmelden/", "/passwort/aendern/"])
def test_a_password_is_not_repeated(client, cast, impatient, address):
    client.raise_request_exception = False
    if "aendern" in address:
        client.force_login(cast.anna)
    new = "ein-neues-langes-passwort"
    sent = {"login": cast.anna.email, "password": PASSWORD, "oldpassword": PASSWORD, "password1": new, "password2": new}

    with locked():
        answer = client.post(address, sent)

    assert (answer.status_code, PASSWORD in answer.text, new in answer.text) == (503, False, False)
    assert "Ein Passwort geben Sie dann neu ein." in answer.text
    assert f'href="{address}"' in answer.text


@pytest.mark.django_db(transaction=True)
def test_a_file_is_to_be_chosen_again(client, cast, impatient):
    client.raise_request_exception = False
    client.force_login(cast.paula)
    file = SimpleUploadedFile("liste.csv", b"Personalnummer;Nachname;Vorname\n0100;Neu;Nora")

    with locked():
        answer = client.post(reverse("people:staff_import"), {"file": file})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert "Bitte wählen Sie die Datei in einer Minute noch einmal aus" in answer.text


@pytest.mark.django_db(transaction=True)
def test_nothing_is_said_of_what_was_rolled_back(client, cast, impatient, caplog):
    client.raise_request_exception = False
    client.force_login(cast.anna)

    with locked():
        answer = client.post(reverse("account_logout"))

    assert "Sie sind abgemeldet" not in answer.text
    assert [(one.levelname, one.exc_info) for one in caplog.records] == [("WARNING", None)]


@pytest.mark.django_db(transaction=True)
def test_what_came_back_is_saved_when_it_is_sent_again(client, cast, impatient):
    client.raise_request_exception = False
    client.force_login(cast.paula)
    address = reverse("people:unit_create")
    with locked():
        answer = client.post(address, {"number": "77", "name": "Neues Amt", "once": f"{cast.paula.pk}-abc"})
    (again,) = [sent for sent in forms_of(address, answer.text) if sent.address == address]

    assert again.by(client).status_code == 302
    assert Unit.objects.filter(number="77", name="Neues Amt").count() == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="fills the file of SQLite")
@pytest.mark.django_db(transaction=True)
def test_on_a_full_disk_what_was_saved_is_read_and_nothing_is_lost(client, cast):
    client.raise_request_exception = False
    stage = Stage(cast)
    client.force_login(cast.anna)
    address = reverse("assessments:stock_taking", args=[stage.participation.pk])
    client.post(address, {"tasks": "Schon gespeichert"})
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
    read = re.search(r'name="read" value="(\w+)"', client.get(address).text)[1]

    answer = client.post(address, {**dict.fromkeys(StockTaking.QUESTIONS, "Getippt " * 240), "read": read})
    page = client.get(address)
    connection.close()  # its bounds end with it

    assert (answer.status_code, FULL.why in answer.text, answer.text.count("Getippt " * 239)) == (503, True, 5)
    assert (page.status_code, "Schon gespeichert" in page.text, "Getippt" in page.text) == (200, True, False)


@pytest.mark.django_db(transaction=True)
def test_pages_are_read_while_somebody_writes(client, cast, impatient):
    client.force_login(cast.anna)

    with locked():
        assert client.get("/").status_code == 200
