"""Letters that the day writes: appointments, requests, distributions, people without a manager; once, and as long as they are true."""

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from assessments.answering import saving
from assessments.models import Assessment, Participation, PeerNomination, PeerTally, Round
from assessments.rounds import running
from assessments.rounds.closing import close_round
from assessments.rounds.deadlines import FIELDS, move_deadlines
from assessments.talk import recording
from assessments.telling import reminders
from assessments.telling.open_steps import remind_of_deadlines, stage_of
from kompetenz.letters.models import Letter
from kompetenz.letters.occasions import obstacle_to, said_in
from kompetenz.people.models import Person
from tests.clock import BERLIN, TODAY, in_days
from tests.conftest import person
from tests.kompetenz.letters.test_rhythm import FRIDAY, MONDAY, a_day

DAY = timedelta(days=1)


@pytest.fixture
def quiet(stage):
    """A running round whose invitations are gone already."""
    Letter.objects.all().delete()
    return stage


def waiting():
    """(first name, subject) of every letter that still holds."""
    return sorted((one.person.first_name, said_in(one).subject) for one in Letter.objects.all() if not obstacle_to(one))


def german(day):
    return date_format(day)


def arrange(stage, day):
    at = datetime.combine(day, time(11), BERLIN)
    Participation.objects.filter(pk=stage.participation.pk).update(talk_at=at, talk_place="Raum 1")
    return at


# --- on days on which somebody reads it -----------------------------------------------------------------------


def test_reminders_come_on_the_last_office_day_before_and_the_first_after(settings):
    settings.LETTERS_A_WEEK, settings.REMINDER_DAYS = 5, [1]
    monday = a_day(MONDAY)
    due, since = monday + 7 * DAY, monday - 43 * DAY
    stages = {n: stage_of(since, due, due + n * DAY) for n in (-4, -3, -2, -1, 0, 1)}
    friday = a_day(FRIDAY)
    after = {n: stage_of(since, friday, friday + n * DAY) for n in (0, 1, 2, 3)}

    assert stages == {-4: "halb", -3: "1-tage", -2: "1-tage", -1: "1-tage", 0: "1-tage", 1: "danach"}
    assert after == {0: "1-tage", 1: "1-tage", 2: "1-tage", 3: "danach"}


def test_a_reminder_before_the_deadline_is_not_sent_after_it(quiet, clock):
    remind_of_deadlines(quiet.round.self_due - DAY)
    letter = Letter.objects.get(person=quiet.cast.anna)
    before = obstacle_to(letter)
    clock.move_to(datetime.combine(quiet.round.self_due + DAY, time(8), BERLIN))

    assert (before, obstacle_to(letter)) == ("", "Die Frist ist vorbei; daran erinnert eine eigene E-Mail.")


# --- appointments ----------------------------------------------------------------------------------------------


def test_both_are_reminded_of_their_talk_the_day_before_and_once(quiet):
    quiet.release_both()
    Letter.objects.all().delete()
    day = in_days(5)
    arrange(quiet, day)
    for today in (TODAY, in_days(3), in_days(4), in_days(4)):
        reminders.remind_of_talks(today)

    assert waiting() == [
        ("Anna", f"Gespräch mit Bernd Şahin-Žižek am {german(day)} um 11:00 Uhr"),
        ("Bernd", f"Gespräch mit Anna Ärmel am {german(day)} um 11:00 Uhr"),
    ]
    assert said_in(Letter.objects.first()).due == day


def test_a_round_that_lets_calendars_name_nobody_has_letters_that_do_not(quiet):
    Round.objects.update(calendar_tells="date")
    quiet.release_both()
    Letter.objects.all().delete()
    arrange(quiet, in_days(1))
    reminders.remind_of_talks(TODAY)

    assert {subject for _, subject in waiting()} == {f"Gespräch am {german(in_days(1))} um 11:00 Uhr"}
    assert not any("Anna" in said_in(one).sentence for one in Letter.objects.filter(person=quiet.cast.bernd))


