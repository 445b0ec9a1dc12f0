"""A session is read as Django writes it."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone
from psycopg.errors import LockNotAvailable

from kompetenz.people.sessions import SessionStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def key():
    session = db.SessionStore()
    session["what"] = "kept"
    session.save()
    return session.session_key


def test_a_session_is_read(key):
    assert SessionStore(key)["what"] == "kept"


@pytest.mark.parametrize("seconds", [0, -1])
def test_one_that_has_ended_is_none(key, seconds):
    db.SessionStore.get_model_class().objects.update(expire_date=timezone.now() + timedelta(seconds=seconds))

    ended = SessionStore(key)

    assert (ended.load(), ended.session_key) == ({}, None)


def test_one_that_nobody_has_is_none(django_assert_num_queries):
    unknown = SessionStore("0" * 32)

    with django_assert_num_queries(1):
        assert (dict(unknown.items()), unknown.session_key) == ({}, None)


def test_a_busy_database_has_ended_no_session(as_, cast, monkeypatch):
    """Who asks for more time is told to ask again, and not that they were not understood."""

    def busy(*_args, **_kwargs):
        raise OperationalError("lock timeout") from LockNotAvailable("lock timeout")

    client = as_(cast.anna)
    client.raise_request_exception = False
    monkeypatch.setattr(Session, "save", busy)
    answer = client.post(reverse("stay_signed_in"))

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")


def test_one_that_was_ended_meanwhile_does_not_come_back(key):
    session = SessionStore(key)
    session["what"] = "else"
    Session.objects.all().delete()

    with pytest.raises(UpdateError):
        session.save()
