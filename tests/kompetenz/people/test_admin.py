"""What a superuser repairs keeps to the rules by which everybody else enters it."""

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from kompetenz.forms.repair import RepairForm
from kompetenz.people.models import CIRCLE_OF_UNITS, Person, Unit
from kompetenz.refusals import FASTER
from kompetenz.text import NO_LETTER, NOT_A_NUMBER

OURS = ("kompetenz.", "roles.", "assessments.", "learningplans.")


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


def sent(client, somebody):
    """What the page of ``somebody`` sends where nothing is changed on it."""
    form = client.get(reverse("admin:people_person_change", args=[somebody.pk])).context["adminform"].form
    return {name: value for name, value in form.initial.items() if name in form.fields and value not in {None, False}}


def test_an_open_page_overwrites_nothing_that_was_entered_meanwhile(root, cast):
    address, page = reverse("admin:people_person_change", args=[cast.anna.pk]), sent(root, cast.anna)
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.clara, email="neu@test.example")

    refused = root.post(address, page | {"wants_mail": ""})
    form = refused.context["adminform"].form
    again = root.post(address, {name: form[name].value() for name in page} | {"email": "neu@test.example"})

    assert form.non_field_errors() == [FASTER]
    assert form.errors["email"] == ["Jetzt gespeichert: „neu@test.example“."]
    anna = Person.objects.get(pk=cast.anna.pk)
    assert (again.status_code, anna.manager, anna.email) == (302, cast.bernd, "neu@test.example")


def test_nobody_reads_when_somebody_has_last_signed_in(root, cast, clock):
    Person.objects.filter(pk=cast.anna.pk).update(last_login=timezone.now())

    page = root.get(reverse("admin:people_person_change", args=[cast.anna.pk])).text

    assert "last_login" not in page
    assert "letzte Anmeldung" not in page.lower()


def test_every_page_of_our_own_models_is_guarded_so():
    ours = {model: page for model, page in admin.site._registry.items() if model.__module__.startswith(OURS)}

    assert len(ours) == 9
    assert len(admin.site._registry) == len(
        ours
    )  # of Django's and libraries' tables none: the concept of rights says so
    assert [model for model, page in ours.items() if not issubclass(page.form, RepairForm)] == []
