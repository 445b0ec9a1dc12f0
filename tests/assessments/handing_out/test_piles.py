"""The forms of many on paper: who gets one, in which order, in which file; each Amt's behind its cover sheet."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.urls import reverse

from assessments.handing_out import piles
from assessments.handing_out.piles import FORMS, on_paper, parts_of, piles_of
from assessments.models import Participation, Progress
from assessments.rounds.monitoring import Narrowing
from kompetenz.jobs import batches, ending
from kompetenz.jobs.models import Job, JobPart
from kompetenz.people.models import Person, Unit
from tests.assessments.rounds.test_opening import many
from tests.clock import TODAY, in_days
from tests.conftest import Stage
from tests.pdf_text import pages_of
from tests.pdf_ua import problems


@pytest.fixture
def stage(cast):
    """anna and dora in an open round, neither of whom has an address; anna in an Amt, dora in a Sachgebiet of another."""
    one, other = (Unit.objects.create(number=number, name=f"Dezernat {number}") for number in ("I", "II"))
    first = Unit.objects.create(number="11", name="Hauptamt", parent=one)
    second = Unit.objects.create(number="50", name="Sozialamt", parent=other)
    below = Unit.objects.create(number="50.1", name="Sachgebiet Wohngeld", parent=second)
    Person.objects.filter(pk__in=[cast.anna.pk, cast.dora.pk]).update(email=None)
    Person.objects.filter(pk=cast.anna.pk).update(unit=below)
    Person.objects.filter(pk=cast.dora.pk).update(unit=first)
    return Stage(cast, responsible=cast.paula)


@pytest.fixture
def hr(as_, cast):
    return as_(cast.paula)


def address(stage, query="?merkmal=ohne-mail"):
    return reverse("assessments:round_forms", args=[stage.round.pk]) + query


def made(hr, stage, run_jobs):
    """What HR gets, and the job."""
    hr.post(address(stage))
    run_jobs()
    job = Job.objects.get()
    answer = hr.get(reverse("jobs:download", args=[job.pk]))
    return b"".join(answer) if answer.streaming else answer.content, job


def test_forms_stand_by_amt_behind_a_cover_sheet_that_names_them_in_one_accessible_pdf(hr, stage, run_jobs):
    pdf, job = made(hr, stage, run_jobs)

    pages = pages_of(pdf)
    firsts = {number: text for number, text in enumerate(pages, 1) if "Seite 1 von" in text}
    sheet, form, second, last = firsts.values()
    assert "Begleitblatt" in sheet
    assert "11 Hauptamt" in sheet
    assert f"{stage.cast.dora.listed_as} {stage.cast.dora.personnel_number}" in sheet
    assert f"Zurück an Personalentwicklung, {stage.cast.paula}" in sheet
    assert f"{stage.round.self_due:%d.%m.%Y}" in sheet
    assert str(stage.cast.dora) in form
    assert ["Dezernat II" in second, "50.1 Sachgebiet Wohngeld" in second, "Ärmel, Anna" in second] == [True] * 3
    assert "Selbsteinschätzung Anna Ärmel" in last
    assert all(number % 2 for number in firsts)  # a front
    kept = next(number for number, text in enumerate(pages, 1) if "Dieses Blatt gehört Ihnen" in text)
    assert kept % 2
    empty = [number for number, text in enumerate(pages, 1) if not text]
    assert problems(pdf, firsts, empty) == []
    assert (job.sentence, job.file_name.endswith(".pdf"), len(pages) % 2) == ("Die Datei ist fertig.", True, 0)


def test_more_than_one_file_comes_as_a_zip_that_goes_with_its_job(hr, stage, run_jobs, monkeypatch):
    monkeypatch.setattr(piles, "MOST", 1)

    content, job = made(hr, stage, run_jobs)

    with ZipFile(BytesIO(content)) as files:
        assert [name[-6:] for name in files.namelist()] == ["-1.pdf", "-2.pdf"]
        assert "Hauptamt" in pages_of(files.read(files.namelist()[0]))[0]
    assert job.file_name.endswith(".zip")
    job.delete()
    assert not JobPart.objects.exists()


def test_who_has_begun_rests_has_left_or_has_an_address_needs_no_form(cast, stage):
    rows = Participation.objects.filter(person=cast.anna)

    def who():
        return set(on_paper(stage.round, Narrowing(feature="ohne-mail"), TODAY).values_list("person", flat=True))

    assert who() == {cast.anna.pk, cast.dora.pk}
    for change in ({"self_state": Progress.STARTED}, {"paused_on": TODAY}, {"declined_on": TODAY}):
        before = {name: getattr(rows.get(), name) for name in change}
        rows.update(**change)
        assert who() == {cast.dora.pk}
        rows.update(**before)
    Person.objects.filter(pk=cast.anna.pk).update(email="anna@musterland.example")
    Person.objects.filter(pk=cast.dora.pk).update(leaving_date=in_days(-1))
    assert who() == set()


def test_whoever_has_begun_meanwhile_gets_no_form_and_without_any_there_is_no_file(hr, stage, run_jobs):
    hr.post(address(stage))
    Participation.objects.update(self_state=Progress.STARTED)
    run_jobs()

    job = Job.objects.get()
    assert (job.state, job.sentence, job.file_name) == ("done", piles.NOBODY, "")
    assert hr.get(reverse("jobs:download", args=[job.pk])).status_code == 404


def test_what_is_stopped_and_given_up_keeps_no_part(hr, stage, run_jobs, monkeypatch):
    monkeypatch.setitem(batches.KINDS, FORMS.name, FORMS)
    hr.post(address(stage))
    job = Job.objects.get()
    batches.step(job.pk)
    assert JobPart.objects.count() == 1
    ending.stop(job)
    ending.give_up(job)

    assert not JobPart.objects.exists()


def test_the_page_tells_what_will_be_printed_and_the_monitor_leads_there(hr, stage):
    page = hr.get(address(stage)).text

    assert "2 Bögen" in page
    assert "11 Hauptamt: 1" in page
    assert 'href="boegen/?merkmal=ohne-mail"' in hr.get(stage.round.get_absolute_url() + "?merkmal=ohne-mail").text
    nobody = hr.get(address(stage, "?suche=niemand"), follow=True)
    assert piles.NOBODY in nobody.text


@pytest.mark.parametrize("more", [0, 60])
def test_query_count_of_the_page(hr, cast, more, django_assert_num_queries):
    many(cast, more)
    stage = Stage(cast)

    # session, user, round; tree, names, whose
    with django_assert_num_queries(6):
        page = hr.get(address(stage, ""))

    assert page.context["number"] == 2 + more


def test_a_pile_is_in_one_file_if_it_can_be():
    heaps = [(["A"], list(range(20))), (["B"], list(range(6))), (["C"], list(range(60))), (["D"], [1])]

    parts = parts_of(heaps)

    told = [[(names[0], place, len(ids)) for names, place, ids in part] for part in parts]
    assert told == [
        [("A", [1, 1], 20)],
        [("B", [1, 1], 6)],
        [("C", [1, 3], 25)],
        [("C", [2, 3], 25)],
        [("C", [3, 3], 10), ("D", [1, 1], 1)],
    ]


def test_who_is_in_no_unit_comes_last(stage):
    Participation.objects.filter(person=stage.cast.dora).update(unit=None)

    assert [names for names, _ in piles_of(stage.round.participations.all())] == [
        ["II Dezernat II", "50 Sozialamt"],
        ["ohne Einheit"],
    ]
