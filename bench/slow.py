"""Slow, broken and greedy clients, with no proxy in front, on both databases: how long everybody else waits.

``python bench/slow.py`` prints the table that make bench puts into docs/benchmarks.md and exits 1 if somebody had to wait or
was refused. PostgreSQL is used where BENCH_POSTGRES can be reached, see load.py. Arguments are words of the attacks to try.
"""

import os
import resource
import socket
import struct
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import median, quantiles

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import load, stage

PROMISE = 0.5  # seconds that anybody else waits
TIMES = 3
ASIDE = 6  # seconds of each attack
PATIENCE = 5  # seconds after which nobody waits any longer
OTHERS = ("sign-in", "start", "form", "answer")  # what everybody else does meanwhile
DOCUMENT = 300_000  # bytes of each document in the ZIP

FORM = "Content-Type: application/x-www-form-urlencoded\r\n"
HALF_A_HEAD = b"GET /anmelden/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Half: "
HALF_A_BODY = f"POST /anmelden/ HTTP/1.1\r\nHost: 127.0.0.1\r\n{FORM}Content-Length: 5000\r\n\r\nx".encode()


@dataclass(frozen=True)
class Met:
    """What everybody else met during an attack: seconds waited, sorted, and how many were not answered as ever."""

    waits: list[float]
    refused: int
    memory: float  # MiB of all processes of the server
    load: float

    def cells(self):
        p95 = quantiles(self.waits, n=20)[-1]
        return [*(f"{1000 * wait:.0f}" for wait in (median(self.waits), p95, self.waits[-1])), f"{self.memory:.0f}"]

    def missed(self):
        if self.waits[-1] > PROMISE:
            yield f"somebody waited {self.waits[-1]:.2f} s, promised {PROMISE} s"
        if self.refused:
            yield f"{self.refused} of {len(self.waits)} not answered"


