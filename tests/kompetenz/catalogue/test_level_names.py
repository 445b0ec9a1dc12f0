"""What the levels are called is HR's choice for what begins from then on."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from assessments.models import Round
from kompetenz.catalogue.built_in import load_missing
from kompetenz.catalogue.level_names import BUILT_IN, WORDINGS, choose, chosen
from kompetenz.catalogue.models import Level
from tests.conftest import Stage

PAGE = "/katalog/stufen/"


def names():
    return list(Level.objects.order_by("value").values_list("name", flat=True))


def test_the_first_set_is_what_is_built_in():
    rows = json.loads((Path(settings.BASE_DIR) / "fixtures" / "catalogue.json").read_text())
    levels = {row["fields"]["value"]: row["fields"] for row in rows if row["model"] == "catalogue.level"}

    assert [(levels[value]["name"], levels[value]["definition"]) for value in BUILT_IN] == [*WORDINGS["personen"].words]


def test_hr_chooses_the_neutral_names_and_everybody_reads_them(as_, cast):
    answer = as_(cast.paula).post(PAGE, {"names": "neutral"})

    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    assert names() == ["keine", "Kennen", "Können", "Expertise"]
    catalogue = as_(cast.anna).get(reverse("catalogue:list")).text
    assert "Expertise" in catalogue
    assert "Experte" not in catalogue
    assert 'value="neutral"' in next(
        part for part in as_(cast.paula).get(PAGE).text.split("<input") if " checked" in part
    )


def test_a_round_keeps_the_names_with_which_it_began(as_, cast, stage):
    choose("neutral")

    page = as_(cast.anna).get(reverse("assessments:assessment", args=[stage.own.pk])).text
    later = Stage(cast)

    assert "Könner" in page
    assert "Expertise" not in page
    assert [level.name for level in Round.objects.get(pk=later.round.pk).catalogue.levels][1:] == [
        "Kennen",
        "Können",
        "Expertise",
    ]


def test_bringing_built_in_data_leaves_the_choice(db):
    choose("neutral")

    load_missing()

    assert chosen() == "neutral"


def test_a_level_that_somebody_has_added_keeps_its_name(db):
    Level.objects.create(value=4, key="vordenken", name="Vordenken", definition="denkt vor.")

    choose("neutral")

    assert names() == ["keine", "Kennen", "Können", "Expertise", "Vordenken"]


def test_names_of_ones_own_are_no_set(as_, cast):
    Level.objects.filter(value=1).update(name="Anfang")

    assert chosen() is None
    assert " checked" not in as_(cast.paula).get(PAGE).text


@pytest.mark.parametrize("sent", [{"names": ""}, {"names": "lustig"}])
def test_without_a_choice_the_form_says_so(as_, cast, sent):
    page = as_(cast.paula).post(PAGE, sent)

    assert page.status_code == 200
    assert names()[1] == "Kenner"
    assert "aria-invalid" in page.text


def test_the_same_again_changes_nothing(as_, cast):
    page = as_(cast.paula).post(PAGE, {"names": "personen"}, follow=True)

    assert "Es hat sich nichts geändert." in page.text
