"""A server that takes every call and says what it says byte by byte, so that nobody who waits for the next one waits in vain."""

import socketserver
import threading
import time
from contextlib import contextmanager, suppress

EVERY = 0.05  # seconds


def drip(write, said, every=EVERY):
    """Until the other side hangs up."""
    with suppress(OSError):
        for place in range(len(said)):
            write(said[place : place + 1])
            time.sleep(every)


@contextmanager
def dripping(said, *, at_once=b""):
    """Such a server: its port, and the calls it has taken; ``at_once`` is what it says before."""

    class Call(socketserver.StreamRequestHandler):
        def handle(self):
            calls.append(self.client_address)
            self.wfile.write(at_once)
            drip(self.wfile.write, said)

    calls = []
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Call) as server:
        server.daemon_threads, server.block_on_close = True, False
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server.server_address[1], calls
        server.shutdown()
