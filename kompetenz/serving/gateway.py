"""A request as the server hands it over (RSGI), to the app (WSGI) and back.

A thread of the app is taken when the request has arrived as a whole, and given back before the answer is sent: the server, which
has no threads to lose, waits for slow lines. What is too large, too slow or too much is refused with a page of ``refusals``.
"""

import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from functools import partial
from multiprocessing import parent_process
from tempfile import SpooledTemporaryFile, TemporaryFile
from typing import IO, Any, Protocol
from wsgiref.types import StartResponse, WSGIApplication

from kompetenz.jobs.beside import ending_with
from kompetenz.outages import FULL, outage_of
from kompetenz.serving.lanes import Crowded, Gone, Lane, Lanes, TooManyOfOne
from kompetenz.serving.server import answer_the_last_ones_first

MB = 1_000_000
MOST_OF_A_FORM = 2 * MB
MOST_OF_A_FILE = 12 * MB  # a little more than a staff list may have: the app's own form says it best
READ_IN_VAIN = (
    60 * MB
)  # so much is read to the end before it is refused; a browser shows no answer while it is still sending
LONGEST_ADDRESS = 16_000  # characters with all that is asked; no link and no form of the app comes near
MOST_OF_HEADERS = 64_000  # characters, cookies of all the house's other applications included
PATIENCE = 120  # seconds for a whole request to arrive
IN_MEMORY = MB // 8  # what is longer lies in a file until it is used, or sent
AGAIN_LATER = {429, 503, 507}
UNTIL_OPENED = 5  # seconds the server has to open a file it shall send

logger = logging.getLogger(__name__)
Headers = list[tuple[str, str]]


class Asked(Protocol):
    """What the server says about a request."""

    method: str
    path: str
    query_string: str
    server: str
    client: str
    headers: Any


