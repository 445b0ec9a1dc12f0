"""A colleague's answers are gone from the file, too, once they are counted: from SQLite's database and from its log."""

from pathlib import Path

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult

from assessments.answering import saving
from assessments.models import Assessment
from kompetenz.jobs.overwriting import empty_the_log
from tests.assessments.peers.test_asking import Peers

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="looks into SQLite's files")
NUMBER = 0x5EC4E7C0FFEE  # of the draft: each of its ratings holds these six bytes


def files():
    """What stands in the database's file and in its log."""
    name = Path(connection.settings_dict["NAME"])
    return [path.read_bytes() for path in (name, Path(f"{name}-wal")) if path.exists()]


def occurrences():
    return sum(content.count(NUMBER.to_bytes(6, "big")) for content in files())


@pytest.mark.django_db(transaction=True)
def test_counted_answers_stand_neither_in_the_file_nor_in_its_log(cast):
    peers = Peers(cast)
    colleague = peers.people[0]
    peers.ask(*peers.people[:5])
    peers.draft(colleague).delete()
    draft = Assessment.objects.create(
        pk=NUMBER, participation=peers.participation, kind=Assessment.Kind.PEER, rater=colleague
    )
    for level in (1, 2):  # they change their mind
        saving.save_answers(pk=draft.pk, by=colleague, levels=peers.levels(level))
    with connection.cursor() as cursor:  # the counter of numbers would be the only place where it may stay
        cursor.execute("UPDATE sqlite_sequence SET seq = 1000 WHERE name = 'assessments_assessment'")
    before = occurrences()

    saving.release(pk=draft.pk, by=colleague)
    waiting = DBTaskResult.objects.filter(task_path=empty_the_log.module_path).count()
    empty_the_log.call()

    assert (before > 25, waiting, occurrences()) == (True, 1, 0)
    assert len(files()) == 1 or files()[1] == b""


def test_within_a_transaction_it_waits_for_a_better_moment(db):
    empty_the_log.call()

    [again] = DBTaskResult.objects.filter(task_path=empty_the_log.module_path)
    assert again.run_after.year < 9000
