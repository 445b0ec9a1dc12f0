"""An attacker who adds and subtracts whatever was ever published finds nobody, and somebody as soon as one rule is left out."""

import random
from collections import Counter, defaultdict
from dataclasses import fields, replace
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kompetenz.results.suppression import (
    ALL_RULES,
    Group,
    Shares,
    SuppressionRules,
    cell,
    in_steps,
    in_words,
    response_in_words,
    rolled_up,
    says_something_about_fewer,
    shown,
    steps_for,
    together,
)
from tests.thorough import examples

K = 5
PRIME = (1 << 31) - 1  # far above every determinant of sets so small, so that modulo it everything is exact
PLACES = 12  # units, with those above them, of an invented administration


# Whom an attacker finds by exact numbers ----------------------------------------------------------


def found_by_an_attacker(sets, k):
    """The smallest people of whom, and of nobody else, some combination of these sets says something; none if k or more."""
    sets = list(dict.fromkeys(sets))  # what is published twice says nothing twice
    people = sorted(set().union(*sets))
    atoms = defaultdict(list)
    for one in people:
        atoms[tuple(int(one in members) for members in sets)].append(one)
    columns, sizes = list(atoms), [len(members) for members in atoms.values()]
    rows, pivots = reduced([list(row) for row in zip(*columns, strict=True)])
    small = [place for place, size in enumerate(sizes) if size < k]
    for number in range(1, k):
        for few in combinations(small, number):
            if sum(sizes[place] for place in few) < k and leaves_nobody_else(rows, pivots, few):
                return sorted(one for place in few for one in list(atoms.values())[place])
    return []


def reduced(rows):
    """The rows in reduced echelon form, and where each of them begins."""
    found, pivots = [], []
    for column in range(len(rows[0]) if rows else 0):
        row = next((row for row in rows if row[column]), None)
        if row is None:
            continue
        rows = [other for other in rows if other is not row]
        inverse = pow(row[column], -1, PRIME)
        row = [entry * inverse % PRIME for entry in row]
        rows, found = (
            [
                [(a - other[column] * b) % PRIME for a, b in zip(other, row, strict=True)] if other[column] else other
                for other in some
            ]
            for some in (rows, found)
        )
        found.append(row)
        pivots.append(column)
    return found, pivots


def leaves_nobody_else(rows, pivots, few):
    """Whether a combination of the rows that is not empty has nothing outside of ``few``; it is one of those that begin there."""
    begin = [row for row, pivot in zip(rows, pivots, strict=True) if pivot in few]
    outside = [place for place in range(len(rows[0])) if place not in few and place not in pivots]
    return len(reduced([[row[place] for place in outside] for row in begin])[1]) < len(begin)


# Invented administrations -------------------------------------------------------------------------


