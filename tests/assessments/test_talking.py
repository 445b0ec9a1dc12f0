"""The talk: what may be agreed when and by whom, what is frozen, and what the pages say."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments import agreement, answers
from assessments.agreement import NotPossible
from assessments.models import Acknowledgement, Assessment, Participation, Talk, TalkProgress
from assessments.opening import close_round
from tests.conftest import Stage

HTMX = {"HTTP_HX_REQUEST": "true"}
TODAY = timezone.localdate()


def address(stage, name="talk"):
    return reverse(f"assessments:{name}", args=[stage.participation.pk])


@pytest.fixture
def first(stage):
    return stage.competencies[0]


@pytest.fixture
def released(stage):
    return stage.release_both(1, 2)


@pytest.fixture
def begun(released):
    """The talk is open, nothing is agreed yet."""
    agreement.begin_talk(participation=released.participation)
    return released._again()


@pytest.fixture
def recorded(released):
    return released.record(1)


def talk_of(stage):
    return Talk.objects.get(participation=stage.participation)


def state_of(stage):
    stage.participation.refresh_from_db()
    return stage.participation.talk_state


def refusal(write, **arguments):
    with pytest.raises(NotPossible) as problem:
        write(**arguments)
    return str(problem.value)


# The rules ----------------------------------------------------------------------------------------


def test_a_talk_begins_once_both_have_released(stage):
    stage.release(stage.own)

    assert "nicht freigegeben" in refusal(agreement.begin_talk, participation=stage.participation)
    assert not Talk.objects.exists()


def test_beginning_twice_is_beginning_once(begun):
    again = agreement.begin_talk(participation=begun.participation)

    assert again == talk_of(begun)
    assert state_of(begun) == TalkProgress.STARTED


def test_beginning_again_does_not_reopen_a_record(recorded):
    agreement.begin_talk(participation=recorded.participation)

    assert state_of(recorded) == TalkProgress.RECORDED


def test_a_round_kept_for_the_talk_is_disclosed_as_it_begins(cast):
    stage = Stage(cast, disclosure="talk").release_both(1, 3)
    visible = Assessment.objects.visible_to(cast.anna).filter(participation=stage.participation)
    before = set(visible.values_list("kind", flat=True))

    agreement.begin_talk(participation=stage.participation)

    assert (before, set(visible.values_list("kind", flat=True))) == ({"self"}, {"self", "manager"})


def test_levels_and_reasons_are_noted_one_by_one_and_the_rest_stays(begun, first):
    second = begun.competencies[1]
    talk = talk_of(begun)

    counts = [
        agreement.agree_levels(talk=talk, levels={first.id: 1, second.id: 0}, reasons={first.id: "Neu im Amt."}),
        agreement.agree_levels(talk=talk, levels={first.id: 2}, reasons={}),
        agreement.agree_levels(talk=talk, levels={}, reasons={second.id: "Kommt noch."}),
        agreement.agree_levels(talk=talk, levels={}, reasons={begun.competencies[2].id: "Ohne Stufe."}),
        agreement.agree_levels(talk=talk, levels={}, reasons={}),
    ]

    assert counts == [2, 2, 2, 2, 2]
    assert set(talk.agreed_levels.values_list("competency", "level", "reason")) == {
        (first.id, 2, "Neu im Amt."),
        (second.id, 0, "Kommt noch."),
        (begun.competencies[2].id, None, "Ohne Stufe."),
    }


def test_a_record_needs_every_level(released):
    talk = released.talk().participation.talk
    missing = released.competencies[24]
    talk.agreed_levels.filter(competency=missing.id).delete()

    assert refusal(agreement.record_talk, talk=talk) == f"Noch ohne vereinbarte Stufe: {missing.name}."
    assert state_of(released) == TalkProgress.STARTED


def test_a_record_needs_the_day_of_the_talk(released):
    talk = released.talk().participation.talk
    Talk.objects.update(held_on=None)

    assert "wann das Gespräch geführt wurde" in refusal(agreement.record_talk, talk=talk)
    assert state_of(released) == TalkProgress.STARTED


def test_a_record_cannot_be_made_twice_or_changed(recorded, first):
    talk = talk_of(recorded)
    changes = {
        agreement.record_talk: {},
        agreement.agree_levels: {"levels": {first.id: 3}, "reasons": {}},
        agreement.note_frame: {"held_on": TODAY, "place": "Anderswo", "attendees": ""},
    }

    said = {refusal(write, talk=talk, **arguments) for write, arguments in changes.items()}

    assert said == {"Das Ergebnis ist schon festgehalten."}
    assert talk.levels() == recorded.levels(1)
    assert talk_of(recorded).place == ""


def test_a_record_is_reopened_until_somebody_has_answered(recorded):
    agreement.reopen_talk(talk=talk_of(recorded))
    assert (state_of(recorded), talk_of(recorded).recorded_at) == (TalkProgress.STARTED, None)

    agreement.record_talk(talk=talk_of(recorded))
    agreement.acknowledge(talk=talk_of(recorded), by=recorded.cast.anna, declined=False, statement="")

    assert "Eine Seite hat schon geantwortet." in refusal(agreement.reopen_talk, talk=talk_of(recorded))
    assert state_of(recorded) == TalkProgress.RECORDED


def test_both_answers_confirm_even_if_one_declines(recorded):
    talk = talk_of(recorded)

    agreement.acknowledge(talk=talk, by=recorded.cast.bernd, declined=False, statement="")
    halfway = state_of(recorded)
    agreement.acknowledge(talk=talk, by=recorded.cast.anna, declined=True, statement="Nein.")

    assert (halfway, state_of(recorded)) == (TalkProgress.RECORDED, TalkProgress.CONFIRMED)
    assert set(talk.acknowledgements.values_list("side", "by", "declined", "statement")) == {
        ("manager", recorded.cast.bernd.pk, False, ""),
        ("person", recorded.cast.anna.pk, True, "Nein."),
    }


def test_answering_again_changes_nothing(recorded):
    talk = talk_of(recorded)
    agreement.acknowledge(talk=talk, by=recorded.cast.anna, declined=False, statement="")

    agreement.acknowledge(talk=talk, by=recorded.cast.anna, declined=True, statement="Doch nicht.")

    assert list(talk.acknowledgements.values_list("declined", "statement")) == [(False, "")]


def test_nothing_is_answered_before_it_is_recorded(begun):
    said = refusal(agreement.acknowledge, talk=talk_of(begun), by=begun.cast.anna, declined=False, statement="")

    assert said == "Das Ergebnis ist noch nicht festgehalten."


def test_a_persons_own_view_stands_from_their_answer_on(recorded):
    talk = talk_of(recorded)
    agreement.state_own_view(talk=talk, text="Ich sehe mich weiter.")
    agreement.acknowledge(talk=talk, by=recorded.cast.anna, declined=False, statement="")

    assert "bleibt, wie sie ist" in refusal(agreement.state_own_view, talk=talk, text="Zu spät.")
    assert talk_of(recorded).person_statement == "Ich sehe mich weiter."


def test_nothing_of_a_talk_changes_once_the_round_has_ended(recorded, first):
    talk = talk_of(recorded)
    close_round(round_=recorded.round)
    writes = [
        lambda: agreement.begin_talk(participation=recorded.participation),
        lambda: agreement.agree_levels(talk=talk, levels={first.id: 3}, reasons={}),
        lambda: agreement.note_frame(talk=talk, held_on=TODAY, place="", attendees=""),
        lambda: agreement.record_talk(talk=talk),
        lambda: agreement.reopen_talk(talk=talk),
        lambda: agreement.acknowledge(talk=talk, by=recorded.cast.anna, declined=False, statement=""),
        lambda: agreement.state_own_view(talk=talk, text="Spät."),
    ]

    assert {refusal(write) for write in writes} == {
        "Die Runde ist beendet oder eine Einschätzung ist nicht freigegeben."
    }


def test_a_statement_written_meanwhile_survives_the_managers_notes(begun):
    managers_copy = talk_of(begun)
    agreement.state_own_view(talk=talk_of(begun), text="Meine Sicht.")

    agreement.note_frame(talk=managers_copy, held_on=TODAY, place="Raum 1", attendees="")

    talk = talk_of(begun)
    assert (talk.person_statement, talk.place) == ("Meine Sicht.", "Raum 1")


def test_an_assessment_cannot_be_taken_back_out_of_a_talk(begun):
    with pytest.raises(answers.NotEditable):
        answers.take_back(pk=begun.own.pk, by=begun.cast.anna)


# The pages ----------------------------------------------------------------------------------------


def test_the_manager_begins_and_the_person_waits(as_, released):
    manager, person = as_(released.cast.bernd).get(address(released)).text, None
    person = as_(released.cast.anna).get(address(released)).text

    assert "Gespräch beginnen" in manager
    assert "Gespräch beginnen" not in person
    assert "Ihre Führungskraft beginnt hier die Niederschrift" in person


def test_a_talk_never_held_says_so_after_the_round(as_, released):
    close_round(round_=released.round)

    page = as_(released.cast.bernd).get(address(released)).text
    response = as_(released.cast.bernd).post(address(released), follow=True)

    assert "Ein Gespräch wurde nicht festgehalten." in page
    assert "Die Runde ist beendet oder eine Einschätzung ist nicht freigegeben." in response.text
    assert not Talk.objects.exists()


def test_without_javascript_one_button_saves_the_whole_record(as_, released, first):
    sent = {f"agreed-{c.id}": "2" for c in released.competencies}
    frame = {"held_on": str(TODAY), "place": "Raum 12", "attendees": "Personalrat"}

    response = as_(released.cast.bernd).post(
        address(released), {**sent, **frame, f"reason-{first.id}": " Gezeigt. ", "festhalten": "ja"}
    )

    talk = talk_of(released)
    assert response.headers["Location"] == address(released, "talk_record")
    assert talk.levels() == released.levels(2)
    assert (talk.held_on, talk.place, talk.attendees) == (TODAY, "Raum 12", "Personalrat")
    assert talk.agreed_levels.get(competency=first.id).reason == "Gezeigt."


def test_one_level_is_saved_and_tells_the_wheel(as_, begun, first):
    response = as_(begun.cast.bernd).post(address(begun), {f"agreed-{first.id}": "3"}, **HTMX)

    assert "1 von 25 Kompetenzen vereinbart" in response.text
    assert response.headers["HX-Trigger"] == '{"wheel:level": {"wheel": "rad", "number": 1, "level": 3}}'
    assert talk_of(begun).levels() == {first.id: 3}


@pytest.mark.parametrize("level", ["4", "-1", "x", ""])
def test_a_level_outside_the_scale_is_not_agreed(as_, begun, first, level):
    as_(begun.cast.bernd).post(address(begun), {f"agreed-{first.id}": level}, **HTMX)

    assert talk_of(begun).levels() == {}


def test_a_date_in_the_future_is_refused_and_the_levels_are_kept(as_, begun, first):
    tomorrow = str(TODAY + timedelta(days=1))
    sent = {f"agreed-{first.id}": "3", "held_on": tomorrow, "place": "Raum 12", "attendees": ""}
    client = as_(begun.cast.bernd)

    page = client.post(address(begun), sent)
    fragment = client.post(address(begun), sent, **HTMX)

    assert "kann nicht in der Zukunft geführt worden sein" in page.text
    assert 'value="Raum 12"' in page.text
    assert (fragment.status_code, "kann nicht in der Zukunft" in fragment.text) == (400, True)
    assert (talk_of(begun).levels(), talk_of(begun).held_on) == ({first.id: 3}, None)


def test_a_recorded_talk_takes_no_level(as_, recorded, first):
    client = as_(recorded.cast.bernd)

    fragment = client.post(address(recorded), {f"agreed-{first.id}": "3"}, **HTMX)
    page = client.post(address(recorded), {f"agreed-{first.id}": "3"}, follow=True)

    assert (fragment.status_code, "schon festgehalten" in fragment.text) == (409, True)
    assert "Das Ergebnis ist schon festgehalten." in page.text
    assert talk_of(recorded).levels() == recorded.levels(1)


def test_what_both_see_alike_is_taken_over_and_nothing_else(as_, stage):
    agreed, alike, unknown, sent = stage.competencies[:4]
    stage.answer(stage.own, 1).answer(stage.manager, 2)
    answers.save_answers(
        pk=stage.manager.pk, by=stage.cast.bernd, levels={agreed.id: 1, alike.id: 1, unknown.id: None, sent.id: 1}
    )
    answers.release(pk=stage.own.pk, by=stage.cast.anna)
    answers.release(pk=stage.manager.pk, by=stage.cast.bernd)
    talk = agreement.begin_talk(participation=stage._again().participation)
    agreement.agree_levels(talk=talk, levels={agreed.id: 3}, reasons={})

    page = as_(stage.cast.bernd).post(address(stage, "talk_adopt"), {f"agreed-{sent.id}": "2"}, follow=True)

    assert "1 übereinstimmende Stufen sind übernommen." in page.text
    assert talk.levels() == {agreed.id: 3, alike.id: 1, sent.id: 2}


def test_nothing_is_taken_over_into_a_record(as_, recorded):
    page = as_(recorded.cast.bernd).post(address(recorded, "talk_adopt"), follow=True)

    assert "Das Ergebnis ist schon festgehalten." in page.text


def test_the_record_page_shows_what_is_open_and_refuses_to_go_on(as_, begun, first):
    agreement.agree_levels(talk=talk_of(begun), levels={first.id: 2}, reasons={first.id: "Gezeigt."})
    client = as_(begun.cast.bernd)

    page = client.get(address(begun, "talk_record")).text
    refused = client.post(address(begun, "talk_record"), follow=True)

    assert page.count("noch offen") == 24
    assert "Gezeigt." in page
    assert "Noch ohne vereinbarte Stufe" in refused.text
    assert state_of(begun) == TalkProgress.STARTED


def test_recording_reopening_and_answering_on_the_pages(as_, released):
    released.talk()
    cast = released.cast

    recorded = as_(cast.bernd).post(address(released, "talk_record"), follow=True).text
    reopened = as_(cast.bernd).post(address(released, "talk_reopen"), follow=True).text
    as_(cast.bernd).post(address(released, "talk_record"))
    answered = as_(cast.anna).post(address(released, "talk_acknowledge"), {"declined": "nein"}, follow=True).text
    refused = as_(cast.bernd).post(address(released, "talk_reopen"), follow=True).text
    as_(cast.bernd).post(address(released, "talk_acknowledge"), {"declined": "nein"})

    assert "Das Ergebnis ist festgehalten." in recorded
    assert "Ergebnis zur Kenntnis nehmen" in recorded
    assert "Das Ergebnis ist wieder offen" in reopened
    assert "Ihre Antwort ist festgehalten." in answered
    assert "zur Kenntnis genommen (das heißt nicht: zugestimmt)" in answered
    assert "Ergebnis zur Kenntnis nehmen" not in answered
    assert "Eine Seite hat schon geantwortet." in refused
    assert state_of(released) == TalkProgress.CONFIRMED


def test_whoever_declines_says_why(as_, recorded):
    client = as_(recorded.cast.anna)

    empty = client.post(address(recorded, "talk_acknowledge"), {"declined": "ja", "statement": "  "})
    nothing = client.post(address(recorded, "talk_acknowledge"), {})
    unanswered = Acknowledgement.objects.count()
    client.post(address(recorded, "talk_acknowledge"), {"declined": "ja", "statement": "Stufe 4 fehlt."})

    assert "Bitte schreiben Sie, warum Sie die Kenntnisnahme ablehnen." in empty.text
    assert "Dieses Feld ist zwingend erforderlich." in nothing.text
    assert unanswered == 0
    assert list(Acknowledgement.objects.values_list("side", "declined", "statement")) == [
        ("person", True, "Stufe 4 fehlt.")
    ]


def test_nobody_answers_before_the_record_on_the_page_either(as_, begun):
    page = as_(begun.cast.anna).post(address(begun, "talk_acknowledge"), {"declined": "nein"}, follow=True)

    assert "Das Ergebnis ist noch nicht festgehalten." in page.text


@pytest.mark.parametrize(("days", "arranged"), [(-2, True), (0, True), (1, False)])
def test_the_record_begins_with_day_and_place_of_the_appointment(stage, days, arranged):
    stage.release_both()
    at = timezone.now() + timedelta(days=days)
    Participation.objects.filter(pk=stage.participation.pk).update(talk_at=at, talk_place="Raum 2")

    talk = agreement.begin_talk(participation=stage.participation)

    assert (talk.held_on, talk.place) == ((timezone.localdate(at), "Raum 2") if arranged else (None, ""))


def test_only_the_person_states_their_own_view(as_, recorded):
    sent = {"person_statement": "Meine Sicht."}

    manager = as_(recorded.cast.bernd).post(address(recorded, "talk_statement"), sent)
    person = as_(recorded.cast.anna).post(address(recorded, "talk_statement"), sent, follow=True)

    assert manager.status_code == 404
    assert "Ihre Stellungnahme ist gespeichert." in person.text
    assert talk_of(recorded).person_statement == "Meine Sicht."
    assert "Meine Sicht." in as_(recorded.cast.bernd).get(address(recorded)).text


def test_a_statement_written_beside_the_answer_is_saved_with_it(as_, recorded):
    client = as_(recorded.cast.anna)
    sent = {"declined": "nein", "person_statement": "Meine Sicht."}

    incomplete = client.post(address(recorded, "talk_acknowledge"), {"person_statement": "Meine Sicht."})
    before = talk_of(recorded).person_statement
    client.post(address(recorded, "talk_acknowledge"), sent)
    again = client.post(address(recorded, "talk_acknowledge"), sent, follow=True).text

    assert ("Meine Sicht." in incomplete.text, before) == (True, "")
    assert talk_of(recorded).person_statement == "Meine Sicht."
    assert "Ihre Antwort ist festgehalten." in again
    assert 'name="person_statement"' not in again


def test_an_answer_that_is_too_late_for_the_statement_says_so(as_, recorded):
    client = as_(recorded.cast.anna)
    client.post(address(recorded, "talk_acknowledge"), {"declined": "nein", "person_statement": "Erste Sicht."})

    late = client.post(
        address(recorded, "talk_acknowledge"), {"declined": "nein", "person_statement": "Zweite Sicht."}, follow=True
    )

    assert "Ihre Stellungnahme bleibt, wie sie ist." in late.text
    assert talk_of(recorded).person_statement == "Erste Sicht."


def test_the_managers_answer_leaves_the_persons_statement_alone(as_, recorded):
    agreement.state_own_view(talk=talk_of(recorded), text="Meine Sicht.")

    as_(recorded.cast.bernd).post(
        address(recorded, "talk_acknowledge"), {"declined": "nein", "person_statement": "Seine Sicht."}
    )

    assert talk_of(recorded).person_statement == "Meine Sicht."


def test_a_statement_too_long_or_too_late_is_kept_on_the_page_or_refused(as_, recorded):
    client = as_(recorded.cast.anna)
    long = client.post(address(recorded, "talk_statement"), {"person_statement": "Sicht " * 400})
    agreement.acknowledge(talk=talk_of(recorded), by=recorded.cast.anna, declined=False, statement="")
    late = client.post(address(recorded, "talk_statement"), {"person_statement": "Spät."}, follow=True)

    assert "höchstens 2000 Zeichen" in long.text
    assert "Sicht Sicht" in long.text
    assert "Ihre Stellungnahme bleibt, wie sie ist." in late.text
    assert talk_of(recorded).person_statement == ""


def test_the_widest_differences_come_first_on_the_page(as_, stage):
    stage.answer(stage.own, 1).answer(stage.manager, 1)
    far = stage.competencies[20]
    near = stage.competencies[5]
    answers.save_answers(pk=stage.manager.pk, by=stage.cast.bernd, levels={far.id: 3, near.id: 2})
    answers.release(pk=stage.own.pk, by=stage.cast.anna)
    answers.release(pk=stage.manager.pk, by=stage.cast.bernd)
    agreement.begin_talk(participation=stage._again().participation)

    page = unescape(as_(stage.cast.bernd).get(address(stage)).text)

    order = [page.index(f'id="kompetenz-{c.number}"') for c in (far, near, stage.competencies[0])]
    assert order == sorted(order)
    assert 'Zuerst besprechen: zwei oder mehr Stufen Unterschied <span class="badge">1</span>' in page


def test_the_person_reads_what_is_agreed_but_cannot_change_it(as_, begun, first):
    agreement.agree_levels(talk=talk_of(begun), levels={first.id: 3}, reasons={first.id: "Gezeigt."})
    client = as_(begun.cast.anna)

    page = client.get(address(begun)).text

    assert "Die Niederschrift ist in Arbeit." in page
    assert "Begründung: Gezeigt." in page
    assert 'name="agreed-' not in page
    assert client.post(address(begun), {f"agreed-{first.id}": "0"}).status_code == 404


@pytest.mark.parametrize("name", ["talk_adopt", "talk_record", "talk_reopen"])
def test_there_is_no_record_before_the_talk_has_begun(as_, released, name):
    assert as_(released.cast.bernd).post(address(released, name)).status_code == 404


@pytest.mark.parametrize("agreed", [0, 25])
def test_talk_query_count(as_, begun, agreed, django_assert_num_queries):
    levels = dict(list(begun.levels(2).items())[:agreed])
    agreement.agree_levels(talk=talk_of(begun), levels=levels, reasons={})
    client = as_(begun.cast.bernd)

    # session, user, participation; targets, assessments, ratings, remarks, agreed levels; answers, editable;
    # stock-taking, the note of an earlier plan
    with django_assert_num_queries(12):
        client.get(address(begun))


def test_a_reason_may_be_written_before_its_level(as_, stage):
    stage.release_both()
    talk = agreement.begin_talk(participation=stage.participation)
    first = stage.competencies[0]
    client = as_(stage.cast.bernd)

    client.post(reverse("assessments:talk", args=[stage.participation.pk]), {f"reason-{first.id}": "Noch zu klären."})

    assert list(talk.agreed_levels.values_list("level", "reason")) == [(None, "Noch zu klären.")]
    assert talk.levels() == {}
    assert "Noch zu klären." in client.get(talk.get_absolute_url()).text


def test_an_older_window_of_the_talk_does_not_overwrite_a_newer_one(as_, begun, first):
    talk = talk_of(begun)
    agreement.agree_levels(talk=talk, levels={first.id: 3}, reasons={first.id: "neu"})
    older = {
        f"agreed-{first.id}": "1",
        f"agreed-was-{first.id}": "1",
        f"reason-{first.id}": "",
        f"reason-was-{first.id}": "",
    }

    as_(begun.cast.bernd).post(reverse("assessments:talk", args=[begun.participation.pk]), older)

    agreed = talk.agreed_levels.get(competency=first.id)
    assert (agreed.level, agreed.reason) == (3, "neu")
