"""The server itself, with slow clients and with processes that die; a small app stands in for ours."""

import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest
from django.conf import settings

from bench.stage import free_port, wait_for
from tests.kompetenz.jobs.test_beside import are_gone, children_of

pytestmark = pytest.mark.real_clock

SHORT = """
import sys
from kompetenz.serving import server
server.HEADERS_WITHIN, server.READ_WITHIN, server.STOP_WITHIN, server.REPLACED_WITHIN = 1, 2, 5, 2
"""
SERVE = """
server.serve("127.0.0.1", int(sys.argv[1]), int(sys.argv[2]), "error", app="tests.kompetenz.serving.small_app:application")
"""
CROWDED = """
import sys
from kompetenz.serving import making_room, server
making_room.EVERY, making_room.IDLE = 0.1, 0.5
"""
HALF_A_HEAD = b"GET / HTTP/1.1\r\nHost: a\r\nX-Half: "
HALF_A_BODY = b"POST /anmelden/ HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\nx"


@pytest.fixture
def serving():
    """``serving(processes)`` gives the main process and its port; ``first`` is code that runs before."""
    with ExitStack() as stack:

        def start(processes=1, first=SHORT):
            port = free_port()
            command = [sys.executable, "-c", first + SERVE, str(port), str(processes)]
            server = subprocess.Popen(command, cwd=settings.BASE_DIR, start_new_session=True)
            stack.callback(server.wait, 15)
            stack.callback(server.terminate)
            wait_for(port)
            return server, port

        yield start


def ask(port, path="/"):
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body.decode()


def process_of(port):
    return int(ask(port)[1].split()[0])


def open_to(port, sent, receive_buffer=None):
    client = socket.socket()
    if receive_buffer:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    client.settimeout(10)
    client.connect(("127.0.0.1", port))
    client.sendall(sent)
    return client


@pytest.mark.parametrize("sent", [b"", HALF_A_HEAD, HALF_A_BODY], ids=["nothing", "half a head", "half a body"])
def test_who_sends_half_keeps_nobody_waiting(serving, sent):
    _, port = serving()
    with ExitStack() as held:
        for _ in range(300):
            held.enter_context(open_to(port, sent))
        begun = time.monotonic()
        answers = [ask(port)[0] for _ in range(20)]
        seconds = time.monotonic() - begun

    assert answers == [200] * 20
    assert seconds < 2


def test_one_process_at_a_time_makes_a_document_and_a_killed_one_keeps_nobody_waiting(serving):
    _, port = serving(2)
    made = documents(port)
    while len({process for process, _, _ in made}) < 2:
        made += documents(port)

    ended_before = [0.0, *(ended for _, _, ended in sorted(made, key=begin)[:-1])]
    assert all(begin(one) >= ended for one, ended in zip(sorted(made, key=begin), ended_before, strict=True))

    with ThreadPoolExecutor(2) as pool:
        held = pool.submit(ask, port, "/document.pdf")
        time.sleep(0.03)
        os.kill(int(made[0][0]), signal.SIGKILL)
        with suppress(OSError, HTTPException):
            held.result()
    assert len(documents(port)) == 6


def documents(port):
    """(process, when it began, when it ended) of documents asked for at once."""
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: ask(port, "/document.pdf")[1], range(6)))
    return [(process, float(begun), float(ended)) for process, begun, ended in (answer.split() for answer in answers)]


def begin(document):
    return document[1]


@pytest.mark.parametrize("sent", [b"", HALF_A_HEAD], ids=["nothing", "half a head"])
def test_who_does_not_ask_is_let_go(serving, sent):
    _, port = serving()
    with open_to(port, sent) as client:
        assert b"200" not in client.recv(1000)


def test_more_silent_connections_than_there_may_be_keep_nobody_waiting_or_from_an_answer(serving):
    _, port = serving(first=CROWDED + "server.CONNECTIONS = 100\n")
    with ExitStack() as held, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(ask, port, "/slow/")
        for _ in range(200):
            held.enter_context(open_to(port, b""))
        begun = time.monotonic()
        answers = [ask(port)[0], waiting.result()[0]]
        seconds = time.monotonic() - begun

    assert answers == [200] * 2
    assert seconds < 5


