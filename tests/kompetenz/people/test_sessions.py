"""A session is read as Django writes it."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends import db
from django.utils import timezone

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
