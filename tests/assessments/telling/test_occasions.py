"""A round's letters are held back when what they say is no longer so, or no longer this person's concern."""

import re
from datetime import timedelta

import icalendar
import pytest
from django.utils import timezone

from assessments.answering import paper_entry, saving
from assessments.changes import declining
from assessments.changes.handing_over import hand_over
from assessments.models import Participation
from assessments.peers import asking
from assessments.rounds import running
from assessments.rounds.closing import close_round
from assessments.talk import recording
from assessments.talk.appointment import set_talk_date
from assessments.telling import open_steps
from kompetenz.letters.models import Letter
from kompetenz.letters.occasions import obstacle_to
from kompetenz.letters.tidying import delete_old_letters
from kompetenz.people.deputies.naming import end_deputy, name_deputy
from kompetenz.people.models import Deputy, Person
from tests.clock import NOW, TODAY, in_days
from tests.conftest import Stage
from tests.thorough import some


@pytest.fixture
def quiet(stage):
    Letter.objects.all().delete()
    return stage


def waiting():
    """(first name, reason not to send it or "") of all letters that wait, by name."""
    found = Letter.objects.waiting().select_related("person").order_by("person__first_name", "pk")
    return [(letter.person.first_name, obstacle_to(letter)) for letter in found]


def remind_of_the_last_day(stage):
    open_steps.remind_of_deadlines(stage.round.self_due - timedelta(days=1))


def test_what_is_true_is_sent_and_costs_few_queries(quiet, run_jobs, mailoutbox, django_assert_max_num_queries):
    remind_of_the_last_day(quiet)
    assert waiting() == [("Anna", ""), ("Bernd", ""), ("Dora", "")]
    letter = Letter.objects.select_related("person").get(person=quiet.cast.bernd)

    with django_assert_max_num_queries(2):
        obstacle_to(letter)

    run_jobs()
    assert len(mailoutbox) == 3


def test_a_reminder_of_what_is_done_meanwhile_is_dropped(quiet, run_jobs, mailoutbox):
    remind_of_the_last_day(quiet)
    quiet.release(quiet.own)
    Letter.objects.filter(kind="release").delete()

    assert waiting() == [("Anna", "Das ist inzwischen erledigt."), ("Bernd", ""), ("Dora", "")]

    run_jobs()
    assert sorted(message.to for message in mailoutbox) == [[quiet.cast.bernd.email], [quiet.cast.dora.email]]


