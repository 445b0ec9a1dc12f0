"""Inventing a staff list and a round's answers: by the app's own rules, and never in earnest."""

from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from openpyxl import load_workbook
from psycopg.errors import LockNotAvailable

from assessments.models import Assessment, Participation, Progress, TalkProgress
from kompetenz.demo import simulation
from kompetenz.demo.simulation import STOPS, simulate
from kompetenz.demo.staff_list import HEADER, write_staff_list
from kompetenz.refusals import TooLate
from learningplans.models import LearningPlan
from roles.models import RoleProfile


def test_an_invented_staff_list_has_a_text_in_every_cell_and_keeps_zeros(cast, tmp_path):
    write_staff_list(tmp_path / "liste.xlsx", 60)

    header, *rows = load_workbook(tmp_path / "liste.xlsx").active.iter_rows(values_only=True)
    assert list(header) == HEADER
    assert (len(rows), len({row[0] for row in rows}), rows[0][0]) == (60, 60, "0050001")
    numbers = {row[0] for row in rows}
    assert all(row[8] is None or row[8] in numbers for row in rows)
    assert {row[7] for row in rows} - {None} == set(RoleProfile.objects.values_list("name", flat=True))


def test_everybody_gets_as_far_as_both_sides_can_carry_them(stage):
    assert simulate(stage.round, 1) == 2
    assert set(Participation.objects.values_list("talk_state", flat=True)) == {TalkProgress.CONFIRMED}
    assert simulate(stage.round, 1) == 0


@pytest.mark.parametrize(
    ("last", "states"),
    [
        ("nothing", (0, 0, 0)),
        ("own begun", (Progress.STARTED, 0, 0)),
        ("own filled in", (Progress.STARTED, 0, 0)),
        ("own released", (Progress.RELEASED, 0, 0)),
        ("manager begun", (0, Progress.STARTED, 0)),
        ("manager released", (0, Progress.RELEASED, 0)),
        ("both released", (Progress.RELEASED, Progress.RELEASED, 0)),
        ("talk begun", (Progress.RELEASED, Progress.RELEASED, TalkProgress.STARTED)),
        ("talk recorded", (Progress.RELEASED, Progress.RELEASED, TalkProgress.RECORDED)),
        ("talk declined", (Progress.RELEASED, Progress.RELEASED, TalkProgress.CONFIRMED)),
    ],
)
def test_somebody_stops_at_every_step_in_between(stage, last, states):
    assert last in STOPS
    simulation.as_far_as_it_goes(stage.participation.pk, last, Random(1))

    row = Participation.objects.get(pk=stage.participation.pk)
    assert (row.self_state, row.manager_state, row.talk_state) == states


@pytest.mark.parametrize("change", ["handed over", "removed", "rests", "refused"])
def test_whatever_hr_does_meanwhile_nobody_stops_the_others(stage, monkeypatch, change):
    """It happens between the look at a participation and what its people do."""
    carry, anna = simulation.carry_through, stage.participation.pk

    def meanwhile(participation, rng, last):
        if participation.pk == anna:
            here = Participation.objects.filter(pk=anna)
            if change == "handed over":
                Assessment.objects.filter(participation=anna, kind="manager").update(rater=stage.cast.clara)
                here.update(manager=stage.cast.clara)
            elif change == "removed":
                here.delete()
            elif change == "rests":
                here.update(paused_on="2026-01-01")
            else:
                raise TooLate
        return carry(participation, rng, last)

    monkeypatch.setattr(simulation, "carry_through", meanwhile)

    assert simulate(stage.round, 1) >= 1
    dora = Participation.objects.get(person=stage.cast.dora)
    assert dora.talk_state == TalkProgress.CONFIRMED


def test_who_rests_is_left_alone(stage):
    Participation.objects.update(paused_on="2026-01-01")

    assert (simulate(stage.round, 1), LearningPlan.objects.count()) == (0, 0)


def test_answers_are_not_invented_in_earnest(stage):
    with pytest.raises(CommandError, match="nur mit KOMPETENZRAD_DEMO=1"):
        call_command("simulate_round", stage.round.pk)


def test_a_round_that_does_not_run_is_refused(cast, settings):
    settings.DEMO = True

    with pytest.raises(CommandError, match="Nummer 4711 gibt es nicht"):
        call_command("simulate_round", 4711)


def test_a_database_that_is_busy_or_a_row_that_is_gone_stops_nobody_else_and_a_mistake_of_ours_everybody(
    stage, monkeypatch
):
    def busy(**_kwargs):
        raise OperationalError("lock timeout") from LockNotAvailable("lock timeout")

    monkeypatch.setattr(simulation.saving, "save_answers", busy)
    assert simulate(stage.round, 1) == 0

    def gone(**_kwargs):
        Participation(pk=0).save(force_update=True)

    monkeypatch.setattr(simulation.saving, "save_answers", gone)
    assert simulate(stage.round, 1) == 0

    def broken(**_kwargs):
        raise OperationalError("no such table")

    monkeypatch.setattr(simulation.saving, "save_answers", broken)
    with pytest.raises(OperationalError, match="no such table"):
        simulate(stage.round, 1)


def test_between_two_people_others_come_to_write(stage, monkeypatch):
    pauses = []
    monkeypatch.setattr(simulation.time, "sleep", pauses.append)

    simulate(stage.round, 1)

    assert pauses == [simulation.BREATH] * 2
