"""Many ids written short: those of everybody in a round are one span or a few."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST = 18  # digits; more is no id and fits in no database


def written(spans: Iterable[tuple[int, int]]) -> str:
    """Spans, as ``merged`` gives them: "17-10016,10020"."""
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)


@dataclass(frozen=True)
class Spans:
    """What ``written`` has written, whoever has written it: single ids, and spans that name ids which may not be there."""

    single: frozenset[int]
    spans: tuple[tuple[int, int], ...]

    def among(self, ids: Iterable[int]) -> set[int]:
        """Those of ``ids`` that are meant."""
        starts = [first for first, _ in self.spans]
        return {one for one in ids if one in self.single or self._spanned(starts, one)}

    def _spanned(self, starts: list[int], one: int) -> bool:
        place = bisect_right(starts, one)
        return place > 0 and one <= self.spans[place - 1][1]


def read(texts: Iterable[str]) -> Spans:
    """The ids in these texts; what is none, or a span the wrong way round, is left out."""
    single, spans = set(), []
    for part in (part for text in texts for part in text.split(",")):
        first, dash, last = part.partition("-")
        if is_id(first) and not dash:
            single.add(int(first))
        elif is_id(first) and is_id(last) and int(first) <= int(last):
            spans.append((int(first), int(last)))
    return Spans(frozenset(single), merged(spans))


def is_id(text: str) -> bool:
    return text.isdecimal() and len(text) <= LONGEST


def merged(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Spans in ascending order, those that overlap or follow each other as one."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)
