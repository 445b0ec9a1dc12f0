"""What is done with letters every day, and what an installation is told about its own address."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from kompetenz.letters import tidying
from kompetenz.letters.checks import links_lead_to_this_installation
from kompetenz.letters.models import Letter
from tests.clock import TODAY


def test_letters_done_with_go_after_90_days_and_others_stay(cast):
    now, today = timezone.now(), TODAY
    for days in (89, 92):
        for state in Letter.State.values:
            Letter.objects.create(
                person=cast.anna, kind="notice", key=f"{state}-{days}", path="/", state=state, claimed_at=now,
                sent_on=today if state == "sent" else None, written_at=now - timedelta(days=days),
            )  # fmt: skip

    sentences = [tidying.delete_old_letters(today) for _ in range(2)]

    kept = {f"{state}-{days}" for state in Letter.State.values for days in (89, 92)} - {"sent-92", "discarded-92"}
    assert sentences == ["Erledigte E-Mails nach 90 Tagen gelöscht: 2.", None]
    assert set(Letter.objects.values_list("key", flat=True)) == kept


def test_letters_whose_run_was_lost_get_another(cast, write, run_jobs, mailoutbox):
    write(cast.anna)
    DBTaskResult.objects.all().delete()

    sentence = tidying.see_to_what_was_left(TODAY)
    run_jobs()

    assert (sentence, len(mailoutbox)) == (None, 1)


def test_nothing_is_enqueued_where_nothing_waits(db):
    tidying.see_to_what_was_left(TODAY)

    assert not DBTaskResult.objects.exists()


def test_letters_left_in_sending_are_told_of(cast, write, states):
    write(cast.anna, cast.bernd)
    Letter.objects.update(state="sending", claimed_at=timezone.now() - timedelta(minutes=16))

    sentence = tidying.see_to_what_was_left(TODAY)

    assert sentence == "E-Mails, von denen niemand weiß, ob sie ankamen: 2."
    assert states() == {"Anna": "uncertain", "Bernd": "uncertain"}


@pytest.mark.parametrize(
    ("address", "warned"),
    [
        ("https://kompetenzrad.kreis.example", False),
        ("http://10.1.2.3:8000", False),
        ("http://127.0.0.1:8000", True),
        ("http://localhost", True),
        ("https://[::1]:8000", True),
        ("kompetenzrad.kreis.example", True),
        ("", True),
    ],
)
def test_a_real_installation_is_warned_when_its_links_lead_nobody_here(settings, address, warned):
    settings.SITE_URL = address

    assert [warning.id for warning in links_lead_to_this_installation(None)] == ["kompetenz.W002"] * warned


@pytest.mark.parametrize("at_home", ["DEBUG", "DEMO"])
def test_at_home_links_may_lead_home(settings, at_home):
    settings.SITE_URL = "http://127.0.0.1:8000"
    setattr(settings, at_home, True)

    assert links_lead_to_this_installation(None) == []
