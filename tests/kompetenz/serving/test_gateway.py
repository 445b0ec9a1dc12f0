"""From a request of the server to the app and back; the server is played by the test."""

import asyncio
import logging
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest

from kompetenz.serving import gateway
from kompetenz.serving.gateway import Gateway
from kompetenz.serving.lanes import Client, Lanes
from kompetenz.serving.refusals import REFUSALS
from tests.kompetenz.serving.loops import run

PAGES = {status: text.encode() for status, (_, text) in REFUSALS.items()}
SLOWLY = object()  # in a body: from here on nothing comes


class Asked:
    def __init__(self, method="GET", path="/", query="", headers=()):
        self.method, self.path, self.query_string = method, path, query
        self.server, self.client = "127.0.0.1:8000", "10.0.0.7:51000"
        self.headers = Headers(headers)


class Headers(list):
    def items(self):
        return self

    def get(self, name, default=None):
        return dict(self).get(name, default)

    def __contains__(self, name):
        return name in dict(self)


class Connection:
    """Sends the pieces of a body, and keeps the answer."""

    def __init__(self, *pieces):
        self.pieces, self.taken, self.answer = pieces, 0, None

    async def __aiter__(self):
        for piece in self.pieces:
            if piece is SLOWLY:
                await asyncio.sleep(60)
            self.taken += len(piece)
            yield piece
        yield b""  # as the server says that no more comes

    async def client_disconnect(self):
        await asyncio.Event().wait()

    def response_bytes(self, status, headers, body):
        self.answer = status, dict(headers), body

    def response_file(self, status, headers, file):
        self.answer = status, dict(headers), Path(file).read_bytes()