class Administration:
    """A few people in a tree of units and in roles, some in two; of more and more of them something is known."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.number = self.random.randint(6, 26)
        self.above = [None, *(self.random.randrange(place) for place in range(1, PLACES))]
        self.units = [self.random.randrange(PLACES) for _ in range(self.number)]
        roles = self.random.randint(1, 4)
        self.roles = [
            self.random.sample(range(roles), min(roles, 1 + (self.random.random() < 0.1))) for _ in range(self.number)
        ]
        self.counted = set()

    def time_passes(self):
        """Some talks more; now and then somebody moves, and somebody is forgotten."""
        for one in range(self.number):
            if self.random.random() < self.random.choice([0.1, 0.5, 0.9]):
                self.counted.add(one)
            if self.random.random() < 0.03:
                self.units[one] = self.random.randrange(PLACES)
            if self.random.random() < 0.02:
                self.counted.discard(one)

    def groups(self):
        members = defaultdict(set)
        for one in self.counted:
            members["all"].add(one)
            unit = self.units[one]
            while unit is not None:
                members[f"unit {unit}"].add(one)
                unit = self.above[unit]
            for role in self.roles[one]:
                members[f"role {role}"].add(one)
        return [Group(key, frozenset(map(str, people))) for key, people in members.items()]


def published(seed, publications, rules=ALL_RULES):
    """Every set that is ever shown."""
    administration, sets = Administration(seed), []
    for _ in range(publications):
        administration.time_passes()
        sets += [group.people for group in shown(administration.groups(), k=K, earlier=list(sets), rules=rules)]
    return sets


@settings(max_examples=examples(2000))
@given(st.integers(0, 1 << 40), st.integers(1, 3))
def test_nobody_is_found_however_much_is_published(seed, publications):
    sets = published(seed, publications)

    assert not sets or found_by_an_attacker(sets, K) == []


# Each rule by which sets are chosen, and after how many publications somebody is found without it.
FOUND_WITHOUT = {"least": 1, "combined": 1, "over_time": 2}


def test_there_is_no_rule_that_is_not_left_out_once():
    """The last one is about what is told of a set: without it levels are certain, see test_without_steps_it_would_be."""
    assert {field.name for field in fields(SuppressionRules)} == {*FOUND_WITHOUT, "steps"}


@pytest.mark.parametrize(("rule", "publications"), FOUND_WITHOUT.items())
def test_somebody_is_found_if_one_rule_is_left_out(rule, publications):
    rules = replace(ALL_RULES, **{rule: False})

    found = [found_by_an_attacker(sets, K) for seed in range(60) if (sets := published(seed, publications, rules))]

    assert [people for people in found if 0 < len(people) < K] != []


@given(st.integers(0, 1 << 40))
def test_what_is_left_out_would_have_said_something(seed):
    """Nothing is left out without need: beside the sets that are shown, each of the others would say something about fewer."""
    administration = Administration(seed)
    administration.time_passes()
    groups = administration.groups()
    kept = shown(groups, k=K)

    for group in groups:
        if group not in kept:
            larger = [one.people for one in kept if (-len(one.people), one.key) < (-len(group.people), group.key)]
            assert found_by_an_attacker([*larger, group.people], K) != []


def test_the_order_in_which_groups_come_makes_no_difference():
    administration = Administration(3)
    administration.time_passes()
    groups = administration.groups()

    assert shown(groups, k=K) == shown(groups[::-1], k=K)


def group(key, people):
    return Group(key, frozenset(people))


def people(start, number):
    return {str(one) for one in range(start, start + number)}


def test_a_remainder_of_few_is_not_left_over():
    everybody = group("all", people(0, 20))

    assert shown([everybody, group("unit", people(0, 17))], k=K) == [everybody]
    assert len(shown([everybody, group("unit", people(0, 15))], k=K)) == 2


def test_a_bridge_between_units_and_roles_is_found():
    """Both units and both roles have enough people; but of one unit only two are in the other's role, and none the other way."""
    first, second = people(0, 10), people(10, 10)
    sets = [group("unit", first), group("all", first | second), group("role", second | {"0", "1"})]

    assert [one.key for one in shown(sets, k=K)] == ["all", "role"]
    assert found_by_an_attacker([one.people for one in sets], K) == ["0", "1"]


def test_a_difference_between_few_and_few_is_something_too():
    """Three of one unit have the role of the other, one the other way: unit less role is those three less this one."""
    unit, role = people(0, 20), people(3, 18)
    sets = [group("all", people(0, 40)), group("unit", unit), group("role", role)]

    assert [one.key for one in shown(sets, k=K)] == ["all", "unit"]


def test_a_second_publication_needs_as_many_new_people():
    first = [people(0, 10)]

    assert shown([group("all", people(0, 13))], k=K, earlier=map(frozenset, first)) == []
    assert len(shown([group("all", people(0, 15))], k=K, earlier=map(frozenset, first))) == 1
    assert len(shown([group("all", people(0, 10))], k=K, earlier=map(frozenset, first))) == 1


def test_what_cannot_be_ruled_out_in_time_is_taken_to_be_there(monkeypatch):
    """Nine small cells of which no two hang together: nothing is settled without trying."""
    cells = {1 << unit | 1 << 3 + role: 3 for unit in range(3) for role in range(3)}
    assert not says_something_about_fewer(cells, K)

    monkeypatch.setattr("kompetenz.results.suppression.MOST_TRIES", 1)

    assert says_something_about_fewer(cells, K)


# What is told of a set ----------------------------------------------------------------------------


def numbers(people, places):
    """Every way in which so many people can be so many things."""
    if places == 1:
        yield (people,)
        return
    for first in range(people + 1):
        for others in numbers(people - first, places - 1):
            yield (first, *others)


def certain(possible):
    """What is certain of the numbers that are ``possible``: (which, that it is nobody or everybody)."""
    return [
        (place, values)
        for place, values in enumerate(map(set, zip(*possible, strict=True)))
        if values == {0} or values == {sum(possible[0])}
    ]


