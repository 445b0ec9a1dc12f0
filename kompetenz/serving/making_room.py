"""Whoever only holds connections, and asks nothing, takes no room from whoever does ask.

The server takes so many connections and lets each be silent for a while. When most are taken, or memory runs out, those over which
nothing has come or gone lately are closed, but for those of people who wait for an answer. The server itself cannot do that.
"""

import asyncio
import logging
import os
import resource
import socket
import struct
from collections.abc import Collection
from pathlib import Path

from kompetenz.serving.server import LARGEST, most_connections, sockets

EVERY = 1.0  # seconds
IDLE = 2.0  # seconds after which a connection is let go where there are too many
MOST = 3 / 4  # of the connections, and of the memory, of a process
SENT_AND_RECEIVED = struct.Struct("44x I 4x I")  # of tcp_info: milliseconds since there was last something

logger = logging.getLogger(__name__)
Address = tuple[str, int]


async def keep_room(asking: Collection[Address]) -> None:
    """For as long as the process lives; ``asking`` are those who wait for an answer."""
    port, most_files, most_memory = sockets[0].getsockname()[1], MOST * most_connections(), MOST * LARGEST
    while True:
        await asyncio.sleep(EVERY)
        if len(opened()) > most_files or memory() > most_memory:
            gone = await asyncio.to_thread(let_go, port, asking)
            if gone:
                logger.warning("%s idle connections were closed to make room for others", gone)


def opened() -> list[int]:
    """The numbers of all files, so of all connections, that this process has open."""
    with os.scandir("/proc/self/fd") as files:
        return [int(file.name) for file in files]


def memory() -> float:
    """MiB of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def let_go(port: int, asking: Collection[Address]) -> int:
    """Close the idle connections at this port, and say how many there were."""
    gone = 0
    for number in opened():
        try:
            connection = socket.socket(fileno=number)
        except OSError:  # no socket, or closed just now
            continue
        try:
            if is_idle(connection, port, asking):
                connection.shutdown(socket.SHUT_RDWR)
                gone += 1
        except OSError:
            pass
        finally:
            connection.detach()
    return gone


def is_idle(connection: socket.socket, port: int, asking: Collection[Address]) -> bool:
    if connection.family not in {socket.AF_INET, socket.AF_INET6} or connection.getsockname()[1] != port:
        return False
    if connection.getpeername()[:2] in asking:
        return False
    state = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, SENT_AND_RECEIVED.size)
    sent, received = SENT_AND_RECEIVED.unpack(state)
    return bool(min(sent, received) > 1000 * IDLE)
