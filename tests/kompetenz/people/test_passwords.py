"""Which passwords are taken and which are not, when somebody sets their own."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from kompetenz.people.models import Person

ANNA = Person(first_name="Anna", last_name="Ärmel-Žižek", email="anna.armel@kreis-musterstadt.example")


@pytest.mark.parametrize(
    "password",
    [
        *("123456789012", "98765432109876", "٠١٢٣٤٥٦٧٨٩٠١"),
        *("anna.armel2026", "Anna-Ärmel-2026!", "armelzizek1234", "annaannaanna", "kreismusterstadt"),
        *("Kompetenzrad2026", "Kompetenzrad!", "passwort1234", "Landkreis-Musterland"),
    ],
)
def test_what_everybody_knows_is_no_password(password):
    with pytest.raises(ValidationError):
        validate_password(password, ANNA)


@pytest.mark.parametrize(
    "password", ["Nebel-am-Morgen-7", "Anna mag gern Regen", "83#72-91!55x2Q", "im Kompetenzrad dreht sich alles"]
)
def test_a_sentence_may_name_them(password):
    validate_password(password, ANNA)


def test_it_is_said_beside_the_field(as_, cast):
    from tests.conftest import PASSWORD

    sent = {"oldpassword": PASSWORD, "password1": "anna.armel.2026", "password2": "anna.armel.2026"}
    page = as_(cast.anna).post("/passwort/aendern/", sent)

    assert any("besteht fast nur aus" in error for error in page.context["form"].errors["password1"])


def test_the_first_person_of_hr_is_told_the_same(cast):
    validate_password("ein-langes-testpasswort", cast.anna)
