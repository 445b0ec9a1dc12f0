"""What is deleted at once is not left in SQLite's log either: whoever deletes it has the log emptied, and every night does so for all else."""

from pathlib import Path

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult

from assessments.answering import paper_entry
from assessments.changes import declining
from assessments.models import Participation, Remark
from assessments.rounds import running
from kompetenz.jobs import tidying
from kompetenz.jobs.overwriting import empty_the_log
from tests.clock import TODAY
from tests.conftest import Stage

SECRET = "Das darf nirgends stehen bleiben, 4711"


def decline(stage):
    declining.decline(participation=stage.participation)


def remove(stage):
    running.remove(round_=stage.round, participations=Participation.objects.filter(pk=stage.participation.pk))


def reject(stage):
    levels = {competency.id: 1 for competency in stage.competencies}
    paper_entry.enter(participation=stage.participation, by=stage.cast.paula, levels=levels)
    paper_entry.reject_entry(pk=stage.own.pk, by=stage.cast.anna)


def be_tidy(_stage):
    tidying.overwrite_what_is_deleted(TODAY)


@pytest.mark.parametrize("delete", [decline, remove, reject, be_tidy])
def test_whatever_is_deleted_at_once_has_the_log_emptied(stage, delete):
    delete(stage)

    assert DBTaskResult.objects.filter(task_path=empty_the_log.module_path, status="READY").count() == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="looks into SQLite's files")
@pytest.mark.django_db(transaction=True)
def test_what_somebody_has_written_before_they_declined_is_in_no_file(cast):
    stage = Stage(cast)
    Remark.objects.create(assessment=stage.own, competency_id=stage.competencies[0].id, text=SECRET)
    before = occurrences()

    decline(stage)
    empty_the_log.call()

    assert (before > 0, occurrences()) == (True, 0)


def occurrences():
    """How often it stands in the database's file and in its log."""
    name = Path(connection.settings_dict["NAME"])
    files = [path.read_bytes() for path in (name, Path(f"{name}-wal")) if path.exists()]
    return sum(content.count(SECRET.encode()) for content in files)
