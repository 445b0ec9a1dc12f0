"""A real worker is killed in the midst of a job: the next does the rest, and nothing twice. All kinds: bench/killed.py."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import date

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from assessments.changes.handing_over import HANDING_OVER
from assessments.models import HandOver
from kompetenz.jobs.batches import begin
from kompetenz.jobs.models import Job
from kompetenz.people.models import Person
from roles.models import RoleHolding
from tests.assessments.rounds.test_opening import many
from tests.conftest import Stage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.real_clock]

PATIENCE = 60  # seconds, on a busy machine


@contextmanager
def worker():
    at = connection.settings_dict
    address = f"{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}" if connection.vendor == "postgresql" else ""
    env = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "kompetenz.settings",
        "READ_DOT_ENV": "0",
        "SECRET_KEY": "only-for-tests",
        "DATABASE_URL": f"{'postgres' if address else 'sqlite'}://{address}/{at['NAME']}",
        "EMAIL_URL": "memorymail://",
    }
    command = [sys.executable, "manage.py", "db_worker", "--no-startup-delay", "--interval", "0.1"]
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=env)
    try:
        yield
    finally:
        process.kill()
        process.wait(10)


def wait_until(condition):
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.mark.thorough(everywhere=True)
def test_each_is_handed_over_once_though_the_worker_is_killed_after_the_first_batch(cast):
    many(cast, 200)
    RoleHolding.objects.update(since=date(2020, 1, 1))  # before today, whatever the day
    round_ = Stage(cast).round
    Person.objects.filter(pk__in=round_.participations.values("person")).update(manager=cast.clara)
    pairs = list(round_.participations.values_list("pk", "person__manager"))
    begin(HANDING_OVER, subject=round_.pk, title="Übergeben", items=pairs, by=cast.paula)

    with worker():
        wait_until(lambda: Job.objects.get().done > 0)
    killed_at = Job.objects.get().done
    Job.objects.update(in_hand_until=None)  # ten seconds pass
    DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())
    with worker():
        wait_until(lambda: Job.objects.get().is_finished)

    job = Job.objects.get()
    handed = HandOver.objects.values_list("participation", flat=True)
    assert 0 < killed_at < job.total
    assert sorted(handed) == sorted(pk for pk, _ in pairs)
    assert (job.state, job.tally["done"]) == (Job.State.DONE, len(pairs))
