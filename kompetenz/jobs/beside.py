"""`python -m kompetenz.jobs.beside COMMAND...` runs a command, and the worker beside it until the command ends.

Ends with the command's own code. Ctrl+C ends both, the worker after its present task; a second Ctrl+C breaks that off.
Whichever falls gets up again; only a command that cannot even start ends both. A closed terminal ends both too. Without a
terminal SIGHUP means what it means to every service: the command is told to take the code and settings of now, and the worker
begins anew after its present task.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

WORKER = [sys.executable, "manage.py", "db_worker"]
Process = subprocess.Popen[bytes]

PAUSE = 5  # seconds before what has fallen gets up again
STARTED = 10  # seconds after which a command has started; what ends before cannot


class Runner:
    """One of the two: starts it, and again when it falls."""

    def __init__(self, command: Sequence[str]) -> None:
        self.command = command
        self.process: Process | None = None
        self.began = 0.0
        self.fell_at: float | None = None

    def start(self) -> None:
        self.began, self.fell_at = time.monotonic(), None
        self.process = start(self.command)

    def tell(self, signum: signal.Signals) -> None:
        if self.process:
            self.process.send_signal(signum)

    def code(self) -> int | None:
        """How it ended, or None while it runs."""
        return self.process.poll() if self.process else None

    def could_not_start(self) -> bool:
        return self.code() is not None and self.fell_at is None and time.monotonic() - self.began < STARTED

    def has_to_get_up(self) -> bool:
        if self.code() is None:
            return False
        self.fell_at = self.fell_at or time.monotonic()
        return time.monotonic() - self.fell_at > PAUSE

    def wait(self) -> int:
        return self.process.wait() if self.process else 0


class Pair:
    def __init__(self, command: Sequence[str]) -> None:
        self.worker = Runner(WORKER)
        self.command = Runner(command)
        self.stopping = False

    def stop(self, *_: object) -> None:
        self.stopping = True
        for one in (self.worker, self.command):
            one.tell(signal.SIGTERM)

    def reload(self, *_: object) -> None:
        self.command.tell(signal.SIGHUP)
        self.worker.tell(signal.SIGTERM)  # it gets up again

    def run(self) -> int:
        """Until the command has ended, or both are told to; whatever happens here, none of the two is left alone."""
        try:
            for one in (self.command, self.worker):
                self.start(one)
            while not self.stopping and not self.has_ended():
                for one in (self.command, self.worker):
                    if one.has_to_get_up():
                        self.start(one)
                time.sleep(0.2)
        finally:
            if not self.stopping:  # a second time would break off what they are doing
                self.stop()
            self.worker.wait()
            code = self.command.wait()
        return code

    def has_ended(self) -> bool:
        """The command did what it was there for, or cannot even start."""
        return self.command.code() == 0 or self.command.could_not_start()

    def start(self, one: Runner) -> None:
        one.start()
        if self.stopping:  # told while it was starting
            one.tell(signal.SIGTERM)


def start(command: Sequence[str]) -> Process:
    """In a session of its own, or the terminal would tell it of Ctrl+C and so would we: the web server then hangs."""
    return subprocess.Popen(  # noqa: S603 - the Makefile's words
        command,
        start_new_session=True,
        preexec_fn=ending_with(os.getpid()),  # noqa: PLW1509 - there is one thread here
    )


def ending_with(parent: int) -> Callable[[], None]:
    """For a child to call: it is told to stop when its parent is gone, even one that was killed."""
    prctl = ctypes.CDLL(None).prctl
    set_death_signal = 1  # PR_SET_PDEATHSIG of Linux

    def end_with_parent() -> None:
        prctl(set_death_signal, signal.SIGTERM)
        if os.getppid() != parent:  # gone already
            os._exit(1)

    return end_with_parent


def has_terminal() -> bool:
    try:
        os.close(os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY))
    except OSError:
        return False
    return True


def main(command: Sequence[str]) -> int:
    pair = Pair(command)
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, pair.stop)
    signal.signal(signal.SIGHUP, pair.stop if has_terminal() else pair.reload)
    code = pair.run()
    return code if code >= 0 else 128 - code  # as a shell says that a signal has ended it


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
