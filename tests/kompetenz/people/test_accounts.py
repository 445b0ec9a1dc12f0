"""Signing in, forgetting and changing a password: every way works, and every word says "Sie"."""

import re
from datetime import timedelta
from html import unescape

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.template.loader import render_to_string
from django.test import Client
from django.utils.html import strip_tags
from django_tasks_db.models import DBTaskResult

from kompetenz.people import attempts, invitations, links
from kompetenz.people.accounts import AccountAdapter
from kompetenz.people.models import Person
from tests.clock import NOW, TODAY
from tests.conftest import PASSWORD
from tests.markup import tight

NEW = "ein-ganz-neues-langes-passwort"
FAMILIAR = re.compile(r"\b(du|dein\w*|dir|dich|euch|euer|eure\w*)\b", re.IGNORECASE)
LINK = re.compile(re.escape(settings.SITE_URL) + r"(/passwort/neu/\S+)")
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


@pytest.fixture
def ask_for_link(client, run_jobs):
    """``ask_for_link(address)``: what the page answers; a worker has written by then, if it does at all."""

    def ask(address, **more):
        answer = client.post("/passwort/vergessen/", {"email": address}, **more)
        run_jobs()
        return answer

    return ask


@pytest.fixture
def link_for(ask_for_link):
    """``link_for(cast.anna)``: the way of the mail's link, without the host."""

    def ask(person):
        ask_for_link(person.email)
        return LINK.search(mail.outbox[-1].body)[1]

    return ask


# A forgotten password -----------------------------------------------------------------------------


def test_a_forgotten_password_is_set_anew_over_the_mailed_link(client, link_for, cast):
    link = link_for(cast.anna)
    form = client.get(link, follow=True)
    set_ = client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW}, follow=True)

    assert (form.redirect_chain, form.headers["Referrer-Policy"]) == ([], "strict-origin")
    assert form.context["form"].fields.keys() == {"password1", "password2"}
    assert set_.redirect_chain == [("/", 302)]
    assert set_.context["user"] == cast.anna
    client.logout()
    assert sign_in(client, cast.anna, PASSWORD).status_code == 200
    assert sign_in(client, cast.anna, NEW).headers["Location"] == "/"


def test_the_link_works_once_and_only_with_its_whole_key(client, link_for, cast):
    link = link_for(cast.anna)
    form = client.get(link, follow=True)
    client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})

    broken_by_a_mail_program = (link.partition("-")[0], f"{link.partition('-')[0]}-")
    falsified = (
        link[:-2] + "/",
        "/passwort/neu/zzzz-falsch/",
        "/passwort/neu/",
        "/passwort/neu/--/",
        link.replace("-", "=3D", 1),
    )
    for address in (link, *falsified, *broken_by_a_mail_program):
        page = client.get(address, follow=True).text
        assert "Dieser Link gilt nicht mehr" in page
        assert all(f'href="{way}"' in page for way in ("/passwort/vergessen/", "/"))  # they are signed in by now
    assert 'href="/anmelden/"' in Client().get(link).text


@pytest.mark.parametrize("beside", [">", ".", ").", "%20", '"', "%C2%BB"])
def test_what_a_mail_program_takes_for_a_part_of_the_link_does_no_harm(client, link_for, cast, beside):
    link = link_for(cast.anna).rstrip("/") + beside

    assert "Passwort setzen" in client.get(link, follow=True).text
    assert client.post(f"{link}/", {"password1": NEW, "password2": NEW}).headers["Location"] == "/"


def test_the_mail_says_who_sends_it_and_what_to_do(link_for, cast):
    Person.objects.filter(pk=cast.anna.pk).update(last_login=NOW)
    link = link_for(cast.anna)

    (sent,) = mail.outbox
    assert (sent.subject, sent.to) == ("Neues Passwort für Kompetenzrad", [cast.anna.email])
    assert sent.from_email == f"Kompetenzrad <{settings.DEFAULT_FROM_EMAIL}>"
    assert sent.reply_to == [settings.CONTACT_EMAIL]
    assert sent.extra_headers["List-Id"].startswith("Kompetenzrad <kompetenzrad.")
    html = sent.alternatives[0].content
    assert (f'{link}"' in html, "Landkreis Musterland" in html) == (True, True)
    assert sent.body.startswith("Guten Tag Anna Ärmel,\n\nfür Ihr Konto im Kompetenzrad (Landkreis Musterland)")
    assert link in sent.body
    assert settings.CONTACT_EMAIL in sent.body


