"""What the catalogue and format fixtures say, read as plain JSON: no database, no models."""

import json
from collections import Counter
from itertools import product
from pathlib import Path

import pytest

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"

# Chapter 2: the four blocks of the wheel, clockwise from the top.
WHEEL = {
    "digital": "it-anwendung digitale-medien technik sicherheit-datenschutz daten digitale-loesungen",
    "methoden": "prozessgestaltung projektmanagement analyse stakeholder partizipation change",
    "sozial": "kommunikation team fuehrung netzwerk konflikt personalentwicklung service",
    "personal": "vernetztes-denken innovation lernen veraenderung selbstfuehrung problemloesung",
}
SECTIONS = {"digital": "2.1", "methoden": "2.2", "sozial": "2.3", "personal": "2.4"}
LEVEL_NAMES = ("kenner", "könner", "expert")


def fields_of(fixture, model):
    """The ``fields`` of every object of one model, in the file's order."""
    objects = json.loads((FIXTURES / fixture).read_text(encoding="utf-8"))
    return [entry["fields"] for entry in objects if entry["model"] == model]


@pytest.fixture
def categories():
    return fields_of("catalogue.json", "catalogue.category")


@pytest.fixture
def competencies():
    return fields_of("catalogue.json", "catalogue.competency")


@pytest.fixture
def anchors():
    return fields_of("catalogue.json", "catalogue.levelanchor")


@pytest.fixture
def formats():
    return fields_of("formats.json", "learningplans.learningformat")


@pytest.mark.parametrize("fixture", ["catalogue.json", "formats.json"])
def test_objects_are_found_by_natural_key_alone(fixture):
    objects = json.loads((FIXTURES / fixture).read_text(encoding="utf-8"))
    assert [entry for entry in objects if set(entry) != {"model", "fields"}] == []


def test_categories_come_in_the_order_of_the_wheel(categories):
    assert [(c["order"], c["key"], c["name"]) for c in categories] == [
        (1, "digital", "Digitale Fachkompetenzen"),
        (2, "methoden", "Methodenkompetenzen"),
        (3, "sozial", "Sozialkompetenzen"),
        (4, "personal", "Personale Kompetenzen"),
    ]


def test_competencies_fill_the_wheel_clockwise_block_by_block(competencies):
    expected = [(category, key) for category, keys in WHEEL.items() for key in keys.split()]
    assert [(*c["category"], c["key"]) for c in competencies] == expected
    assert [c["order"] for c in competencies] == list(range(1, 26))


def test_each_competency_names_the_section_of_its_category(competencies):
    assert {c["key"]: c["section"] for c in competencies} == {
        key: SECTIONS[category] for category, keys in WHEEL.items() for key in keys.split()
    }


def test_wheel_labels_are_distinct_and_short_enough_for_a_sector(competencies):
    labels = [c["wheel_label"] for c in competencies]
    assert [label for label in labels if not 0 < len(label) <= 26] == []
    assert len(set(labels)) == 25


def test_descriptions_are_one_or_two_plain_sentences(competencies):
    texts = [c["description"] for c in competencies]
    assert [t for t in texts if not 40 <= len(t) <= 200 or not t.endswith(".")] == []
    assert len(set(texts)) == 25


def test_every_competency_has_exactly_one_anchor_per_level(anchors, competencies):
    keys = [c["key"] for c in competencies]
    assert Counter((*a["competency"], a["level"]) for a in anchors) == Counter(product(keys, (1, 2, 3)))


def test_anchors_are_single_sentences_short_enough_to_be_read_beside_the_answer(anchors):
    texts = [a["text"] for a in anchors]
    assert [t for t in texts if not 60 <= len(t) <= 150] == []
    assert [t for t in texts if t.count(".") != 1 or not t.endswith(".")] == []
    assert len(set(texts)) == 75


def test_anchors_describe_what_is_done_and_never_name_the_level(anchors):
    texts = [a["text"] for a in anchors]
    assert [t for t in texts if any(name in t.lower() for name in LEVEL_NAMES)] == []
    # Third person without a pronoun, so the person and the manager read the same sentence.
    openings = {t.split()[0].rstrip(",") for t in texts}
    assert [word for word in openings if not word[0].isupper() or word in {"Sie", "Er", "Ich"}] == []
    assert [word for word in openings if not word.endswith("t")] == []


def test_the_seven_learning_formats_say_where_how_and_for_what_they_suit(formats):
    table = [(f["key"], f["job"], f["learning_form"], " ".join(key for (key,) in f["suits"])) for f in formats]
    assert table == [
        ("selbstlernen", "both", "challenge", "digital methoden"),
        ("kollegialer-austausch", "on", "interaction", "digital methoden sozial personal"),
        ("coaching", "both", "interaction", "personal sozial"),
        ("mentoring", "on", "interaction", "sozial methoden"),
        ("vortraege-workshops", "off", "classic", "digital methoden"),
        ("seminare-schulungen", "off", "classic", "digital methoden sozial personal"),
        ("training", "both", "classic", "methoden sozial personal"),
    ]
    assert [f["order"] for f in formats] == [1, 2, 3, 4, 5, 6, 7]


def test_coaching_needs_the_person_and_mentoring_a_named_mentor(formats):
    descriptions = {f["key"]: f["description"] for f in formats}
    assert "nur mit Zustimmung der Person" in descriptions["coaching"]
    assert "namentlich benannte" in descriptions["mentoring"]
