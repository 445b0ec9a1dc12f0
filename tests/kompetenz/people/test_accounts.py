"""Signing in, forgetting and changing a password: every way works, and every word says "Sie"."""

import re
from html import unescape

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.html import strip_tags

from kompetenz.people.accounts import AccountAdapter
from tests.conftest import PASSWORD

NEW = "ein-ganz-neues-langes-passwort"
FAMILIAR = re.compile(r"\b(du|dein\w*|dir|dich|euch|euer|eure\w*)\b", re.IGNORECASE)
LINK = re.compile(r"http://testserver(/passwort/neu/\S+)")
TEMPLATES = settings.BASE_DIR / "templates"


@pytest.fixture(autouse=True)
def nobody_has_tried_before():
    cache.clear()


def text_of(response):
    """The words of a page, with those that only some hear or see."""
    return unescape(strip_tags(response.text)) + " ".join(
        re.findall(r'(?:placeholder|title|aria-label)="([^"]*)"', response.text)
    )


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


def sign_in(client, person, password):
    return client.post("/anmelden/", {"login": person.email, "password": password})


def link_for(client, person):
    """The way of the mail's link, without the host."""
    client.post("/passwort/vergessen/", {"email": person.email})
    return LINK.search(mail.outbox[-1].body)[1]


# A forgotten password -----------------------------------------------------------------------------


def test_a_forgotten_password_is_set_anew_over_the_mailed_link(client, cast):
    link = link_for(client, cast.anna)
    form = client.get(link, follow=True)
    set_ = client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW}, follow=True)

    assert form.redirect_chain == [(re.sub("-.*", "-set-password/", link), 302)]
    assert form.context["form"].fields.keys() == {"password1", "password2"}
    assert set_.redirect_chain == [("/passwort/neu/fertig/", 302)]
    assert sign_in(client, cast.anna, PASSWORD).status_code == 200
    assert sign_in(client, cast.anna, NEW).headers["Location"] == "/"


def test_the_link_works_once_and_only_with_its_whole_key(client, cast):
    link = link_for(client, cast.anna)
    form = client.get(link, follow=True)
    client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})

    for address in (link, link[:-2] + "/"):
        assert "Dieser Link gilt nicht mehr" in client.get(address).text


def test_the_mail_says_who_sends_it_and_what_to_do(client, cast):
    link = link_for(client, cast.anna)

    (sent,) = mail.outbox
    assert (sent.subject, sent.to) == ("Neues Passwort für Kompetenzrad", [cast.anna.email])
    assert sent.from_email == settings.DEFAULT_FROM_EMAIL
    assert sent.body.startswith("Guten Tag Anna Ärmel,\n\nfür Ihr Konto im Kompetenzrad (Landkreis Musterland)")
    assert link in sent.body
    assert settings.CONTACT_EMAIL in sent.body


def test_nobody_learns_from_it_who_has_an_account(client, cast):
    known = client.post("/passwort/vergessen/", {"email": cast.anna.email}, follow=True)
    unknown = client.post("/passwort/vergessen/", {"email": "niemand@test.example"}, follow=True)

    assert known.redirect_chain == unknown.redirect_chain == [("/passwort/vergessen/gesendet/", 302)]
    assert [sent.to for sent in mail.outbox] == [[cast.anna.email]]


def test_an_address_that_hr_has_changed_opens_nothing_any_more(client, cast):
    old = cast.anna.email
    link_for(client, cast.anna)
    sign_in(client, cast.anna, PASSWORD)
    client.logout()
    cast.anna.email = "anna.neu@test.example"
    cast.anna.save()

    answer = client.post("/anmelden/", {"login": old, "password": PASSWORD})
    client.post("/passwort/vergessen/", {"email": old})

    assert answer.context["form"].non_field_errors() == ["E-Mail-Adresse oder Passwort stimmt nicht."]
    assert len(mail.outbox) == 1
    assert not EmailAddress.objects.exists()


# Too often ----------------------------------------------------------------------------------------


