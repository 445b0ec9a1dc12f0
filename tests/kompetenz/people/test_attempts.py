"""How often somebody may try: whoever guesses is stopped, and keeps nobody else out."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kompetenz.people import attempts
from kompetenz.people.accounts import AccountAdapter
from kompetenz.people.models import Attempt, Lock, Person
from tests.clock import TODAY
from tests.conftest import PASSWORD

HALL, AWAY = "192.0.2.1", "198.51.100.7"


@pytest.fixture
def tries(cast):
    """``tries(cast.anna)`` with a wrong password, from an address of a browser; true where it let somebody in, or why it did not."""

    def attempt(person, password="falsch-und-lang", *, origin=HALL, browser=None):
        browser = browser or Client()
        email = getattr(person, "email", person)
        answer = browser.post("/anmelden/", {"login": email, "password": password}, REMOTE_ADDR=origin)
        if answer.status_code == 302:
            browser.post("/abmelden/")
            return True
        [[error]] = answer.context["form"].errors.values()
        return {
            "E-Mail-Adresse oder Passwort stimmt nicht.": "wrong",
            **{str(text): code for code, text in attempts_said().items()},
        }[error]

    return attempt


def attempts_said():
    return {code: AccountAdapter.error_messages[code] for code in (attempts.HERE, attempts.ELSEWHERE)}


def test_five_wrong_ones_from_one_place_have_to_wait_five_minutes(tries, cast, clock):
    said = [tries(cast.anna) for _ in range(7)]
    right = tries(cast.anna, PASSWORD)
    clock.shift(timedelta(minutes=5, seconds=1))

    assert said == ["wrong"] * 5 + ["here"] * 2
    assert (right, tries(cast.anna, PASSWORD)) == ("here", True)


def test_the_log_says_once_that_somebody_guesses_and_where_from(tries, cast, caplog):
    for _ in range(8):
        tries(cast.anna, origin=AWAY)

    said = [record.getMessage() for record in caplog.records if record.name == attempts.__name__]
    assert said == [f"Too many wrong passwords at account {cast.anna.pk}, the last from {AWAY}"]


def test_a_stranger_elsewhere_does_not_keep_anybody_out(tries, cast):
    said = [tries(cast.anna, origin=AWAY) for _ in range(6)]

    assert said[-1] == "here"
    assert tries(cast.anna, PASSWORD) is True


def test_many_strangers_close_an_account_to_strange_browsers_alone(tries, cast):
    own = Client()
    assert tries(cast.anna, PASSWORD, browser=own) is True
    said = [tries(cast.anna, origin=f"198.51.100.{place}") for place in range(attempts.BY_STRANGERS + 1)]

    assert said == ["wrong"] * attempts.BY_STRANGERS + ["elsewhere"]
    assert tries(cast.anna, PASSWORD) == "elsewhere"
    assert tries(cast.anna, PASSWORD, browser=own) is True
    assert tries(cast.anna, PASSWORD, browser=own, origin=AWAY) is True


def test_what_is_known_for_one_person_is_strange_for_another(tries, cast):
    own = Client()
    tries(cast.bernd, PASSWORD, browser=own)

    said = [tries(cast.anna, browser=own) for _ in range(6)]

    assert said == ["wrong"] * 5 + ["here"]
    assert set(Attempt.objects.values_list("is_known", flat=True)) == {False}


def test_a_browser_that_says_it_is_known_is_not_believed(tries, cast):
    forged = Client()
    forged.cookies[attempts.BROWSER] = f'{{"id": "a", "people": [{cast.anna.pk}]}}'

    tries(cast.anna, browser=forged)

    assert [attempt.is_known for attempt in Attempt.objects.all()] == [False]


def test_whoever_tries_all_accounts_from_the_hall_gets_one_more_at_each_and_no_colleague_is_kept_out(
    tries, cast, monkeypatch
):
    monkeypatch.setattr(attempts, "FROM_ONE", 20)
    for number in range(attempts.FROM_ONE):
        tries(f"niemand{number}@test.example")
    said = [tries(cast.anna), tries(cast.anna), tries("niemand1@test.example"), tries("fremd1@test.example")]

    assert said == ["wrong", "elsewhere", "elsewhere", "wrong"]
    assert tries(cast.bernd, PASSWORD) is True


def test_who_does_not_exist_is_locked_in_the_same_words_but_nowhere_seen(tries, cast):
    said = [tries("niemand@test.example") for _ in range(6)]

    assert said == ["wrong"] * 5 + ["here"]
    assert not Lock.objects.exists()


def test_the_right_password_counts_for_nothing_and_against_nobody(tries, cast):
    for _ in range(12):
        assert tries(cast.anna, PASSWORD) is True

    assert not Attempt.objects.exists()


def test_the_mailed_link_lets_in_whatever_is_locked(tries, cast, run_jobs, mailoutbox):
    for place in range(attempts.BY_STRANGERS + 1):
        tries(cast.anna, origin=f"198.51.100.{place}")
    browser, new = Client(), "ein-ganz-neues-langes-passwort"
    run_jobs()
    mailoutbox.clear()

    browser.post("/passwort/vergessen/", {"email": cast.anna.email})
    run_jobs()
    way = mailoutbox[0].body.split(settings.SITE_URL)[1].split()[0]
    page = browser.get(way, follow=True)
    browser.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
    browser.post("/abmelden/")

    assert tries(cast.anna, new) == "elsewhere"
    assert tries(cast.anna, new, browser=browser) is True


def test_the_owner_is_told_once_a_day_however_often_somebody_knocks(tries, cast, run_jobs, mailoutbox, clock):
    for _ in range(20):
        tries(cast.anna)
    clock.shift(timedelta(hours=2))
    for _ in range(20):
        tries(cast.anna)
    run_jobs()
    first = [(sent.to, sent.subject) for sent in mailoutbox]
    clock.shift(timedelta(days=1))
    for _ in range(20):
        tries(cast.anna)
    run_jobs()

    assert first == [([cast.anna.email], "Viele falsche Passwörter an Ihrem Konto im Kompetenzrad")]
    assert len(mailoutbox) == 2
    assert HALL not in mailoutbox[0].body


def test_hr_sees_a_lock_and_lifts_it(tries, cast, as_):
    for _ in range(6):
        tries(cast.anna)
    paula = as_(cast.paula)
    page = paula.get(reverse("people:locks")).text
    way_in = paula.get(reverse("people:invite", args=[cast.anna.pk])).text
    lifted = paula.post(reverse("people:lift", args=[cast.anna.pk]), follow=True)

    assert "Ärmel, Anna" in page
    assert "Sperre aufheben" in page
    assert "Sperre aufheben" in way_in
    assert "Sperre aufheben" not in lifted.text
    assert "vorbei" in lifted.text
    assert tries(cast.anna, PASSWORD) is True


def test_nothing_stored_says_who_tried_what_from_where(tries, cast):
    tries(cast.anna, origin=AWAY)

    [row] = Attempt.objects.values()
    assert not {cast.anna.email, AWAY, "falsch-und-lang"} & {str(value) for value in row.values()}


def test_what_was_tried_is_forgotten_the_next_day(tries, cast):
    for _ in range(6):
        tries(cast.anna)
    Attempt.objects.update(at=timezone.now() - attempts.KEPT)
    Lock.objects.update(until=timezone.now() - timedelta(days=7))

    attempts.forget_attempts(TODAY)

    assert (Attempt.objects.count(), Lock.objects.count()) == (0, 0)


def test_a_house_full_of_people_may_ask_for_links_but_nobody_is_flooded(client, cast, run_jobs, monkeypatch):
    monkeypatch.setattr(attempts, "LINKS_FROM_ONE", 20)
    Person.objects.bulk_create(
        Person(first_name="Eva", last_name=f"Neu{number}", sort_key="neu", email=f"neu{number}@test.example")
        for number in range(attempts.LINKS_FROM_ONE + 5)
    )
    for person in Person.objects.filter(first_name="Eva"):
        client.post("/passwort/vergessen/", {"email": person.email})
    client.post("/passwort/vergessen/", {"email": "neu1@test.example"})
    run_jobs()

    assert len(mail.outbox) == attempts.LINKS_FROM_ONE + 5
    assert {sent.subject for sent in mail.outbox} == {"Ihr Zugang zum Kompetenzrad"}
