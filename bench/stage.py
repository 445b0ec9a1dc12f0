"""Seeded databases and running servers, each in a directory that vanishes afterwards."""

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "var" / "bench"
CONTENT = ["fixtures/*.json", "kompetenz/demo/**/*.py", "**/migrations/*.py"]  # what a seeded database depends on
SERVE_HELLO = """
import sys
from kompetenz.serving.server import serve
serve("127.0.0.1", int(sys.argv[-1]), 1, "error", app="bench.hello:application")
"""
CLOCK_OF_A_PROCESS = 2  # as the kernel makes a clock's number of that of a process (clock_getcpuclockid)


def environment(database, static, **more):
    return (
        os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "BENCH_STATIC_ROOT": str(static),
            "DATABASE_URL": f"sqlite:///{database}",
            "SECRET_KEY": "only-for-this-measurement",
            "DEBUG": "0",
            "HTTPS": "0",
            "ALLOWED_HOSTS": "127.0.0.1",
            "KOMPETENZRAD_DEMO": "0",
            "SECOND_FACTOR": "0",
            "EMAIL_URL": "memorymail://",
            "PYTHONPATH": str(ROOT),
        }
        | more
    )


def manage(*arguments, env):
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=env, check=True)


def content_hash():
    """Changes when a seeded database would."""
    digest = hashlib.sha256()
    own = [path for pattern in CONTENT for path in ROOT.glob(pattern)]
    for path in sorted(path for path in own if ".venv" not in path.parts and "node_modules" not in path.parts):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def seeded(people, directory):
    """A fresh copy of the demo district of this size; the original is kept for the next run."""
    KEPT.mkdir(parents=True, exist_ok=True)
    kept = KEPT / f"{people}-{content_hash()}.sqlite3"
    if not kept.exists():
        for outdated in KEPT.glob(f"{people}-*"):
            outdated.unlink()
        made = directory / f"seeding-{people}.sqlite3"
        env = environment(made, directory, KOMPETENZRAD_DEMO="1")
        manage("migrate", "--noinput", "--verbosity", "0", env=env)
        manage("seed_demo", "--people", str(people), env=env)
        shutil.move(made, kept)
    return Path(shutil.copy(kept, directory / f"{people}.sqlite3"))


def look_inside(env):
    """What inside.py says about this database."""
    answer = subprocess.run(
        [sys.executable, "-m", "bench.inside"], cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(answer.stdout)


@dataclass(frozen=True)
class Running:
    """A server that runs: its port and its main process."""

    port: int
    process: subprocess.Popen

    def processes(self):
        """The numbers of the main process and of those that serve."""
        of_parent = ["pgrep", "--parent", str(self.process.pid)]
        children = subprocess.run(of_parent, check=True, stdout=subprocess.PIPE, text=True).stdout.split()
        return [self.process.pid, *map(int, children)]

    def cpu(self):
        """Seconds of processor time that all its processes have had: /proc/<pid>/stat says the same in hundredths only."""
        return sum(time.clock_gettime((~number << 3) | CLOCK_OF_A_PROCESS) for number in self.processes())

    def memory(self):
        """MiB of all its processes."""
        statuses = [Path(f"/proc/{number}/status").read_text() for number in self.processes()]
        return sum(int(status.split("VmRSS:")[1].split()[0]) for status in statuses) / 1024


def hello():
    """H, served as the app is."""
    return running([sys.executable, "-c", SERVE_HELLO], os.environ | {"PYTHONPATH": str(ROOT)})


def served(env, *, processes=1):
    """The app as `make serve` serves it."""
    command = [sys.executable, "-m", "kompetenz.serving", "--log-level", "error", "--processes", str(processes)]
    return running(command, env)


@contextmanager
def running(command, env):
    """Gives what runs, and ends it."""
    port = free_port()
    server = subprocess.Popen([*command, "--port", str(port)], cwd=ROOT, env=env)
    try:
        wait_for(port)
        yield Running(port, server)
    finally:
        server.terminate()
        server.wait(timeout=60)


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def wait_for(port, seconds=30):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
                connection.request("GET", "/")
                connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(port)
