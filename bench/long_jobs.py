"""What is long (opening, handing over, taking over a staff list) for many people, while others save and read: how long they wait.

``python bench/long_jobs.py [PEOPLE]`` prints the table that make bench puts into docs/benchmarks.md and exits 1 if somebody had to wait
or was refused. Each job is begun as HR does it, and done by a worker that is killed (-9) once in the middle.

Started as ``python -m bench.long_jobs prepare WHAT PEOPLE`` it runs inside the app and says how the job is begun.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import load, slow, stage

PEOPLE = 10_000
PROMISE = 0.5  # seconds that anybody else waits
SAVERS = 2
LONGEST = 900  # seconds for one job
MANAGED = 12  # people of one manager


# Inside the app -----------------------------------------------------------------------------------


def hr():
    from kompetenz.demo.accounts import BY_KEY
    from kompetenz.people.models import Person

    return Person.objects.get(email=BY_KEY["hr"].email)


def post(path, **fields):
    """How HR sends this form."""
    from urllib.parse import urlencode

    from bench.inside import TOKEN, cookie_of, request

    headers = {"X-CSRFToken": TOKEN, "Content-Type": "application/x-www-form-urlencoded"}
    return request(path, cookie_of(hr()), method="POST", headers=headers, body=urlencode(fields, doseq=True))


def prepare_opening(people):
    """So many more people with a role and a manager, and a round for all of them."""
    from datetime import timedelta

    from django.urls import reverse
    from django.utils import timezone

    from assessments.models import Round
    from kompetenz.people.models import Person, Unit
    from roles.models import RoleHolding, RoleProfile

    today, unit = timezone.localdate(), Unit.objects.first()
    fresh = [
        Person(
            first_name=f"Nummer {n}", last_name="Viele", sort_key=f"viele, nummer {n:05}", personnel_number=f"V{n:05}",
            email=f"viele{n}@musterland.example", unit=unit, password="!",
        )
        for n in range(people)
    ]  # fmt: skip
    Person.objects.bulk_create(fresh, batch_size=500)
    for n, person in enumerate(fresh):
        person.manager = fresh[n - n % MANAGED - MANAGED] if n >= MANAGED else None
    Person.objects.bulk_update(fresh, ["manager"], batch_size=200)
    profile = RoleProfile.objects.get(key="digitallotse")
    RoleHolding.objects.bulk_create(
        [RoleHolding(person=person, profile=profile, since=today) for person in fresh], batch_size=500
    )
    days = {"self_due": 21, "manager_due": 21, "talk_due": 56}
    dues = {name: today + timedelta(days=days) for name, days in days.items()}
    draft = Round.objects.create(title="Alle", purpose="Messen.", created_by=hr(), **dues)
    return post(reverse("assessments:round_open", args=[draft.pk]))


def prepare_handing_over(people):
    """All of them have another manager by now."""
    from django.urls import reverse

    from assessments.changes.views.changes import pairs
    from assessments.models import Round
    from kompetenz.forms.stamp import stamp
    from kompetenz.people.models import Person

    round_ = Round.objects.get(title="Alle")
    moved = list(Person.objects.filter(last_name="Viele", manager__manager__isnull=False).select_related("manager"))
    for person in moved:
        person.manager_id = person.manager.manager_id
    Person.objects.bulk_update(moved, ["manager"], batch_size=200)
    rows = round_.participations.to_hand_over()
    return post(reverse("assessments:round_hand_over", args=[round_.pk]), alle=stamp(pairs(rows)))


def prepare_staff_list(people):
    """A list in which all of them have another surname and unit, uploaded and looked at."""
    from django.urls import reverse

    from bench.lists import read_table
    from kompetenz.people.models import Person
    from kompetenz.people.staff.comparing import compare
    from kompetenz.people.staff.uploading import keep

    rows = Person.objects.filter(last_name="Viele").values_list("personnel_number", "first_name", "email")
    lines = ["Personalnummer;Nachname;Vorname;E-Mail;OE-Nr.;OE-Bezeichnung"]
    lines += [f"{number};Andere;{first};{email};V1;Neues Amt" for number, first, email in rows]
    table = read_table("\r\n".join(lines).encode())
    keep(table=table, name="alle.csv", by=hr())
    return post(reverse("people:staff_preview"), read=compare(table, by=hr()).stamp)


PREPARED = {"opening": prepare_opening, "handing over": prepare_handing_over, "staff list": prepare_staff_list}


def inside():
    import django

    django.setup()
    from django.urls import reverse

    from bench.inside import cookie_of, request

    begun = PREPARED[sys.argv[2]](int(sys.argv[3]))
    return {"begin": begun, "jobs": request(reverse("jobs:jobs"), cookie_of(hr()))}


# Outside ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Met:
    """What everybody else met while one job was done: seconds waited, sorted, those not answered, and how long it took."""

    job: str
    seconds: float
    begun_after: float
    waits: list[float]
    refused: int
    load: float

    def row(self):
        waits = [1000 * self.waits[int(len(self.waits) * share)] for share in (0.5, 0.95, 0.999)]
        cells = [f"{self.seconds:.0f}", f"{1000 * self.begun_after:.0f}", *(f"{wait:.0f}" for wait in waits)]
        return f"| {self.job} | {' | '.join(cells)} | {1000 * self.waits[-1]:.0f} | {len(self.waits)} | {self.refused} | {self.load:.1f} |"

    def missed(self):
        if self.waits[-1] > PROMISE:
            yield f"{self.job}: somebody waited {self.waits[-1]:.2f} s, promised {PROMISE} s"
        if self.refused:
            yield f"{self.job}: {self.refused} of {len(self.waits)} not answered"


@contextmanager
def worker(env):
    """A worker that is killed after some seconds, and its successor."""
    command = [sys.executable, "manage.py", "db_worker", "--no-startup-delay"]
    running, over = [], threading.Event()

    def keep_one():
        while not over.is_set():
            running.append(subprocess.Popen(command, cwd=stage.ROOT, env=env, stderr=subprocess.DEVNULL))
            over.wait(8)
            if len(running) == 1 and not over.is_set():
                os.kill(running[0].pid, signal.SIGKILL)
                running[0].wait()
            else:
                over.wait()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(keep_one)
        try:
            yield
        finally:
            over.set()
            for one in running:
                one.terminate()
                one.wait(60)


def others(port, pages, over, met):
    """What somebody meets who saves and reads all the time."""
    while not over.is_set():
        met += [slow.ask(port, pages[name], timeout=30) for name in slow.OTHERS]
        time.sleep(0.02)


def is_going(port, asked):
    """Whether HR's list of jobs has one that is not finished."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", asked["path"], headers={"Cookie": asked["headers"]["Cookie"]})
    page = connection.getresponse().read().decode()
    connection.close()
    return ">läuft<" in page or ">gescheitert<" in page


