"""HR's rounds: listed, watched, their deadlines moved, closed."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import strip_tags

from assessments.answering import paper_entry
from assessments.models import Assessment, HandOver, Participation, PlanProgress, Round
from assessments.rounds.closing import close_round
from assessments.rounds.opening import ENDED
from tests.catalogue import COMPETENCIES
from tests.clock import TODAY
from tests.conftest import Stage, plan_round

IN_THE_PAST = "Dieses Datum liegt in der Vergangenheit."


@pytest.fixture
def hr(as_, cast):
    return as_(cast.paula)


def form(**changes):
    """Deadlines as the form sends them, and what calendars tell as it was."""
    after = {"self_due": 10, "manager_due": 12, "talk_due": 20, "plan_due": 30}
    days = {field: str(TODAY + timedelta(days=number)) for field, number in after.items()}
    return {**days, "calendar_tells": "people", **changes}


def url(name, *objects):
    return reverse(f"assessments:{name}", args=[thing.pk for thing in objects])


def test_an_open_round_moves_its_deadlines_and_nothing_else(hr, stage):
    sent = form(title="Anderer Titel", shows_levels_to_hr="on")

    response = hr.post(url("round_deadlines", stage.round), sent)

    stage.round.refresh_from_db()
    assert response.headers["Location"] == stage.round.get_absolute_url()
    assert str(stage.round.talk_due) == sent["talk_due"]
    assert (stage.round.title, stage.round.shows_levels_to_hr) == ("Runde 2026", False)


def test_what_calendars_tell_changes_in_an_open_round_and_everybody_reads_since_when(as_, cast, stage):
    address, rules = url("participation", stage.participation), []

    for tells in ("people", "date"):
        as_(cast.paula).post(url("round_deadlines", stage.round), form(calendar_tells=tells))
        rules.append(" ".join(as_(cast.anna).get(address).text.split("<dt>Kalender</dt>")[1].split("</dd>")[0].split()))

    assert "seit dem" not in rules[0]
    assert rules[1].endswith(
        "nennen nur „Termin“ oder „Frist“. Sie sind als privat gekennzeichnet. "
        f"Das gilt seit dem {' '.join(date_format(TODAY).split())}; vorher war es anders."
    )
    assert "SUMMARY:Frist\r\n" in as_(stage.cast.anna).get(reverse("calendar")).text


@pytest.mark.parametrize("sent", ["", "alles"])
def test_what_calendars_tell_is_one_of_three(hr, stage, sent):
    page = hr.post(url("round_deadlines", stage.round), form(calendar_tells=sent)).text

    assert 'id="id_calendar_tells_error"' in page
    stage.round.refresh_from_db()
    assert (stage.round.calendar_tells, stage.round.calendar_changed_on) == ("people", None)


def test_a_deadline_moves_for_everybody_but_those_who_were_given_one_of_their_own(hr, stage):
    extended = TODAY + timedelta(days=60)
    of_dora = stage.round.participations.get(person=stage.cast.dora)
    Participation.objects.filter(pk=of_dora.pk).update(self_due=extended)

    hr.post(url("round_deadlines", stage.round), form())

    dues = stage.round.participations.values_list("person", "self_due", "manager_due", "talk_due", "plan_due")
    moved = tuple(TODAY + timedelta(days=days) for days in (10, 12, 20, 30))
    assert set(dues) == {(stage.cast.anna.pk, *moved), (stage.cast.dora.pk, extended, *moved[1:])}


def test_the_deadlines_of_another_round_stay(hr, cast, stage):
    other = Stage(cast, title="Eine andere Runde")
    before = set(other.round.participations.values_list("pk", "self_due", "talk_due"))

    hr.post(url("round_deadlines", stage.round), form())

    assert set(other.round.participations.values_list("pk", "self_due", "talk_due")) == before


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


def test_whoever_closes_it_again_is_led_to_the_round_that_has_ended(hr, stage):
    hr.post(url("round_close", stage.round))

    again = [getattr(hr, method)(url("round_close", stage.round), follow=True) for method in ("get", "post")]

    assert [(page.status_code, ENDED in page.text) for page in again] == [(200, True)] * 2


def test_closing_says_first_what_will_be_missing(hr, stage):
    stage.release_both().record()
    Participation.objects.exclude(pk=stage.participation.pk).update(paused_on=TODAY)

    page = " ".join(strip_tags(hr.get(url("round_close", stage.round)).text).split())

    for line in (
        "Selbsteinschätzungen, die nicht freigegeben sind: 1",
        "Fremdeinschätzungen, die nicht freigegeben sind: 1",
        "Gespräche, die nicht festgehalten sind: 1",
        "festgehaltene Gespräche, auf die eine Antwort fehlt: 1",
        "Teilnahmen, die ruhen, sind mitgezählt: 1.",
        "0 von 2 Lernplänen sind vereinbart.",
        "Lernpläne, die nach einem festgehaltenen Gespräch noch nicht vereinbart sind: 1.",
        "Das lässt sich nicht rückgängig machen.",
    ):
        assert line in page


def test_closing_says_first_what_it_deletes_and_then_that_it_has(hr, stage):
    cast = stage.cast
    paper_entry.enter(participation=stage.participation, by=cast.paula, levels=stage.levels(1))
    Assessment.objects.create(participation=stage.participation, kind=Assessment.Kind.FORMER, rater=cast.clara)
    HandOver.objects.create(participation=stage.participation, from_person=cast.clara)

    page = " ".join(strip_tags(hr.get(url("round_close", stage.round)).text).split())
    closed = hr.post(url("round_close", stage.round), {"entries": "1", "drafts": "1"}, follow=True).text

    for text in (page, closed):
        assert "noch nicht bestätigte Eintragungen vom Papier: 1" in text
        assert "nicht freigegebene Fremdeinschätzungen früherer Führungskräfte: 1" in text
    assert "Das wird mit dem Ende der Runde gelöscht" in page
    assert "Was gespeichert ist, bleibt" not in page
    assert "Alles Gespeicherte bleibt" not in closed


@pytest.mark.parametrize("shown", [{"entries": "0", "drafts": "1"}, {"entries": "1", "drafts": "0"}, {}])
def test_closing_deletes_no_more_than_the_page_said(hr, stage, shown):
    cast = stage.cast
    paper_entry.enter(participation=stage.participation, by=cast.paula, levels=stage.levels(1))
    Assessment.objects.create(participation=stage.participation, kind=Assessment.Kind.FORMER, rater=cast.clara)
    HandOver.objects.create(participation=stage.participation, from_person=cast.clara)

    page = hr.post(url("round_close", stage.round), shown)

    assert "Die Runde läuft noch: Inzwischen würde mehr gelöscht, als hier stand." in page.text
    assert ('name="entries" value="1"' in page.text, 'name="drafts" value="1"' in page.text) == (True, True)
    assert Round.objects.get().is_open
    assert (stage.own.ratings.count(), Assessment.objects.filter(kind="former").count()) == (COMPETENCIES, 1)


def test_where_nothing_is_deleted_closing_says_so(hr, stage):
    stage.release_both()

    page = hr.get(url("round_close", stage.round)).text
    closed = hr.post(url("round_close", stage.round), follow=True).text

    assert "Was gespeichert ist, bleibt" in page
    assert "gelöscht" not in page
    assert "Die Runde ist beendet. Alles Gespeicherte bleibt." in closed


def test_where_nothing_is_missing_closing_says_so(hr, stage):
    Participation.objects.exclude(pk=stage.participation.pk).delete()
    stage.release_both().record().confirm()
    Participation.objects.update(plan_state=PlanProgress.AGREED)

    page = hr.get(url("round_close", stage.round)).text

    assert "Alle Einschätzungen, Gespräche und Antworten liegen vor." in page
    assert "noch nicht vereinbart" not in page


def test_a_closed_round_moves_no_deadline(hr, stage):
    close_round(round_=stage.round)

    names = ["round_deadlines", "round_purpose"]
    assert [hr.get(url(name, stage.round)).status_code for name in names] == [404, 404]


def test_without_rounds_the_page_says_what_one_is(hr):
    assert "Noch gibt es keine Runde." in hr.get(url("rounds")).text


@pytest.mark.parametrize("more", [1, 60])
def test_rounds_query_count(hr, cast, more, django_assert_num_queries):
    for number in range(more):
        plan_round(cast, title=f"Runde {number}")

    with django_assert_num_queries(5):  # session, user, count, rounds, their counts
        page = hr.get(url("rounds")).text

    assert page.count('<th scope="row"') == min(more, 50)
