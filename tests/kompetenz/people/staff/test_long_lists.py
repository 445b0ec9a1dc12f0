"""A long staff list is taken over bit by bit, and comes to the same as a short one; see test_taking_over.py."""

from dataclasses import replace

import pytest
from django.db import transaction
from django.urls import reverse

from kompetenz.jobs import batches, ending
from kompetenz.jobs.models import Job, JobPart
from kompetenz.people.models import Person, StaffFile, StaffImport, Unit
from kompetenz.people.staff import long_lists
from kompetenz.people.staff.comparing import compare
from kompetenz.people.staff.history import difference_of
from kompetenz.people.staff.long_lists import TAKING_OVER, begin_taking_over
from kompetenz.people.staff.taking_back import begin_taking_back
from kompetenz.people.staff.taking_over import Leavers, take_over
from kompetenz.people.staff.uploading import keep
from kompetenz.privacy.access_log.models import Access
from kompetenz.refusals import Faster, Refused
from roles.holding import assign_role
from roles.models import RoleHolding, RoleProfile
from tests.clock import TODAY, in_days
from tests.kompetenz.people.staff.lists import FULL, full_row
from tests.kompetenz.people.staff.test_taking_over import table_of

ALL = [*FULL, "OE-Bezeichnung", "Übergeordnete OE", "Rollenprofil"]


@pytest.fixture(autouse=True)
def _two_at_a_time(monkeypatch):
    monkeypatch.setitem(batches.KINDS, TAKING_OVER.name, TAKING_OVER)
    replace(TAKING_OVER, size=2)


@pytest.fixture
def rows(cast):
    """anna and dora swap addresses, fremd inherits bernd's, who loses his; two new ones, of whom one leads the other."""
    return [
        [
            *full_row(cast.anna, **{"E-Mail": cast.dora.email, "OE-Nr.": "30", "Nachname": "Ähren"}),
            "Neues Amt",
            "10",
            "",
        ],
        ["0100", "Neu", "Éva", "eva@test.example", "30", "0101", "", "Neues Amt", "10", "Digitallotse"],
        ["0101", "Neu", "Nils", "nils@test.example", "", "0001", "", "", "", ""],
        [*full_row(cast.bernd, **{"E-Mail": ""}), "", "", ""],
        [*full_row(cast.dora, **{"E-Mail": cast.anna.email, "Führungskraft": "0101"}), "", "", "Digitallotse"],
        ["0102", "Erbe", "Ernst", cast.bernd.email, "", "", "", "", "", ""],
    ]


def begun(cast, rows, leavers=None):
    table = table_of(*rows, header=ALL)
    preview = compare(table, by=cast.paula)
    assert preview.problems == []
    uploaded = keep(table=table, name="liste.csv", by=cast.paula)
    return begin_taking_over(table=table, read=preview.stamp, leavers=leavers, uploaded=uploaded)


def everybody():
    fields = (
        "personnel_number",
        "last_name",
        "sort_key",
        "email",
        "unit__name",
        "manager__personnel_number",
        "leaving_date",
    )
    return sorted(map(str, Person.objects.values_list(*fields)))


def one_batch(job):
    batches.step(job.pk)
    Job.objects.filter(pk=job.pk).update(in_hand_until=None)


@pytest.fixture
def as_at_once(cast, rows):
    """What a short list of the same would come to."""
    table = table_of(*rows, header=ALL)
    leavers = Leavers(TODAY, frozenset({cast.fremd.pk}))
    with transaction.atomic():
        take_over(table=table, read=compare(table).stamp, leavers=leavers)
        found = everybody(), sorted(RoleHolding.objects.values_list("person__last_name", "profile__key"))
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("killed", [False, True])
def test_it_comes_to_the_same_as_at_once_however_often_it_is_begun_again(cast, rows, as_at_once, run_jobs, killed):
    job = begun(cast, rows, Leavers(TODAY, frozenset({cast.fremd.pk})))
    while killed and Job.objects.going().filter(pk=job.pk).exists():
        one_batch(job)
        long_lists._at_work.clear()  # another process goes on
    run_jobs()

    job.refresh_from_db()
    holdings = sorted(RoleHolding.objects.values_list("person__last_name", "profile__key"))
    assert (job.state, job.problem, job.lines) == (Job.State.DONE, "", [])
    assert (everybody(), holdings) == as_at_once
    assert (StaffFile.objects.count(), job.content) == (0, None)


