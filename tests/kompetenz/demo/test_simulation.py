"""Inventing a staff list and a round's answers: by the app's own rules, and never in earnest."""

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from assessments.models import Participation, TalkProgress
from kompetenz.demo.simulation import simulate
from kompetenz.demo.staff_list import HEADER, write_staff_list
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
