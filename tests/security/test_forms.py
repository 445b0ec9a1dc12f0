"""Nothing is taken that a form does not ask for, and nothing leads elsewhere: every form of every page, sent with more than it has."""

import re
from urllib.parse import urlsplit

import pytest
import time_machine
from django.apps import apps
from django.core.cache import cache
from django.db import connection, models, transaction
from django.test import Client
from django.urls import reverse

from kompetenz.people.models import Person
from tests.browser.crowd import crowd_around
from tests.clock import NOW
from tests.conftest import PASSWORD
from tests.security.test_everywhere import different_forms

OURS = {"people", "letters", "catalogue", "roles", "assessments", "learningplans", "results", "documents", "jobs"}
ELSEWHERE = [
    "https://boese.example/",
    "//boese.example/",
    "/\\boese.example/",
    "https:boese.example",
    "javascript:alert(1)",
]
# Fields whose value is another each time something is written.
BY_CHANCE = {"digest", "token", "secret", "key", "password", "uid", "once"}
# Asked for at the same address, in a form that stands there a step later: it is the sender's own to fill in.
A_STEP_LATER = {"gespraech": {"held_on", "place", "attendees"}}


def smuggled(crowd):
    """Every field of every table of ours, with a value that would be seen there; rights first of all."""
    found = {}
    for model in apps.get_models():
        if model._meta.app_label in OURS:
            for field in model._meta.concrete_fields:
                found[field.name] = found[field.attname] = value_for(field, crowd)
    return found | {
        "id": "1",
        "pk": "1",
        "is_superuser": "on",
        "user": str(crowd.cast.fremd.pk),
        "by": str(crowd.cast.fremd.pk),
    }


def value_for(field, crowd):
    if isinstance(field, models.BooleanField):
        return "on"
    if isinstance(field, models.ForeignKey):
        return str(crowd.cast.fremd.pk if field.related_model is Person else 1)
    if isinstance(field, models.DateField):
        return "2001-01-01"
    if field.choices:
        return str(field.choices[-1][0])
    return "7" if isinstance(field, models.IntegerField | models.DecimalField) else "Eingeschmuggelt"


