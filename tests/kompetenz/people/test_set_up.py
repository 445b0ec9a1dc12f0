"""The first step of a new installation."""

import pytest
from django.core.management import CommandError, call_command

from kompetenz.catalogue.models import BuiltIn
from kompetenz.people.management.commands import set_up
from kompetenz.people.models import Person
from learningplans.models import LearningFormat

GRETA = ("Greta@amt.example", "Greta", "Grün")


@pytest.fixture
def typed(monkeypatch):
    """``typed(password)`` is what the operator types when asked."""
    return lambda password: monkeypatch.setattr(set_up, "getpass", lambda prompt: password)


def test_set_up_makes_the_first_hr_person_who_can_sign_in(db, client, typed):
    typed("ein-gutes-langes-wort")

    call_command("set_up", *GRETA, "--number", "0040001", verbosity=0)

    greta = Person.objects.get(is_hr=True)
    assert (greta.email, greta.personnel_number, greta.is_superuser) == ("greta@amt.example", "0040001", False)
    assert client.login(email="greta@amt.example", password="ein-gutes-langes-wort")


def test_set_up_refuses_a_weak_password_and_makes_nobody(db, typed):
    typed("kurz")

    with pytest.raises(CommandError, match="zu kurz"):
        call_command("set_up", *GRETA, verbosity=0)

    assert not Person.objects.exists()


def test_set_up_is_for_the_first_person_only(cast, typed):
    typed("ein-gutes-langes-wort")

    with pytest.raises(CommandError, match="schon eine Personalentwicklung"):
        call_command("set_up", *GRETA, verbosity=0)


def test_set_up_loads_what_is_missing_and_keeps_what_hr_has_changed(db, typed):
    typed("ein-gutes-langes-wort")
    call_command("loaddata", "catalogue", "roles", "formats", verbosity=0)
    BuiltIn.objects.all().delete()
    coaching, training = (LearningFormat.objects.get(key=key) for key in ("coaching", "training"))
    LearningFormat.objects.filter(pk=coaching.pk).update(name="Beratung", is_offered=False)
    coaching.suits.clear()
    training.delete()

    call_command("set_up", *GRETA, verbosity=0)

    coaching.refresh_from_db()
    assert (coaching.name, coaching.is_offered, coaching.suits.count()) == ("Beratung", False, 0)
    assert LearningFormat.objects.get(key="training").suits.count() == 3
