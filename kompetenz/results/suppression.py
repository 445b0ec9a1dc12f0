"""What many people's numbers may say without saying anything about few of them: four rules, without Django.

1. every set that is shown has at least ``k`` people;
2. nothing about fewer can be worked out: of no combination of the shown sets, however they are added and subtracted, fewer than ``k``
   people remain. People who belong to the same sets are one atom. A combination is a row of one number per atom; whose number is not
   0, of those it says something. For units beside roles these are the cuts of a graph (Gusfield 1988), the bridges among them;
3. of a set nobody's value is certain: shares are shown in steps, and what nobody or everybody has reads like what one person has, or
   all but one;
4. what was published before counts: its sets are combined with the new ones.

What would break rule 2 is left out, smaller sets before larger ones, the same every time. Sets are judged as if every number of theirs
were known exactly; the steps come on top.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

PRIME = (
    1 << 61
) - 1  # numbers are exact modulo it; no combination of sets of people is small enough to be a multiple by accident
MOST_TRIES = 2000  # for one combination; what cannot be ruled out by then is taken to be there

FINE, COARSE, COARSEST = 10, 3, 2  # steps in which a share is told
UP_TO_COARSE, UP_TO_COARSEST = 20, 6  # people
RELATIONS = 3  # below, at and above the Soll

Column = dict[int, int]  # of an atom: how often each unknown counts in it


@dataclass(frozen=True)
class Group:
    """A set of people whose numbers are wanted, known by its ``key``; people are any names that stay the same over time."""

    key: str
    people: frozenset[str]


@dataclass(frozen=True)
class SuppressionRules:
    """Which rules hold. All of them, always; that each is needed, a test shows by leaving out one."""

    least: bool = True
    combined: bool = True
    steps: bool = True
    over_time: bool = True


ALL_RULES = SuppressionRules()


# SuppressionRules 1, 2 and 4: which sets -----------------------------------------------------------------------


def shown(
    groups: Iterable[Group], *, k: int, earlier: Iterable[frozenset[str]] = (), rules: SuppressionRules = ALL_RULES
) -> list[Group]:
    """Those of ``groups`` that may be shown together, and beside the sets that were published ``earlier``; the largest first."""
    wanted = sorted(groups, key=lambda group: (-len(group.people), group.key))
    small = [group for group in wanted if len(group.people) < k]
    large = [group for group in wanted if len(group.people) >= k]
    before = list(earlier) if rules.over_time else []
    kept = _kept(large, before, k) if rules.combined else large
    return kept if rules.least else [*kept, *small]


def _kept(groups: Sequence[Group], earlier: Sequence[frozenset[str]], k: int) -> list[Group]:
    """As many of ``groups``, from the first on, as rule 2 allows.

    More sets never say less, so a run of them that may be shown as a whole is taken as a whole, and else halved.
    """
    patterns = _patterns([*earlier, *(group.people for group in groups)])
    taken = (1 << len(earlier)) - 1
    kept: list[Group] = []
    runs = [(0, len(groups))] if groups else []
    while runs:
        start, end = runs.pop()
        wanted = taken | ((1 << end) - (1 << start)) << len(earlier)
        if not says_something_about_fewer(_atoms(patterns, wanted), k):
            taken = wanted
            kept += groups[start:end]
        elif end - start > 1:
            middle = (start + end) // 2
            runs += [(middle, end), (start, middle)]
    return kept


def _patterns(sets: Sequence[frozenset[str]]) -> Counter[int]:
    """How many people belong to the same of these sets; a set's place is a bit."""
    belongs: dict[str, int] = defaultdict(int)
    for place, people in enumerate(sets):
        for person in people:
            belongs[person] |= 1 << place
    return Counter(belongs.values())


def _atoms(patterns: Mapping[int, int], wanted: int) -> dict[int, int]:
    """The same for the wanted sets alone."""
    atoms: dict[int, int] = defaultdict(int)
    for pattern, number in patterns.items():
        atoms[pattern & wanted] += number
    return atoms


