"""Whoever has waited for somebody else's lock writes by what is so then, and not by what was when they began to wait.

On SQLite one writer waits for the other before it reads anything.
"""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.answering import paper_entry, saving, stock_taking
from assessments.answering.stock_taking import WHAT_WENT_IN
from assessments.changes import adjusting, declining, earlier_rounds, handing_over
from assessments.changes.deciding import decide
from assessments.models import (
    Assessment,
    EarlierRoundsConsent,
    Participation,
    Progress,
    Rating,
    Round,
    StockTaking,
    Talk,
    TalkProgress,
    TargetChange,
)
from assessments.peers import asking
from assessments.rounds.closing import Loss, close_round
from assessments.rounds.running import remove
from assessments.talk import appointment, recording
from kompetenz.people.models import Person
from kompetenz.refusals import Refused
from learningplans.drafting.drawing_up import draw_up_plan
from learningplans.drafting.holding import OutOfState
from learningplans.models import LearningPlan, PlanChange
from roles.models import Requirement
from tests.assessments.changes.test_following import rename
from tests.clock import in_days
from tests.learningplans.making import participation_of, plan_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="there nobody waits for a row"),
]
UNTIL_IT_WAITS = 0.7  # seconds


class Meanwhile(threading.Thread):
    """``act`` on a connection of its own; ``said`` is what it has answered or raised."""

    def __init__(self, act):
        super().__init__()
        self.act, self.said = act, None
        self.start()

    def run(self):
        try:
            self.said = self.act()
        except Exception as problem:  # noqa: BLE001 - told to the test
            self.said = problem
        finally:
            connection.close()


def wait():
    time.sleep(UNTIL_IT_WAITS)


# A round ends --------------------------------------------------------------------------------------------------------


def untouched(stage):
    return stage


def half_answered(stage):
    saving.save_answers(pk=stage.own.pk, by=stage.cast.anna, levels={stage.competencies[0].id: 2})


def all_answered(stage):
    stage.answer(stage.own)


def own_released(stage):
    Round.objects.update(hides_target=False)
    stage.release(stage.own)


def entered(stage):
    paper_entry.enter(participation=stage.participation, by=stage.cast.paula, levels=stage.levels(1))


def both_released(stage):
    stage.release_both()


def talk_begun(stage):
    stage.release_both().talk()


def recorded(stage):
    stage.release_both().record()


def with_colleagues(stage):
    Round.objects.update(has_peers=True, peer_due=in_days(7))


def asked(stage):
    with_colleagues(stage)
    asking.nominate(participation=stage.participation, colleague=stage.cast.fremd)


def role_changed(stage):
    Requirement.objects.filter(profile=stage.participation.profile).update(level=1)


def voluntary(stage):
    Round.objects.update(is_voluntary=True)


def first(stage):
    return stage.competencies[0].id


def draft_of_fremd(stage):
    return Assessment.objects.get(kind="peer", rater=stage.cast.fremd).pk


WRITING = {
    "an answer": (
        untouched, lambda s: saving.save_answers(pk=s.own.pk, by=s.cast.anna, levels={first(s): 3})),
    "a remark": (
        half_answered, lambda s: saving.save_answers(pk=s.own.pk, by=s.cast.anna, remarks={first(s): "Ja"})),
    "a release": (all_answered, lambda s: saving.release(pk=s.own.pk, by=s.cast.anna)),
    "taking it back": (own_released, lambda s: saving.take_back(pk=s.own.pk, by=s.cast.anna)),
    "a paper": (
        untouched,
        lambda s: paper_entry.enter(participation=s.participation, by=s.cast.paula, levels=s.levels(1))),
    "beginning the talk": (
        both_released, lambda s: recording.begin_talk(participation=s.participation, by=s.cast.bernd)),
    "an agreed level": (
        talk_begun,
        lambda s: recording.agree_levels(talk=Talk.objects.get(), levels={first(s): 3}, reasons={}, by=s.cast.bernd)),
    "the record": (talk_begun, lambda s: recording.record_talk(talk=Talk.objects.get(), by=s.cast.bernd)),
    "its correction": (recorded, lambda s: recording.reopen_talk(talk=Talk.objects.get(), by=s.cast.bernd)),
    "its answer": (
        recorded,
        lambda s: recording.acknowledge(talk=Talk.objects.get(), by=s.cast.anna, declined=False, statement="")),
    "sending it back": (
        recorded, lambda s: recording.send_back(talk=Talk.objects.get(), by=s.cast.anna, reason="Nein")),
    "a statement": (talk_begun, lambda s: recording.state_own_view(talk=Talk.objects.get(), text="Anders")),
    "a date": (
        both_released,
        lambda s: appointment.set_talk_date(
            participation=s.participation, at=timezone.now() + timedelta(days=3), place="", by=s.cast.bernd)),
    "the Bestandsaufnahme": (
        untouched,
        lambda s: stock_taking.save_stock_taking(
            participation=s.participation, answers=dict.fromkeys(WHAT_WENT_IN[:5], "x") | dict.fromkeys(WHAT_WENT_IN[5:]))),
    "the Soll": (
        untouched,
        lambda s: adjusting.adjust_targets(
            participation=s.participation, changes={s.participation.targets.first().competency_id: (3, "Neu")},
            by=s.cast.bernd)),
    "asking a colleague": (
        with_colleagues, lambda s: asking.nominate(participation=s.participation, colleague=s.cast.fremd)),
    "a colleague's no": (asked, lambda s: asking.decline(pk=draft_of_fremd(s), by=s.cast.fremd)),
    "a colleague's answer": (
        asked, lambda s: saving.save_answers(pk=draft_of_fremd(s), by=s.cast.fremd, levels={first(s): 3})),
    "not taking part": (voluntary, lambda s: declining.decline(participation=s.participation)),
}  # fmt: skip


