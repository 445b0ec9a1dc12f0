"""How much stands where on a paper: names and values at its head, and what is too long to be kept together. Without Django."""

from collections.abc import Iterable, Sequence

SHORT = 34  # characters that stand in one or two lines of half a row

A_FEW = 9  # lines, a fifth of a page

Fact = tuple[str, str]


def side_by_side(facts: Iterable[tuple[str, object]]) -> Sequence[Sequence[Fact]]:
    """Rows of one or two facts, in their order: two where both are short. What has no value is left out."""
    rows: list[list[Fact]] = []
    for name, value in facts:
        fact = (name, "" if value is None else str(value))
        if not fact[1]:
            continue
        if rows and len(rows[-1]) == 1 and len(fact[1]) <= SHORT and len(rows[-1][0][1]) <= SHORT:
            rows[-1].append(fact)
        else:
            rows.append([fact])
    return rows


def lines_in(facts: Iterable[Sequence[Fact]]) -> int:
    """About how many lines these rows take."""
    in_a_line = {1: 2.6 * SHORT, 2: SHORT}
    return sum(max(1 + int(len(value) // in_a_line[len(row)]) for _, value in row) for row in facts)


def takes_room(text: str, in_a_line: int = 70) -> str:
    """Say "long" if a text takes so much of a page that it may be broken; the name of a class, empty if there is none."""
    lines = sum(1 + len(line) // in_a_line for line in (text or "").splitlines())
    return "long" if lines > A_FEW else ""
