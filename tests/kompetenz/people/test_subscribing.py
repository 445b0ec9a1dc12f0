"""The secret address at which a person's calendar subscribes to their dates."""

import re
from datetime import timedelta

import icalendar
import pytest
from django.core.cache import cache
from django.urls import reverse

from kompetenz.people import notices
from kompetenz.people.models import CalendarAddress, Person
from kompetenz.people.subscribing import addresses
from tests.clock import TODAY, in_days

PAGE, END = "/meine-daten/kalender/", "/meine-daten/kalender/beenden/"


@pytest.fixture(autouse=True)
def nobody_has_asked():
    cache.clear()


def fetch(client, secret, **headers):
    return client.get(reverse("subscribed_calendar", args=[secret]), headers=headers)


def test_a_person_makes_an_address_that_is_shown_once_and_kept_as_a_digest(as_, stage, client):
    page = as_(stage.cast.anna).post(PAGE)
    [address] = set(re.findall(r"http://127\.0\.0\.1:8000/kalender/[\w-]{43}\.ics", page.text))
    again = as_(stage.cast.anna).get(PAGE)

    client.logout()
    fetched = client.get(address.removeprefix("http://127.0.0.1:8000"))

    secret = address.rsplit("/", 1)[1].removesuffix(".ics")
    assert secret not in again.text
    assert secret not in str(CalendarAddress.objects.values().get())
    assert fetched.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert fetched.headers["Cache-Control"] == "no-store"
    assert fetched.cookies == {}
    entries = icalendar.Calendar.from_ical(fetched.content).walk("VEVENT")
    assert [str(entry["summary"]) for entry in entries] == [
        "Frist: Selbsteinschätzung, Runde 2026",
        "Frist: Gespräch, Runde 2026",
    ]


def test_each_address_leads_to_the_calendar_of_its_person(client, stage):
    secrets = [addresses.make(person=getattr(stage.cast, who)) for who in ("anna", "bernd", "fremd")]

    found = [fetch(client, secret).text.count("SUMMARY") for secret in secrets]

    assert found == [2, 2, 0]
    assert "SUMMARY:Frist: Fremdeinschätzung\\, Runde 2026" in fetch(client, secrets[1]).text


def test_nothing_else_leads_to_it(client, as_, stage):
    addresses.make(person=stage.cast.anna)

    answers = [fetch(client, wrong).status_code for wrong in ("x" * 43, addresses.digest_of("x"), "0")]

    assert answers == [404, 404, 404]
    assert fetch(as_(stage.cast.anna), "x" * 43).status_code == 404  # a session does not help


def test_a_new_address_ends_the_one_before_and_ending_ends_it(as_, client, stage):
    before = addresses.make(person=stage.cast.anna)
    after = addresses.make(person=stage.cast.anna)
    found = [fetch(client, secret).status_code for secret in (before, after)]

    page = as_(stage.cast.anna).post(END, follow=True)
    client.logout()

    assert found == [404, 200]
    assert "Die Adresse gilt nicht mehr." in page.text
    gone = fetch(client, after)
    assert (gone.status_code, gone.text) == (404, fetch(client, "x" * 43).text)  # nobody learns that there was one
    assert "Diese Kalenderadresse gilt nicht" in gone.text
    assert "„Kalender abonnieren“" in gone.text


def test_who_works_here_no_more_has_none_and_gets_none_back(client, stage, clock):
    leaving, deactivated = stage.cast.anna, stage.cast.bernd
    secrets = [addresses.make(person=one) for one in (leaving, deactivated)]
    leaving.leaving_date = TODAY
    leaving.save()
    on_the_last_day = fetch(client, secrets[0]).status_code

    Person.objects.filter(pk=deactivated.pk).update(is_active=False)
    Person.objects.filter(pk=deactivated.pk).update(is_active=True)
    clock.shift(timedelta(days=1))
    afterwards = [fetch(client, secret).status_code for secret in secrets]
    said = addresses.end_after_the_last_day(in_days(1))

    assert (on_the_last_day, afterwards) == (200, [404, 404])
    assert (said, CalendarAddress.objects.count()) == ("Kalenderadressen von Ausgeschiedenen gelöscht: 1.", 0)
    assert addresses.end_after_the_last_day(in_days(1)) is None


