"""What a list would empty, take away or shift is shown, and done only if somebody ticks it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse_lazy

from bench.lists import read_table
from kompetenz.people.models import Person
from kompetenz.people.staff.checks import LAST_OF_HR
from kompetenz.people.staff.comparing import compare
from kompetenz.people.staff.withholding import EVERYTHING, NOTHING
from roles.models import RoleHolding, RoleProfile
from tests.clock import TODAY, in_days
from tests.kompetenz.people.staff.lists import FULL, full_row, text

UPLOAD, PREVIEW = (reverse_lazy(f"people:staff_{page}") for page in ("import", "preview"))


@pytest.fixture
def hr(as_, cast):
    return as_(cast.paula)


def previewed(client, *rows, header=FULL):
    client.post(UPLOAD, {"file": SimpleUploadedFile("liste.csv", text(header, *rows))})
    return client.get(PREVIEW).context["preview"]


def confirm(client, told, **more):
    return client.post(PREVIEW, {"read": told["stamp"], **more}, follow=True)


def kinds(told):
    return {one["kind"]: one["count"] for one in told["withheld"]}


def test_next_months_list_empties_nothing_that_was_typed_in_here(hr, cast):
    Person.objects.filter(pk=cast.dora.pk).update(leaving_date=in_days(60))
    cast.dora.refresh_from_db()
    empty = {"E-Mail": "", "Führungskraft": "", "OE-Nr.": "", "Austritt": ""}
    before = list(Person.objects.order_by("pk").values())

    told = previewed(hr, full_row(cast.anna, Nachname="Neumann", **empty), full_row(cast.dora, **empty))
    confirm(hr, told)

    assert kinds(told) == {"email": 2, "manager": 2, "unit": 2, "leaving_date": 1}
    after = list(Person.objects.order_by("pk").values())
    changed = [(a["first_name"], key) for b, a in zip(before, after, strict=True) for key in b if b[key] != a[key]]
    assert changed == [("Anna", "last_name"), ("Anna", "sort_key")]


def test_what_is_ticked_is_done_and_nothing_else(hr, cast):
    told = previewed(
        hr, full_row(cast.anna, **{"E-Mail": "", "Führungskraft": ""}), full_row(cast.dora, **{"E-Mail": ""})
    )
    confirm(hr, told, allow=["email"])

    assert dict(Person.objects.filter(pk__in=[cast.anna.pk, cast.dora.pk]).values_list("first_name", "email")) == {
        "Anna": None,
        "Dora": None,
    }
    assert Person.objects.get(pk=cast.anna.pk).manager == cast.bernd


def test_a_list_that_only_empties_can_be_confirmed(hr, cast):
    told = previewed(hr, full_row(cast.anna, **{"E-Mail": ""}))

    assert (told["numbers"]["geaendert"], told["can_be_confirmed"]) == (0, True)
    confirm(hr, told, allow=["email"])
    assert Person.objects.get(pk=cast.anna.pk).email is None


def test_an_address_that_goes_to_somebody_else_is_not_lost(cast):
    rows = [full_row(cast.bernd, **{"E-Mail": ""}), ["0102", "Erbe", "Ernst", cast.bernd.email, "", "", ""]]

    found = compare(read_table(text(FULL, *rows)), allowed=NOTHING)

    assert (found.problems, found.withheld, len(found.changed)) == ([], [], 1)


def test_who_is_in_a_running_round_gets_no_other_manager_unit_or_role_in_passing(stage, as_, cast):
    RoleHolding.objects.filter(person=cast.anna).update(since=TODAY)
    profile = RoleProfile.objects.create(name="Kümmerer")
    header = [*FULL, "Rolle"]
    row = [*full_row(cast.anna, **{"Führungskraft": "0001", "OE-Nr.": "10"}), "Kümmerer"]
    hr = as_(cast.paula)

    told = previewed(hr, row, header=header)
    confirm(hr, told)
    left_alone = Person.objects.get(pk=cast.anna.pk)
    confirm(hr, previewed(hr, row, header=header), allow=["manager_in_round", "role_in_round"])

    assert [(one["kind"], one["count"], one["participations"]) for one in told["withheld"]] == [
        ("manager_in_round", 1, 1), ("unit_in_round", 1, 1), ("role_in_round", 1, 1),
    ]  # fmt: skip
    assert (left_alone.manager, left_alone.unit.number) == (cast.bernd, "10.1")
    anna = Person.objects.get(pk=cast.anna.pk)
    assert (anna.manager, anna.unit.number) == (cast.clara, "10.1")
    assert RoleHolding.objects.current().get(person=cast.anna).profile == profile


def test_who_is_in_no_round_gets_another_manager_as_the_list_says(hr, cast):
    told = previewed(hr, full_row(cast.dora, Führungskraft="0001"))
    confirm(hr, told)

    assert (kinds(told), Person.objects.get(pk=cast.dora.pk).manager) == ({}, cast.clara)


def test_what_is_ticked_and_cannot_be_is_said_and_nothing_is_done(hr, cast):
    told = previewed(hr, full_row(cast.paula, **{"E-Mail": ""}), full_row(cast.anna, Nachname="Neumann"))

    page = confirm(hr, told, allow=["email"])

    assert LAST_OF_HR in page.text
    assert 'id="auch-email" aria-describedby="wen-email" checked' in " ".join(page.text.split())
    assert not Person.objects.filter(last_name="Neumann").exists()


def test_a_stamp_is_the_same_whatever_is_allowed(cast):
    table = read_table(text(FULL, full_row(cast.anna, **{"E-Mail": "", "Nachname": "Neumann"})))

    assert compare(table, allowed=NOTHING).stamp == compare(table, allowed=EVERYTHING).stamp
