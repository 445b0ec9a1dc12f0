"""The Bestandsaufnahme: the person's alone until they share it, nothing typed is lost, HR never reads it."""

from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.answering.stock_taking import WORDING, save_stock_taking, shared_frame
from assessments.models import Participation, Round, StockTaking
from assessments.rounds.closing import close_round
from kompetenz.people.models import Deputy
from kompetenz.refusals import TooLate
from learningplans.drafting import drawing_up
from tests.conftest import plan_round

WRITTEN = {name: f"Wort zu {name}" for name in WORDING}
TYPED = WRITTEN | {"hours_per_month": "2,5", "budget": "1.250,50 €"}
ANSWERS = WRITTEN | {"hours_per_month": Decimal("2.5"), "budget": Decimal("1250.50")}


def sheet(stage):
    return reverse("assessments:stock_taking", args=[stage.participation.pk])


def written(stage, shares=None):
    return save_stock_taking(participation=stage.participation, answers=ANSWERS, shares=shares)


def read(client, stage):
    """The status of the page, and whether all that was written stands on it."""
    response = client.get(sheet(stage))
    return response.status_code, all(text in unescape(response.text) for text in WRITTEN.values())


def test_the_five_questions_are_those_of_the_model():
    assert list(WORDING) == StockTaking.QUESTIONS


def test_what_is_typed_is_saved_with_german_numbers_and_shared_with_nobody(as_, stage):
    response = as_(stage.cast.anna).post(sheet(stage), TYPED)

    found = StockTaking.objects.get()
    assert response.headers["Location"] == sheet(stage)
    assert {name: getattr(found, name) for name in ANSWERS} == ANSWERS
    assert found.shared_at is None


def test_it_is_the_persons_alone_until_they_share_it(as_, stage, cast):
    written(stage)

    before = [read(as_(who), stage) for who in (cast.anna, cast.bernd, cast.paula)]
    as_(cast.anna).post(sheet(stage), TYPED | {"teilen": "ja"})
    shared = [read(as_(who), stage) for who in (cast.bernd, cast.clara, cast.paula, cast.dora)]
    as_(cast.anna).post(sheet(stage), TYPED | {"teilen": "nein"})
    after = [read(as_(who), stage) for who in (cast.anna, cast.bernd)]

    assert before == [(200, True), (404, False), (404, False)]
    assert shared == [(200, True), (404, False), (404, False), (404, False)]
    assert after == [(200, True), (404, False)]


def test_a_deputy_reads_what_was_shared_with_the_manager(as_, stage, cast):
    written(stage, shares=True)
    today = stage.participation.admitted_on
    named = Deputy.objects.create(manager=cast.bernd, person=cast.fremd, since=today, until=today)

    before = read(as_(cast.fremd), stage)
    named.people.add(cast.anna)

    assert (before, read(as_(cast.fremd), stage)) == ((404, False), (200, True))


def test_an_error_stands_beside_its_field_and_everything_typed_stays(as_, stage):
    page = unescape(as_(stage.cast.anna).post(sheet(stage), TYPED | {"hours_per_month": "-4", "budget": "viel"}).text)

    assert [text for text in [*WRITTEN.values(), 'value="-4"', 'value="viel"'] if text not in page] == []
    assert ('id="id_hours_per_month_error"' in page, 'id="id_budget_error"' in page) == (True, True)
    assert not StockTaking.objects.exists()


def test_an_empty_sheet_can_be_saved_but_not_shared(as_, stage):
    client = as_(stage.cast.anna)

    refused = client.post(sheet(stage), {"teilen": "ja"})
    saved = client.post(sheet(stage), {})

    assert "Bitte beantworten Sie mindestens eine Frage" in refused.text
    assert (saved.status_code, StockTaking.objects.get().shared_at) == (302, None)


def test_once_the_talk_is_recorded_it_stays_shared_but_may_still_be_changed(as_, stage):
    written(stage, shares=True)
    stage.release_both().record()

    response = as_(stage.cast.anna).post(sheet(stage), TYPED | {"tasks": "Neu getippt", "teilen": "nein"})
    with pytest.raises(TooLate):
        written(stage, shares=False)
    written(stage)

    assert response.status_code == 409
    assert ("bleibt die Bestandsaufnahme geteilt" in response.text, "Neu getippt" in response.text) == (True, True)
    assert StockTaking.objects.get().shared_at is not None


def test_after_the_round_it_stands_and_stays_readable(as_, stage):
    written(stage)
    close_round(round_=stage.round)

    response = as_(stage.cast.anna).post(sheet(stage), TYPED | {"tasks": "Zu spät getippt"})
    with pytest.raises(TooLate):
        written(stage, shares=True)

    assert (response.status_code, "Zu spät getippt" in response.text) == (409, True)
    assert read(as_(stage.cast.anna), stage) == (200, True)
    assert "<textarea" not in as_(stage.cast.anna).get(sheet(stage)).text


