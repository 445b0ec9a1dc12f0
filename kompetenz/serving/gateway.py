"""A request as the server hands it over (RSGI), to the app (WSGI) and back.

A thread of the app is taken when the request has arrived as a whole, and given back before the answer is sent: the server, which
has no threads to lose, waits for slow lines. What is too large, too slow or too much is refused with a page of ``refusals``.
"""

import asyncio
import logging
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from functools import partial
from io import BufferedReader
from ipaddress import IPv6Address, IPv6Network
from multiprocessing import parent_process
from tempfile import SpooledTemporaryFile, TemporaryFile
from typing import IO, Any, Protocol
from wsgiref.types import StartResponse, WSGIApplication

from kompetenz.jobs.beside import ending_with
from kompetenz.outages import FULL, outage_of
from kompetenz.serving.lanes import Client, Crowded, Gone, Lane, Lanes, TooManyOfOne
from kompetenz.serving.making_room import Address, keep_room
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
IN_MEMORY = MB // 8  # an answer that is longer lies in a file until it is sent
FORM_IN_MEMORY = 16_000  # what somebody sends that is longer lies in a file until it is used: thousands may be sending
# Of all that is being sent to this process; then what is long is refused until there is room. People and addresses have half of it each,
# so that whoever has not signed in takes no room from whoever has; one of them has half of that.
MOST_IN_FILES = 200 * MB
MOST_KNOWN = 20_000  # sessions of which this process remembers whose they are
AGAIN_LATER = {429, 503, 507}
# What the app says with every page of its own, for those that it never hears of.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
STRICT = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("content-security-policy", POLICY),
]
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
    """``cookie`` is the name of the one that holds a session, ``person`` where the app notes in environ whose it is.

    So many ``proxies`` before it are to be believed when they say for whom they ask.
    """

    def __init__(
        self,
        app: WSGIApplication,
        lanes: Lanes,
        refusals: Mapping[int, bytes],
        cookie: str = "",
        person: str = "",
        proxies: int = 0,
    ) -> None:
        self.app, self.lanes, self.refusals = app, lanes, refusals
        self.cookie, self.person, self.proxies = cookie, person, proxies
        self.asking: set[Address] = set()  # who wait for an answer
        self.people: dict[str, str] = {}  # by their sessions, as the app has said: by saying so nobody is anybody
        self.in_files: Counter[Client | bool] = (
            Counter()
        )  # bytes: of each client, of all people (True) and of all addresses

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """In each process of the server, before its first request."""
        main = parent_process()  # known since the start: it may be gone by now
        ending_with(main.pid if main and main.pid else os.getppid())()
        answer_the_last_ones_first(loop)
        self.room = loop.create_task(keep_room(self.asking))

    async def __call__(self, asked: Asked, connection: Connection) -> None:
        body = Body(self)
        try:
            with body.file:
                length, fits = announced(asked)
                if length:  # what its headers say is not kept until it has arrived: thousands may be sending
                    body.client = self.client_of(environment(asked, None))
                await read(connection, body, length, fits=fits)
                environ = environment(asked, body.file)
                self.asking.add(address := address_of(asked.client))
                try:
                    await self.answered(self.lanes.of(asked.method, asked.path), environ, connection)
                finally:
                    self.asking.discard(address)
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
        finally:
            if body.in_file:
                self.in_files -= Counter({body.client: body.in_file, body.client.is_one: body.in_file})

    async def answered(self, lane: Lane, environ: dict[str, Any], connection: Connection) -> None:
        client, work = self.client_of(environ), partial(self.answer, environ, connection)
        file = await lane.run(client, work, connection.client_disconnect)
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
        self.remember(environ)
        status, headers = head
        if isinstance(content, bytes):
            connection.response_bytes(status, headers, content)
            return None
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
        content.flush()
        headers.append(("content-length", str(os.fstat(content.fileno()).st_size)))
        connection.response_file(status, headers, f"/proc/self/fd/{content.fileno()}")
        return content

    def take_room(self, client: Client, size: int) -> None:
        if self.in_files[client] + size > MOST_IN_FILES // 4:
            raise NotTaken(429)
        if self.in_files[client.is_one] + size > MOST_IN_FILES // 2:
            raise NotTaken(503)
        self.in_files.update({client: size, client.is_one: size})

    def client_of(self, environ: Mapping[str, Any]) -> Client:
        """Whose turn it is: a person whose session the app has known before, else an address with many behind it.

        What somebody only claims to be, by cookies that they invent, gives them no turn of their own.
        """
        person = self.people.get(session_in(environ, self.cookie))
        if person:
            return Client(person, is_one=True)
        forwarded = str(environ.get("HTTP_X_FORWARDED_FOR", "")).split(",")
        behind = forwarded[-self.proxies].strip() if 0 < self.proxies <= len(forwarded) else ""
        return Client(house_of(behind or environ["REMOTE_ADDR"]), is_one=False)

    def remember(self, environ: Mapping[str, Any]) -> None:
        person, session = environ.get(self.person), session_in(environ, self.cookie)
        if person and session not in self.people:
            if len(self.people) >= MOST_KNOWN:
                self.people = {}
            self.people[session] = person

    def status_of(self, problem: Exception, request: str) -> int:
        """A disk without room passes; anything else is a mistake of ours. Either stands in the log."""
        if outage_of(problem) is FULL:
            logger.warning("%s: %s", request, problem)
            return 507
        logger.error("%s", request, exc_info=problem)
        return 500

    def refuse(self, connection: Connection, status: int) -> None:
        headers = [("content-type", "text/html; charset=utf-8"), ("cache-control", "no-store"), ("connection", "close")]
        headers += STRICT
        headers += [("retry-after", "60")] if status in AGAIN_LATER else []
        connection.response_bytes(status, headers, self.refusals[status])


