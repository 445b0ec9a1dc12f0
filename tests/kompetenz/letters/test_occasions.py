"""A letter is sent while it is true, and only who can say so may write one."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

from kompetenz import hooks
from kompetenz.letters.models import Letter
from kompetenz.letters.occasions import NoOccasion, Occasion, occasion_of
from kompetenz.letters.writing import write_letters


def test_what_is_no_longer_true_is_not_sent_and_says_why(cast, write, truth, run_jobs, mail_server):
    write(cast.anna)
    truth.obstacle = "Das ist inzwischen erledigt."

    run_jobs()

    letter = Letter.objects.get()
    assert mail_server.addresses == []
    assert (letter.state, letter.problem, letter.attempts) == ("discarded", "Das ist inzwischen erledigt.", 0)


def test_what_was_dropped_is_not_written_again(cast, write, truth, run_jobs):
    write(cast.anna)
    truth.obstacle = "Die Runde ist beendet."
    run_jobs()
    truth.obstacle = ""

    assert write(cast.anna) == 0


def test_the_calendar_file_is_that_of_the_moment_of_sending(cast, run_jobs, mail_server):
    occasion = Occasion("k", lambda letter: "", lambda letter: "BEGIN:VCALENDAR\r\nX-NEW:1\r\nEND:VCALENDAR\r\n")
    with hooks.only("letter_occasions", lambda: [occasion]):
        write_letters(kind="review", key="k", path="/", people=[cast.anna], calendar="X-OLD:1")
        run_jobs()

    (attached,) = next(iter(mail_server.messages())).iter_attachments()
    assert "X-NEW:1" in attached.get_content()


def test_a_letter_of_which_nobody_can_say_whether_it_is_true_is_not_written(cast):
    with pytest.raises(NoOccasion):
        write_letters(kind="notice", key="niemand-weiss", path="/", people=[cast.anna])

    assert Letter.objects.count() == 0


def test_one_that_was_written_before_its_app_has_gone_is_dropped(cast, run_jobs, mailoutbox):
    Letter.objects.create(person=cast.anna, kind="notice", key="niemand-weiss", path="/")
    from kompetenz.letters.delivering import deliver

    deliver.enqueue()
    run_jobs()

    assert (Letter.objects.get().state, mailoutbox) == ("discarded", [])


def keys_written():
    """The keys of every call of write_letters and of what hands one on, with what is filled in as a number."""
    for path in Path(settings.BASE_DIR).glob("[akl]*/**/*.py"):
        if "migrations" in path.parts or "node_modules" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.keyword) and node.arg == "key" and isinstance(node.value, ast.JoinedStr):
                parts = node.value.values
                text = "".join(part.value if isinstance(part, ast.Constant) else "20261201" for part in parts)
                if re.match(r"(round|participation|plan|review|reviews|talk|talks|hand-over|removed)-", text):
                    yield path.name, text


def test_every_letter_that_is_written_has_an_occasion():
    endings = ["", "-person", "-manager", "20261201-person"]
    found = dict.fromkeys(keys_written())

    assert len(found) > 10
    for name, written in found:
        key = written.replace("20261201-20261201-20261201-20261201", "20261201-selbst-20261201-halb")
        key = key.replace("release-20261201", "release-self")
        assert any(_known(key + ending) for ending in endings), (name, key)


def _known(key):
    try:
        return bool(occasion_of(key))
    except NoOccasion:
        return False


def test_every_kind_of_letter_belongs_to_an_occasion(cast):
    """Of each kind one that is really written: a new kind needs a row."""
    keys = {
        "invitation": "round-1-invitation-1-person",
        "reminder": "round-1-selbst-20261201-halb-person",
        "release": "participation-1-release-self",
        "talk": "participation-1-talk-20261201",
        "review": "plan-1-reviews-20261201",
        "hand_over": "hand-over-1-person",
        "removal": "removed-20261201-person",
        "peer": "round-1-peer-20261201",
        "notice": "participation-1-record-20261201",
        "asked": "learning-group-1",
    }

    assert set(keys) == set(Letter.Kind.values)
    letters = [Letter(person=cast.anna, kind=kind, key=key, path="/") for kind, key in keys.items()]
    answers = [occasion_of(letter.key) for letter in letters]
    obstacles = {
        letter.kind: occasion.obstacle(letter, *groups)
        for letter, (occasion, groups) in zip(letters, answers, strict=True)
    }
    # there is no such round, participation or plan, which is no news to who is told of that
    assert [kind for kind, obstacle in obstacles.items() if not obstacle] == ["removal"]