def app_that(answer):
    """An app that answers what ``answer(environ)`` gives."""

    def app(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return answer(environ)

    return app


def played(app, asked, connection=None):
    connection = connection or Connection()
    run(Gateway(app, Lanes(2), PAGES)(asked, connection))
    return connection.answer


def sent(*pieces, length=None, kind="application/x-www-form-urlencoded"):
    length = sum(map(len, pieces)) if length is None else length
    return Asked("POST", headers=[("content-length", str(length)), ("content-type", kind)]), Connection(*pieces)


def echo(environ):
    return [environ["wsgi.input"].read()]


def environ_of(asked):
    found = {}
    played(app_that(lambda environ: found.update(environ) or [b""]), asked)
    return found


def test_an_answer_comes_back_with_its_status_and_headers():
    assert played(app_that(lambda _: [b"Guten ", b"Tag"]), Asked()) == (
        200, {"Content-Type": "text/plain"}, b"Guten Tag",
    )  # fmt: skip


def test_the_app_is_told_what_was_asked():
    headers = [("host", "a.example"), ("cookie", "a=1"), ("cookie", "b=2"), ("via", "x"), ("via", "y")]
    environ = environ_of(Asked("HEAD", "/straße/", "q=%C3%A4", headers))

    assert environ["REQUEST_METHOD"] == "HEAD"
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/straße/"
    assert environ["QUERY_STRING"] == "q=%C3%A4"
    assert (environ["HTTP_HOST"], environ["HTTP_COOKIE"], environ["HTTP_VIA"]) == ("a.example", "a=1; b=2", "x,y")
    assert environ["REMOTE_ADDR"] == "10.0.0.7"


def test_no_header_passes_for_one_of_a_proxy():
    headers = [("x_forwarded_for", "1.2.3.4"), ("x-forwarded-for", "5.6.7.8")]

    assert environ_of(Asked(headers=headers))["HTTP_X_FORWARDED_FOR"] == "5.6.7.8"


def test_what_was_sent_reaches_the_app_as_a_whole():
    assert played(app_that(echo), *sent(b"level-1=", b"2"))[2] == b"level-1=2"


def test_what_was_cut_off_on_its_way_never_reaches_the_app():
    assert played(app_that(lambda _: pytest.fail("asked")), *sent(b"level-1=2", length=20)) is None


def test_who_sends_too_slowly_is_told_so(monkeypatch):
    monkeypatch.setattr(gateway, "PATIENCE", 0.05)

    status, headers, body = played(app_that(echo), *sent(b"x", SLOWLY, length=2))

    assert (status, body) == (408, PAGES[408])
    assert headers["content-type"] == "text/html; charset=utf-8"


def test_who_does_not_say_how_much_comes_is_told_to():
    asked = Asked("POST", headers=[("transfer-encoding", "chunked")])

    assert played(app_that(echo), asked, Connection(b"x"))[0] == 411


@pytest.mark.parametrize(
    ("size", "kind", "status"),
    [
        (2_000_000, "application/x-www-form-urlencoded", 200),
        (2_000_001, "application/x-www-form-urlencoded", 413),
        (10 * 1024 * 1024 + 5000, "multipart/form-data; boundary=x", 200),  # the largest list that the form takes
        (12_000_001, "multipart/form-data; boundary=x", 413),
    ],
)
def test_too_much_is_refused(size, kind, status):
    asked, connection = sent(b"x" * size, kind=kind)

    answer = played(app_that(lambda environ: [b"%d" % len(environ["wsgi.input"].read())]), asked, connection)

    assert answer[0] == status
    assert answer[2] == (PAGES[413] if status == 413 else b"%d" % size)
    assert connection.taken == size  # read to its end, or the browser would not show the answer


def test_far_too_much_is_not_even_read():
    asked, connection = sent(b"x", length=10**12)

    assert played(app_that(echo), asked, connection)[0] == 413
    assert connection.taken == 0


def test_a_long_answer_is_put_aside_and_sent_from_there(monkeypatch):
    monkeypatch.setattr(gateway, "UNTIL_OPENED", 0)
    pieces = [b"a" * 100_000, b"b" * 100_000, b"c"]

    _, headers, body = played(app_that(lambda _: iter(pieces)), Asked())

    assert body == b"".join(pieces)
    assert headers["content-length"] == "200001"


@pytest.mark.parametrize("size", [100_000, 300_000])
def test_what_lies_on_the_disk_is_sent_from_there_and_not_copied(monkeypatch, tmp_path, size):
    monkeypatch.setattr(gateway, "UNTIL_OPENED", 0)
    monkeypatch.setattr(gateway, "TemporaryFile", lambda: pytest.fail("a copy"))
    on_disk = tmp_path / "plotly.js"
    on_disk.write_bytes(b"x" * size)
    opened = []

    def app(environ):
        opened.append(on_disk.open("rb"))
        return environ["wsgi.file_wrapper"](opened[0], 8192)

    _, headers, body = played(app_that(app), Asked())

    assert (body, opened[0].closed) == (on_disk.read_bytes(), True)
    assert headers.get("content-length", str(size)) == str(size)


def test_of_a_part_of_a_file_no_more_is_sent(monkeypatch, tmp_path):
    """As who asks for a Range gets it."""
    monkeypatch.setattr(gateway, "UNTIL_OPENED", 0)
    on_disk = tmp_path / "plotly.js"
    on_disk.write_bytes(b"x" * 300_000 + b"y" * 200_000)

    def app(environ):
        file = on_disk.open("rb")
        file.seek(300_000)
        return environ["wsgi.file_wrapper"](file, 8192)

    assert played(app_that(app), Asked())[2] == b"y" * 200_000


class Answer(list):
    closed = False

    def close(self):
        self.closed = True


def test_an_answer_is_closed():
    answer = Answer([b"x"])

    played(app_that(lambda _: answer), Asked())

    assert answer.closed


def test_an_app_that_breaks_is_answered_for(caplog):
    def broken(_):
        yield b"half"
        raise ValueError("on purpose")

    with caplog.at_level(logging.ERROR):
        status, _, body = played(app_that(broken), Asked(path="/kaputt/"))

    assert (status, body) == (500, PAGES[500])
    assert "GET /kaputt/" in caplog.text


def full():
    """A file on a disk that has no room."""
    return Path("/dev/full").open("wb", buffering=0)


def test_what_has_no_room_on_the_disk_is_refused_for_now(monkeypatch, caplog):
    monkeypatch.setattr(gateway, "SpooledTemporaryFile", lambda _: full())

    status, headers, body = played(app_that(lambda _: [b"ja"]), *sent(b"a=1"))

    assert (status, headers["retry-after"], body) == (507, "60", PAGES[507])
    assert [(one.levelname, one.exc_info) for one in caplog.records] == [("WARNING", None)]


def test_so_is_an_answer_that_has_none(caplog):
    with full() as file:
        status, _, body = played(app_that(lambda _: [file.write(b"x")]), Asked(path="/lernplan.pdf"))

    assert (status, body) == (507, PAGES[507])
    assert caplog.messages == ["GET /lernplan.pdf: [Errno 28] No space left on device"]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (Asked(path="/" + "ü" * 15_999), 200),
        (Asked(path="/" + "a" * 16_000), 414),
        (Asked(query="suche=" + "a" * 16_000), 414),
        (Asked(headers=[("cookie", "a" * 60_000)]), 200),
        (Asked(headers=[("cookie", "a" * 40_000), ("referer", "a" * 40_000)]), 431),
    ],
)
def test_what_is_asked_at_too_great_length_is_refused(asked, status):
    found, _, body = played(app_that(lambda _: [b"ja"]), asked)

    assert (found, body) == (status, PAGES.get(status, b"ja"))