def what_is_stored():
    """Of what the two have said and of their participation, as it stands."""
    models = (Participation, Assessment, Rating, Talk, StockTaking)
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.parametrize("what", WRITING)
def test_what_has_waited_while_the_round_ended_comes_too_late(stage, what):
    prepare, act = WRITING[what]
    prepare(stage)
    stage._again()

    with transaction.atomic():
        Participation.objects.select_for_update().get(pk=stage.participation.pk)
        late = Meanwhile(lambda: act(stage))
        wait()
        assert late.is_alive()
        close_round(round_=stage.round)
        before = what_is_stored()
    late.join()

    assert isinstance(late.said, Refused)
    assert what_is_stored() == before


# It is gone, or they take no part any more -----------------------------------------------------------------------------


def removed(stage):
    remove(round_=stage.round, participations=[stage.participation], agreed_loss=1, by=stage.cast.paula)


def declined(stage):
    voluntary(stage)
    declining.decline(participation=stage.participation)


IN_THE_MAKING = sorted(what for what, (prepare, _) in WRITING.items() if prepare is not recorded)


@pytest.mark.parametrize("ends", [removed, declined])
@pytest.mark.parametrize("what", IN_THE_MAKING)
def test_what_has_waited_while_it_was_removed_or_declined_is_told_so(stage, what, ends):
    """And not that the round has ended, or somebody else is responsible; to a colleague nothing of it."""
    prepare, act = WRITING[what]
    prepare(stage)
    stage._again()

    with transaction.atomic():
        ends(stage)
        late = Meanwhile(lambda: act(stage))
        wait()
        assert late.is_alive()
        before = what_is_stored()
    late.join()

    assert what_is_stored() == before
    if (what, ends) == ("not taking part", declined):
        assert late.said is None  # said already
        return
    assert isinstance(late.said, Refused), late.said
    told = {removed: ("entfernt", "gibt es nicht mehr", "gibt sie nicht mehr"), declined: ("nimmt an dieser Runde",)}
    if "colleague's" in what:
        assert "gibt" in str(late.said)
        assert "nimmt an dieser Runde" not in str(late.said)
    else:
        assert any(words in str(late.said) for words in told[ends]), late.said


def test_whoever_declines_what_hr_removes_at_that_moment_reads_so(stage):
    voluntary(stage)
    window = Client(raise_request_exception=False)
    window.force_login(stage.cast.anna)
    with transaction.atomic():
        removed(stage)
        late = Meanwhile(lambda: window.post(reverse("assessments:decline", args=[stage.participation.pk])))
        wait()
    late.join()

    assert late.said.status_code == 302
    assert "Die Teilnahme ist inzwischen aus der Runde entfernt." in window.get(late.said.url).text


@pytest.mark.parametrize("answer", [paper_entry.confirm_entry, paper_entry.reject_entry])
def test_a_paper_is_answered_before_the_round_ends_or_deleted_with_it(stage, answer):
    """And never released with nothing in it."""
    entered(stage)
    with transaction.atomic():
        Participation.objects.select_for_update().get(pk=stage.participation.pk)
        answering = Meanwhile(lambda: answer(pk=stage.own.pk, by=stage.cast.anna))
        wait()
        closing = Meanwhile(lambda: close_round(round_=stage.round))
        wait()
    answering.join()
    closing.join()

    is_confirmed = answering.said is True and answer is paper_entry.confirm_entry
    assert isinstance(closing.said, Loss)
    assert (stage._again().participation.self_state, Rating.objects.count()) == (
        (Progress.RELEASED, len(stage.competencies)) if is_confirmed else (Progress.OPEN, 0)
    )