def test_a_talk_that_is_moved_off_or_held_is_reminded_of_no_more(quiet):
    quiet.release_both()
    Letter.objects.all().delete()
    arrange(quiet, in_days(1))
    reminders.remind_of_talks(TODAY)
    before = len(waiting())
    arrange(quiet, in_days(2))

    assert (before, waiting()) == (2, [])


def test_of_a_monday_people_hear_on_friday(quiet, settings, clock):
    settings.LETTERS_A_WEEK = 5
    friday = a_day(FRIDAY)
    quiet.release_both()
    Letter.objects.all().delete()
    clock.move_to(datetime.combine(friday, time(6), BERLIN))
    arrange(quiet, friday + 3 * DAY)

    assert reminders.remind_of_talks(friday - DAY) is None
    assert reminders.remind_of_talks(friday) == "Hinweise auf Gespräche geschrieben: 2."


def test_whoever_has_a_date_is_not_reminded_to_talk(quiet):
    quiet.release_both()
    Letter.objects.all().delete()
    due = quiet.round.talk_due
    arrange(quiet, due)
    remind_of_deadlines(due - DAY)
    of_talks = Letter.objects.filter(key__contains="-gespraech-")
    with_a_date = of_talks.count()
    Participation.objects.update(talk_at=None)
    remind_of_deadlines(due - DAY)

    assert (with_a_date, [one.person for one in of_talks]) == (0, [quiet.cast.bernd])


# --- colleagues ------------------------------------------------------------------------------------------------


@pytest.fixture
def asked(quiet):
    """Dora and frieda were asked some time ago, and have until in nine days."""
    Round.objects.update(has_peers=True, peer_due=in_days(9))
    for colleague in (quiet.cast.dora, quiet.cast.fremd):
        quiet.participation.assessments.create(kind=Assessment.Kind.PEER, rater=colleague)
        PeerNomination.objects.create(participation=quiet.participation, peer=colleague)
    return quiet


def test_colleagues_are_reminded_before_their_deadline_without_a_name(asked, settings):
    settings.REMINDER_DAYS = [7, 1]
    for n in range(11):
        reminders.remind_of_requests(in_days(n))

    assert waiting() == sorted(
        (name, f"Runde 2026: Einschätzung aus dem Kollegium, bis {german(in_days(9))}")
        for name in ("Dora", "Frieda") * 2
    )
    assert set(Letter.objects.values_list("kind", "path")) == {("peer", "/")}
    assert not any("Anna" in said_in(one).sentence for one in Letter.objects.all())


def test_whoever_has_answered_or_was_just_asked_is_not_reminded(asked):
    Assessment.objects.filter(rater=asked.cast.dora).delete()
    key = f"round-{asked.round.pk}-peer-1"
    Letter.objects.create(person=asked.cast.fremd, kind="peer", path="/", key=key, written_at=timezone.now())

    assert reminders.remind_of_requests(in_days(8)) is None


def given(participation, levels):
    """Answers for the first competency: how many gave each level."""
    competency = participation.round.catalogue.competencies[0].id
    for level, count in levels.items():
        PeerTally.objects.create(participation=participation, competency_id=competency, level=level, count=count)


def test_both_are_told_when_the_distribution_can_be_read_and_once(quiet):
    quiet.release_both()
    Letter.objects.all().delete()
    Round.objects.update(has_peers=True, peer_due=in_days(-1))
    given(quiet.participation, {1: 3, 2: 3})
    for _ in range(2):
        reminders.tell_of_distributions(TODAY)

    assert waiting() == [
        ("Anna", "Runde 2026: Einschätzungen aus dem Kollegium sind zu sehen"),
        ("Bernd", "Runde 2026: Einschätzungen aus dem Kollegium sind zu sehen: Anna Ärmel"),
    ]


