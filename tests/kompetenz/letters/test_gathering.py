"""What waits for one person goes out as one message: what is in it, when it goes, and what becomes of it in every mishap."""

from datetime import datetime, time, timedelta

import icalendar
import pytest
from django.utils import timezone
from django.utils.formats import date_format
from django_tasks_db.models import DBTaskResult

from kompetenz import hooks
from kompetenz.documents.calendar import Event, calendar_file
from kompetenz.letters import deciding
from kompetenz.letters.delivering import deliver
from kompetenz.letters.models import Letter
from kompetenz.letters.occasions import Occasion, Said
from kompetenz.letters.writing import write_letters
from kompetenz.people.models import Person
from tests.clock import BERLIN
from tests.kompetenz.letters.test_rhythm import FRIDAY, MONDAY, SATURDAY, a_day

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def monday(settings, clock):
    """An ordinary Monday at ten; letters wait for each other, ten minutes long."""
    settings.LETTERS_A_WEEK, settings.LETTERS_GATHER_MINUTES = 5, 10
    settings.SITE_URL = "https://k.example"
    day = a_day(MONDAY)
    clock.move_to(at(day))
    return day


def at(day, hour=10, minute=0):
    return datetime.combine(day, time(hour, minute), BERLIN)


@pytest.fixture
def world():
    """What is true: the obstacle and the due day of a key, and the calendar file."""
    return {"obstacles": {}, "due": {}}


@pytest.fixture
def write(cast, world):
    """``write(cast.anna, key="a")`` writes a notice whose words are its key."""

    def said(letter):
        return Said(f"Betreff {letter.key}", f"satz {letter.key}.", ("Absatz.",), world["due"].get(letter.key))

    def obstacle(letter):
        return world["obstacles"].get(letter.key, "")

    def to(*people, **fields):
        return write_letters(**{"kind": Letter.Kind.NOTICE, "path": f"/{fields['key']}/", "people": people} | fields)

    with hooks.only("letter_occasions", lambda: [Occasion(".+", obstacle, said=said)]):
        yield to


@pytest.fixture
def work(run_jobs, clock):
    """``work(moment)``: it is then, and the worker does what is due."""

    def until(moment):
        clock.move_to(moment)
        run_jobs()

    return until


def subjects(mailoutbox):
    return [(message.to[0].partition(".")[0], message.subject) for message in mailoutbox]


def test_letters_of_a_few_minutes_are_one_message_that_lists_them(cast, write, work, monday, mailoutbox):
    Person.objects.update(last_login=at(monday))
    write(cast.anna, key="a")
    write(cast.anna, cast.bernd, key="b")
    work(at(monday, 10, 5))
    nothing_yet = list(mailoutbox)

    work(at(monday, 10, 11))

    assert nothing_yet == []
    assert sorted(subjects(mailoutbox)) == [("anna", "Betreff a und 1 weitere"), ("bernd", "Betreff b")]
    [message] = [one for one in mailoutbox if one.to[0].startswith("anna")]
    assert (
        "im Kompetenzrad gibt es 2 Nachrichten für Sie:\n\n"
        "* Betreff a\nSatz a.\nhttps://k.example/a/\n\n"
        "* Betreff b\nSatz b.\nhttps://k.example/b/\n"
    ) in message.body
    html = message.alternatives[0].content
    assert [part in html for part in ("Betreff a", "Satz b.", 'href="https://k.example/b/"', "Absatz.")] == [
        True
    ] * 3 + [False]


def test_what_waits_is_worded_by_whatever_is_due_first(cast, write, work, world, monday, mailoutbox):
    world["due"] = {"b": monday + 9 * DAY, "c": monday + 4 * DAY}
    for key in "abc":
        write(cast.anna, key=key)

    work(at(monday, 11))

    [message] = mailoutbox
    assert message.subject == "Betreff c und 2 weitere"
    assert message.body.index("Betreff c") < message.body.index("Betreff b") < message.body.index("Betreff a")


def test_the_same_words_stand_there_once(cast, write, work, monday, mailoutbox):
    with hooks.only(
        "letter_occasions", lambda: [Occasion(".+", lambda _: "", said=lambda _: Said("Eine Bitte", "bitte."))]
    ):
        for key in "ab":
            write(cast.anna, key=key, path="/")
        work(at(monday, 11))

    [message] = mailoutbox
    assert message.subject == "Eine Bitte"
    assert set(Letter.objects.values_list("state", flat=True)) == {"sent"}


def test_what_is_no_longer_true_falls_out_of_the_message(cast, write, work, world, monday, mailoutbox):
    for key in "abc":
        write(cast.anna, key=key)
    world["obstacles"] = {"a": "Erledigt.", "c": "Erledigt."}

    work(at(monday, 11))

    assert subjects(mailoutbox) == [("anna", "Betreff b")]
    assert dict(Letter.objects.values_list("key", "state")) == {"a": "discarded", "b": "sent", "c": "discarded"}


