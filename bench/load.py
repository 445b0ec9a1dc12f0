"""Thirty people save answers at once, on both databases: no error, nothing lost, and how long they wait.

``python bench/load.py`` prints the table that make bench puts into docs/benchmarks.md. PostgreSQL is used where
BENCH_POSTGRES (default postgres://postgres@127.0.0.1:5432/postgres) can be reached.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import stage

PEOPLE = 30
ANSWERS = 50  # for each of them, one after the other
POSTGRES = os.environ.get("BENCH_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")
NAME = f"kompetenzrad_bench_{os.getpid()}"


@dataclass(frozen=True)
class Load:
    """What thirty people met; ``lost`` are answers that the server confirmed and the database does not hold."""

    title: str
    pause: float  # seconds between two answers of one person
    waits: list[float]
    refused: int
    lost: int
    seconds: float

    def row(self):
        p95, milli = quantiles(self.waits, n=20)[-1], 1000
        cells = [
            self.title, f"{self.pause:.0f} s" if self.pause else "none", len(self.waits), self.refused, self.lost,
            f"{len(self.waits) / self.seconds:.0f}", f"{median(self.waits) * milli:.0f}", f"{p95 * milli:.0f}",
            f"{max(self.waits) * milli:.0f}",
        ]  # fmt: skip
        return "| " + " | ".join(map(str, cells)) + " |"


HEADER = """| Server and database | pause | answers | refused | lost | per second | p50 ms | p95 ms | slowest ms |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"""


def save(port, draft, turn):
    """Answer one competency and say (seconds, whether it was taken, competency, level)."""
    competency = draft["competencies"][turn % len(draft["competencies"])]
    level = (turn + draft["assessment"]) % 4
    was = draft["was"].get(str(competency), "")  # as the page has shown it
    path = f"/einschaetzungen/{draft['assessment']}/kompetenzen/{competency}/"
    begun = time.perf_counter()
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", path, f"level-{competency}={level}&level-was-{competency}={was}", draft["headers"])
    status = connection.getresponse().status
    connection.close()
    draft["was"][str(competency)] = level
    return time.perf_counter() - begun, status == 200, competency, level


def one_person(port, draft, pause, answers):
    saved = []
    for turn in range(answers):
        saved.append(save(port, draft, turn))
        time.sleep(pause)
    return saved


def press(title, port, env, pause):
    drafts = inside("drafts", env, str(PEOPLE))
    answers = ANSWERS if not pause else ANSWERS // 2
    begun = time.perf_counter()
    with ThreadPoolExecutor(PEOPLE) as pool:
        each = list(pool.map(lambda draft: one_person(port, draft, pause, answers), drafts))
    seconds = time.perf_counter() - begun
    stored = {int(pk): levels for pk, levels in inside("stored", env, *[str(d["assessment"]) for d in drafts]).items()}
    lost = 0
    for draft, saved in zip(drafts, each, strict=True):
        confirmed = {str(competency): level for _, taken, competency, level in saved if taken}
        lost += sum(stored[draft["assessment"]].get(pk) != level for pk, level in confirmed.items())
    waits = sorted(wait for saved in each for wait, *_ in saved)
    refused = sum(not taken for saved in each for _, taken, *_ in saved)
    return Load(title, pause, waits, refused, lost, seconds)


def inside(what, env, *arguments):
    return inside_of("bench.drafts", env, what, *arguments)


def inside_of(module, env, *arguments):
    """What a module of the bench says that runs inside the app."""
    answer = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=stage.ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return json.loads(answer.stdout)


@contextmanager
def postgres(directory, static):
    """The environment of a fresh database on the server of BENCH_POSTGRES, or None where there is none."""
    import psycopg

    try:
        server = psycopg.connect(POSTGRES, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        yield None
        return
    server.execute(f"CREATE DATABASE {NAME}")
    try:
        url = POSTGRES.rpartition("/")[0] + f"/{NAME}"
        env = stage.environment(directory / "unused", static) | {"DATABASE_URL": url}
        stage.manage("migrate", "--noinput", "--verbosity", "0", env=env)
        stage.manage("seed_demo", "--people", "200", env=env | {"KOMPETENZRAD_DEMO": "1"})
        yield env
    finally:
        server.execute(f"DROP DATABASE {NAME} WITH (FORCE)")
        server.close()


def measure():
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        static = directory / "static"
        env = stage.environment(stage.seeded(200, directory), static)
        stage.manage("collectstatic", "--noinput", "--verbosity", "0", env=env)
        loads = list(pressed("SQLite, 1 process x 2 threads", env, processes=1))
        with postgres(directory, static) as server:
            if server:
                loads += pressed("PostgreSQL, 2 processes x 4 threads", server, processes=2)
    return loads


def pressed(title, env, *, processes):
    with stage.served(env, processes=processes) as server:
        for pause in (0, 1):
            yield press(title, server.port, env, pause)


def report(loads):
    broken = [f"{load.title}: {load.refused} refused, {load.lost} lost" for load in loads if load.refused or load.lost]
    text = f"## {PEOPLE} people saving answers at once\n\n{HEADER}\n" + "\n".join(load.row() for load in loads) + "\n"
    if not any(load.title.startswith("PostgreSQL") for load in loads):
        text += "\nPostgreSQL could not be reached.\n"
    return text, broken


if __name__ == "__main__":
    said, missed = report(measure())
    print(said)
    sys.exit("\n".join(missed) or None)
