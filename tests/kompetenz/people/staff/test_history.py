"""Which lists were taken over, what each has changed, and taking the last one back; everybody as a list again."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from kompetenz.jobs import batches, ending
from kompetenz.jobs.batches import begin
from kompetenz.jobs.models import Job
from kompetenz.people.models import NameChange, Person, StaffImport, Unit
from kompetenz.people.staff import history
from kompetenz.people.staff.taking_back import NOT_THE_LAST, TAKING_BACK
from roles.models import RoleHolding
from tests.clock import TODAY, in_days
from tests.kompetenz.people.staff.lists import FULL, full_row, text

UPLOAD, PREVIEW, HISTORY, EXPORT = (
    reverse(f"people:staff_{page}") for page in ("import", "preview", "history", "export")
)
ALL = [*FULL, "OE-Bezeichnung", "Übergeordnete OE", "Rollenprofil"]
HTML = "text/html; charset=utf-8"


@pytest.fixture
def hr(as_, cast):
    return as_(cast.paula)


@pytest.fixture
def rows(cast):
    """anna and dora swap addresses and change much, fremd leaves, two are new, one of them with bernd's address, and leads dora."""
    RoleHolding.objects.filter(person=cast.anna).update(since=in_days(-30))
    return [
        [
            *full_row(cast.anna, **{"E-Mail": cast.dora.email, "OE-Nr.": "30", "Nachname": "Ähren"}),
            "Neues Amt",
            "10",
            "",
        ],
        ["0100", "Neu", "Éva", cast.bernd.email, "30", "0101", "", "Neues Amt", "10", "Digitallotse"],
        ["0101", "Neu", "Nils", "", "", "0001", "", "", "", ""],
        [*full_row(cast.bernd, **{"E-Mail": "", "Führungskraft": ""}), "", "", "Digitallotse"],
        [
            *full_row(cast.dora, **{"E-Mail": cast.anna.email, "Führungskraft": "0101", "OE-Nr.": "10.1"}),
            "Digitales",
            "",
            "",
        ],
        [*full_row(cast.clara), "", "", ""],
    ]


def take(client, rows, header=ALL, **more):
    client.post(UPLOAD, {"file": SimpleUploadedFile("November.csv", text(header, *rows))})
    read = client.get(PREVIEW).context["preview"]["stamp"]
    client.post(PREVIEW, {"read": read, **more})
    return StaffImport.objects.first()


def everything():
    people = Person.objects.order_by("pk").values_list("pk", "sort_key", *history.FIELDS)
    roles = RoleHolding.objects.order_by("person", "since").values_list("person", "profile", "since", "until")
    return [list(people), list(roles), list(Unit.objects.order_by("pk").values_list("number", "name", "parent"))]


def take_back(client, noted):
    return client.post(reverse("people:staff_take_back", args=[noted.pk]), follow=True)


def said(response):
    return str(list(response.context["messages"])[-1])  # others are of before


def test_who_has_taken_over_which_list_and_what_it_changed_stays_to_be_read(hr, cast, rows):
    noted = take(hr, rows, leavers=[cast.fremd.pk], last_day=TODAY.isoformat(), allow=["manager"])
    page = hr.get(HISTORY)
    sheet = load_workbook(io.BytesIO(hr.get(reverse("people:staff_difference", args=[noted.pk])).content)).active
    lines = [[cell.value for cell in row] for row in sheet]

    assert (noted.taken_over_by, noted.name, noted.new, noted.changed, noted.left, noted.units) == (
        cast.paula, "November.csv", 2, 3, 1, 2,
    )  # fmt: skip
    assert "November.csv" in page.text
    assert [2, "0003", "Ähren, Anna", "Nachname", "Ärmel", "Ähren"] in lines
    assert [None, "0007", "Fremd, Frieda", "Austritt", None, f"{TODAY:%d.%m.%Y}"] in lines
    assert sum(str(line[3]).startswith("Organisationseinheit: ") for line in lines if len(line) > 3) >= noted.units


