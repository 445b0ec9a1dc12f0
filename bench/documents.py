"""All PDFs of a round, made by two workers: how long it takes, and how much memory a worker needs at most."""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import stage

PLANS = 500
WORKERS = 2
PROMISE = 60  # seconds
PEOPLE = 1300  # so many in the district that its ended round has PLANS plans
PATIENCE = 900  # seconds


@dataclass(frozen=True)
class Made:
    """What two workers made; ``memory`` is the larger of their peaks in MiB, ``cpu`` seconds of processor for a document."""

    seconds: float
    made: int
    problems: int
    size: int
    memory: float
    cpu: float
    load: float

    def missed(self):
        if self.made < PLANS:
            yield f"{self.made} plans made, promised {PLANS}"
        if self.seconds > PROMISE:
            yield f"{self.seconds:.0f} s for {self.made} plans, promised {PROMISE} s"


def inside(env, *arguments):
    command = [sys.executable, "-m", "bench.bundle", *arguments]
    return json.loads(subprocess.run(command, cwd=stage.ROOT, env=env, check=True, stdout=subprocess.PIPE).stdout)


@contextmanager
def workers(env):
    """Workers as an installation runs them, up and waiting."""
    command = [sys.executable, "manage.py", "db_worker", "--verbosity", "0"]
    running = [subprocess.Popen(command, cwd=stage.ROOT, env=env) for _ in range(WORKERS)]
    try:
        time.sleep(5)
        yield running
    finally:
        for worker in running:
            worker.terminate()
        for worker in running:
            worker.wait(timeout=20)


def peak(process):
    """The most memory a running process has had, in MiB."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def cpu_of(process):
    """Seconds of processor time a running process has had."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure():
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        env = stage.environment(stage.seeded(PEOPLE, directory), directory / "static")
        with workers(env) as running:
            inside(env, "ask", str(PLANS))
            wait_for(env)
            used = {"memory": max(map(peak, running)), "cpu": sum(map(cpu_of, running)) / PLANS}
        return Made(**inside(env, "standing"), **used, load=os.getloadavg()[0])


def wait_for(env):
    """Until the bundle is finished; asks the database itself, for another Django every second would be in the way."""
    until = time.monotonic() + PATIENCE
    with closing(sqlite3.connect(env["DATABASE_URL"].removeprefix("sqlite:///"))) as database:
        while not database.execute("SELECT count(finished_at) FROM learningplans_bundle").fetchone()[0]:
            if time.monotonic() > until:
                raise TimeoutError
            time.sleep(1)


def report(made):
    """What to print, and every broken promise."""
    text = (
        f"## All documents of a round\n\n{made.made} learning plans with goals, levels and wheel, asked for at once and made by "
        f"{WORKERS} workers: {made.seconds:.0f} s ({made.made / made.seconds:.1f} a second, promised {PROMISE} s), "
        f"{made.size / 1e6:.0f} MB of PDFs, {made.problems} problems. One takes {made.cpu:.2f} s of a processor; "
        f"a worker needed {made.memory:.0f} MiB at most. Load {made.load:.1f} at the end.\n"
    )
    return text, list(made.missed())
