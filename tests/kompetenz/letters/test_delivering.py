"""What becomes of a letter, whatever the mail server says: sent once, or kept."""

import socket
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from kompetenz.jobs.overwriting import empty_the_log
from kompetenz.letters import delivering, smtp
from kompetenz.letters.delivering import attend_to, deliver, doubt_what_was_left
from kompetenz.letters.models import Letter
from tests.clock import TODAY
from tests.dripping import dripping
from tests.kompetenz.letters.mailserver import MailServer


def addresses(*people):
    return [somebody.email.lower() for somebody in people]


def minutes_until_the_next_run():
    """For each run that waits, in how many minutes it is due."""
    runs = DBTaskResult.objects.filter(status="READY").values_list("run_after", flat=True)
    return [round((at - timezone.now()).total_seconds() / 60) for at in runs]


def time_passes():
    """Every run that waits is due."""
    DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())


def problems():
    return list(Letter.objects.exclude(problem="").order_by("pk").values_list("problem", flat=True))


def test_what_waits_is_sent_over_one_connection(cast, write, run_jobs, mail_server, states):
    write(cast.anna, cast.bernd, cast.clara)

    run_jobs()

    assert mail_server.addresses == addresses(cast.anna, cast.bernd, cast.clara)
    assert mail_server.dialogues == 1
    assert states() == {"Anna": "sent", "Bernd": "sent", "Clara": "sent"}
    assert set(Letter.objects.values_list("sent_on", "attempts", "problem")) == {(TODAY, 1, "")}
    assert minutes_until_the_next_run() == []


def test_what_the_server_gets_is_readable_and_whole(cast, write, run_jobs, mail_server):
    write(cast.bernd, path="/teilnahmen/5/", calendar="BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")

    run_jobs()

    (message,) = mail_server.messages()
    assert message["Subject"] == "Im Kompetenzrad liegt etwas für Sie vor"
    assert "Guten Tag Bernd Şahin-Žižek," in message.get_body("plain").get_content()
    (attached,) = message.iter_attachments()
    assert attached.get_content().splitlines() == ["BEGIN:VCALENDAR", "END:VCALENDAR"]


def test_nothing_is_sent_twice_by_a_second_run(cast, write, run_jobs, mail_server):
    write(cast.anna)
    run_jobs()

    deliver.enqueue()
    run_jobs()

    assert mail_server.addresses == addresses(cast.anna)


def test_people_who_left_or_want_no_mail_any_more_get_none(cast, write, run_jobs, mail_server, states):
    write(cast.anna, cast.bernd, cast.clara, cast.dora)
    cast.anna.wants_mail = False
    cast.bernd.is_active = False
    cast.clara.email = None
    for somebody in (cast.anna, cast.bernd, cast.clara):
        somebody.save()

    run_jobs()

    told_of_her_address = "clara.chefin@test.example"  # a notice, see people/notices.py, and no letter
    assert sorted(mail_server.addresses) == [told_of_her_address, *addresses(cast.dora)]
    assert states() == {"Clara": "discarded", "Dora": "sent"}  # who has no address any more was to be told all the same


def test_an_address_refused_for_good_does_not_keep_the_others(cast, write, run_jobs, mail_server, states):
    mail_server.about[cast.anna.email] = "550 5.1.1 User unknown"
    write(cast.anna, cast.bernd)

    run_jobs()

    assert states() == {"Anna": "refused", "Bernd": "sent"}
    assert problems() == ["Der Mailserver nimmt die E-Mail nicht an: 550 5.1.1 User unknown"]
    assert minutes_until_the_next_run() == []


def test_a_text_refused_for_good_is_refused(cast, write, run_jobs, mail_server, states):
    mail_server.about_texts = "554 looks like spam"
    write(cast.anna)

    run_jobs()

    assert (states(), problems()) == (
        {"Anna": "refused"},
        ["Der Mailserver nimmt die E-Mail nicht an: 554 looks like spam"],
    )


