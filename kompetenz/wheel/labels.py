"""The labels around a wheel: how their text is broken, and where it stands so that no two meet.

Widths are estimated from Fira Sans, rounded up, because neither the server nor the PDF asks the font.
Lengths are pixels (the SVG's units) unless they say ring.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import atan2, ceil, cos, degrees, hypot, radians, sin, sqrt

from .geometry import Arc, Disc

LINE_HEIGHT = 1.3  # plotly.js sets lines this far apart, in font sizes
CLEARANCE = 5  # between the category band and a label
SHORTEST = 4  # letters before a hyphen
STRAIGHT_DOWN = 0.02  # so close to 6 o'clock (as a sine) a label is centred
SOFT_HYPHEN = "\u00ad"
JOINTS = ("kompetenz", "fähigkeit", "management", "orientierung", "gestaltung", "sicherheit", "entwicklung")

_WIDTHS = {
    0.25: "!',.:;·",
    0.3: " Iijl",
    0.35: "()J[]`f{}",
    0.4: '"rt',
    0.45: "*-17z|„“",
    0.5: "+23?FLcsvxy~ç",
    0.55: "#$/4569<=>ESTXZ\\^_aegkäéè–",
    0.6: "08ACKPVYbdhnopquöüÄßñ",
    0.65: "BDGR",
    0.7: "HNOQUÖÜ",
}
_WIDTH = {character: width for width, characters in _WIDTHS.items() for character in characters}


@dataclass(frozen=True)
class Frame:
    """The narrowest picture a set of labels is made for; in a wider one they only move further apart.

    ``side`` is the room between the band and the picture's edge at that width.
    """

    width: int
    side: int
    font: int

    @property
    def radius(self) -> float:
        """From the centre to the category band's outer edge."""
        return self.width / 2 - self.side


# On a page: as wide as it must be for labels, in units of a pixel or, where there is more room, of more.
PICTURE = Frame(width=600, side=160, font=14)


@dataclass(frozen=True)
class Label:
    """Lines of text that begin ("start"), end ("end") or are centred ("middle") at (x, y), their vertical middle."""

    lines: tuple[str, ...]
    x: float
    y: float
    anchor: str
    height: float
    width: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        left = self.x - {"start": 0, "middle": self.width / 2, "end": self.width}[self.anchor]
        return left, self.y - self.height / 2, left + self.width, self.y + self.height / 2

    def polar(self, disc: Disc) -> tuple[float, float]:
        """Angle, and radius in rings from the hub's edge."""
        angle, distance = degrees(atan2(self.x, -self.y)) % 360, hypot(self.x, self.y)
        return round(angle, 2), round(distance / disc.ring - disc.hub, 3)


def text_width(text: str, font: float) -> float:
    """About how wide the text is in Fira Sans, rather too wide than too narrow."""
    return font * sum(_WIDTH.get(character, 0.9) for character in text)


def wrap(text: str, room: float, font: float) -> tuple[str, ...]:
    """The text in as few lines as fit the room, evenly filled; short words never end a line."""
    pieces = _pieces(text, room, font)
    widest = max(text_width(_shown(piece), font) for piece in pieces)
    room = max(room, widest)
    lines = _fill(pieces, room, font)
    for tighter in range(int(widest), int(room), 6):
        even = _fill(pieces, tighter, font)
        if len(even) == len(lines):
            return even
    return lines


def _fill(pieces: Sequence[str], room: float, font: float) -> tuple[str, ...]:
    lines = [pieces[0]]
    for piece in pieces[1:]:
        if text_width(_shown(lines[-1].replace(SOFT_HYPHEN, "") + piece), font) <= room:
            lines[-1] = lines[-1].replace(SOFT_HYPHEN, "") + piece
        else:
            lines.append(piece)
    return tuple(_shown(line) for line in lines)


def _shown(piece: str) -> str:
    """A piece at the end of a line: no trailing space, a soft hyphen is seen."""
    return piece.rstrip().replace(SOFT_HYPHEN, "-")


def _pieces(text: str, room: float, font: float) -> list[str]:
    """The text cut wherever a line may end: after words, hyphens and slashes, at soft hyphens, in long words."""
    pieces: list[str] = []
    for word in text.split():
        pieces += _parts(word, room, font)
        pieces[-1] += " "
    glued = [pieces[0]]
    for piece in pieces[1:]:
        previous = glued[-1]
        if previous.endswith(" ") and (previous.strip().isdigit() or previous.strip() in ("und", "oder", "&")):
            glued[-1] += piece
        else:
            glued.append(piece)
    return glued


