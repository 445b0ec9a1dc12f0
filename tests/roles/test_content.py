"""What the built-in role profiles ask for, read as plain JSON: no database."""

import json
from collections import Counter
from itertools import product
from pathlib import Path

import pytest

from roles.models import Requirement

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"

# One digit per competency in the wheel's order, spaced by category: 0 nicht erforderlich, 1 Kenner,
# 2 Könner, 3 Experte.
LEVELS = {
    "fuehrungskraft": "111112 211112 3333333 333333",
    "cdo": "232333 222222 3333213 333333",
    "cio": "333333 222222 3333212 333323",
    "projektmanagement": "221111 233321 2223202 223233",
    "digitallotse": "211111 001131 2303212 113321",
}
# The same cells: R erforderlich, w wünschenswert.
NECESSITIES = {
    "fuehrungskraft": "RRRRRR RRRRRR RRRRRRR RRRRRR",
    "cdo": "RRRRRR Rwwwww RRRRRRR RRRRRR",
    "cio": "RRRRRR RRRRRR RRRRRRw RRRwRR",
    "projektmanagement": "RRRRRR RRRRRR RRRRRwR RRRRRR",
    "digitallotse": "RRRRRR wwRRRR RRwRRRR RRRRRR",
}
# The same cells: what they rest on. n the role's section names the competency, c only its category, g chapter 2 asks it of
# these people or of all, u judgement from the tasks, - not named at all.
GROUNDS = {
    "fuehrungskraft": "cccccg nccnng nnncnnn nnnnnn",
    "cdo": "nnnnnn nnnnnn nnnngun nnnnnn",
    "cio": "nnnnnn nnnnnn nnnngun nnnnun",
    "projektmanagement": "ggcccc unnnnn nnung-g uununn",
    "digitallotse": "nunguu --uunn nn-nnng uunnnu",
}
# Worth having and no more, by the words of the role's own section (3.2 and 3.3).
DESIRABLE = {
    ("cdo", "projektmanagement"),
    ("cdo", "analyse"),
    ("cdo", "stakeholder"),
    ("cdo", "partizipation"),
    ("cdo", "change"),
    ("cio", "service"),
    ("cio", "veraenderung"),
}


def fields_of(fixture, model):
    """The ``fields`` of every object of one model, in the file's order."""
    objects = json.loads((FIXTURES / fixture).read_text(encoding="utf-8"))
    return [entry["fields"] for entry in objects if entry["model"] == model]


@pytest.fixture
def profiles():
    return fields_of("roles.json", "roles.roleprofile")


@pytest.fixture
def requirements():
    return fields_of("roles.json", "roles.requirement")


@pytest.fixture
def competency_keys():
    return [competency["key"] for competency in fields_of("catalogue.json", "catalogue.competency")]


def cells(rows, competency_keys):
    """``{(profile, competency): symbol}`` from one spaced row of 25 symbols per profile."""
    return {
        (profile, key): symbol
        for profile, row in rows.items()
        for key, symbol in zip(competency_keys, row.replace(" ", ""), strict=True)
    }


def cell_of(requirement):
    return (*requirement["profile"], *requirement["competency"])


def test_objects_are_found_by_natural_key_alone():
    objects = json.loads((FIXTURES / "roles.json").read_text(encoding="utf-8"))
    assert [entry for entry in objects if set(entry) != {"model", "fields"}] == []


def test_the_five_profiles_of_chapter_three_are_built_in_and_in_use(profiles):
    assert [(p["section"], p["key"], p["name"]) for p in profiles] == [
        ("3.1", "fuehrungskraft", "Führungskraft"),
        ("3.2", "cdo", "Chief Digital Officer (CDO) / Digitalisierungsbeauftragte"),
        ("3.3", "cio", "Chief Information Officer (CIO) / IT-Leitung"),
        ("3.4", "projektmanagement", "Projektmanagement"),
        ("3.5", "digitallotse", "Digitallotse / Digitallotsin"),
    ]
    assert [(p["is_builtin"], p["retired_at"]) for p in profiles] == [(True, None)] * 5


def test_each_profile_lists_its_tasks_one_to_a_line(profiles):
    tasks = {p["key"]: p["tasks"].split("\n") for p in profiles}
    assert {key: len(lines) for key, lines in tasks.items()} == {
        "fuehrungskraft": 9,
        "cdo": 8,
        "cio": 7,
        "projektmanagement": 9,
        "digitallotse": 5,
    }
    assert [line for lines in tasks.values() for line in lines if line != line.strip() or not line] == []


def test_every_profile_says_something_about_all_25_competencies(requirements, competency_keys):
    assert Counter(map(cell_of, requirements)) == Counter(product(LEVELS, competency_keys))


def test_the_profiles_ask_for_these_levels(requirements, competency_keys):
    asked = {cell_of(r): r["level"] for r in requirements}
    assert asked == {cell: int(digit) for cell, digit in cells(LEVELS, competency_keys).items()}


def test_the_profiles_tell_required_from_desirable(requirements, competency_keys):
    words = {"R": "required", "w": "desirable"}
    told = {cell_of(r): r["necessity"] for r in requirements}
    assert told == {cell: words[letter] for cell, letter in cells(NECESSITIES, competency_keys).items()}


def test_what_a_role_needs_is_required_unless_its_section_calls_it_worth_having(requirements):
    desirable = {cell_of(r) for r in requirements if r["level"] and r["necessity"] == "desirable"}
    assert desirable == DESIRABLE


def test_the_profiles_say_what_each_level_rests_on(requirements, competency_keys):
    words = {"n": "named", "c": "category", "g": "general", "u": "unnamed", "-": "none"}
    said = {cell_of(r): r["ground"] for r in requirements}
    assert said == {cell: words[letter] for cell, letter in cells(GROUNDS, competency_keys).items()}


def test_grounds_count_as_the_derivation_from_the_paper_left_them(requirements):
    assert Counter(r["ground"] for r in requirements) == {
        "named": 83,
        "category": 12,
        "general": 10,
        "unnamed": 16,
        "none": 4,
    }


def test_what_a_role_does_not_need_is_what_the_paper_does_not_name(requirements):
    assert {cell_of(r) for r in requirements if r["level"] == 0} == {
        cell_of(r) for r in requirements if r["ground"] == "none"
    }


def test_every_ground_of_a_built_in_level_has_words(requirements):
    words = dict(Requirement.Ground.choices)
    assert {r["ground"] for r in requirements} | {"own"} == set(words)
    assert words["none"] == "im Konzeptpapier nicht genannt"
    assert "Kategorie" in words["category"]


def test_the_central_responsibility_and_the_partners_beyond_are_tasks_of_the_cdo(profiles):
    (tasks,) = [p["tasks"].split("\n") for p in profiles if p["key"] == "cdo"]
    assert tasks[1] == "Die Digitalisierung an einer Stelle verantworten und ihr nach innen und außen ein Gesicht geben"
    assert tasks[5] == (
        "Fachbereiche und Partner außerhalb der Verwaltung einbinden, auch solche, an denen die Kommune nicht beteiligt ist"
    )
