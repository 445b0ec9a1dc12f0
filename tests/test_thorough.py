"""A quick run takes some of many tests, and on other days the others."""

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import conftest


@dataclass
class Item:
    nodeid: str
    marks: frozenset = frozenset({"django_db"})
    fixturenames: list = field(default_factory=list)
    path: Path = Path("test_it.py")

    def get_closest_marker(self, name):
        return SimpleNamespace(kwargs={}) if name in self.marks else None


def names(items):
    return [item.nodeid for item in items]


OF_PEOPLE = [Item(f"test_it[{who}]") for who in ("anna", "bernd", "cedric")]


def test_in_a_week_each_value_has_been_tried(monkeypatch):
    tried = []
    for day in range(20_000, 20_003):
        monkeypatch.setattr(conftest, "TURN", day)
        (one,) = conftest.one_of_each(OF_PEOPLE)
        tried.append(one.nodeid)

    assert sorted(tried) == names(OF_PEOPLE)


def test_what_asks_no_database_is_tried_with_all():
    items = [Item(f"test_sum[{number}]", marks=frozenset()) for number in range(4)]

    assert names(conftest.one_of_each(items)) == names(items)


@pytest.mark.parametrize(("number", "kept"), [(1, 1), (2, 2), (3, 2)])
def test_on_another_database_the_first_and_the_last(number, kept):
    some = names(conftest.first_and_last_of_each(OF_PEOPLE[:number]))

    assert (some[0], some[-1], len(some)) == (OF_PEOPLE[0].nodeid, OF_PEOPLE[number - 1].nodeid, kept)


def test_in_five_days_each_browser_test_has_run_and_the_hostile_ones_each_time(monkeypatch):
    items = [Item(f"test_{number}", marks=frozenset({"browser"})) for number in range(7)]
    always = Item("test_cycle", marks=frozenset({"browser", "browser_everywhere"}))
    run = []
    for day in range(conftest.OF_BROWSER_TESTS):
        monkeypatch.setattr(conftest, "TURN", day)
        run += names(conftest.some_in_a_browser([*items, always]))

    assert run.count(always.nodeid) == conftest.OF_BROWSER_TESTS
    assert sorted(set(run) - {always.nodeid}) == names(items)
    assert len(run) == len(items) + conftest.OF_BROWSER_TESTS
