"""A command and the worker beside it: both end, whoever ends them and however."""

import fcntl
import os
import pty
import signal
import subprocess
import sys
import termios
import time
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings

from kompetenz.jobs import beside

# In the worker's place: it says when it is there and when it is told to stop, each line in one piece.
WORKER = """
import signal, sys, time
def stop(*_):
    print("worker stops\\n", end="", flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
print("worker runs\\n", end="", flush=True)
if "falls" in sys.argv: sys.exit(1)
time.sleep(60)
"""
RUN = """
import sys
from kompetenz.jobs import beside
beside.WORKER, beside.PAUSE, beside.STARTED = [sys.executable, "-c", sys.argv[1], *sys.argv[2].split()], 0.2, 1.5
sys.exit(beside.main([sys.executable, "-c", sys.argv[3]]))
"""
WEB = "import time; print('command runs\\n', end='', flush=True); time.sleep(60)"


@pytest.fixture
def pair():
    """``pair(command)`` runs it with a worker beside it, in a process group of its own, as a terminal would."""
    started = []

    def run(web, worker="", **more):
        process = subprocess.Popen(
            [sys.executable, "-c", RUN, WORKER, worker, web],
            cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True, start_new_session=True, **more,
        )  # fmt: skip
        started.append(process)
        return process

    yield run
    for process in started:
        process.terminate()
        process.wait(10)
        process.stdout.close()


def read_until(process, words):
    """The lines it has said until it has said all of these."""
    said = []
    while not words <= set(said):
        line = process.stdout.readline()
        assert line, f"only {said}"
        said.append(line.strip())
    return said


def processes():
    """(number, its parent's) of all that live; a zombie does not."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # one has ended just now
            number, rest = stat.parent.name, stat.read_text().rpartition(")")[2].split()
            if rest[0] != "Z":
                yield int(number), int(rest[1])


def children_of(process):
    return {number for number, parent in processes() if parent == process.pid}


def are_gone(numbers):
    for _ in range(100):
        if not numbers & dict(processes()).keys():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize(
    "send",
    [
        pytest.param(lambda process: os.killpg(process.pid, signal.SIGINT), id="Ctrl+C"),
        pytest.param(lambda process: process.terminate(), id="SIGTERM"),
    ],
)
def test_both_end_and_none_is_left(pair, send):
    process = pair(WEB)
    read_until(process, {"worker runs", "command runs"})
    children = children_of(process)

    send(process)
    rest = process.stdout.read().split("\n")

    assert process.wait(10) == 128 + signal.SIGTERM  # the command's own: it knew nothing better than to die of it
    assert rest.count("worker stops") == 1
    assert len(children) == 2
    assert are_gone(children)


def test_both_end_when_the_terminal_is_closed(pair):
    terminal, its_end = pty.openpty()
    process = pair(WEB, preexec_fn=lambda: fcntl.ioctl(its_end, termios.TIOCSCTTY))
    os.close(its_end)
    read_until(process, {"worker runs", "command runs"})
    children = children_of(process)

    os.close(terminal)

    assert process.wait(10) == 128 + signal.SIGTERM
    assert are_gone(children)


def test_without_a_terminal_sighup_reloads_both(pair):
    web = "import signal, time; signal.signal(signal.SIGHUP, lambda *_: print('command reloads\\n', end='', flush=True)); "
    process = pair(web + WEB)
    read_until(process, {"worker runs", "command runs"})

    process.send_signal(signal.SIGHUP)

    said = read_until(process, {"command reloads", "worker stops", "worker runs"})
    assert said.index("worker stops") < said.index("worker runs")
    assert process.poll() is None


def test_a_command_that_is_killed_gets_up_again_and_the_worker_works_on(pair):
    process = pair("import os; print(f'{os.getpid()}\\n', end='', flush=True); " + WEB)
    said = read_until(process, {"worker runs", "command runs"})
    (number,) = (int(line) for line in said if line.isdecimal())
    time.sleep(2)  # it has started

    os.kill(number, signal.SIGKILL)

    assert "worker stops" not in read_until(process, {"command runs"})


def test_none_is_left_when_the_pair_itself_is_killed(pair):
    process = pair(WEB)
    read_until(process, {"worker runs", "command runs"})
    children = children_of(process)

    process.kill()

    assert len(children) == 2
    assert are_gone(children)


@pytest.mark.parametrize("missing", ["command", "worker"])
def test_none_is_left_when_the_other_cannot_be_started(monkeypatch, missing):
    asleep, nowhere = [sys.executable, "-c", "import time; time.sleep(60)"], ["/nowhere/program"]
    started, start = [], beside.start
    monkeypatch.setattr(beside, "WORKER", nowhere if missing == "worker" else asleep)
    monkeypatch.setattr(beside, "start", lambda command: started.append(start(command)) or started[-1])

    with pytest.raises(FileNotFoundError):
        beside.Pair(nowhere if missing == "command" else asleep).run()

    assert [process.poll() for process in started] == {"command": [], "worker": [-signal.SIGTERM]}[missing]


@pytest.mark.parametrize("code", [0, 3])
def test_the_worker_ends_with_the_command_whose_code_counts(pair, code):
    process = pair(f"import sys, time; time.sleep(1); sys.exit({code})")

    said = process.stdout.read()

    assert (process.wait(10), said) == (code, "worker runs\nworker stops\n")


def test_a_worker_that_falls_gets_up_again(pair):
    process = pair(WEB, worker="falls")

    said = [process.stdout.readline() for _ in range(4)]

    assert said.count("worker runs\n") == 3


def test_who_is_told_to_stop_while_the_command_starts_stops_both(monkeypatch):
    asleep = [sys.executable, "-c", "import time; time.sleep(60)"]
    monkeypatch.setattr(beside, "WORKER", asleep)
    both, start = beside.Pair(asleep), beside.start

    def told_meanwhile(command):
        process = start(command)
        both.stop()
        return process

    monkeypatch.setattr(beside, "start", told_meanwhile)

    assert both.run() == -signal.SIGTERM
    assert both.worker.code() == -signal.SIGTERM
