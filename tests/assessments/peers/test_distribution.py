"""What of colleagues' answers may be shown: never too few, never a mean, never what gives everybody's answer away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.peers import distribution
from assessments.peers.distribution import LEAST, Distribution, may_be_shown
from tests.kompetenz.wheel.wheels import SCALE

COUNTS = st.lists(st.integers(0, 8), min_size=4, max_size=4)
MINIMUM = st.integers(-1, 10)


def of(*counts):
    return Distribution(counts, SCALE)


def distributions(tallies, minimum):
    return distribution.distributions(tallies, minimum, SCALE)


def tallies(counts, competency=1):
    return [(competency, level, count) for level, count in enumerate(counts)]


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([0, 2, 3, 1], True),
        ([0, 0, 4, 1], True),
        ([0, 0, 4, 0], False),  # four
        ([1, 1, 1, 1], False),
        ([0, 0, 5, 0], False),  # five, all the same
        ([0, 0, 0, 0], False),
    ],
)
def test_five_answers_are_shown_unless_all_are_the_same(counts, shown):
    assert distributions(tallies(counts), 5) == ({1: of(*counts)} if shown else {})


def test_every_competency_is_counted_for_itself():
    enough, too_few, alike = tallies([0, 2, 3, 1], 1), tallies([0, 2, 2, 0], 2), tallies([0, 6, 0, 0], 3)

    assert distributions([*alike, *enough, *too_few], 5) == {1: of(0, 2, 3, 1)}


def test_a_level_nobody_gave_needs_no_tally():
    assert distributions([(1, 3, 2), (1, 1, 3)], 5) == {1: of(0, 3, 0, 2)}


def test_a_distribution_says_itself_in_words_and_in_shares():
    given = of(0, 2, 3, 1)

    assert str(given) == "keine 0 · Kenner 2 · Könner 3 · Experte 1"
    assert (given.answers, given.shares) == (
        6,
        [("keine", 0, 0), ("Kenner", 2, 33), ("Könner", 3, 50), ("Experte", 1, 17)],
    )


@pytest.mark.parametrize("minimum", [-1, 0, 1, 2, 3])
def test_two_answers_are_never_shown_whatever_is_set(minimum):
    assert [may_be_shown(answers, 1, minimum) for answers in range(2, 4)] == [False, True]


@given(COUNTS, MINIMUM)
def test_what_is_shown_has_enough_answers_and_at_least_two_levels(counts, minimum):
    for shown in distributions(tallies(counts), minimum).values():
        assert shown.answers >= max(minimum, LEAST)
        assert sum(1 for count in shown.counts if count) > 1
        assert shown.counts == tuple(counts)


@given(COUNTS, MINIMUM)
def test_a_higher_minimum_never_shows_more(counts, minimum):
    assert distributions(tallies(counts), minimum + 1).keys() <= distributions(tallies(counts), minimum).keys()


@given(st.permutations(tallies([1, 2, 3, 0], 1) + tallies([0, 3, 1, 1], 2)))
def test_the_order_of_the_tallies_changes_nothing(rows):
    assert distributions(rows, 5) == {1: of(1, 2, 3, 0), 2: of(0, 3, 1, 1)}
