"""One user who asks for one page after another, each time over a new connection."""

import gzip
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from statistics import median, quantiles

HELLO = {"method": "GET", "path": "/", "headers": {}, "body": ""}


@dataclass(frozen=True)
class Timed:
    """Seconds from opening the connection to the last byte, sorted, and the last answer's body as sent."""

    seconds: list[float]
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


def side_by_side(wanted, *, warm_ups, times):
    """Time several (port, request) by turns, so that what else the machine does meets all alike."""
    for port, asked in wanted * warm_ups:
        ask(port, asked)
    taken = [[ask(port, asked) for port, asked in wanted] for _ in range(times)]
    return [Timed(sorted(t[0] for t in column), *column[-1][1:]) for column in zip(*taken, strict=True)]