def test_too_much_of_one_is_refused_and_others_are_served():
    app = app_that(lambda environ: [environ["PATH_INFO"].encode()])

    async def scene():
        gateway_ = Gateway(app, Lanes(2), PAGES, "sid")
        gateway_.people, person = {"1": "a"}, Client("a", is_one=True)
        lane = gateway_.lanes.documents
        lane.begin(person)  # one is being made
        connections = [Connection() for _ in range(lane.of_one + 1)]
        asked = Asked(path="/lernplan.pdf", headers=[("cookie", "sid=1")])
        tasks = [asyncio.create_task(gateway_(asked, connection)) for connection in connections]
        page = Connection()
        await gateway_(Asked(headers=[("cookie", "b=2")]), page)
        lane.end(person)
        await asyncio.gather(*tasks)
        return [connection.answer[0] for connection in connections], page.answer[0]

    statuses, page = run(scene())

    assert statuses == [200] * 8 + [429]
    assert page == 200


def test_every_refusal_says_what_to_do():
    for status, (title, text) in REFUSALS.items():
        assert title, status
        assert "Bitte" in text


def clients(*cookies, app=None, address="10.0.0.7:51000"):
    """Whose turns requests with these cookies take, one after the other."""
    taken = []

    class Noted(Lanes):
        def of(self, method, path):
            lane = super().of(method, path)
            return SimpleNamespace(run=lambda client, *rest: taken.append(client) or lane.run(client, *rest))

    def says_who(environ):
        if "sid=anna" in environ.get("HTTP_COOKIE", ""):
            environ["person"] = "7"
        return [b"ok"]

    async def ask_all():
        asked_by_all = Gateway(app_that(says_who), Noted(2), PAGES, "sid", "person")
        for cookie in cookies:
            asked = Asked(headers=[("cookie", cookie)] if cookie else [])
            asked.client = address
            await asked_by_all(asked, Connection())

    run(ask_all())
    return taken


