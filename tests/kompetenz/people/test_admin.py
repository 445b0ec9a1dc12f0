"""What a superuser repairs keeps to the rules by which everybody else enters it."""

import pytest
from django.urls import reverse

from kompetenz.people.models import CIRCLE_OF_UNITS, Person, Unit
from kompetenz.text import NO_LETTER, NOT_A_NUMBER


@pytest.fixture
def root(client, cast):
    client.force_login(Person.objects.create_superuser("root@test.example", first_name="Rita", last_name="Root"))
    return client


def changed(client, unit, **changes):
    data = {"number": unit.number, "name": unit.name, "parent": unit.parent_id or ""} | changes
    return client.post(reverse("admin:people_unit_change", args=[unit.pk]), data)


@pytest.mark.parametrize("parent", ["10", "10.1"])
def test_a_unit_never_stands_beneath_itself(root, cast, parent):
    page = changed(root, cast.bernd.unit, parent=Unit.objects.get(number=parent).pk)

    assert page.context["adminform"].form.errors == {"parent": [CIRCLE_OF_UNITS]}
    assert Unit.objects.get(number="10").parent is None


def test_a_unit_has_a_number_and_a_name_that_can_be_read(root, cast):
    page = changed(root, cast.bernd.unit, number="Ⅻα", name="…")

    assert page.context["adminform"].form.errors == {"number": [NOT_A_NUMBER], "name": [NO_LETTER]}