@pytest.mark.parametrize("what", ["too few", "before the deadline", "one has not released", "a colleague before"])
def test_nobody_is_told_of_a_distribution_that_they_may_not_read(quiet, what):
    if what == "one has not released":
        quiet.release(quiet.own)
    else:
        quiet.release_both()
    Letter.objects.all().delete()
    Round.objects.update(has_peers=True, peer_due=TODAY if what == "before the deadline" else in_days(-1))
    given(quiet.participation, {1: 1, 2: 1} if what == "too few" else {1: 3, 2: 3})
    if what == "a colleague before":
        PeerNomination.objects.create(participation=quiet.participation, peer=quiet.cast.bernd, answered=True)
    reminders.tell_of_distributions(TODAY)

    assert [name for name, _ in waiting()] == (["Anna"] if what == "a colleague before" else [])


# --- HR, and the end -------------------------------------------------------------------------------------------


def test_hr_is_told_of_people_without_a_manager_once_a_week(quiet):
    Person.objects.filter(pk=quiet.cast.anna.pk).update(manager=None)
    Letter.objects.all().delete()
    monday = TODAY - TODAY.weekday() * DAY
    for n in range(7):
        reminders.tell_of_people_without_manager(monday + n * DAY)
    a_week = waiting()
    reminders.tell_of_people_without_manager(monday + 7 * DAY)

    until = date_format(Round.objects.get().manager_due)
    assert a_week == [("Paula", f"Runde 2026: eine Person ohne Führungskraft, Fremdeinschätzung bis {until}")]
    assert len(waiting()) == 2
    Person.objects.filter(pk=quiet.cast.anna.pk).update(manager=quiet.cast.bernd)
    assert waiting() == []


def test_at_the_end_of_a_round_whoever_has_begun_and_not_released_is_told(quiet):
    quiet.answer(quiet.own)
    dora = Participation.objects.get(round=quiet.round, person=quiet.cast.dora)
    other = dora.assessments.get(kind=Assessment.Kind.MANAGER)
    saving.save_answers(pk=other.pk, by=quiet.cast.bernd, levels=quiet.levels(1))
    Letter.objects.all().delete()
    close_round(round_=quiet.round)

    assert waiting() == [
        ("Anna", "Runde 2026: Beendet mit offenem Entwurf"),
        ("Bernd", "Runde 2026: Beendet mit offenen Entwürfen"),
    ]


@pytest.mark.parametrize(
    ("is_declined", "subject"),
    [(False, "Gesprächsergebnis zur Kenntnis genommen: Anna Ärmel"), (True, "Gesprächsergebnis abgelehnt: Anna Ärmel")],
)
def test_a_manager_reads_whether_the_record_is_declined(quiet, is_declined, subject):
    quiet.release_both().record()
    Letter.objects.all().delete()
    statement = "So war es nicht." if is_declined else ""
    recording.acknowledge(talk=quiet.participation.talk, by=quiet.cast.anna, declined=is_declined, statement=statement)

    assert waiting() == [("Bernd", f"Runde 2026: {subject}")]
    assert "So war es nicht" not in said_in(Letter.objects.get()).sentence


# --- how much it costs -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("colleagues", [1, 30])
def test_reminding_colleagues_costs_the_same_for_many(asked, colleagues, django_assert_num_queries):
    for n in range(colleagues):
        colleague = person(f"K{n}", "Viele")
        asked.participation.assessments.create(kind=Assessment.Kind.PEER, rater=colleague)
    # rounds; of the one: savepoint, people, written already, insert, the waiting task and its savepoint, release
    with django_assert_num_queries(9):
        reminders.remind_of_requests(in_days(8))


# Other days -----------------------------------------------------------------------------------------


CHANGED = "Runde 2026: Ihre Fristen haben sich geändert, Selbsteinschätzung bis {}"
TEAM_CHANGED = "Runde 2026: Fristen haben sich geändert, Fremdeinschätzung bis {}"


