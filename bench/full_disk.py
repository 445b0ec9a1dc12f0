"""PostgreSQL whose disk is full, once of its tables and once of its log: what saving, reading and long work answer, and what is left of it.

``python -m bench.full_disk`` starts a server of its own, whose tables and whose log (WAL) lie on small file systems in memory, so that
it needs root, and says so where it is not. It prints what was met and exits 1 if something confirmed is lost, a refusal has no words,
or the work does not go on once there is room.
"""

import html
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import killed, stage

SIZES = {"tables": "96m", "log": "48m"}
PEOPLE = 120  # of the job
FULL_FOR, GOES_ON_WITHIN, LONGEST = 15, 90, 300  # seconds
FULL, AWAY = "Auf dem Server ist kein Speicherplatz mehr frei.", "Die Datenbank ist gerade nicht zu erreichen."


# The server ---------------------------------------------------------------------------------------


def programs():
    """Where PostgreSQL's own programs are, the newest."""
    return max(Path("/usr/lib/postgresql").glob("*/bin/initdb"), default=None, key=lambda path: int(path.parts[-3]))


def as_postgres(*command):
    subprocess.run(["runuser", "-u", "postgres", "--", *map(str, command)], check=True, stdout=subprocess.DEVNULL)


@dataclass
class Server:
    """A cluster in ``directory``, which has a small file system for its ``tables`` and one for its ``log``."""

    directory: Path
    bin: Path
    port: int

    def start(self):
        options = f"-p {self.port} -k {self.directory} -c listen_addresses=127.0.0.1 -c autovacuum=off"
        options += " -c max_wal_size=16MB -c min_wal_size=2MB -c wal_recycle=off"  # the log needs room again and again
        command = ["-D", self.directory / "cluster", "-l", self.directory / "messages", "-o", options, "-w", "start"]
        as_postgres(self.bin / "pg_ctl", *command)

    def stop(self):
        with suppress(subprocess.CalledProcessError):  # it has ended by itself
            as_postgres(self.bin / "pg_ctl", "-D", self.directory / "cluster", "-m", "immediate", "stop")

    def runs(self):
        asked = [self.bin / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres"]
        return subprocess.run(asked, check=False).returncode == 0

    def sql(self, *statements, database="postgres"):
        import psycopg

        address = f"postgres://postgres@127.0.0.1:{self.port}/{database}"
        with psycopg.connect(address, autocommit=True, connect_timeout=5) as connection:
            for statement in statements:
                connection.execute(statement)

    @contextmanager
    def full(self, which):
        """Not a byte is left where its tables or its log are."""
        ballast = self.directory / which / "ballast"
        with ballast.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(b"x" * 4096)
        try:
            yield
        finally:
            ballast.unlink()


@contextmanager
def server():
    with ExitStack() as stack:
        directory = Path(tempfile.mkdtemp(prefix="full-disk-"))
        stack.callback(shutil.rmtree, directory)
        for name, size in SIZES.items():
            (directory / name).mkdir()
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", directory / name], check=True)
            stack.callback(subprocess.run, ["umount", directory / name], check=True)
        for inside in ("tables/space", "log/wal"):
            (directory / inside).mkdir()
        subprocess.run(["chown", "-R", "postgres:", directory], check=True)
        found = Server(directory, programs().parent, stage.free_port())
        initdb = ["-D", directory / "cluster", f"--waldir={directory / 'log/wal'}", "--wal-segsize=1"]
        as_postgres(
            found.bin / "initdb", *initdb, "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync"
        )
        found.start()
        stack.callback(found.stop)
        found.sql(
            f"CREATE TABLESPACE small LOCATION '{directory / 'tables/space'}'", "CREATE DATABASE app TABLESPACE small"
        )
        yield found


# Who saves and reads --------------------------------------------------------------------------------


@dataclass
class Met:
    """What was answered: how often which status, and what was wrong with it; ``kept`` is the remark confirmed last."""

    answers: Counter = field(default_factory=Counter)
    wrong: Counter = field(default_factory=Counter)
    slowest: float = 0
    kept: str = ""
    doubtful: set = field(default_factory=set)  # remarks sent since of which nobody knows

    def note(self, what, status, seconds):
        self.answers[f"{what}: {status}"] += 1
        self.slowest = max(self.slowest, seconds)


def ask(port, asked, body=None):
    """(status, text, seconds); without a status where no answer came."""
    began = time.monotonic()
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {name: value for name, value in asked["headers"].items() if name != "Accept-Encoding"}
    try:
        connection.request(asked["method"], asked["path"], body or asked["body"], headers)
        response = connection.getresponse()
        return response.status, response.read().decode(errors="replace"), time.monotonic() - began
    except (OSError, HTTPException):
        return None, "", time.monotonic() - began
    finally:
        connection.close()


def save_remarks(port, pages, over, met):
    """A remark on each competency, and again other ones, as a form without JavaScript sends them: more than fits where the last ones were."""
    headers = {name: value for name, value in pages["answer"]["headers"].items() if name != "HX-Request"}
    form = pages["answer"] | {"path": pages["form"]["path"], "headers": headers}
    was = stored(port, pages)
    while not over.is_set():
        remark = (f"Bemerkung {time.time_ns()} " + "lang " * 100).strip()
        said = {f"remark-{number}": remark for number in was}
        said |= {f"remark-was-{number}": text for number, text in was.items()}
        status, text, seconds = ask(port, form, urlencode(said))
        met.note("saving", status, seconds)
        if status == 302:
            met.kept, met.doubtful, was = remark, set(), dict.fromkeys(was, remark)
        elif status == 503 and AWAY not in text:
            met.wrong["a refusal without words"] += FULL not in text
            met.wrong["what was typed does not come back"] += text.count(remark) < len(was)
        else:  # nobody knows whether it is saved; or one sent before is: what is stored counts from now on
            met.doubtful.add(remark)
            met.wrong[f"saving answered {status}"] += status not in (503, 409)
            was = (status == 409 and stored(port, pages)) or was
        time.sleep(0.05)


def stored(port, pages):
    """The remark on each competency, as the form shows it."""
    page = html.unescape(ask(port, pages["form"])[1])
    shown = dict(re.findall(r'name="remark-was-(\d+)"[^>]*>([^<]*)</textarea>', page))
    return dict.fromkeys(re.findall(r'name="remark-(\d+)"', page), "") | shown


def read_pages(port, pages, over, met):
    while not over.is_set():
        for name in ("sign-in", "start", "form", "overview"):
            status, text, seconds = ask(port, pages[name])
            met.note(name, status, seconds)
            met.wrong[f"{name} answered {status}"] += status not in (200, 503)
            met.wrong["a page without words"] += status == 503 and FULL not in text and AWAY not in text
        time.sleep(0.05)


def answers_after(port, asked):
    """Seconds until it is answered again."""
    began = time.monotonic()
    while ask(port, asked)[0] != 200 and time.monotonic() - began < GOES_ON_WITHIN:
        time.sleep(0.2)
    return time.monotonic() - began


def finish(tell):
    until = time.monotonic() + LONGEST
    while tell("unfinished") and time.monotonic() < until:
        time.sleep(1)


# What is tried --------------------------------------------------------------------------------------


def tried(which, server, env, pages):
    """Begin a job, fill the disk, let all of them go on, make room again: what was met, and what is stored afterwards."""
    before, during, after = Met(), Met(), Met()
    command = [sys.executable, "-m", "kompetenz.jobs.beside", sys.executable, "-m", "kompetenz.serving"]
    command += ["--log-level", "error", "--processes", "2"]
    log = (server.directory / "log of the app").open("a")
    with ExitStack() as stack:
        port = stage.free_port()
        app = subprocess.Popen([*command, "--port", str(port)], cwd=stage.ROOT, env=env, stderr=log, stdout=log)
        stack.callback(app.wait, 60)
        stack.callback(app.terminate)
        stage.wait_for(port, 60)

        def meanwhile(seconds, met):
            over = threading.Event()
            with ThreadPoolExecutor(2) as pool:
                going = [pool.submit(work, port, pages, over, met) for work in (save_remarks, read_pages)]
                time.sleep(seconds)
                over.set()
            for one in going:
                one.result()

        for _ in range(10):  # until something is confirmed
            if not before.kept:
                meanwhile(3, before)
        during.kept = before.kept
        what = {"tables": "opening", "log": "late entry"}[which]
        with killed.told(env) as tell:
            asked = tell("prepare", what, PEOPLE)
        if which == "tables":
            server.sql("VACUUM FULL", database="app")  # no page has room for another row
        with server.full(which):
            begun = [ask(port, asked)[0]]
            meanwhile(FULL_FOR, during)
            runs = server.runs()
        time.sleep(2)
        if not server.runs():  # whoever looks after the machine does so
            server.start()
        goes_on = answers_after(port, pages["start"])
        kept = set(stored(port, pages).values())
        after.kept = "".join(kept)
        meanwhile(3, after)
        if begun[0] != 302:
            begun.append(ask(port, asked)[0])
        with killed.told(env) as tell:  # the one before may have lost its database
            finish(tell)
            lost, doubled = tell("look", what, PEOPLE)
        is_stored = set(stored(port, pages).values()) == {after.kept}
    wrong = sum((met.wrong for met in (before, during, after)), Counter())
    wrong["remarks that were confirmed are lost"] += len(kept) != 1 or not kept <= {during.kept, *during.doubtful}
    wrong["remarks that were confirmed are lost"] += not is_stored
    wrong["of the job is lost"], wrong["of the job is doubled"] = lost, doubled
    wrong["it does not go on"] += goes_on >= GOES_ON_WITHIN
    told = {
        "before": dict(before.answers), "while there was no room": dict(during.answers), "slowest s": round(during.slowest, 1), "job begun": begun,
        "PostgreSQL answered at the end": runs, "answers again after s": round(goes_on, 1), "after": dict(after.answers),
    }  # fmt: skip
    return told, +wrong


def main():
    if os.geteuid() or not programs():
        sys.exit("Needs root, for two file systems in memory, and PostgreSQL's programs in /usr/lib/postgresql.")
    with server() as found:
        static = found.directory / "static"
        env = stage.environment(found.directory / "unused", static)
        env |= {"DATABASE_URL": f"postgres://postgres@127.0.0.1:{found.port}/app"}
        stage.manage("migrate", "--noinput", "--verbosity", "0", env=env)
        stage.manage("seed_demo", "--people", "60", env=env | {"KOMPETENZRAD_DEMO": "1"})
        stage.manage("collectstatic", "--noinput", "--verbosity", "0", env=env)
        pages = stage.look_inside(env)["pages"]
        all_wrong = Counter()
        for which in SIZES:
            told, wrong = tried(which, found, env, pages)
            print(json.dumps({f"full: {which}": told, "wrong": wrong}, indent=1, ensure_ascii=False), flush=True)
            all_wrong += wrong
        if all_wrong:
            shutil.copy(found.directory / "log of the app", stage.KEPT / "full-disk.log")
            shutil.copy(found.directory / "messages", stage.KEPT / "full-disk-postgresql.log")
    sys.exit("\n".join(f"{what}: {number}" for what, number in all_wrong.items()) or None)


if __name__ == "__main__":
    main()