def test_what_a_list_whose_work_has_ended_early_has_changed_stays_to_be_read(hr, cast, rows):
    """Of which nobody has noted what it has left: its job was forgotten while it stood still."""
    noted = take(hr, rows)
    difference = {
        key: said for key, said in history.difference_of(noted).items() if key not in {"after", "units_after"}
    }
    StaffImport.objects.update(difference=history.packed(difference), is_finished=False)

    assert hr.get(reverse("people:staff_difference", args=[noted.pk])).status_code == 200


@pytest.mark.parametrize("at_once", [True, False])
def test_the_last_list_is_taken_back_whole(hr, cast, rows, monkeypatch, settings, run_jobs, at_once):
    before = everything()
    if not at_once:
        monkeypatch.setattr("kompetenz.people.staff.views.SHORT", 1)
        settings.JOBS_AT_ONCE = 0
    take(hr, rows, leavers=[cast.fremd.pk], last_day=TODAY.isoformat(), allow=["manager"])
    run_jobs()
    noted = StaffImport.objects.first()
    changed = everything() != before
    take_back(hr, noted)
    run_jobs()

    assert changed
    assert everything() == before
    assert StaffImport.objects.get().taken_back_at is not None
    assert not Job.objects.exclude(lines=[]).exists()


def test_who_has_taken_a_list_back_is_not_who_has_taken_it_over(hr, as_, cast):
    noted = take(hr, [["0100", "Neu", "Nora"]], header=FULL[:3])
    Person.objects.filter(pk=cast.clara.pk).update(is_hr=True)
    take_back(as_(Person.objects.get(pk=cast.clara.pk)), noted)

    page = " ".join(hr.get(HISTORY).text.split())
    noted.refresh_from_db()
    assert (noted.taken_over_by, noted.taken_back_by) == (cast.paula, cast.clara)
    assert f"Uhr von {cast.clara}" in page


def test_a_taking_back_that_is_given_up_is_on_record_as_half_of_it(hr, cast, monkeypatch, settings):
    rows = [full_row(one, Nachname="Neu") for one in (cast.anna, cast.dora)]
    noted = take(hr, rows, header=FULL)
    settings.JOBS_AT_ONCE = 0
    monkeypatch.setitem(batches.KINDS, TAKING_BACK.name, TAKING_BACK)
    job = begin(
        replace(TAKING_BACK, size=1),
        subject=noted.pk,
        title="",
        items=[["person", cast.anna.pk], ["person", cast.dora.pk]],
        by=cast.paula,
    )
    batches.step(job.pk)
    ending.give_up(Job.objects.get(pk=job.pk))

    names = list(
        Person.objects.filter(pk__in=[cast.anna.pk, cast.dora.pk]).order_by("pk").values_list("last_name", flat=True)
    )
    page = " ".join(hr.get(HISTORY).text.split())
    assert sorted(names) == ["Neu", "Ärmel"]
    assert ["zum Teil zurückgenommen am" in page, f"Uhr von {cast.paula}" in page] == [True, True]


def test_a_list_is_taken_back_once_and_no_older_one(hr, cast):
    first = take(hr, [["0100", "Neu", "Nora"]], header=FULL[:3])
    second = take(hr, [["0101", "Neu", "Nils"]], header=FULL[:3])

    assert said(take_back(hr, first)) == NOT_THE_LAST
    take_back(hr, second)
    assert said(take_back(hr, second)) == NOT_THE_LAST
    take_back(hr, first)
    assert not Person.objects.filter(last_name="Neu").exists()


def has_another_name(new):
    Person.objects.filter(pk=new.pk).update(first_name="Inzwischen")


def has_signed_in(new):
    Person.objects.filter(pk=new.pk).update(last_login=timezone.now())


def leads_somebody(new):
    Person.objects.filter(first_name="Frieda").update(manager=new)


def has_another_name_noted(new):
    NameChange.objects.create(person=new, from_name="A B", to_name="C D")


@pytest.mark.parametrize("build", [has_another_name, has_signed_in, leads_somebody, has_another_name_noted])
def test_what_was_built_on_a_list_keeps_it(hr, cast, build):
    noted = take(hr, [["0100", "Neu", "Nora"]], header=FULL[:3])
    build(Person.objects.get(personnel_number="0100"))

    reason = said(take_back(hr, noted))

    assert reason.startswith("Diese Liste lässt sich nicht mehr zurücknehmen")
    assert Person.objects.filter(personnel_number="0100").exists()


