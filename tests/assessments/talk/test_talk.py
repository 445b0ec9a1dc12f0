"""The talk: what may be agreed when and by whom, what is frozen, and what the pages say."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from assessments import pdf
from assessments.answering import saving
from assessments.changes.handing_over import hand_over
from assessments.models import (
    RETURNED_OFTEN_ENOUGH,
    Acknowledgement,
    Assessment,
    Participation,
    Round,
    Talk,
    TalkProgress,
    in_place_of,
)
from assessments.rounds.closing import close_round
from assessments.talk import recording
from kompetenz.letters.models import Letter
from kompetenz.people.models import Deputy, Person
from kompetenz.privacy.access_log.models import Access
from kompetenz.refusals import Refused, TooLate
from tests.catalogue import COMPETENCIES
from tests.clock import TODAY, in_days
from tests.conftest import Stage, of_a_session
from tests.markup import tight

HTMX = {"HTTP_HX_REQUEST": "true"}


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
    recording.begin_talk(participation=released.participation)
    return released._again()


@pytest.fixture
def recorded(released):
    return released.record(1)


def talk_of(stage):
    return Talk.objects.get(participation=stage.participation)


def shown(stage, **sent):
    """``sent`` with the stamp of the record as a page shows it now."""
    return sent | {"record_read": recording.stamp_of_record(talk_of(stage))}


def state_of(stage):
    stage.participation.refresh_from_db()
    return stage.participation.talk_state


def refusal(write, **arguments):
    with pytest.raises(Refused) as problem:
        write(**arguments)
    return str(problem.value)


# The rules ----------------------------------------------------------------------------------------


def test_a_talk_begins_once_both_have_released(stage):
    stage.release(stage.own)

    assert "nicht freigegeben" in refusal(recording.begin_talk, participation=stage.participation)
    assert not Talk.objects.exists()


def test_beginning_twice_is_beginning_once(begun):
    again = recording.begin_talk(participation=begun.participation)

    assert again == talk_of(begun)
    assert state_of(begun) == TalkProgress.STARTED


def test_beginning_again_does_not_reopen_a_record(recorded):
    recording.begin_talk(participation=recorded.participation)

    assert state_of(recorded) == TalkProgress.RECORDED


def test_a_round_kept_for_the_talk_is_disclosed_as_it_begins(cast):
    stage = Stage(cast, disclosure="talk").release_both(1, 3)
    visible = Assessment.objects.visible_to(cast.anna).filter(participation=stage.participation)
    before = set(visible.values_list("kind", flat=True))

    recording.begin_talk(participation=stage.participation)

    assert (before, set(visible.values_list("kind", flat=True))) == ({"self"}, {"self", "manager"})


def test_levels_and_reasons_are_noted_one_by_one_and_the_rest_stays(begun, first):
    second = begun.competencies[1]
    talk = talk_of(begun)

    counts = [
        recording.agree_levels(talk=talk, levels={first.id: 1, second.id: 0}, reasons={first.id: "Neu im Amt."}),
        recording.agree_levels(talk=talk, levels={first.id: 2}, reasons={}),
        recording.agree_levels(talk=talk, levels={}, reasons={second.id: "Kommt noch."}),
        recording.agree_levels(talk=talk, levels={}, reasons={begun.competencies[2].id: "Ohne Stufe."}),
        recording.agree_levels(talk=talk, levels={}, reasons={}),
    ]

    assert counts == [2, 2, 2, 2, 2]
    assert set(talk.agreed_levels.values_list("competency", "level", "reason")) == {
        (first.id, 2, "Neu im Amt."),
        (second.id, 0, "Kommt noch."),
        (begun.competencies[2].id, None, "Ohne Stufe."),
    }


def test_a_record_needs_every_level(released):
    talk = released.talk().participation.talk
    missing = released.competencies[-1]
    talk.agreed_levels.filter(competency=missing.id).delete()

    assert (
        refusal(recording.record_talk, talk=talk, by=released.cast.bernd)
        == f"Noch ohne vereinbarte Stufe: {missing.name}."
    )
    assert state_of(released) == TalkProgress.STARTED


def test_a_record_needs_the_day_of_the_talk(released):
    talk = released.talk().participation.talk
    Talk.objects.update(held_on=None)

    assert "wann das Gespräch geführt wurde" in refusal(recording.record_talk, talk=talk, by=released.cast.bernd)
    assert state_of(released) == TalkProgress.STARTED


def test_a_record_cannot_be_made_twice_or_changed(recorded, first):
    talk = talk_of(recorded)
    changes = {
        recording.record_talk: {"by": recorded.cast.bernd},
        recording.agree_levels: {"levels": {first.id: 3}, "reasons": {}},
        recording.note_frame: {"held_on": TODAY, "place": "Anderswo", "attendees": ""},
    }

    said = {refusal(write, talk=talk, **arguments) for write, arguments in changes.items()}

    assert said == {"Das Ergebnis ist schon festgehalten."}
    assert talk.levels() == recorded.levels(1)
    assert talk_of(recorded).place == ""


def test_a_record_says_who_wrote_it_and_when_until_it_is_opened_again(recorded):
    recording.reopen_talk(talk=talk_of(recorded))
    assert (state_of(recorded), talk_of(recorded).recorded_at, talk_of(recorded).recorded_by) == (
        TalkProgress.STARTED,
        None,
        None,
    )

    recording.record_talk(talk=talk_of(recorded), by=recorded.cast.bernd)

    again = talk_of(recorded)
    assert (again.recorded_by, timezone.localdate(again.recorded_at)) == (recorded.cast.bernd, TODAY)


def test_a_record_stands_once_the_person_has_answered_whatever_the_answer_is(recorded):
    talk = talk_of(recorded)

    recording.acknowledge(talk=talk, by=recorded.cast.anna, declined=True, statement="Nein.")

    assert state_of(recorded) == TalkProgress.CONFIRMED
    said = {
        refusal(recording.reopen_talk, talk=talk_of(recorded)),
        refusal(recording.send_back, talk=talk_of(recorded), by=recorded.cast.anna, reason="Doch."),
    }
    assert said == {"Anna Ärmel hat schon geantwortet. Die Niederschrift bleibt, wie sie ist."}
    assert state_of(recorded) == TalkProgress.CONFIRMED


def test_nobody_else_answers_for_the_person(recorded):
    said = refusal(recording.acknowledge, talk=talk_of(recorded), by=recorded.cast.bernd, declined=False, statement="")

    assert said == "Auf die Niederschrift antwortet Anna Ärmel."
    assert (Acknowledgement.objects.count(), state_of(recorded)) == (0, TalkProgress.RECORDED)


def test_sent_back_the_talk_is_open_and_the_reason_stands_there_until_the_person_answers(recorded, first):
    recording.send_back(talk=talk_of(recorded), by=recorded.cast.anna, reason="Nummer 3 war anders.")

    back = talk_of(recorded)
    assert (state_of(recorded), back.recorded_at, back.recorded_by) == (TalkProgress.STARTED, None, None)
    assert (back.returned_by, timezone.localdate(back.returned_at), back.return_reason) == (
        recorded.cast.anna,
        TODAY,
        "Nummer 3 war anders.",
    )
    assert back.levels() == recorded.levels(1)
    letter = Letter.objects.get(person=recorded.cast.bernd, key__contains="returned")
    assert letter.path == address(recorded)

    recording.agree_levels(talk=back, levels={first.id: 2}, reasons={})
    recording.record_talk(talk=back, by=recorded.cast.bernd)
    assert (talk_of(recorded).returned_by, talk_of(recorded).return_reason) == (
        recorded.cast.anna,
        "Nummer 3 war anders.",
    )
    recording.acknowledge(talk=talk_of(recorded), by=recorded.cast.anna, declined=False, statement="")
    again = talk_of(recorded)
    assert (again.returned_by, again.returned_at, again.return_reason) == (None, None, "")


def test_what_was_sent_back_is_not_put_before_the_person_unchanged(recorded, first):
    cast = recorded.cast
    recording.send_back(talk=talk_of(recorded), by=cast.anna, reason="Nummer 1 war anders.")
    said = refusal(recording.record_talk, talk=talk_of(recorded), by=cast.bernd)

    recording.agree_levels(talk=talk_of(recorded), levels={}, reasons={first.id: "Im Projekt gezeigt."})
    recording.record_talk(talk=talk_of(recorded), by=cast.bernd)
    recording.reopen_talk(talk=talk_of(recorded))
    recording.agree_levels(talk=talk_of(recorded), levels={}, reasons={first.id: ""})

    assert said.startswith("Sie haben seit der Rückgabe nichts geändert.")
    assert refusal(recording.record_talk, talk=talk_of(recorded), by=cast.bernd) == said
    assert (talk_of(recorded).return_reason, talk_of(recorded).recorded_at) == ("Nummer 1 war anders.", None)


def test_a_record_is_sent_back_twice_and_then_answered(as_, recorded, first):
    """Else there would never be one: then what both say stands side by side."""
    cast, pages = recorded.cast, []
    for level in (2, 3):
        pages.append(as_(cast.anna).get(address(recorded)).text)
        recording.send_back(talk=talk_of(recorded), by=cast.anna, reason=f"Nicht {level}.")
        recording.agree_levels(talk=talk_of(recorded), levels={first.id: level}, reasons={})
        recording.record_talk(talk=talk_of(recorded), by=cast.bernd)
    pages.append(as_(cast.anna).get(address(recorded)).text)
    third = as_(cast.anna).post(
        address(recorded, "talk_send_back"), shown(recorded, return_reason="Noch einmal."), follow=True
    )

    assert [address(recorded, "talk_send_back") in page for page in pages] == [True, True, False]
    assert RETURNED_OFTEN_ENOUGH in tight(pages[2])
    assert RETURNED_OFTEN_ENOUGH in third.text
    assert state_of(recorded) == TalkProgress.RECORDED
    recording.acknowledge(talk=talk_of(recorded), by=cast.anna, declined=True, statement="Ich sehe 1.")
    assert talk_of(recorded).levels_are == "festgehalten, abgelehnt"


def test_the_manager_is_told_of_the_answer(recorded):
    recording.acknowledge(talk=talk_of(recorded), by=recorded.cast.anna, declined=True, statement="Nein.")

    assert Letter.objects.get(person=recorded.cast.bernd, key__endswith="-record-declined").path == address(recorded)


def test_the_same_answer_sent_twice_does_no_harm_and_another_one_is_refused(recorded):
    talk, anna = talk_of(recorded), recorded.cast.anna
    for _ in range(2):
        recording.acknowledge(talk=talk, by=anna, declined=False, statement="", own_view="Meine Sicht.")

    others = [
        {"declined": True, "statement": "Doch nicht."},
        {"declined": False, "statement": "Ein Wort noch."},
        {"declined": False, "statement": "", "own_view": "Andere Sicht."},
    ]
    said = {refusal(recording.acknowledge, talk=talk, by=anna, **other) for other in others}

    assert said == {
        f"Nicht gespeichert: Sie haben schon am {date_format(TODAY)} geantwortet. Ihre Antwort bleibt, wie sie ist."
    }
    assert list(talk.acknowledgements.values_list("declined", "statement")) == [(False, "")]
    assert talk_of(recorded).person_statement == "Meine Sicht."
    assert Letter.objects.filter(person=recorded.cast.bernd, key__endswith="-record-answer").count() == 1


def test_nothing_is_answered_before_it_is_recorded(begun):
    said = refusal(recording.acknowledge, talk=talk_of(begun), by=begun.cast.anna, declined=False, statement="")

    assert said == "Das Ergebnis ist noch nicht festgehalten."


def test_a_persons_own_view_stands_from_their_answer_on(recorded):
    talk = talk_of(recorded)
    recording.state_own_view(talk=talk, text="Ich sehe mich weiter.")
    recording.acknowledge(talk=talk, by=recorded.cast.anna, declined=False, statement="")

    assert "bleibt, wie sie ist" in refusal(recording.state_own_view, talk=talk, text="Zu spät.")
    assert talk_of(recorded).person_statement == "Ich sehe mich weiter."


def test_nothing_of_a_talk_changes_once_the_round_has_ended(recorded, first):
    talk = talk_of(recorded)
    close_round(round_=recorded.round)
    writes = [
        lambda: recording.begin_talk(participation=recorded.participation),
        lambda: recording.agree_levels(talk=talk, levels={first.id: 3}, reasons={}),
        lambda: recording.note_frame(talk=talk, held_on=TODAY, place="", attendees=""),
        lambda: recording.record_talk(talk=talk, by=recorded.cast.bernd),
        lambda: recording.reopen_talk(talk=talk),
        lambda: recording.send_back(talk=talk, by=recorded.cast.anna, reason="Anders."),
        lambda: recording.acknowledge(talk=talk, by=recorded.cast.anna, declined=False, statement=""),
        lambda: recording.state_own_view(talk=talk, text="Spät."),
    ]

    assert {refusal(write) for write in writes} == {"Die Runde ist inzwischen beendet."}


def test_a_statement_written_meanwhile_survives_the_managers_notes(begun):
    managers_copy = talk_of(begun)
    recording.state_own_view(talk=talk_of(begun), text="Meine Sicht.")

    recording.note_frame(talk=managers_copy, held_on=TODAY, place="Raum 1", attendees="")

    talk = talk_of(begun)
    assert (talk.person_statement, talk.place) == ("Meine Sicht.", "Raum 1")


def test_an_assessment_cannot_be_taken_back_out_of_a_talk(begun):
    with pytest.raises(TooLate):
        saving.take_back(pk=begun.own.pk, by=begun.cast.anna)


# The pages ----------------------------------------------------------------------------------------


def test_the_manager_begins_and_the_person_waits(as_, released):
    manager, person = as_(released.cast.bernd).get(address(released)).text, None
    person = as_(released.cast.anna).get(address(released)).text

    assert "Gespräch beginnen" in manager
    assert "Gespräch beginnen" not in person
    assert "Bernd Şahin-Žižek beginnt hier die Niederschrift" in person


def test_a_talk_never_held_says_so_after_the_round(as_, released):
    close_round(round_=released.round)

    page = as_(released.cast.bernd).get(address(released)).text
    response = as_(released.cast.bernd).post(address(released), follow=True)

    assert "Ein Gespräch wurde nicht festgehalten." in page
    assert "Die Runde ist inzwischen beendet." in response.text
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

    assert f"1 von {COMPETENCIES} Kompetenzen vereinbart" in response.text
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


@pytest.mark.parametrize("day", ["1999-12-31", str(TODAY - timedelta(days=1))])
def test_a_talk_is_not_held_before_the_round_was_opened(as_, begun, day):
    sent = {"held_on": day, "place": "Raum 12", "attendees": ""}
    client = as_(begun.cast.bernd)

    page = client.post(address(begun), sent)
    fragment = client.post(address(begun), sent, **HTMX)

    said = f"Die Runde ist erst seit dem {date_format(TODAY)} eröffnet. Bitte prüfen Sie das Datum."
    assert (page.context["form"].errors["held_on"], said in fragment.text) == ([said], True)
    assert (talk_of(begun).held_on, talk_of(begun).place) == (None, "Raum 12")


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
    saving.save_answers(
        pk=stage.manager.pk, by=stage.cast.bernd, levels={agreed.id: 1, alike.id: 1, unknown.id: None, sent.id: 1}
    )
    saving.release(pk=stage.own.pk, by=stage.cast.anna)
    saving.release(pk=stage.manager.pk, by=stage.cast.bernd)
    talk = recording.begin_talk(participation=stage._again().participation)
    recording.agree_levels(talk=talk, levels={agreed.id: 3}, reasons={})

    typed = {f"agreed-{sent.id}": "2", "held_on": "", "place": "Sitzungssaal", "attendees": "Dora"}
    page = as_(stage.cast.bernd).post(address(stage, "talk_adopt"), typed, follow=True)

    assert "1 übereinstimmende Stufen sind übernommen." in page.text
    talk.refresh_from_db()
    assert (talk.place, talk.attendees) == ("Sitzungssaal", "Dora")
    assert talk.levels() == {agreed.id: 3, alike.id: 1, sent.id: 2}


def test_nothing_is_taken_over_into_a_record(as_, recorded):
    page = as_(recorded.cast.bernd).post(address(recorded, "talk_adopt"), follow=True)

    assert "Das Ergebnis ist schon festgehalten." in page.text


def test_the_record_page_shows_what_is_open_and_refuses_to_go_on(as_, begun, first):
    recording.agree_levels(talk=talk_of(begun), levels={first.id: 2}, reasons={first.id: "Gezeigt."})
    client = as_(begun.cast.bernd)

    page = client.get(address(begun, "talk_record")).text
    refused = client.post(address(begun, "talk_record"), {"read": recording.stamp_of(talk_of(begun))}, follow=True)

    assert page.count("noch offen</span>") == COMPETENCIES - 1
    assert ("Fehler" in page, "Jetzt festhalten" in page) == (False, False)
    assert "Gezeigt." in page
    assert "Noch ohne vereinbarte Stufe" in refused.text
    assert state_of(begun) == TalkProgress.STARTED


def test_recording_reopening_and_answering_on_the_pages(as_, released):
    released.talk()
    cast = released.cast

    read = {"read": recording.stamp_of(talk_of(released))}
    recorded = as_(cast.bernd).post(address(released, "talk_record"), read, follow=True).text
    reopened = as_(cast.bernd).post(address(released, "talk_reopen"), shown(released), follow=True).text
    as_(cast.bernd).post(address(released, "talk_record"), read)
    answered = (
        as_(cast.anna).post(address(released, "talk_acknowledge"), shown(released, declined="nein"), follow=True).text
    )
    refused = as_(cast.bernd).post(address(released, "talk_reopen"), shown(released), follow=True).text
    by_manager = as_(cast.bernd).post(address(released, "talk_acknowledge"), {"declined": "nein"})

    assert "Das Ergebnis ist festgehalten." in recorded
    assert "Anna Ärmel: noch keine Antwort." in recorded
    assert "von <strong>Bernd Şahin-Žižek</strong>" in recorded
    assert by_manager.status_code == 404
    assert "Das Ergebnis ist wieder offen" in reopened
    assert "Ihre Antwort ist festgehalten." in answered
    assert "zur Kenntnis genommen (das heißt nicht: zugestimmt)" in answered
    assert "Ihre Antwort, Anna" not in answered
    assert "Anna Ärmel hat schon geantwortet." in refused
    assert state_of(released) == TalkProgress.CONFIRMED


@pytest.mark.parametrize("noted", ["level", "reason", "held_on", "place", "attendees"])
def test_nobody_puts_their_name_to_what_they_have_not_read(as_, released, first, noted):
    released.talk()
    client, talk = as_(released.cast.bernd), talk_of(released)
    read = {"read": shown_stamp(client.get(address(released, "talk_record")).text)}
    if noted in ("level", "reason"):
        other = (
            {"levels": {first.id: 3}, "reasons": {}}
            if noted == "level"
            else {"levels": {}, "reasons": {first.id: "Neu."}}
        )
        recording.agree_levels(talk=talk, **other)
    else:
        recording.note_frame(talk=talk, **{noted: in_days(-1) if noted == "held_on" else "Anders"})

    refused = client.post(address(released, "talk_record"), read, follow=True)
    before = state_of(released)
    client.post(address(released, "talk_record"), {"read": shown_stamp(refused.text)})

    assert "Die Niederschrift ist inzwischen eine andere." in refused.text
    assert "Jetzt festhalten" in refused.text
    assert (before, state_of(released)) == (TalkProgress.STARTED, TalkProgress.RECORDED)


def test_without_having_read_it_nobody_records_a_talk(as_, released):
    released.talk()

    as_(released.cast.bernd).post(address(released, "talk_record"))

    assert state_of(released) == TalkProgress.STARTED


def shown_stamp(page):
    return re.search(r'name="read" value="(\w+)"', page)[1]


def test_whoever_declines_says_why(as_, recorded):
    client = as_(recorded.cast.anna)

    empty = client.post(address(recorded, "talk_acknowledge"), {"declined": "ja", "person_statement": "  "})
    nothing = client.post(address(recorded, "talk_acknowledge"), {})
    unanswered = Acknowledgement.objects.count()
    client.post(
        address(recorded, "talk_acknowledge"), shown(recorded, declined="ja", person_statement="Stufe 4 fehlt.")
    )

    assert "Bitte schreiben Sie, warum Sie die Kenntnisnahme ablehnen." in empty.text
    assert "Bitte wählen Sie bei „Ihre Antwort“ etwas aus." in nothing.text
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

    talk = recording.begin_talk(participation=stage.participation)

    assert (talk.held_on, talk.place) == ((timezone.localdate(at), "Raum 2") if arranged else (None, ""))


def test_only_the_person_states_their_own_view(as_, recorded):
    sent = {"person_statement": "Meine Sicht."}

    manager = as_(recorded.cast.bernd).post(address(recorded, "talk_statement"), sent)
    person = as_(recorded.cast.anna).post(address(recorded, "talk_statement"), sent, follow=True)

    assert manager.status_code == 404
    assert "Ihre Stellungnahme ist gespeichert." in person.text
    assert talk_of(recorded).person_statement == "Meine Sicht."


@pytest.mark.parametrize("sent_back", [False, True])
def test_a_statement_is_the_persons_alone_until_they_answer(as_, recorded, monkeypatch, sent_back):
    monkeypatch.setattr(pdf, "render_pdf", lambda name, context: render_to_string(name, context).encode())
    cast, pages = recorded.cast, [address(recorded, name) for name in ("talk", "participation", "participation_pdf")]
    recording.state_own_view(talk=talk_of(recorded), text="Meine Sicht.")
    if sent_back:
        recording.send_back(talk=talk_of(recorded), by=cast.anna, reason="Anders.")

    def readers_of(page):
        return [who.first_name for who in (cast.anna, cast.bernd) if "Meine Sicht." in as_(who).get(page).text]

    assert [readers_of(page) for page in pages] == [["Anna"], [], ["Anna"]]
    assert "lesen nur Sie diese Stellungnahme" in as_(cast.anna).get(pages[0]).text
    if sent_back:
        recording.agree_levels(talk=talk_of(recorded), levels=recorded.levels(2), reasons={})
        recording.record_talk(talk=talk_of(recorded), by=cast.bernd)
    recording.acknowledge(talk=talk_of(recorded), by=cast.anna, declined=sent_back, statement="Nein." * sent_back)
    assert [readers_of(page) for page in pages] == [["Anna", "Bernd"], [], ["Anna", "Bernd"]]


def test_a_statement_written_beside_the_answer_is_saved_with_it(as_, recorded):
    client = as_(recorded.cast.anna)
    sent = shown(recorded, declined="nein", person_statement="Meine Sicht.")

    incomplete = client.post(address(recorded, "talk_acknowledge"), {"person_statement": "Meine Sicht."})
    before = talk_of(recorded).person_statement
    client.post(address(recorded, "talk_acknowledge"), sent)
    again = client.post(address(recorded, "talk_acknowledge"), sent, follow=True).text

    assert ("Meine Sicht." in incomplete.text, before) == (True, "")
    assert talk_of(recorded).person_statement == "Meine Sicht."
    assert "Ihre Antwort ist festgehalten." in again
    assert 'name="person_statement"' not in again


def test_whoever_declines_writes_one_statement_which_is_read_once(as_, recorded):
    recording.state_own_view(talk=talk_of(recorded), text="Erster Gedanke.")
    client = as_(recorded.cast.anna)
    page = client.get(address(recorded)).text

    sent = shown(recorded, declined="ja", person_statement="Das war anders.")
    client.post(address(recorded, "talk_acknowledge"), sent)

    assert (page.count("<textarea"), page.count("Erster Gedanke.")) == (2, 1)  # the answer's, and that of a return
    assert page.index("Verschieden eingeschätzt") < page.index("Ihre Antwort, Anna Ärmel")
    for who in (recorded.cast.anna, recorded.cast.bernd):
        assert as_(who).get(address(recorded)).text.count("Das war anders.") == 1


def test_the_record_begins_with_date_and_place_and_names_the_levels_that_are_read(as_, begun):
    page = as_(begun.cast.bernd).get(address(begun)).text

    assert page.index('id="id_held_on"') < page.index("Leitfaden für das Gespräch") < page.index('id="kompetenz-')
    first = page.split('id="kompetenz-1"')[1].split("</fieldset>")[0]
    assert re.findall(r"<dt>(\w+)</dt>", first.split("<details")[1]) == ["keine", "Kenner", "Könner", "Experte"]


def test_the_record_goes_back_from_the_page_only_with_a_reason_and_only_by_the_person(as_, recorded):
    sent = shown(recorded, return_reason="Nummer 3 war anders.")
    manager = as_(recorded.cast.bernd).post(address(recorded, "talk_send_back"), sent)
    client = as_(recorded.cast.anna)
    empty = client.post(address(recorded, "talk_send_back"), {"return_reason": " "})
    kept = state_of(recorded)

    page = client.post(address(recorded, "talk_send_back"), sent, follow=True).text
    seen = as_(recorded.cast.bernd).get(address(recorded)).text
    tasks = as_(recorded.cast.bernd).get("/").text

    assert (manager.status_code, kept) == (404, TalkProgress.RECORDED)
    assert "Bitte beantworten Sie „Was soll an der Niederschrift geändert werden?“" in empty.text
    assert "Die Niederschrift ist zurückgegeben. Ändern kann sie Bernd Şahin-Žižek." in page
    assert ("Nummer 3 war anders." in seen, "zurückgegeben von Anna Ärmel" in " ".join(seen.split())) == (True, True)
    assert "Niederschrift ändern: Anna Ärmel hat sie zurückgegeben" in tasks


NEW = "Ändern kann sie Ihre neue Führungskraft, sobald die Personalentwicklung ihr die Teilnahme übergeben hat."
CORRECTS = {
    "there": ({}, {}, False, "Ändern kann sie Bernd Şahin-Žižek."),
    "left, with a deputy": ({"leaving_date": in_days(-1)}, {}, True, "Ändern kann sie jemand in Vertretung für Bernd"),
    "left": ({"leaving_date": in_days(-1)}, {}, False, f"Bernd Şahin-Žižek arbeitet zurzeit nicht hier. {NEW}"),
    "without address": ({"email": None}, {}, False, f"hat keine E-Mail-Adresse und kann sich nicht anmelden. {NEW}"),
    "another manager": ({}, {"manager": None}, True, f"Bernd Şahin-Žižek ist nicht mehr Ihre Führungskraft. {NEW}"),
}


@pytest.mark.parametrize("how", CORRECTS)
def test_who_sends_the_record_back_reads_who_can_correct_it_today(as_, recorded, how):
    of_manager, of_person, has_deputy, said = CORRECTS[how]
    cast = recorded.cast
    if has_deputy:
        named = Deputy.objects.create(manager=cast.bernd, person=cast.fremd, since=TODAY, until=TODAY)
        named.people.add(cast.anna)
    Person.objects.filter(pk=cast.bernd.pk).update(**{"is_active": True} | of_manager)
    Person.objects.filter(pk=cast.anna.pk).update(**{"is_active": True} | of_person)
    before = as_(cast.anna).get(address(recorded)).text

    sent = shown(recorded, return_reason="Nummer 3 war anders.")
    after = as_(cast.anna).post(address(recorded, "talk_send_back"), sent, follow=True).text

    assert said in " ".join(before.split())
    assert said in after[after.index("Die Niederschrift ist zurückgegeben.") :][:300]
    assert ("Das Gespräch geht weiter, sobald" in after) == (NEW in said)


ASKED = {
    "there": ({}, {}, "Anna Ärmel wird um eine Antwort darauf gebeten."),
    "left": (
        {"leaving_date": in_days(-1)},
        {},
        "Zurzeit ist niemand da, der antworten kann: Anna Ärmel arbeitet zurzeit",
    ),
    "without address": ({"email": None}, {}, "Zurzeit ist niemand da, der antworten kann: Anna Ärmel hat keine E-Mail"),
    "resting": (
        {},
        {"paused_on": TODAY},
        "Die Teilnahme ruht zurzeit. Anna Ärmel wird gefragt, sobald sie weitergeht.",
    ),
}


@pytest.mark.parametrize("how", ASKED)
def test_whoever_records_reads_whether_the_person_is_asked(as_, released, how):
    of_person, of_participation, said = ASKED[how]
    stage = released.talk()
    Person.objects.filter(pk=stage.cast.anna.pk).update(**{"is_active": True} | of_person)
    Participation.objects.filter(pk=stage.participation.pk).update(**{"talk_place": ""} | of_participation)
    client = as_(stage.cast.bernd)
    before = " ".join(client.get(address(stage, "talk_record")).text.split())

    sent = {"read": recording.stamp_of(talk_of(stage))}
    after = client.post(address(stage, "talk_record"), sent, follow=True).text
    again = " ".join(client.get(address(stage)).text.split())

    assert f"Das Ergebnis ist festgehalten. {said}" in after
    assert ("Danach wird Anna Ärmel um eine Antwort gebeten" in before) == (how == "there")
    assert (said in before, said in again) == (how != "there", how != "there")


def test_after_the_round_nobody_is_said_to_begin_the_record(as_, released):
    before = as_(released.cast.anna).get(address(released)).text

    close_round(round_=released.round)

    after = as_(released.cast.anna).get(address(released)).text
    assert "beginnt hier die Niederschrift" in " ".join(before.split())
    assert "beginnt hier die Niederschrift" not in " ".join(after.split())
    assert "Die Runde ist beendet. Ein Gespräch wurde nicht festgehalten." in after


def test_the_reason_of_a_return_is_read_on_page_and_print_until_the_person_answers(as_, recorded, first, monkeypatch):
    monkeypatch.setattr(pdf, "render_pdf", lambda name, context: render_to_string(name, context).encode())
    cast, pages = recorded.cast, [address(recorded, name) for name in ("talk", "participation_pdf")]
    recording.send_back(talk=talk_of(recorded), by=cast.anna, reason="Nummer 1 war anders.")

    def shown():
        return {"Nummer 1 war anders." in as_(who).get(page).text for who in (cast.anna, cast.bernd) for page in pages}

    open_again = shown()
    read = {"read": recording.stamp_of(talk_of(recorded))}
    refused = as_(cast.bernd).post(address(recorded, "talk_record"), read, follow=True)
    recording.agree_levels(talk=talk_of(recorded), levels={first.id: 2}, reasons={})
    recording.record_talk(talk=talk_of(recorded), by=cast.bernd)
    recorded_again = shown()
    recording.acknowledge(talk=talk_of(recorded), by=cast.anna, declined=False, statement="")

    assert "Sie haben seit der Rückgabe nichts geändert." in refused.text
    assert (open_again, recorded_again, shown()) == ({True}, {True}, {False})


def test_a_statement_too_long_or_too_late_is_kept_on_the_page_or_refused(as_, recorded):
    client = as_(recorded.cast.anna)
    long = client.post(address(recorded, "talk_statement"), {"person_statement": "Sicht " * 400})
    recording.acknowledge(talk=talk_of(recorded), by=recorded.cast.anna, declined=False, statement="")
    late = client.post(address(recorded, "talk_statement"), {"person_statement": "Spät."}, follow=True)

    assert "höchstens 2000 Zeichen" in long.text
    assert "Sicht Sicht" in long.text
    assert "Ihre Stellungnahme bleibt, wie sie ist." in late.text
    assert talk_of(recorded).person_statement == ""


def test_the_widest_differences_come_first_on_the_page(as_, stage):
    stage.answer(stage.own, 1).answer(stage.manager, 1)
    far = stage.competencies[20]
    near = stage.competencies[5]
    saving.save_answers(pk=stage.manager.pk, by=stage.cast.bernd, levels={far.id: 3, near.id: 2})
    saving.release(pk=stage.own.pk, by=stage.cast.anna)
    saving.release(pk=stage.manager.pk, by=stage.cast.bernd)
    recording.begin_talk(participation=stage._again().participation)

    page = unescape(as_(stage.cast.bernd).get(address(stage)).text)

    order = [page.index(f'id="kompetenz-{c.number}"') for c in (far, near, stage.competencies[0])]
    assert order == sorted(order)
    assert 'Zuerst besprechen: zwei oder mehr Stufen Unterschied <span class="badge">1</span>' in page


def test_the_person_reads_what_is_agreed_but_cannot_change_it(as_, begun, first):
    recording.agree_levels(talk=talk_of(begun), levels={first.id: 3}, reasons={first.id: "Gezeigt."})
    client = as_(begun.cast.anna)

    page = client.get(address(begun)).text

    assert "Die Niederschrift ist in Arbeit." in page
    assert "Begründung: Gezeigt." in page
    assert 'name="agreed-' not in page
    assert client.post(address(begun), {f"agreed-{first.id}": "0"}).status_code == 404


def test_a_former_manager_is_not_said_to_correct_what_is_sent_back(as_, recorded):
    Person.objects.filter(pk=recorded.cast.anna.pk).update(manager=recorded.cast.clara)
    client = as_(recorded.cast.anna)

    page = " ".join(client.get(address(recorded)).text.split())
    sent = shown(recorded, return_reason="Die Stufe stimmt nicht.")
    said = client.post(address(recorded, "talk_send_back"), sent, follow=True).text

    for text in (page, said):
        assert "sobald die Personalentwicklung" in text.replace("Sobald", "sobald")
    assert (f"{recorded.cast.bernd} liest" in page, f"{recorded.cast.bernd} kann sie" in said) == (False, False)


def test_after_the_round_nothing_is_said_to_come_any_more(as_, released, words_of_pdfs):
    """Neither the record nor the answer to it."""
    released.talk()
    client, paper = as_(released.cast.anna), address(released, "participation_pdf")
    Round.objects.update(state="closed", closed_at=timezone.now())
    begun = client.get(address(released)).text
    Round.objects.update(state="open", closed_at=None)
    recording.record_talk(talk=released.participation.talk, by=released.cast.bernd)
    close_round(round_=released.round)

    recorded = [client.get(one).content.decode() for one in (address(released), paper)]

    assert "das Ergebnis wurde nicht festgehalten" in " ".join(begun.split())
    assert "in Arbeit" not in begun
    assert [("Anna Ärmel: keine Antwort." in one, "noch keine Antwort" in one) for one in recorded] == [
        (True, False)
    ] * 2


@pytest.mark.parametrize("name", ["talk_adopt", "talk_record", "talk_reopen"])
def test_there_is_no_record_before_the_talk_has_begun(as_, released, name):
    assert as_(released.cast.bernd).post(address(released, name)).status_code == 404


@pytest.mark.parametrize("agreed", [0, COMPETENCIES])
def test_talk_query_count(as_, begun, agreed, django_assert_num_queries):
    levels = dict(list(begun.levels(2).items())[:agreed])
    recording.agree_levels(talk=talk_of(begun), levels=levels, reasons={})
    client = as_(begun.cast.bernd)

    # session, user, participation; targets, assessments, ratings, remarks, agreed levels; answers, editable;
    # stock-taking, the note of an earlier plan; that it was read
    with django_assert_num_queries(13):
        client.get(address(begun))


def test_a_reason_may_be_written_before_its_level(as_, stage):
    stage.release_both()
    talk = recording.begin_talk(participation=stage.participation)
    first = stage.competencies[0]
    client = as_(stage.cast.bernd)

    client.post(reverse("assessments:talk", args=[stage.participation.pk]), {f"reason-{first.id}": "Noch zu klären."})

    assert list(talk.agreed_levels.values_list("level", "reason")) == [(None, "Noch zu klären.")]
    assert talk.levels() == {}
    assert "Noch zu klären." in client.get(talk.get_absolute_url()).text


def test_a_talk_page_that_does_not_say_what_it_has_shown_replaces_nothing(as_, begun, first):
    talk = begun.participation.talk
    recording.agree_levels(talk=talk, levels={first.id: 3}, reasons={first.id: "Neuer"})
    recording.note_frame(talk=talk, place="Raum 1")
    sent = {f"agreed-{first.id}": "1", f"reason-{first.id}": "Älter", "place": "Raum 9"}

    page = as_(begun.cast.bernd).post(reverse("assessments:talk", args=[begun.participation.pk]), sent)

    talk.refresh_from_db()
    assert page.status_code == 200
    assert (talk.levels()[first.id], talk.agreed_levels.get(competency=first.id).reason, talk.place) == (
        3, "Neuer", "Raum 1",
    )  # fmt: skip
    assert "Älter" in page.text


def test_an_older_window_of_the_talk_does_not_overwrite_a_newer_one(as_, begun, first):
    talk = talk_of(begun)
    recording.agree_levels(talk=talk, levels={first.id: 3}, reasons={first.id: "neu"})
    older = {
        f"agreed-{first.id}": "1",
        f"agreed-was-{first.id}": "1",
        f"reason-{first.id}": "",
        f"reason-was-{first.id}": "",
    }

    as_(begun.cast.bernd).post(reverse("assessments:talk", args=[begun.participation.pk]), older)

    agreed = talk.agreed_levels.get(competency=first.id)
    assert (agreed.level, agreed.reason) == (3, "neu")


# What was read, and what was typed ----------------------------------------------------------------

ANSWERS = {
    "talk_acknowledge": {"declined": "ja", "person_statement": "Mein Grund."},
    "talk_send_back": {"return_reason": "Mein Grund."},
}


def hidden_stamps(page):
    return set(re.findall(r'name="record_read" value="(.*?)"', page.text))


def correct(stage, **change):
    """The manager opens the record again, changes it, and puts it before the person once more."""
    recording.reopen_talk(talk=talk_of(stage))
    first = stage.competencies[0].id
    what = {"levels": {}, "reasons": {}} | {name: {first: value} for name, value in change.items() if name != "frame"}
    recording.agree_levels(talk=talk_of(stage), **what)
    recording.note_frame(talk=talk_of(stage), **change.get("frame", {}))
    recording.record_talk(talk=talk_of(stage), by=stage.cast.bernd)


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize(
    "change",
    [{"levels": 0}, {"reasons": "Neu."}, {"frame": {"place": "Raum 9"}}, {"frame": {"attendees": "Personalrat"}}, {}],
)
def test_nobody_answers_a_record_that_they_have_not_read(as_, recorded, clock, name, change):
    client = as_(recorded.cast.anna)
    (read,) = hidden_stamps(client.get(address(recorded)))
    clock.shift(60)
    correct(recorded, **change)

    page = client.post(address(recorded, name), ANSWERS[name] | {"record_read": read})

    said = "Bernd Şahin-Žižek hat die Niederschrift inzwischen geändert. Bitte lesen Sie sie noch einmal."
    assert (said in page.text, state_of(recorded)) == (True, TalkProgress.RECORDED)
    assert (Acknowledgement.objects.count(), talk_of(recorded).returned_at) == (0, None)
    assert [text in page.text for text in ANSWERS[name].values() if text != "ja"].count(False) == 0
    (again,) = hidden_stamps(page)
    client.post(address(recorded, name), ANSWERS[name] | {"record_read": again})
    assert state_of(recorded) != TalkProgress.RECORDED


def test_nobody_opens_a_record_again_that_a_deputy_has_put_there_since(as_, recorded, clock):
    client = as_(recorded.cast.bernd)
    deputy = Deputy.objects.create(manager=recorded.cast.bernd, person=recorded.cast.clara, until=in_days(5))
    deputy.people.add(recorded.cast.anna)
    (read,) = hidden_stamps(client.get(address(recorded)))
    clock.shift(60)
    recording.reopen_talk(talk=talk_of(recorded))
    recording.record_talk(talk=talk_of(recorded), by=of_a_session(recorded.cast.clara))

    page = client.post(address(recorded, "talk_reopen"), {"record_read": read}, follow=True)
    nothing_read = client.post(address(recorded, "talk_reopen"), follow=True)

    said = "Clara Chefin hat die Niederschrift inzwischen geändert. Bitte lesen Sie sie noch einmal."
    assert (said in page.text, said in nothing_read.text, state_of(recorded)) == (True, True, TalkProgress.RECORDED)
    assert talk_of(recorded).recorded_by == recorded.cast.clara
    (again,) = hidden_stamps(page)
    client.post(address(recorded, "talk_reopen"), {"record_read": again})
    assert state_of(recorded) == TalkProgress.STARTED


def test_a_form_that_comes_back_for_another_reason_has_read_no_newer_record(as_, recorded, clock):
    client = as_(recorded.cast.anna)
    (read,) = hidden_stamps(client.get(address(recorded)))
    clock.shift(60)
    correct(recorded, levels=0)

    page = client.post(
        address(recorded, "talk_acknowledge"), {"declined": "ja", "person_statement": "", "record_read": read}
    )

    assert hidden_stamps(page) == {read}


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("wrong", [{}, {"declined": "", "return_reason": " "}])
def test_what_was_typed_comes_back_when_the_record_is_open_again(as_, recorded, name, wrong):
    client = as_(recorded.cast.anna)
    (read,) = hidden_stamps(client.get(address(recorded)))
    recording.reopen_talk(talk=talk_of(recorded))
    sent = {field: wrong.get(field, text) for field, text in ANSWERS[name].items()} | {"record_read": read}

    page = client.post(address(recorded, name), sent, follow=True)

    assert "Nicht gespeichert: Die Niederschrift" in page.text
    kept = [text for field, text in sent.items() if field not in ("declined", "record_read") and text.strip()]
    assert [text for text in kept if text not in page.text] == []
    assert (state_of(recorded), Acknowledgement.objects.count()) == (TalkProgress.STARTED, 0)
    assert talk_of(recorded).person_statement == ""


def test_a_second_different_answer_is_not_called_saved_and_its_words_stay(as_, recorded):
    client = as_(recorded.cast.anna)
    client.post(
        address(recorded, "talk_acknowledge"), shown(recorded, declined="nein", person_statement="Erste Sicht.")
    )
    client.get("/")  # reads the message of the first

    other = ANSWERS["talk_acknowledge"]
    page = client.post(address(recorded, "talk_acknowledge"), shown(recorded, **other), follow=True)

    assert f"Sie haben schon am {date_format(TODAY)} geantwortet." in page.text
    assert "Mein Grund." in page.text
    assert "Ihre Antwort ist festgehalten." not in page.text
    assert talk_of(recorded).person_statement == "Erste Sicht."


def test_a_statement_that_is_too_late_stays_on_the_page(as_, recorded):
    recorded.confirm()

    page = as_(recorded.cast.anna).post(address(recorded, "talk_statement"), {"person_statement": "Späte Sicht."})

    assert ("Ihre Stellungnahme bleibt, wie sie ist." in page.text, "Späte Sicht." in page.text) == (True, True)


@pytest.mark.parametrize("name", ["talk", "talk_adopt"])
def test_what_a_manager_typed_into_a_record_that_stands_by_now_stays_on_the_page(as_, recorded, first, name):
    sent = {f"agreed-{first.id}": "3", f"reason-{first.id}": "Gezeigt.", "place": "Raum 77"}

    page = as_(recorded.cast.bernd).post(address(recorded, name), sent)

    assert "Das Ergebnis ist schon festgehalten." in page.text
    assert [text in page.text for text in ("Gezeigt.", "Raum 77")] == [True, True]


def test_sending_back_twice_ends_like_once(as_, recorded):
    client, sent = as_(recorded.cast.anna), shown(recorded, return_reason="Nummer 3 war anders.")
    client.post(address(recorded, "talk_send_back"), sent)
    client.get("/")

    page = client.post(address(recorded, "talk_send_back"), sent, follow=True)

    assert "Die Niederschrift ist zurückgegeben." in page.text
    assert Letter.objects.filter(person=recorded.cast.bernd, key__contains="returned").count() == 1


def shown_in(page):
    """What the page says of the frame that it has shown."""
    return dict(re.findall(r'name="(was-(?:held_on|place|attendees))" value="([^"]*)"', page.text))


def test_a_frame_that_was_overtaken_is_saved_with_the_second_sending(as_, stage):
    stage.release_both().talk()
    client, address = as_(stage.cast.bernd), reverse("assessments:talk", args=[stage.participation.pk])
    old = shown_in(client.get(address)) | {"held_on": str(TODAY), "attendees": ""}
    recording.note_frame(talk=talk_of(stage), place="Raum 1")

    told = client.post(address, old | {"place": "Raum 9"})
    stored = talk_of(stage).place
    client.post(address, old | shown_in(told) | {"place": "Raum 9"})

    assert ("Jetzt gespeichert: „Raum 1“." in told.text, shown_in(told)["was-place"], stored) == (
        True,
        "Raum 1",
        "Raum 1",
    )
    assert talk_of(stage).place == "Raum 9"


def test_a_day_that_was_wrong_has_still_not_seen_the_one_noted_since(as_, stage, clock):
    stage.release_both().talk()
    Talk.objects.update(held_on=None)
    client, address = as_(stage.cast.bernd), reverse("assessments:talk", args=[stage.participation.pk])
    old = shown_in(client.get(address)) | {"place": "", "attendees": ""}
    recording.note_frame(talk=talk_of(stage), held_on=TODAY, place="Raum 1")

    wrong = client.post(address, old | {"held_on": str(in_days(1))})
    clock.shift(timedelta(days=1))
    told = as_(stage.cast.bernd).post(address, old | shown_in(wrong) | {"held_on": str(in_days(1))})

    assert (wrong.status_code, shown_in(wrong)["was-held_on"]) == (200, "")
    assert (f"Jetzt gespeichert: „{TODAY}“." in told.text, talk_of(stage).held_on) == (True, TODAY)
    assert talk_of(stage).place == "Raum 1"  # nobody has typed anything else


def test_from_the_record_a_plan_is_drawn_up_at_once(as_, stage):
    stage.release_both().record().confirm()
    address = reverse("learningplans:draw_up", args=[stage.participation.pk])

    page = as_(stage.cast.anna).get(reverse("assessments:talk", args=[stage.participation.pk])).text

    assert (page.count(f'action="{address}"'), page.count(f'href="{address}"')) == (1, 0)


def test_who_has_handed_over_while_they_waited_records_nothing_for_who_has_taken_over(released):
    """It would be said for ever that they had stood in for somebody who knows nothing of it."""
    released.talk(1)
    Person.objects.filter(pk=released.cast.anna.pk).update(manager=released.cast.clara)
    hand_over(participations=[released.participation], by=released.cast.paula)

    for write in (
        lambda: recording.agree_levels(
            talk=talk_of(released), levels={released.competencies[0].id: 3}, reasons={}, by=released.cast.bernd
        ),
        lambda: recording.note_frame(talk=talk_of(released), place="Zimmer 3", by=released.cast.bernd),
        lambda: recording.record_talk(talk=talk_of(released), by=released.cast.bernd),
        lambda: in_place_of(released._again().participation, released.cast.bernd),
    ):
        with pytest.raises(TooLate, match="Inzwischen ist jemand anderes zuständig"):
            write()

    assert (talk_of(released).recorded_at, talk_of(released).place, set(talk_of(released).levels().values())) == (
        None,
        "",
        {1},
    )


def test_whose_talk_it_was_stays_so_after_a_hand_over(as_, recorded, clock):
    clock.shift(timedelta(days=1))
    Person.objects.filter(pk=recorded.cast.anna.pk).update(manager=recorded.cast.clara)
    hand_over(participations=[recorded.participation], by=recorded.cast.paula)
    client, heading = as_(recorded.cast.clara), f"Gespräch: Anna Ärmel und {recorded.cast.bernd}</h1>"
    told = [client.get(address(recorded)).text]
    client.post(address(recorded, "talk_reopen"), shown(recorded))
    told.append(client.get(address(recorded)).text)
    recording.record_talk(talk=talk_of(recorded), by=recorded.cast.clara)
    told.append(client.get(address(recorded)).text)

    assert [heading in page for page in told] == [True, True, True]
    assert talk_of(recorded).writer == "Clara Chefin"


def test_what_was_sent_back_is_said_of_the_version_that_it_was(as_, recorded, first, monkeypatch):
    """Nobody has sent back what was corrected since."""
    monkeypatch.setattr(pdf, "render_pdf", lambda name, context: render_to_string(name, context).encode())
    client, pages = as_(recorded.cast.anna), [address(recorded, name) for name in ("talk", "participation_pdf")]

    def said():
        return [" ".join(unescape(client.get(page).text).split()) for page in pages]

    recording.send_back(talk=talk_of(recorded), by=recorded.cast.anna, reason="Nummer 1 war anders.")
    before = said()
    recording.agree_levels(talk=talk_of(recorded), levels={first.id: 2}, reasons={})
    recording.record_talk(talk=talk_of(recorded), by=recorded.cast.bernd)

    assert ["Eine frühere Fassung, am" in page for page in before] == [False, False]
    assert ["Eine frühere Fassung, am" in page for page in said()] == [True, True]


def test_a_record_that_is_saved_as_it_was_has_not_been_changed(begun):
    recording.note_frame(talk=talk_of(begun), seen={"place": ""}, place="", by=begun.cast.bernd)

    assert not Access.objects.filter(what=Access.What.TALK, how=Access.How.CHANGED).exists()
