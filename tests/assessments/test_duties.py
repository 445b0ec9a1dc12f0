"""What rounds ask of somebody today, step by step through the cycle."""

import pytest
from django.urls import reverse
from django.utils.formats import date_format

from assessments import agreement, duties
from assessments.models import Assessment, Participation, TalkProgress
from assessments.opening import close_round
from kompetenz.people.tasks import Task
from tests.assessments.test_opening import many
from tests.conftest import Stage

TALK_WITH_ANNA = "Gespräch mit Anna Ärmel führen"
TAKE_NOTE = "Ergebnis des Gesprächs zur Kenntnis nehmen: Anna Ärmel"
TAKE_NOTE_OF_MINE = "Ergebnis Ihres Gesprächs zur Kenntnis nehmen"


def tasks_of(somebody):
    return duties.tasks_of(somebody, duties.participations_of(somebody))


def titles(somebody):
    return [task.title for task in tasks_of(somebody)]


def test_a_task_says_what_where_until_when_and_how_far(stage):
    stage.answer(stage.own)

    assert tasks_of(stage.cast.anna) == [
        Task(
            "Selbsteinschätzung ausfüllen",
            reverse("assessments:assessment", args=[stage.own.pk]),
            stage.round.self_due,
            "Runde 2026 · 25 von 25 eingeschätzt",
        ),
        Task(
            "Bestandsaufnahme schreiben",
            reverse("assessments:stock_taking", args=[stage.participation.pk]),
            note="Runde 2026 · freiwillig, fünf Fragen zur Vorbereitung auf das Gespräch",
        ),
    ]


def test_each_step_waits_for_the_one_before(stage):
    anna, bernd = stage.cast.anna, stage.cast.bernd
    dora = "Fremdeinschätzung für Dora Özgür"

    seen = [(titles(anna), titles(bernd))]
    for step in (
        lambda: stage.release(stage.own),
        lambda: stage.release(stage.manager),
        stage.record,
        lambda: agreement.acknowledge(talk=stage.participation.talk, by=anna, declined=False, statement=""),
        lambda: agreement.acknowledge(talk=stage.participation.talk, by=bernd, declined=False, statement=""),
    ):
        step()
        seen.append((titles(anna), titles(bernd)))

    assert seen == [
        (["Selbsteinschätzung ausfüllen", "Bestandsaufnahme schreiben"], ["Fremdeinschätzung für Anna Ärmel", dora]),
        ([], ["Fremdeinschätzung für Anna Ärmel", dora]),
        ([], [dora, TALK_WITH_ANNA]),
        ([TAKE_NOTE_OF_MINE], [dora, TAKE_NOTE]),
        ([], [dora, TAKE_NOTE]),
        ([], [dora]),
    ]


def test_a_round_that_has_ended_asks_nothing(stage):
    stage.release_both().record()
    close_round(round_=stage.round)

    assert [titles(who) for who in (stage.cast.anna, stage.cast.bernd, stage.cast.dora)] == [[], [], []]


def test_a_former_manager_has_nothing_to_do(stage):
    stage.release_both()
    stage.cast.anna.manager = stage.cast.clara
    stage.cast.anna.save()

    assert titles(stage.cast.bernd) == ["Fremdeinschätzung für Dora Özgür"]
    assert titles(stage.cast.clara) == []


def test_nobody_else_is_asked_anything(stage):
    stage.release_both().record()

    assert [titles(getattr(stage.cast, who)) for who in ("clara", "paula", "audit", "fremd")] == [[]] * 4


def test_a_manager_of_many_is_sent_to_the_team_round_by_round(cast):
    spring = Stage(cast, title="Frühjahr")
    many(cast, 4)
    autumn = Stage(cast, title="Herbst")
    team = reverse("assessments:team")

    assert sorted(tasks_of(cast.bernd), key=lambda task: task.title) == [
        Task("2 Fremdeinschätzungen sind offen", team, spring.round.manager_due, "Frühjahr"),
        Task("6 Fremdeinschätzungen sind offen", team, autumn.round.manager_due, "Herbst"),
    ]


@pytest.mark.parametrize(
    ("talk_state", "title"),
    [
        (TalkProgress.STARTED, "6 Gespräche stehen an"),
        (TalkProgress.RECORDED, "6 Ergebnisse von Gesprächen zur Kenntnis nehmen"),
    ],
)
def test_talks_and_records_of_many_are_one_task_too(cast, talk_state, title):
    many(cast, 4)
    stage = Stage(cast)
    Assessment.objects.update(released_at=stage.round.opened_at)
    Participation.objects.update(self_state=2, manager_state=2, talk_state=talk_state)

    assert tasks_of(cast.bernd) == [Task(title, reverse("assessments:team"), stage.round.talk_due, "Runde 2026")]
    assert len(tasks_of(cast.anna)) == (1 if talk_state == TalkProgress.RECORDED else 0)


def test_a_single_one_in_another_round_keeps_its_name(cast):
    first = Stage(cast, title="Frühjahr")
    Participation.objects.exclude(pk=first.participation.pk).delete()
    many(cast, 4)
    Stage(cast, title="Herbst")

    assert sorted(titles(cast.bernd)) == ["6 Fremdeinschätzungen sind offen", "Fremdeinschätzung für Anna Ärmel"]


@pytest.mark.parametrize("more", [0, 20])
def test_asking_costs_two_queries_for_two_and_for_twenty(cast, more, django_assert_num_queries):
    many(cast, more)
    Stage(cast)
    Participation.objects.update(self_state=2, manager_state=2, talk_state=1)

    with django_assert_num_queries(2):  # participations; what colleagues have asked for
        found = tasks_of(cast.bernd)

    assert len(found) == (4 if not more else 2)


def test_each_step_of_my_own_round_is_told_in_words(stage):
    anna, bernd = stage.cast.anna, stage.cast.bernd

    def step():
        (own,) = duties.participations_of(anna)
        return duties.next_step_of(own)

    seen = [step()]
    for move in (
        lambda: stage.release(stage.own),
        lambda: stage.release(stage.manager),
        stage.talk,
        lambda: agreement.record_talk(talk=stage.participation.talk),
        lambda: agreement.acknowledge(talk=stage.participation.talk, by=anna, declined=False, statement=""),
        lambda: agreement.acknowledge(talk=stage.participation.talk, by=bernd, declined=False, statement=""),
        lambda: close_round(round_=stage.round),
    ):
        move()
        seen.append(step())

    due, talk = date_format(stage.round.self_due, "j. F Y"), date_format(stage.round.talk_due, "j. F Y")
    assert seen == [
        f"Selbsteinschätzung bis {due}",
        f"wartet auf die Fremdeinschätzung bis {due}",
        f"Gespräch bis {talk}: Ihre Führungskraft lädt ein",
        "Gespräch begonnen: Ihre Führungskraft hält das Ergebnis fest",
        "Ergebnis des Gesprächs zur Kenntnis nehmen",
        "wartet auf die Kenntnisnahme Ihrer Führungskraft",
        "Ist vereinbart: Lernplan aufstellen",
        "abgeschlossen",
    ]


def test_a_round_that_ended_before_the_talk_says_so(stage):
    close_round(round_=stage.release_both().round)

    (own,) = duties.participations_of(stage.cast.anna)
    assert duties.next_step_of(own) == "beendet ohne vereinbartes Ist"