def says_something_about_fewer(atoms: Mapping[int, int], k: int) -> bool:
    """Whether some combination of sets leaves fewer than ``k`` people, but not none.

    ``atoms`` maps the sets that people belong to, as bits, to the number of these people. The unknowns are how often each set is
    added or subtracted; what an atom then counts is its column.
    """
    columns = [(dict.fromkeys(_places(sets), 1), number) for sets, number in atoms.items() if sets]
    return _Search().finds(columns, [], k)


def _places(bits: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


class _Search:
    """The search for a combination that leaves few people."""

    def __init__(self) -> None:
        self.tries = 0

    def finds(self, columns: list[tuple[Column, int]], remaining: list[Column], left: int) -> bool:
        """Whether there is one that leaves fewer than ``left`` people of ``columns``, and whoever it likes of ``remaining``.

        What ``left`` people or more have in common cannot remain, so it counts 0, which settles an unknown. Atoms whose columns
        are multiples of each other remain together or not at all. Once neither leads on, the largest that is left counts 0, or
        remains.
        """
        self.tries += 1
        if self.tries > MOST_TRIES:
            return True
        columns = _together(columns)
        while large := [column for column, number in columns if number >= left]:
            settled = _settled(large)
            columns = _together([(_with(column, settled), number) for column, number in columns])
            remaining = [_with(column, settled) for column in remaining]
        if not columns:
            return any(remaining)
        largest, number = max(columns, key=lambda one: (one[1], sorted(one[0])))
        settled = _settled([largest])
        others = [one for one in columns if one[0] is not largest]
        if self.finds(
            [(_with(column, settled), count) for column, count in others],
            [_with(column, settled) for column in remaining],
            left,
        ):
            return True
        return self.finds(others, [*remaining, largest], left - number)


def _together(columns: Iterable[tuple[Column, int]]) -> list[tuple[Column, int]]:
    """Columns that are multiples of each other as one; without those that count nothing."""
    numbers: dict[tuple[tuple[int, int], ...], int] = defaultdict(int)
    for column, number in columns:
        if column:
            numbers[_scaled(column)] += number
    return [(dict(column), number) for column, number in numbers.items()]


def _scaled(column: Column) -> tuple[tuple[int, int], ...]:
    """The multiple of it that begins with 1."""
    entries = sorted(column.items())
    if entries[0][1] == 1:
        return tuple(entries)
    inverse = pow(entries[0][1], -1, PRIME)
    return tuple((unknown, times * inverse % PRIME) for unknown, times in entries)


def _settled(columns: Iterable[Column]) -> dict[int, Column]:
    """What unknowns are, in terms of the others, if all these columns count 0."""
    settled: dict[int, Column] = {}
    for column in columns:
        entries = _with(column, settled)
        if not entries:
            continue
        unknown, times = max(entries.items())
        inverse = pow(-times, -1, PRIME)
        rest = {other: count * inverse % PRIME for other, count in entries.items() if other != unknown}
        for known, terms in settled.items():
            if unknown in terms:
                settled[known] = _with(terms, {unknown: rest})
        settled[unknown] = rest
    return settled


def _with(column: Column, settled: Mapping[int, Column]) -> Column:
    """``column`` without the unknowns that are settled."""
    if settled.keys().isdisjoint(column):
        return column
    found: Column = defaultdict(int)
    for unknown, times in column.items():
        for other, count in settled.get(unknown, {unknown: 1}).items():
            found[other] = (found[other] + times * count) % PRIME
    return {unknown: times for unknown, times in found.items() if times}


# Rule 3: what is told of a set ----------------------------------------------------------------------


def steps_for(people: int) -> int:
    """In how many steps a share of so many people is told: so few that each stands for more than one number of them."""
    if people > UP_TO_COARSE:
        return FINE
    return COARSE if people > UP_TO_COARSEST else COARSEST


def in_steps(counts: Sequence[int], steps: int) -> tuple[int, ...]:
    """How many of the ``steps`` each of these numbers of people gets; together all of them.

    A single person counts among the largest number, so that 0 steps are nobody or somebody. The steps go where most of a whole one
    is, the first of equals before the others.
    """
    largest = max(range(len(counts)), key=lambda place: (counts[place], -place))
    singles = sum(1 for place, count in enumerate(counts) if count == 1 and place != largest)
    numbers = [0 if count == 1 else count for count in counts]
    numbers[largest] = counts[largest] + singles
    return _apportioned(numbers, steps)


def _apportioned(numbers: Sequence[int], steps: int) -> tuple[int, ...]:
    """By largest remainders; no step where there is nobody."""
    total = sum(numbers)
    if not total:
        return (0,) * len(numbers)
    whole = [number * steps // total for number in numbers]
    rest = sorted(range(len(numbers)), key=lambda place: (-(numbers[place] * steps % total), place))
    for place in rest[: steps - sum(whole)]:
        whole[place] += 1
    return tuple(whole)


@dataclass(frozen=True)
class Shares:
    """What is told of one set and one competency, in steps: below, at and above the Soll; and each level from 0 on.

    ``measures`` are those below: with an agreed measure for it, and without; empty where that is not told.
    """

    relations: tuple[int, ...]
    levels: tuple[int, ...]
    measures: tuple[int, ...]


def cell(
    pairs: Mapping[tuple[int, int], int], levels: int, *, with_measure: int | None, rules: SuppressionRules = ALL_RULES
) -> Shares:
    """What may be told of people by their (Soll, Ist), on a scale of so many ``levels``.

    Relations and levels are sums of the same steps: told one by one they would, where all have the same Soll, say more together.
    The steps that are told to be below are told once more, as those ``with_measure``, which are so many of those below, and the others;
    None: that is not told.
    """
    numbers: Counter[tuple[int, int]] = Counter()
    for (target, actual), number in pairs.items():
        numbers[(actual > target) - (actual < target) + 1, actual] += number
    places = [(relation, level) for level in range(levels) for relation in range(RELATIONS)]
    counts = [numbers[place] for place in places]
    told = dict(zip(places, in_steps(counts, steps_for(sum(counts))) if rules.steps else counts, strict=True))
    relations = tuple(sum(told[relation, level] for level in range(levels)) for relation in range(RELATIONS))
    by_level = tuple(sum(told[relation, level] for relation in range(RELATIONS)) for level in range(levels))
    if with_measure is None:
        return Shares(relations, by_level, ())
    below = sum(number for (target, actual), number in pairs.items() if actual < target)
    split = with_measure, below - with_measure
    return Shares(relations, by_level, in_steps(split, relations[0]) if rules.steps else split)


def together(cells: Sequence[Shares]) -> Shares:
    """Several competencies of one set as one: the mean of what is told of each, so that nothing is told beside it."""
    steps = sum(cells[0].relations)
    relations = _mean([one.relations for one in cells], steps)
    return Shares(
        relations,
        _mean([one.levels for one in cells], steps),
        _mean([one.measures for one in cells], relations[0]),
    )


def _mean(shares: Sequence[Sequence[int]], steps: int) -> tuple[int, ...]:
    """In whole ``steps``, all of them together, as in in_steps."""
    return _apportioned([sum(parts) for parts in zip(*shares, strict=True)], steps)


def response_in_words(agreed: int, people: int) -> str:
    """How many of so many ``people`` have an agreed Ist, in the steps in which every share is told."""
    steps = steps_for(people)
    return in_words(in_steps((agreed, people - agreed), steps)[0], steps)


def rolled_up(sets: Mapping[str, frozenset[int]], *, k: int) -> list[list[str]]:
    """Which names are told together, so that what is told of each bundle is about at least ``k`` people: their sums
    then never are of fewer.

    Each with enough people stands alone, in their order; the others are one, and if that is too few, together with the
    smallest of those that stand alone. None if even all of them are too few.
    """
    alone = [name for name, people in sets.items() if len(people) >= k]
    rest = [name for name in sets if name not in alone]
    people = frozenset[int]().union(*(sets[name] for name in rest))
    if rest and len(people) < k:
        if not alone:
            return []
        smallest = min(alone, key=lambda name: (len(sets[name]), name))
        alone.remove(smallest)
        rest.append(smallest)
    return [[name] for name in alone] + ([rest] if rest else [])


NOT_TOLD = "–"


def in_words(share: int, steps: int) -> str:
    """A share as people read it."""
    if share == 0:
        return "fast niemand"
    if share == steps:
        return "fast alle"
    return f"{100 * share // steps} %" if steps == FINE else {(1, 2): "½", (1, 3): "⅓", (2, 3): "⅔"}[share, steps]