def test_a_decision_on_the_soll_is_taken_before_the_round_ends_or_not_at_all(stage):
    role_changed(stage)
    rows, done = list(Participation.objects.all()), []
    with transaction.atomic():
        Participation.objects.select_for_update().get(pk=stage.participation.pk)
        deciding = Meanwhile(lambda: done.append(decide(participations=rows, take_over=True, by=stage.cast.paula)))
        wait()
        closing = Meanwhile(lambda: done.append(close_round(round_=stage.round)))
        wait()
    deciding.join()
    closing.join()

    assert [type(one) for one in done] in ([list, Loss], [Loss, list])
    assert bool(TargetChange.objects.exists()) is (type(done[0]) is list)


def test_a_round_does_not_end_under_somebody_who_writes(stage):
    """What is typed in from paper at that moment is counted among what is deleted, and deleted."""
    with transaction.atomic():
        entered(stage)
        closing = Meanwhile(lambda: close_round(round_=stage.round))
        wait()
    closing.join()

    assert isinstance(closing.said, Loss)
    assert (stage._again().participation.self_state, Rating.objects.count()) == (Progress.OPEN, 0)
    assert stage.round.pk in Round.objects.filter(state="closed").values_list("pk", flat=True)


def test_a_round_ends_while_names_follow_those_whose_papers_are_typed_in(stage):
    """Both hold participations by their ids: neither waits for one that the other holds and got first."""
    before, after = Participation.objects.order_by("pk")
    Participation.objects.filter(pk=after.pk).update(self_state=Progress.ENTERED)
    with transaction.atomic():
        Participation.objects.select_for_update().get(pk=before.pk)
        closing = Meanwhile(lambda: close_round(round_=stage.round))
        wait()
        Participation.objects.select_for_update(nowait=True).get(pk=after.pk)
    closing.join()

    assert closing.said == Loss(1, 0)


# Somebody else takes over --------------------------------------------------------------------------------------------


def hand_over(stage):
    """anna has another manager, and what runs with her goes to that one, in one transaction as HR does it for all of somebody's people."""
    Person.objects.filter(pk=stage.cast.anna.pk).update(manager=stage.cast.clara)
    assert handing_over.hand_over(participations=[stage.participation], by=stage.cast.paula)


OF_THE_MANAGER = {
    "beginning the talk": WRITING["beginning the talk"],
    "an agreed level": WRITING["an agreed level"],
    "the frame": (
        talk_begun,
        lambda s: recording.note_frame(talk=Talk.objects.get(), seen={"place": ""}, place="Zimmer 3", by=s.cast.bernd)),
    "the record": WRITING["the record"],
    "its correction": WRITING["its correction"],
    "a date": WRITING["a date"],
    "the Soll": WRITING["the Soll"],
    "a release": (
        lambda s: s.answer(s.manager), lambda s: saving.release(pk=s.manager.pk, by=s.cast.bernd)),
    "a paper": (
        lambda s: s.release(s.manager),
        lambda s: paper_entry.enter(participation=s.participation, by=s.cast.bernd, levels=s.levels(1))),
}  # fmt: skip


@pytest.mark.parametrize("what", OF_THE_MANAGER)
def test_nobody_acts_for_the_manager_who_has_taken_over_while_they_waited(stage, what):
    """It would be said that the former one stands in for the new one, who knows nothing of it."""
    prepare, act = OF_THE_MANAGER[what]
    prepare(stage)
    stage._again()

    with transaction.atomic():
        hand_over(stage)
        late = Meanwhile(lambda: act(stage))
        wait()
        assert late.is_alive()
        before = what_is_stored()
    late.join()

    assert isinstance(late.said, Refused)
    assert what_is_stored() == before


def test_on_the_page_it_is_as_if_they_had_come_later(stage):
    talk_begun(stage)
    window = Client()
    window.force_login(stage.cast.bernd)
    address = reverse("assessments:talk_record", args=[stage.participation.pk])
    read = window.get(address).context["read"]

    with transaction.atomic():
        hand_over(stage)
        late = Meanwhile(lambda: window.post(address, {"read": read}))
        wait()
    late.join()

    assert late.said.status_code == 302
    assert Talk.objects.get().recorded_at is None


