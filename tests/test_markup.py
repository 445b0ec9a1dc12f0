"""Every page with something on it, and every form as it comes back refused, is well-formed, has no id twice, and is valid HTML."""

from http import HTTPStatus

import pytest
from django.db import transaction
from django.urls import reverse

from kompetenz.help.articles import BY_WORD
from kompetenz.people.models import Person
from tests.browser.crowd import OPEN_PAGES, crowd_around
from tests.markup import alike_in, html_in, problems_of
from tests.nu_html import errors_in


def send_nothing(client, address):
    """The answer to an empty form; whatever it changed is undone."""
    with transaction.atomic():
        response = client.post(address)
        transaction.set_rollback(True)
    return response


# With which htmx asks for the page once more.
BACK = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
BROKEN = """<!DOCTYPE html><html lang="de"><title>Seite</title><body>
<h1>Titel</h1>
<table hx-get="/"><tr><td colspan="0">Zelle</table>
"""
# Words of the Nu HTML checker.
NO_COLUMNS = "Bad value “0” for attribute “colspan” on element “td”: Zero is not a positive integer."


@pytest.mark.thorough
def test_every_page_is_valid_with_and_without_errors(client, cast, tmp_path, subtests):
    crowd = crowd_around(cast)
    pages = {name: html_in(client.get(reverse(name))) for name in OPEN_PAGES}
    pages |= {word: html_in(client.get(reverse("help_article", args=[word]))) for word in BY_WORD}
    refused = 0

    for who, _, address in crowd.pages:
        client.force_login(getattr(crowd.cast, who))
        pages[who, address] = html_in(client.get(address))
        if "hx-push-url" in pages[who, address]:
            pages[who, address, "after Back"] = html_in(client.get(address, headers=BACK))
        response = send_nothing(client, address)
        pages[who, address, "refused"] = html_in(response)
        refused += response.status_code == HTTPStatus.OK and 'id="fehler"' in response.text
    client.force_login(Person.objects.create_superuser("root@test.example", first_name="Rita", last_name="Root"))
    pages["repair"] = html_in(client.get(reverse("admin:people_person_change", args=[cast.anna.pk])))

    assert {page: problems for page, html in pages.items() if (problems := problems_of(html))} == {}
    assert refused >= 8  # of the other forms, nothing is an answer too
    with subtests.test("what is called alike"):
        assert {page: words for page, html in pages.items() if page != "repair" and (words := alike_in(html))} == {}
    with subtests.test("the Nu HTML checker"):
        assert errors_in(pages | {"broken": BROKEN}, tmp_path) == {"broken": [f"line 3: {NO_COLUMNS}"]}


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
        ("<h3></h3><h2></h2><h3></h3>", []),
        ("<h1></h1><h3></h3>", ["<h3> in line 1 follows <h1>"]),
        ("<input type='radio' autocomplete='off'>", ["<input> in line 1: autocomplete where nothing is typed"]),
        ("<link href='data:image/svg+xml,<svg />'>", ["<link> in line 1: an address with a blank"]),
    ],
)  # fmt: skip
def test_what_the_reader_of_markup_finds(html, problems):
    assert problems_of(html) == problems


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<a href='/1/'>Plan</a><a href='/1/'>Plan</a>", []),
        ("<a href='/1/'>Plan</a><a href='/2/'>Plan</a>", ["Plan"]),
        ("<a href='/1/'>Plan<span class='sr-only'>: Anna</span></a><a href='/2/'>Plan</a>", []),
        ("<a href='/1/' aria-label='Annas Plan'>Plan</a><a href='/2/'>Plan</a>", []),
        ("<ul><li><a href='/1/'>Anna</a></ul><ul><li><a href='/2/'>Anna</a></ul>", []),
        ("<table><tr><td><a href='/1/'>Anna</a><td><a href='/2/'>Anna</a></table>", ["Anna"]),
        ("<form><button>Ja</button></form><form><button>Ja</button></form>", ["Ja"]),
        ("<form><button>Ja</button><p></p><button>Ja</button></form>", []),
        ("<form><button name='b' value='1'>Weg</button><button name='b' value='2'>Weg</button></form>", ["Weg"]),
        ("<summary>Mehr</summary><summary>Mehr</summary>", ["Mehr"]),
    ],
)
def test_what_is_called_alike(html, words):
    assert alike_in(html) == words
