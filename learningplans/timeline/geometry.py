"""Where everything of a Lernpfad lies; arithmetic only.

Pixels (the SVG's units): x from where the months begin, y downwards from the picture's upper edge. From top to bottom:
the months' names, the talks, a row for each measure, the word for today, the key. A browser may stretch x.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, pairwise
from typing import Protocol

from kompetenz.wheel.labels import LINE_HEIGHT, text_width, wrap

from .model import FORMS, Mark, Stretch, Timeline
from .months import first_day, short_name

HEAD, FOOT = 26, 24  # for the months' names, and for today
RIGHT = 22  # room for what marks the end of a bar
BAR = 16
SHORTEST = 9  # that a single day of three years can still be seen
BEHIND = 10  # from a bar's end to the sign of its state
NUMBER = 22  # room for a measure's number
MARK_ROOM = 20  # between two talks of one line
ROW, ROW_PADDING, EMPTY_ROW = 30, 12, 44
KEY_ROW, KEY_SIGN = 20, 24
MOST_LINES = 3
MONTHS_BETWEEN_NAMES = (1, 2, 3, 4, 6, 12, 24, 60, 120, 600, 1200, 6000, 12000)

Point = tuple[float, float]


class PlaceOfDay(Protocol):
    """Where a day begins, as x; ``later`` is a part of it, or 1 for its end."""

    def __call__(self, day: date, later: float = 0) -> float: ...


@dataclass(frozen=True)
class PathFrame:
    """The narrowest picture a drawing is made for: with the measures' titles to the left, or only their numbers."""

    width: int
    left: int
    font: int
    titles: bool

    @property
    def room(self) -> int:
        """For the months."""
        return self.width - self.left - RIGHT


@dataclass(frozen=True)
class Bar:
    """A measure: its corners, the lines of its title, and where the sign of its state stands."""

    stretch: Stretch
    lines: tuple[str, ...]
    corners: tuple[Point, ...]
    y: float
    sign: Point


@dataclass(frozen=True)
class Diamond:
    """A talk: its line stands at ``x``, its sign on it at ``y``."""

    mark: Mark
    x: float
    y: float


@dataclass(frozen=True)
class Key:
    """An entry of the key: a Lernform (of FORMS), or the name of a sign."""

    kind: str
    text: str
    x: float
    y: float


@dataclass(frozen=True)
class Drawing:
    """A whole picture: ``names`` are the months' with their x, ``edges`` where rows begin and end."""

    frame: PathFrame
    names: tuple[tuple[float, str], ...]
    edges: tuple[float, ...]
    talks_y: float | None
    bars: tuple[Bar, ...]
    diamonds: tuple[Diamond, ...]
    today: float | None
    keys: tuple[Key, ...]
    height: float

    @property
    def top(self) -> float:
        return self.edges[0]

    @property
    def bottom(self) -> float:
        return self.edges[-1]


def lay_out(timeline: Timeline, frame: PathFrame, rows: Sequence[Stretch] | None = None) -> Drawing:
    """The picture of these rows, or of all."""
    rows = timeline.rows if rows is None else rows
    x_of = _scale(timeline, frame)
    diamonds, talks_end = _diamonds(timeline, x_of)
    titles = [title_lines(stretch, frame) for stretch in rows]
    heights = [_row_height(lines, frame) for lines in titles] or [EMPTY_ROW]
    edges = [*([HEAD] if diamonds else []), *accumulate(heights, initial=talks_end)]
    middles = [(upper + lower) / 2 for upper, lower in pairwise(edges[-len(heights) - 1 :])]
    keys = _keys(timeline, frame, edges[-1] + FOOT)
    return Drawing(
        frame=frame,
        names=tuple(_names(timeline, frame, x_of)),
        edges=tuple(edges),
        talks_y=(HEAD + talks_end) / 2 if diamonds else None,
        bars=tuple(
            _bar(stretch, lines, y, x_of, frame.room)
            for stretch, lines, y in zip(rows, titles, middles, strict=False)  # an empty row has a middle and no bar
        ),
        diamonds=diamonds,
        today=x_of(timeline.today, 0.5) if timeline.begins <= timeline.today <= timeline.ends else None,
        keys=keys,
        height=max([edges[-1] + FOOT, *(key.y + KEY_ROW / 2 for key in keys)]),
    )


