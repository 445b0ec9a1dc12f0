"""Who gets which letter in a round, and when: once, and nothing of what it is about."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.answering import saving
from assessments.changes.handing_over import hand_over
from assessments.models import Participation, Progress, Round
from assessments.talk import recording
from assessments.telling.letters import tell_of_talk_date
from assessments.telling.open_steps import remind, remind_of_deadlines, stage_of
from kompetenz.jobs.daily import run_all
from kompetenz.letters.models import Letter
from kompetenz.people.deputies.naming import name_deputy
from kompetenz.people.models import Person
from tests.clock import TODAY
from tests.conftest import Stage

START, DUE = date(2026, 3, 2), date(2026, 3, 30)


def letters(kind=None):
    """(address, kind) of every letter, in the order of names."""
    found = Letter.objects.filter(kind=kind) if kind else Letter.objects.all()
    return sorted(found.values_list("person__first_name", "kind"))


@pytest.fixture
def quiet(stage):
    """A running round whose invitations are gone already."""
    Letter.objects.all().delete()
    return stage


def test_opening_a_round_invites_the_people_and_their_manager_once(stage):
    assert letters() == [("Anna", "invitation"), ("Bernd", "invitation"), ("Dora", "invitation")]
    anna = Letter.objects.get(person=stage.cast.anna)
    assert anna.path == stage.participation.get_absolute_url()
    assert Letter.objects.get(person=stage.cast.bernd).path == reverse("assessments:team")


@pytest.mark.parametrize(
    ("day", "stage"),
    [
        (START, None),
        (date(2026, 3, 15), None),
        (date(2026, 3, 16), "halb"),
        (date(2026, 3, 22), "halb"),
        (date(2026, 3, 23), "7-tage"),
        (date(2026, 3, 28), "7-tage"),
        (date(2026, 3, 29), "1-tage"),
        (DUE, "1-tage"),
        (date(2026, 3, 31), "danach"),
        (date(2026, 4, 29), "danach"),
        (date(2026, 4, 30), None),
    ],
)
def test_a_deadline_has_four_reminders_of_which_the_latest_counts(day, stage):
    assert stage_of(START, DUE, day) == stage


def test_settings_decide_which_reminders_there_are(settings):
    settings.REMINDER_DAYS, settings.REMINDER_AT_HALF_TIME, settings.REMINDER_AFTER = [3], False, False

    days = [START + timedelta(days=n) for n in range(60)]
    assert {stage_of(START, DUE, day) for day in days} == {None, "3-tage"}
    assert stage_of(START, DUE, DUE + timedelta(days=1)) is None


@pytest.mark.parametrize("opened", [-1, 0, 1, 20])
def test_of_a_step_that_opens_in_the_last_days_nobody_hears_the_next_day(opened):
    """A talk is recorded on its last day, or later: the answer to it is asked for from then on."""
    since = DUE + timedelta(days=opened)
    stages = [stage_of(since, DUE, since + timedelta(days=n)) for n in range(30)]

    assert stages == [None] * 8 + ["danach"] * 22


def test_who_has_some_days_left_is_reminded_before_the_last_one():
    since = DUE - timedelta(days=5)

    assert [stage_of(since, DUE, since + timedelta(days=n)) for n in range(9)] == [None] * 4 + ["1-tage"] * 4 + [
        "danach"
    ]


def test_a_late_entry_is_not_reminded_of_days_before_it():
    assert stage_of(DUE - timedelta(days=2), DUE, DUE - timedelta(days=2)) is None


def test_daily_reminds_once_however_often_it_runs(quiet):
    day = quiet.round.self_due - timedelta(days=1)
    quiet.release(quiet.own)
    Letter.objects.all().delete()

    first = [
        done.sentence for done in run_all(day) if done.name == "assessments.telling.open_steps.remind_of_deadlines"
    ]
    again = [
        done.sentence for done in run_all(day) if done.name == "assessments.telling.open_steps.remind_of_deadlines"
    ]

    assert (first, again) == (["Erinnerungen an Fristen geschrieben: 2."], [None])
    assert letters() == [("Bernd", "reminder"), ("Dora", "reminder")]  # anna has released


def test_an_extended_deadline_is_reminded_of_anew(quiet):
    day = quiet.round.self_due - timedelta(days=1)
    remind_of_deadlines(day)
    Participation.objects.filter(person=quiet.cast.anna).update(self_due=day + timedelta(days=20))

    remind_of_deadlines(day + timedelta(days=19))

    assert Letter.objects.filter(person=quiet.cast.anna, kind="reminder", key__endswith="1-tage-person").count() == 2


def test_who_rests_and_whose_round_has_ended_is_not_reminded(quiet):
    day = quiet.round.self_due - timedelta(days=1)
    Participation.objects.update(paused_on=TODAY)
    assert remind_of_deadlines(day) is None

    Participation.objects.update(paused_on=None)
    Round.objects.update(state=Round.State.CLOSED, closed_at=timezone.now())
    assert remind_of_deadlines(day) is None


def test_reminding_costs_the_same_for_two_and_for_forty(quiet, django_assert_num_queries):
    day = quiet.round.self_due - timedelta(days=1)
    for number in range(38):
        someone = Person.objects.create(first_name=f"N{number}", last_name="Neu", email=f"n{number}@test.example")
        Participation.objects.create(
            round=quiet.round, person=someone, manager=quiet.cast.bernd, profile=quiet.participation.profile,
            person_name="N", sort_key="n", manager_name="B", self_due=quiet.round.self_due,
            manager_due=quiet.round.manager_due, talk_due=quiet.round.talk_due,
        )  # fmt: skip
    # open rounds; the deadlines of six steps; for the two that are open: pages (of persons), letters there are,
    # people, new letters, a task that waits or a new one; savepoints around writing, inserting and enqueuing
    with django_assert_num_queries(24):
        remind_of_deadlines(day)

    assert Letter.objects.count() == 41


def test_hr_reminds_a_selection_at_most_once_a_day(quiet):
    rows = Participation.objects.filter(round=quiet.round)

    assert remind(participations=rows, by=quiet.cast.paula) == 3
    assert remind(participations=rows, by=quiet.cast.paula) == 0
    assert letters() == [("Anna", "reminder"), ("Bernd", "reminder"), ("Dora", "reminder")]


def reminded_managers(stage):
    """Who hears of what the manager has to do, by hand and by the calendar."""
    rows = Participation.objects.filter(round=stage.round)
    Participation.objects.update(self_state=Progress.RELEASED)
    remind(participations=rows, by=stage.cast.paula)
    by_hand = [name for name, _ in letters("reminder")]
    Letter.objects.all().delete()
    remind_of_deadlines(stage.round.manager_due - timedelta(days=1))
    return by_hand, [name for name, _ in letters("reminder")]


def test_a_former_manager_is_not_reminded_and_the_new_one_only_after_the_hand_over(quiet):
    Person.objects.filter(manager=quiet.cast.bernd).update(manager=quiet.cast.clara)
    assert reminded_managers(quiet) == ([], [])

    hand_over(participations=list(quiet.round.participations.all()), by=quiet.cast.paula)
    Letter.objects.all().delete()

    assert reminded_managers(quiet) == (["Clara"], ["Clara"])


def test_of_a_hand_over_hear_each_person_and_the_new_manager_once(quiet):
    Person.objects.filter(manager=quiet.cast.bernd).update(manager=quiet.cast.clara)
    Letter.objects.all().delete()

    hand_over(participations=list(quiet.round.participations.all()), by=quiet.cast.paula)

    assert letters() == [("Anna", "hand_over"), ("Clara", "hand_over"), ("Dora", "hand_over")]


@pytest.mark.parametrize(("first", "last", "reminded"), [(0, 5, True), (1, 5, False), (-5, -1, False)])
def test_a_deputy_is_reminded_with_the_manager_on_their_days(quiet, first, last, reminded):
    cast, days = quiet.cast, [TODAY + timedelta(days=number) for number in (first, last)]
    name_deputy(manager=cast.bernd, person=cast.fremd, people=[cast.anna], since=days[0], until=days[1], by=cast.paula)

    expected = sorted(["Bernd", cast.fremd.first_name] if reminded else ["Bernd"])

    assert reminded_managers(quiet) == (expected, expected)


def test_a_deputy_for_somebody_who_rests_is_not_reminded(quiet):
    cast, days = quiet.cast, {"since": TODAY, "until": TODAY}
    name_deputy(manager=cast.bernd, person=cast.fremd, people=[cast.anna], by=cast.paula, **days)
    Participation.objects.filter(person=cast.anna).update(paused_on=TODAY)

    assert reminded_managers(quiet) == (["Bernd"], ["Bernd"])


def test_a_former_manager_does_not_hear_of_a_release(quiet):
    quiet.release(quiet.manager)
    Person.objects.filter(pk=quiet.cast.anna.pk).update(manager=quiet.cast.clara)

    quiet.release(quiet.own)

    assert letters("release") == []


def test_only_hr_reminds(quiet):
    rows = Participation.objects.filter(round=quiet.round)

    assert remind(participations=rows, by=quiet.cast.bernd) == 0


def test_who_has_done_their_part_is_not_reminded_by_hand(quiet):
    quiet.release_both().record().confirm()
    Letter.objects.all().delete()
    rows = Participation.objects.filter(pk=quiet.participation.pk)

    assert remind(participations=rows, by=quiet.cast.paula) == 0


@pytest.mark.parametrize(("disclosure", "after_one"), [("both", []), ("talk", []), ("each", [("Bernd", "release")])])
def test_the_other_side_hears_of_a_release_as_soon_as_it_may_see_something(cast, disclosure, after_one):
    stage = Stage(cast, disclosure=disclosure)
    stage.release(stage.own)
    assert letters("release") == after_one

    stage.release(stage.manager)

    assert ("Anna", "release") in letters("release")


def test_taking_back_and_releasing_again_writes_no_second_letter(cast):
    stage = Stage(cast, disclosure="each", hides_target=False)
    stage.release(stage.own)
    saving.take_back(pk=stage.own.pk, by=cast.anna)

    saving.release(pk=stage.own.pk, by=cast.anna)

    assert letters("release") == [("Bernd", "release")]


def test_the_person_hears_that_the_result_waits_for_them(quiet):
    quiet.release_both().talk()
    Letter.objects.all().delete()

    recording.record_talk(talk=quiet.participation.talk, by=quiet.cast.bernd)

    letter = Letter.objects.get()
    assert (letter.person, letter.kind) == (quiet.cast.anna, "notice")
    assert letter.path == reverse("assessments:talk", args=[quiet.participation.pk])


@pytest.mark.parametrize(("tells", "title"), [("date", "Termin"), ("people", "Gespräch mit Bernd Şahin-Žižek")])
def test_a_date_for_the_talk_comes_with_a_calendar_file_that_says_what_the_round_lets_it_say(quiet, tells, title):
    Round.objects.update(calendar_tells=tells)
    Participation.objects.update(talk_at=timezone.now() + timedelta(days=3))
    quiet.participation.refresh_from_db()

    tell_of_talk_date(quiet.participation)

    letter = Letter.objects.get()
    assert (letter.person, letter.kind) == (quiet.cast.anna, "talk")
    assert "CLASS:PRIVATE" in letter.calendar
    assert f"SUMMARY:{title}\r\n" in letter.calendar
    assert not any(name in letter.calendar for name in ("Anna", "Runde 2026"))
