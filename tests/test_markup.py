"""Every page with something on it, and every form as it comes back refused, is well-formed and has no id twice."""

from http import HTTPStatus

import pytest
from django.db import transaction
from django.urls import reverse

from tests.browser.crowd import OPEN_PAGES, crowd_around
from tests.markup import problems_in, problems_of


def send_nothing(client, address):
    """The answer to an empty form; whatever it changed is undone."""
    with transaction.atomic():
        response = client.post(address)
        transaction.set_rollback(True)
    return response


def test_every_page_is_well_formed_with_and_without_errors(client, cast):
    crowd = crowd_around(cast)
    found = {name: problems_in(client.get(reverse(name))) for name in OPEN_PAGES}
    refused = 0

    for who, _, address in crowd.pages:
        client.force_login(getattr(crowd.cast, who))
        found[who, address] = problems_in(client.get(address))
        response = send_nothing(client, address)
        found[who, address, "refused"] = problems_in(response)
        refused += response.status_code == HTTPStatus.OK and 'id="fehler"' in response.text

    assert {page: problems for page, problems in found.items() if problems} == {}
    assert refused >= 8  # of the other forms, nothing is an answer too


@pytest.mark.parametrize(
    ("html", "problems"),
    [
        ("<p>Gut</p><br><img src='a'>", []),
        ("<div><p>Offen</div>", ["</div> in line 1 where ['p'] is open", "<div> is never closed", "<p> is never closed"]),
        ("<p><ul></ul></p>", ["<ul> in line 1 in a paragraph"]),
        ("<i id='a'></i><b id='a'></b>", ["id a 2 times"]),
        ("<i class='a' class='b'></i>", ["<i> in line 1: class twice"]),
        ("<html><label for='x'></label></html>", ["<label> in line 1: for points at x"]),
        ("<html><a href='#x' aria-describedby='y'></a><i id='x'></i></html>", ["<a> in line 1: aria-describedby points at y"]),
        ("<label for='x'></label>", []),
        ("<link href='data:image/svg+xml,<svg />'>", ["<link> in line 1: an address with a blank"]),
    ],
)  # fmt: skip
def test_what_the_reader_of_markup_finds(html, problems):
    assert problems_of(html) == problems
