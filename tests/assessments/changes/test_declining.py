"""Not taking part in a voluntary round: one click, neutral everywhere, and the way back is the person's to ask for."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from assessments.answering import paper_entry, saving
from assessments.changes import declining
from assessments.changes.adjusting import adjust_targets
from assessments.changes.handing_over import hand_over
from assessments.models import (
    Assessment,
    HandOver,
    Participation,
    PeerNomination,
    PeerTally,
    Progress,
    Rating,
    Remark,
    Round,
    StockTaking,
    Talk,
)
from assessments.pdf import about_comparison
from assessments.peers import asking
from assessments.rounds import late_entry, running
from assessments.rounds.closing import close_round
from assessments.rounds.progress import counted
from assessments.talk import recording
from assessments.talk.comparison import Comparison
from assessments.telling import open_steps
from assessments.telling.calendar import events_of
from assessments.telling.tasks import participations_of, tasks_of
from kompetenz.letters.models import Letter
from kompetenz.people.models import Person
from kompetenz.refusals import Refused, TooLate
from learningplans.drafting import drawing_up
from learningplans.models import LearningPlan
from tests.clock import TODAY, in_days
from tests.conftest import Stage, of_a_session

NOT_TAKING_PART = "nimmt nicht teil"


def address(stage, name):
    return reverse(f"assessments:{name}", args=[stage.participation.pk])


@pytest.fixture
def declined(stage):
    """anna has declined; dora still takes part."""
    declining.decline(participation=stage.participation)
    return stage._again()


def monitor(client, stage, **narrowed):
    return " ".join(client.get(stage.round.get_absolute_url(), narrowed).text.split())


@pytest.mark.usefixtures("blank_pdfs")
@pytest.mark.parametrize("name", ["participation_pdf", "form_pdf", "targets"])
@pytest.mark.parametrize("who", ["anna", "bernd"])
def test_of_who_declined_nothing_is_drawn_or_printed(as_, stage, name, who):
    client = as_(getattr(stage.cast, who))
    found = [client.get(address(stage, name)).status_code]
    declining.decline(participation=stage.participation)

    found.append(client.get(address(stage, name)).status_code)

    assert found == ([404, 404] if (name, who) == ("targets", "anna") else [200, 404])


# Declining ----------------------------------------------------------------------------------------


def test_one_click_without_a_reason_on_a_page_that_says_what_it_means(as_, stage):
    client = as_(stage.cast.anna)
    way = client.get(stage.participation.get_absolute_url()).text
    page = " ".join(client.get(address(stage, "decline")).text.split())

    answer = client.post(address(stage, "decline"), follow=True).text

    assert address(stage, "decline") in way
    assert "Gelöscht wird alles, was in dieser Runde über Sie geschrieben ist:" in page
    assert ("Bernd Şahin-Žižek" in page, "<textarea" in page) == (True, False)
    assert "Sie nehmen an dieser Runde nicht teil." in answer
    assert stage._again().participation.declined_on == TODAY


def test_who_leads_the_person_no_more_is_not_said_to_read_that_they_decline(as_, stage):
    Person.objects.filter(pk=stage.cast.anna.pk).update(manager=stage.cast.clara)

    page = " ".join(as_(stage.cast.anna).get(address(stage, "decline")).text.split())

    assert "Personalentwicklung und Ihre Führungskraft lesen nur" in page
    assert "Fremdeinschätzung von Bernd Şahin-Žižek" in page  # that is whose it is


def test_a_binding_round_cannot_be_declined(as_, cast):
    stage = Stage(cast, is_voluntary=False)
    client = as_(cast.anna)

    page = client.get(stage.participation.get_absolute_url()).text
    pressed = client.post(address(stage, "decline"), follow=True).text

    assert address(stage, "decline") not in page
    assert declining.BINDING in pressed
    assert stage._again().participation.takes_part


@pytest.mark.parametrize("how", ["closed", "recorded"])
def test_what_has_ended_cannot_be_declined_any_more(stage, how):
    if how == "closed":
        close_round(round_=stage.round)
    else:
        stage.release_both().record()

    with pytest.raises(TooLate):
        declining.decline(participation=stage.participation)

    assert stage._again().participation.takes_part


def test_what_was_recorded_and_sent_back_is_not_declined_away(as_, stage):
    talk = stage.release_both().record().participation.talk
    recording.send_back(talk=talk, by=stage.cast.anna, reason="x")
    client = as_(stage.cast.anna)

    page = client.get(stage.participation.get_absolute_url()).text
    answer = client.post(address(stage, "decline"), follow=True).text

    assert (address(stage, "decline") in page, Talk.objects.count()) == (False, 1)
    assert "Es bleibt, bis es berichtigt ist" in answer
    assert stage._again().manager.released_at is not None


def test_what_its_writer_has_opened_again_can_be_declined_and_a_drafted_plan_goes_with_it(as_, stage):
    stage.release_both().record()
    drawing_up.draw_up_plan(participation=stage.participation)
    recording.reopen_talk(talk=stage.participation.talk)

    answer = as_(stage.cast.anna).post(address(stage, "decline"), follow=True)

    assert (answer.status_code, LearningPlan.objects.count()) == (200, 0)
    assert not stage._again().participation.takes_part


def test_nobody_declines_for_somebody_else(as_, stage):
    cast = stage.cast
    answers = [as_(who).post(address(stage, "decline")).status_code for who in (cast.bernd, cast.paula, cast.dora)]

    assert (answers, stage._again().participation.takes_part) == ([404] * 3, True)


def test_a_talk_to_come_leaves_both_calendars(stage):
    at = timezone.now() + timedelta(days=9)
    Participation.objects.filter(pk=stage.participation.pk).update(talk_at=at, talk_place="Zimmer 12")
    stage._again()
    Letter.objects.all().delete()

    declining.decline(participation=stage.participation)

    off = Letter.objects.filter(key__startswith="talks-off-")
    assert sorted(off.values_list("person__first_name", flat=True)) == ["Anna", "Bernd"]


def test_declining_twice_changes_nothing(declined):
    Participation.objects.filter(pk=declined.participation.pk).update(asks_back_on=TODAY)

    declining.decline(participation=declined.participation)

    assert declined._again().participation.asks_back_on == TODAY


def test_nothing_that_anybody_has_written_is_kept(cast):
    stage = Stage(cast, has_peers=True, peer_due=in_days(7))
    first = stage.competencies[0].id
    adjust_targets(participation=stage.participation, changes={first: (3, "Neues Amt.")}, by=stage.cast.bernd)
    asking.nominate(participation=stage.participation, colleague=cast.fremd)
    PeerTally.objects.create(participation=stage.participation, competency_id=first, level=2, count=1)
    saving.save_answers(pk=stage.own.pk, by=cast.anna, remarks={first: "Meins."})
    StockTaking.objects.create(participation=stage.participation, tasks="Alles.", shared_at=timezone.now())
    stage.release_both().talk()
    Participation.objects.filter(pk=stage.participation.pk).update(talk_at=timezone.now() + timedelta(days=3))

    declining.decline(participation=stage.participation)

    left = [
        model.objects.filter(**{at: stage.participation}).count()
        for model, at in (
            (Rating, "assessment__participation"),
            (Remark, "assessment__participation"),
            (PeerNomination, "participation"),
            (PeerTally, "participation"),
            (StockTaking, "participation"),
            (Talk, "participation"),
        )
    ]
    row = stage._again().participation
    assert left == [0] * 6
    assert set(row.assessments.values_list("kind", "released_at")) == {("self", None), ("manager", None)}
    assert (row.self_state, row.manager_state, row.talk_state, row.talk_at) == (0, 0, 0, None)
    assert not row.targets.exclude(reason="").exists()


def test_nor_the_day_of_a_talk_that_a_former_manager_had_noted(cast):
    stage = Stage(cast).release_both().talk()
    Talk.objects.update(held_on=TODAY)
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.clara)
    (handed_over,) = hand_over(participations=[stage._again().participation], by=cast.paula)

    declining.decline(participation=stage.participation)

    assert handed_over.talk_held_on == TODAY
    assert HandOver.objects.get().talk_held_on is None


# Neutral everywhere -------------------------------------------------------------------------------


def test_the_manager_reads_that_and_nothing_else(as_, declined):
    cast = declined.cast
    client = as_(cast.bernd)

    team = client.get(reverse("assessments:team")).text.split("Anna Ärmel</a></th>")[1].split("</tr>")[0]
    page = client.get(declined.participation.get_absolute_url()).text
    form = client.get(declined.manager.get_absolute_url())

    assert (NOT_TAKING_PART in team, "noch nicht begonnen" in team, "<a " in team) == (True, False, False)
    assert (NOT_TAKING_PART in page, "nicht teil seit" in page, "Fremdeinschätzung ansehen" in page) == (
        True,
        False,
        False,
    )
    assert form.status_code == 404


def test_nobody_is_asked_or_reminded_of_anything(declined, clock):
    cast, round_ = declined.cast, declined.round
    Participation.objects.exclude(pk=declined.participation.pk).delete()
    Letter.objects.all().delete()
    clock.shift(timedelta(days=15))  # everything is due

    asked = {who: tasks_of(who, participations_of(who)) for who in (cast.anna, cast.bernd, cast.paula)}
    dates = [events_of(who, participations_of(who)) for who in (cast.anna, cast.bernd)]
    open_steps.remind_of_deadlines(timezone.localdate(timezone.now()))
    by_hand = open_steps.remind(participations=round_.participations.all(), by=cast.paula)

    assert ([*asked.values()], dates, by_hand, Letter.objects.count()) == ([[], [], []], [[], []], 0, 0)


def test_no_list_to_take_along_names_them(as_, declined):
    client = as_(declined.cast.paula)
    for narrowed in ({}, {"stand": "nicht-dabei"}):
        response = client.get(reverse("assessments:round_list", args=[declined.round.pk]), narrowed)
        cells = [str(cell.value) for row in load_workbook(io.BytesIO(response.content)).active for cell in row]
        assert "Ärmel, Anna" not in cells
        assert not any("von 2 Personen" in cell for cell in cells)


def test_hr_does_nothing_with_them(as_, declined):
    cast, round_, pk = declined.cast, declined.round, declined.participation.pk
    client = as_(cast.paula)

    for action in ("extend", "pause", "resume", "remove", "remind"):
        chosen = client.get(reverse(f"assessments:round_{action}", args=[round_.pk]), {"wahl": pk})
        assert chosen.status_code == 302, action
    running.pause(round_=round_, participations=[declined.participation])
    running.remove(round_=round_, participations=[declined.participation], agreed_loss=9)

    assert declined._again().participation.paused_on is None


def test_hr_has_no_way_to_take_them_in_again_unasked(as_, declined):
    cast, round_ = declined.cast, declined.round
    with pytest.raises(late_entry.NotAble) as problem:
        late_entry.begin_admitting(round_=round_, people=[cast.anna, cast.dora])
    [entry] = problem.value.unable

    pressed = as_(cast.paula).post(
        reverse("assessments:round_take_in", args=[round_.pk, declined.participation.pk]), follow=True
    )

    assert entry.person == cast.anna
    assert NOT_TAKING_PART in entry.obstacle
    assert "Anna Ärmel hat nicht darum gebeten." in pressed.text
    assert not declined._again().participation.takes_part


def test_hr_who_names_them_reads_that_only_they_themselves_can_ask(as_, declined):
    cast, round_ = declined.cast, declined.round
    dues = {name: str(in_days(40)) for name in ("self_due", "manager_due", "talk_due")}

    page = as_(cast.paula).post(
        reverse("assessments:round_admit", args=[round_.pk]), {"person": [cast.anna.pk], **dues}, follow=True
    )

    words = " ".join(page.text.split())
    assert "Noch ist niemand aufgenommen" in words
    assert (
        "Ärmel, Anna (0003 · 10.1 Digitalisierung) nimmt nicht teil. Wieder aufgenommen wird nur, wer selbst darum bittet"
        in words
    )
    assert "Alle Genannten nehmen schon teil." not in words


def test_nothing_can_be_written_any_more(declined):
    cast, first = declined.cast, declined.competencies[0].id
    for kind, by in (("self", cast.anna), ("manager", cast.bernd)):
        assessment = Assessment.objects.get(participation=declined.participation, kind=kind)
        with pytest.raises(Refused):
            saving.save_answers(pk=assessment.pk, by=by, levels={first: 1})
        with pytest.raises(Refused):
            saving.release(pk=assessment.pk, by=by)
    with pytest.raises(Refused, match="nimmt an dieser Runde nicht teil"):
        paper_entry.enter(participation=declined.participation, by=cast.paula, levels=declined.levels(1))
    with pytest.raises(Refused):
        adjust_targets(participation=declined.participation, changes={first: (3, "Doch.")}, by=declined.cast.bernd)


def test_a_changed_manager_is_no_task_of_hrs(declined):
    declined.cast.anna.manager = declined.cast.clara
    declined.cast.anna.save()

    assert not declined.round.participations.to_hand_over().exists()


# Taking part after all ----------------------------------------------------------------------------


def test_who_asks_is_taken_in_again_with_time_enough_and_begins_anew(as_, declined, clock):
    cast = declined.cast
    asked = as_(cast.anna).post(address(declined, "ask_back"), follow=True).text
    clock.shift(timedelta(days=20))
    hr = as_(cast.paula)
    task, listed = (
        hr.get("/").text,
        hr.get(reverse("assessments:round_changes", args=[declined.round.pk]), {"art": "doch"}),
    )

    done = hr.post(
        reverse("assessments:round_take_in", args=[declined.round.pk, declined.participation.pk]), follow=True
    )

    row = declined._again().participation
    today = timezone.localdate(timezone.now())
    assert "Sie haben am" in asked
    assert ("Person möchte doch teilnehmen" in task, "Anna Ärmel" in listed.text) == (True, True)
    assert "Anna Ärmel nimmt wieder teil." in done.text
    assert (row.declined_on, row.asks_back_on, row.admitted_on, row.self_state) == (None, None, today, Progress.OPEN)
    assert row.self_due >= today + timedelta(days=14)
    assert row.self_due <= row.talk_due
    told = Letter.objects.filter(key__contains="-again-").values_list("person__first_name", flat=True)
    assert sorted(told) == ["Anna", "Bernd"]
    declined.release_both()
    assert declined.participation.both_released


LAY_OPEN = "in dieser Runde kannte eine Seite bis zum"


def nothing(stage):
    """Drafts on both sides."""
    stage.answer(stage.own)
    stage.answer(stage.manager)


def one_side(stage):
    stage.release(stage.manager)


def the_person(stage):
    """Has seen the Soll with that, where the round hides it before."""
    stage.release(stage.own)


def the_person_with_the_soll_open(stage):
    Round.objects.filter(pk=stage.round.pk).update(hides_target=False)
    stage.release(stage.own)


def released_with_the_soll_open(stage):
    Round.objects.filter(pk=stage.round.pk).update(hides_target=False)
    stage.release_both()


def the_manager_has_typed(stage):
    stage.release(stage.manager)
    paper_entry.enter(participation=stage._again().participation, by=stage.cast.bernd, levels=stage.levels(1))


def hr_has_typed(stage):
    paper_entry.enter(participation=stage.participation, by=stage.cast.paula, levels=stage.levels(1))


@pytest.mark.parametrize(
    ("before", "disclosure", "said"),
    [
        (nothing, "both", False),
        (one_side, "both", False),
        (one_side, "each", True),
        (Stage.release_both, "both", True),
        (the_person, "both", True),
        (the_person_with_the_soll_open, "both", False),
        (Stage.talk, "talk", True),
        (released_with_the_soll_open, "talk", False),
        (the_manager_has_typed, "both", True),
        (hr_has_typed, "both", False),
    ],
)
def test_who_is_taken_in_again_after_what_one_side_has_read_rates_with_that_said(as_, cast, before, disclosure, said):
    """Both rate anew, and one of them knows what the other had said: page, talk and paper say so for ever."""
    stage = Stage(cast, disclosure=disclosure)
    if before is Stage.talk:
        stage.release_both()
    before(stage)
    declining.decline(participation=stage._again().participation)
    hidden = as_(cast.bernd).get(stage.participation.get_absolute_url()).text
    declining.ask_back(participation=stage.participation)
    declining.take_in_again(participation=stage._again().participation)
    declining.decline(participation=stage._again().participation)  # a second time nothing lay open
    declining.ask_back(participation=stage.participation)
    declining.take_in_again(participation=stage._again().participation)
    stage._again().release_both()

    seen = Comparison(stage._again().participation, of_a_session(cast.bernd))
    assert LAY_OPEN not in hidden
    assert stage.participation.known_until == (TODAY if said else None)
    assert (LAY_OPEN in dict(about_comparison(seen))["Frühere Einschätzungen"]) == said
    for who in (cast.anna, cast.bernd):
        pages = (stage.participation.get_absolute_url(), address(stage, "talk"))
        assert [LAY_OPEN in as_(who).get(page).text for page in pages] == [said, said]


def test_not_taking_part_sent_twice_ends_like_once(as_, stage):
    client = as_(stage.cast.anna)

    answers = [client.post(address(stage, "decline")) for _ in range(2)]

    assert [one.headers.get("Location") for one in answers] == [stage.participation.get_absolute_url()] * 2
    assert "Sie nehmen an dieser Runde nicht teil." in client.get(stage.participation.get_absolute_url()).text


def test_asking_and_being_taken_in_twice_says_what_is_so(as_, declined):
    cast, take_in = (
        declined.cast,
        reverse("assessments:round_take_in", args=[declined.round.pk, declined.participation.pk]),
    )
    asked = [as_(cast.anna).post(address(declined, "ask_back"), follow=True).text for _ in range(2)]
    as_(cast.paula).post(take_in)

    again = as_(cast.paula).post(take_in, follow=True).text
    late = as_(cast.anna).post(address(declined, "ask_back"), follow=True).text

    assert ["liest, dass Sie doch teilnehmen möchten" in page for page in asked] == [True, True]
    assert ("Anna Ärmel nimmt an dieser Runde teil." in again, "nicht darum gebeten" in again) == (True, False)
    assert "Sie nehmen an dieser Runde teil." in late
    assert declined._again().participation.asks_back_on is None


def test_only_the_person_asks_and_only_while_the_round_runs(as_, declined):
    cast = declined.cast
    others = [as_(who).post(address(declined, "ask_back")).status_code for who in (cast.bernd, cast.paula, cast.dora)]
    close_round(round_=declined.round)
    page = as_(cast.anna).get(declined.participation.get_absolute_url()).text
    as_(cast.anna).post(address(declined, "ask_back"))

    assert (others, "Ich möchte doch teilnehmen" in page) == ([404] * 3, False)
    assert declined._again().participation.asks_back_on is None


def test_the_start_page_of_who_has_declined_is_calm(as_, declined):
    page = as_(declined.cast.anna).get("/").text

    assert ("Sie nehmen nicht teil" in page, "überfällig" in page, "Selbsteinschätzung ausfüllen" in page) == (
        True,
        False,
        False,
    )


@pytest.mark.parametrize("state", ["opened", "answered"])
def test_the_database_keeps_nothing_of_who_has_declined(stage, state):
    if state == "answered":
        stage.release_both()
    declining.decline(participation=stage.participation)

    assert [one.participants for one in counted(Round.objects.all())] == [1]
    assert Participation.objects.taking_part().count() == 1


def test_opening_the_page_declines_nothing(as_, stage, monkeypatch):
    """Also where what kept the person from it is gone at that moment."""
    stage.release_both().record()
    monkeypatch.setattr(Participation, "talk_is_recorded", True)
    declined = []
    monkeypatch.setattr(declining, "decline", lambda **asked: declined.append(asked))

    page = as_(stage.cast.anna).get(address(stage, "decline"), follow=True)

    assert (declined, declining.TOO_LATE in page.text) == ([], True)
