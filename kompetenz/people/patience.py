"""How long another server is waited for: in all, and not anew with every byte that trickles in, as sockets do it. No Django in here."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer


def hanging_up(seconds: float, line: socket.socket) -> Timer:
    """Hangs up so much later unless it is cancelled; whoever waits for the other side then reads its end, in whatever thread."""
    timer = Timer(max(0, seconds), _hang_up, [line])
    timer.daemon = True
    timer.start()
    return timer


def _hang_up(line: socket.socket) -> None:
    with suppress(OSError):  # it is closed
        socket.socket.shutdown(line, socket.SHUT_RDWR)  # the line itself: of TLS the thread that waits knows more


@contextmanager
def at_most(seconds: float, line: socket.socket) -> Iterator[None]:
    timer = hanging_up(seconds, line)
    try:
        yield
    finally:
        timer.cancel()