def test_at_a_shared_machine_a_link_signs_out_who_was_there_and_signs_in_its_owner_alone(as_, link_for, cast):
    link, shared = link_for(cast.anna), as_(cast.bernd)
    page = shared.get(link)
    shared.post(link, {"password1": NEW, "password2": NEW})

    assert "Für Anna Ärmel" in page.text
    assert cast.bernd.last_name not in page.text
    assert shared.get("/").context["user"] == cast.anna


def test_a_second_link_in_the_same_browser_leaves_the_first_one_good(client, link_for, cast):
    annas, bernds = link_for(cast.anna), link_for(cast.bernd)
    client.get(annas, follow=True)
    page = client.get(bernds, follow=True).request["PATH_INFO"]
    client.get(annas, follow=True)

    client.post(page, {"password1": NEW, "password2": NEW})

    assert client.get("/").context["user"] == cast.bernd


def test_what_another_page_does_to_the_session_meanwhile_makes_no_link_bad(client, link_for, cast):
    link = link_for(cast.anna)
    page = client.get(link, follow=True).request["PATH_INFO"]
    client.cookies.clear()  # a page of before has answered with a session that had ended

    again = client.get(page)

    assert (again.status_code, "gilt nicht mehr" in again.text) == (200, False)
    assert client.post(page, {"password1": NEW, "password2": NEW}).headers["Location"] == "/"


def test_a_mail_program_that_looks_what_is_behind_a_link_uses_nothing_up(link_for, cast):
    link = link_for(cast.anna)
    looked = [getattr(Client(), how)(link).status_code for how in ("get", "head", "options", "get")]

    assert looked[:2] == [200, 200]
    assert Client().post(link, {"password1": NEW, "password2": NEW}).headers["Location"] == "/"


def test_at_a_shared_machine_a_page_that_is_somebody_elses_says_who_is_signed_in(as_, stage):
    address = stage.participation.get_absolute_url()

    others, nobodys = (
        " ".join(as_(stage.cast.dora).get(path).text.split()) for path in (address, "/teilnahmen/999999/")
    )

    assert f"Angemeldet ist hier {stage.cast.dora}." in others
    assert "Angemeldet ist hier" in nobodys


def test_whoever_never_had_a_password_gets_the_invitation(link_for, cast):
    link = link_for(cast.anna)

    (sent,) = mail.outbox
    assert (sent.subject, sent.to) == ("Ihr Zugang zum Kompetenzrad", [cast.anna.email])
    assert link in sent.body
    assert "auch wenn Sie noch nie ein Passwort hatten" in sent.body
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"


def test_nobody_learns_from_it_who_has_an_account(client, ask_for_link, cast):
    known = ask_for_link(cast.anna.email, follow=True)
    unknown = ask_for_link("niemand@test.example", follow=True)

    assert known.redirect_chain == unknown.redirect_chain == [("/passwort/vergessen/gesendet/", 302)]
    assert [sent.to for sent in mail.outbox] == [[cast.anna.email]]


def test_an_address_that_hr_has_changed_opens_nothing_any_more(client, ask_for_link, link_for, cast):
    old = cast.anna.email
    link_for(cast.anna)
    sign_in(client, cast.anna, PASSWORD)
    client.logout()
    cast.anna.email = "anna.neu@test.example"
    cast.anna.save()

    answer = client.post("/anmelden/", {"login": old, "password": PASSWORD})
    ask_for_link(old)

    assert answer.context["form"].errors == {"password": ["E-Mail-Adresse oder Passwort stimmt nicht."]}
    assert [sent.to for sent in mail.outbox if LINK.search(sent.body)] == [[old]]  # the first, before
    assert not EmailAddress.objects.exists()


def test_no_other_address_opens_an_account_whoever_has_written_it_down(client, ask_for_link, cast):
    EmailAddress.objects.create(user=cast.bernd, email="angreifer@test.example", verified=True, primary=True)
    EmailAddress.objects.create(user=cast.bernd, email=cast.anna.email, verified=True)

    for address in ("angreifer@test.example", cast.anna.email, cast.bernd.email):
        ask_for_link(address)
    by_another = client.post("/anmelden/", {"login": "angreifer@test.example", "password": PASSWORD})

    told = [(sent.to, sent.body.splitlines()[0]) for sent in mail.outbox]
    assert told == [([one.email], f"Guten Tag {one},") for one in (cast.anna, cast.bernd)]
    assert by_another.context["form"].errors == {"password": ["E-Mail-Adresse oder Passwort stimmt nicht."]}
    assert sign_in(client, cast.bernd, PASSWORD).status_code == 302