def test_a_draft_is_not_agreed_to_by_who_has_just_handed_it_over(cast):
    participation = participation_of(cast.anna)
    participation.assessments.create(kind=Assessment.Kind.MANAGER, rater=cast.bernd, released_at=timezone.now())
    plan = plan_of(participation)
    LearningPlan.objects.filter(pk=plan.pk).update(agreed_by_person_on=in_days(0))
    window = Client()
    window.force_login(cast.bernd)

    with transaction.atomic():
        Person.objects.filter(pk=cast.anna.pk).update(manager=cast.clara)
        assert handing_over.hand_over(participations=[participation], by=cast.paula)
        late = Meanwhile(lambda: window.post(reverse("learningplans:agree", args=[plan.pk]), {"read": plan.stamp}))
        wait()
    late.join()

    assert late.said.status_code == 404
    assert LearningPlan.objects.get().agreed_by_manager_on is None


# Neither waits for what the other holds ------------------------------------------------------------------------------


def test_whoever_declines_while_it_is_handed_over_is_done_after_it(cast):
    """Both hold the draft of the plan first."""
    participation = participation_of(cast.anna, talk_state=TalkProgress.STARTED)
    Round.objects.update(is_voluntary=True)
    participation.assessments.create(kind=Assessment.Kind.SELF, rater=cast.anna, released_at=timezone.now())
    participation.assessments.create(kind=Assessment.Kind.MANAGER, rater=cast.bernd, released_at=timezone.now())
    plan = plan_of(participation)

    with transaction.atomic():
        LearningPlan.objects.select_for_update(no_key=True).get(pk=plan.pk)  # as a hand-over does first
        late = Meanwhile(lambda: declining.decline(participation=participation))
        wait()
        Person.objects.filter(pk=cast.anna.pk).update(manager=cast.clara)
        assert handing_over.hand_over(participations=[participation], by=cast.paula)
    late.join()

    row = Participation.objects.get()
    assert (late.said, row.manager, row.takes_part, LearningPlan.objects.count()) == (None, cast.clara, False, 0)


def test_a_plan_is_not_drawn_up_for_who_declines_meanwhile(cast):
    participation = participation_of(cast.anna)

    with transaction.atomic():
        row = Participation.objects.select_for_update().get()
        late = Meanwhile(lambda: draw_up_plan(participation=participation))
        wait()
        assert late.is_alive()
        Talk.objects.all().delete()
        row.talk_state = row.self_state = row.manager_state = 0
        row.declined_on = in_days(0)
        row.save()
    late.join()

    assert isinstance(late.said, OutOfState)
    assert not LearningPlan.objects.exists()


def test_a_yes_to_earlier_rounds_is_to_those_that_were_named(cast):
    """While one more ends with another manager."""
    for title in ("Runde 2024", "Runde 2026"):
        participation_of(cast.anna, title=title)
    close_round(round_=Round.objects.first())
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.clara)
    anna = Person.objects.get(pk=cast.anna.pk)
    shown = earlier_rounds.of_person(anna, Participation.objects.select_related("round")).stamp

    with transaction.atomic():
        close_round(round_=Round.objects.last())
        late = Meanwhile(lambda: earlier_rounds.answer(person=anna, manager=cast.clara.pk, agrees=True, shown=shown))
        wait()
    late.join()

    assert isinstance(late.said, Refused)
    assert not EarlierRoundsConsent.objects.exists()


def test_a_new_name_replaces_nothing_that_is_saved_in_a_plan_meanwhile(cast):
    """Neither in the plan nor in a change of it that waits, which is corrected while its reader is renamed."""
    plan = plan_of(participation_of(cast.anna), state=LearningPlan.State.AGREED)
    plan.measures.update(responsible=str(cast.anna))
    change = plan.changes.create(
        reason="So ist es.",
        lines=[{"subject": "Maßnahme: verantwortlich", "before": str(cast.anna), "after": "Alt"}],
        written_at=timezone.now(),
        written_by=cast.bernd,
        written_side="manager",
    )
    corrected = [change.lines[0] | {"after": "Neu"}]

    with transaction.atomic():
        plan.measures.update(responsible="Jemand")
        PlanChange.objects.filter(pk=change.pk).update(lines=corrected)
        late = Meanwhile(lambda: rename(cast.anna, last_name="Zabel"))
        wait()
        assert late.is_alive()
    late.join()

    assert (late.said, {one.responsible for one in plan.measures.all()}) == (None, {"Jemand"})
    assert PlanChange.objects.get().lines == [corrected[0] | {"before": "Anna Zabel"}]
