"""What a letter says, and that it says nothing else."""

import re
from email import message_from_bytes, policy

import pytest
from django.core import mail

from kompetenz.letters.models import Letter
from kompetenz.letters.wording import message_of
from kompetenz.people.models import Person
from tests.clock import NOW

CALENDAR = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nSUMMARY:Gespräch\r\nEND:VCALENDAR\r\n"


@pytest.fixture(autouse=True)
def _known(cast):
    """Everybody has signed in before."""
    Person.objects.update(last_login=NOW)
    for person in vars(cast).values():
        person.last_login = NOW


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = "https://kompetenzrad.kreis.example"
    settings.ORGANISATION = "Landkreis & Söhne"
    settings.CONTACT_EMAIL = "pe@kreis.example"
    settings.DEFAULT_FROM_EMAIL = "kompetenzrad@kreis.example"


def letter_to(somebody, **fields):
    values = {"kind": "talk", "key": "SCHLUESSEL", "path": "/teilnahmen/5/"} | fields
    return Letter.objects.create(person=somebody, **values)


def sent(letter):
    """The message as it travels."""
    return message_from_bytes(message_of(letter).message().as_bytes(), policy=policy.default)


def test_the_plain_text_whole(cast):
    message = sent(letter_to(cast.anna))

    assert message.get_body("plain").get_content().strip() == (
        "Guten Tag Anna Ärmel,\n"
        "\n"
        "im Kompetenzrad gibt es einen Termin für Sie.\n"
        "\n"
        "https://kompetenzrad.kreis.example/teilnahmen/5/\n"
        "\n"
        "Alles, was ansteht, finden Sie dort auch unter „Meine Aufgaben“.\n"
        "\n"
        "Landkreis & Söhne\n"
        "Fragen: pe@kreis.example\n"
        "Keine E-Mails mehr? Schalten Sie sie unter „Meine Daten“ ab:\n"
        "https://kompetenzrad.kreis.example/meine-daten/"
    )


def test_whoever_has_never_signed_in_finds_the_way_in(cast, client):
    Person.objects.filter(pk=cast.anna.pk).update(last_login=None)
    cast.anna.refresh_from_db()
    message = sent(letter_to(cast.anna))
    plain, html = (message.get_body(kind).get_content() for kind in ("plain", "html"))

    [link] = re.findall(r"https://kompetenzrad.kreis.example(/passwort/neu/\S+)", plain)
    assert html.index(f'href="https://kompetenzrad.kreis.example{link}"') < html.index("/teilnahmen/5/")
    assert client.get(link, follow=True).context["form"].user == cast.anna


def test_no_line_of_plain_text_is_too_wide_and_no_address_broken(cast):
    Person.objects.filter(pk=cast.anna.pk).update(last_login=None)
    cast.anna.refresh_from_db()
    letter = letter_to(cast.anna)
    message = message_of(letter)
    plain = sent(letter).get_body("plain").get_content()

    assert (
        max(len(line) for line in plain.splitlines() if "://" not in line)
        <= 76
        < max(map(len, message.body.splitlines()))
    )
    assert plain.split() == message.body.split()


def test_with_a_directory_text_and_html_say_the_same_way_in(cast, settings):
    settings.OIDC_SERVER, settings.OIDC_NAME = "https://sso.kreis.example", "Konto der Verwaltung"
    cast.anna.last_login = None
    message = sent(letter_to(cast.anna))

    said = "mit Ihrem Konto der Verwaltung, wie an Ihrem Arbeitsplatz. Ein weiteres Passwort brauchen Sie nicht."
    bodies = [" ".join(message.get_body(kind).get_content().split()) for kind in ("plain", "html")]
    assert [said in body for body in bodies] == [True, True]


def test_the_html_is_german_leads_there_and_loads_nothing(cast):
    text = sent(letter_to(cast.anna)).get_body("html").get_content()

    assert '<html lang="de">' in text
    assert 'href="https://kompetenzrad.kreis.example/teilnahmen/5/"' in text
    assert "Landkreis &amp; Söhne" in text
    assert [word for word in ("<img", "<script", "<link", "src=", "url(", "SCHLUESSEL") if word in text] == []


def test_the_envelope_whole(cast):
    letter = letter_to(cast.bernd)
    message = sent(letter)

    assert {
        name: message[name]
        for name in ("From", "Reply-To", "To", "Subject", "Auto-Submitted", "X-Auto-Response-Suppress", "List-Id")
    } == {
        "From": "Kompetenzrad <kompetenzrad@kreis.example>",
        "Reply-To": "pe@kreis.example",
        "List-Id": "Kompetenzrad <kompetenzrad.kompetenzrad.kreis.example>",
        "To": cast.bernd.email,
        "Subject": "Im Kompetenzrad gibt es einen Termin für Sie",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
    }
    assert message.get_content_type() == "multipart/alternative"


def test_a_letter_keeps_its_message_id_and_no_other_has_it(cast):
    letter, other = letter_to(cast.anna), letter_to(cast.bernd)

    first, again = (sent(Letter.objects.get(pk=letter.pk))["Message-ID"] for _ in range(2))

    assert first == again != sent(other)["Message-ID"]
    assert first.endswith("@kompetenzrad.kreis.example>")


def test_nobody_counts_letters_by_their_message_ids(cast):
    """HR could count by two of her own how many were asked to join a group in between."""
    assert "7000001" not in sent(letter_to(cast.anna, pk=7000001))["Message-ID"]


def test_a_calendar_is_attached_as_it_is(cast):
    message = sent(letter_to(cast.anna, calendar=CALENDAR))

    (attached,) = message.iter_attachments()
    assert (attached.get_content_type(), attached.get_filename()) == ("text/calendar", "Termin.ics")
    assert attached.get_content().splitlines() == CALENDAR.splitlines()
    assert "Der Termin hängt als Kalenderdatei an." in message.get_body("plain").get_content()


def test_every_kind_has_words_and_none_says_more(cast, mailoutbox):
    connection = mail.get_connection()
    for kind in Letter.Kind.values:
        connection.send_messages([message_of(letter_to(cast.anna, kind=kind, key=kind, path="/"))])

    assert {message.subject for message in mailoutbox} == {
        "Im Kompetenzrad liegt etwas für Sie vor",
        "Im Kompetenzrad wartet noch etwas auf Sie",
        "Im Kompetenzrad gibt es einen Termin für Sie",
        "Im Kompetenzrad ist eine Teilnahme entfernt, die Sie betrifft",
    }
    assert len(mailoutbox) == len(Letter.Kind.values)


def test_a_name_that_looks_like_markup_is_text_in_both(cast):
    cast.anna.last_name = "<b>Ärmel</b> & Co"
    cast.anna.save()
    message = sent(letter_to(cast.anna))

    assert "Guten Tag Anna <b>Ärmel</b> & Co," in message.get_body("plain").get_content()
    assert "Guten Tag Anna &lt;b&gt;Ärmel&lt;/b&gt; &amp; Co," in message.get_body("html").get_content()
