"""What the person says themselves to the Fremdeinschätzung: theirs to write, beside it on page and paper."""

import re
import threading
import time

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from assessments.answering import saving
from assessments.changes import declining
from assessments.models import Assessment, Round, Statement
from assessments.rounds.closing import close_round
from kompetenz.people.models import Person
from tests.clock import in_days

WORDS = "Das sehe ich anders: Ich leite das Projekt seit März."


def address(stage):
    return reverse("assessments:statement", args=[stage.participation.pk])


def state(stage, text=WORDS):
    return Statement.objects.create(assessment=stage.manager, text=text)


def test_it_stands_beside_the_assessment_for_both(as_, stage):
    stage.release_both()

    response = as_(stage.cast.anna).post(address(stage), {"text": WORDS})

    assert response.headers["Location"] == stage.participation.get_absolute_url()
    for who in (stage.cast.anna, stage.cast.bernd):
        assert WORDS in as_(who).get(stage.participation.get_absolute_url()).text


def test_who_leads_the_person_no_more_is_not_said_to_read_it(as_, stage):
    stage.release_both()
    Person.objects.filter(pk=stage.cast.anna.pk).update(manager=stage.cast.clara)

    page = " ".join(as_(stage.cast.anna).get(address(stage)).text.split())

    assert "Ihre Führungskraft und wer vertritt lesen sie" in page


def test_it_is_on_the_paper(as_, stage, words_of_pdfs):
    stage.release_both()
    state(stage)

    paper = as_(stage.cast.bernd).get(reverse("assessments:participation_pdf", args=[stage.participation.pk]))

    assert WORDS in paper.content.decode()


def test_hr_reads_levels_and_no_statement(as_, stage):
    stage.release_both().record()
    Round.objects.update(shows_levels_to_hr=True)
    state(stage)

    page = as_(stage.cast.paula).get(stage.participation.get_absolute_url())

    assert (page.status_code, WORDS in page.text) == (200, False)


def test_it_may_be_written_after_the_round(as_, stage):
    stage.release_both()
    close_round(round_=stage.round)

    as_(stage.cast.anna).post(address(stage), {"text": WORDS})

    assert Statement.objects.get().text == WORDS


def test_there_is_none_to_what_the_person_does_not_read_yet(as_, stage):
    stage.release(stage.manager)

    assert as_(stage.cast.anna).get(address(stage)).status_code == 404


@pytest.mark.parametrize("who", ["bernd", "paula", "dora"])
def test_nobody_else_writes_it(as_, stage, who):
    stage.release_both()

    assert as_(getattr(stage.cast, who)).post(address(stage), {"text": "x"}).status_code == 404


def test_left_empty_it_is_taken_back(as_, stage):
    stage.release_both()
    state(stage)
    client = as_(stage.cast.anna)

    client.post(address(stage), {"text": " "})

    page = client.get(stage.participation.get_absolute_url()).text
    assert Statement.objects.get().text == ""
    assert "Zur Fremdeinschätzung Stellung nehmen" in page


def test_a_second_window_does_not_write_over_the_first(as_, stage):
    stage.release_both()
    client = as_(stage.cast.anna)
    read = client.get(address(stage)).context["form"].read
    client.post(address(stage), {"text": WORDS})

    response = client.post(address(stage), {"text": "Etwas anderes", "read": read})

    assert "Jetzt gespeichert" in response.text
    assert "Etwas anderes" in response.text
    assert Statement.objects.get().text == WORDS


def test_who_declines_leaves_none(stage):
    stage.release_both()
    state(stage)

    declining.decline(participation=stage.participation)

    assert not Statement.objects.exists()


def test_what_was_said_of_an_earlier_release_is_not_said_of_another(as_, stage, clock):
    Round.objects.update(disclosure="each")
    stage.release(stage.manager)
    client = as_(stage.cast.anna)
    page = client.get(address(stage)).context
    sent = {"text": WORDS, "read": page["form"].read, "released": page["released"]}
    client.post(address(stage), sent)
    clock.shift(5)
    saving.take_back(pk=stage.manager.pk, by=stage.cast.bernd)
    stage.release(stage.manager, 3)

    late = client.post(address(stage), sent | {"text": "Neu", "once": f"{stage.cast.anna.pk}-x"})

    assert ("inzwischen neu freigegeben" in late.text, "Neu" in late.text) == (True, True)
    assert Statement.objects.get().text == WORDS
    assert "zu einer früheren Fassung" in client.get(stage.participation.get_absolute_url()).text


def test_who_comes_from_a_page_of_an_earlier_release_reads_the_new_one_first(as_, stage, clock):
    Round.objects.update(disclosure="each")
    stage.release(stage.manager)
    client = as_(stage.cast.anna)
    page = client.get(stage.participation.get_absolute_url()).text
    there = re.search(rf'href="({address(stage)}[^"]*)"', page)[1]
    straight = client.get(there)
    clock.shift(5)
    saving.take_back(pk=stage.manager.pk, by=stage.cast.bernd)
    stage.release(stage.manager, 3)

    late = client.get(there, follow=True)

    assert straight.status_code == 200
    assert late.redirect_chain == [(stage.participation.get_absolute_url(), 302)]
    assert "inzwischen neu freigegeben" in late.text


def test_what_is_saved_unchanged_keeps_its_day(as_, stage, clock):
    stage.release_both()
    state(stage)
    Statement.objects.update(written_on=in_days(-9))

    as_(stage.cast.anna).post(address(stage), {"text": WORDS})

    assert Statement.objects.get().written_on == in_days(-9)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="there one writer waits for the other before it reads anything"
)
@pytest.mark.parametrize("was_there", [True, False])
def test_of_two_windows_at_the_same_moment_the_second_reads_what_the_first_has_stored(stage, was_there):
    stage.release_both()
    if was_there:
        state(stage)
    window, answers = Client(), []
    window.force_login(stage.cast.anna)
    page = window.get(address(stage)).context
    sent = {"text": "Zweites Fenster", "read": page["form"].read, "released": page["released"]}

    def send():
        answers.append(window.post(address(stage), sent | {"once": f"{stage.cast.anna.pk}-x"}).status_code)
        connection.close()

    with transaction.atomic():
        Assessment.objects.select_for_update().get(pk=stage.manager.pk)
        second = threading.Thread(target=send)
        second.start()
        time.sleep(1)  # by then it waits
        Statement.objects.update_or_create(assessment=stage.manager, defaults={"text": "Erstes Fenster"})
    second.join()

    assert (answers, Statement.objects.get().text) == ([200], "Erstes Fenster")
