"""What the catalogue and format fixtures say, read as plain JSON: no database, no models."""

import json
import re
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

# What a competency's three anchors are about: each of them names it, so that they are three depths of one thing.
DIMENSIONS = {
    "it-anwendung": "programm",
    "digitale-medien": "digitale[n]? medien",
    "technik": "schnittstellen",
    "sicherheit-datenschutz": "schutz|schützen",
    "daten": "daten",
    "digitale-loesungen": "neue[r]? technik",
    "prozessgestaltung": "ablauf|abläufe",
    "projektmanagement": "projekt",
    "analyse": "bestand und bedarf",
    "stakeholder": "interessengruppe",
    "partizipation": "beteiligung",
    "change": "umstellung",
    "kommunikation": "verständlich",
    "team": "gruppe",
    "fuehrung": "orientierung",
    "netzwerk": "netzwerk",
    "konflikt": "konflikt",
    "personalentwicklung": "lernen",
    "service": "anliegen",
    "vernetztes-denken": "folgen",
    "innovation": "idee",
    "lernen": "lern",
    "veraenderung": "veränderung",
    "selbstfuehrung": "aufgaben",
    "problemloesung": "ursache",
}
# How each level of the scale of 4.3.1 sounds: what is known and used; own practice, and the new; foresight, and others.
TURNS = {
    1: [r"^(Kennt|Versteht)\b"],
    2: [r"immer wieder|mehrfach", r"\b(auch|selbst)\b"],
    3: [r"\b(früh|rechtzeitig|vorab|bevor|voraus|Voraus|[Pp]lant|absehbar\w*|künftige?)\b", r"\bandere"],
}
# How long somebody has done it says nothing about how well; and law is kept always, not regularly.
TENURE = r"längerem|jahre|langjährig|dauerhaft|regelmäßig|erfahrene|routinier"
# Help is no part of a level: who knows something can use it.
HELP = r"anleitung|muster|\bvorlage|hilfe|unterstützung|einweisung|begleitung|auf einladung|auf anregung|vorgegeben|prüfliste"
# What somebody can do, not what they are or are in charge of.
POSTS = (
    r"leitung|leiter|führungskraft|beauftrag|zuständig|dezernat|stabsstelle|kreisweit|ganze\w* (kreis|amt|ämter)"
    r"|verantwort|für den (ganzen )?kreis|bildet .* aus"
)


def fields_of(fixture, model):
    """The ``fields`` of every object of one model, in the file's order."""
    objects = json.loads((FIXTURES / fixture).read_text(encoding="utf-8"))
    return [entry["fields"] for entry in objects if entry["model"] == model]


@pytest.fixture
def levels():
    return fields_of("catalogue.json", "catalogue.level")


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
    assert [c["order"] for c in competencies] == list(range(1, len(competencies) + 1))


def test_each_competency_names_the_section_of_its_category(competencies):
    assert {c["key"]: c["section"] for c in competencies} == {
        key: SECTIONS[category] for category, keys in WHEEL.items() for key in keys.split()
    }


def test_wheel_labels_are_distinct_and_short_enough_for_a_sector(competencies):
    labels = [c["wheel_label"] for c in competencies]
    assert [label for label in labels if not 0 < len(label) <= 26] == []
    assert len(set(labels)) == len(labels)


def test_descriptions_are_one_or_two_plain_sentences(competencies):
    texts = [c["description"] for c in competencies]
    assert [t for t in texts if not 40 <= len(t) <= 200 or not t.endswith(".")] == []
    assert len(set(texts)) == len(texts)


def test_every_competency_has_exactly_one_anchor_per_level(anchors, competencies):
    keys = [c["key"] for c in competencies]
    assert Counter((*a["competency"], a["level"]) for a in anchors) == Counter(product(keys, (1, 2, 3)))


def texts_of(anchors, level):
    return [a["text"] for a in anchors if a["level"] == level]


def naming(texts, pattern):
    return [t for t in texts if re.search(pattern, t, re.IGNORECASE)]


def test_anchors_are_single_sentences_short_enough_to_be_read_beside_the_answer(anchors):
    texts = [a["text"] for a in anchors]
    assert [t for t in texts if not 60 <= len(t) <= 150] == []
    assert [t for t in texts if t.count(".") != 1 or not t.endswith(".")] == []
    assert len(set(texts)) == len(texts)


def test_the_three_anchors_of_a_competency_are_about_one_thing(anchors):
    assert set(DIMENSIONS) == {key for keys in WHEEL.values() for key in keys.split()}
    strayed = [a["text"] for a in anchors if not re.search(DIMENSIONS[a["competency"][0]], a["text"], re.IGNORECASE)]
    assert strayed == []


@pytest.mark.parametrize("level", TURNS)
def test_every_anchor_says_what_its_level_is(anchors, level):
    assert [t for t in texts_of(anchors, level) if not all(re.search(turn, t) for turn in TURNS[level])] == []


def test_no_anchor_measures_how_long_somebody_has_been_there(anchors):
    assert naming([a["text"] for a in anchors], TENURE) == []


def test_nobody_needs_help_to_have_the_first_level(anchors):
    assert naming(texts_of(anchors, 1), HELP) == []


def test_the_highest_level_is_an_ability_and_no_post(anchors):
    assert naming(texts_of(anchors, 3), POSTS) == []


def test_the_level_names_stand_with_what_they_mean_from_none_on(levels):
    assert [(level["value"], level["name"]) for level in levels] == [
        (0, "keine"),
        (1, "Kenner"),
        (2, "Könner"),
        (3, "Experte"),
    ]
    texts = [level["definition"] for level in levels]
    assert [t for t in texts if not 60 <= len(t) <= 150 or t.count(".") != 1 or not t.endswith(".")] == []
    assert naming(texts, f"{TENURE}|{HELP}") == []


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