def test_the_technical_administration_writes_no_further_address(client, cast):
    root = Person.objects.create_superuser("root@test.example", first_name="Rita", last_name="Root")
    client.force_login(root)

    asked = [client.get(f"/verwaltung/{page}/").status_code for page in ("people/person", "account/emailaddress")]

    assert asked == [200, 404]


# Whoever has left -----------------------------------------------------------------------------------

GONE = [{"leaving_date": TODAY - timedelta(days=1)}, {"is_active": False}]
NOT_ACTIVE = "Dieses Konto ist nicht mehr aktiv"


@pytest.mark.parametrize("gone", GONE)
def test_whoever_has_left_is_told_so_and_not_signed_in(client, cast, gone):
    Person.objects.filter(pk=cast.anna.pk).update(last_login=None, **gone)

    answer = sign_in(client, cast.anna, PASSWORD)

    [error] = answer.context["form"].non_field_errors()
    assert (answer.status_code, error[: len(NOT_ACTIVE)]) == (200, NOT_ACTIVE)
    assert settings.CONTACT_EMAIL in error
    assert (Person.objects.get(pk=cast.anna.pk).last_login, "_auth_user_id" in client.session) == (None, False)


@pytest.mark.parametrize("gone", GONE)
def test_without_the_password_nobody_learns_that_somebody_has_left(client, cast, gone):
    Person.objects.filter(pk=cast.anna.pk).update(**gone)

    answers = [
        client.post("/anmelden/", {"login": address, "password": "falsch-und-lang"}).context["form"].errors
        for address in (cast.anna.email, "niemand@test.example")
    ]

    assert answers == [{"password": ["E-Mail-Adresse oder Passwort stimmt nicht."]}] * 2


@pytest.mark.parametrize("gone", GONE)
def test_no_link_goes_to_whoever_has_left_and_an_earlier_one_opens_nothing(client, ask_for_link, link_for, cast, gone):
    link = link_for(cast.anna)
    Person.objects.filter(pk=cast.anna.pk).update(**gone)

    asked = ask_for_link(cast.anna.email, follow=True)

    assert asked.redirect_chain == [("/passwort/vergessen/gesendet/", 302)]
    assert len(mail.outbox) == 1
    assert "Dieser Link gilt nicht mehr" in client.get(link).text


def test_the_last_day_is_still_a_day_of_work(client, cast):
    Person.objects.filter(pk=cast.anna.pk).update(leaving_date=TODAY)

    assert sign_in(client, cast.anna, PASSWORD).status_code == 302


# Links ------------------------------------------------------------------------------------------------


def test_a_link_leads_to_the_site_and_not_to_the_host_that_was_asked(client, ask_for_link, cast, settings):
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://kompetenzrad.musterland.example", ["*"]

    ask_for_link(cast.anna.email, headers={"host": "falsch.example"})

    assert "https://kompetenzrad.musterland.example/passwort/neu/" in mail.outbox[0].body
    assert "falsch" not in mail.outbox[0].body


@pytest.mark.parametrize(("days", "valid"), [(0, (True, True)), (2, (True, False)), (8, (False, False))])
def test_an_invitation_lasts_seven_days_another_link_one(cast, clock, days, valid):
    Person.objects.filter(pk=cast.anna.pk).update(last_login=None)
    anna = Person.objects.get(pk=cast.anna.pk)
    invitation, other = links.Invitations().make_token(anna), links.Links().make_token(anna)
    clock.shift(timedelta(days=days))

    assert (links.Links().check_token(anna, invitation), links.Links().check_token(anna, other)) == valid


@pytest.mark.parametrize(
    "changes", [{"last_login": NOW}, {"email": "anders@test.example"}, {"password": "anders"}, *GONE]
)
def test_an_invitation_dies_with_what_it_was_made_for(cast, changes):
    Person.objects.filter(pk=cast.anna.pk).update(last_login=None)
    invitation = links.Invitations().make_token(Person.objects.get(pk=cast.anna.pk))
    Person.objects.filter(pk=cast.anna.pk).update(**changes)

    assert not links.Links().check_token(Person.objects.get(pk=cast.anna.pk), invitation)


