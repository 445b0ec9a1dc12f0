"""The people of these tests; anna's participation is recorded, so that she may have a plan."""

from types import SimpleNamespace

import pytest
from django.core.management import call_command

from kompetenz.people.models import Person
from tests.learningplans.making import participation_of


@pytest.fixture
def cast(db):
    """Anna, her manager Bernd, his manager Dora, Paula of HR, Fremd from elsewhere, and an auditor."""
    call_command("loaddata", "catalogue", "formats", "roles", verbosity=0)

    def make(first, last="Beispiel", **fields):
        return Person.objects.create_user(f"{first.lower()}@example.org", first_name=first, last_name=last, **fields)

    dora = make("Dora")
    bernd = make("Bernd", manager=dora)
    return SimpleNamespace(
        dora=dora,
        bernd=bernd,
        anna=make("Anna", "Şahin-Žižek", manager=bernd),
        paula=make("Paula", is_hr=True),
        fremd=make("Fremd"),
        audit=make("Audit", is_auditor=True),
    )


@pytest.fixture
def participation(cast):
    return participation_of(cast.anna)
