"""What rounds ask of somebody today, step by step through the cycle."""

import pytest
from django.urls import reverse
from django.utils.formats import date_format

from assessments.models import Assessment, Participation, Progress, TalkProgress
from assessments.rounds.closing import close_round
from assessments.talk import recording
from assessments.telling import next_step, tasks
from kompetenz.people.models import Person
from kompetenz.people.tasks import Task
from tests.assessments.rounds.test_opening import many
from tests.catalogue import COMPETENCIES
from tests.clock import in_days
from tests.conftest import Stage

TALK_WITH_ANNA = "Gespräch mit Anna Ärmel führen"
ANSWER_MINE = "Auf das Ergebnis Ihres Gesprächs antworten"


def tasks_of(somebody):
    return tasks.tasks_of(somebody, tasks.participations_of(somebody))


def titles(somebody):
    return [task.title for task in tasks_of(somebody)]


def test_a_task_says_what_where_until_when_and_how_far(stage):
    stage.answer(stage.own)

    assert tasks_of(stage.cast.anna) == [
        Task(
            "Selbsteinschätzung ausfüllen",
            reverse("assessments:assessment", args=[stage.own.pk]),
            stage.round.self_due,
            f"Runde 2026 · {COMPETENCIES} von {COMPETENCIES} eingeschätzt",
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
        lambda: recording.acknowledge(talk=stage.participation.talk, by=anna, declined=False, statement=""),
    ):
        step()
        seen.append((titles(anna), titles(bernd)))

    assert seen == [
        (["Selbsteinschätzung ausfüllen", "Bestandsaufnahme schreiben"], ["Fremdeinschätzung für Anna Ärmel", dora]),
        ([], ["Fremdeinschätzung für Anna Ärmel", dora]),
        ([], [dora, TALK_WITH_ANNA]),
        ([ANSWER_MINE], [dora]),
        ([], [dora]),
    ]


@pytest.mark.parametrize(("until", "due"), [(0, None), (-3, None), (1, in_days(1))])
def test_nobody_is_late_with_an_answer_to_what_was_recorded_late(stage, until, due):
    stage.release_both().record()
    Participation.objects.update(self_due=in_days(-9), manager_due=in_days(-9), talk_due=in_days(until))

    row = Participation.objects.filter(pk=stage.participation.pk).for_team_page().get()

    assert [task.due for task in tasks_of(stage.cast.anna) if task.title == ANSWER_MINE] == [due]
    assert next_step.for_manager(row).due == due


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


def test_several_together_bear_the_number_of_none_of_two_namesakes(cast):
    many(cast, 4)
    stage = Stage(cast)
    Participation.objects.update(person_name="P X")
    asked = tasks_of(cast.bernd)
    released = {"self_state": Progress.RELEASED, "manager_state": Progress.RELEASED}
    Participation.objects.update(**released)
    Assessment.objects.update(released_at=stage.round.opened_at)

    assert [(task.title, task.note) for task in [*asked, *tasks_of(cast.bernd)]] == [
        ("6 Fremdeinschätzungen sind offen", "Runde 2026"),
        ("6 Gespräche stehen an", "Runde 2026"),
    ]


@pytest.mark.parametrize("talk_state", [TalkProgress.OPEN, TalkProgress.RECORDED])
def test_talks_of_many_are_one_task_too_and_a_record_waits_for_the_person_alone(cast, talk_state):
    many(cast, 4)
    stage = Stage(cast)
    Assessment.objects.update(released_at=stage.round.opened_at)
    released = {"self_state": Progress.RELEASED, "manager_state": Progress.RELEASED}
    Participation.objects.update(**released, talk_state=talk_state)

    task = Task("6 Gespräche stehen an", reverse("assessments:team"), stage.round.talk_due, "Runde 2026")
    assert tasks_of(cast.bernd) == ([task] if talk_state == TalkProgress.OPEN else [])
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
    Participation.objects.update(self_state=Progress.RELEASED, manager_state=Progress.RELEASED, talk_state=1)

    bernd = Person.objects.with_reach().get(pk=cast.bernd.pk)  # as a session brings him

    with django_assert_num_queries(2):  # participations; what colleagues have asked for
        found = tasks_of(bernd)

    assert len(found) == (2 if not more else 1)


def test_each_step_of_my_own_round_is_told_in_words(stage):
    anna, bernd = stage.cast.anna, stage.cast.bernd

    def step():
        (own,) = tasks.participations_of(anna)
        return next_step.for_person(own)

    seen = [step()]
    for move in (
        lambda: stage.release(stage.own),
        lambda: stage.release(stage.manager),
        stage.talk,
        lambda: recording.record_talk(talk=stage.participation.talk, by=bernd),
        lambda: recording.acknowledge(talk=stage.participation.talk, by=anna, declined=False, statement=""),
        lambda: close_round(round_=stage.round),
    ):
        move()
        seen.append(step())

    due, talk = date_format(stage.round.self_due), date_format(stage.round.talk_due)
    assert seen == [
        f"Selbsteinschätzung bis {due}",
        f"wartet auf die Fremdeinschätzung bis {due}",
        f"Gespräch bis {talk}: Ihre Führungskraft lädt ein",
        "Gespräch begonnen: Ihre Führungskraft hält das Ergebnis fest",
        "auf das Ergebnis des Gesprächs antworten",
        "Gespräch beantwortet: Lernplan aufstellen",
        "abgeschlossen",
    ]


def test_a_round_that_ended_before_the_talk_says_so(stage):
    close_round(round_=stage.release_both().round)

    (own,) = tasks.participations_of(stage.cast.anna)
    assert next_step.for_person(own) == "beendet ohne vereinbartes Ist"