def below(pairs):
    return sum(number for (target, level), number in pairs.items() if level < target)


def told(possible, levels, rules, *, measures):
    """All of these ways, by what is told of them; each is numbers of people by (Soll, Ist), and how many of those below have a measure."""
    by_cell = defaultdict(list)
    for pairs in possible:
        for helped in range(below(pairs) + 1) if measures else [0]:
            by_cell[cell(pairs, levels, with_measure=helped, rules=rules)].append((pairs, helped))
    return by_cell


def everything_certain(possible, levels, rules=ALL_RULES, *, measures=False):
    """What an attacker who knows everybody's Soll can be sure of, out of all that is told of any of these ways."""
    targets = {target for target, _ in possible[0]}
    found = []
    for both in told(possible, levels, rules, measures=measures).values():
        alike = [pairs for pairs, _ in both]
        if measures:
            rows = [(helped, below(pairs) - helped, pairs.total() - below(pairs)) for pairs, helped in both]
            found += [one for one in certain(rows) if one[0] < 2]
        by_level = [[sum(pairs[target, level] for target in targets) for level in range(levels)] for pairs in alike]
        found += certain(by_level)
        if len(targets) == 1:
            (target,) = targets
            related = [[sum(row[:target]), row[target], sum(row[target + 1 :])] for row in by_level]
            there = [target > 0, True, target < levels - 1]  # nobody is below the lowest, nor above the highest
            found += [one for one in certain(related) if there[one[0]]]
    return found


def with_targets(targets, levels):
    """Every way in which people can have levels, ``targets`` saying how many have which Soll."""
    each = [[(target, row) for row in numbers(number, levels)] for target, number in targets.items()]
    return [
        Counter({(target, level): number for target, row in rows for level, number in enumerate(row)})
        for rows in product(*each)
    ]


@pytest.mark.any_day
@pytest.mark.parametrize("number", [*range(K, 13), 20, 21, 22])
def test_where_all_have_the_same_soll_nobodys_level_is_certain(number):
    found = [everything_certain(with_targets({target: number}, 4), 4) for target in range(4)]

    assert found == [[]] * 4


@pytest.mark.any_day
@pytest.mark.parametrize("targets", [{0: 2, 1: 3}, {1: 3, 2: 3}, {0: 1, 2: 6}, {0: 2, 1: 3, 2: 2}, {1: 4, 2: 4}])
def test_nor_is_it_where_their_soll_differs_and_is_known(targets):
    assert everything_certain(with_targets(targets, 3), 3) == []


@pytest.mark.any_day
@pytest.mark.parametrize("number", [*range(K, 13), 20, 21, 22])
def test_nor_is_it_certain_whether_somebody_below_has_a_measure(number):
    """Nor does it, told beside them, make anything else certain."""
    found = [everything_certain(with_targets({target: number}, 3), 3, measures=True) for target in (1, 2)]

    assert found == [[]] * 2


def test_without_steps_it_would_be():
    rules = replace(ALL_RULES, steps=False)

    found = everything_certain(with_targets({1: 6}, 2), 2, rules, measures=True)

    assert {place for place, _ in found} == {0, 1}


def test_without_steps_it_is_certain_where_all_have_the_same():
    assert everything_certain(with_targets({1: 6}, 3), 3, replace(ALL_RULES, steps=False)) != []


@settings(max_examples=examples(500))
@given(st.lists(st.integers(0, 60), min_size=2, max_size=10).filter(lambda counts: sum(counts) >= K))
def test_no_steps_are_nobody_or_somebody_among_many(counts):
    """For whoever reads that (nearly) nobody has something, there is always another way, in which somebody has it."""
    steps = steps_for(sum(counts))
    shares = in_steps(counts, steps)

    assert sum(shares) == steps
    for place, number in enumerate(counts):
        if number == 0:
            assert shares[place] == 0
            assert any(in_steps(other, steps) == shares for other in with_somebody(counts, place))


def with_somebody(counts, place):
    """The same people, one of whom has what nobody had, and perhaps another something else."""
    for giver, other, taker in product(range(len(counts)), repeat=3):
        changed = list(counts)
        changed[giver] -= 1
        changed[place] += 1
        changed[other] -= 1
        changed[taker] += 1
        if min(changed) >= 0 and changed[place]:
            yield changed


