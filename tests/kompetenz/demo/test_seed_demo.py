"""Building the invented district: into an empty database alone, of any size, the same every time."""

from collections import Counter

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError

from assessments.models import Round
from kompetenz.demo import district
from kompetenz.people.models import Person, Unit
from learningplans.models import GoalTally, LearningPlan, Offer
from roles.models import RoleHolding
from tests.thorough import thorough_but

OURS = ["people", "catalogue", "roles", "assessments", "learningplans"]


@pytest.fixture
def demo(db, settings):
    settings.DEMO = True


def seed(*arguments, capsys):
    call_command("seed_demo", *arguments)
    return capsys.readouterr().out


def rows():
    """Every row of ours without ids, passwords and the moment of writing, in a comparable order."""
    left_out = {"password", "id", "changed_at", "last_login", "created_at"}
    left_out |= {"key", "marks", "memberships", "token"}  # random, so that nobody is known by them
    return {
        model._meta.label: Counter(
            str({field.name: str(getattr(row, field.attname)) for field in plain_fields(model, left_out)})
            for row in model._base_manager.all()
        )
        for label in OURS
        for model in apps.get_app_config(label).get_models()
    }


def plain_fields(model, left_out):
    return [f for f in model._meta.concrete_fields if not f.is_relation and f.name not in left_out]


def test_a_second_run_changes_nothing_and_says_so(demo, capsys):
    first = seed(capsys=capsys)
    before = rows()

    second = seed(capsys=capsys)

    assert first == "Landkreis Musterland mit 60 Personen ist angelegt.\n"
    assert second == "Landkreis Musterland mit 60 Personen gibt es schon. Nichts wurde geändert.\n"
    assert rows() == before


def test_two_empty_databases_get_the_same_district(demo, capsys):
    seed("--people", "40", capsys=capsys)
    before = rows()
    LearningPlan.objects.all().delete()
    Offer.objects.all().delete()
    Round.objects.all().delete()
    RoleHolding.objects.all().delete()
    Person.objects.all().delete()
    GoalTally.objects.all().delete()
    Unit.objects.update(parent=None)
    Unit.objects.all().delete()

    seed("--people", "40", capsys=capsys)

    assert rows() == before


def test_real_people_are_never_mixed_with_invented_ones(demo, capsys):
    Person.objects.create_user("anna@example.org", first_name="Anna", last_name="Beispiel")

    with pytest.raises(CommandError, match="leere Datenbank"):
        call_command("seed_demo")
    said = seed("--if-empty", capsys=capsys)

    assert said == "Es gibt schon Personen. Nichts wurde geändert.\n"
    assert Person.objects.count() == 1


@pytest.mark.parametrize("size", [39, 10_001])
def test_a_size_out_of_range_is_refused(demo, size):
    with pytest.raises(CommandError, match="von 40 bis 10000"):
        call_command("seed_demo", people=size)


def test_an_installation_that_is_no_demo_gets_no_known_password(db, settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="KOMPETENZRAD_DEMO=1"):
        call_command("seed_demo")

    assert not Person.objects.exists()


def test_the_command_says_when_there_is_no_district(db):
    with pytest.raises(CommandError, match="keine Vorführdaten"):
        call_command("demo_accounts")


@pytest.mark.parametrize("size", thorough_but([40, 200], 40))
def test_other_sizes_work_too(demo, capsys, size):
    seed("--people", str(size), capsys=capsys)

    assert (Person.objects.count(), district.size()) == (size, size)
    assert Round.objects.open().get().participations.count() >= size - 6