def test_the_command_line_shows_a_link_or_has_it_sent(cast, capsys, run_jobs, mailoutbox):
    Person.objects.filter(pk=cast.anna.pk).update(last_login=None)
    call_command("invite", cast.anna.email, "--show")
    shown = capsys.readouterr().out
    run_jobs()
    nothing = list(mailoutbox)
    call_command("invite", cast.anna.email)
    run_jobs()

    assert shown.startswith(f"{settings.SITE_URL}/passwort/neu/")
    assert (nothing, [sent.to for sent in mailoutbox]) == ([], [[cast.anna.email]])


def test_a_mail_server_that_is_down_is_asked_again(cast, settings):
    Person.objects.filter(pk=cast.anna.pk).update(last_login=None)
    settings.EMAIL_BACKEND = "kompetenz.people.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    invitations.send_invitations.call([cast.anna.pk])
    invitations.send_invitations.call([cast.anna.pk], failures=invitations.MOST_TIMES)

    [again] = DBTaskResult.objects.filter(task_path=invitations.send_invitations.module_path)
    assert again.args_kwargs["args"] == [[cast.anna.pk], 1]


def test_a_wrong_password_is_said_beside_the_field_and_that_it_is_to_be_typed_again(client, cast):
    page = sign_in(client, cast.anna, "falsch").text

    summary = page[page.index('id="fehler"') : page.index("<h1>")]
    assert "Passwörter geben Sie aus Sicherheitsgründen neu ein." in summary
    assert '<a href="#id_password">Passwort</a>: E-Mail-Adresse oder Passwort stimmt nicht.' in summary
    assert "nichts verloren" not in page
    assert re.findall(r'<input[^>]* name="(\w+)"[^>]* aria-invalid="true"', page) == ["password"]


# Too often ----------------------------------------------------------------------------------------


def test_five_wrong_passwords_lock_one_account_and_nobody_elses(client, cast):
    answers = [sign_in(client, cast.anna, "falsch") for _ in range(6)]

    errors = [answer.context["form"].errors for answer in answers]
    assert errors == [{"password": ["E-Mail-Adresse oder Passwort stimmt nicht."]}] * 5 + [
        {"__all__": [AccountAdapter.error_messages[attempts.HERE]]}
    ]
    assert "Das hat nicht geklappt." in answers[-1].text
    assert "Bitte prüfen Sie Ihre Eingaben" not in answers[-1].text
    assert sign_in(client, cast.anna, PASSWORD).status_code == 200
    assert sign_in(client, cast.bernd, PASSWORD).status_code == 302


def test_a_town_hall_behind_one_address_can_mistype_without_being_locked_out(client, cast):
    for number in range(30):
        client.post("/anmelden/", {"login": f"person{number}@test.example", "password": "falsch"})

    assert sign_in(client, cast.anna, PASSWORD).status_code == 302


def test_who_asks_for_too_many_links_gets_no_more_of_them_and_hears_nothing_else(ask_for_link, cast):
    answers = [ask_for_link(address) for address in [cast.anna.email] * 7 + ["niemand@test.example"] * 7]

    assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {
        (302, "/passwort/vergessen/gesendet/")
    }
    assert len(mail.outbox) == attempts.LINKS


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
    assert messages_of(right) == ["Ihr Passwort ist gespeichert."]
    assert cast.anna.__class__.objects.get(pk=cast.anna.pk).check_password(NEW)


def test_the_sign_in_page_names_its_fields_once_and_the_way_to_a_forgotten_password_once(client, db):
    page = client.get("/anmelden/").text

    assert re.findall(r"<label[^>]*>([^<]*)</label>", tight(page)) == ["Dienstliche E-Mail-Adresse", "Passwort"]
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
    reachable = [
        *("email_password_mismatch", "enter_current_password", "invalid_password_reset", "too_many_login_attempts"),
        *(attempts.HERE, attempts.ELSEWHERE),
    ]

    assert FAMILIAR.findall(" ".join(str(AccountAdapter.error_messages[code]) for code in reachable)) == []


def test_an_error_is_announced_once_in_the_title(client, cast):
    page = sign_in(client, cast.anna, "falsch").text

    assert re.search("<title>(.*)</title>", tight(page))[1] == "Fehler: Anmelden – Kompetenzrad"