def test_what_somebody_else_has_changed_since_is_left_alone_and_named(cast, rows, run_jobs):
    job = begun(cast, rows)
    Person.objects.filter(pk=cast.dora.pk).update(last_name="Anders")
    run_jobs()

    job.refresh_from_db()
    dora = Person.objects.get(pk=cast.dora.pk)
    assert (dora.last_name, dora.manager) == ("Anders", cast.bernd)
    assert job.lines == [f"{long_lists.SKIPPED}: Özgür, Dora (0004)."]
    noted = Access.objects.values_list("about", flat=True)
    assert cast.anna.pk in noted
    assert cast.dora.pk not in noted  # nobody has changed anything of theirs with this list


def changed_by(noted):
    """Of whom the record of a list says that it has changed them."""
    return {row[2] for row in difference_of(noted)["rows"]}


def is_taken_back(noted, by, run_jobs):
    """Whether the list could be taken back."""
    try:
        begin_taking_back(StaffImport.objects.get(pk=noted.pk), by=by)
    except Refused:
        return False
    run_jobs()
    return True


def test_the_record_of_a_list_says_nothing_of_whom_it_has_left_alone_and_taking_it_back_neither(cast, rows, run_jobs):
    begun(cast, rows)
    Person.objects.filter(pk=cast.dora.pk).update(last_name="Anders")
    run_jobs()
    noted = StaffImport.objects.get()
    told = changed_by(noted), noted.changed, "2 geändert" in Job.objects.get().sentence

    taken_back = is_taken_back(noted, cast.paula, run_jobs)

    dora = Person.objects.get(pk=cast.dora.pk)
    assert "Özgür, Dora" not in told[0]
    assert told[1:] == (2, True)
    assert (taken_back, dora.last_name, dora.manager) == (True, "Anders", cast.bernd)
    assert dora.email == cast.dora.email  # the list has given it to Anna


def test_what_somebody_has_changed_while_a_list_goes_on_is_not_undone_by_taking_it_back(cast, rows, run_jobs):
    job = begun(cast, rows)
    while Person.objects.get(pk=cast.anna.pk).last_name != "Ähren":
        one_batch(job)
    Person.objects.filter(pk=cast.anna.pk).update(first_name="Annabel")
    run_jobs()

    taken_back = is_taken_back(StaffImport.objects.get(), cast.paula, run_jobs)

    anna = Person.objects.get(pk=cast.anna.pk)
    assert (taken_back, anna.first_name, anna.last_name) == (False, "Annabel", "Ähren")


def test_a_role_given_since_is_not_replaced_by_the_one_of_the_list(cast, rows, run_jobs):
    other = RoleProfile.objects.exclude(key="digitallotse").first()
    job = begun(cast, rows)
    assign_role(person=cast.dora, profile=other, since=TODAY)
    run_jobs()

    job.refresh_from_db()
    assert RoleHolding.objects.current().get(person=cast.dora).profile == other
    assert job.lines == [f"{long_lists.SKIPPED}: Özgür, Dora (0004)."]


def test_whom_somebody_has_created_since_is_not_the_lists(cast, rows, run_jobs):
    job = begun(cast, [rows[2]])
    nils = Person.objects.create(personnel_number="0101", first_name="Nils", last_name="Neu", manager=cast.bernd)
    run_jobs()
    noted = StaffImport.objects.get()

    job.refresh_from_db()
    taken_back = is_taken_back(noted, cast.paula, run_jobs)

    assert noted.new == 0
    assert f"{long_lists.SKIPPED}: Neu, Nils (0101)." in job.lines
    assert (taken_back, Person.objects.get(pk=nils.pk).manager) == (True, cast.bernd)


def test_a_list_that_is_given_up_is_on_record_with_what_it_has_done(as_, cast, rows, run_jobs):
    job = begun(cast, rows, Leavers(TODAY, frozenset({cast.fremd.pk})))
    going = as_(cast.paula).get(reverse("people:staff_history")).text
    while not Person.objects.filter(personnel_number="0100").exists():
        one_batch(job)
    ending.stop(job)
    ending.give_up(job)

    noted = StaffImport.objects.get()
    page = as_(cast.paula).get(reverse("people:staff_history")).text
    assert (noted.new, noted.changed, noted.left, noted.units) == (
        Person.objects.filter(last_name="Neu").count(),
        0,
        0,
        1,
    )
    assert changed_by(noted) <= {"Neu, Éva", "Neu, Nils"}
    assert ["wird noch übernommen" in going, "wird noch übernommen" in page, "abgebrochen" in page] == [
        True,
        False,
        True,
    ]
    assert "bleibt 90 Tage gespeichert" in page
    assert not JobPart.objects.exists()