def test_nothing_is_sent_where_nothing_is_true_any_more(cast, write, work, world, monday, mailoutbox):
    write(cast.anna, key="a")
    world["obstacles"] = {"a": "Erledigt."}

    work(at(monday, 11))

    assert (mailoutbox, Letter.objects.get().state) == ([], "discarded")


def test_the_next_of_a_day_wait_for_the_next_morning_together(cast, write, work, monday, mailoutbox):
    write(cast.anna, key="a")
    work(at(monday, 10, 11))
    for minute, key in ((20, "b"), (50, "c")):
        work(at(monday, 10, minute))
        write(cast.anna, key=key)
    work(at(monday, 23))
    on_monday = subjects(mailoutbox)

    work(at(monday + DAY, 6, 59))
    before_seven = subjects(mailoutbox)
    work(at(monday + DAY, 7, 1))

    assert on_monday == before_seven == [("anna", "Betreff a")]
    assert subjects(mailoutbox)[1:] == [("anna", "Betreff b und 1 weitere")]
    assert DBTaskResult.objects.filter(status="READY").count() == 0


@pytest.mark.parametrize("letters", [2, 30])
def test_what_is_held_back_costs_nothing_until_then(cast, write, work, monday, letters, django_assert_num_queries):
    write(cast.anna, key="a")
    work(at(monday, 10, 11))
    for n in range(letters):
        write(cast.anna, key=f"n{n}")
    work(at(monday, 11))

    # what was left, whether any wait, stand-in and its end, what waits, whether any are left and when, whether a run waits for it
    with django_assert_num_queries(10):
        deliver.call()


def test_invitations_go_at_once_and_alone(cast, write, work, monday, mailoutbox):
    write(cast.anna, key="a")
    write(cast.anna, key="i", kind=Letter.Kind.INVITATION)

    work(at(monday, 10, 1))

    assert subjects(mailoutbox) == [("anna", "Betreff i")]
    assert dict(Letter.objects.values_list("key", "state")) == {"a": "waiting", "i": "sent"}


def test_on_a_sunday_an_invitation_waits_for_monday_and_is_still_alone(cast, write, work, mailoutbox):
    saturday = a_day(SATURDAY)
    work(at(saturday + DAY))
    write(cast.anna, key="a")
    write(cast.anna, key="i", kind=Letter.Kind.INVITATION)
    work(at(saturday + DAY, 23))
    on_sunday = list(mailoutbox)

    work(at(saturday + 2 * DAY, 7, 1))

    assert on_sunday == []
    assert sorted(subjects(mailoutbox)) == [("anna", "Betreff a"), ("anna", "Betreff i")]


def test_invitations_to_one_page_in_the_same_words_are_one_a_day(cast, work, monday, mailoutbox):
    """HR enters the people of a manager one after the other."""

    def said(letter):
        return Said(f"Runde {letter.key[0]}", "schätzen Sie Ihre Leute ein.", ("Worum es geht.",))

    with hooks.only("letter_occasions", lambda: [Occasion(".+", lambda _: "", said=said)]):
        for n in range(9):
            write_letters(kind=Letter.Kind.INVITATION, key=f"1-{n}", path="/team/", people=[cast.bernd])
            work(at(monday, 10, 5 * n))
        on_monday = subjects(mailoutbox)
        write_letters(kind=Letter.Kind.INVITATION, key="2-0", path="/team/", people=[cast.bernd])
        for minute in range(1, 4):
            work(at(monday + DAY, 7, minute))
        on_tuesday = subjects(mailoutbox)[1:]
        work(at(monday + 2 * DAY, 7, 1))

    assert (on_monday, on_tuesday) == ([("bernd", "Runde 1")], [("bernd", "Runde 1")])
    assert subjects(mailoutbox)[2:] == [("bernd", "Runde 2")]
    assert all("Worum es geht." in message.body for message in mailoutbox)


def test_whoever_is_invited_as_two_reads_both_on_that_day(cast, write, work, monday, mailoutbox):
    write(cast.bernd, key="i", kind=Letter.Kind.INVITATION)
    write(cast.bernd, key="j", kind=Letter.Kind.INVITATION)

    work(at(monday, 10, 1))

    assert sorted(subjects(mailoutbox)) == [("bernd", "Betreff i"), ("bernd", "Betreff j")]


