"""Writing answers: what is refused, what is locked, and what the pages say when it is too late."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.answering import saving
from assessments.models import Assessment, Progress, Round
from assessments.rounds.closing import close_round
from kompetenz.people.models import Deputy
from kompetenz.privacy.access_log.models import Access
from kompetenz.refusals import TooLate
from tests.clock import in_days
from tests.conftest import of_a_session

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def first(stage):
    return stage.competencies[0]


def url(name, assessment, *more):
    return reverse(f"assessments:{name}", args=[assessment.pk, *more])


def test_a_remark_is_changed_and_taken_away(stage, first):
    def remarks(text):
        saving.save_answers(pk=stage.own.pk, by=stage.cast.anna, remarks={first.id: text})
        return list(stage.own.remarks.values_list("text", flat=True))

    assert [remarks("Übe ich."), remarks("Kann ich."), remarks("")] == [["Übe ich."], ["Kann ich."], []]


def test_a_side_that_has_begun_stays_begun_when_everything_is_taken_away_again(stage, first):
    saving.save_answers(pk=stage.own.pk, by=stage.cast.anna, levels={first.id: 1})

    saved = saving.save_answers(pk=stage.own.pk, by=stage.cast.anna, levels={first.id: saving.CLEARED})

    stage.participation.refresh_from_db()
    assert (saved.answered, stage.participation.self_state) == (0, Progress.STARTED)


@pytest.mark.parametrize("answer", [{"levels": {0: 1}}, {"remarks": {0: "Hier."}}])
def test_a_competency_the_round_does_not_have_takes_nothing(stage, answer):
    with pytest.raises(saving.NotAnAnswer):
        saving.save_answers(pk=stage.own.pk, by=stage.cast.anna, **answer)

    stage.participation.refresh_from_db()
    assert stage.participation.self_state == Progress.OPEN


@pytest.mark.parametrize("write", [saving.save_answers, saving.release, saving.take_back])
def test_nobody_writes_for_somebody_else(stage, write):
    stage.answer(stage.own)

    for somebody in (stage.cast.bernd, stage.cast.clara, stage.cast.paula):
        with pytest.raises(TooLate):
            write(pk=stage.own.pk, by=somebody)


def test_a_former_manager_neither_answers_nor_releases(stage):
    stage.answer(stage.manager)
    stage.cast.anna.manager = stage.cast.clara
    stage.cast.anna.save()

    for write in (saving.save_answers, saving.release):
        with pytest.raises(TooLate):
            write(pk=stage.manager.pk, by=stage.cast.bernd)


def test_nothing_is_released_or_taken_back_once_the_round_has_ended(as_, stage):
    stage.answer(stage.own).release(stage.manager)
    close_round(round_=stage.round)

    with pytest.raises(TooLate):
        saving.take_back(pk=stage.manager.pk, by=stage.cast.bernd)
    page = as_(stage.cast.anna).post(url("release", stage.own), follow=True)

    stage.own.refresh_from_db()
    assert "nimmt keine Antworten mehr an" in page.text
    assert stage.own.released_at is None


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite locks the whole database")
@pytest.mark.parametrize("write", [saving.save_answers, saving.release, saving.take_back])
def test_every_writer_locks_assessment_and_participation_in_the_same_order(stage, write):
    Round.objects.update(hides_target=False)
    stage.answer(stage.own)
    if write is saving.take_back:
        stage.release(stage.own)

    with CaptureQueriesContext(connection) as queries:
        write(pk=stage.own.pk, by=stage.cast.anna)

    locks = [match for query in queries for match in re.findall(r"FOR UPDATE OF (.*)$", query["sql"])]
    assert locks == ['"assessments_assessment", "assessments_participation"']


# The pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "field"), [("rate", "level"), ("remark", "remark")])
@pytest.mark.parametrize(("known", "status"), [(True, 409), (False, 400)])
def test_too_late_or_unknown_is_said_with_and_without_javascript(as_, stage, first, name, field, known, status):
    competency = first.id if known else 0
    if known:
        close_round(round_=stage.round)
    client, sent = as_(stage.cast.anna), {f"{field}-{competency}": "1"}
    address = url(name, stage.own, competency)

    fragment = client.post(address, sent, **HTMX)
    page = client.post(address, sent, follow=True)

    assert (fragment.status_code, "Nicht gespeichert." in fragment.text) == (status, True)
    assert page.redirect_chain == [(stage.own.get_absolute_url(), 302)]
    assert "kern-alert--danger" in page.text
    assert (stage.own.levels(), stage.own.remarks.count()) == ({}, 0)


def test_one_answer_and_one_remark_are_saved_without_javascript_too(as_, stage, first):
    client = as_(stage.cast.anna)

    saved = [
        client.post(url("rate", stage.own, first.id), {f"level-{first.id}": "2"}),
        client.post(url("remark", stage.own, first.id), {f"remark-{first.id}": "Übe ich."}),
    ]

    assert [response.headers["Location"] for response in saved] == [stage.own.get_absolute_url()] * 2
    assert (stage.own.levels(), stage.own.remarks.get().text) == ({first.id: 2}, "Übe ich.")


@pytest.mark.parametrize("name", ["remark", "assessment"])
def test_a_remark_of_full_length_keeps_its_last_line(as_, stage, first, name):
    text = "\n".join(["x" * 59] * 10)  # 599 characters, as the browser counts them; 608 as it sends them
    arguments = [first.id] if name == "remark" else []

    as_(stage.cast.anna).post(
        url(name, stage.own, *arguments), {f"remark-{first.id}": text.replace("\n", "\r\n") + "\0"}
    )

    assert stage.own.remarks.get().text == text


def test_the_check_page_leads_back_once_there_is_nothing_to_check(as_, stage):
    stage.release(stage.own)

    assert as_(stage.cast.anna).get(url("check", stage.own)).headers["Location"] == stage.own.get_absolute_url()


def test_a_released_or_ended_form_is_a_page_to_read(as_, stage, first):
    Round.objects.update(hides_target=False)
    stage.answer(stage.manager).release(stage.own, 2)
    client = as_(stage.cast.anna)
    released = client.get(stage.own.get_absolute_url()).text
    close_round(round_=stage.round)
    ended = as_(stage.cast.bernd).get(stage.manager.get_absolute_url()).text

    assert "Freigabe zurücknehmen" in released
    assert 'type="radio"' not in released
    assert "Die Runde ist beendet. Diese Einschätzung wurde nicht freigegeben." in ended


def test_what_somebody_else_has_released_meanwhile_one_has_not_released_oneself(as_, stage, first):
    """A deputy's answers were others than those that the page has shown."""
    stage.answer(stage.manager)
    deputy = Deputy.objects.create(manager=stage.cast.bernd, person=stage.cast.fremd, until=in_days(5))
    deputy.people.add(stage.cast.anna)
    client = as_(stage.cast.bernd)
    read = {"read": client.get(url("check", stage.manager)).context["read"]}
    fremd = of_a_session(stage.cast.fremd)
    saving.save_answers(pk=stage.manager.pk, by=fremd, levels={first.id: 0})
    saving.release(pk=stage.manager.pk, by=fremd)

    page = client.post(url("release", stage.manager), read, follow=True)

    assert "Nicht freigegeben: Das hat Frieda Fremd inzwischen getan." in page.text
    assert "Die Fremdeinschätzung ist freigegeben." not in page.text


def test_a_former_manager_whom_nobody_knows_any_more_is_not_taken_for_the_one_of_today(as_, stage):
    """Their row was erased; what they have released stays."""
    stage.release(stage.manager)
    Assessment.objects.filter(pk=stage.manager.pk).update(rater=None, of_former_manager=True)

    page = as_(stage.cast.anna).get(url("assessment", stage.own)).text

    assert saving.partner_in(stage.own) == "Eine frühere Führungskraft"
    assert f"{stage.cast.bernd} hat" not in page


@pytest.mark.parametrize("sent", [{}, {"level": ""}])
def test_who_saves_nothing_has_begun_nothing(as_, stage, first, sent):
    as_(stage.cast.anna).post(url("assessment", stage.own), {f"{name}-{first.id}": text for name, text in sent.items()})

    stage.participation.refresh_from_db()
    assert stage.participation.self_state == Progress.OPEN
    assert not Access.objects.filter(how=Access.How.CHANGED).exists()
