"""No page and no action costs more in a large administration than in a small one: every address of the access table, and what
is asked of some of them beside that, with the same number of queries and hardly a byte more."""

from http import HTTPStatus
from itertools import groupby

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.urls import reverse

from kompetenz.people.models import Person, Unit
from roles.models import RoleHolding, RoleProfile
from tests.clock import TODAY
from tests.conftest import Stage
from tests.test_access import CASES, STATES, WHO, Objects, signed_in
from tests.thorough import thorough_but

SMALL, LARGE = 60, 180  # people and units beside the cast: both more than a page holds
LONGEST = 60_000  # bytes of a page; the form of an assessment has all anchors of the catalogue, and is as long in any administration
AS_LONG_AS_THE_CATALOGUE = {"assessments:assessment"}
MORE = 300  # bytes: numbers of three digits instead of two

# What is about everybody by its nature: lists to take along, and what writes a row for each.
ABOUT_EVERYBODY = {
    ("assessments:round_list", "get"),
    ("assessments:round_units_list", "get"),
    ("assessments:round_open", "post"),
}

# (address, object, method, what is sent, whether by htmx) beside what the access table asks for; all by HR
ASKED_BY_HR = [
    *(
        (f"assessments:round_{action}", "round", "get", {"alle": "1"}, False)
        for action in ("remind", "extend", "pause", "resume", "remove")
    ),
    ("assessments:round", "round", "get", {"einheit": "10", "stand": "selbst"}, True),
    ("assessments:round", "round", "get", {"suche": "viele", "leitung": "leitung"}, True),
    ("assessments:round_units", "round", "get", {"q": "amt"}, True),
    ("assessments:round_people", "draft", "get", {"liste": "rolle"}, False),
    ("assessments:round_people", "draft", "post", {"people": "", "units": []}, True),
    ("assessments:round_people", "draft", "post", {"unit_search": "amt", "suchen": "1"}, True),
    ("assessments:round_admit", "round", "post", {"suche": "viele", "suchen": "1"}, True),
    ("people:list", None, "get", {"q": "viele", "einheit": "10", "status": "alle"}, True),
    ("people:find_person", None, "get", {"manager": "viele"}, True),
    ("people:units", None, "get", {"q": "amt"}, True),
    ("people:find_unit", None, "get", {"feld": "unit", "unit": "amt"}, True),
    ("people:deputy_create", None, "get", {"manager": "leitung"}, True),
]


def settle(cast, number):
    """``number`` people with a role in as many units, as many without one, and a manager for each two: teams do not grow."""
    top, profile, nobody = (
        Unit.objects.get(number="10"),
        RoleProfile.objects.get(key="digitallotse"),
        make_password(None),
    )
    units = Unit.objects.bulk_create(Unit(number=f"2{n:03}", name=f"Amt {n:03}", parent=top) for n in range(number))

    def people(first, last, count, **fields):
        return Person.objects.bulk_create(
            Person(
                first_name=f"{first}{n:03}",
                last_name=last,
                sort_key=f"{last.lower()}, {first.lower()}{n:03}",
                unit=units[n],
                password=nobody,
                **{name: value(n) for name, value in fields.items()},
            )
            for n in range(count)
        )

    heads = people("L", "Leitung", number, email=lambda n: f"leitung{n:03}@test.example")
    staff = people("P", "Viele", number, manager=lambda n: heads[n], personnel_number=lambda n: f"9{n:04}")
    people("O", "Ohne", number, manager=lambda n: heads[n])
    RoleHolding.objects.bulk_create(RoleHolding(person=one, profile=profile, since=TODAY) for one in staff)


def requests_in(state, whose):
    """(who, address, object, method, what is sent, whether by htmx): each asked by the first of the cast who may.

    HR's alone, who look at everybody, or those of all others.
    """
    for request in all_requests_in(state):
        if (request[0] == "paula") is (whose == "HR"):
            yield request


def all_requests_in(state):
    for name, what, method, when, expected in CASES:
        if when == state and (name, method) not in ABOUT_EVERYBODY:
            able = [who for who, status in zip(WHO, expected, strict=True) if status != HTTPStatus.NOT_FOUND]
            if able:
                yield able[0], name, what, method, {}, False
    if state == "confirmed":
        yield from (("paula", *asked) for asked in ASKED_BY_HR)


def costs(client, cast, state, whose, number):
    """The queries and the bytes of every request in an administration with ``number`` people more."""
    found = {}
    with transaction.atomic():
        settle(cast, number)
        stage = STATES[state](Stage(cast))
        sessions = {who: signed_in(client, getattr(cast, who)) for who in WHO}
        for what, requests in groupby(
            sorted(requests_in(state, whose), key=lambda one: str(one[2])), key=lambda one: one[2]
        ):
            with transaction.atomic():
                arguments = Objects(stage).arguments(what)
                for who, name, _, method, data, htmx in requests:
                    asked = client, sessions[who], method, reverse(name, args=arguments), data, htmx
                    ask(*asked)  # what a process keeps is there from now on
                    found[who, name, what, method, str(data)] = ask(*asked)
                transaction.set_rollback(True)
        transaction.set_rollback(True)
    return found


def ask(client, session, method, address, data, htmx):
    queries = []

    def note(execute, sql, params, many, context):
        if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            queries.append(sql)
        return execute(sql, params, many, context)

    client.cookies.clear()  # a message of the request before
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    with transaction.atomic():
        with connection.execute_wrapper(note):
            response = getattr(client, method)(address, data, headers={"HX-Request": "true"} if htmx else {})
        transaction.set_rollback(True)
    return len(queries), len(getattr(response, "content", b""))


@pytest.mark.any_day
@pytest.mark.usefixtures("blank_pdfs")
@pytest.mark.parametrize("state", ["confirmed"])  # in which nearly every page is there
@pytest.mark.parametrize("whose", thorough_but(["HR", "the others"], everywhere=["HR"]))
def test_no_page_and_no_action_grows_with_the_administration(client, cast, state, whose):
    small = costs(client, cast, state, whose, SMALL)
    large = costs(client, cast, state, whose, LARGE)

    grown = {
        request: (small[request], (queries, size))
        for request, (queries, size) in large.items()
        if queries != small[request][0]
        or size > small[request][1] + MORE
        or (size > LONGEST and request[1] not in AS_LONG_AS_THE_CATALOGUE)
    }
    assert grown == {}
