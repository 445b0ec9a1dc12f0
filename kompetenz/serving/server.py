"""The server: granian, with every limit that keeps slow and broken clients from holding what others need.

Its main process loads nothing of the app: it watches the processes that do. One that is killed or grows too large is replaced,
SIGHUP replaces all of them with the code and settings of now, SIGTERM ends them after what they are doing.
"""

import asyncio
import os
import resource
import signal
import socket
import sys
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

import kompetenz.serving.turns  # noqa: F401  its file must be there before the processes that share it

APP = "kompetenz.rsgi:application"
CONNECTIONS = 16_000  # of a process; more wait outside until others have closed
LONGEST_HEAD = 2**17  # bytes that are read of an address and headers; the app refuses less, with a page
HEADERS_WITHIN = 15  # seconds for a request's headers, and for the next request on a connection that is kept open
READ_WITHIN = 60  # seconds in which a client must take some more of its answer
STOP_WITHIN = 30  # seconds for what runs, when a process shall end
LAST_ONES = 0.5  # seconds in which a process that shall end takes no more connections and reads what those it has ask
REPLACED_WITHIN = 8  # seconds in which a new process has started, and the one it replaces still serves
LARGEST = 700  # MiB of memory of one process


class Server(MPServer):
    """One listening socket for all processes: while one is replaced, who has connected waits for the next.

    granian would give each a socket of its own on Linux, and reset the connections that wait in a closed one.
    """

    def _init_shared_socket(self) -> None:
        super()._init_shared_socket()  # type: ignore[no-untyped-call]
        address: Any = self._ssp
        shared: Any = address.build()
        self._shd, self._ssp = shared, None
        self._sso = socket.socket(fileno=shared.get_fd())
        self._sso.set_inheritable(True)
        # What a client connects to is a copy of this socket: with READ_WITHIN, too.
        self._sso.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, READ_WITHIN * 1000)
        self._sso.setblocking(False)
        self._sso.listen(self.backlog)
        sockets.append(self._sso)


sockets: list[socket.socket] = []  # the one that all processes listen at


def answer_the_last_ones_first(loop: asyncio.AbstractEventLoop) -> None:
    """For each process to call: told to end (SIGTERM), it takes no more connections first.

    granian ends on SIGINT as on SIGTERM, but it closes what it has just accepted and not read yet.
    """

    def turn_away() -> None:
        with socket.create_server(("127.0.0.1", 0)) as unknown_to_all:
            unknown_to_all.setblocking(False)
            for listening in sockets:
                os.dup2(unknown_to_all.fileno(), listening.fileno())
        loop.call_later(LAST_ONES, os.kill, os.getpid(), signal.SIGINT)

    loop.add_signal_handler(signal.SIGTERM, turn_away)


def serve(host: str, port: int, processes: int, log_level: str, app: str = APP) -> None:
    warn_of_few(connections := most_connections())
    Server(
        app,
        address=host,
        port=port,
        workers=processes,
        log_level=LogLevels(log_level),
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_WITHIN * 1000, max_buffer_size=LONGEST_HEAD),
        websockets=False,
        backpressure=connections,
        respawn_failed_workers=True,
        respawn_interval=REPLACED_WITHIN,
        workers_max_rss=LARGEST,
        workers_kill_timeout=STOP_WITHIN,
    ).serve()


def most_connections() -> int:
    """As many as a process can have open, a fifth of its files left for others; asks the system for as many as it gives."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return min(CONNECTIONS, most * 4 // 5)


def warn_of_few(connections: int) -> None:
    if connections < CONNECTIONS:
        files, wanted = connections * 5 // 4, CONNECTIONS * 5 // 4
        sys.stderr.write(
            f"Ein Prozess darf hier nur {files} Dateien öffnen und hält {connections} Verbindungen statt {CONNECTIONS}. "
            f"Abhilfe: ulimit -n, mit systemd LimitNOFILE, auf {wanted} oder mehr.\n"
        )