@pytest.mark.parametrize(
    ("dues", "told"),
    [
        ({"self_due": 5}, [("Anna", CHANGED)]),
        ({"self_due": 20}, [("Anna", CHANGED)]),
        ({"self_due": 14}, []),  # as before
        ({"manager_due": 10}, [("Bernd", TEAM_CHANGED)]),
        ({"talk_due": 50}, []),  # not their next step yet
    ],
)
def test_whose_next_step_ends_on_another_day_is_told_earlier_or_later(quiet, dues, told):
    (days,) = dues.values()
    dues = {field: in_days(days) for field in dues}

    running.set_deadlines(round_=quiet.round, participations=[quiet.participation], **dues)

    assert waiting() == [(name, subject.format(date_format(in_days(days)))) for name, subject in told]


def test_what_says_so_names_the_next_step_and_its_day(quiet):
    running.set_deadlines(round_=quiet.round, participations=[quiet.participation], self_due=in_days(20))

    said = said_in(Letter.objects.get())

    assert said.sentence == "in der Runde „Runde 2026“ gelten für Sie andere Fristen als bisher."
    assert said.more[0] == f"Als Nächstes: Ihre Selbsteinschätzung, bis {date_format(in_days(20))}."


def test_nobody_who_rests_or_is_done_is_told_of_other_days(quiet):
    quiet.release(quiet.own)
    Letter.objects.all().delete()
    Participation.objects.filter(person=quiet.cast.dora).update(paused_on=TODAY)

    rows = Participation.objects.filter(round=quiet.round)
    running.set_deadlines(round_=quiet.round, participations=rows, self_due=in_days(20))

    assert waiting() == []


def test_moved_for_the_whole_round_it_is_told_by_a_worker_and_not_to_whom_it_does_not_move(quiet, run_jobs):
    running.set_deadlines(round_=quiet.round, participations=[quiet.participation], self_due=in_days(30))
    Letter.objects.all().delete()
    round_ = Round.objects.get(pk=quiet.round.pk)
    was = {field: getattr(round_, field) for field in FIELDS}
    round_.self_due = in_days(21)
    move_deadlines(round_=round_, before=was)
    before = Letter.objects.count()

    run_jobs()

    told = [(one.person.first_name, said_in(one).subject) for one in Letter.objects.select_related("person")]
    assert (before, told) == (0, [("Dora", CHANGED.format(date_format(in_days(21))))])


def test_who_has_rested_is_told_that_it_goes_on_and_the_manager_once_for_all(quiet):
    rows = list(Participation.objects.filter(round=quiet.round))
    running.pause(round_=quiet.round, participations=rows)
    Letter.objects.all().delete()

    running.resume(round_=quiet.round, participations=rows)
    running.resume(round_=quiet.round, participations=rows)

    round_ = Round.objects.get(pk=quiet.round.pk)
    own, theirs = date_format(round_.self_due), date_format(round_.manager_due)
    assert waiting() == [
        ("Anna", f"Runde 2026: Ihre Teilnahme geht weiter, Selbsteinschätzung bis {own}"),
        ("Bernd", f"Runde 2026: Eine Teilnahme geht weiter, Fremdeinschätzung bis {theirs}"),
        ("Dora", f"Runde 2026: Ihre Teilnahme geht weiter, Selbsteinschätzung bis {own}"),
    ]


def test_whose_answer_is_missing_is_reminded_before_the_last_day_of_the_talk(quiet, clock, settings):
    settings.LETTERS_A_WEEK = 0
    quiet.release_both().record()
    Letter.objects.all().delete()
    clock.shift(timedelta(days=35))

    remind_of_deadlines(in_days(35))

    subject = f"Runde 2026: Antwort auf das Gesprächsergebnis, bis {date_format(quiet.round.talk_due)}"
    assert [row for row in waiting() if row[0] == "Anna"] == [("Anna", subject)]
    quiet.confirm()
    assert [name for name, _ in waiting() if name == "Anna"] == []