def measured(job, port, pages, env, people):
    """Begin the job as HR does it and wait until all is done that follows from it."""
    prepared = load.inside_of("bench.long_jobs", env, "prepare", job, str(people))
    over, met = threading.Event(), []
    with ThreadPoolExecutor(SAVERS) as pool:
        for _ in range(SAVERS):
            pool.submit(others, port, pages, over, met)
        began = time.monotonic()
        begun_after, status = slow.ask(port, prepared["begin"], timeout=60)
        assert status == 302, status
        while time.monotonic() - began < LONGEST and is_going(port, prepared["jobs"]):
            time.sleep(1)
        seconds = time.monotonic() - began
        over.set()
    waits = sorted(wait for wait, _ in met)
    return Met(job, seconds, begun_after, waits, sum(status != 200 for _, status in met), os.getloadavg()[0])


def all_of(env, processes, people, wanted):
    pages = stage.look_inside(env)["pages"]
    with stage.served(env, processes=processes) as server, worker(env):
        for name in slow.OTHERS * 5:
            slow.ask(server.port, pages[name], timeout=60)
        return [measured(job, server.port, pages, env, people) for job in wanted]


def measure(people=PEOPLE, wanted=tuple(PREPARED)):
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        static = directory / "static"
        env = stage.environment(stage.seeded(200, directory), static)
        stage.manage("collectstatic", "--noinput", "--verbosity", "0", env=env)
        met = {"SQLite, 1 process": all_of(env, 1, people, wanted)}
        with load.postgres(directory, static) as server:
            if server:
                met["PostgreSQL, 2 processes"] = all_of(server, 2, people, wanted)
    return met


def report(met):
    text = (
        f"## Long work for {PEOPLE} people\n\nWhat {SAVERS} people meet who ask for sign-in page, start page and form and save an answer all the "
        f"time, while the job is begun and done; its worker is killed once. Nobody waits longer than {PROMISE} s or is refused.\n\n"
    )
    for database, jobs in met.items():
        text += (
            f"| {database} | s | begun after ms | p50 ms | p95 ms | p99.9 ms | slowest ms | asked | refused | load |\n"
        )
        text += "| --- |" + " ---: |" * 9 + "\n" + "\n".join(job.row() for job in jobs) + "\n\n"
    return text, [f"{database}, {text}" for database, jobs in met.items() for job in jobs for text in job.missed()]


if __name__ == "__main__":
    if sys.argv[1:2] == ["prepare"]:
        print(json.dumps(inside()))
    else:
        said, missed = report(measure(*map(int, sys.argv[1:2])))
        print(said)
        sys.exit("\n".join(missed) or None)
