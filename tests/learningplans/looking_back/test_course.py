"""How levels have changed from one step to the next."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from learningplans.looking_back.course import Cell, change
from learningplans.looking_back.course import courses as courses_of
from learningplans.looking_back.standing import Agreement, AgreementPlace, standings
from tests.kompetenz.wheel.wheels import SCALE

COMPETENCIES = {pk: SimpleNamespace(id=pk, name=f"Kompetenz {pk}") for pk in (1, 2, 3)}


def catalogue(*blocks):
    """A catalogue of these (category, ids of its competencies)."""
    categories = [
        SimpleNamespace(name=name, competencies=[COMPETENCIES[pk] for pk in members]) for name, members in blocks
    ]
    known = {competency.id: competency for category in categories for competency in category.competencies}
    return SimpleNamespace(categories=categories, by_id=known, scale=SCALE)


def courses(talks):
    """The courses over talks of so many rounds, (catalogue, levels), one a day."""
    days = [date(2026, 3, 1) + timedelta(days=number) for number in range(len(talks))]
    records = [Agreement(AgreementPlace(day, day, 1), *talk) for day, talk in zip(days, talks, strict=True)]
    return courses_of(standings(records))


def cell(level, change):
    return Cell(level, "" if level is None else SCALE.names[level], change)


ALL = catalogue(("A", [1, 2]), ("B", [3]))
WITHOUT_1 = catalogue(("A", [2]), ("B", [3]))


@pytest.mark.parametrize(
    ("before", "level", "expected"),
    [(1, 2, "+1"), (0, 3, "+3"), (2, 1, "−1"), (2, 2, ""), (None, 2, ""), (2, None, "")],
)
def test_a_change_says_how_many_levels_more_or_fewer(before, level, expected):
    assert change(before, level) == expected


def test_each_level_is_compared_with_the_step_before():
    steps = [(ALL, {1: 1, 2: 2, 3: 3}), (ALL, {1: 2, 2: 2, 3: 1})]

    assert [(course.competency.id, course.category, course.cells) for course in courses(steps)] == [
        (1, "A", (cell(1, ""), cell(2, "+1"))),
        (2, "A", (cell(2, ""), cell(2, ""))),
        (3, "B", (cell(3, ""), cell(1, "−2"))),
    ]


def test_what_comes_into_the_catalogue_is_new_and_what_leaves_it_is_said_too():
    steps = [(WITHOUT_1, {2: 1}), (ALL, {1: 1, 2: 1}), (WITHOUT_1, {2: 1}), (ALL, {1: 3, 2: 1})]

    found = {course.competency.id: course.cells for course in courses(steps)}

    assert found[1] == (
        cell(None, ""),
        cell(1, "neu"),
        cell(None, "nicht mehr im Katalog"),
        cell(3, "wieder im Katalog, +2"),
    )


def test_what_is_gone_from_the_catalogue_stands_last_in_its_category():
    found = courses([(ALL, {1: 1}), (WITHOUT_1, {2: 1})])

    assert [(course.category, course.competency.id) for course in found] == [("A", 2), ("A", 1), ("B", 3)]


def test_a_level_nobody_gave_goes_on():
    (first, *_) = courses([(ALL, {1: 1}), (ALL, {}), (ALL, {1: 2})])

    assert first.cells == (cell(1, ""), cell(1, ""), cell(2, "+1"))


def test_without_steps_there_is_no_course():
    assert courses([]) == []