def test_five_wrong_passwords_lock_one_account_and_nobody_elses(client, cast):
    answers = [sign_in(client, cast.anna, "falsch") for _ in range(6)]

    errors = [answer.context["form"].non_field_errors()[0] for answer in answers]
    assert errors == ["E-Mail-Adresse oder Passwort stimmt nicht."] * 5 + [
        "Zu viele Versuche. Bitte warten Sie fünf Minuten."
    ]
    assert sign_in(client, cast.anna, PASSWORD).status_code == 200
    assert sign_in(client, cast.bernd, PASSWORD).status_code == 302


def test_a_town_hall_behind_one_address_can_mistype_without_being_locked_out(client, cast):
    for number in range(30):
        client.post("/anmelden/", {"login": f"person{number}@test.example", "password": "falsch"})

    assert sign_in(client, cast.anna, PASSWORD).status_code == 302


def test_who_asks_for_too_many_links_is_told_to_wait(client, cast):
    answers = [client.post("/passwort/vergessen/", {"email": cast.anna.email}) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert "Bitte warten Sie fünf Minuten" in answers[-1].text
    assert FAMILIAR.findall(text_of(answers[-1])) == []


# Words --------------------------------------------------------------------------------------------


def test_signing_in_is_silent_and_signing_out_says_so(client, cast):
    inside = client.post("/anmelden/", {"login": cast.anna.email, "password": PASSWORD}, follow=True)
    outside = client.post("/abmelden/", follow=True)

    assert messages_of(inside) == []
    assert messages_of(outside) == ["Sie sind abgemeldet."]


def test_changing_the_password_says_what_is_wrong_and_then_that_it_is_done(as_, cast):
    client = as_(cast.anna)
    wrong = client.post("/passwort/aendern/", {"oldpassword": "falsch", "password1": NEW, "password2": NEW + "!"})
    right = client.post(
        "/passwort/aendern/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}, follow=True
    )

    assert wrong.context["form"].errors == {
        "oldpassword": ["Das jetzige Passwort stimmt nicht."],
        "password2": ["Die beiden Eingaben sind verschieden."],
    }
    assert messages_of(right) == ["Ihr Passwort ist geändert."]
    assert cast.anna.__class__.objects.get(pk=cast.anna.pk).check_password(NEW)


def test_the_sign_in_page_names_its_fields_once_and_the_way_to_a_forgotten_password_once(client, db):
    page = client.get("/anmelden/").text

    assert re.findall(r"<label[^>]*>([^<]*)</label>", page) == ["Dienstliche E-Mail-Adresse", "Passwort"]
    assert page.count('href="/passwort/vergessen/"') == 1
    assert "placeholder" not in page


@pytest.mark.parametrize(
    "address",
    [
        *("/anmelden/", "/passwort/vergessen/", "/passwort/aendern/", "/konto-gesperrt/", "/registrieren/"),
        *("/passwort/vergessen/gesendet/", "/passwort/neu/fertig/", "/passwort/neu/1-falsch/", "/abmelden/"),
    ],
)
@pytest.mark.parametrize("signed_in", [True, False])
def test_no_page_of_the_account_is_familiar_asked_for_or_sent(client, cast, address, signed_in):
    if signed_in:
        client.force_login(cast.anna)
    asked = client.get(address, follow=True)
    sent = client.post(address, {"password1": "kurz", "email": "keine", "login": "keine"}, follow=True)

    assert FAMILIAR.findall(text_of(asked) + text_of(sent)) == []


@pytest.mark.parametrize("template", sorted((TEMPLATES / "account").rglob("*.txt")), ids=lambda path: path.stem)
def test_no_mail_or_message_is_familiar(template, cast):
    context = {"user": cast.anna, "password_reset_url": "https://kompetenzrad.example/"}
    text = render_to_string(str(template.relative_to(TEMPLATES)), context)

    assert FAMILIAR.findall(text) == []


def test_no_error_of_ours_is_familiar():
    reachable = "email_password_mismatch enter_current_password invalid_password_reset too_many_login_attempts".split()

    assert FAMILIAR.findall(" ".join(str(AccountAdapter.error_messages[code]) for code in reachable)) == []


def test_an_error_is_announced_once_in_the_title(client, cast):
    page = sign_in(client, cast.anna, "falsch").text

    assert re.search("<title>(.*)</title>", page)[1] == "Fehler: Anmelden – Kompetenzrad"