def test_an_address_postponed_is_tried_later_and_keeps_nobody_waiting(cast, write, run_jobs, mail_server, states):
    mail_server.about[cast.anna.email] = "450 greylisted"
    write(cast.anna, cast.bernd)
    run_jobs()
    before = states(), problems(), minutes_until_the_next_run()

    mail_server.about.clear()
    time_passes()
    run_jobs()

    assert before == (
        {"Anna": "waiting", "Bernd": "sent"},
        ["Der Mailserver nimmt die E-Mail zurzeit nicht an: 450 greylisted"],
        [1],
    )
    assert (states(), problems()) == ({"Anna": "sent", "Bernd": "sent"}, [])
    assert mail_server.addresses == addresses(cast.bernd, cast.anna)


def test_a_clock_that_is_put_back_in_a_run_has_nobody_asked_twice_in_it(
    cast, write, run_jobs, mail_server, monkeypatch, clock, states
):
    mail_server.about[cast.anna.email] = "450 greylisted"
    write(cast.anna, cast.bernd)
    attended = []

    def put_back_once(pk, mail):
        if not attended:
            clock.shift(timedelta(hours=-1))
        attended.append(pk)
        assert len(attended) < 5, "again and again"
        return attend_to(pk, mail)

    monkeypatch.setattr(delivering, "attend_to", put_back_once)
    deliver.call()

    assert states() == {"Anna": "waiting", "Bernd": "sent"}
    assert len(attended) == 2


def test_a_server_that_is_down_loses_nothing_and_is_asked_ever_more_seldom(cast, write, run_jobs, settings, states):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "kompetenz.people.smtp.EmailBackend", "127.0.0.1"
    settings.EMAIL_PORT = a_port_nobody_listens_on()
    write(cast.anna, cast.bernd, cast.dora)
    pauses = []
    for _ in range(5):
        run_jobs()
        pauses += minutes_until_the_next_run()
        time_passes()
    down = sorted(states().values()), problems(), sum(Letter.objects.values_list("attempts", flat=True))

    server = MailServer(settings.EMAIL_PORT)
    run_jobs()
    server.close()

    assert pauses == [1, 5, 15, 60, 60]
    assert down == (["waiting"] * 3, ["Der Mailserver ist nicht zu erreichen: Connection refused"] * 3, 5)
    assert sorted(server.addresses) == sorted(addresses(cast.anna, cast.bernd, cast.dora))
    assert set(states().values()) == {"sent"}
    assert minutes_until_the_next_run() == []


def a_port_nobody_listens_on():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def test_letters_written_while_the_server_is_down_do_not_make_it_be_asked_more_and_more(
    cast, write, run_jobs, mail_server
):
    mail_server.about_senders = "451 no room"
    for at in range(6):
        write(cast.anna, key=f"runde-{at}")
        run_jobs()

    assert minutes_until_the_next_run() == [1]


@pytest.mark.parametrize(
    ("about", "problem"),
    [
        ({"about_senders": "550 who are you"}, "Der Mailserver nimmt zurzeit nichts an: 550 who are you"),
        ({"about_texts": "452 disk full"}, "Der Mailserver nimmt zurzeit nichts an: 452 disk full"),
    ],
)
def test_what_the_server_says_of_all_is_no_fault_of_a_letter(
    cast, write, run_jobs, mail_server, states, about, problem
):
    vars(mail_server).update(about)
    write(cast.anna, cast.bernd)

    run_jobs()

    assert (states(), problems()) == ({"Anna": "waiting", "Bernd": "waiting"}, [problem])
    assert minutes_until_the_next_run() == [1]


def test_a_sign_in_that_the_server_refuses_is_said_so(cast, write, run_jobs, mail_server, settings, states):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "kompetenzrad", "geheim"
    write(cast.anna)

    run_jobs()

    assert states() == {"Anna": "waiting"}
    assert problems() == ["Der Mailserver nimmt die Anmeldung nicht an: 535 wrong password"]


def test_a_server_that_hangs_up_now_and_then_gets_all(cast, write, run_jobs, mail_server, states):
    mail_server.hangs_up_after = 2
    write(cast.anna, cast.bernd, cast.clara, cast.dora, cast.fremd)

    run_jobs()

    assert set(states().values()) == {"sent"}
    assert (len(mail_server.taken), mail_server.dialogues) == (5, 3)


