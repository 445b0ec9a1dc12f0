"""The help: for every page an article that is about it, for every reader something, nothing too large."""

import re
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.urls import reverse
from PIL import Image

from kompetenz.help.articles import ARTICLES, BY_WORD, EVERYBODY, FIRST, Audience, article_for, by_reader
from kompetenz.help.tags import HEIGHT, WIDTH
from kompetenz.help.views import texts
from kompetenz.people.models.right_changes import NEW
from learningplans.models import TIME_TO_ANSWER
from tests.conftest import Stage
from tests.markup import problems_in
from tests.test_access import CASES, STATES, found_in, routes, signed_in
from tests.thorough import thorough_but

TEXTS = settings.BASE_DIR / "templates/help/texts"
PICTURES = settings.BASE_DIR / "static/images/help"
NO_PAGES = {"health", "emblem", "subscribed_calendar"}  # what they answer with has no link
# Who of the cast reads as what.
READS_AS = {
    "anna": {Audience.PERSON},
    "bernd": {Audience.PERSON, Audience.MANAGER},
    "paula": {Audience.PERSON, Audience.HR},
    "audit": {Audience.PERSON, Audience.AUDITOR},
}


def test_every_article_has_a_text_and_every_text_an_article():
    assert {path.stem for path in TEXTS.glob("*.html")} == set(BY_WORD)
    assert len(BY_WORD) == len(ARTICLES) > 20


def test_every_address_is_explained_by_an_article_of_its_own():
    explained = {name: article_for(name) for name in routes() if name not in NO_PAGES}

    assert [name for name, article in explained.items() if article is None] == []
    assert article_for("account_login").word == article_for("mfa_index").word == "anmelden"
    assert article_for("people:staff_preview").word == "personalliste"
    assert article_for("people:list").word == "personen"
    assert article_for("nobody:knows") is None


def test_no_name_of_an_address_is_explained_that_is_not_there():
    there = set(routes()) | {"account_*", "mfa_*", "openid_connect_*"}
    named = {page for article in ARTICLES for page in article.pages}

    missing = {page for page in named if not any(name == page or name.startswith(page.rstrip("*")) for name in there)}
    assert missing == set()


def test_every_reader_has_something_of_their_own_and_nothing_stands_there_twice():
    groups = dict(by_reader())

    assert list(groups) == ["Für alle", *(reader.value for reader in Audience)]
    assert all(groups.values())
    assert [article for article in groups["Für die IT"] if article.readers == EVERYBODY] == []
    assert {article.word for group in groups.values() for article in group} == set(BY_WORD)


def one_case_each():
    """A row of the access table for each address that somebody reads, in the latest of its states."""
    got = {
        name: (name, what, method, state, 0)
        for name, what, method, state, who in CASES
        if method == "get" and 200 in who
    }
    return [case for case in got.values() if case[3] in {"opened", "confirmed"}]


def leads_to(client, session, method, address):
    """Where the link "Hilfe" of a page leads, as (word of the article, the way back); None where there is no page."""
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    response = getattr(client, method)(address)
    link = re.search(r'class="help-link"><a href="([^"]+)"', response.text) if is_page(response) else None
    if link is None:
        return None
    parts = urlsplit(link[1])
    return parts.path.strip("/").rpartition("/")[2], parse_qs(parts.query).get("von"), address.partition("?")[0]


def is_page(response):
    return response.status_code == HTTPStatus.OK and "text/html" in response.headers["Content-Type"]


@pytest.mark.any_day
@pytest.mark.usefixtures("blank_pdfs")
@pytest.mark.parametrize("state", thorough_but(["opened", "confirmed"]))
def test_every_page_leads_to_an_article_about_it_that_is_for_its_reader_and_back(client, cast, state):
    stage = STATES[state](Stage(cast))
    sessions = {who: signed_in(client, getattr(cast, who)) for who in READS_AS}
    cases = [case for case in one_case_each() if case[3] == state]

    found = found_in(stage, cases, lambda *asked: {who: leads_to(client, one, *asked) for who, one in sessions.items()})

    pages = [(name, who, *led) for (name, _, _), by in found.items() for who, led in by.items() if led]
    assert len({name for name, *_ in pages}) > 20
    assert [page for page in pages if page[2] != article_for(page[0]).word] == []
    assert [page for page in pages if not READS_AS[page[1]] & set(BY_WORD[page[2]].readers)] == []
    assert [page for page in pages if page[3] != [page[4]]] == []


def test_who_is_not_signed_in_is_led_to_help_with_that_and_leaves_no_trace_of_their_page(client, db):
    for name in ("account_login", "account_reset_password", "privacy"):
        page = client.get(reverse(name)).text

        assert f'<a href="{reverse("help_article", args=[article_for(name).word])}">Hilfe</a>' in page


