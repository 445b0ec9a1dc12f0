"""What of running rounds belongs into somebody's calendar."""

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from assessments.models import Assessment, Participation, Progress, Round, TalkProgress
from assessments.telling import calendar, tasks
from kompetenz.people.models import Person
from tests.clock import TODAY, in_days
from tests.conftest import Stage, of_a_session


def events(user):
    """Key without number, and the day or the moment, of everything in the calendar."""
    found = calendar.events_of(user, tasks.participations_of(user))
    return sorted((event.key.rsplit("-", 1)[0], event.day or event.start) for event in found)


def test_a_new_participation_has_two_deadlines_for_the_person(stage):
    assert events(stage.cast.anna) == [
        ("frist-gespraech", stage.round.talk_due),
        ("frist-selbst", stage.round.self_due),
    ]


def test_ones_own_extended_deadline_counts(stage):
    later = stage.round.self_due + timedelta(days=9)
    Participation.objects.filter(pk=stage.participation.pk).update(self_due=later)

    assert ("frist-selbst", later) in events(stage.cast.anna)


def test_a_manager_has_the_first_deadline_of_each_kind_in_the_round(stage):
    first = stage.round.manager_due - timedelta(days=3)
    Participation.objects.filter(pk=stage.participation.pk).update(manager_due=first)

    assert events(stage.cast.bernd) == [
        ("frist-fremd-runde", first),
        ("frist-gespraech-runde", stage.round.talk_due),
    ]


def test_what_is_done_has_no_deadline_any_more(stage):
    Participation.objects.update(
        self_state=Progress.RELEASED, manager_state=Progress.RELEASED, talk_state=TalkProgress.CONFIRMED
    )

    assert [events(who) for who in (stage.cast.anna, stage.cast.bernd)] == [[], []]


def test_the_plan_has_its_deadline_for_both(stage):
    due = stage.round.talk_due + timedelta(days=30)
    Participation.objects.filter(pk=stage.participation.pk).update(plan_due=due)

    assert ("frist-lernplan", due) in events(stage.cast.anna)
    assert ("frist-lernplan-runde", due) in events(stage.cast.bernd)


def test_a_date_for_the_talk_takes_the_place_of_its_deadline(stage):
    at = timezone.now() + timedelta(days=3)
    Participation.objects.filter(round=stage.round).update(talk_at=at)

    assert events(stage.cast.anna) == [("frist-selbst", stage.round.self_due), ("gespraech", at)]
    assert events(stage.cast.bernd) == [
        ("frist-fremd-runde", stage.round.manager_due),
        ("gespraech", at),
        ("gespraech", at),
    ]


@pytest.mark.parametrize("ended", ["closed", "resting", "past"])
def test_what_is_over_or_rests_is_in_no_calendar(stage, ended):
    yesterday = timezone.now() - timedelta(days=1)
    if ended == "closed":
        Round.objects.update(state=Round.State.CLOSED, closed_at=timezone.now())
    elif ended == "resting":
        Participation.objects.update(paused_on=TODAY, talk_at=timezone.now() + timedelta(days=1))
    else:
        day = timezone.localdate(yesterday)
        Participation.objects.update(self_due=day, manager_due=day, talk_due=day, plan_due=day, talk_at=yesterday)

    assert [events(who) for who in (stage.cast.anna, stage.cast.bernd)] == [[], []]


def test_a_colleague_who_was_asked_has_until_the_rounds_day_for_it(cast):
    due = TODAY + timedelta(days=20)
    stage = Stage(cast, has_peers=True, peer_due=due)
    Assessment.objects.create(participation=stage.participation, kind=Assessment.Kind.PEER, rater=cast.fremd)

    assert events(cast.fremd) == [("frist-kollegium", due)]


@pytest.mark.parametrize("since", [{"paused_on": TODAY}, {"manager": "fremd"}])
def test_a_colleague_who_cannot_answer_any_more_has_no_deadline_for_it(cast, since):
    stage = Stage(cast, has_peers=True, peer_due=TODAY + timedelta(days=20))
    Assessment.objects.create(participation=stage.participation, kind=Assessment.Kind.PEER, rater=cast.fremd)
    if since.get("manager"):
        Person.objects.filter(pk=cast.anna.pk).update(manager=cast.fremd)
        since = {"manager": cast.fremd}

    Participation.objects.filter(pk=stage.participation.pk).update(**since)

    assert [kind for kind, _ in events(cast.fremd) if kind == "frist-kollegium"] == []


@pytest.mark.parametrize(
    ("tells", "title"), [("date", "Frist"), ("people", "Frist: Einschätzung im Kollegium, Runde 2026")]
)
def test_a_colleagues_calendar_never_says_who_has_asked(cast, tells, title):
    stage = Stage(cast, has_peers=True, peer_due=TODAY + timedelta(days=20), calendar_tells=tells)
    Assessment.objects.create(participation=stage.participation, kind=Assessment.Kind.PEER, rater=cast.fremd)

    found = calendar.events_of(cast.fremd, tasks.participations_of(cast.fremd))

    assert [event.title for event in found] == [title]


def test_a_talk_stays_for_the_whole_of_its_day(stage, clock):
    at = timezone.make_aware(datetime.combine(in_days(3), time(10)))
    Participation.objects.filter(pk=stage.participation.pk).update(talk_at=at)

    clock.move_to(at + timedelta(hours=13))
    on_its_day = events(stage.cast.anna)
    clock.move_to(at + timedelta(hours=15))

    assert (("gespraech", at) in on_its_day, "frist-gespraech" in dict(on_its_day)) == (True, False)
    assert ("gespraech", at) not in events(stage.cast.anna)


def test_the_last_day_itself_counts(stage):
    today = TODAY
    Participation.objects.update(self_due=today)

    assert ("frist-selbst", today) in events(stage.cast.anna)


def test_it_costs_one_query_however_many_people(stage, django_assert_num_queries):
    bernd = of_a_session(stage.cast.bernd)
    rows = tasks.participations_of(bernd)

    with django_assert_num_queries(1):  # colleagues who asked
        found = calendar.events_of(bernd, rows)

    assert len(found) == 2