def test_a_line_that_breaks_with_the_text_leaves_it_uncertain_and_is_not_tried_again(
    cast, write, run_jobs, mail_server, states
):
    mail_server.breaks_off_with = set(addresses(cast.anna))
    write(cast.anna, cast.bernd)

    run_jobs()
    time_passes()
    run_jobs()

    assert states() == {"Anna": "uncertain", "Bernd": "sent"}
    assert problems() == ["Die Verbindung zum Mailserver riss ab, als die E-Mail übergeben wurde."]
    assert mail_server.dialogues == 2


@pytest.mark.parametrize(
    ("verb", "state", "problem"),
    [
        ("", "waiting", "Der Mailserver ist nicht zu erreichen: Er antwortet zu langsam."),
        ("ehlo", "waiting", "Der Mailserver ist nicht zu erreichen: Er antwortet zu langsam."),
        ("rcpt", "waiting", "Der Mailserver ist nicht zu erreichen: Er antwortet zu langsam."),
        ("data", "uncertain", "Die Verbindung zum Mailserver riss ab, als die E-Mail übergeben wurde."),
    ],
)
def test_a_server_that_says_byte_after_byte_is_not_waited_for_for_ever(
    cast, write, run_jobs, mail_server, states, settings, verb, state, problem
):
    mail_server.drips_at, settings.EMAIL_TIMEOUT = verb, 0.5
    write(cast.anna)
    began = time.monotonic()

    run_jobs()

    assert (states(), problems()) == ({"Anna": state}, [problem])
    assert time.monotonic() - began < 8  # its words take ten seconds


RECORD = b"\x16\x03\x03\x40\x00"  # the head of one of TLS that is a shaking of hands, of 16,384 bytes


@pytest.mark.parametrize("said", [RECORD + b"\x00" * 200, b"\x15\x03\x03\x00\x02\x01\x5a" * 30])
def test_one_that_shakes_hands_byte_by_byte_is_not_waited_for_for_ever(
    cast, write, run_jobs, states, settings, mail_server, said
):
    settings.EMAIL_USE_SSL, settings.EMAIL_TIMEOUT = True, 0.5
    write(cast.anna)
    began = time.monotonic()

    with dripping(said) as (settings.EMAIL_PORT, _):
        run_jobs()

    assert (states(), time.monotonic() - began < 8) == ({"Anna": "waiting"}, True)  # its words take ten seconds


def test_being_let_in_takes_no_longer_where_the_hands_are_shaken_late(
    cast, write, run_jobs, mail_server, states, settings, monkeypatch
):
    monkeypatch.setattr("kompetenz.people.smtp.TO_SAY_GOODBYE", 0.1)
    settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = True, 3
    mail_server.thinks, mail_server.shakes_hands = 2, RECORD + b"\x00" * 200
    write(cast.anna)
    began = time.monotonic()

    run_jobs()

    assert (states(), time.monotonic() - began < 4.5) == ({"Anna": "waiting"}, True)


@pytest.mark.parametrize("address", ["anna@", "anna@@kreis.example", "anna\nbcc: alle@kreis.example"])
def test_an_address_that_is_none_is_refused_and_keeps_nobody(cast, write, run_jobs, mail_server, states, address):
    # These are notices, see people/notices.py, and no letters.
    told_of_her_address = [cast.anna.email, *addresses(cast.bernd, cast.paula)]
    cast.anna.email = address
    cast.anna.save()
    write(cast.anna, cast.bernd)

    run_jobs()

    assert states() == {"Anna": "refused", "Bernd": "sent"}
    assert sorted(mail_server.addresses) == sorted([*told_of_her_address, *addresses(cast.bernd)])


def test_a_letter_that_often_failed_comes_last(cast, write, run_jobs, mail_server):
    write(cast.anna, cast.bernd)
    Letter.objects.filter(person=cast.anna).update(attempts=3)

    run_jobs()

    assert mail_server.addresses == addresses(cast.bernd, cast.anna)


