"""Seeded databases and running servers, each in a directory that vanishes afterwards."""

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "var" / "bench"
CONTENT = ["fixtures/*.json", "kompetenz/demo/**/*.py", "**/migrations/*.py"]  # what a seeded database depends on

GRANIAN = ["--interface", "wsgi", "--log-level", "error"]


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


@contextmanager
def served(application, env=None, *, workers=1, threads=2):
    """The application behind granian, as `make serve` starts it; gives its port."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("granian")), *GRANIAN, "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", str(workers), "--blocking-threads", str(threads)]
    server = subprocess.Popen([*command, application], cwd=ROOT, env=env or os.environ | {"PYTHONPATH": str(ROOT)})
    try:
        wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=20)


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def wait_for(port, seconds=30):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(port)
