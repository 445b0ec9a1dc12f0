"""Whatever stands in a text is text: markup in every field of every row, on every page and paper."""

from contextlib import suppress
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models.query import QuerySet
from django.urls import reverse

from assessments.models import Rating, Remark
from tests.browser.crowd import crowd_around
from tests.security.test_forms import OURS
from tests.test_access import CASES, STATES, Objects, Stage

MARK = "\"'><xss onxss=1 style=x:xss>{{ 7|add:7 }}</xss></script></title></style>&lt;xss&gt;"
SHORT = "'\"><xss>"
# What is no text of people: keys, addresses and states of our own, and what is compared with other rows.
NOT_TEXT = {
    "email", "password", "personnel_number", "sort_key", "key", "kind", "state", "path", "link", "number", "icon", "content_type", "media_type",
    "self_state", "manager_state", "talk_state", "plan_state", "disclosure", "said", "form", "address", "digest", "account", "origin", "secret",
    "calendar", "colour", "token", "search_key", "in_keys", "uid", "occasion",
}  # fmt: skip


def text_fields(model):
    """The fields of ``model`` in which people write."""
    for field in model._meta.concrete_fields:
        is_text = isinstance(field, models.CharField | models.TextField) and not isinstance(field, models.UUIDField)
        if is_text and not field.choices and not field.unique and field.name not in NOT_TEXT:
            yield field


def write_markup():
    """Into every text there is, past forms and models; the number of fields."""
    written = 0
    for model in apps.get_models():
        if model._meta.app_label not in OURS - {"jobs"}:
            continue
        for field in text_fields(model):
            text = MARK if not field.max_length or field.max_length >= len(MARK) else SHORT[: field.max_length]
            rows = QuerySet(model).exclude(**{field.name: None if field.null else ""})
            with suppress(IntegrityError), transaction.atomic():  # one of several fields that are unique together
                written += bool(rows.update(**{field.name: text}))
    return written


class Elements(HTMLParser):
    """The names of elements and attributes that a browser would see."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found += [tag] if tag == "xss" else []
        self.found += [name for name, value in attrs if name == "onxss" or (name == "style" and "xss" in (value or ""))]


def markup_in(answer):
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        return []
    reader = Elements()
    reader.feed(answer.text)
    return reader.found + (["14"] if "<xss" in answer.text else [])


@pytest.mark.any_day
@pytest.mark.usefixtures("words_of_pdfs")
@pytest.mark.thorough
def test_markup_in_any_text_is_shown_as_text_on_every_page(client, cast):
    crowd = crowd_around(cast)
    for rating in Rating.objects.order_by("assessment", "pk"):  # each side has said something of each
        Remark.objects.get_or_create(assessment=rating.assessment, competency=rating.competency, defaults={"text": "x"})
    written = write_markup()
    found, shown = {}, 0
    for who, _, address in crowd.pages:
        client.force_login(getattr(crowd.cast, who))
        answer = client.get(address)
        text = answer.getvalue().decode() if answer.streaming else answer.text
        shown += "&lt;xss" in text
        if markup_in(answer):
            found[who, address] = markup_in(answer)

    assert found == {}
    assert written > 40
    assert shown > 60


@pytest.mark.any_day
@pytest.mark.usefixtures("words_of_pdfs")
@pytest.mark.parametrize("who", ["anna", "bernd", "paula"])
def test_markup_in_any_text_is_set_as_text_on_every_paper(client, cast, who):
    stage = STATES["confirmed"](Stage(cast))
    client.force_login(getattr(cast, who))
    printed = {(name, what) for name, what, method, *_ in CASES if "pdf" in name and method == "get"}
    found, shown = {}, 0
    # who is let read an earlier round reads the same papers, and for that the round has to end
    papers = sorted(((name, what) for name, what in printed if not str(what).startswith("consented")), key=str)
    for name, what in papers:
        address = reverse(name, args=Objects(stage).arguments(what))
        write_markup()
        answer = client.get(address)
        text = b"".join(answer) if answer.streaming else answer.content
        shown += b"&lt;xss" in text
        if b"<xss" in text:
            found[name, what] = text[text.index(b"<xss") - 80 :][:160]

    assert found == {}
    assert len(papers) > 8
    assert shown >= 1
