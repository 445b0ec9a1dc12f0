from types import SimpleNamespace

import pytest

from kompetenz import hooks
from kompetenz.letters.models import Letter
from kompetenz.letters.occasions import Occasion
from kompetenz.letters.writing import write_letters
from tests.kompetenz.letters.mailserver import MailServer


@pytest.fixture
def mail_server(settings):
    """A mail server that the app is told of."""
    server = MailServer()
    settings.EMAIL_BACKEND = "kompetenz.people.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
    yield server
    server.close()


@pytest.fixture
def truth():
    """What any letter answers when it is about to be sent: "" while it is true; a test may put another reason here."""
    found = SimpleNamespace(obstacle="")
    with hooks.only("letter_occasions", lambda: [Occasion(".+", lambda letter, *groups: found.obstacle)]):
        yield found


@pytest.fixture
def write(cast, truth):
    """``write(cast.anna, cast.dora)`` writes them one invitation each; more names of the fields change that."""

    def to(*people, **fields):
        return write_letters(
            **{"kind": Letter.Kind.INVITATION, "key": "runde-1", "path": "/", "people": people} | fields
        )

    return to


@pytest.fixture
def states():
    """``states()`` tells the letters by first name: {"Anna": "waiting"}."""

    def by_name():
        return dict(Letter.objects.order_by("pk").values_list("person__first_name", "state"))

    return by_name