@pytest.mark.parametrize(
    ("number", "everybody_but_one"),
    [(5, ("fast alle", "fast niemand")), (20, ("fast alle", "fast niemand")), (300, ("fast alle", "fast niemand"))],
)
def test_all_and_all_but_one_read_the_same(number, everybody_but_one):
    words = [
        tuple(in_words(share, steps_for(number)) for share in in_steps(counts, steps_for(number)))
        for counts in ([number, 0], [number - 1, 1])
    ]

    assert words == [everybody_but_one] * 2


def test_shares_are_told_in_tenths_thirds_and_halves():
    assert [in_words(share, 10) for share in (1, 5, 9)] == ["10 %", "50 %", "90 %"]
    assert [in_words(share, 3) for share in range(4)] == ["fast niemand", "⅓", "⅔", "fast alle"]
    assert [steps_for(number) for number in (5, 6, 7, 20, 21)] == [2, 2, 3, 3, 10]
    assert in_words(1, 2) == "½"


def test_a_cell_tells_the_same_of_soll_and_levels():
    """Ten of 60 people are below their Soll, ten above; at either of two levels there are thirty."""
    pairs = {(1, 1): 20, (1, 2): 10, (2, 1): 10, (2, 2): 20}

    assert cell(pairs, 4, with_measure=5) == Shares(relations=(2, 6, 2), levels=(0, 5, 5, 0), measures=(1, 1))


def test_those_below_are_told_with_and_without_a_measure_and_together_they_are_all_below():
    pairs = {(2, 1): 30, (2, 2): 30}

    found = {helped: cell(pairs, 4, with_measure=helped).measures for helped in (0, 1, 2, 6, 24, 29, 30)}

    assert found == {0: (0, 5), 1: (0, 5), 2: (0, 5), 6: (1, 4), 24: (4, 1), 29: (5, 0), 30: (5, 0)}
    assert cell({(2, 2): 30}, 4, with_measure=0).measures == (0, 0)


def test_several_competencies_tell_nothing_that_each_does_not():
    cells = [
        Shares((10, 0, 0), (10, 0), (6, 4)),
        Shares((5, 5, 0), (5, 5), (0, 5)),
        Shares((0, 9, 1), (0, 10), (0, 0)),
    ]

    assert together(cells) == Shares((5, 5, 0), (5, 5), (2, 3))
    assert together([Shares((0, 10, 0), (0, 10), (0, 0))] * 2).measures == (0, 0)


def test_what_few_people_have_is_told_together_with_others():
    """Whatever of these sums is added and subtracted, at least k people remain."""
    some = {"a": range(7), "b": range(3), "c": range(10, 12), "d": range(20, 26)}
    sets = {name: frozenset(people) for name, people in some.items()}

    assert rolled_up(sets, k=5) == [["a"], ["d"], ["b", "c"]]
    assert rolled_up({name: sets[name] for name in "abd"}, k=5) == [["a"], ["b", "d"]]
    assert rolled_up({name: sets[name] for name in "ad"}, k=5) == [["a"], ["d"]]
    assert rolled_up({"b": sets["b"]}, k=5) == rolled_up({}, k=5) == []


@given(st.dictionaries(st.text("abcdef", min_size=1), st.frozensets(st.integers(0, 15)), max_size=8))
def test_no_bundle_is_of_few_and_nothing_is_told_twice(sets):
    bundles = rolled_up(sets, k=K)

    names = [name for bundle in bundles for name in bundle]
    assert all(len(set().union(*(sets[name] for name in bundle))) >= K for bundle in bundles)
    assert sorted(names) == (sorted(sets) if bundles else [])


def test_response_is_told_in_the_steps_of_all_shares():
    """Of a dozen nobody reads whether all have an agreed Ist or all but one."""
    told = [response_in_words(agreed, 40) for agreed in (0, 2, 20, 33, 37, 39, 40)]
    of_few = [response_in_words(agreed, 12) for agreed in (0, 1, 5, 9, 11, 12)]

    assert told == ["fast niemand", "10 %", "50 %", "80 %", "90 %", "fast alle", "fast alle"]
    assert of_few == ["fast niemand", "fast niemand", "⅓", "⅔", "fast alle", "fast alle"]
    assert [response_in_words(agreed, 5) for agreed in range(6)] == ["fast niemand"] * 2 + ["½", "½"] + [
        "fast alle"
    ] * 2