@contextmanager
def held(port, count, sent, receive_buffer=None):
    """So many connections over which this was sent, and then nothing; nobody reads what comes back."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with ExitStack() as stack:
        for _ in range(count):
            client = stack.enter_context(socket.socket())
            if receive_buffer:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
            client.settimeout(PATIENCE)
            client.connect(("127.0.0.1", port))
            client.sendall(sent)
        yield


@contextmanager
def again_and_again(work, at_once):
    """So many threads that do it, and again."""
    over = threading.Event()

    def go_on():
        while not over.is_set():
            with suppress(OSError, HTTPException):
                work()

    with ThreadPoolExecutor(at_once) as pool:
        for _ in range(at_once):
            pool.submit(go_on)
        try:
            yield
        finally:
            over.set()


def asking(port, pages, name, at_once):
    return again_and_again(lambda: ask(port, pages[name], timeout=60), at_once)


def inventing(port, asked, at_once):
    """The same, from another address than everybody else and with one more cookie each time, of which nobody knows."""

    def ask_as_another():
        cookie = "; ".join(filter(None, [asked["headers"].get("Cookie"), f"invented={time.monotonic_ns()}"]))
        another = asked | {"headers": asked["headers"] | {"Cookie": cookie}}
        ask(port, another, timeout=60, address="127.0.0.2")

    return again_and_again(ask_as_another, at_once)


def not_reading(port, asked, count):
    headers = "".join(f"{name}: {value}\r\n" for name, value in asked["headers"].items() if name != "Accept-Encoding")
    return held(port, count, f"GET {asked['path']} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n".encode(), 2048)


def dropping(port):
    """A notebook is closed in the middle of a POST."""

    def drop():
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as client:
            client.sendall(HALF_A_BODY)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # closed with a reset
        time.sleep(0.01)

    return again_and_again(drop, 4)


@contextmanager
def dripping(port, count):
    """One byte of a long form every second."""
    with ExitStack() as stack:
        clients = [stack.enter_context(socket.create_connection(("127.0.0.1", port), PATIENCE)) for _ in range(count)]
        for client in clients:
            client.sendall(HALF_A_BODY)

        def drip():
            for client in clients:
                client.sendall(b"x")
            time.sleep(1)

        with again_and_again(drip, 1):
            yield


def guessing(port, pages, at_once):
    """Wrong passwords: hashing them takes long on purpose."""
    token = "x" * 32
    headers = {
        "Cookie": f"csrftoken={token}", "X-CSRFToken": token, "Content-Type": "application/x-www-form-urlencoded",
    }  # fmt: skip

    def guess():
        body = f"login=nobody{time.monotonic_ns()}%40musterland.example&password=wrong-password"
        ask(port, {"method": "POST", "path": pages["sign-in"]["path"], "headers": headers, "body": body}, timeout=60)

    return again_and_again(guess, at_once)


ATTACKS = {
    "nothing": lambda port, pages: held(port, 0, b""),
    "half a head, 500": lambda port, pages: held(port, 500, HALF_A_HEAD),
    "half a body, 2": lambda port, pages: held(port, 2, HALF_A_BODY),
    "half a body, 40": lambda port, pages: held(port, 40, HALF_A_BODY),
    "half a body, 500": lambda port, pages: held(port, 500, HALF_A_BODY),
    "a byte of a form every second, 100": lambda port, pages: dripping(port, 100),
    "connected and silent, 500": lambda port, pages: held(port, 500, b""),
    "connected and silent, 9000": lambda port, pages: held(port, 9000, b""),
    "a PDF that nobody reads, 8": lambda port, pages: not_reading(port, pages["pdf"], 8),
    "a ZIP that nobody reads, 8": lambda port, pages: not_reading(port, pages["zip"], 8),
    "a page that nobody reads, 40": lambda port, pages: not_reading(port, pages["comparison"], 40),
    "gone in the middle of a POST": lambda port, pages: dropping(port),
    "4 PDFs of one person, again and again": lambda port, pages: asking(port, pages, "pdf", 4),
    "20 pages of one person, again and again": lambda port, pages: asking(port, pages, "comparison", 20),
    "4 ZIPs of one person, again and again": lambda port, pages: asking(port, pages, "zip", 4),
    "20 workbooks of one person, again and again": lambda port, pages: asking(port, pages, "workbook", 20),
    "60 pages of one person, other cookies each time": lambda port, pages: inventing(port, pages["comparison"], 60),
    "60 sign-in pages, other cookies each time": lambda port, pages: inventing(port, pages["sign-in"], 60),
    "20 wrong passwords, again and again": lambda port, pages: guessing(port, pages, 20),
}


def ask(port, asked, timeout=PATIENCE, address="127.0.0.1"):
    """(seconds, status), without a status where no answer came in time; ``address`` is whose question it is."""
    begun = time.perf_counter()
    connection = HTTPConnection("127.0.0.1", port, timeout=timeout, source_address=(address, 0))
    status = None
    try:
        with suppress(OSError, HTTPException):
            connection.request(asked["method"], asked["path"], asked["body"], asked["headers"])
            response = connection.getresponse()
            response.read()
            status = response.status
    finally:
        connection.close()
    return time.perf_counter() - begun, status


def others(port, pages):
    """What everybody else meets for some seconds."""
    until, met = time.monotonic() + ASIDE, []
    while time.monotonic() < until:
        met += [ask(port, pages[name]) for name in OTHERS]
        time.sleep(0.02)
    return met


def under(attack, port, pages, server):
    """Once, and where somebody waited too long twice more: what else the machine does is not there each time."""
    for _ in range(TIMES):
        met = once_under(attack, port, pages, server)
        if not any(met.missed()):
            break
    return met


def once_under(attack, port, pages, server):
    with ATTACKS[attack](port, pages):
        time.sleep(0.5)
        met = others(port, pages)
        memory = server.memory()
    waits = sorted(seconds for seconds, _ in met)
    return Met(waits, sum(status != 200 for _, status in met), memory, os.getloadavg()[0])


def attacked(env, processes, wanted):
    pages = stage.look_inside(env)["pages"]
    pages["zip"] = load.inside_of("bench.bundle", env, "pretend", str(DOCUMENT))
    with stage.served(env, processes=processes) as server:
        for _ in range(5):
            for name in (*OTHERS, "pdf", "comparison"):
                ask(server.port, pages[name], timeout=60)
        return {attack: under(attack, server.port, pages, server) for attack in wanted}


def measure(wanted=tuple(ATTACKS)):
    """What everybody else met, by database and attack."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        static = directory / "static"
        env = stage.environment(stage.seeded(200, directory), static)
        stage.manage("collectstatic", "--noinput", "--verbosity", "0", env=env)
        met = {"SQLite, 1 process": attacked(env, 1, wanted)}
        with load.postgres(directory, static) as server:
            if server:
                met["PostgreSQL, 2 processes"] = attacked(server, 2, wanted)
    return met


def report(met):
    columns = [f"{database}: p50 ms | p95 ms | slowest ms | MiB" for database in met]
    rows = [
        f"| {attack} | " + " | ".join(cell for attacks in met.values() for cell in attacks[attack].cells()) + " |"
        for attack in next(iter(met.values()))
    ]
    broken = [
        f"{database}, {attack}: {text}"
        for database, attacks in met.items()
        for attack, one in attacks.items()
        for text in one.missed()
    ]
    loads = [one.load for attacks in met.values() for one in attacks.values()]
    text = (
        f"## Slow, broken and greedy clients\n\nWhat one other person waits for sign-in page, start page, rating form and a saved "
        f"answer, without a proxy in front; nobody waits longer than {PROMISE} s or is refused. Load {min(loads):.1f} to "
        f"{max(loads):.1f}.\n\n| Meanwhile | " + " | ".join(columns) + " |\n| --- |" + " ---: |" * (4 * len(met)) + "\n"
    )
    text += "\n".join(rows) + "\n"
    if len(met) == 1:
        text += "\nPostgreSQL could not be reached.\n"
    return text, broken


if __name__ == "__main__":
    asked_for = [attack for attack in ATTACKS if not sys.argv[1:] or any(word in attack for word in sys.argv[1:])]
    said, missed = report(measure(asked_for))
    print(said)
    sys.exit("\n".join(missed) or None)
