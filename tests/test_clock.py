"""The tests know one clock: none asks for the time when it is imported, nor for the day of the machine."""

import ast
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from tests.clock import BERLIN, DAYS, DOUBTFUL, NIGHTS, TODAY, in_days, that_look_at

TESTS = Path(__file__).parent
ASKS = {"today", "now", "utcnow", "localdate", "localtime"}
CALLED = re.compile(rf"\b({'|'.join(ASKS)})\s*\(")  # whoever does not even write this does not ask
DAY = {"date.today", "datetime.today", "datetime.now", "timezone.localdate", "timezone.localtime"}


def calls(node):
    """The calls below ``node`` that ask for day or time and name neither, such as ``timezone.now()``."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and not call.args and not call.keywords:
            name = ast.unparse(call.func)
            if name.split(".")[-1] in ASKS:
                yield call.lineno, name


def run_at_import(node):
    """Whatever Python runs when it imports a module: all but the insides of functions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from [*child.decorator_list, *child.args.defaults, *filter(None, child.args.kw_defaults)]
        elif isinstance(child, ast.ClassDef):
            yield from [*child.decorator_list, *run_at_import(child)]
        else:
            yield child


def without_lambdas(node):
    """The same without what stands in a lambda, which runs later."""

    class Later(ast.NodeTransformer):
        def visit_Lambda(self, _):
            return ast.Constant(None)

    return Later().visit(node)


def at_import(text):
    return [call for node in run_at_import(ast.parse(text)) for call in calls(without_lambdas(node))]


def of_the_machine(text):
    return [call for call in calls(ast.parse(text)) if call[1] in DAY]


def found(check):
    texts = {path.relative_to(TESTS).as_posix(): path.read_text() for path in sorted(TESTS.rglob("*.py"))}
    asking = {path: check(text) for path, text in texts.items() if CALLED.search(text)}
    return {path: calls for path, calls in asking.items() if calls}


@pytest.mark.any_day
def test_no_test_asks_for_day_or_time_when_it_is_imported():
    assert found(at_import) == {}


@pytest.mark.any_day
def test_the_day_comes_from_the_one_clock():
    assert found(of_the_machine) == {}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("DAY = timezone.localdate()", [1]),
        ("@pytest.mark.parametrize('at', [timezone.now()])\ndef test(at):\n    pass", [1]),
        ("def made(day=date.today()):\n    pass", [1]),
        ("class Case:\n    day = date.today()", [2]),
        ("class Case:\n    def day(self):\n        return date.today()", []),
        ("def day():\n    return timezone.now()", []),
        ("RULES = {'late': lambda: timezone.now()}", []),
        ("DAY = timezone.localdate(NOW)", []),
    ],
)
def test_what_runs_at_import_is_told_from_what_runs_later(text, lines):
    assert [line for line, _ in at_import(text)] == lines


def test_the_doubtful_moments_are_what_they_say():
    last_minute, leap_day, later = days = [datetime.fromisoformat(moment) for moment in DAYS.values()]

    assert (f"{last_minute:%A %d %m %H:%M}", f"{later:%A %Y}") == ("Thursday 31 12 23:59", "Saturday 2031")
    assert (leap_day.month, leap_day.day) == (2, 29)
    assert [changes_the_clocks(at) for at in days] == [False] * 3
    assert [changes_the_clocks(datetime.fromisoformat(moment)) for moment in NIGHTS.values()] == [True] * 2
    assert list(DOUBTFUL.values()) == [*DAYS.values(), *NIGHTS.values()]


def test_the_moments_at_which_ci_runs_everything_are_doubtful_days():
    """So `make test-clocks`, which it tells to leave them out, leaves out nothing else."""
    run = (TESTS.parent / ".ci/run").read_text()
    named = re.findall(r"20\d\d-\d\d-\d\dT\d\d:\d\d", run)

    assert len(named) == 2
    assert set(named) < set(DAYS.values())


MODULE = """
from tests.clock import NOW, TODAY, in_days
import pytest

DUE = {"due_on": "2027-01-11"}


def send(**more):
    return {"held_on": in_days(0), **more}


def wait():
    return send(at="10:30")


@pytest.fixture
def later(clock):
    clock.shift(60)


def test_nothing():
    assert send()


def test_a_fixed_day_of_what_it_uses():
    assert send(**DUE)


@pytest.mark.parametrize("day", ["31.12.2030"])
def test_a_fixed_day_given_to_it(day):
    assert send(day=day)


def test_a_day_counted_from_today():
    assert send(day=in_days(1))


def test_a_day_of_the_week():
    assert send() == "Freitag"


def test_a_time_of_what_it_uses():
    assert wait()


def test_a_moment(later):
    assert send()


@pytest.mark.usefixtures("later")
def test_a_moment_of_what_it_is_said_to_use():
    assert send()
"""


def test_tests_are_chosen_by_what_they_look_at(tmp_path):
    path = tmp_path / "test_module.py"
    path.write_text(MODULE)
    moments = {"test_a_moment", "test_a_moment_of_what_it_is_said_to_use"}

    assert that_look_at("times", path) == {"test_a_time_of_what_it_uses", *moments}
    assert that_look_at("days", path) == {
        "test_a_fixed_day_of_what_it_uses",
        "test_a_fixed_day_given_to_it",
        "test_a_day_counted_from_today",
        "test_a_day_of_the_week",
        *moments,
    }


def changes_the_clocks(moment):
    """Whether summer time begins or ends within two hours."""
    before, after = (at.replace(tzinfo=BERLIN) for at in (moment, moment + timedelta(hours=2)))
    return before.utcoffset() != after.utcoffset()


def test_a_test_begins_on_the_day_of_the_clock():
    assert timezone.localdate(timezone.now()) == TODAY == in_days(0)