def test_sharing_again_keeps_the_first_day(stage):
    first = written(stage, shares=True).shared_at

    assert written(stage, shares=True).shared_at == first


@pytest.mark.parametrize(("shares", "read_there"), [(True, True), (None, False)])
def test_the_manager_reads_on_the_talks_page_what_is_shared(as_, stage, shares, read_there):
    written(stage, shares=shares)
    stage.release_both()
    talk = reverse("assessments:talk", args=[stage.participation.pk])

    page = unescape(as_(stage.cast.bernd).get(talk).text)

    assert {text in page for text in WRITTEN.values()} == {read_there}


def test_a_hint_without_a_date_leads_there_until_something_is_written(as_, stage):
    client = as_(stage.cast.anna)
    before = client.get("/").text
    written(stage)

    assert (sheet(stage) in before, sheet(stage) in client.get("/").text) == (True, False)


def test_the_pages_of_the_person_and_once_shared_of_the_manager_link_to_it(as_, stage, cast):
    pages = [stage.participation.get_absolute_url(), stage.own.get_absolute_url()]
    unshared = [sheet(stage) in as_(cast.anna).get(page).text for page in pages]
    hidden = sheet(stage) in as_(cast.bernd).get(pages[0]).text
    written(stage, shares=True)

    assert (unshared, hidden) == ([True, True], False)
    assert sheet(stage) in as_(cast.bernd).get(pages[0]).text


@pytest.mark.parametrize(
    ("shares", "frame"), [(True, (Decimal("2.5"), Decimal("1250.5"))), (None, (None, None))], ids=["shared", "not"]
)
def test_a_plan_begins_with_the_shared_time_and_budget(stage, shares, frame):
    written(stage, shares=shares)
    stage.release_both().record()

    plan = drawing_up.draw_up_plan(participation=stage.participation)
    plan.refresh_from_db()

    assert (plan.hours_per_month, plan.budget) == frame
    assert bool(shared_frame(stage.participation)) == bool(shares)


def earlier_sheet(stage, shared):
    """What anna wrote two years ago for clara, and last year for bernd."""
    for years, manager, word in ((2, stage.cast.clara, "uralt"), (1, stage.cast.bernd, "früher")):
        round_ = plan_round(stage.cast, title=f"Runde {2026 - years}")
        round_.state, round_.opened_at = Round.State.OPEN, timezone.now() - timedelta(days=365 * years)
        round_.edition = stage.round.edition
        round_.save()
        values = {
            name: getattr(stage.participation, name) for name in ("profile", "person_name", "sort_key", "role_name")
        }
        values |= {name: getattr(stage.participation, name) for name in ("self_due", "manager_due", "talk_due")}
        before = Participation.objects.create(
            round=round_, person=stage.cast.anna, manager=manager, manager_name=str(manager), **values
        )
        StockTaking.objects.create(
            participation=before, hidden=f"Das konnte ich {word}", shared_at=timezone.now() if shared else None
        )


@pytest.mark.parametrize(("shared", "seen"), [(True, (True, True)), (False, (True, False))])
def test_the_last_sheet_stands_beside_the_next_for_who_may_read_it(as_, stage, shared, seen):
    earlier_sheet(stage, shared)
    written(stage, shares=True)

    own = as_(stage.cast.anna).get(sheet(stage)).text
    managers = as_(stage.cast.bernd).get(sheet(stage)).text

    assert ("Das konnte ich früher" in own, "Das konnte ich früher" in managers) == seen
    assert ("uralt" in own, "uralt" in managers) == (False, False)
    assert "Runde 2025" in own


def test_the_first_sheet_has_none_beside_it(as_, stage):
    assert "Ihre Antwort aus" not in as_(stage.cast.anna).get(sheet(stage)).text


def test_what_is_only_shared_or_saved_as_it_was_keeps_its_day(as_, stage, clock):
    client = as_(stage.cast.anna)
    client.post(sheet(stage), TYPED)
    written_at = StockTaking.objects.get().changed_at

    days = []
    for sent in (TYPED | {"teilen": "ja"}, TYPED, TYPED | {"tasks": "Anders"}):
        clock.shift(timedelta(days=1))
        client.force_login(stage.cast.anna)
        client.post(sheet(stage), sent)
        days.append((StockTaking.objects.get().changed_at - written_at).days)

    assert days == [0, 0, 3]
    assert StockTaking.objects.get().shared_at is not None