def rows():
    """All that stands in tables of ours, without what is another at each moment."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in OURS:
            names = [
                field.attname for field in model._meta.concrete_fields
                if not isinstance(field, models.DateTimeField) and field.name not in BY_CHANCE
            ]  # fmt: skip
            found[model.__name__] = sorted(map(repr, model._base_manager.values_list(*names)))
    return found


def written_by(client, sent, more):
    """What stands there after the form, with ``more`` in it; undone."""
    with transaction.atomic(), time_machine.travel(NOW, tick=False):
        answer = client.post(sent.address, more | sent.fields, **({"HTTP_HX_REQUEST": "true"} if sent.by_htmx else {}))
        found = rows()
        transaction.set_rollback(True)
    return found, answer


def difference(one, other):
    return {name: (set(one[name]) ^ set(other[name])) for name in one if one[name] != other[name]}


@pytest.mark.any_day
@pytest.mark.thorough
@pytest.mark.skipif(connection.vendor != "sqlite", reason="ids are counted on where nothing has been kept")
def test_what_a_form_does_not_ask_for_changes_nothing(client, cast):
    crowd = crowd_around(cast)
    extra, tried, changed = smuggled(crowd), 0, {}
    for sent, page in forms_with_their_pages(client, crowd):
        known = names_on(page).union(*(names for part, names in A_STEP_LATER.items() if f"/{part}/" in sent.address))
        more = {name: value for name, value in extra.items() if name not in known}
        plainly, _ = written_by(client, sent, {})
        smuggling, _ = written_by(client, sent, more)
        tried += 1
        if plainly != smuggling:
            changed[sent.address] = difference(plainly, smuggling)

    assert changed == {}
    assert tried > 100


@pytest.mark.parametrize(
    "name", ["is_hr", "is_auditor", "is_staff", "is_superuser", "is_active", "manager", "email", "personnel_number"]
)
def test_nobody_gives_themselves_rights_by_a_field_more(client, cast, name):
    """The quick one: in what everybody sends about themselves."""
    before = Person.objects.filter(pk=cast.anna.pk).values().get()
    client.force_login(cast.anna)
    for address, sent in [
        ("/passwort/aendern/", {}),
        ("/darstellung/", {"darstellung": "dark"}),
        ("/angemeldet-bleiben/", {}),
        ("/meine-daten/kalender/", {}),
    ]:
        client.post(address, sent | {name: str(cast.fremd.pk) if name == "manager" else "on", "id": cast.anna.pk})
    after = Person.objects.filter(pk=cast.anna.pk).values().get()

    assert {field: value for field, value in after.items() if before[field] != value and field != "last_login"} == {}


def forms_with_their_pages(client, crowd):
    for sent in different_forms(client, crowd):
        yield sent, client.get(sent.address).text


def names_on(page):
    return set(re.findall(r'name="([^"]+)"', page))


def leads_elsewhere(answer):
    """The foreign place to which an answer sends the browser, in whatever header."""
    for name in ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url", "Refresh"):
        place = answer.headers.get(name, "")
        if place and (place.startswith(("//", "/\\", "\\")) or urlsplit(place).scheme or urlsplit(place).netloc):
            yield place


NAMES = ["next", "weiter", "zurueck", "url", "redirect", "return", "goto", "back"]


@pytest.mark.any_day
@pytest.mark.thorough
def test_no_form_leads_elsewhere(client, cast):
    crowd = crowd_around(cast)
    found, tried = [], 0
    for sent in different_forms(client, crowd):
        for there in ELSEWHERE[:2]:
            more = dict.fromkeys(NAMES, there)
            with transaction.atomic():
                answer = client.post(
                    f"{sent.address.partition('?')[0]}?next={there}",
                    sent.fields | more,
                    headers={"Referer": there, "HX-Current-URL": there},
                )
                transaction.set_rollback(True)
            tried += 1
            found += [(sent.address, place) for place in leads_elsewhere(answer)]

    assert found == []
    assert tried > 200


@pytest.mark.parametrize("there", ELSEWHERE)
def test_no_page_of_the_account_leads_elsewhere(cast, there, settings):
    found = []
    for name in (
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "account_change_password",
        "mfa_reauthenticate",
        "theme",
    ):
        sent = {
            "login": cast.anna.email,
            "password": PASSWORD,
            "oldpassword": PASSWORD,
            "darstellung": "dark",
            "next": there,
        }
        for signed_in in (False, True):
            for method in ("get", "post"):
                client = Client()
                if signed_in:
                    client.force_login(cast.anna)
                answer = getattr(client, method)(
                    f"{reverse(name)}", sent, headers={"Referer": there, "HX-Current-URL": there}
                )
                found += [(name, place) for place in leads_elsewhere(answer)]
                if names := re.findall(r'href="([^"]*boese[^"]*)"', answer.text):
                    found += [(name, one) for one in names if not one.startswith("/")]

    assert found == []


# Sessions -------------------------------------------------------------------------------------------


def key(client, settings):
    cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
    return cookie and cookie.value


def test_a_session_has_another_key_after_signing_in_and_after_a_new_password(cast, settings):
    cache.clear()  # in which allauth counts how often the tests before have sent that form
    client, new = Client(), "ein-ganz-neues-langes-passwort"
    client.get("/anmelden/")
    session = client.session
    session["before"] = True
    session.save()
    keys = [session.session_key]
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    client.post("/anmelden/", {"login": cast.anna.email, "password": PASSWORD})
    keys.append(key(client, settings))
    client.post("/passwort/aendern/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    keys.append(key(client, settings))

    assert Person.objects.get(pk=cast.anna.pk).check_password(new)
    assert len(set(keys)) == 3
    assert client.get("/meine-daten/").status_code == 200
    for old in keys[:2]:
        browser = Client()
        browser.cookies[settings.SESSION_COOKIE_NAME] = old
        assert browser.get("/meine-daten/").status_code == 302


def test_signing_out_ends_the_session_on_the_server(cast, settings):
    client = Client()
    client.force_login(cast.anna)
    old = key(client, settings)
    client.post("/abmelden/")
    client.cookies[settings.SESSION_COOKIE_NAME] = old

    assert client.get("/meine-daten/").status_code == 302
