"""`python -m kompetenz.jobs.beside COMMAND...` runs a command, and the worker beside it until the command ends.

Ends with the command's own code. Ctrl+C ends both, the worker after its present task; a second Ctrl+C breaks that off.
"""

import signal
import subprocess
import sys
import time

WORKER = [sys.executable, "manage.py", "db_worker"]
PAUSE = 5  # seconds before a worker that has fallen gets up again


class Pair:
    def __init__(self):
        self.worker = self.command = None
        self.stopping = False
        self.fell_at = None

    def stop(self, *_):
        self.stopping = True
        for process in (self.worker, self.command):
            if process:
                process.terminate()

    def run(self, command):
        self.worker = start(WORKER)
        self.command = start(command)
        if self.stopping:  # told while they were starting
            self.stop()
        while self.command.poll() is None:
            self.keep_working()
            time.sleep(0.2)
        if not self.stopping:
            self.worker.terminate()
        self.worker.wait()
        return self.command.returncode

    def keep_working(self):
        """Without a worker everything waits, and nobody would notice."""
        if self.stopping or self.worker.poll() is None:
            return
        self.fell_at = self.fell_at or time.monotonic()
        if time.monotonic() - self.fell_at > PAUSE:
            self.worker, self.fell_at = start(WORKER), None
            if self.stopping:  # told while it was starting
                self.worker.terminate()


def start(command):
    """In a session of its own, or the terminal would tell it of Ctrl+C and so would we: granian then hangs."""
    return subprocess.Popen(command, start_new_session=True)  # noqa: S603 - the Makefile's words


def main(command):
    pair = Pair()
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, pair.stop)
    code = pair.run(command)
    return code if code >= 0 else 128 - code  # as a shell says that a signal has ended it


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
