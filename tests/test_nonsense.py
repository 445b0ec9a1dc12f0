"""Nonsense in an address or a form is answered, by every page and for every field, and never with an error of the server."""

import re
from itertools import product

import pytest
from django.conf import settings
from django.db import transaction
from django.http import QueryDict
from django.urls import get_resolver, reverse

from kompetenz import middleware
from tests.conftest import Stage
from tests.kompetenz.test_text import every_form
from tests.test_access import CASES, STATES, Objects
from tests.thorough import some, thorough_but

NONSENSE = [
    "\0",
    "\x1b\ufffe",
    "9" * 30,
    "9" * 5000,
    "-1",
    "٣",
    "\u202e",
    "' OR 1=1 --",
    "1-1",
    "\U0001f600" * 200,
    "a " * 400,
    "%_" * 400,
    "0001-01-01",  # days, but nobody's
    "9999-12-31",
]
TRIED = some(NONSENSE, "\0", "9" * 30, "9999-12-31")
CODE = [
    path
    for app in ("kompetenz", "roles", "assessments", "learningplans")
    for path in (settings.BASE_DIR / app).rglob("*.py")
]
READ = re.compile(r"""(?:GET|POST|post|data|address|sent)(?:\.get|\.getlist|)[(\[]\s*["'](\w+)["']""")


def names():
    """Every name under which anything is read: by a view itself, or by a form."""
    read = {name for path in CODE for name in READ.findall(path.read_text())}
    return sorted(read | {name for form in every_form() for name in form.base_fields})


def addresses_with(number, patterns, prefix=""):
    """Every address of the app in which a number stands, with this one in its place."""
    for one in patterns:
        route = prefix + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from addresses_with(number, one.url_patterns, route)
        elif "<int:" in route:
            yield "/" + re.sub(r"<int:\w+>", str(number), re.sub(r"<(?!int:)[^>]+>", "x", route))


@pytest.mark.parametrize("number", [2**63, 10**40], ids=["the first that fits in no database", "one that is longer"])
@pytest.mark.parametrize("who", thorough_but(["bernd", "paula"], "paula"))
def test_a_number_that_no_row_can_have_leads_nowhere(as_, cast, who, number):
    client = as_(getattr(cast, who))
    client.raise_request_exception = False
    addresses = list(addresses_with(number, get_resolver().url_patterns))
    answers = {
        (address, method): getattr(client, method)(address).status_code
        for address in addresses
        for method in ("get", "post")
    }

    assert len(addresses) > 100
    assert {case: status for case, status in answers.items() if status not in (403, 404, 405)} == {}


def first_states():
    """Each (state, address, object, method) of the table in the first of the states for which it stands there."""
    seen = {}
    for name, what, method, state, _ in CASES:
        seen.setdefault((name, what, method), state)
    return [(state, *case) for case, state in seen.items()]


ALL = "all of it"


@pytest.fixture
def read(monkeypatch):
    """The names of what is read of requests; ``ALL``, too, where somebody goes through what was sent."""
    names = set()

    def noted(method):
        def wrapped(self, *args, **kwargs):
            if not self._mutable:  # else it is being filled
                names.add(args[0] if args and isinstance(args[0], str) else ALL)
            return method(self, *args, **kwargs)

        return wrapped

    for one in (
        "__getitem__",
        "__contains__",
        "getlist",
        "__iter__",
        "keys",
        "items",
        "lists",
        "copy",
        "urlencode",
        "dict",
    ):
        monkeypatch.setattr(QueryDict, one, noted(getattr(QueryDict, one)))

    def tidied_first(query, tidied=middleware.tidied):
        plain = tidied(query)  # goes through everything, whatever the view reads
        names.clear()
        return plain

    monkeypatch.setattr(middleware, "tidied", tidied_first)
    return names


@pytest.mark.any_day
@pytest.mark.parametrize(
    ("who", "state"),
    thorough_but(
        sorted(product(["bernd", "paula"], {case[0] for case in first_states()})), everywhere=[("paula", "confirmed")]
    ),
)
@pytest.mark.usefixtures("blank_pdfs")
def test_nonsense_is_answered(client, cast, read, who, state):
    """As one who leads people, to whom most pages are open, and as HR. What an address does not read is not sent again."""
    stage = STATES[state](Stage(cast))
    client.force_login(getattr(cast, who))
    client.raise_request_exception = False
    known, asked, failed = names(), 0, []
    for name, what, method in [case[1:] for case in first_states() if case[0] == state]:
        with transaction.atomic():
            address = reverse(name, args=Objects(stage).arguments(what))
            sent, seen = known, set()
            for value in TRIED:
                with transaction.atomic():
                    response = getattr(client, method)(address, dict.fromkeys(sent, value))
                    failed += [(name, what, method, value)] if response.status_code >= 500 else []
                    transaction.set_rollback(True)
                asked += len(sent)
                seen |= read
                sent = known if ALL in seen else [one for one in known if one in seen]
                if not sent:
                    break
            transaction.set_rollback(True)

    assert asked > 60
    assert failed == []
