"""HR's page about what waits to be sent, and the switch for everybody's own mail."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from kompetenz.jobs.queue import enqueue_once
from kompetenz.letters.delivering import deliver
from kompetenz.letters.models import Letter
from kompetenz.people.models import Person
from tests.clock import TODAY
from tests.conftest import person

PAGE = "/post/"
STANDS_STILL, DONE = "Der Versanddienst läuft nicht.", "Alles ist gesendet. Es wartet keine E-Mail."
NO_SERVER = "Es ist kein Mailserver eingestellt"


@pytest.fixture
def hr(as_, cast):
    return as_(cast.paula)


@pytest.fixture
def in_state(write):
    """``in_state(person, "refused")`` has a letter like that."""

    def make(somebody, state, **fields):
        if state in {"sending", "sent", "uncertain"}:
            fields.setdefault("claimed_at", timezone.now())
        if state == "sent":
            fields["sent_on"] = TODAY
        write(somebody, key=f"{somebody.pk}-{state}", kind=fields.pop("kind", "invitation"))
        Letter.objects.filter(key=f"{somebody.pk}-{state}").update(state=state, **fields)
        return Letter.objects.get(key=f"{somebody.pk}-{state}")

    return make


def shown(response):
    return [(letter.person.first_name, letter.state) for letter in response.context["page"]]


def runs_waiting():
    return DBTaskResult.objects.filter(status="READY").count()


def test_the_page_shows_first_what_needs_a_decision(hr, cast, in_state):
    in_state(cast.anna, "waiting")
    in_state(cast.bernd, "refused", problem="Der Mailserver nimmt die E-Mail nicht an: 550 unbekannt")
    in_state(cast.clara, "uncertain")
    in_state(cast.dora, "sending")
    in_state(cast.fremd, "sent")
    in_state(cast.audit, "discarded")

    response = hr.get(PAGE)

    assert shown(response) == [
        ("Clara", "uncertain"), ("Bernd", "refused"), ("Dora", "sending"), ("Anna", "waiting"),
    ]  # fmt: skip
    assert "gesendet, nach 90 Tagen gelöscht" in response.text
    standing = response.context["standing"]
    assert {name: standing[name] for name in ("waiting", "uncertain", "refused", "sent")} == {
        "waiting": 2,
        "uncertain": 1,
        "refused": 1,
        "sent": 1,
    }
    assert "Der Mailserver nimmt die E-Mail nicht an: 550 unbekannt" in response.text


@pytest.mark.parametrize(
    ("stand", "found"),
    [
        ("wartend", [("Dora", "sending"), ("Anna", "waiting")]),
        ("ungewiss", [("Clara", "uncertain")]),
        ("abgelehnt", []),
        ("unsinn", [("Clara", "uncertain"), ("Dora", "sending"), ("Anna", "waiting")]),
    ],
)
def test_the_list_can_be_narrowed_to_one_stand(hr, cast, in_state, stand, found):
    in_state(cast.anna, "waiting")
    in_state(cast.clara, "uncertain")
    in_state(cast.dora, "sending")

    assert shown(hr.get(PAGE, {"stand": stand})) == found


def test_the_page_says_neither_what_a_letter_is_about_nor_that_somebody_was_asked_as_a_peer(hr, cast, write):
    write(cast.anna, key="runde-77-geheim", path="/teilnahmen/4711/", calendar="UID:4712")
    write(cast.dora, key="k", kind="peer", path="/")
    write(cast.bernd, key="k", kind="notice")

    text = hr.get(PAGE).text

    assert [word for word in ("runde-77-geheim", "4711", "4712", "peer") if word in text] == []
    assert text.count(">Mitteilung</td>") == 2


def test_the_page_says_that_all_is_sent(hr, cast, in_state):
    in_state(cast.anna, "sent")

    text = hr.get(PAGE).text

    assert (DONE in text, "Jetzt senden" in text, STANDS_STILL in text) == (True, False, False)


def test_the_page_says_that_nobody_sends(hr, cast, write):
    write(cast.anna)
    at_once = STANDS_STILL in hr.get(PAGE).text
    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(minutes=11))

    assert (at_once, STANDS_STILL in hr.get(PAGE).text) == (False, True)


def test_the_page_says_what_the_mail_server_said_and_when_it_is_asked_again(hr, cast, in_state):
    in_state(cast.anna, "waiting", problem="Der Mailserver ist nicht zu erreichen", claimed_at=timezone.now())
    DBTaskResult.objects.all().delete()
    enqueue_once(deliver, after=timedelta(minutes=15))
    due = timezone.localtime(DBTaskResult.objects.get().run_after)

    text = hr.get(PAGE).text

    assert "Der Mailserver ist nicht zu erreichen" in text
    assert f"Nächster Versuch: {due:%d.%m.%Y, %H:%M} Uhr." in text


def test_the_page_says_whether_there_is_a_mail_server(hr, mail_server, settings):
    with_one = NO_SERVER in hr.get(PAGE).text
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

    assert (with_one, NO_SERVER in hr.get(PAGE).text) == (False, True)


def test_sending_now_takes_up_what_a_dead_worker_has_left(hr, cast, in_state):
    in_state(cast.anna, "sending", claimed_at=timezone.now() - timedelta(minutes=16))
    DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now() - timedelta(minutes=16))

    before = hr.get(PAGE)
    after = hr.post(reverse("letters:send_now"), follow=True)

    assert (shown(before), "Jetzt senden" in before.text) == ([("Anna", "sending")], True)
    assert shown(after) == [("Anna", "uncertain")]
    assert runs_waiting() == 1


def test_sending_now_does_not_wait_for_the_next_attempt(hr, cast, in_state, run_jobs, mailoutbox):
    in_state(cast.anna, "waiting")
    DBTaskResult.objects.update(run_after=timezone.now() + timedelta(hours=1))

    response = hr.post(reverse("letters:send_now"), follow=True)
    run_jobs()

    assert response.redirect_chain == [(PAGE, 302)]
    assert [message.to for message in mailoutbox] == [[cast.anna.email]]


def test_one_letter_is_sent_again_when_hr_says_so(hr, cast, in_state, run_jobs, mailoutbox, states):
    uncertain = in_state(cast.anna, "uncertain", problem="riss ab", attempts=3)
    in_state(cast.bernd, "refused")

    response = hr.post(reverse("letters:send_again"), {"brief": uncertain.pk, "stand": "ungewiss"}, follow=True)
    run_jobs()

    assert response.redirect_chain == [(f"{PAGE}?stand=ungewiss", 302)]
    assert "E-Mails, die noch einmal gesendet werden: 1" in response.text
    assert states() == {"Anna": "sent", "Bernd": "refused"}
    assert [message.to for message in mailoutbox] == [[cast.anna.email]]


def test_all_of_a_list_are_sent_again(hr, cast, in_state, states):
    for somebody in (cast.anna, cast.bernd):
        in_state(somebody, "refused")
    in_state(cast.clara, "uncertain")

    hr.post(reverse("letters:send_again"), {"alle": "", "stand": "abgelehnt"})

    assert states() == {"Anna": "waiting", "Bernd": "waiting", "Clara": "uncertain"}


@pytest.mark.parametrize("state", ["waiting", "sending", "sent", "discarded"])
def test_only_what_is_on_hold_is_sent_again(hr, cast, in_state, states, state):
    letter = in_state(cast.anna, state)

    hr.post(reverse("letters:send_again"), {"brief": letter.pk})

    assert states() == {"Anna": state}


@pytest.mark.parametrize(
    ("state", "after"),
    [
        ("waiting", "discarded"),
        ("uncertain", "discarded"),
        ("refused", "discarded"),
        ("sending", "sending"),
        ("sent", "sent"),
    ],
)
def test_what_is_discarded_is_neither_sent_nor_written_again(
    hr, cast, in_state, states, write, run_jobs, mailoutbox, state, after
):
    letter = in_state(cast.anna, state)

    hr.post(reverse("letters:discard"), {"brief": letter.pk})
    again = write(cast.anna, key=letter.key)
    run_jobs()

    assert (states(), again, mailoutbox) == ({"Anna": after}, 0, [])


def test_that_somebody_was_removed_is_told_whatever_hr_discards(hr, cast, in_state, states):
    """They find it nowhere else: what they had written is gone, and so is the page."""
    letter = in_state(cast.anna, "waiting")
    Letter.objects.update(kind=Letter.Kind.REMOVAL)

    for chosen in ({"brief": letter.pk}, {"alle": "", "stand": "wartend"}):
        hr.post(reverse("letters:discard"), chosen)
    waiting = states(), reverse("letters:discard") in hr.get(reverse("letters:waiting")).text.split("<tbody")[1]
    Letter.objects.update(state=Letter.State.REFUSED)
    hr.post(reverse("letters:discard"), {"brief": letter.pk})

    assert (waiting, states()) == (({"Anna": "waiting"}, False), {"Anna": "discarded"})


@pytest.mark.parametrize(("stand", "state", "told"), [("wartend", "waiting", True), ("abgelehnt", "refused", False)])
def test_who_discards_all_reads_whether_those_removed_from_a_round_hear_of_it(
    hr, cast, in_state, states, stand, state, told
):
    in_state(cast.anna, state, kind="removal")
    said = " ".join(hr.get(PAGE, {"stand": stand}).text.split())

    hr.post(reverse("letters:discard"), {"alle": "", "stand": stand})

    assert ("erfährt es trotzdem" in said, "erfährt es sonst nirgends" in said) == (told, not told)
    assert states() == {"Anna": state if told else "discarded"}


def test_all_that_wait_can_be_discarded_at_once(hr, cast, in_state, states):
    for somebody in (cast.anna, cast.bernd):
        in_state(somebody, "waiting")
    in_state(cast.clara, "refused")

    hr.post(reverse("letters:discard"), {"alle": "", "stand": "wartend"})

    assert states() == {"Anna": "discarded", "Bernd": "discarded", "Clara": "refused"}


@pytest.mark.parametrize(
    "data", [{}, {"alle": ""}, {"alle": "", "stand": "unsinn"}, {"brief": "x"}, {"brief": "²"}, {"brief": "9" * 30}]
)
@pytest.mark.parametrize("action", ["send_again", "discard"])
def test_a_button_that_names_nothing_changes_nothing(hr, cast, in_state, states, action, data):
    in_state(cast.anna, "refused")

    response = hr.post(reverse(f"letters:{action}"), data)

    assert (response.status_code, states()) == (302, {"Anna": "refused"})


def test_number_and_unit_stand_beside_a_name_of_which_there_may_be_two(hr, cast, in_state):
    in_state(cast.anna, "refused")

    assert '<span class="muted">0003 · 10.1 Digitalisierung</span>' in hr.get(PAGE).text


@pytest.mark.parametrize("letters", [3, 60])
def test_page_query_count(hr, cast, mail_server, letters, django_assert_num_queries):
    for n in range(letters):
        Letter.objects.create(person=person(f"P{n}", "Viele"), kind="notice", key="k", path="/", problem="voll")
    enqueue_once(deliver, after=timedelta(minutes=1))

    # session, user; standing, overdue work, last problem, next run, how many, page
    with django_assert_num_queries(8):
        response = hr.get(PAGE)

    assert len(response.context["page"]) == min(letters, 50)


def test_letters_of_a_page_full_are_reached_on_the_next(hr, cast):
    for n in range(51):
        Letter.objects.create(person=cast.anna, kind="notice", key=f"k{n}", path="/", state="refused")

    assert len(hr.get(PAGE, {"seite": 2, "stand": "abgelehnt"}).context["page"]) == 1


# Meine Daten


@pytest.mark.parametrize(
    ("before", "chosen", "after"), [(True, "aus", False), (False, "an", True), (True, "an", True), (False, "", False)]
)
def test_everybody_turns_their_own_mail_off_and_on(as_, cast, before, chosen, after):
    cast.anna.wants_mail = before
    cast.anna.save()

    response = as_(cast.anna).post(reverse("letters:mute"), {"e_mails": chosen})

    assert (response.status_code, response.headers["Location"]) == (302, "/meine-daten/")
    assert [Person.objects.get(pk=who.pk).wants_mail for who in (cast.anna, cast.bernd)] == [after, True]


def test_my_data_offers_what_is_not_so_yet(as_, cast):
    client = as_(cast.anna)
    with_mail = client.get(reverse("my_data")).text
    client.post(reverse("letters:mute"), {"e_mails": "aus"})
    without = client.get(reverse("my_data")).text

    assert ("Keine E-Mails mehr bekommen" in with_mail, "Wieder E-Mails bekommen" in with_mail) == (True, False)
    assert ("Keine E-Mails mehr bekommen" in without, "Wieder E-Mails bekommen" in without) == (False, True)