def test_invitations_too_are_a_handful_in_seven_days(cast, write, work, monday, mailoutbox):
    for n in range(8):
        write(cast.bernd, key=f"i{n}", kind=Letter.Kind.INVITATION)
    work(at(monday, 11))
    write(cast.bernd, key="a")
    for n in range(1, 7):
        work(at(monday + n * DAY, 8))
    in_a_week = len(mailoutbox)

    work(at(monday + 7 * DAY, 8))

    assert (in_a_week, len(mailoutbox)) == (5, 9)


def test_no_week_full_of_other_letters_keeps_an_invitation_waiting(cast, write, work, monday, mailoutbox):
    """One that could not be sent at once would else come after all reminders."""
    for n in range(5):
        clock_at = at(monday + n * DAY)
        work(clock_at)
        write(cast.anna, key=f"n{n}")
        work(clock_at + timedelta(hours=1))
    write(cast.anna, key="i", kind=Letter.Kind.INVITATION)

    work(at(monday + 4 * DAY, 12))

    assert (len(mailoutbox), mailoutbox[-1].subject) == (6, "Betreff i")


def test_what_hr_knows_nothing_of_goes_by_itself_once_in_seven_days_and_else_with_others(
    cast, write, work, monday, mailoutbox
):
    for n in range(5):
        work(at(monday + n * DAY, 8))
        write(cast.anna, key=f"g{n}", kind=Letter.Kind.ASKED)
        work(at(monday + n * DAY, 9))
    by_itself = subjects(mailoutbox)
    write(cast.anna, key="a")

    work(at(monday + 4 * DAY, 10))

    assert by_itself == [("anna", "Betreff g0")]
    assert [subject for _, subject in subjects(mailoutbox)[1:]] == ["Betreff g1 und 4 weitere"]


def test_an_invitation_keeps_nothing_else_of_that_day(cast, write, work, monday, mailoutbox):
    write(cast.anna, key="i", kind=Letter.Kind.INVITATION)
    work(at(monday, 10, 1))
    write(cast.anna, key="a")

    work(at(monday, 10, 20))

    assert subjects(mailoutbox) == [("anna", "Betreff i"), ("anna", "Betreff a")]


def test_at_weekends_all_else_waits_for_monday(cast, write, work, world, mailoutbox):
    saturday = a_day(SATURDAY)
    world["due"] = {"a": saturday + 2 * DAY}
    work(at(saturday))
    write(cast.anna, key="a")
    for hours in (1, 12, 24, 36, 44):
        work(at(saturday) + timedelta(hours=hours))
    at_the_weekend = list(mailoutbox)

    work(at(saturday + 2 * DAY, 7, 1))

    assert at_the_weekend == []
    assert subjects(mailoutbox) == [("anna", "Betreff a")]


def test_what_is_due_is_said_before_also_as_the_second_of_a_day(cast, write, work, world, mailoutbox):
    friday = a_day(FRIDAY)
    work(at(friday, 7))
    write(cast.anna, key="a")
    work(at(friday, 8))
    world["due"] = {"b": friday + 2 * DAY}
    write(cast.anna, key="b")
    write(cast.anna, key="c")

    work(at(friday, 9))

    assert subjects(mailoutbox)[1:] == [("anna", "Betreff b und 1 weitere")]


def test_nobody_gets_more_than_a_handful_in_seven_days(cast, write, work, monday, mailoutbox, settings):
    settings.LETTERS_A_WEEK = 3
    for n in range(12):
        work(at(monday + n * DAY, 6))
        write(cast.anna, key=f"n{n}")
        work(at(monday + n * DAY, 8))

    days = [
        timezone.localtime(one).date()
        for one in sorted(set(Letter.objects.filter(state="sent").values_list("claimed_at", flat=True)))
    ]
    assert max(sum(monday_ <= day < monday_ + 7 * DAY for day in days) for monday_ in days) == 3
    assert all(day.weekday() < 5 for day in days)
    assert subjects(mailoutbox)[3] == ("anna", "Betreff n3 und 4 weitere")  # Monday: from Thursday to Monday


def test_two_workers_do_not_take_a_persons_letters_apart(cast, write, monday):
    write(cast.anna, key="a")
    write(cast.anna, key="b")
    first, second = Letter.objects.order_by("pk")

    assert Letter.claim([first])
    assert not Letter.claim([first, second])
    assert list(Letter.objects.order_by("pk").values_list("state", "attempts")) == [("sending", 1), ("waiting", 0)]