def test_a_long_run_makes_way_for_other_tasks_and_goes_on(cast, write, run_jobs, mail_server, monkeypatch, clock):
    monkeypatch.setattr(delivering, "A_RUN", timedelta(0))
    write(cast.anna, cast.bernd, cast.dora)
    turns = []
    for _ in range(3):
        empty_the_log.using(priority=-10).enqueue()  # comes after letters, but not after all of them
        run_jobs()
        others = DBTaskResult.objects.filter(task_path=empty_the_log.module_path, status="SUCCESSFUL")
        turns.append((len(mail_server.addresses), others.count()))
        clock.shift(delivering.OTHERS_FIRST)

    assert turns == [(1, 1), (2, 2), (3, 3)]
    assert mail_server.addresses == addresses(cast.anna, cast.bernd, cast.dora)


def test_the_claim_is_committed_before_anything_is_sent(
    transactional_db, cast, write, run_jobs, mail_server, monkeypatch
):
    seen = []

    def look(mail, message):
        seen.append((connection.in_atomic_block, Letter.objects.get().state))

    monkeypatch.setattr(smtp, "hand_over", look)
    write(cast.anna)
    run_jobs()

    assert seen == [(False, "sending")]


def test_a_letter_taken_by_another_worker_is_left_alone(cast, write, mail_server):
    write(cast.anna)
    mine, others = Letter.objects.get(), Letter.objects.get()

    assert [Letter.claim([others]), Letter.claim([mine])] == [True, False]


def test_a_worker_that_dies_while_sending_leaves_a_letter_that_nobody_sends_again(
    cast, write, run_jobs, mail_server, states
):
    write(cast.anna, cast.bernd)
    letter = Letter.objects.get(person=cast.anna)
    Letter.claim([letter])
    run_jobs()
    at_once = states(), doubt_what_was_left()
    Letter.objects.filter(pk=letter.pk).update(claimed_at=timezone.now() - timedelta(minutes=16))

    deliver.enqueue()
    run_jobs()

    assert at_once == ({"Anna": "sending", "Bernd": "sent"}, 0)
    assert states() == {"Anna": "uncertain", "Bernd": "sent"}
    assert mail_server.addresses == addresses(cast.bernd)
    assert problems() == ["Der Versand wurde abgebrochen, vielleicht kam die E-Mail noch an."]


def test_a_worker_that_was_given_up_and_has_sent_after_all_is_believed(cast, write, states):
    write(cast.anna)
    letter = Letter.objects.get()
    Letter.claim([letter])
    Letter.objects.update(state="waiting")  # HR has had it sent again

    Letter.settle([letter], "sent")

    assert states() == {"Anna": "sent"}


def test_a_worker_that_was_given_up_and_has_not_sent_changes_nothing(cast, write, states):
    write(cast.anna)
    letter = Letter.objects.get()
    Letter.claim([letter])
    Letter.objects.update(state="discarded")

    Letter.settle([letter], "waiting", "zu spät")

    assert states() == {"Anna": "discarded"}


def test_an_unforeseen_failure_leaves_a_run_for_the_others(cast, write, run_jobs, mail_server, monkeypatch, states):
    monkeypatch.setattr(smtp, "hand_over", lambda *_: 1 / 0)
    write(cast.anna, cast.bernd)

    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        run_jobs()

    assert states() == {"Anna": "sending", "Bernd": "waiting"}
    assert minutes_until_the_next_run() == [1]


def test_a_letter_of_which_nobody_can_say_what_is_in_it_keeps_no_other_back(
    cast, write, run_jobs, mail_server, monkeypatch, states
):
    """Before it is claimed: with an error there, the same letter would be the first again in each run, for ever."""
    write(cast.anna, cast.bernd)
    words = delivering.message_of
    monkeypatch.setattr(
        delivering, "message_of", lambda *letters: 1 / 0 if letters[0].person == cast.anna else words(*letters)
    )

    run_jobs()

    assert states() == {"Anna": "waiting", "Bernd": "sent"}
    assert minutes_until_the_next_run() == [60]


@pytest.mark.parametrize("letters", [2, 12])
def test_each_letter_costs_the_same_few_queries(cast, write, mail_server, letters, django_assert_num_queries):
    for n in range(letters):
        write(cast.anna, key=f"runde-{n}")

    # each: read, letterhead, claim with savepoint and release, settle; once: what was left, whether any wait, stand-in and its end,
    # what waits, what waits besides, whether any are left, until when
    with django_assert_num_queries(6 * letters + 8):
        deliver.call()
