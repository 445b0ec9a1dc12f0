"""Letters are written once for each who gets mail, with the transaction that gives the occasion."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from kompetenz.letters.models import Letter
from kompetenz.letters.writing import write_letters
from kompetenz.people.models import Person
from tests.clock import TODAY
from tests.conftest import person


def tasks_waiting():
    return list(DBTaskResult.objects.filter(status="READY").values_list("task_path", flat=True))


def test_each_person_gets_one_letter_however_often_it_is_written(cast, write, states):
    first = write(cast.anna, cast.anna, cast.bernd)
    again = write(cast.anna, cast.bernd, cast.dora)

    assert (first, again) == (2, 1)
    assert states() == {"Anna": "waiting", "Bernd": "waiting", "Dora": "waiting"}


def test_another_occasion_is_another_letter(cast, write):
    written = [write(cast.anna, key=key) for key in ("runde-1-halb", "runde-1-frist")]

    assert written == [1, 1]


def test_whoever_gets_no_mail_gets_no_letter(cast, write, states):
    cast.anna.wants_mail = False
    cast.bernd.email = None
    cast.clara.is_active = False
    cast.dora.leaving_date = TODAY - timezone.timedelta(days=1)
    cast.fremd.leaving_date = TODAY
    for somebody in (cast.anna, cast.bernd, cast.clara, cast.dora, cast.fremd):
        somebody.save()

    written = write(*Person.objects.filter(personnel_number__in=["0001", "0002", "0003", "0004", "0007"]))

    assert (written, states()) == (1, {"Frieda": "waiting"})


def test_path_and_calendar_may_differ_from_person_to_person(cast, write):
    write(cast.anna, cast.bernd, path=lambda who: f"/teilnahmen/{who.pk}/", calendar=lambda who: f"UID:{who.pk}")

    found = set(Letter.objects.values_list("path", "calendar"))
    assert found == {(f"/teilnahmen/{who.pk}/", f"UID:{who.pk}") for who in (cast.anna, cast.bernd)}


def test_one_task_sends_what_is_written_in_one_go(cast, write):
    with transaction.atomic():
        write(cast.anna)
        write(cast.anna, key="runde-2")
    nothing_new = write(cast.anna)

    assert tasks_waiting() == ["kompetenz.letters.delivering.deliver"]
    assert nothing_new == 0


def test_nothing_is_enqueued_where_nothing_is_new(cast, write):
    cast.anna.wants_mail = False

    assert (write(cast.anna), write(), tasks_waiting()) == (0, 0, [])


@pytest.mark.django_db(transaction=True)
def test_a_letter_whose_occasion_did_not_come_about_is_never_sent(cast, write, run_jobs, mailoutbox):
    with transaction.atomic():
        write(cast.anna)
        transaction.set_rollback(True)
    run_jobs()

    assert (Letter.objects.count(), tasks_waiting(), mailoutbox) == (0, [], [])


@pytest.mark.parametrize("people", [1, 70])
def test_writing_takes_the_same_queries_for_many(cast, people, django_assert_num_queries):
    for n in range(people):
        person(f"P{n}", "Viele")
    crowd = Person.objects.filter(last_name="Viele")

    # savepoint, written already, people, insert, savepoint and waiting task and insert and release, release
    with django_assert_num_queries(9):
        written = write_letters(kind="invitation", key="round-1-invitation-person", path="/", people=crowd)

    assert written == people


REFUSED = {
    "somewhere else": {"path": "https://boese.example/"},
    "somewhere else without a scheme": {"path": "//boese.example/"},
    "no key": {"key": ""},
    "a peer is told whom they assess": {"kind": "peer", "path": "/rueckmeldungen/7/"},
    "sent without a day": {"state": "sent", "claimed_at": "2026-01-01T00:00Z"},
    "a day without being sent": {"sent_on": "2026-01-01"},
    "sent without a claim": {"state": "sent", "sent_on": "2026-01-01"},
    "uncertain without a claim": {"state": "uncertain"},
}


@pytest.mark.parametrize("fields", REFUSED.values(), ids=REFUSED)
def test_the_database_refuses_what_cannot_be(cast, fields):
    usual = {"person": cast.anna, "kind": "notice", "key": "k", "path": "/"}
    Letter.objects.create(**usual)

    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.create(**usual | {"key": "k2"} | fields)
