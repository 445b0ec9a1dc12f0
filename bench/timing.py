"""One user who asks for one page after another, each time over a new connection: how long it takes, and what it costs.

A page is asked for many times in a row, between two such blocks of H. By turns H would find cold caches after every page, cost
two to six times what it costs alone, and flatter the page. What counts is processor time, for that no other process adds to it.
"""

import gzip
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from statistics import median, quantiles

HELLO = {"method": "GET", "path": "/", "headers": {}, "body": ""}
PASSES = 3
SCATTER = 0.1  # a pass may be so far from the median one, or all are measured again
TRIES = 4


@dataclass(frozen=True)
class Timed:
    """A block of requests: seconds from opening the connection to the last byte, sorted, seconds of processor time of all
    processes of the server for each, and the last answer's body as sent."""

    seconds: list[float]
    cpu: float
    body: bytes
    is_gzip: bool

    @property
    def p50(self):
        return median(self.seconds)

    @property
    def p95(self):
        return quantiles(self.seconds, n=20)[-1]

    @property
    def raw(self):
        return gzip.decompress(self.body) if self.is_gzip else self.body


@dataclass(frozen=True)
class Pass:
    """One page between two blocks of H: how many times the processor time, and the time, of H."""

    timed: Timed
    hello: Timed

    @property
    def ratio(self):
        return self.timed.cpu / self.hello.cpu

    @property
    def wall_ratio(self):
        return self.timed.p50 / self.hello.p50


@dataclass(frozen=True)
class Measured:
    """The median pass of several, and how far from its ratio the others are at most."""

    median: Pass
    scatter: float


def measured(page, hello, *, warm_ups, times):
    """``page`` and ``hello`` are (running server, request). Of several tries the one with the least scatter."""
    tries = []
    for _ in range(TRIES):
        tries.append(of_passes([one_pass(page, hello, warm_ups, times) for _ in range(PASSES)]))
        if tries[-1].scatter <= SCATTER:
            break
    return min(tries, key=lambda one: one.scatter)


def of_passes(passes):
    passes.sort(key=lambda one: one.ratio)
    middle = passes[len(passes) // 2]
    return Measured(middle, max(abs(one.ratio / middle.ratio - 1) for one in passes))


def one_pass(page, hello, warm_ups, times):
    before = block(*hello, warm_ups=10, times=100)
    timed = block(*page, warm_ups=warm_ups, times=times)
    after = block(*hello, warm_ups=10, times=100)
    both = sorted(before.seconds + after.seconds)
    return Pass(timed, Timed(both, (before.cpu + after.cpu) / 2, after.body, after.is_gzip))


def block(server, asked, *, warm_ups, times):
    for _ in range(warm_ups):
        ask(server.port, asked)
    begun = server.cpu()
    taken = [ask(server.port, asked) for _ in range(times)]
    cpu = (server.cpu() - begun) / times
    return Timed(sorted(one[0] for one in taken), cpu, *taken[-1][1:])


def ask(port, asked):
    """Answers (seconds, body, whether it came as gzip)."""
    begun = time.perf_counter()
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(asked["method"], asked["path"], asked["body"], asked["headers"])
    response = connection.getresponse()
    body = response.read()
    connection.close()
    seconds = time.perf_counter() - begun
    if response.status != 200:
        raise RuntimeError(f"{asked['path']} answers {response.status}")
    return seconds, body, response.getheader("Content-Encoding") == "gzip"
