"""Gaps and differences are plain subtraction; whatever the levels, these sentences hold."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.talk.gaps import Difference, Gap, differences, find_gaps


@dataclass(frozen=True)
class Competency:
    id: int


COMPETENCIES = [Competency(number) for number in range(8)]
A, B, C, D = COMPETENCIES[:4]
LEVEL = st.integers(0, 3)
TARGETS = st.dictionaries(st.integers(0, 7), LEVEL)
ANSWERS = st.dictionaries(st.integers(0, 7), st.none() | LEVEL)
REQUIRED = st.sets(st.integers(0, 7))


def test_required_gaps_come_first_then_larger_ones_then_the_order_of_the_wheel():
    targets, actual = {0: 1, 1: 3, 2: 3, 3: 2}, {0: 0, 1: 0, 2: 2, 3: 1}

    gaps = find_gaps([A, B, C, D], targets, actual, required={0, 2, 3})

    assert gaps == [Gap(A, 1, 0, True), Gap(C, 3, 2, True), Gap(D, 2, 1, True), Gap(B, 3, 0, False)]
    assert [gap.size for gap in gaps] == [1, 1, 1, 3]


@pytest.mark.parametrize("required", [set(), {0, 1, 2}])
def test_of_gaps_equally_necessary_the_larger_comes_first(required):
    gaps = find_gaps([A, B, C], {0: 1, 1: 3, 2: 2}, {0: 0, 1: 0, 2: 0}, required)

    assert [(gap.competency, gap.size) for gap in gaps] == [(B, 3), (C, 2), (A, 1)]


def test_a_competency_nobody_has_looked_at_is_no_gap():
    assert find_gaps([A, B], {0: 3, 1: 3}, {0: None}, required=set()) == []


@given(TARGETS, ANSWERS, REQUIRED)
def test_the_gaps_are_exactly_the_competencies_below_their_soll(targets, actual, required):
    gaps = find_gaps(COMPETENCIES, targets, actual, required)

    below = {pk for pk, target in targets.items() if actual.get(pk) is not None and actual[pk] < target}
    assert {gap.competency.id for gap in gaps} == below
    assert len(gaps) == len(below)
    assert all(1 <= gap.size <= 3 for gap in gaps)


@given(TARGETS, ANSWERS, REQUIRED)
def test_the_order_of_gaps_is_required_then_size_then_wheel(targets, actual, required):
    gaps = find_gaps(COMPETENCIES, targets, actual, required)

    order = [(gap.competency.id not in required, -gap.size, gap.competency.id) for gap in gaps]
    assert order == sorted(order)


@given(ANSWERS, ANSWERS)
def test_differences_name_every_competency_once_the_largest_first(own, manager):
    pairs = differences(COMPETENCIES, own, manager)

    assert sorted(pair.competency.id for pair in pairs) == list(range(8))
    order = [(-pair.distance, pair.competency.id) for pair in pairs]
    assert order == sorted(order)


@given(st.none() | LEVEL, st.none() | LEVEL)
def test_a_difference_has_no_direction_and_needs_two_views(own, manager):
    there, back = Difference(A, own, manager), Difference(A, manager, own)

    assert there.distance == back.distance
    assert (there.distance > 0) == (own is not None and manager is not None and own != manager)