def title_lines(stretch: Stretch, frame: PathFrame) -> tuple[str, ...]:
    """The title in a few lines beside its row, cut where it is very long: the table has all of it."""
    if not frame.titles:
        return ()
    room = frame.left - NUMBER - 12
    lines = _evenly(stretch.title.split(), room, frame.font)
    if len(lines) <= MOST_LINES:
        return lines
    last = lines[MOST_LINES - 1]
    while text_width(f"{last}…", frame.font) > room:
        last = last[:-1]
    return (*lines[: MOST_LINES - 1], f"{last.rstrip(' -,;')}…")


def _evenly(words: list[str], room: float, font: int) -> tuple[str, ...]:
    """As few lines as fit, about as long as each other; the wheel's wrap, much slower, only where a word must break."""
    sized = [(word, text_width(f"{word} ", font)) for word in words]
    widest = max(width for _, width in sized)
    if widest > room:
        return wrap(" ".join(words), room, font)
    lines = _fill(sized, room)
    for tighter in range(int(widest), int(room), 8):
        even = _fill(sized, tighter)
        if len(even) == len(lines):
            return even
    return lines


def _fill(sized: list[tuple[str, float]], room: float) -> tuple[str, ...]:
    lines: list[str] = []
    filled = room
    for word, width in sized:
        if lines and filled + width <= room:
            lines[-1] += f" {word}"
            filled += width
        else:
            lines.append(word)
            filled = width
    return tuple(lines)


def key_corners(key: Key) -> tuple[Point, ...]:
    """The box that shows a Lernform in the key."""
    left, right, half = key.x + 1, key.x + KEY_SIGN, BAR / 2 - 1
    return (left, key.y - half), (right, key.y - half), (right, key.y + half), (left, key.y + half)


