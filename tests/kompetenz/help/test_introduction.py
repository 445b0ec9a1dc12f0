"""The cards for newcomers on Meine Aufgaben: there until put away, and back when asked for."""

import pytest
from django.urls import reverse

from assessments.changes import declining

CARDS = "Wie lange dauert es?"


def sees_cards(client):
    return CARDS in client.get("/").text


def test_who_has_not_begun_reads_what_it_is_who_sees_it_and_how_long_it_takes(as_, stage):
    page = as_(stage.cast.anna).get("/").text

    assert [title in page for title in ("Was ist das?", "Wer sieht es?", CARDS)] == [True] * 3
    assert page.index(CARDS) < page.index("Selbsteinschätzung ausfüllen")


def test_they_go_with_the_first_answer(as_, stage):
    stage.answer(stage.own, 1)

    assert not sees_cards(as_(stage.cast.anna))


def test_a_manager_who_has_begun_nothing_reads_them_too_with_their_own_time(as_, stage):
    client = as_(stage.cast.bernd)

    assert "Als Führungskraft brauchen Sie" in client.get("/").text
    stage.answer(stage.manager, 1)
    assert not sees_cards(client)


def test_who_leads_nobody_reads_nothing_of_leading(as_, stage):
    assert "Als Führungskraft brauchen Sie" not in as_(stage.cast.anna).get("/").text


def test_who_is_in_no_round_sees_none(as_, stage):
    assert not sees_cards(as_(stage.cast.fremd))


def test_who_does_not_take_part_sees_none(as_, stage):
    declining.decline(participation=stage.participation)

    assert not sees_cards(as_(stage.cast.anna))


def test_they_can_be_put_away_and_stay_away(as_, stage):
    client = as_(stage.cast.anna)

    assert client.post(reverse("introduction"), {"karten": "weg"}).headers["Location"] == "/"
    assert not sees_cards(client)


@pytest.mark.parametrize("begun", [False, True])
def test_from_the_help_they_come_back_whatever_has_been_done(as_, stage, begun):
    if begun:
        stage.answer(stage.own, 1)
    client = as_(stage.cast.anna)
    client.post(reverse("introduction"), {"karten": "weg"})
    assert "Diese Karten auf" in client.get(reverse("help_article", args=["erste-schritte"])).text

    client.post(reverse("introduction"), {"karten": "zeigen"})

    assert sees_cards(client)
    assert sees_cards(as_(stage.cast.anna))


def test_nothing_but_yes_or_no_is_kept(as_, stage):
    as_(stage.cast.anna).post(reverse("introduction"), {"karten": "unsinn"})
    stage.cast.anna.refresh_from_db()

    assert stage.cast.anna.wants_introduction is None
