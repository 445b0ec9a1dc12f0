"""Who waits for whom, with work that ends when the test says so."""

import asyncio
import threading

import pytest
from django.urls import reverse

from kompetenz.serving.lanes import Client, Crowded, Gone, Lane, Lanes, TooManyOfOne
from tests.kompetenz.serving.loops import run


class Works:
    """Requests in a lane: each notes that it runs, and runs until it is let go."""

    def __init__(self, lane):
        self.lane, self.running, self.ended, self.asked = lane, [], [], {}
        self.gates = {}

    async def ask(self, name, client=None, gone=None):
        self.gates[name] = threading.Event()

        def work():
            self.running.append(name)
            self.gates[name].wait(5)
            self.ended.append(name)

        whose = client if isinstance(client, Client) else Client(client or name, is_one=True)
        task = asyncio.create_task(self.lane.run(whose, work, gone or asyncio.Event().wait))
        self.asked[name] = task
        await settle()
        return task

    async def let_go(self, *names):
        for name in names:
            self.gates[name].set()
            await self.asked[name]
            await settle()


async def settle():
    for _ in range(20):
        await asyncio.sleep(0.001)


def played(play, threads=1, waiting=100, of_one=100):
    async def scene():
        works = Works(Lane("test", threads, waiting=waiting, of_one=of_one))
        try:
            await play(works)
        finally:
            for gate in works.gates.values():
                gate.set()
            await asyncio.gather(*works.asked.values(), return_exceptions=True)

    run(scene())


def test_clients_take_turns():
    async def play(works):
        for name in ("a1", "a2", "a3", "b1", "c1"):
            await works.ask(name, client=name[0])
        await works.let_go("a1", "a2", "b1", "c1", "a3")
        assert works.running == ["a1", "a2", "b1", "c1", "a3"]

    played(play)


def test_no_client_has_all_threads():
    async def play(works):
        for name in ("a1", "a2", "a3"):
            await works.ask(name, client="a")
        assert works.running == ["a1"]
        await works.ask("b1", client="b")
        assert works.running == ["a1", "b1"]
        await works.let_go("a1")
        assert works.running == ["a1", "b1", "a2"]

    played(play, threads=2)


def test_a_thread_left_free_for_others_is_taken_by_whoever_comes():
    async def play(works):
        for name in ("a1", "a2", "b1", "b2"):
            await works.ask(name, client=name[0])
        await works.let_go("a1")
        assert works.running == ["a1", "b1", "a2"]
        await works.let_go("b1", "a2")
        assert works.running == ["a1", "b1", "a2", "b2"]
        await works.let_go("b2")
        assert works.lane.free == 2
        assert (works.lane.turns, +works.lane.running) == ({}, {})

    played(play, threads=2)


def test_so_many_of_one_wait_and_no_more():
    async def play(works):
        for name in ("a1", "a2", "a3"):
            await works.ask(name, client="a")
        with pytest.raises(TooManyOfOne):
            await (await works.ask("a4", client="a"))
        others = await works.ask("b1", client="b")
        assert not others.done()

    played(play, of_one=2)


def test_of_an_address_half_of_all_wait_and_people_still_come_in():
    crowd = Client("10.0.0.7", is_one=False)

    async def play(works):
        for name in ("a1", "a2", "a3"):
            await works.ask(name, client=crowd)
        with pytest.raises(TooManyOfOne):
            await (await works.ask("a4", client=crowd))
        others = await works.ask("b1", client="b")
        assert not others.done()

    played(play, waiting=4, of_one=1)


def test_so_many_wait_and_whoever_has_nothing_waiting_still_comes_in_up_to_twice_as_many():
    async def play(works):
        for name in ("a", "b", "c"):
            await works.ask(name)
        with pytest.raises(Crowded):
            await (await works.ask("more", client="c"))
        for name in ("d", "e"):
            assert not (await works.ask(name)).done()
        with pytest.raises(Crowded):
            await (await works.ask("f"))

    played(play, waiting=2)


def test_addresses_take_no_room_from_people():
    async def play(works):
        for number in range(5):
            await works.ask(f"address {number}", client=Client(f"10.0.0.{number}", is_one=False))
        with pytest.raises(Crowded):
            await (await works.ask("one more", client=Client("10.0.0.9", is_one=False)))
        for name in ("anna", "bernd"):
            assert not (await works.ask(name)).done()

    played(play, waiting=2)


def test_people_wait_no_longer_however_many_addresses_ask():
    async def play(works):
        for number in range(5):
            await works.ask(f"address {number}", client=Client(f"10.0.0.{number}", is_one=False))
        await works.ask("anna")
        await works.ask("bernd")

        for name in ("address 0", "anna", "address 1", "bernd", "address 2", "address 3", "address 4"):
            assert works.running[-1] == name
            await works.let_go(name)

    played(play)


def test_who_leaves_while_waiting_is_not_served():
    async def play(works):
        gone = asyncio.Event()
        await works.ask("a")
        waiting = await works.ask("b", gone=gone.wait)
        await works.ask("c")
        gone.set()
        with pytest.raises(Gone):
            await waiting
        await works.let_go("a", "c")
        assert works.running == ["a", "c"]

    played(play)


def test_work_that_fails_gives_its_thread_back():
    async def play(works):
        def fail():
            raise ValueError("on purpose")

        with pytest.raises(ValueError, match="on purpose"):
            await works.lane.run(Client("a", is_one=True), fail, asyncio.Event().wait)
        assert works.lane.free == 1

    played(play)


@pytest.mark.parametrize(
    ("method", "path", "lane"),
    [
        ("GET", ("openid_connect_login", "verwaltung"), "directory"),
        ("GET", ("openid_connect_callback", "verwaltung"), "directory"),
        ("GET", "start", "pages"),
        ("GET", "account_login", "pages"),
        ("POST", "account_login", "passwords"),
        ("POST", "account_change_password", "passwords"),
        ("POST", "account_reset_password", "pages"),
        ("POST", "people:staff_import", "documents"),
        ("GET", "people:staff_preview", "documents"),
        ("POST", "people:letterhead", "documents"),
        ("POST", "learningplans:offer_list", "documents"),
        ("GET", "learningplans:offer_list_preview", "documents"),
        ("GET", ("learningplans:pdf", 1), "documents"),
        ("GET", ("assessments:round_list", 1), "documents"),
        ("GET", ("learningplans:round_documents_zip", 1), "documents"),
        ("POST", ("assessments:rate", 1, 1), "pages"),
        ("GET", ("assessments:participation", 1), "pages"),
    ],
)
def test_what_takes_long_has_a_lane_of_its_own(method, path, lane):
    name, *arguments = (path,) if isinstance(path, str) else path
    lanes = Lanes(2)

    assert lanes.of(method, reverse(name, args=arguments)) is getattr(lanes, lane)