@pytest.mark.parametrize("sent", [b"", HALF_A_HEAD, HALF_A_BODY], ids=["nothing", "half a head", "half a body"])
def test_who_asks_nothing_is_let_go_when_memory_runs_out(serving, sent):
    _, port = serving(first=CROWDED + "making_room.LARGEST = 1\n")
    with open_to(port, sent) as client:
        assert client.recv(1000) == b""


def test_who_starts_it_reads_that_a_process_may_open_few_files(serving, capfd):
    serving(first=SHORT + "import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (1000, 1000))\n")

    assert "darf hier nur 1000 Dateien öffnen und hält 800 Verbindungen" in capfd.readouterr().err


@pytest.mark.thorough
def test_who_does_not_read_is_let_go_and_holds_no_thread(serving):
    server, port = serving()
    with ExitStack() as held:
        stopped = [
            held.enter_context(open_to(port, b"GET /large/ HTTP/1.1\r\nHost: a\r\n\r\n", 4096)) for _ in range(5)
        ]
        assert ask(port)[0] == 200
        (process,) = children_of(server)
        for _ in range(100):
            if connections_of(process, port) == 0:
                break
            time.sleep(0.1)
        assert len(stopped) == 5
        assert connections_of(process, port) == 0


def connections_of(process, port):
    """How many connections at this port a process has open, beside the one it listens at."""
    opened = set()
    for number in Path(f"/proc/{process}/fd").iterdir():
        with suppress(OSError):  # closed just now
            opened.add(str(number.readlink()))
    rows = [line.split() for line in Path(f"/proc/{process}/net/tcp").read_text().splitlines()[1:]]
    own = [row for row in rows if f"socket:[{row[9]}]" in opened and int(row[1].rpartition(":")[2], 16) == port]
    return len(own) - 1


@pytest.mark.parametrize("processes", [1, 2])
def test_a_process_that_is_killed_is_replaced(serving, processes):
    server, port = serving(processes)
    before = children_of(server)
    os.kill(process_of(port), signal.SIGKILL)

    for _ in range(100):
        if len(after := children_of(server)) == processes and after != before:
            break
        time.sleep(0.1)

    assert len(after - before) == 1
    assert ask(port)[0] == 200


@pytest.mark.thorough
def test_sighup_replaces_the_process_and_no_request_fails(serving):
    server, port = serving()
    before, until = process_of(port), time.monotonic() + 6
    server.send_signal(signal.SIGHUP)

    def ask_on(number):
        answers = []
        while time.monotonic() < until:
            begun = time.monotonic()
            status, _ = ask(port, "/slow/" if number == 0 else "/")
            answers.append((status, time.monotonic() - begun))
        return answers

    with ThreadPoolExecutor(6) as pool:
        answers = [answer for answers in pool.map(ask_on, range(6)) for answer in answers]

    assert {status for status, _ in answers} == {200}
    assert max(seconds for _, seconds in answers) < 5  # one that was lost and never answered would wait for its end
    assert process_of(port) != before
    assert are_gone({before})


def test_sigterm_finishes_what_runs(serving):
    server, port = serving()
    children = children_of(server)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(ask, port, "/slow/")
        time.sleep(0.4)
        server.terminate()
        assert running.result()[0] == 200

    assert server.wait(10) == 0
    assert are_gone(children)


@pytest.mark.thorough
def test_sigterm_does_not_wait_for_ever_for_who_sends_half(serving):
    server, port = serving()
    with open_to(port, HALF_A_BODY):
        server.terminate()
        assert server.wait(15) == 0


def test_none_is_left_when_the_main_process_is_killed(serving):
    server, _ = serving(2)
    children = children_of(server)

    server.kill()

    assert len(children) == 2
    assert are_gone(children)


def test_an_answer_that_is_long_arrives_whole(serving):
    _, port = serving()

    assert len(ask(port, "/large/")[1]) == 50_000_000


def test_an_address_in_german_arrives_as_it_was(serving):
    _, port = serving()

    assert ask(port, "/%C3%BCber/")[1].endswith(" /über/".encode().decode("latin-1"))