def test_a_page_that_nobody_knows_and_a_refused_form_lead_to_help_too(as_, cast):
    lost = as_(cast.anna).get("/gibt-es-nicht/").text
    refused = as_(cast.paula).post(reverse("people:create")).text

    assert f'<a href="{reverse("help_article", args=[FIRST.word])}">Hilfe</a>' in lost
    assert '<a href="/hilfe/personen/">Hilfe</a>' in refused


@pytest.mark.parametrize("word", BY_WORD)
def test_everybody_reads_every_article_and_it_is_small_and_well_formed(client, db, word):
    response = client.get(reverse("help_article", args=[word]))

    assert (response.status_code, problems_in(response)) == (200, [])
    assert len(response.content) < 60_000
    assert f"<h1>{BY_WORD[word].title}</h1>" in response.text


def test_an_article_that_is_not_there_is_not_there(client, db):
    assert client.get("/hilfe/unsinn/").status_code == 404


@pytest.mark.parametrize(
    "back", ["https://boese.example/", "//boese.example", "javascript:alert(1)", "\\\\boese.example"]
)
def test_the_way_back_leads_nowhere_else(client, db, back):
    page = client.get(reverse("help_article", args=["team"]), {"von": back}).text

    assert "Zurück zu der Seite" not in page
    assert "boese" not in page


def test_the_way_back_is_there(client, db):
    page = client.get(reverse("help_article", args=["team"]), {"von": "/team/"}).text

    assert '<a href="/team/">Zurück zu der Seite, von der Sie kommen</a>' in page


def test_every_picture_is_small_and_as_large_as_it_is_shown():
    shown = {name for path in TEXTS.glob("*.html") for name in re.findall(r'picture "(\w+)"', path.read_text())}
    pictures = {path.stem: path for path in PICTURES.glob("*.webp")}

    assert shown == set(pictures)
    for path in pictures.values():
        assert path.stat().st_size < 45_000, path.name
        with Image.open(path) as picture:
            assert picture.size == (WIDTH, HEIGHT)


def test_articles_lead_only_to_articles_that_are_there():
    named = {word for path in TEXTS.glob("*.html") for word in re.findall(r'article "([\w-]+)"', path.read_text())}

    assert len(named) > 5
    assert named - set(BY_WORD) == set()


def test_nobody_but_it_is_sent_to_a_file():
    """Whoever has a browser cannot open docs/."""
    templates = settings.BASE_DIR / "templates"
    naming = {
        path.relative_to(templates).as_posix()
        for path in templates.rglob("*.html")
        if re.search(r"\bdocs/|\w\.md\b", path.read_text())
    }

    # for IT; and the measures of data protection, which say of whom to get them
    assert naming == {"help/texts/it.html", "papers/texts/measures.html"}


def test_how_to_introduce_it_is_read_in_the_app_from_monday_on_and_leads_nowhere_but_into_it(client, db):
    page = client.get(reverse("help_article", args=["einfuehren"])).text
    text = page.partition("<article")[2].partition("</article>")[0]
    links = re.findall(r'href="([^"]+)"', text)

    assert '<h2 id="am-montag">Am Montag</h2>' in page
    assert '<a href="#am-montag">Am Montag</a>' in page
    assert {link for link in links if not link.startswith("#")} == {"/hilfe/it/", "/hilfe/wer-sieht-was/"}
    assert {link[1:] for link in links if link.startswith("#")} <= set(re.findall(r'<h2 id="([^"]+)"', page))
    assert text.count("<table") == 5
    assert not re.search(r"\*\*|`|\|", text)


def test_no_article_needs_long_words_or_long_sentences():
    """What is read by everybody is plain: on average at most 14 words a sentence, and none that is read twice."""
    long = {}
    for word, text in texts().items():
        sentences = [sentence.split() for sentence in re.split(r"(?<=[.!?:])\s", text) if len(sentence.split()) > 2]
        if sum(map(len, sentences)) / len(sentences) > 14:
            long[word] = round(sum(map(len, sentences)) / len(sentences), 1)
    assert long == {}


def test_the_help_says_what_this_installation_has_set(client, settings):
    settings.PEER_MINIMUM, settings.RESULTS_MINIMUM, settings.RETENTION_DAYS = (
        7,
        12,
        settings.RETENTION_DAYS | {"notice": 30},
    )

    pages = {
        word: client.get(reverse("help_article", args=[word])).text
        for word in ("kollegium", "auswertung", "aufbewahrung", "review", "papier")
    }

    assert "was mindestens 7 beantwortet haben" in pages["kollegium"]
    assert "mindestens 12 Personen" in pages["auswertung"]
    assert "In der Regel 30 Tage vorher" in pages["aufbewahrung"]
    assert f"nach {TIME_TO_ANSWER.days} Tagen ohne Antwort" in pages["review"]
    assert f"prüft erst nach {NEW.days} Tagen" in pages["papier"]
