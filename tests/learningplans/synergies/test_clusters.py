"""Equal goals as clusters, shared out over groups, and what these save: properties, and one calculation by hand."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from learningplans.synergies.clusters import (
    Cluster,
    Pursuit,
    Saving,
    Single,
    Terms,
    clusters,
    group_sizes,
    prospects,
    says_that_all_of_them,
    shown,
)

PURSUITS = st.lists(
    st.builds(Pursuit, st.integers(1, 30), st.integers(1, 4), from_level=st.integers(0, 1), to_level=st.integers(1, 2))
)
TERMS = st.tuples(st.integers(2, 20), st.integers(2, 20)).map(lambda two: Terms(seats=max(two), smallest=min(two)))


@given(PURSUITS)
def test_everybody_is_in_the_cluster_of_each_of_their_goals_and_nobody_is_in_one_twice(pursuits):
    found = {(one.competency, one.from_level, one.to_level): one.people for one in clusters(pursuits * 2)}

    ways = {one.way for one in pursuits}
    assert found == {way: len({one.person for one in pursuits if one.way == way}) for way in ways}


def test_the_largest_comes_first():
    two, three = [Pursuit(one, 1, 0, 1) for one in (1, 2)], [Pursuit(one, 2, 0, 1) for one in (1, 2, 3)]

    assert [one.people for one in clusters(two + three)] == [3, 2]


@given(PURSUITS.flatmap(lambda some: st.tuples(st.just(some), st.permutations(some))))
def test_the_order_in_which_goals_come_makes_no_difference(both):
    first, second = map(clusters, both)

    assert first == second
    singles = {1: Single(Decimal(400), Decimal(16)), 2: Single(Decimal(80), Decimal(4))}
    assert prospects(first, singles, Terms()) == prospects(second[::-1], singles, Terms())


@given(st.integers(0, 500), TERMS)
def test_groups_are_neither_too_small_nor_too_large_and_nobody_is_in_two(people, terms):
    sizes = group_sizes(people, terms)

    assert all(terms.smallest <= size <= terms.seats for size in sizes)
    assert sum(sizes) <= people
    assert max(sizes, default=0) - min(sizes, default=0) <= 1


@given(st.integers(0, 500), TERMS)
def test_nobody_is_left_over_who_would_fit_in(people, terms):
    """Either there is a place for everybody, or one more group would be too small."""
    sizes = group_sizes(people, terms)

    assert sum(sizes) == people or people // (len(sizes) + 1) < terms.smallest


@given(PURSUITS, st.integers(5, 7))
def test_only_what_many_and_not_nearly_all_have_is_shown(pursuits, k):
    everybody = len({one.person for one in pursuits})

    found = shown(clusters(pursuits), everybody=everybody, k=k)

    assert all(one.people >= k and everybody - one.people >= k for one in found)
    for competency in range(1, 5):
        of_one = [one.people for one in found if one.competency == competency]
        assert not of_one or everybody - sum(of_one) >= k


def test_of_as_many_as_have_to_be_it_is_shown():
    found = [Cluster(1, 0, 1, 8), Cluster(1, 1, 2, 7), Cluster(1, 0, 2, 5), Cluster(2, 0, 1, 5), Cluster(3, 0, 1, 4)]

    assert shown(found, everybody=20, k=5) == [found[0], found[1], found[3]]
    assert shown(found, everybody=19, k=5) == [found[0], found[2], found[3]]
    assert shown(found, everybody=9, k=5) == []


def test_of_two_tallies_it_is_known_whether_all_who_came_or_went_have_one_way():
    def says(before, now, **numbers):
        few, many = ([Cluster(1, 0, 1, number)] if number else [] for number in (before, now))
        return says_that_all_of_them(few, many, **{"came": 0, "went": 0, "k": 5} | numbers)

    assert [says(5, now, came=5) for now in (9, 10)] == [False, True]
    assert [says(0, now, came=5) for now in (8, 9)] == [False, True]  # not told: it may have been four
    assert [says(before, 5, went=5) for before in (9, 10)] == [False, True]
    assert [says(before, 0, came=9, went=5) for before in (8, 9)] == [False, True]
    assert (says(5, 6, came=1), says(6, 5, went=1)) == (True, True)
    assert not says(5, 5)
    assert not says(0, 0, came=1)


def test_what_fourteen_people_save_is_reckoned_as_it_is_shown():
    saving = Saving([14], Single(Decimal(400), Decimal(16)), Terms())

    assert (saving.singly, saving.in_groups, saving.euros) == (5600, 2900, 2700)
    assert (saving.hours, saving.cheaper_from) == (42, 8)


def test_where_single_bookings_are_cheaper_it_says_so():
    saving = Saving([5], Single(Decimal(80), Decimal(8)), Terms())

    assert (saving.euros, saving.cheaper_from) == (-1050, None)
    assert Saving([5], Single(Decimal(0), Decimal(8)), Terms()).cheaper_from is None


def test_a_group_that_is_cheaper_when_all_its_seats_are_taken_is_so_from_there_on():
    def cheaper_from(seats):
        return Saving([seats], Single(Decimal(400), Decimal(16)), Terms(seats=seats)).cheaper_from

    assert (cheaper_from(8), cheaper_from(7)) == (8, None)


def test_saving_a_little_comes_before_what_cannot_be_compared():
    found = [Cluster(1, 0, 1, 10), Cluster(2, 0, 1, 10)]

    ranked = prospects(found, {2: Single(Decimal(10), Decimal(8))}, Terms(fee=Decimal("99.5")))

    assert [(one.cluster.competency, one.saving and one.saving.euros) for one in ranked] == [
        (2, Decimal("0.5")),
        (1, None),
    ]


def test_who_serves_most_comes_first_and_of_equals_who_saves_most():
    found = [Cluster(1, 0, 1, 8), Cluster(2, 0, 1, 8), Cluster(3, 0, 1, 20), Cluster(4, 0, 1, 4)]

    ranked = prospects(found, {2: Single(Decimal(400), Decimal(16))}, Terms())

    assert [one.cluster.competency for one in ranked] == [3, 2, 1, 4]
    assert [one.saving is None for one in ranked] == [True, False, True, True]
    assert [one.sizes for one in ranked] == [[10, 10], [8], [8], []]
