"""A Lernpfad as SVG: for PDFs and pages without JavaScript.

Only presentation attributes (a strict CSP forbids style), light colours on a white ground, readable in grey: Lernformen
differ by their filling, signs by their shape. The title says in words what the picture shows; WeasyPrint makes it
the figure's alternative text.
"""

from collections.abc import Sequence
from html import escape
from itertools import pairwise

from kompetenz.wheel.labels import LINE_HEIGHT, text_width

from .geometry import (
    EMPTY_ROW,
    KEY_SIGN,
    NUMBER,
    RIGHT,
    Bar,
    Diamond,
    Drawing,
    Key,
    PathFrame,
    Point,
    hatching,
    key_corners,
    lay_out,
)
from .model import FORMS, Stretch, Timeline
from .palette import LIGHT
from .words import day_text, summary

FONT = "Fira Sans, sans-serif"
PAPER = PathFrame(width=580, left=200, font=12, titles=True)  # across an A4 page its letters are 10 pt high
PAGE = 780  # so many units fit below a heading on such a page
STRIPES = 6


def svg(timeline: Timeline) -> str:
    """The whole Lernpfad as one svg element, however high."""
    return _svg(timeline, lay_out(timeline, PAPER), summary(timeline))


def svg_parts(timeline: Timeline) -> list[str]:
    """The Lernpfad as svg elements that each fit a page; a plan of usual size is one."""
    parts = _split(timeline)
    told = [summary(timeline), *(f"Lernpfad, Teil {n} von {len(parts)}." for n in range(2, len(parts) + 1))]
    return [_svg(timeline, lay_out(timeline, PAPER, rows), text) for rows, text in zip(parts, told, strict=True)]


def _split(timeline: Timeline) -> list[list[Stretch]]:
    whole = lay_out(timeline, PAPER)
    heights = [lower - upper for upper, lower in pairwise(whole.edges[-len(timeline.rows) - 1 :])]
    room = PAGE - (whole.height - sum(heights))
    parts: list[list[Stretch]] = [[]]
    filled = 0.0
    for stretch, height in zip(timeline.rows, heights, strict=False):
        if parts[-1] and filled + height > room:
            parts.append([])
            filled = 0
        parts[-1].append(stretch)
        filled += height
    return parts


def _svg(timeline: Timeline, drawing: Drawing, title: str) -> str:
    frame = drawing.frame
    box = f'x="{-frame.left}" y="0" width="{frame.width}" height="{drawing.height:g}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{frame.width}" height="{drawing.height:g}" role="img" '
        f'viewBox="{-frame.left} 0 {frame.width} {drawing.height:g}" font-family="{FONT}" font-size="{frame.font}" '
        f'fill="{LIGHT.ink}"><title>{escape(title)}</title><rect {box} fill="{LIGHT.ground}"/>'
        f"{_grid(drawing)}{_talk_lines(drawing)}{_today(timeline, drawing)}"
        f"{''.join(map(_bar, drawing.bars))}{''.join(map(_talk, drawing.diamonds))}{_words(drawing)}"
        f"{''.join(map(_key, drawing.keys))}</svg>"
    )


def _grid(drawing: Drawing) -> str:
    months = "".join(f"M{x:.1f} 4V{drawing.bottom:g}" for x, _ in drawing.names)
    rows = "".join(f"M0 {y:g}H{drawing.frame.room}" for y in drawing.edges)
    return f'<path stroke="{LIGHT.grid}" fill="none" d="{months}{rows}"/>'


def _talk_lines(drawing: Drawing) -> str:
    drawn = ""
    for final, width, dash in ((False, 1.3, "4 3"), (True, 2.2, "10 3")):
        lines = [f"M{d.x:.1f} {d.y:g}V{drawing.bottom:g}" for d in drawing.diamonds if d.mark.is_final == final]
        if lines:
            look = f'stroke="{LIGHT.ink}" stroke-width="{width}" stroke-dasharray="{dash}"'
            drawn += f'<path fill="none" {look} d="{"".join(lines)}"/>'
    return drawn


def _today(timeline: Timeline, drawing: Drawing) -> str:
    """On paper "today" is long ago: the day stands there."""
    if drawing.today is None:
        return ""
    text = f"Stand {day_text(timeline.today)}"
    x = min(drawing.today, drawing.frame.room + RIGHT - text_width(text, drawing.frame.font) / 2)
    line = f'stroke="{LIGHT.muted}" stroke-width="2" d="M{drawing.today:.1f} {drawing.top:g}V{drawing.bottom + 6:g}"'
    return f'<path fill="none" {line}/>' + _text(text, x, drawing.bottom + 18, "middle")


