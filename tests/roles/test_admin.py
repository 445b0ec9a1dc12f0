"""What a superuser repairs of roles keeps to the rules by which HR enters it."""

import pytest
from django.urls import reverse

from kompetenz.people.models import Person
from roles.models import OVERLAPPING, RoleHolding, RoleProfile
from tests.clock import TODAY, in_days


@pytest.fixture
def root(client, cast):
    client.force_login(Person.objects.create_superuser("root@test.example", first_name="Rita", last_name="Root"))
    return client


def test_a_requirement_asks_a_level_that_there_is(root):
    row = RoleProfile.objects.get(key="digitallotse").requirements.first()
    data = {
        "profile": row.profile_id,
        "competency": row.competency_id,
        "necessity": row.necessity,
        "ground": row.ground,
        "level": 9,
    }

    page = root.post(reverse("admin:roles_requirement_change", args=[row.pk]), data)

    assert page.context["adminform"].form.errors == {"level": ["Diese Stufe gibt es nicht."]}


@pytest.mark.parametrize(
    ("since", "until", "is_refused"),
    [(-9, 9, True), (9, None, True), (-9, 0, True), (-9, -1, False)],
)
def test_roles_of_a_person_never_overlap(root, cast, since, until, is_refused):
    """Anna has hers from today on; somebody with two at once could take part in no round."""
    other = RoleProfile.objects.exclude(key="digitallotse").first()
    data = {"person": cast.anna.pk, "profile": other.pk, "since": in_days(since)}
    data |= {} if until is None else {"until": in_days(until)}

    page = root.post(reverse("admin:roles_roleholding_add"), data)

    assert (page.status_code, RoleHolding.objects.filter(person=cast.anna).count()) == (
        (200, 1) if is_refused else (302, 2)
    )
    if is_refused:
        lotse = RoleProfile.objects.get(key="digitallotse")
        assert OVERLAPPING.format(lotse, TODAY) in page.context["adminform"].form.non_field_errors()