def test_turns_are_a_persons_once_the_app_has_said_whose_session_it_is():
    """Invented cookies give nobody a turn of their own, nor do more cookies beside a real one."""
    crowd, anna = Client("10.0.0.7", is_one=False), Client("7", is_one=True)

    taken = clients(
        "", "x=1", "sid=invented", "sid=other", "sid=anna", "sid=anna", "x=2; sid=anna", "sid=no; sid=anna", "sid=no"
    )

    assert taken == [crowd] * 5 + [anna] * 3 + [crowd]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "name"),
    [
        (0, "1.2.3.4", "10.0.0.7"),
        (1, "1.2.3.4", "1.2.3.4"),
        (1, "invented, 1.2.3.4", "1.2.3.4"),
        (2, "invented, 1.2.3.4, 10.1.1.1", "1.2.3.4"),
        (2, "1.2.3.4", "10.0.0.7"),
        (1, "", "10.0.0.7"),
    ],
)
def test_behind_a_proxy_an_address_is_the_one_it_asks_for(proxies, forwarded, name):
    environ = {"REMOTE_ADDR": "10.0.0.7", "HTTP_X_FORWARDED_FOR": forwarded}
    served = Gateway(app_that(lambda _: [b""]), Lanes(2), PAGES, proxies=proxies)

    assert served.client_of(environ) == Client(name, is_one=False)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("[2001:db8:1:2:3:4:5:6]:51000", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2:ffff::1]:51000", "2001:db8:1:2::/64"),
        ("[2001:db8:1:3::1]:51000", "2001:db8:1:3::/64"),
        ("[::ffff:10.0.0.8]:51000", "10.0.0.8"),
        ("[::1]:51000", "::/64"),
        ("[fe80::1%eth0]:51000", "fe80::/64"),
    ],
)
def test_of_ipv6_a_net_is_one_client(address, name):
    """A machine has as many addresses in it as it likes."""
    assert clients("", address=address) == [Client(name, is_one=False)]


def test_the_sessions_it_remembers_have_an_end(monkeypatch):
    monkeypatch.setattr(gateway, "MOST_KNOWN", 1)

    taken = clients("sid=anna", "sid=anna2", "sid=anna", "sid=anna", "sid=anna2")

    assert [client.is_one for client in taken] == [False, False, False, True, False]


def test_what_is_being_sent_fills_no_disk(monkeypatch):
    """Together they may fill so much; what is short is taken all the same, and room is there again afterwards."""
    monkeypatch.setattr(gateway, "MOST_IN_FILES", 400_000)
    long_, short = b"x" * 60_000, b"x" * 1_000
    served = Gateway(app_that(lambda environ: [b"%d" % len(environ["wsgi.input"].read())]), Lanes(2), PAGES)
    pieces = [(long_, SLOWLY), (long_,), (short,)]
    asked = [sent(*(piece for piece in one if piece is not SLOWLY)) for one in pieces]

    async def scene():
        first = asyncio.create_task(served(asked[0][0], Connection(long_[:50_001], SLOWLY)))
        await asyncio.sleep(0.01)
        answers = []
        for request, connection in asked[1:]:
            await served(request, connection)
            answers.append(connection.answer[0])
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        again, connection = sent(long_)
        await served(again, connection)
        return [*answers, connection.answer[0]], served.in_files

    assert run(scene()) == ([429, 200, 200], Counter())


@pytest.mark.parametrize(("sid", "status"), [("anna", 200), ("invented", 503)])
def test_addresses_that_send_much_and_slowly_leave_people_their_room(monkeypatch, sid, status):
    monkeypatch.setattr(gateway, "MOST_IN_FILES", 400_000)
    served = Gateway(app_that(lambda environ: [b""]), Lanes(2), PAGES, cookie="sid")
    served.people["anna"] = "1"

    async def scene():
        slow = []
        for number in range(4):
            asked, _ = sent(b"x" * 60_000)
            asked.client = f"10.0.0.{number}:50000"
            slow.append(asyncio.create_task(served(asked, Connection(b"x" * 50_000, SLOWLY))))
        await asyncio.sleep(0.01)
        asked, connection = sent(b"x" * 60_000)
        asked.headers.append(("cookie", f"sid={sid}"))
        asked.client = "10.0.1.1:50000"
        await served(asked, connection)
        for one in slow:
            one.cancel()
        await asyncio.gather(*slow, return_exceptions=True)
        return connection.answer[0], served.in_files

    assert run(scene()) == (status, Counter())


def test_cookies_full_of_escapes_never_reach_the_app():
    """It would take Python half a minute to read them."""
    asked = Asked(headers=[("cookie", 'a="' + "\\0" * 20_000 + '"; sid=1'), ("cookie", "b=2")])

    _, _, body = played(app_that(lambda environ: [environ["HTTP_COOKIE"].encode()]), asked)

    assert body == b" sid=1; b=2"