def _parts(word: str, room: float, font: float) -> list[str]:
    for mark in ("/", "-", SOFT_HYPHEN):
        word = word.replace(mark, f"{mark}\n")
    parts = [part for part in word.split("\n") if part]
    return [short for part in parts for short in _shorten(part, room, font)]


def _shorten(word: str, room: float, font: float) -> list[str]:
    """A word too long for the room, cut before the last known part before which it fits, else where the room ends."""
    if text_width(word, font) <= room - 2 * font:
        return [word]
    joints = sorted((at for joint in JOINTS if (at := word.find(joint)) >= SHORTEST), reverse=True)
    if joints:
        fitting = (at for at in joints if text_width(word[:at], font) <= room - 2 * font)
        at = next(fitting, joints[-1])
        return [word[:at] + SOFT_HYPHEN, *_shorten(word[at:], room, font)]
    at = max(SHORTEST, int(len(word) * (room - 3 * font) / text_width(word, font)))
    return [word] if at >= len(word) - 2 else [word[:at] + SOFT_HYPHEN, *_shorten(word[at:], room, font)]


def place(texts: Sequence[str], arcs: Sequence[Arc], frame: Frame) -> tuple[Label, ...]:
    """A label for each sector, outside the band, no two of them overlapping.

    A label takes as many lines as the room beside it asks for: one near 12 and 6 o'clock, more at the sides.
    Where the circle crowds them (many sectors, or one at 6 o'clock) they move apart, away from the equator.
    """
    labels = [_beside(text, arc.middle, frame) for text, arc in zip(texts, arcs, strict=True)]
    for anchors in (("start", "middle"), ("end", "middle")):
        for way in (-1, 1):
            _spread(labels, [n for n, label in enumerate(labels) if label.anchor in anchors], way)
    return tuple(labels)


def _beside(text: str, angle: float, frame: Frame) -> Label:
    across, up = sin(radians(angle)), abs(cos(radians(angle)))
    anchor = "middle" if abs(across) < STRAIGHT_DOWN else "start" if across > 0 else "end"
    count = 1
    while True:
        height = count * frame.font * LINE_HEIGHT
        distance = _clear_of_band(height, up, frame.radius + CLEARANCE)
        x, y = distance * across, -distance * cos(radians(angle))
        room = frame.width - 8 if anchor == "middle" else frame.width / 2 - abs(x) - 4
        lines = wrap(text, room, frame.font)
        if len(lines) <= count:
            break
        count = len(lines)
    height = len(lines) * frame.font * LINE_HEIGHT
    return Label(lines, x, y, anchor, height, max(text_width(line, frame.font) for line in lines))


def _clear_of_band(height: float, up: float, radius: float) -> float:
    """How far out a label's anchor lies so that its inner corner is ``radius`` from the centre."""
    if radius * up <= height / 2:
        return radius
    return (height * up + sqrt((height * up) ** 2 - height**2 + 4 * radius**2)) / 2


def _spread(labels: list[Label], side: list[int], way: int) -> None:
    """Move one side's labels away from the equator, up (``way`` -1) or down (1), until each clears the one before it.

    The label nearest the equator stays; both sides of a circle that begins at 12 o'clock have one.
    """
    first = labels[min(side, key=lambda n: (abs(labels[n].y), n))]
    edge = first.y * way + first.height / 2
    for n in sorted(side, key=lambda n: labels[n].y * way):
        label = labels[n]
        if label.y * way > first.y * way:
            y = max(label.y * way, edge + label.height / 2)
            labels[n] = replace(label, y=y * way)
            edge = y + label.height / 2


def place_numbers(numbers: Sequence[int], arcs: Sequence[Arc], frame: Frame) -> tuple[Label, ...]:
    """Numbers alone, each centred beside its sector."""
    height = frame.font * LINE_HEIGHT
    distance = frame.radius + CLEARANCE + height / 2
    return tuple(
        Label(
            (str(number),),
            distance * sin(radians(arc.middle)),
            -distance * cos(radians(arc.middle)),
            "middle",
            height,
            text_width(str(number), frame.font),
        )
        for number, arc in zip(numbers, arcs, strict=True)
    )


def reach(labels: Sequence[Label], disc: Disc) -> float:
    """The radius in rings, from the hub's edge, that holds the band and every label's anchor."""
    return ceil(max(disc.band[1], *(label.polar(disc)[1] for label in labels)) * 100 + 1) / 100


def far_enough(labels: Sequence[Label], disc: Disc) -> int:
    """How far from the wheel's centre a picture must reach, up and down alike, to hold the circle of all anchors and each label."""
    circle = (disc.hub + reach(labels, disc)) * disc.ring
    return ceil(max(circle, *(max(-label.box[1], label.box[3]) for label in labels))) + 6
