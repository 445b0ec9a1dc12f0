"""HR's rounds: listed, watched, their deadlines moved, closed."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Participation, Round
from assessments.opening import close_round
from tests.conftest import Stage, plan_round

TODAY = timezone.localdate()
IN_THE_PAST = "Dieses Datum liegt in der Vergangenheit."


@pytest.fixture
def hr(as_, cast):
    return as_(cast.paula)


def form(**changes):
    """Deadlines as the form sends them."""
    after = {"self_due": 10, "manager_due": 12, "talk_due": 20, "plan_due": 30}
    return {**{field: str(TODAY + timedelta(days=number)) for field, number in after.items()}, **changes}


def url(name, *objects):
    return reverse(f"assessments:{name}", args=[thing.pk for thing in objects])


def test_an_open_round_moves_its_deadlines_and_nothing_else(hr, stage):
    sent = form(title="Anderer Titel", shows_levels_to_hr="on")

    response = hr.post(url("round_deadlines", stage.round), sent)

    stage.round.refresh_from_db()
    assert response.headers["Location"] == stage.round.get_absolute_url()
    assert str(stage.round.talk_due) == sent["talk_due"]
    assert (stage.round.title, stage.round.shows_levels_to_hr) == ("Runde 2026", False)


def test_deadlines_are_checked_in_an_open_round_too(hr, stage):
    page = hr.post(url("round_deadlines", stage.round), form(self_due=str(TODAY - timedelta(days=1)))).text

    assert IN_THE_PAST in page.split('id="id_self_due_error"')[1].split("</div>")[0]


def test_a_deadline_that_has_passed_may_stay_when_another_is_moved(hr, cast):
    stage = Stage(cast, self_due=TODAY - timedelta(days=3))

    hr.post(url("round_deadlines", stage.round), form(self_due=str(stage.round.self_due)))

    stage.round.refresh_from_db()
    assert (stage.round.self_due, (stage.round.plan_due - TODAY).days) == (TODAY - timedelta(days=3), 30)


def test_the_plans_deadline_is_taken_away_from_everybody_who_had_it(hr, cast):
    stage = Stage(cast, plan_due=TODAY + timedelta(weeks=8))

    hr.post(url("round_deadlines", stage.round), form(plan_due=""))

    assert set(Participation.objects.values_list("plan_due", flat=True)) == {None}


def peers_due(cast, days):
    """An open round in which colleagues are asked until so many days from today."""
    return Stage(cast, has_peers=True, peer_due=TODAY + timedelta(days=days)).round


@pytest.mark.parametrize("days", [0, 5])
def test_colleagues_are_given_more_time_until_theirs_has_passed(hr, cast, days):
    running = peers_due(cast, days)

    hr.post(url("round_deadlines", running), form(peer_due=str(TODAY + timedelta(days=9))))

    running.refresh_from_db()
    assert running.peer_due == TODAY + timedelta(days=9)


def test_once_colleagues_answers_may_have_been_read_their_deadline_stands(hr, cast):
    running = peers_due(cast, -1)

    page = hr.get(url("round_deadlines", running)).text
    sent = hr.post(url("round_deadlines", running), form(peer_due=str(TODAY + timedelta(days=9))))

    running.refresh_from_db()
    assert "peer_due" not in page
    assert (sent.status_code, running.peer_due) == (302, TODAY - timedelta(days=1))


@pytest.mark.parametrize("typed", ["", str(TODAY - timedelta(days=1)), "kein Tag"])
def test_colleagues_keep_a_deadline_that_lies_ahead(hr, cast, typed):
    running = peers_due(cast, 5)

    page = hr.post(url("round_deadlines", running), form(peer_due=typed)).text

    assert 'id="id_peer_due_error"' in page
    running.refresh_from_db()
    assert running.peer_due == TODAY + timedelta(days=5)


def test_where_colleagues_are_not_asked_they_have_no_deadline(hr, stage):
    assert "peer_due" not in hr.get(url("round_deadlines", stage.round)).text


def test_closing_says_first_what_it_ends(hr, stage):
    stage.release(stage.own)

    page = hr.get(url("round_close", stage.round)).text
    closed = hr.post(url("round_close", stage.round), follow=True).text

    assert "1 von 2 Selbsteinschätzungen sind freigegeben." in page
    assert "Die Runde ist beendet." in closed
    stage.round.refresh_from_db()
    assert stage.round.state == Round.State.CLOSED


def test_a_closed_round_moves_no_deadline_and_closes_no_more(hr, stage):
    close_round(round_=stage.round)

    names = ["round_deadlines", "round_close", "round_purpose"]
    assert [hr.get(url(name, stage.round)).status_code for name in names] == [404, 404, 404]


def test_without_rounds_the_page_says_what_one_is(hr):
    assert "Noch gibt es keine Runde." in hr.get(url("rounds")).text


@pytest.mark.parametrize("more", [1, 60])
def test_rounds_query_count(hr, cast, more, django_assert_num_queries):
    for number in range(more):
        plan_round(cast, title=f"Runde {number}")

    with django_assert_num_queries(4):  # session, user, count, rounds with their counts
        page = hr.get(url("rounds")).text

    assert page.count('<th scope="row"') == min(more, 50)