def test_an_address_entered_since_is_not_overwritten(cast, rows, run_jobs):
    job = begun(cast, rows)
    Person.objects.filter(pk=cast.dora.pk).update(email="ganz.neu@test.example")
    run_jobs()

    job.refresh_from_db()
    assert Person.objects.get(pk=cast.dora.pk).email == "ganz.neu@test.example"
    assert job.lines == [f"{long_lists.SKIPPED}: Özgür, Dora (0004)."]


@pytest.mark.parametrize("since", [{"is_hr": True}, {"is_staff": True}, {"leaving_date": in_days(90)}])
def test_who_is_something_else_since_does_not_leave_in_passing(cast, rows, run_jobs, since):
    job = begun(cast, rows, Leavers(TODAY, frozenset({cast.fremd.pk})))
    Person.objects.filter(pk=cast.fremd.pk).update(**since)
    run_jobs()

    job.refresh_from_db()
    assert Person.objects.get(pk=cast.fremd.pk).leaving_date == since.get("leaving_date")
    assert job.lines == [f"{long_lists.SKIPPED}: Fremd, Frieda (0007)."]


def test_a_list_that_would_do_something_else_by_now_is_not_begun(cast, rows):
    table = table_of(*rows, header=ALL)
    stamp = compare(table, by=cast.paula).stamp
    uploaded = keep(table=table, name="liste.csv", by=cast.paula)
    Unit.objects.create(number="30", name="Schon da")

    with pytest.raises(Faster):
        begin_taking_over(table=table, read=stamp, leavers=None, uploaded=uploaded)

    assert (Job.objects.count(), StaffFile.objects.count()) == (0, 1)


def test_the_same_number_given_at_this_moment_is_said_in_words(cast, rows, run_jobs):
    job = begun(cast, rows)
    Person.objects.create(personnel_number="0101", first_name="Schneller", last_name="Da", email="da@test.example")
    long_lists._at_work.clear()
    run_jobs()

    job.refresh_from_db()
    assert job.state in {Job.State.DONE, Job.State.FAILED}
    assert Person.objects.filter(personnel_number="0101").count() == 1


def test_hr_is_led_from_the_confirmation_to_the_job(as_, cast, rows, monkeypatch, run_jobs):
    monkeypatch.setattr("kompetenz.people.staff.views.SHORT", 1)
    table, client = table_of(*rows, header=ALL), as_(cast.paula)
    keep(table=table, name="liste.csv", by=cast.paula)
    page = client.get(reverse("people:staff_preview"))
    begun = client.post(reverse("people:staff_preview"), {"read": page.context["preview"]["stamp"]})
    run_jobs()

    assert "Die Personalliste ist übernommen" in client.get(begun.headers["Location"]).text
    assert RoleHolding.objects.filter(
        profile=RoleProfile.objects.get(key="digitallotse"), person__last_name="Neu"
    ).exists()


def test_a_leaver_who_leads_people_leads_on_to_who_follows_them(cast, as_, rows, run_jobs):
    job = begun(cast, rows[1:3], Leavers(TODAY, frozenset({cast.bernd.pk})))
    run_jobs()
    page = as_(cast.paula).get(job.get_absolute_url())

    assert "eine andere Führungskraft, denn die bisherige scheidet aus." in page.text
    assert page.context["leads_to"] == reverse("people:vacancies")


@pytest.mark.parametrize("is_begun", [False, True])
def test_a_list_of_before_an_update_says_so_and_can_be_taken_over_anew(cast, rows, run_jobs, is_begun):
    """Then less was known of each row, and of the job."""
    job = begun(cast, rows)
    if is_begun:
        one_batch(job)
    job = Job.objects.get(pk=job.pk)
    job.items, job.options = [item[:3] for item in job.items], {"last_day": None}
    job.save()
    run_jobs()
    failed = Job.objects.get(pk=job.pk)

    ending.give_up(failed)
    begun(cast, rows)
    run_jobs()

    states = list(Job.objects.order_by("pk").values_list("state", flat=True))
    assert (failed.state, failed.problem, states) == (
        Job.State.FAILED,
        batches.UNKNOWN,
        [Job.State.GIVEN_UP, Job.State.DONE],
    )
    assert Person.objects.filter(last_name="Neu").count() == 2