CHANGES = {
    "removed": (
        lambda stage: running.remove(round_=stage.round, participations=[stage.participation]),
        "Die Teilnahme gibt es nicht mehr.",
    ),
    "rests": (
        lambda stage: running.pause(round_=stage.round, participations=[stage.participation]),
        "Die Teilnahme ruht, oder die Person arbeitet nicht mehr hier.",
    ),
    "more time": (
        lambda stage: running.extend_deadlines(
            round_=stage.round, participations=[stage.participation], self_due=in_days(20)
        ),
        "Das ist inzwischen erledigt.",
    ),
    "ended": (lambda stage: close_round(round_=stage.round), "Die Runde ist beendet."),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_reminder_is_dropped_once_it_is_not_true(quiet, name):
    change, reason = CHANGES[name]
    remind_of_the_last_day(quiet)

    change(quiet)

    mine = Letter.objects.get(person=quiet.cast.anna, kind="reminder")
    if name == "removed":  # of another participant in the round there is still one
        reason = "Inzwischen ist jemand anderes zuständig."
    assert obstacle_to(mine) == reason


def test_a_manager_with_others_who_are_late_is_still_reminded(quiet):
    remind_of_the_last_day(quiet)
    running.pause(round_=quiet.round, participations=[quiet.participation])

    assert obstacle_to(Letter.objects.get(person=quiet.cast.bernd)) == ""

    Participation.objects.update(paused_on=TODAY)
    assert "ruht" in obstacle_to(Letter.objects.get(person=quiet.cast.bernd))


def test_a_former_manager_and_an_ended_deputy_get_nothing(quiet):
    cast = quiet.cast
    name_deputy(manager=cast.bernd, person=cast.fremd, people=[cast.anna], since=TODAY, until=in_days(3), by=cast.paula)
    remind_of_the_last_day(quiet)
    assert dict(waiting())["Frieda"] == ""

    end_deputy(deputy=Deputy.objects.get(), by=cast.bernd)
    assert dict(waiting())["Frieda"] == "Inzwischen ist jemand anderes zuständig."

    Person.objects.filter(manager=cast.bernd).update(manager=cast.clara)
    assert dict(waiting())["Bernd"] == "Inzwischen ist jemand anderes zuständig."


def test_a_deputys_letter_ends_with_their_last_day(quiet, clock):
    cast = quiet.cast
    name_deputy(manager=cast.bernd, person=cast.fremd, people=[cast.anna], since=TODAY, until=TODAY, by=cast.paula)
    remind_of_the_last_day(quiet)
    before = dict(waiting())["Frieda"]

    clock.shift(timedelta(days=1))

    assert (before, dict(waiting())["Frieda"]) == ("", "Inzwischen ist jemand anderes zuständig.")


def test_of_who_has_left_nobody_hears_anything(quiet):
    remind_of_the_last_day(quiet)
    Person.objects.filter(pk__in=[quiet.cast.anna.pk, quiet.cast.dora.pk]).update(leaving_date=in_days(-1))

    assert "arbeitet nicht mehr hier" in dict(waiting())["Bernd"]

    Letter.objects.all().delete()
    assert open_steps.remind_of_deadlines(quiet.round.manager_due - timedelta(days=1)) is None
    assert open_steps.remind(participations=quiet.round.participations.all(), by=quiet.cast.paula) == 0


@pytest.mark.parametrize(("leaves", "reminded"), [(-1, False), (0, True)])
def test_the_last_day_of_work_still_counts(quiet, leaves, reminded):
    Participation.objects.exclude(pk=quiet.participation.pk).delete()
    Person.objects.filter(pk=quiet.cast.anna.pk).update(leaving_date=in_days(leaves))

    open_steps.remind_of_deadlines(quiet.round.manager_due - timedelta(days=1))

    assert Letter.objects.filter(person=quiet.cast.bernd).exists() is reminded


def test_a_release_is_told_again_where_nobody_was_told_of_the_first(cast):
    stage = Stage(cast, disclosure="each", hides_target=False)
    stage.release(stage.own)
    saving.take_back(pk=stage.own.pk, by=cast.anna)
    Letter.objects.filter(kind="release").update(state=Letter.State.DISCARDED)

    saving.release(pk=stage.own.pk, by=cast.anna)

    told = Letter.objects.filter(kind="release", state="waiting").select_related("person")
    assert [(one.person, obstacle_to(one)) for one in told] == [(cast.bernd, "")]


@pytest.mark.parametrize("days", [0, 1])
def test_who_takes_part_again_and_releases_is_told_of_again(quiet, clock, days):
    quiet.release_both()
    Letter.objects.filter(kind="release").update(state="sent", sent_on=TODAY, claimed_at=timezone.now())
    clock.shift(timedelta(days=days))
    declining.decline(participation=quiet.participation)
    declining.ask_back(participation=quiet.participation)
    declining.take_in_again(participation=Participation.objects.get(pk=quiet.participation.pk))
    quiet._again().release_both()

    told = Letter.objects.filter(kind="release", state="waiting").select_related("person")
    assert [(one.person, obstacle_to(one)) for one in told] == [(quiet.cast.anna, "")]  # the second side was bernd's


def test_a_release_that_was_taken_back_is_not_told(cast):
    stage = Stage(cast, disclosure="each", hides_target=False)
    stage.release(stage.own)
    letter = Letter.objects.get(kind="release")
    before = obstacle_to(letter)

    saving.take_back(pk=stage.own.pk, by=cast.anna)

    assert (before, obstacle_to(letter)) == ("", "Die Freigabe ist zurückgenommen.")


def test_a_record_that_was_answered_is_not_told(quiet):
    quiet.release_both().record()
    letter = Letter.objects.get(kind="notice", person=quiet.cast.anna)
    before = obstacle_to(letter)

    quiet.confirm()

    assert (before, obstacle_to(letter)) == ("", "Das ist inzwischen erledigt.")


def test_a_record_that_was_corrected_is_not_told_to_have_come_back(quiet):
    talk = quiet.release_both().record().participation.talk
    recording.send_back(talk=talk, by=quiet.cast.anna, reason="Bitte prüfen.")
    letter = Letter.objects.get(person=quiet.cast.bernd, key__contains="returned")
    before = obstacle_to(letter)
    competency = quiet.competencies[0].id
    talk.refresh_from_db()
    recording.agree_levels(talk=talk, levels={competency: 3}, reasons={})

    recording.record_talk(talk=talk, by=quiet.cast.bernd)

    assert (before, obstacle_to(letter)) == ("", "Das ist inzwischen erledigt.")


def test_who_declines_again_is_not_invited_again(cast):
    stage = Stage(cast, is_voluntary=True)
    declining.decline(participation=stage.participation)
    declining.ask_back(participation=stage.participation)
    declining.take_in_again(participation=stage.participation)
    letters = Letter.objects.filter(key__contains="-again-").order_by("person__first_name")
    before = [(letter.person.first_name, obstacle_to(letter)) for letter in letters]

    declining.decline(participation=stage.participation)

    assert before == [("Anna", ""), ("Bernd", "")]
    assert [bool(obstacle_to(letter)) for letter in letters] == [True, True]


def test_a_colleague_who_has_declined_is_not_written_to(cast):
    stage = Stage(cast, has_peers=True, peer_due=in_days(10))
    asking.nominate(participation=stage.participation, colleague=cast.fremd)
    letter = Letter.objects.get(kind="peer")
    before = obstacle_to(letter)

    asking.decline(pk=stage.participation.assessments.get(kind="peer").pk, by=cast.fremd)

    assert (before, obstacle_to(letter)) == ("", "Das ist inzwischen erledigt.")


def test_who_was_handed_on_hears_of_it_and_the_one_before_does_not(quiet):
    cast = quiet.cast
    Person.objects.filter(manager=cast.bernd).update(manager=cast.clara)
    hand_over(participations=list(quiet.round.participations.all()), by=cast.paula)

    assert dict(waiting()) == {"Anna": "", "Clara": "", "Dora": ""}

    Person.objects.filter(pk__in=[cast.anna.pk, cast.dora.pk]).update(manager=cast.bernd)
    assert dict(waiting())["Clara"] == "Inzwischen ist jemand anderes zuständig."


# Steps open when they open ------------------------------------------------------------------------


def reminders_on(day):
    Letter.objects.all().delete()
    open_steps.remind_of_deadlines(day)
    return sorted(Letter.objects.values_list("person__first_name", "key"))


def kinds_on(day):
    return sorted({key.split("-", 3)[2] + key.split("-", 3)[3][8:] for _, key in reminders_on(day)})


@pytest.fixture
def long(cast):
    """A round whose plan is due in 250 days, with anna alone in it."""
    stage = Stage(cast, plan_due=in_days(250), talk_due=in_days(60))
    Participation.objects.exclude(pk=stage.participation.pk).delete()
    return stage


def test_the_half_of_a_step_counts_from_the_day_it_opened(long, clock):
    clock.shift(timedelta(days=48))
    long.release_both().talk()
    recording.record_talk(talk=long.participation.talk, by=long.cast.bernd)

    half = 48 + (250 - 48) // 2
    told = range(half, half + 30)  # the letter is written on the first of these days, once
    edges = [day + one for day in (told.start, told.stop) for one in (-2, -1, 0, 1)]
    tried = some(range(49, 251), 49, *edges, 200, 250)

    assert [day for day in tried if "lernplan-halb-person" in kinds_on(in_days(day))] == [
        day for day in tried if day in told
    ]


def test_in_a_long_phase_the_half_comes_once_though_its_letter_is_deleted(long, clock):
    long.release_both().talk()
    recording.record_talk(talk=long.participation.talk, by=long.cast.bernd)
    Letter.objects.all().delete()
    written = []
    # In a quick run the days on which it is written, would be written again, and after those after which it is deleted.
    for day in some(range(1, 250), 1, 60, *range(123, 129), *range(152, 157), *range(212, 219), 249):
        clock.move_to(NOW + timedelta(days=day))
        open_steps.remind_of_deadlines(in_days(day))
        new = Letter.objects.waiting().filter(key__contains="-lernplan-", person=long.cast.anna)
        new = new.filter(key__contains="-halb-")
        written += [day] * new.count()
        Letter.objects.waiting().update(state="sent", sent_on=in_days(day), claimed_at=timezone.now())
        delete_old_letters(in_days(day))

    assert written == [125]


def test_the_talk_opens_with_the_second_release(long, clock):
    clock.shift(timedelta(days=40))
    long.release_both()

    assert "gespraech-halb-manager" not in kinds_on(in_days(41))
    assert "gespraech-halb-manager" in kinds_on(in_days(50))


def test_after_a_rest_nobody_hears_of_days_before(long, clock):
    running.pause(round_=long.round, participations=[long.participation])
    clock.shift(timedelta(days=20))
    running.resume(round_=long.round, participations=[long.participation])

    assert [kinds_on(in_days(day)) for day in (20, 21, 40)] == [[], [], []]  # both assessments were due on day 14

    running.set_deadlines(round_=long.round, participations=[long.participation], self_due=in_days(40))
    assert kinds_on(in_days(39)) == ["selbst-1-tage-person"]
    assert kinds_on(in_days(41)) == ["selbst-danach-person"]


# The calendar -------------------------------------------------------------------------------------


def entry(letter):
    calendar = icalendar.Calendar.from_ical(letter.calendar)
    (event,) = calendar.walk("VEVENT")
    return calendar["METHOD"], str(event["UID"]), int(event["SEQUENCE"]), event.get("STATUS", "")


def a_date(stage, days):
    return set_talk_date(
        participation=stage.participation, at=timezone.now() + timedelta(days=days), place="", by=stage.cast.bernd
    )


@pytest.fixture
def arranged(quiet):
    quiet.release_both()
    a_date(quiet, 3)
    return quiet


def last_to(person):
    return Letter.objects.filter(person=person).order_by("pk").last()


def test_a_moved_talk_moves_its_entry(arranged, clock):
    first = entry(last_to(arranged.cast.anna))
    clock.shift(timedelta(minutes=1))
    a_date(arranged, 5)

    second = entry(last_to(arranged.cast.anna))

    assert (first[0], second[0], first[1]) == ("PUBLISH", "PUBLISH", second[1])
    assert second[2] > first[2]


def test_a_talk_that_is_called_off_leaves_the_calendar(arranged, clock):
    first = entry(last_to(arranged.cast.anna))
    clock.shift(timedelta(minutes=1))
    set_talk_date(participation=arranged.participation, at=None, place="", by=arranged.cast.bernd)

    letter = last_to(arranged.cast.anna)
    off = entry(letter)

    assert (off[0], off[1], off[3], obstacle_to(letter)) == ("CANCEL", first[1], "CANCELLED", "")
    assert off[2] > first[2]
    assert letter.person != arranged.cast.bernd


def test_the_manager_hears_of_a_date_that_the_deputy_has_set(arranged):
    cast = arranged.cast
    name_deputy(manager=cast.bernd, person=cast.fremd, people=[cast.anna], since=TODAY, until=TODAY, by=cast.paula)
    Letter.objects.all().delete()
    at = timezone.now() + timedelta(days=9)

    set_talk_date(participation=arranged.participation, at=at, place="", by=cast.fremd)

    assert sorted(Letter.objects.values_list("person__first_name", flat=True)) == ["Anna", "Bernd"]


ENDS = {
    "rests": lambda stage: running.pause(round_=stage.round, participations=[stage.participation]),
    "removed": lambda stage: running.remove(round_=stage.round, participations=[stage.participation], agreed_loss=1),
    "closed": lambda stage: close_round(round_=stage.round),
}


@pytest.mark.parametrize("name", ENDS)
def test_whatever_ends_a_talk_takes_it_out_of_both_calendars(arranged, clock, name):
    first = entry(last_to(arranged.cast.anna))
    Letter.objects.all().delete()
    clock.shift(timedelta(minutes=1))

    ENDS[name](arranged)

    found = Letter.objects.exclude(calendar="").order_by("person__first_name")
    assert [letter.person.first_name for letter in found] == ["Anna", "Bernd"]
    assert {entry(letter)[:2] for letter in found} == {("CANCEL", first[1])}
    assert {entry(letter)[2] > first[2] for letter in found} == {True}
    assert {(letter.path, obstacle_to(letter)) for letter in found} == {("/", "")}


@pytest.mark.parametrize(("days", "off"), [(0, []), (1, ["Anna", "Bernd"])], ids=["today", "tomorrow"])
def test_a_record_takes_a_talk_out_of_the_calendars_only_where_another_day_was_planned(quiet, clock, days, off):
    quiet.release_both()
    clock.move_to(timezone.localtime(timezone.now()).replace(hour=8))
    at = timezone.localtime(timezone.now()).replace(hour=15) + timedelta(days=days)
    set_talk_date(participation=quiet.participation, at=at, place="", by=quiet.cast.bernd)
    Letter.objects.all().delete()

    quiet.record()

    files = Letter.objects.exclude(calendar="").order_by("person__first_name")
    assert [letter.person.first_name for letter in files] == off


def test_a_talk_comes_back_into_the_calendars_after_the_rest(arranged, clock):
    running.pause(round_=arranged.round, participations=[arranged.participation])
    off = entry(last_to(arranged.cast.anna))
    clock.shift(timedelta(minutes=1))

    running.resume(round_=arranged.round, participations=[arranged.participation])

    on = entry(last_to(arranged.cast.anna))
    assert (on[0], on[1], on[2] > off[2]) == ("PUBLISH", off[1], True)


def test_a_date_told_late_is_the_one_that_holds(arranged, run_jobs, mailoutbox):
    a_date(arranged, 8)

    run_jobs()

    sent = [
        icalendar.Calendar.from_ical(message.attachments[0].content) for message in mailoutbox if message.attachments
    ]
    days = {event.decoded("DTSTART") for calendar in sent for event in calendar.walk("VEVENT")}
    assert len(days) == 1


def test_a_cancelled_date_is_said_in_the_mail_and_named_to_the_calendar(arranged, run_jobs, mailoutbox):
    run_jobs()
    mailoutbox.clear()
    set_talk_date(participation=arranged.participation, at=None, place="", by=arranged.cast.bernd)

    run_jobs()

    (message,) = mailoutbox
    assert re.fullmatch(r"Gespräch mit Bernd Şahin-Žižek am \d+\.\s\w+ \d{4} entfällt", message.subject)
    assert "nimmt, was entfällt, aus Ihrem Kalender" in message.body
    part = next(one for one in message.message().walk() if one.get_content_type() == "text/calendar")
    assert part.get_param("method") == "CANCEL"


def test_who_led_somebody_hears_no_more_of_their_answer_were_they_of_hr(quiet):
    Person.objects.filter(pk=quiet.cast.bernd.pk).update(is_hr=True)
    quiet.release_both().record()
    Letter.objects.all().delete()
    quiet.confirm()
    before = waiting()
    Person.objects.filter(pk=quiet.cast.anna.pk).update(manager=quiet.cast.clara)

    assert (before, waiting()) == ([("Bernd", "")], [("Bernd", "Inzwischen ist jemand anderes zuständig.")])


def test_who_has_typed_in_a_paper_hears_the_answer_as_long_as_the_page_is_theirs(quiet):
    paper_entry.enter(participation=quiet.participation, by=quiet.cast.paula, levels=quiet.levels(1))
    Letter.objects.all().delete()
    paper_entry.confirm_entry(pk=quiet.own.pk, by=quiet.cast.anna)
    before = waiting()
    Person.objects.filter(pk=quiet.cast.paula.pk).update(is_hr=False)

    assert [one for one in before if one[0] == "Paula"] == [("Paula", "")]
    assert [one for one in waiting() if one[0] == "Paula"] == [("Paula", "Inzwischen ist jemand anderes zuständig.")]
