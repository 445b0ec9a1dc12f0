"""What is deleted at once is not left in SQLite's log either: whoever deletes it has the log emptied, and every night does so for all else."""

from pathlib import Path
from random import Random

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult

from assessments.answering import paper_entry
from assessments.changes import declining
from assessments.models import Participation, Remark
from assessments.rounds import running
from kompetenz.jobs import tidying
from kompetenz.jobs.overwriting import empty_the_log, write_the_file_anew
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


@pytest.mark.parametrize("delete", [decline, remove, reject])
def test_whatever_is_deleted_at_once_has_the_log_emptied(stage, delete):
    delete(stage)

    assert DBTaskResult.objects.filter(task_path=empty_the_log.module_path, status="READY").count() == 1


def test_each_night_the_file_is_written_anew_and_the_log_emptied(db):
    tidying.overwrite_what_is_deleted(TODAY)

    (waiting,) = DBTaskResult.objects.filter(status="READY")
    assert waiting.task_path == write_the_file_anew.module_path


in_files = pytest.mark.skipif(connection.vendor != "sqlite", reason="looks into SQLite's files")


@in_files
@pytest.mark.django_db(transaction=True)
def test_what_somebody_has_written_before_they_declined_is_in_no_file(cast):
    stage = Stage(cast)
    Remark.objects.create(assessment=stage.own, competency_id=stage.competencies[0].id, text=SECRET)
    before = occurrences()

    decline(stage)
    empty_the_log.call()

    assert (before > 0, occurrences()) == (True, 0)


@in_files
@pytest.mark.django_db(transaction=True)
def test_what_a_page_keeps_of_rows_that_have_grown_is_gone_after_a_night():
    rows, chance = range(600), Random(4711)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE grown (id integer PRIMARY KEY, words text)")
        cursor.executemany("INSERT INTO grown VALUES (%s, %s)", [(row, "kurz") for row in rows])
        for _ in range(60):  # a page keeps a copy about once in five times
            for _ in range(3):
                words = [(f"{SECRET} {'y' * chance.randrange(200)}", row) for row in chance.sample(rows, len(rows))]
                cursor.executemany("UPDATE grown SET words = %s WHERE id = %s", words)
            cursor.execute("UPDATE grown SET words = 'anders'")
            empty_the_log.call()
            if occurrences():
                break
    before = occurrences()

    write_the_file_anew.call()
    empty_the_log.call()

    assert (before > 0, occurrences()) == (True, 0)
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA temp_store").fetchone() == (2,)  # in memory, as before
        cursor.execute("DROP TABLE grown")


@in_files
def test_without_room_for_it_the_file_stays_as_it_is_until_the_next_night(db, caplog):
    write_the_file_anew.call()  # within a transaction, which SQLite refuses likewise

    assert "was not written anew" in caplog.text
    assert DBTaskResult.objects.filter(task_path=empty_the_log.module_path, status="READY").count() == 1


def occurrences():
    """How often it stands in the database's file and in its log."""
    name = Path(connection.settings_dict["NAME"])
    files = [path.read_bytes() for path in (name, Path(f"{name}-wal")) if path.exists()]
    return sum(content.count(SECRET.encode()) for content in files)