class Body:
    """What a client sends: in memory, then in a file, as long as those of all clients leave room for it."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway, self.length, self.in_file = gateway, 0, 0
        self.client = Client("", is_one=False)
        self.file = SpooledTemporaryFile(FORM_IN_MEMORY)  # noqa: SIM115 - closed by who takes it

    def write(self, piece: bytes) -> None:
        self.length += len(piece)
        if self.length > FORM_IN_MEMORY:
            grown = self.length - self.in_file
            self.gateway.take_room(self.client, grown)
            self.in_file = self.length
        self.file.write(piece)


def announced(asked: Asked) -> tuple[int, bool]:
    """How much is to come, and whether it is taken; or a refusal."""
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
    return length, fits


async def read(connection: Connection, body: Body, length: int, *, fits: bool) -> None:
    if length:
        await arrive(connection, body if fits else None, length)
    if not fits:
        raise NotTaken(413)


async def arrive(connection: Connection, body: Body | None, length: int) -> None:
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
        body.file.seek(0)


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
        "REMOTE_ADDR": address_of(asked.client)[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.file_wrapper": OnDisk,
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
    if "\\" in str(environ.get("HTTP_COOKIE", "")):
        environ["HTTP_COOKIE"] = without_escapes(str(environ["HTTP_COOKIE"]))
    return environ


def address_of(client: str) -> Address:
    host, _, port = client.rpartition(":")
    return host.strip("[]"), int(port)


def without_escapes(cookies: str) -> str:
    """The cookies in which nothing is escaped: ours. For 40 kB of escapes Python up to 3.11.9 takes half a minute (CVE-2024-7592)."""
    return ";".join(part for part in cookies.split(";") if "\\" not in part)


def house_of(address: str) -> str:
    """The address; of IPv6 its /64, in which one machine has as many as it likes."""
    if ":" not in address:
        return address
    try:
        found = IPv6Address(address)
        return str(found.ipv4_mapped or IPv6Network((int(found), 64), strict=False))
    except ValueError:
        return address


def session_in(environ: Mapping[str, Any], cookie: str) -> str:
    """What the cookie of this name says, the last of several; as the app reads it."""
    parts = str(environ.get("HTTP_COOKIE", "")).split(";")
    pairs = (part.strip().partition("=") for part in parts if cookie in part)
    return {name: value for name, _, value in pairs}.get(cookie, "")


def starting(head: list[Any]) -> StartResponse:
    def start(status: str, headers: Headers, exc_info: object = None, /) -> Callable[[bytes], object]:
        head[:] = int(status[:3]), headers
        return refuse_to_write

    return start


def refuse_to_write(_: bytes) -> None:
    raise NotImplementedError("the app returns what it answers")


class OnDisk:
    """A file that the app answers with; what lies on the disk need not be copied to be sent."""

    def __init__(self, file: IO[bytes], size: int = IN_MEMORY) -> None:
        self.file, self.size = file, size
        self.close = file.close

    def __iter__(self) -> Iterator[bytes]:
        return iter(partial(self.file.read, self.size), b"")

    def itself(self) -> IO[bytes] | None:
        """The same once more, if it is a whole file on the disk and longer than may lie in memory."""
        is_whole = isinstance(self.file, BufferedReader) and self.file.tell() == 0
        if not is_whole or os.fstat(self.file.fileno()).st_size <= IN_MEMORY:
            return None
        return os.fdopen(os.dup(self.file.fileno()), "rb")


def collected(pieces: Iterable[bytes]) -> bytes | IO[bytes]:
    """All pieces together; more than may lie in memory in a file, which has no name unless it was there before."""
    if isinstance(pieces, OnDisk) and (file := pieces.itself()):
        return file
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
