"""The invented staff list: its people come beside those of the demo district."""

import pytest

from kompetenz.demo import district
from kompetenz.demo.staff_list import rows_of
from kompetenz.people.models import Person


@pytest.mark.django_db
def test_the_people_of_the_list_are_nobody_of_the_district():
    district.seed(40)
    known = set(Person.objects.values_list("personnel_number", flat=True))
    addresses = set(Person.objects.exclude(email=None).values_list("email", flat=True))

    rows = list(rows_of(60))

    assert len(rows) == 60
    assert not known & {row[0] for row in rows}
    assert not addresses & {row[3] for row in rows}


@pytest.mark.django_db
def test_a_second_list_is_the_same_when_its_people_are_known():
    first = list(rows_of(40))
    Person.objects.bulk_create(
        Person(personnel_number=row[0], last_name=row[1], first_name=row[2], email=row[3] or None) for row in first
    )

    assert list(rows_of(40)) == first
