"""Whoever has rights over others signs in with a second step, and nobody passes it by."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from kompetenz.people import links
from kompetenz.people.models import Person
from tests.clock import TODAY
from tests.conftest import PASSWORD

SET_UP, CODE = "/zwei-schritte/einrichten/", "/anmelden/code/"


@pytest.fixture(autouse=True)
def asked_for(settings):
    settings.SECOND_FACTOR = True
    cache.clear()


def sign_in(client, person):
    return client.post("/anmelden/", {"login": person.email, "password": PASSWORD})


def code_of(person, steps=0):
    secret = get_adapter().decrypt(Authenticator.objects.get(user=person, type="totp").data["secret"])
    counter = list(auth.yield_hotp_counters_from_time())[1 + steps]
    return auth.format_hotp_value(auth.hotp_value(secret, counter))


def set_up(client, person):
    sign_in(client, person)
    secret = client.get(SET_UP).context["form"].secret
    counter = list(auth.yield_hotp_counters_from_time())[1]
    return client.post(SET_UP, {"code": auth.format_hotp_value(auth.hotp_value(secret, counter))}, follow=True)


@pytest.mark.parametrize("who", ["paula", "audit"])
def test_whoever_has_rights_over_others_is_led_to_set_it_up_from_every_page(client, cast, who):
    person = getattr(cast, who)
    sign_in(client, person)

    led = [client.get(page) for page in ("/", "/meine-daten/", "/personen/", "/zwei-schritte/", "/verwaltung/")]
    sent = client.post(reverse("people:create"), {"first_name": "A", "last_name": "B"})

    assert {answer.headers.get("Location") for answer in [*led, sent]} == {SET_UP}
    assert client.get(SET_UP).status_code == 200


def test_on_the_telephone_itself_the_key_is_handed_to_its_app(client, cast):
    sign_in(client, cast.paula)

    page = client.get(SET_UP)

    assert '<a href="otpauth://totp/' in page.text
    assert f"secret={page.context['form'].secret}&amp;" in page.text


def test_while_it_is_set_up_the_help_can_be_read(client, cast):
    sign_in(client, cast.paula)
    setting_up = client.get(SET_UP)

    article = client.get(reverse("help_article", args=["anmelden"]))

    assert reverse("help_article", args=["anmelden"]) in setting_up.text
    assert (article.status_code, "Wiederherstellungscodes" in article.text) == (200, True)
    assert client.get(reverse("help")).status_code == 200


def test_everybody_else_signs_in_with_one_step_and_may_have_two(client, cast):
    sign_in(client, cast.anna)
    assert client.get("/").status_code == 200

    done = set_up(client, cast.anna)
    client.logout()

    assert "Ihre Wiederherstellungscodes" in done.text
    assert sign_in(client, cast.anna).headers["Location"] == CODE


def test_nobody_sets_it_up_in_an_old_session_because_its_owner_signs_in_elsewhere(client, cast, clock):
    """Whoever has such a session would keep the owner out with a telephone of their own."""
    sign_in(client, cast.anna)
    clock.shift(11 * 60)
    owner = Client()
    sign_in(owner, cast.anna)

    asked = client.get(SET_UP)

    assert asked.headers["Location"].startswith("/passwort/bestaetigen/")
    assert owner.get(SET_UP).status_code == 200


def test_it_is_set_up_with_codes_for_the_day_without_telephone(
    client, cast, run_jobs, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        done = set_up(client, cast.paula)
    run_jobs()

    codes = re.findall(r"<code>(\d{8})</code>", done.text)
    assert (done.redirect_chain, len(set(codes))) == ([("/zwei-schritte/codes/", 302)], 10)
    assert client.get("/personen/").status_code == 200
    assert not re.findall(r"<code>\d{8}</code>", client.get("/zwei-schritte/codes/").text)
    assert [sent.subject for sent in mailoutbox] == ["Anmeldung in zwei Schritten eingeschaltet im Kompetenzrad"]


def test_the_password_alone_lets_nobody_in(client, cast):
    set_up(client, cast.paula)
    client.logout()

    first = sign_in(client, cast.paula)
    between = client.get("/personen/")
    wrong = client.post(CODE, {"code": "000000"})
    Authenticator.objects.filter(type="totp").update(last_used_at=None)
    cache.clear()
    right = client.post(CODE, {"code": code_of(cast.paula)})

    assert first.headers["Location"] == CODE
    assert between.headers["Location"].startswith("/anmelden/")
    assert "Dieser Code stimmt nicht" in wrong.text
    assert (right.headers["Location"], client.get("/personen/").status_code) == ("/", 200)


@pytest.mark.parametrize("gone", [{"is_active": False}, {"leaving_date": TODAY - timedelta(days=1)}])
def test_whoever_leaves_between_password_and_code_is_told_so_and_not_signed_in(client, cast, gone):
    set_up(client, cast.paula)
    client.post("/abmelden/")
    sign_in(client, cast.paula)
    Person.objects.filter(pk=cast.paula.pk).update(last_login=None)
    Person.objects.filter(pk=cast.paula.pk).update(**gone)
    Authenticator.objects.filter(type="totp").update(last_used_at=None)
    cache.clear()

    answer = client.post(CODE, {"code": code_of(cast.paula)}, follow=True)

    assert "Dieses Konto ist nicht mehr aktiv" in answer.text  # and whom to ask
    assert ("_auth_user_id" in client.session, Person.objects.get(pk=cast.paula.pk).last_login) == (False, None)


def test_a_code_that_comes_too_late_leads_back_and_says_why(client, cast, settings):
    set_up(client, cast.paula)
    client.post("/abmelden/")
    sign_in(client, cast.paula)
    settings.ACCOUNT_LOGIN_TIMEOUT = -1

    answer = client.post(CODE, {"code": "123456"}, follow=True)

    assert answer.redirect_chain == [("/anmelden/", 302)]
    assert "Das hat zu lange gedauert. Bitte melden Sie sich noch einmal an." in answer.text


def test_a_code_is_taken_once(client, cast):
    set_up(client, cast.paula)
    of_setting_up, code = code_of(cast.paula), code_of(cast.paula, steps=1)
    answers = []
    for one in (of_setting_up, code, code):
        client.logout()
        sign_in(client, cast.paula)
        answers.append(client.post(CODE, {"code": one}).status_code)

    assert answers == [200, 302, 200]


def test_a_recovery_code_is_taken_once(client, cast):
    set_up(client, cast.paula)
    code = RecoveryCodes(Authenticator.objects.get(user=cast.paula, type="recovery_codes")).get_unused_codes()[0]
    answers = []
    for _ in range(2):
        client.logout()
        sign_in(client, cast.paula)
        answers.append(client.post(CODE, {"code": code}).status_code)

    assert answers == [302, 200]


def test_five_wrong_codes_have_to_wait(client, cast):
    set_up(client, cast.paula)
    client.logout()
    sign_in(client, cast.paula)

    answers = [client.post(CODE, {"code": "000000"}) for _ in range(6)]

    assert "Zu viele Versuche" in answers[-1].text


def test_whoever_gets_rights_while_signed_in_takes_the_step_with_the_next_page(client, cast):
    sign_in(client, cast.anna)
    Person.objects.filter(pk=cast.anna.pk).update(is_auditor=True)

    assert client.get("/").headers["Location"] == SET_UP


def test_who_came_in_before_with_the_password_alone_signs_in_anew(client, cast, settings):
    set_up(client, cast.paula)
    client.force_login(cast.paula)
    del client.cookies[settings.SESSION_COOKIE_NAME]
    client.force_login(cast.paula)

    assert client.get("/personen/").headers["Location"] == "/anmelden/"
    assert client.get("/").headers["Location"].startswith("/anmelden/")


def test_who_needs_it_cannot_turn_it_off_and_everybody_else_can(client, cast, run_jobs, mailoutbox):
    set_up(client, cast.paula)
    refused = client.post("/zwei-schritte/abschalten/")
    client.logout()
    set_up(client, cast.anna)
    client.post("/zwei-schritte/abschalten/")
    run_jobs()

    assert "brauchen Sie die Anmeldung in zwei Schritten" in refused.text
    assert [one.user for one in Authenticator.objects.filter(type="totp")] == [cast.paula]
    assert mailoutbox[-1].to == [cast.anna.email]
    assert "abgeschaltet" in mailoutbox[-1].subject


def test_the_technical_administration_helps_whoever_has_lost_everything(client, cast, run_jobs, mailoutbox):
    set_up(client, cast.paula)
    call_command("second_factor", cast.paula.email, "--off")
    run_jobs()

    assert not Authenticator.objects.exists()
    assert "abgeschaltet" in mailoutbox[-1].subject
    with pytest.raises(CommandError):
        call_command("second_factor", cast.paula.email, "--off")


def test_whoever_holds_the_lost_telephone_is_signed_out(client, cast):
    elsewhere = Client()
    for browser in (client, elsewhere):
        browser.force_login(cast.anna)
    RecoveryCodes.activate(cast.anna)

    call_command("second_factor", cast.anna.email, "--off")

    assert [browser.get("/meine-daten/").status_code for browser in (client, elsewhere)] == [302, 302]


def test_an_installation_may_do_without(client, cast, settings):
    settings.SECOND_FACTOR = False
    sign_in(client, cast.paula)

    assert client.get("/personen/").status_code == 200


def test_a_code_that_is_good_for_longer_is_taken_once_all_the_same(client, cast, clock):
    """Clocks of telephones may differ by a period; so long a code that somebody has looked at must open nothing."""
    set_up(client, cast.paula)
    cache.clear()
    code, answers = code_of(cast.paula, steps=1), []
    for seconds in (0, 31):
        clock.shift(seconds)
        client.logout()
        sign_in(client, cast.paula)
        answers.append(client.post(CODE, {"code": code}).status_code)

    assert answers == [302, 200]


def test_somebody_elses_link_opens_in_a_browser_in_which_the_second_step_is_missing(client, cast, settings):
    Person.objects.filter(pk=cast.anna.pk).update(last_login=None)
    link = links.invitation_to(Person.objects.get(pk=cast.anna.pk)).removeprefix(settings.SITE_URL)
    sign_in(client, cast.paula)

    page = client.get(link)

    assert (page.status_code, "Für Anna Ärmel" in page.text) == (200, True)


def test_a_new_password_by_a_link_is_one_step_alone(client, cast, settings):
    set_up(client, cast.paula)
    client.logout()
    link = links.link_for(Person.objects.get(pk=cast.paula.pk)).removeprefix(settings.SITE_URL)
    answer = client.post(link, dict.fromkeys(("password1", "password2"), "ein-ganz-neues-langes-passwort"))

    assert answer.headers["Location"] == CODE
    assert client.get("/personen/").headers["Location"].startswith("/anmelden/")
