"""A large list is read and compared by the worker, and comes to the same as a small one."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kompetenz.jobs import batches
from kompetenz.jobs.models import Job
from kompetenz.people.models import Person, StaffFile, StaffFileRow
from kompetenz.people.staff import forms, reading_on, uploading
from kompetenz.people.staff.cells import NOT_A_LIST
from tests.kompetenz.people.staff.lists import FULL, text
from tests.kompetenz.people.staff.test_mapping import MAPPING, NEVER_SEEN, PREVIEW, ROWS, UPLOAD, as_proposed

NAMES = FULL[:3]
PEOPLE = [[f"010{n}", "Neu", name] for n, name in enumerate(["Nora", "Nils", "Nele"])]


@pytest.fixture(autouse=True)
def _everything_is_large(monkeypatch):
    monkeypatch.setattr(forms, "LARGE", 10)
    monkeypatch.setattr(reading_on, "MANY", 1)
    monkeypatch.setattr(reading_on, "SOME", 2)
    reading_on._at_work.clear()


@pytest.fixture
def hr(as_, cast):
    return as_(cast.paula)


def send(client, *rows, header=NAMES):
    return client.post(UPLOAD, {"file": SimpleUploadedFile("liste.csv", text(header, *rows))})


def listed(page):
    return [row["listed_as"] for row in page.context["page"]]


def test_a_large_list_is_read_beside_the_requests_and_leads_to_the_same_preview(hr, run_jobs):
    sent = send(hr, *PEOPLE)
    waiting = hr.get(sent.url)
    assert not StaffFile.objects.exists()
    assert "0 von 2" in waiting.text
    assert "gerade eingelesen" in hr.get(UPLOAD).text
    run_jobs()
    asked = hr.get(sent.url, headers={"HX-Request": "true", "HX-Target": "stand"})
    done = hr.get(sent.url, follow=True)

    assert asked.headers["HX-Refresh"] == "true"
    assert done.redirect_chain == [(PREVIEW, 302)]
    assert sorted(listed(done)) == ["Neu, Nele", "Neu, Nils", "Neu, Nora"]
    assert Job.objects.get().content is None
    hr.post(PREVIEW, {"read": done.context["preview"]["stamp"], "last_day": "2026-01-31"})
    assert Person.objects.filter(last_name="Neu").count() == 3


def test_columns_in_doubt_are_asked_first_and_what_was_said_is_compared_as_a_job(hr, run_jobs):
    sent = send(hr, *ROWS, header=NEVER_SEEN)
    run_jobs()
    page = hr.get(sent.url, follow=True)
    said = hr.post(MAPPING, as_proposed(page))
    run_jobs()
    done = hr.get(said.url, follow=True)

    assert page.redirect_chain[-1][0] == MAPPING
    assert "/auftraege/" in said.url
    assert done.redirect_chain == [(PREVIEW, 302)]
    assert done.context["preview"]["length"] == 2


def test_what_is_no_list_is_said_on_the_page_of_the_upload_and_not_kept(hr, run_jobs):
    sent = hr.post(
        UPLOAD, {"file": SimpleUploadedFile("liste.xlsx", b"MZ\x90\0 This program cannot be run in DOS mode.")}
    )
    run_jobs()
    page = hr.get(sent.url, follow=True)

    assert page.redirect_chain == [(str(UPLOAD), 302)]
    assert f"„liste.xlsx“ ist nicht eingelesen. {NOT_A_LIST}" in [str(one) for one in page.context["messages"]]
    assert not StaffFile.objects.exists()
    assert Job.objects.get().content is None


def test_another_upload_takes_the_place_of_what_is_being_read_and_two_people_are_not_in_each_others_way(
    hr, as_, cast, run_jobs
):
    send(hr, *PEOPLE)
    send(hr, PEOPLE[0])
    Person.objects.filter(pk=cast.bernd.pk).update(is_hr=True)
    cast.bernd.refresh_from_db()
    send(as_(cast.bernd), *PEOPLE[:2])
    run_jobs()

    assert sorted(StaffFile.objects.values_list("uploaded_by", "shown__length")) == sorted(
        [(cast.paula.pk, 1), (cast.bernd.pk, 2)]
    )


def test_what_is_discarded_or_waits_for_a_day_is_read_by_nobody(hr, run_jobs, clock):
    send(hr, *PEOPLE)
    hr.post(reverse("people:staff_discard"))
    assert not Job.objects.exists()

    send(hr, *PEOPLE)
    clock.shift(uploading.KEPT + timedelta(minutes=1))
    reading_on.forget_unread_files(None)
    assert not Job.objects.exists()


@pytest.mark.parametrize("batches_before", [1, 2, 3, 4])
@pytest.mark.parametrize("changed", [False, True])
def test_a_worker_that_dies_leaves_it_to_another_one(hr, run_jobs, cast, batches_before, changed):
    sent = send(hr, *PEOPLE)
    for _ in range(batches_before):
        batches.step(Job.objects.get().pk)
    Job.objects.update(in_hand_until=None)
    reading_on._at_work.clear()
    if changed:
        Person.objects.filter(pk=cast.fremd.pk).update(last_name="Anders")
    run_jobs()

    page = hr.get(sent.url, follow=True)
    assert page.context["preview"]["numbers"]["neu"] == 3
    assert len(listed(page)) == StaffFileRow.objects.count() == 3
    assert hr.post(PREVIEW, {"read": page.context["preview"]["stamp"], "last_day": "2026-01-31"}).status_code == 302


def test_an_answer_to_a_cause_of_a_large_list_is_compared_as_a_job(hr, cast, run_jobs):
    rows = [["0100", "Neu", "Nora", "999"], ["0101", "Neu", "Nils", "999"]]
    sent = send(hr, *rows, header=[*NAMES, "Führungskraft"])
    run_jobs()
    told = hr.get(sent.url, follow=True).context["preview"]
    said = {"key": "manager", "title": told["causes"][0]["title"], "how": "instead", "value": "999", "instead": "0002"}
    answered = hr.post(reverse("people:staff_decide"), said)
    meanwhile = hr.get(PREVIEW).context["preview"]
    run_jobs()
    done = hr.get(answered.url, follow=True)

    assert (told["wrong"], meanwhile["wrong"], done.context["preview"]["wrong"]) == (2, 0, 0)
    assert "/auftraege/" in answered.url
    assert StaffFileRow.objects.count() == 2
    hr.post(PREVIEW, {"read": done.context["preview"]["stamp"]})
    assert set(Person.objects.filter(last_name="Neu").values_list("manager", flat=True)) == {cast.bernd.pk}
