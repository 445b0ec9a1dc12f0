"""Real workers, `manage.py db_worker` in processes of their own: several at once, and one that is killed."""

import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from kompetenz.letters import deciding
from kompetenz.letters.delivering import deliver
from kompetenz.letters.models import Letter
from kompetenz.people.models import Person
from tests.conftest import person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.real_clock]

CROWD = 24
WORKER = """
from django.core.management import execute_from_command_line
from kompetenz.letters import rhythm

rhythm.is_office_day = lambda *_: True  # whenever these tests run
execute_from_command_line(["manage.py", "db_worker", "--batch", "--no-startup-delay"])
"""
PATIENCE = 120  # seconds, on a busy machine


def environment(mail_server):
    """This test's database and mail server, and otherwise the settings of a real installation."""
    at = connection.settings_dict
    address = f"{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}" if connection.vendor == "postgresql" else ""
    return {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "kompetenz.settings",
        "READ_DOT_ENV": "0",
        "SECRET_KEY": "only-for-tests",
        "DATABASE_URL": f"{'postgres' if address else 'sqlite'}://{address}/{at['NAME']}",
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_server.port}",
    }


@contextmanager
def worker(mail_server):
    """A worker that ends when there is no more to do, or with this block."""
    process = subprocess.Popen([sys.executable, "-c", WORKER], cwd=settings.BASE_DIR, env=environment(mail_server))
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


@pytest.fixture
def crowd(write):
    """The addresses of the people for whom one letter each waits."""
    for n in range(CROWD):
        person(f"P{n}", "Viele")
    people = Person.objects.filter(last_name="Viele")
    assert write(*people, key="talks-off-crowd") == CROWD  # the workers ask the real occasions: this one holds
    return {address.lower() for address in people.values_list("email", flat=True)}


def test_several_workers_at_once_send_every_letter_and_none_twice(crowd, mail_server):
    workers = 3
    mail_server.all_there = threading.Barrier(workers)
    for _ in range(workers - 1):
        deliver.enqueue()

    with worker(mail_server) as one, worker(mail_server) as two, worker(mail_server) as three:
        ended = [process.wait(PATIENCE) for process in (one, two, three)]

    assert ended == [0] * workers
    assert mail_server.dialogues == workers
    assert sorted(mail_server.addresses) == sorted(crowd)
    assert set(Letter.objects.values_list("state", "attempts")) == {("sent", 1)}


@pytest.mark.thorough(everywhere=True)
def test_a_worker_killed_in_the_middle_loses_nothing_and_nothing_is_sent_twice(crowd, mail_server):
    mail_server.freezes_after = CROWD // 2  # it has taken this one, and its worker will never know
    with worker(mail_server) as killed:
        assert mail_server.frozen.wait(PATIENCE)
        deliver.enqueue()
        with worker(mail_server) as other:
            assert other.wait(PATIENCE) == 0
        killed.kill()
        killed.wait(10)
    mail_server.thawed.set()
    after_the_kill = standing()

    an_hour_passes()
    call_command("daily")
    with worker(mail_server) as next_one:
        assert next_one.wait(PATIENCE) == 0

    assert after_the_kill == ({"sending": 1, "sent": CROWD - 1}, ["READY", "RUNNING", "SUCCESSFUL"])
    assert standing() == ({"uncertain": 1, "sent": CROWD - 1}, ["SUCCESSFUL"] * 3)
    assert sorted(mail_server.addresses) == sorted(crowd)
    assert Letter.objects.get(state="uncertain").person.email.lower() == mail_server.addresses[CROWD // 2 - 1]


@pytest.mark.thorough(everywhere=True)
def test_what_a_killed_worker_has_left_is_taken_up_without_anybody_looking(crowd, mail_server):
    mail_server.freezes_after = 3
    with worker(mail_server) as killed:
        assert mail_server.frozen.wait(PATIENCE)
    mail_server.thawed.set()
    after_the_kill = standing()

    an_hour_passes()
    with worker(mail_server) as next_one:
        assert next_one.wait(PATIENCE) == 0

    assert killed.returncode == -signal.SIGKILL
    assert after_the_kill == ({"sending": 1, "sent": 2, "waiting": CROWD - 3}, ["READY", "RUNNING"])
    assert standing() == ({"uncertain": 1, "sent": CROWD - 1}, ["SUCCESSFUL", "SUCCESSFUL"])
    assert sorted(mail_server.addresses) == sorted(crowd)


@pytest.mark.thorough(everywhere=True)
@pytest.mark.parametrize("taken", [False, True], ids=["before the server has it", "before that is noted"])
def test_several_letters_in_one_message_are_neither_lost_nor_taken_apart_when_their_worker_is_killed(
    cast, write, mail_server, taken
):
    """Whether the message has arrived nobody can know after that, so it is not sent again before HR says so."""
    anna, bernd = cast.anna.email.lower(), cast.bernd.email.lower()
    for name in "ab":
        write(cast.anna, cast.bernd, kind=Letter.Kind.NOTICE, key=f"talks-off-{name}", path=f"/{name}/")
    Letter.objects.update(not_before=None)  # the minutes in which they wait for more have passed
    mail_server.freezes_after, mail_server.freezes_before = (1, "") if taken else (None, anna)
    with worker(mail_server) as killed:
        assert mail_server.frozen.wait(PATIENCE)
    mail_server.freezes_before = ""
    mail_server.thawed.set()

    an_hour_passes()
    work(mail_server)
    without_anybody = mail_server.addresses, messages(cast.anna), messages(cast.bernd)
    assert deciding.send_again(letters=Letter.objects.administered_by(cast.paula)) == 2
    work(mail_server)

    assert killed.returncode == -signal.SIGKILL
    assert without_anybody == ([*[anna] * taken, bernd], ["uncertain"] * 2, ["sent"] * 2)
    assert mail_server.addresses == [*[anna] * taken, bernd, anna]
    assert all(f"/{name}/" in one.get_body().get_content() for one in mail_server.messages() for name in "ab")
    assert set(Letter.objects.values_list("state", flat=True)) == {"sent"}


def work(mail_server):
    with worker(mail_server) as process:
        assert process.wait(PATIENCE) == 0


def messages(person):
    """The states of a person's letters, which are of one message."""
    letters = Letter.objects.filter(person=person)
    assert letters.values("message").distinct().count() == 1
    return list(letters.values_list("state", flat=True))


def standing():
    letters = Letter.objects.values_list("state", flat=True).order_by("state")
    tasks = DBTaskResult.objects.filter(task_path=deliver.module_path).values_list("status", flat=True)
    return {state: list(letters).count(state) for state in letters}, sorted(tasks)


def an_hour_passes():
    """For everything that was left as it was."""
    then = timezone.now() - timedelta(hours=1)
    DBTaskResult.objects.filter(status="RUNNING").update(started_at=then)
    DBTaskResult.objects.filter(status="READY").update(run_after=then)
    Letter.objects.filter(state="sending").update(claimed_at=then)
