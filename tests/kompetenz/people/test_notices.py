"""Who is told of another address or a manager of HR: by a worker, however it was changed."""

from smtplib import SMTPRecipientsRefused

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from kompetenz.people import notices
from kompetenz.people.models import Person
from tests.clock import in_days


def waiting():
    """What a worker would do next, as (task, arguments, not before)."""
    found = DBTaskResult.objects.filter(task_path=notices.tell.module_path, status="READY").order_by("enqueued_at")
    return [(one.args_kwargs["args"], one.run_after > timezone.now() and one.run_after.year < 9000) for one in found]


def test_many_people_are_told_in_several_tasks(cast):
    notices.inform("email_changed", [cast.anna] * 250)

    assert [len(arguments[0]) for arguments, _ in waiting()] == [100, 100, 50]


def test_while_the_mail_server_is_down_those_who_wait_go_on_waiting(db, settings):
    settings.EMAIL_BACKEND = "kompetenz.people.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    notices.tell.call([["Anna Ärmel", "a@test.example"]])
    notices.tell.call([["Anna Ärmel", "a@test.example"]], failures=notices.MOST_TIMES)

    assert waiting() == [([[["Anna Ärmel", "a@test.example"]], 1, "email_changed", []], True)]


def test_an_address_that_is_no_more_keeps_nobody_else_waiting(db, mailoutbox, monkeypatch):
    def refuse_the_first(backend, messages):
        if messages[0].to == ["gone@test.example"]:
            raise SMTPRecipientsRefused({"gone@test.example": (550, b"unknown")})
        mailoutbox.extend(messages)

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse_the_first)

    notices.tell.call([["Weg", "gone@test.example"], ["Da", "da@test.example"]])

    assert ([mail.to for mail in mailoutbox], waiting()) == ([["da@test.example"]], [])


def told_of_an_address():
    """Who would be told of which addresses, by their own."""
    found = [arguments for arguments, _ in waiting()]
    tasks = DBTaskResult.objects.filter(task_path=notices.tell.module_path, status="READY")
    kwargs = [one.args_kwargs["kwargs"] for one in tasks.order_by("enqueued_at")]
    pairs = zip(found, kwargs, strict=True)
    return {args[0][0][1]: given["about"] for args, given in pairs if given.get("notice") == "address_entered"}


@pytest.mark.parametrize(
    ("before", "steps"),
    [
        ({}, [{"email": "mein@evil.example"}]),
        ({"email": None, "last_login": None}, [{"email": "mein@evil.example"}]),
        ({}, [{"email": None}, {"email": "mein@evil.example"}]),
        ({"leaving_date": in_days(-1)}, [{"email": "mein@evil.example"}, {"leaving_date": None}]),
        ({"is_active": False, "email": "mein@evil.example"}, [{"is_active": True}]),
    ],
)
@pytest.mark.parametrize("saves", [True, False])
def test_manager_and_hr_hear_of_every_address_with_which_somebody_signs_in_from_now_on(cast, before, steps, saves):
    """Whoever keeps addresses could enter one of their own, in one step or in two, where the old one has no reader any more."""
    Person.objects.filter(pk=cast.anna.pk).update(**({"last_login": timezone.now()} | before))
    DBTaskResult.objects.all().delete()

    for step in steps:
        anna = Person.objects.get(pk=cast.anna.pk)
        for field, value in step.items():
            setattr(anna, field, value)
        anna.save() if saves else Person.objects.filter(pk=anna.pk).update(**step)

    told = ["Anna Ärmel: mein@evil.example"]
    assert told_of_an_address() == {cast.bernd.email: told, cast.paula.email: told}


@pytest.mark.parametrize("step", [{"email": None}, {"leaving_date": in_days(-1)}, {"last_name": "Ähren"}])
def test_they_hear_nothing_where_nobody_new_can_sign_in(cast, step):
    Person.objects.filter(pk=cast.anna.pk).update(**step)

    assert told_of_an_address() == {}


def test_of_very_many_addresses_the_first_are_named(cast, monkeypatch):
    monkeypatch.setattr(notices, "NAMED", 1)

    Person.objects.filter(pk__in=[cast.anna.pk, cast.dora.pk]).update(leaving_date=in_days(-1))
    Person.objects.filter(pk__in=[cast.anna.pk, cast.dora.pk]).update(leaving_date=None)

    assert told_of_an_address()[cast.paula.email] == [f"Anna Ärmel: {cast.anna.email}", "und 1 weitere"]


@pytest.mark.parametrize(
    ("notice", "with_password", "with_openid", "with_ldap"),
    [
        ("too_many_attempts", "/passwort/vergessen/", "Das geht wie bisher", "hebt die Sperre auch gleich auf"),
        ("calendar_address_made", "ändern Sie bitte gleich Ihr Passwort", "/meine-daten/", "/meine-daten/"),
        ("email_changed", "Links für ein neues Passwort", "keine E-Mails mehr", "keine E-Mails mehr"),
    ],
)
def test_nobody_is_told_to_set_a_password_who_has_none_here(
    cast, settings, mailoutbox, notice, with_password, with_openid, with_ldap
):
    settings.LOCAL_ACCOUNTS = [cast.paula.email]
    ways = {"": "", "OIDC_SERVER": "https://sso.example", "LDAP_SERVER": "ldaps://dc.example"}
    for name, server in ways.items():
        if name:
            setattr(settings, name, server)
        notices.tell.call([["Anna", cast.anna.email], ["Paula", cast.paula.email]], notice=notice)
        if name:
            setattr(settings, name, "")

    own, _, openid, local, ldap, _ = [mail.body for mail in mailoutbox]

    assert [with_password in own, with_openid in openid, with_ldap in ldap, with_password in local] == [True] * 4
    assert [with_password in body for body in (openid, ldap)] == [False, False]


@pytest.mark.parametrize("name", sorted(notices.SUBJECTS))
def test_every_notice_is_sent_as_letters_are(cast, run_jobs, mailoutbox, settings, name):
    """The same in text and HTML, with the administration below, an address for answers, and nothing of it markup."""
    settings.ORGANISATION_ADDRESS = "Kreishausplatz 1, 00000 Musterstadt"
    about = ["Anna <b>Ärmel</b>: anna@test.example"]

    notices.tell.enqueue([("Bernd <i>Boss</i>", cast.bernd.email)], notice=name, about=about)
    run_jobs()

    (message,) = mailoutbox
    html = message.alternatives[0].content
    assert message.body.endswith(f"\n\n{settings.ORGANISATION}\nKreishausplatz 1, 00000 Musterstadt\n")
    assert (message.reply_to, message.from_email[:12]) == ([settings.CONTACT_EMAIL], "Kompetenzrad")
    assert {"Auto-Submitted", "List-Id"} <= set(message.extra_headers)
    assert ("Bernd &lt;i&gt;Boss" in html, "<i>" in html, "<b>" in html) == (True, False, False)
    assert "Kreishausplatz 1" in html