def test_nobody_becomes_a_manager_again_by_taking_a_list_back(hr, as_, cast):
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.paula)
    cast.anna.refresh_from_db()
    noted = take(hr, [full_row(cast.anna, Führungskraft="0001", Nachname="Neumann")], header=FULL)
    take_back(hr, noted)

    anna = Person.objects.get(pk=cast.anna.pk)
    assert (anna.manager, anna.last_name) == (cast.clara, "Neumann")


def test_nobody_gives_themselves_back_what_a_list_has_taken(hr, cast):
    noted = take(hr, [full_row(cast.paula, **{"E-Mail": "paula.neu@test.example"})], header=FULL)
    take_back(hr, noted)

    assert Person.objects.get(pk=cast.paula.pk).email == "paula.neu@test.example"


def test_who_has_got_an_address_meanwhile_keeps_it(hr, cast):
    old = cast.anna.email
    noted = take(
        hr, [full_row(cast.anna, **{"E-Mail": "anna.neu@test.example"}), full_row(cast.dora, Nachname="Neu")], FULL
    )
    Person.objects.filter(pk=cast.bernd.pk).update(email=old)

    said_then = said(take_back(hr, noted))

    owners = dict(Person.objects.exclude(email=None).values_list("email", "pk"))
    assert (owners[old], owners["anna.neu@test.example"]) == (cast.bernd.pk, cast.anna.pk)
    assert Person.objects.get(pk=cast.dora.pk).last_name == "Özgür"
    assert "geblieben: Ärmel, Anna (0003)." in said_then


def test_the_technical_administration_is_not_readdressed_by_taking_a_list_back(hr, cast):
    noted = take(hr, [full_row(cast.anna, **{"E-Mail": "anna.neu@test.example"})], FULL)
    Person.objects.filter(pk=cast.anna.pk).update(is_staff=True)

    take_back(hr, noted)

    assert Person.objects.get(pk=cast.anna.pk).email == "anna.neu@test.example"


def test_after_90_days_it_is_not_known_any_more_whom_a_list_has_changed(hr, cast):
    noted = take(hr, [["0100", "Neu", "Nora"]], header=FULL[:3])
    StaffImport.objects.update(taken_over_at=timezone.now() - history.KEPT - timedelta(hours=1))

    first, second = history.forget_differences(TODAY), history.forget_differences(TODAY)

    assert (first, second) == ("Unterschiede übernommener Personallisten gelöscht: 1.", None)
    assert hr.get(reverse("people:staff_difference", args=[noted.pk])).url == HISTORY
    assert said(take_back(hr, noted)) == NOT_THE_LAST


def test_everybody_as_a_list_loaded_again_changes_nothing(hr, cast):
    Person.objects.filter(pk=cast.dora.pk).update(leaving_date=in_days(60))
    Person.objects.filter(pk=cast.fremd.pk).update(leaving_date=in_days(-1))
    content = hr.get(EXPORT).content
    hr.post(UPLOAD, {"file": SimpleUploadedFile("Export.xlsx", content)})
    page = hr.get(PREVIEW)
    told = page.context["preview"]

    assert told["numbers"] == {"fehler": 0, "neu": 0, "geaendert": 0, "einheiten": 0}
    assert (told["unchanged"], told["missing"], told["withheld"]) == (5, 0, [])
    assert "Es gibt nichts zu übernehmen." in " ".join(page.text.split())


def test_a_long_list_is_made_in_the_background(hr, cast, settings, run_jobs):
    settings.JOBS_AT_ONCE = 2

    asked, begun = hr.get(EXPORT), hr.post(EXPORT)
    run_jobs()

    assert (asked.headers["Content-Type"], begun.status_code) == (HTML, 302)
    assert bytes(Job.objects.get().content).startswith(b"PK")


@pytest.mark.parametrize("size", [3, 30])
def test_query_count_of_the_history(hr, cast, size, django_assert_num_queries):
    StaffImport.objects.bulk_create(
        StaffImport(name=f"{n}.csv", taken_over_by=cast.paula, is_finished=True) for n in range(size)
    )

    with django_assert_num_queries(6):  # session, user; how many, the lists; the last one, again to see whether it is
        page = hr.get(HISTORY)

    assert page.text.count(".csv") == size
