"""The one clock of the tests: each test begins at ``NOW``, whatever day it really is, and time goes on from there.

``TEST_CLOCK=2028-02-29T10:00 make test`` begins at another moment in Europe/Berlin; `make test-clocks` at all of ``DOUBTFUL``.
What asks for the day when it is imported would get the real one, so tests take ``TODAY`` and ``in_days`` from here.
"""

import ast
import os
import re
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
ORDINARY = "2026-12-01T10:00"  # a Tuesday
DAYS = {
    "a Thursday, the last minute of the year": "2026-12-31T23:59",
    "29 February": "2028-02-29T10:00",
    "a Saturday, years from now": "2031-06-21T10:00",
}
NIGHTS = {
    "begin of summer time": "2027-03-28T01:59",
    "end of summer time, the hour that comes twice": "2027-10-31T02:30",
}
DOUBTFUL = DAYS | NIGHTS
NOW = datetime.fromisoformat(os.environ.get("TEST_CLOCK") or ORDINARY).replace(tzinfo=BERLIN)
TODAY = NOW.date()
# A test looks at days if a day, a weekday or a moment is named in it, or in what of its module it uses ...
NAMED = (
    r"\b(NOW|localtime|timezone\.now|clock|date|datetime)\b"
    r"|\b20\d\d-[01]\d-[0-3]\d\b|\b[0-3]\d\.[01]\d\.20\d\d\b|(Mon|Diens|Donners|Frei|Sams|Sonn)tag|Mittwoch"
)
# ... or if it counts from today itself: what it uses only sets the scene with such days.
COUNTED = r"\b(TODAY|in_days|localdate|timedelta)\b"
# It looks at times if one of these stands in it, or in what of its module it uses.
TIMED = r"\b(NOW|localtime|timezone\.now|clock|datetime|hours|minutes|seconds|Uhr)\b|\b[0-2]?\d:[0-5]\d\b"


def in_days(days):
    """The day so many days from the tests' today; before it, if negative."""
    return TODAY + timedelta(days=days)


@cache
def that_look_at(what, path):
    """The names of the tests in the module ``path`` that look at "days" or at "times"."""
    return looking(path, anywhere=TIMED) if what == "times" else looking(path, anywhere=NAMED, itself=COUNTED)


def looking(path, *, anywhere, itself=None):
    """The names of the tests with a word of ``itself`` in them, or of ``anywhere`` in them or in what they use."""
    text = path.read_text()
    words, uses = {}, {}
    for names, node in definitions(ast.parse(text)):
        first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])
        for name in names:
            words[name] = "\n".join(text.splitlines()[first - 1 : node.end_lineno])
            uses[name] = set(used_in(node)) - {name}
    found = {name for name, source in words.items() if re.search(anywhere, source)}
    while more := {name for name in words if name not in found and uses[name] & found}:
        found |= more
    if itself:
        found |= {name for name, source in words.items() if re.search(itself, source)}
    return frozenset(name for name in found if name.startswith("test_"))


def definitions(module):
    """The names that each statement of the module gives something to, and the statement."""
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield [node.name], node
        elif isinstance(node, ast.Assign):
            yield [name.id for target in node.targets for name in ast.walk(target) if isinstance(name, ast.Name)], node


def used_in(node):
    """Every name in it; a fixture is an argument, or the text in usefixtures."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield part.id
        elif isinstance(part, ast.arg):
            yield part.arg
        elif isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value