def test_it_ends_with_another_password_or_address_and_not_with_a_newer_hash_of_the_same(client, stage):
    people = [getattr(stage.cast, who) for who in ("anna", "bernd", "clara", "dora")]
    secrets = [addresses.make(person=one) for one in people]
    changed, readdressed, in_a_list, rehashed = people

    changed.set_password("ein langes neues Kennwort")
    changed.save()
    readdressed.email = "another@test.example"
    readdressed.save()
    Person.objects.filter(pk=in_a_list.pk).update(email="third@test.example")
    rehashed.set_password("dasselbe Kennwort, anders gerechnet")
    rehashed._password = None  # as Django does when it signs somebody in by an older hash
    rehashed.save(update_fields=["password"])

    assert [fetch(client, secret).status_code for secret in secrets] == [404, 404, 404, 200]


def test_whoever_changes_their_password_on_the_page_ends_it(as_, client, stage):
    anna, new = stage.cast.anna, "ein ganz anderes Kennwort 7"
    anna.set_password("bisheriges Kennwort 2026")
    anna.save()
    secret = addresses.make(person=anna)
    sent = {"oldpassword": "bisheriges Kennwort 2026", "password1": new, "password2": new}

    as_(anna).post(reverse("account_change_password"), sent)
    client.logout()

    assert fetch(client, secret).status_code == 404


def test_the_person_is_told_that_one_was_made_and_not_which(as_, cast, run_jobs, mailoutbox):
    page = as_(cast.anna).post(PAGE)
    run_jobs()

    [secret] = re.findall(r"/kalender/([\w-]{43})", page.text)
    [mail] = mailoutbox
    assert (mail.to, mail.subject) == ([cast.anna.email], notices.SUBJECTS["calendar_address_made"])
    assert "ändern Sie bitte gleich Ihr Passwort" in mail.body
    assert secret not in mail.body


def test_the_person_alone_sees_on_which_day_it_was_used_last(as_, client, stage):
    secret = addresses.make(person=stage.cast.anna)
    never = as_(stage.cast.anna).get("/meine-daten/").text
    fetch(client, secret)

    page = as_(stage.cast.anna).get("/meine-daten/").text

    assert ("Bisher hat es das nicht getan." in never, CalendarAddress.objects.get().fetched_on) == (True, TODAY)
    assert "Zuletzt geschah das am" in page


def test_a_fetch_writes_nothing_but_the_day_and_that_once(client, stage, django_assert_num_queries):
    secret = addresses.make(person=stage.cast.anna)
    fetch(client, secret)

    # address, person, participations, colleagues who asked, plans; of no plan: neither reviews nor measures
    with django_assert_num_queries(5) as asked:
        fetch(client, secret)

    assert [query["sql"] for query in asked if not query["sql"].startswith("SELECT")] == []


def test_who_asks_too_often_is_told_to_wait(client, stage, monkeypatch, caplog):
    monkeypatch.setitem(addresses.LIMITS, "calendar", "2/h/key")
    secret = addresses.make(person=stage.cast.anna)

    answers = [fetch(client, secret) for _ in range(3)]

    assert [one.status_code for one in answers] == [200, 200, 429]
    assert answers[2].headers["Retry-After"] == "3600"
    assert secret not in caplog.text


def test_who_guesses_is_stopped_and_nobody_with_an_address_is(client, stage, monkeypatch):
    monkeypatch.setitem(addresses.LIMITS, "calendar_unknown", "2/m/ip")
    secret = addresses.make(person=stage.cast.anna)

    answers = [fetch(client, "x" * 43).status_code for _ in range(3)]

    assert (answers, fetch(client, secret).status_code) == ([404, 404, 429], 200)