def _bar(bar: Bar) -> str:
    sign = {"done": _dot, "dropped": _cross}.get(bar.stretch.state)
    return _box(bar.corners, bar.stretch.form, dropped=not bar.stretch.counts) + (sign(*bar.sign) if sign else "")


def _box(corners: Sequence[Point], form: str, *, dropped: bool = False) -> str:
    """Solid, striped or hollow by Lernform; dotted and empty if it is dropped."""
    strong = LIGHT.strong[form]
    outline = f'stroke="{strong}" stroke-width="1.8" d="{_path(corners)}"'
    if dropped:
        return f'<path fill="{LIGHT.ground}" stroke-dasharray="2 2" {outline}/>'
    fill = strong if form == "challenge" else LIGHT.tint[form]
    stripes = "".join(map(_path, hatching(corners, STRIPES))) if form == "interaction" else ""
    hatched = f'<path fill="none" stroke="{strong}" stroke-width="1.8" d="{stripes}"/>' if stripes else ""
    return f'<path fill="{fill}" {outline}/>{hatched}'


def _path(points: Sequence[Point]) -> str:
    moves = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return f"M{moves}Z" if len(points) > len("xy") else f"M{moves}"


def _talk(diamond: Diamond) -> str:
    shape = _square if diamond.mark.is_final else _diamond
    return shape(diamond.x, diamond.y, solid=diamond.mark.is_held)


def _diamond(x: float, y: float, *, solid: bool = False) -> str:
    return _sign(f"M{x:.1f} {y - 7:.1f}l7 7l-7 7l-7-7z", solid=solid)


def _square(x: float, y: float, *, solid: bool = False) -> str:
    return _sign(f"M{x - 5.5:.1f} {y - 5.5:.1f}h11v11h-11z", solid=solid)


def _sign(path: str, *, solid: bool) -> str:
    fill = LIGHT.ink if solid else LIGHT.ground
    return f'<path fill="{fill}" stroke="{LIGHT.ink}" stroke-width="1.5" d="{path}"/>'


def _dot(x: float, y: float) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5"/>'


def _cross(x: float, y: float) -> str:
    path = f"M{x - 3.5:.1f} {y - 3.5:.1f}l7 7m0-7l-7 7"
    return f'<path fill="none" stroke="{LIGHT.ink}" stroke-width="2.4" d="{path}"/>'


def _flag(x: float, y: float) -> str:
    return _sign(f"M{x - 5:.1f} {y - 6:.1f}l10 6l-10 6z", solid=False)


_SIGNS = {
    "review": _diamond,
    "final": _square,
    "held": lambda x, y: _diamond(x, y, solid=True),
    "open": _flag,
    "done": _dot,
    "dropped": _cross,
}


def _key(key: Key) -> str:
    drawn = _box(key_corners(key), key.kind) if key.kind in FORMS else _SIGNS[key.kind](key.x + KEY_SIGN / 2, key.y)
    return drawn + _text(key.text, key.x + KEY_SIGN + 8, key.y + 4)


def _words(drawing: Drawing) -> str:
    frame = drawing.frame
    names = "".join(_text(name, x + 4, 18) for x, name in drawing.names)
    words = [f'<g fill="{LIGHT.muted}">{names}</g>']
    if drawing.talks_y is not None:
        words.append(_text("Gespräche", NUMBER - frame.left, drawing.talks_y + 4))
    for bar in drawing.bars:
        words.append(_text(str(bar.stretch.number), NUMBER - 6 - frame.left, bar.y + 4, "end"))
        first = bar.y - (len(bar.lines) - 1) * frame.font * LINE_HEIGHT / 2 + 4
        words += [
            _text(line, NUMBER - frame.left, first + n * frame.font * LINE_HEIGHT) for n, line in enumerate(bar.lines)
        ]
    if not drawing.bars:
        words.append(_text("Noch keine Maßnahmen", NUMBER - frame.left, drawing.bottom - EMPTY_ROW / 2 + 4))
    return "".join(words)


def _text(text: str, x: float, y: float, anchor: str = "start") -> str:
    """Every line is a text of its own: WeasyPrint anchors only the first line of a text with several."""
    at = f'x="{x:.1f}" y="{y:.1f}"' + (f' text-anchor="{anchor}"' if anchor != "start" else "")
    return f"<text {at}>{escape(text)}</text>"