def hatching(corners: Sequence[Point], gap: float) -> list[tuple[Point, Point]]:
    """Rising lines ``gap`` apart across a convex shape: for drawings that know no patterns."""
    sums = [x + y for x, y in corners]
    lines = []
    at = (min(sums) // gap + 1) * gap
    while at < max(sums):
        crossings = [_crossing(one, other, at) for one, other in pairwise([*corners, corners[0]])]
        met = sorted({crossing for crossing in crossings if crossing})
        if len(met) > 1:
            lines.append((met[0], met[-1]))
        at += gap
    return lines


def _crossing(one: Point, other: Point, total: float) -> Point | None:
    """Where the edge between two corners meets the line on which x + y is ``total``."""
    before, after = sum(one) - total, sum(other) - total
    if before == after or before * after > 0:
        return None
    part = before / (before - after)
    return round(one[0] + (other[0] - one[0]) * part, 1), round(one[1] + (other[1] - one[1]) * part, 1)


def _scale(timeline: Timeline, frame: PathFrame) -> PlaceOfDay:
    begins = timeline.begins
    per_day = frame.room / ((timeline.ends - begins).days + 1)

    def x_of(day: date, later: float = 0) -> float:
        return ((day - begins) / timedelta(days=1) + later) * per_day

    return x_of


def _diamonds(timeline: Timeline, x_of: PlaceOfDay) -> tuple[tuple[Diamond, ...], float]:
    """The talks, those too near each other on lines of their own, and where they end."""
    ends_of_lines: list[float] = []
    found = []
    for mark in timeline.dates:
        x = x_of(mark.day, 0.5)
        line = next((n for n, end in enumerate(ends_of_lines) if x - end >= MARK_ROOM), len(ends_of_lines))
        ends_of_lines[line : line + 1] = [x]
        found.append(Diamond(mark, x, HEAD + ROW / 2 + line * MARK_ROOM))
    return tuple(found), HEAD + ROW + (len(ends_of_lines) - 1) * MARK_ROOM if found else HEAD


def _row_height(lines: tuple[str, ...], frame: PathFrame) -> float:
    return max(ROW, len(lines) * frame.font * LINE_HEIGHT + ROW_PADDING)


def _bar(stretch: Stretch, lines: tuple[str, ...], y: float, x_of: PlaceOfDay, room: float) -> Bar:
    """A box from its first to its last day; a flag that points to the last where the first is not known."""
    end = x_of(stretch.ends, 1)
    corners: tuple[Point, ...]
    if stretch.begins is None:
        end = max(end, BAR * 0.75)
        corners = ((end - BAR * 0.75, y - BAR / 2), (end, y), (end - BAR * 0.75, y + BAR / 2))
    else:
        start = min(x_of(stretch.begins), room - SHORTEST)
        end = max(end, start + SHORTEST)
        corners = tuple((x, y + side * BAR / 2) for x, side in ((start, -1), (end, -1), (end, 1), (start, 1)))
    return Bar(stretch, lines, corners, y, (end + BEHIND, y))


def _names(timeline: Timeline, frame: PathFrame, x_of: PlaceOfDay) -> Iterator[tuple[float, str]]:
    """As many months by name as there is room for, from January on; one that would leave the picture stays away."""
    months = timeline.months
    need = text_width("Sept. 2027", frame.font) + 8
    width = frame.room / len(months)
    step = next((step for step in MONTHS_BETWEEN_NAMES if step * width >= need), MONTHS_BETWEEN_NAMES[-1])
    for month in months[-months[0] % step :: step]:
        x = x_of(first_day(month))
        if x + need <= frame.room + RIGHT:
            yield x, short_name(month)


def _keys(timeline: Timeline, frame: PathFrame, top: float) -> tuple[Key, ...]:
    """What the drawing has, and no more: Lernformen on the left, signs on the right; below, two by two, on narrow pages."""
    names = {stretch.form: stretch.form_name for stretch in timeline.stretches}
    forms = [(form, names[form]) for form in FORMS if form in names]
    signs = [(kind, text) for kind, (text, is_there) in SIGNS.items() if is_there(timeline)]
    at = top + KEY_ROW / 2
    left = [Key(kind, text, 0, at + n * KEY_ROW) for n, (kind, text) in enumerate(forms)]
    if frame.titles:
        beside = frame.room * 0.62
        return (*left, *(Key(kind, text, beside, at + n * KEY_ROW) for n, (kind, text) in enumerate(signs)))
    below = at + len(forms) * KEY_ROW
    half = (frame.room + RIGHT) * 0.47  # the longest word stands on the right
    return (
        *left,
        *(Key(kind, text, n % 2 * half, below + n // 2 * KEY_ROW) for n, (kind, text) in enumerate(signs)),
    )


SIGNS: dict[str, tuple[str, Callable[[Timeline], bool]]] = {
    "review": ("Review-Gespräch", lambda timeline: any(not mark.is_final for mark in timeline.marks)),
    "final": ("Abschlussgespräch", lambda timeline: any(mark.is_final for mark in timeline.marks)),
    "held": ("Gespräch geführt", lambda timeline: any(mark.is_held for mark in timeline.marks)),
    "open": ("Beginn offen", lambda timeline: any(one.begins is None for one in timeline.stretches)),
    "done": ("durchgeführt", lambda timeline: any(one.state == "done" for one in timeline.stretches)),
    "dropped": ("entfallen", lambda timeline: any(one.state == "dropped" for one in timeline.stretches)),
}
"""What the key calls each sign, and whether a drawing has it."""