def test_a_message_whose_worker_died_is_uncertain_as_a_whole_and_hr_sends_it_again(
    cast, write, work, clock, monday, mailoutbox
):
    for key in "ab":
        write(cast.anna, key=key)
    write(cast.anna, key="c", kind=Letter.Kind.ASKED)
    letters = list(Letter.objects.all())
    assert Letter.claim(letters)
    work(at(monday, 12))
    deliver.enqueue()
    work(at(monday, 12, 1))
    after_the_kill = set(Letter.objects.values_list("state", flat=True)), list(mailoutbox)

    again = deciding.send_again(letters=Letter.objects.administered_by(cast.paula))
    work(at(monday + DAY, 10))

    assert after_the_kill == ({"uncertain"}, [])
    assert again == 2
    assert subjects(mailoutbox) == [("anna", "Betreff a und 2 weitere")]  # what HR does not see went with it
    assert set(Letter.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_what_hr_knows_nothing_of_keeps_nothing_else_waiting(cast, write, work, monday, mailoutbox):
    """That another letter waits would tell HR that there was one more."""
    write(cast.anna, key="g", kind=Letter.Kind.ASKED)
    work(at(monday, 11))
    write(cast.anna, key="a")

    work(at(monday, 12))

    assert subjects(mailoutbox) == [("anna", "Betreff g"), ("anna", "Betreff a")]


def test_a_message_that_the_server_refuses_is_refused_as_a_whole(cast, write, work, monday, mail_server, states):
    mail_server.about[cast.anna.email] = "550 5.1.1 User unknown"
    for key in "ab":
        write(cast.anna, key=key)

    work(at(monday, 11))

    assert set(Letter.objects.values_list("state", "problem")) == {
        ("refused", "Der Mailserver nimmt die E-Mail nicht an: 550 5.1.1 User unknown")
    }


def test_what_the_server_postpones_is_tried_again_with_what_has_come_since(cast, write, work, monday, mail_server):
    mail_server.about[cast.anna.email] = "450 greylisted"
    write(cast.anna, key="a")
    work(at(monday, 11))
    write(cast.anna, key="b")
    mail_server.about.clear()

    work(at(monday, 11, 30))

    [message] = mail_server.messages()
    assert message["Subject"] == "Betreff a und 1 weitere"


def test_a_handful_of_nought_sends_each_by_itself_and_at_once(cast, write, work, settings, monday, mailoutbox):
    settings.LETTERS_A_WEEK = 0
    for key in "ab":
        write(cast.anna, key=key)

    work(at(a_day(SATURDAY)))

    assert subjects(mailoutbox) == [("anna", "Betreff a"), ("anna", "Betreff b")]


def file(key, day, *, is_off=False):
    event = Event(key=key, title="Termin", path="/", since=at(day), start=at(day))
    return calendar_file([event], site="https://k.example", now=timezone.now(), is_off=is_off).decode()


def test_calendar_files_of_a_message_are_one_that_enters_and_one_that_takes_out(cast, write, work, monday, mailoutbox):
    day = monday + 9 * DAY
    for key, kind, calendar in (
        ("a", "talk", file("eins", day)), ("b", "review", file("zwei", day)),
        ("c", "notice", file("drei", day, is_off=True)), ("d", "notice", file("zwei", day, is_off=True)),
    ):  # fmt: skip
        write(cast.anna, key=key, kind=kind, calendar=calendar)

    work(at(monday, 11))

    [message] = mailoutbox
    found = {
        name: [str(event["uid"])[:4] for event in icalendar.Calendar.from_ical(content).walk("VEVENT")]
        for name, content, _ in message.attachments
    }
    assert found == {"Termin-1.ics": ["eins"], "Termin-2.ics": ["zwei", "drei"]}
    assert [kind for _, _, kind in message.attachments] == [
        "text/calendar; method=PUBLISH",
        "text/calendar; method=CANCEL",
    ]
    assert "Der Termin hängt als Kalenderdatei an." in message.body
    assert "nimmt, was entfällt, aus Ihrem Kalender" in message.body


@pytest.mark.parametrize(
    ("hours", "tells"), [(5, 0), (22, 0), (24, 1)], ids=["today", "early tomorrow", "tomorrow at ten"]
)
def test_a_date_that_is_off_is_named_and_said_in_time_but_not_sooner_than_in_the_next_message(
    cast, write, work, monday, mailoutbox, hours, tells
):
    moment = at(monday) + timedelta(hours=hours)
    write(cast.anna, key="a")
    work(at(monday, 10, 11))
    event = Event(key="eins", title="Termin", path="/", since=moment, start=moment)
    file = calendar_file([event], site="https://k.example", now=timezone.now(), is_off=True).decode()
    write(cast.anna, key="b", calendar=file)

    for later in (at(monday, 11), at(monday + DAY, 7, 1)):
        work(later)
        if len(mailoutbox) == 2:
            break

    assert subjects(mailoutbox)[1] == ("anna", f"Termin am {german(moment.date())} entfällt")
    assert (timezone.localdate(timezone.now()) - monday).days == tells


def german(day):
    return date_format(day)
