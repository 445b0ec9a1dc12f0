"""What the database keeps true of every person, whoever writes."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import F

from kompetenz.people.models import Person
from tests.clock import in_days


def test_address_and_number_are_kept_in_one_way(cast):
    someone = Person.objects.create(first_name="E", last_name="F", email="E.F@Test.Example", personnel_number="")
    nobody = Person.objects.create(first_name="G", last_name="H", email="", personnel_number="0099")

    assert [(person.email, person.personnel_number) for person in (someone, nobody)] == [
        ("e.f@test.example", None),
        (None, "0099"),
    ]


def same_address_in_capitals(anna):
    Person.objects.bulk_create([Person(first_name="X", last_name="Y", email=anna.email.upper())])


def own_manager(anna):
    Person.objects.filter(pk=anna.pk).update(manager=F("pk"))


def empty_number(anna):
    Person.objects.filter(pk=anna.pk).update(personnel_number="")


@pytest.mark.parametrize(
    ("write", "constraint"),
    [
        (same_address_in_capitals, "one_person_per_email"),
        (own_manager, "nobody_manages_themselves"),
        (empty_number, "personnel_number_is_not_empty"),
    ],
)
def test_the_database_refuses_an_unclear_identity(cast, write, constraint):
    Person.objects.filter(pk=cast.anna.pk).update(email="anna@test.example")
    cast.anna.refresh_from_db()

    with pytest.raises(IntegrityError, match=constraint):
        write(cast.anna)


def test_a_form_says_in_german_what_the_database_would_refuse(cast):
    double = Person(first_name="X", last_name="Y", email=cast.bernd.email.upper())
    own = cast.anna
    own.manager = own

    messages = []
    for person in (double, own):
        with pytest.raises(ValidationError) as refused:
            person.validate_constraints()
        messages += refused.value.messages

    assert messages == [
        "Diese E-Mail-Adresse gehört schon zu einer anderen Person.",
        "Eine Person kann nicht ihre eigene Führungskraft sein.",
    ]


def test_who_has_left_is_whoever_does_not_work_here(cast):
    Person.objects.filter(pk=cast.anna.pk).update(leaving_date=in_days(-1))
    Person.objects.filter(pk=cast.bernd.pk).update(leaving_date=in_days(0))
    Person.objects.filter(pk=cast.dora.pk).update(is_active=False)

    left = Person.objects.left()

    assert set(left) == set(Person.objects.all()) - set(Person.objects.employed())
    assert {cast.anna, cast.dora} <= set(left)
    assert cast.bernd not in left