class Connection(Protocol):
    """What the server takes as an answer."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...
    def client_disconnect(self) -> Awaitable[None]: ...
    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None: ...
    def response_file(self, status: int, headers: Headers, file: str) -> None: ...


class NotTaken(Exception):
    def __init__(self, status: int) -> None:
        self.status = status


class Gateway:
    def __init__(self, app: WSGIApplication, lanes: Lanes, refusals: Mapping[int, bytes]) -> None:
        self.app, self.lanes, self.refusals = app, lanes, refusals

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """In each process of the server, before its first request."""
        main = parent_process()  # known since the start: it may be gone by now
        ending_with(main.pid if main and main.pid else os.getppid())()
        answer_the_last_ones_first(loop)

    async def __call__(self, asked: Asked, connection: Connection) -> None:
        try:
            with SpooledTemporaryFile(IN_MEMORY) as body:
                await read(asked, connection, body)
                environ = environment(asked, body)
                lane = self.lanes.of(asked.method, asked.path)
                await self.answered(lane, client_of(environ), environ, connection)
        except NotTaken as refused:
            self.refuse(connection, refused.status)
        except Gone:
            pass
        except TooManyOfOne:
            self.refuse(connection, 429)
        except Crowded:
            self.refuse(connection, 503)
        except OSError as problem:  # what arrives lies in a file where it is long
            self.refuse(connection, self.status_of(problem, f"{asked.method} {asked.path}"))

    async def answered(self, lane: Lane, client: str, environ: dict[str, Any], connection: Connection) -> None:
        file = await lane.run(client, partial(self.answer, environ, connection), connection.client_disconnect)
        if file:
            await asyncio.sleep(UNTIL_OPENED)
            file.close()

    def answer(self, environ: dict[str, Any], connection: Connection) -> IO[bytes] | None:
        """Ask the app and hand its answer over. A long one lies in the file that is returned."""
        head: list[Any] = []
        try:
            pieces = self.app(environ, starting(head))
            try:
                content = collected(pieces)
            finally:
                getattr(pieces, "close", int)()
        except Exception as problem:  # noqa: BLE001 - whatever it is, it is answered
            self.refuse(connection, self.status_of(problem, f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"))
            return None
        status, headers = head
        if isinstance(content, bytes):
            connection.response_bytes(status, headers, content)
            return None
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
        headers.append(("content-length", str(content.tell())))
        content.flush()
        connection.response_file(status, headers, f"/proc/self/fd/{content.fileno()}")
        return content

    def status_of(self, problem: Exception, request: str) -> int:
        """A disk without room passes; anything else is a mistake of ours. Either stands in the log."""
        if outage_of(problem) is FULL:
            logger.warning("%s: %s", request, problem)
            return 507
        logger.error("%s", request, exc_info=problem)
        return 500

    def refuse(self, connection: Connection, status: int) -> None:
        headers = [("content-type", "text/html; charset=utf-8"), ("cache-control", "no-store"), ("connection", "close")]
        headers += [("retry-after", "60")] if status in AGAIN_LATER else []
        connection.response_bytes(status, headers, self.refusals[status])


async def read(asked: Asked, connection: Connection, body: IO[bytes]) -> None:
    """All that the client has announced, or a refusal."""
    if len(asked.path) + len(asked.query_string) > LONGEST_ADDRESS:
        raise NotTaken(414)
    if sum(len(name) + len(value) for name, value in asked.headers.items()) > MOST_OF_HEADERS:
        raise NotTaken(431)
    if "transfer-encoding" in asked.headers:
        raise NotTaken(411)
    length = int(asked.headers.get("content-length", 0))
    is_file = asked.headers.get("content-type", "").startswith("multipart/")
    fits = length <= (MOST_OF_A_FILE if is_file else MOST_OF_A_FORM)
    if not fits and length > READ_IN_VAIN:
        raise NotTaken(413)
    if length:
        await arrive(connection, body if fits else None, length)
    if not fits:
        raise NotTaken(413)


async def arrive(connection: Connection, body: IO[bytes] | None, length: int) -> None:
    arrived = 0
    try:
        async with asyncio.timeout(PATIENCE):
            async for piece in connection:
                arrived += len(piece)
                if body:
                    body.write(piece)
                if arrived >= length or not piece:
                    break
    except TimeoutError:
        raise NotTaken(408) from None
    if arrived != length:  # what was cut off on its way is not taken for the whole
        raise Gone
    if body:
        body.seek(0)


def environment(asked: Asked, body: object) -> dict[str, Any]:
    """What WSGI (PEP 3333) says a request is."""
    host, _, port = asked.server.rpartition(":")
    environ = {
        "REQUEST_METHOD": asked.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": asked.path.encode().decode("latin-1"),
        "QUERY_STRING": asked.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": asked.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in asked.headers.items():
        if "_" in name:  # or it could pass for one that only a proxy may set
            continue
        key = name.upper().replace("-", "_")
        key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
        joint = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{joint}{value}" if key in environ else value
    return environ


def client_of(environ: Mapping[str, Any]) -> str:
    """Whose turn it is: a browser that has cookies of ours, else an address."""
    return str(environ.get("HTTP_COOKIE") or environ["REMOTE_ADDR"])


def starting(head: list[Any]) -> StartResponse:
    def start(status: str, headers: Headers, exc_info: object = None, /) -> Callable[[bytes], object]:
        head[:] = int(status[:3]), headers
        return refuse_to_write

    return start


def refuse_to_write(_: bytes) -> None:
    raise NotImplementedError("the app returns what it answers")


def collected(pieces: Iterable[bytes]) -> bytes | IO[bytes]:
    """All pieces together; more than may lie in memory in a file that has no name."""
    found, size = [], 0
    for piece in (left := iter(pieces)):
        found.append(piece)
        size += len(piece)
        if size > IN_MEMORY:
            file = TemporaryFile()  # noqa: SIM115 - closed by who sends it
            file.writelines(found)
            file.writelines(left)
            return file
    return b"".join(found)
