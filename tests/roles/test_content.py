"""What the built-in role profiles ask for, read as plain JSON: no database, no models."""

import json
from collections import Counter
from itertools import product
from pathlib import Path

import pytest

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"

# One digit per competency in the wheel's order, spaced by category: 0 nicht erforderlich, 1 Kenner,
# 2 Könner, 3 Experte.
LEVELS = {
    "fuehrungskraft": "111112 211112 3333333 333333",
    "cdo": "232333 222222 3333213 333333",
    "cio": "323332 222222 3333212 333323",
    "projektmanagement": "221111 233321 3323202 223233",
    "digitallotse": "211111 000132 2303212 113321",
}
# The same cells: R erforderlich, w wünschenswert.
NECESSITIES = {
    "fuehrungskraft": "RRRRRw RRRRRw RRRRRRR RRRRRR",
    "cdo": "RRRRRR Rwwwww RRRRwwR RRRRRR",
    "cio": "RRRRRR RRRRRR RRRRwww RRRRwR",
    "projektmanagement": "RwRRRR wRRRRR RRwRwww wwRwRR",
    "digitallotse": "RwRRww wwwwRR RRwRRRw wwRRRw",
}
# Named in the role's own section, yet only as worth having (3.2 and 3.3).
NAMED_BUT_DESIRABLE = {
    ("cdo", "projektmanagement"),
    ("cdo", "analyse"),
    ("cdo", "stakeholder"),
    ("cdo", "partizipation"),
    ("cdo", "change"),
    ("cio", "service"),
}
# Asked of all staff alike (2.1), so needed in every role.
ASKED_OF_EVERYBODY = {("projektmanagement", "it-anwendung"), ("digitallotse", "sicherheit-datenschutz")}


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
        ("3.2", "cdo", "Chief Digital Officer (CDO)"),
        ("3.3", "cio", "Chief Information Officer (CIO)"),
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


def test_required_is_what_the_section_names_or_what_needs_the_highest_level(requirements):
    broken = [
        cell_of(r)
        for r in requirements
        if (r["necessity"] == "required") != ((r["ground"] == "named" and r["level"] >= 1) or r["level"] == 3)
    ]
    assert set(broken) == NAMED_BUT_DESIRABLE | ASKED_OF_EVERYBODY


def test_grounds_count_as_the_derivation_from_the_paper_left_them(requirements):
    assert Counter(r["ground"] for r in requirements) == {"named": 95, "general": 10, "unnamed": 20}
