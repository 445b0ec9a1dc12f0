"""Who waits for whom: a request needs one of its lane's threads, and clients take turns: in turn a person, and an address of which
nobody knows who asks. So whoever has signed in waits no longer, however many addresses ask at once.

What takes long has lanes of its own, so that a page never waits behind a PDF or a password. Within a lane each client has one
turn after the other: who asks for twenty things at once waits for them alone.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from typing import NamedTuple, TypeVar

from kompetenz.serving.turns import one_process

Answer = TypeVar("Answer")

SLOW_FILES = (".pdf", ".xlsx", ".zip")
# A whole list is read and compared, a picture drawn anew
SLOW_PAGES = ("/personen/import/", "/personen/briefkopf/", "/fortbildung/angebote/einlesen/")
PASSWORDS = (
    "/anmelden/",
    "/passwort/neu/",
    "/passwort/aendern/",
    "/passwort/bestaetigen/",
)  # hashing one takes long on purpose
DIRECTORY = "/anmelden/verwaltung/"  # which is asked for several things, each of which it may take its time for


class Crowded(Exception):
    """So many requests wait already that one more is refused."""


class TooManyOfOne(Crowded):
    """So many of this very client wait."""


class Gone(Exception):
    """The client has closed its connection while it waited."""


class Client(NamedTuple):
    """Whose turn it is: one person, or an address behind which there may be a whole town hall."""

    name: str
    is_one: bool


class Lane:
    """``threads`` requests at a time; ``waiting`` more may wait, of each person ``of_one``, of each address half of them.

    Whoever has nothing waiting still comes in, up to twice as many: two who ask for much do not shut the door on all others, nor do
    addresses, however many, on people. Where there are several threads no client has all of them. In a lane that is ``shared`` by all
    processes one of them does something at a time.
    """

    def __init__(self, name: str, threads: int, *, waiting: int, of_one: int, shared: bool = False) -> None:
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self.free = threads
        self.at_once = max(1, threads - 1)
        self.waiting, self.of_one = waiting, of_one
        self.doing = one_process if shared else nullcontext
        self.running: Counter[Client] = Counter()
        self.turns: dict[Client, deque[asyncio.Future[None]]] = {}  # whose turn it is next comes first
        self.was_one = False  # whether the last to begin was a person

    async def run(self, client: Client, work: Callable[[], Answer], gone: Callable[[], Awaitable[None]]) -> Answer:
        """What ``work`` returns, done in a thread when it is this client's turn; Gone once ``gone()`` is awaited before."""
        if self.free and self.may_run(client):
            self.begin(client)
        else:
            await self.turn(client, gone)
        try:
            return await asyncio.get_running_loop().run_in_executor(self.threads, self.done, work)
        finally:
            self.end(client)

    def done(self, work: Callable[[], Answer]) -> Answer:
        with self.doing():
            return work()

    def may_run(self, client: Client) -> bool:
        return self.running[client] < self.at_once

    def begin(self, client: Client) -> None:
        self.free -= 1
        self.running[client] += 1
        self.was_one = client.is_one

    def end(self, client: Client) -> None:
        self.free += 1
        self.running -= Counter([client])
        able = [other for other in self.turns if self.may_run(other)]
        if able:
            self.call(next((other for other in able if other.is_one is not self.was_one), able[0]))

    def call(self, client: Client) -> None:
        """The first that waits of this client begins, and the client goes to the end of the line."""
        own = self.turns.pop(client)
        self.begin(client)
        own.popleft().set_result(None)
        if own:
            self.turns[client] = own

    async def turn(self, client: Client, gone: Callable[[], Awaitable[None]]) -> None:
        """Wait until it is this client's turn and its request has begun."""
        if len(self.turns.get(client, ())) >= (self.of_one if client.is_one else self.waiting // 2):
            raise TooManyOfOne
        of_its_kind = sum(len(own) for other, own in self.turns.items() if other.is_one is client.is_one)
        if of_its_kind >= self.waiting * (1 if client in self.turns else 2):
            raise Crowded
        turn = asyncio.get_running_loop().create_future()
        self.turns.setdefault(client, deque()).append(turn)
        left = asyncio.ensure_future(gone())
        await asyncio.wait({turn, left}, return_when=asyncio.FIRST_COMPLETED)
        if not turn.done():
            self.forget(client, turn)
            raise Gone
        left.cancel()

    def forget(self, client: Client, turn: asyncio.Future[None]) -> None:
        self.turns[client].remove(turn)
        if not self.turns[client]:
            del self.turns[client]


class Lanes:
    def __init__(self, threads: int) -> None:
        self.pages = Lane("pages", threads, waiting=1000, of_one=50)
        self.documents = Lane("documents", 1, waiting=200, of_one=8, shared=True)
        self.passwords = Lane("passwords", 2, waiting=600, of_one=50)
        self.directory = Lane("directory", 4, waiting=600, of_one=50)

    def of(self, method: str, path: str) -> Lane:
        if path.endswith(SLOW_FILES) or path.startswith(SLOW_PAGES):
            return self.documents
        if path.startswith(DIRECTORY):
            return self.directory
        if method != "POST":
            return self.pages
        if path.startswith(PASSWORDS) or path.endswith(PASSWORDS):
            return self.passwords
        return self.pages
