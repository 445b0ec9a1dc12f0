"""A wheel as SVG: for PDFs, lists and pages without JavaScript.

Only presentation attributes (a strict CSP forbids style), light colours on a white ground, readable in grey: what is
drawn over the rings differs by shape (a line, round hollow markers, pointed solid ones). The title says in words what
the picture shows; WeasyPrint makes it the figure's alternative text.
"""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import groupby

from .geometry import Arc, Circle, Disc, marker, outline_runs, point, share_out
from .labels import LINE_HEIGHT, Frame, Label, place, place_numbers
from .model import Sector, Series, Style, Wheel, block_label, blocks
from .palette import LIGHT
from .scale import NO_ANSWER, Scale

FONT = "Fira Sans, sans-serif"
PAPER = Frame(width=580, side=150, font=12)  # across an A4 page its letters are 10 pt high
COMPACT = Frame(width=280, side=24, font=12)
HALF_TURN = 180
RING_FONT, LEGEND_FONT, LEGEND_ROW = 11, 11, 18
# Fira Sans' figures, in thousandths of the size of its letters
FIGURES = dict(zip("0123456789", (558, 433, 495, 499, 532, 501, 533, 444, 551, 525), strict=True))


@dataclass(frozen=True)
class Canvas:
    """What all wheels of the same sectors and scale share, as finished SVG text; the origin is the wheel's centre."""

    frame: Frame
    disc: Disc
    circle: Circle
    breaks: tuple[int, ...]
    slots: tuple[int, ...]
    ground: str
    between: str
    around: str
    legend: tuple[str, ...]
    up: int
    down: int


def svg(wheel: Wheel, *, compact: bool = False) -> str:
    """The wheel as one svg element; ``compact`` has numbers instead of labels and no legend."""
    canvas, fill = _canvas(wheel.sectors, wheel.scale, compact=compact), wheel.in_style(Style.FILL)
    drawn = "".join(_draw(canvas, wheel.in_style(style)) for style in (Style.OUTLINE, Style.CIRCLE, Style.DIAMOND))
    legend, legend_height = ("", 0) if compact else _legend(canvas, wheel)
    width, height = canvas.frame.width, canvas.up + canvas.down + legend_height
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" role="img" '
        f'viewBox="{-width / 2:g} {-canvas.up} {width} {height}" font-family="{FONT}" '
        f'font-size="{canvas.frame.font}" fill="{LIGHT.ink}"><title>{escape(summary(wheel))}</title>'
        f'<rect x="{-width / 2:g}" y="{-canvas.up}" width="{width}" height="{height}" fill="{LIGHT.ground}"/>'
        f"{_rings(canvas, fill)}{_marks_of_none(canvas, fill)}{canvas.around}{drawn}{legend}</svg>"
    )


def summary(wheel: Wheel) -> str:
    """The wheel in words: how often each series has each level. A picture's text, not a total of anything."""
    count, names = len(wheel.sectors), list(enumerate(wheel.scale.names))
    told = [f"Kompetenzrad {wheel.title}: {count} {'Kompetenz' if count == 1 else 'Kompetenzen'}."]
    for series in wheel.series:
        by_level = Counter(series.levels)
        found = [f"{by_level[level]} {name}" for level, name in reversed(names) if by_level[level]]
        found += [f"{by_level[None]} {NO_ANSWER}"] * (None in by_level)
        told.append(f"{series.name}: {', '.join(found)}.")
    return " ".join([*told, "Die Werte stehen in der Tabelle."])


def _rings(canvas: Canvas, fill: Series | None) -> str:
    """The empty categories, what is filled of their sectors, one path for each colour, then the lines between sectors and rings."""
    paths: dict[str, str] = {}
    levels = fill.levels if fill else (None,) * len(canvas.slots)
    sectors = zip(canvas.slots, levels, canvas.circle.sectors, strict=True)
    for (slot, level), alike in groupby(sectors, key=lambda sector: sector[:2]):
        if level:
            arcs = [arc for _, _, arc in alike]
            cell = _cell(Arc(arcs[0].start, arcs[-1].end), 0, level, canvas.disc)
            paths[LIGHT.filled[slot]] = paths.get(LIGHT.filled[slot], "") + cell
    drawn = "".join(f'<path fill="{colour}" d="{cells}"/>' for colour, cells in paths.items())
    return f'<g stroke="{LIGHT.ground}" stroke-width="1.2">{canvas.ground}{drawn}{canvas.between}</g>'


def _marks_of_none(canvas: Canvas, fill: Series | None) -> str:
    """Level 0 fills nothing and is marked at the hub; a missing level is not."""
    paths: dict[str, str] = {}
    for slot, level, arc in zip(canvas.slots, fill.levels if fill else (), canvas.circle.sectors, strict=False):
        if level == 0:
            paths[LIGHT.filled[slot]] = paths.get(LIGHT.filled[slot], "") + _cell(arc, *canvas.disc.none, canvas.disc)
    drawn = "".join(f'<path fill="{colour}" d="{path}"/>' for colour, path in paths.items())
    return f'<g stroke="{LIGHT.ground}" stroke-width="1.2">{drawn}</g>' if drawn else ""


def _draw(canvas: Canvas, series: Series | None) -> str:
    if series is None:
        return ""
    if series.style is Style.OUTLINE:
        path = "".join(
            _steps(run, canvas.disc) for run in outline_runs(canvas.circle.sectors, series.levels, canvas.breaks)
        )
        return _cased(path, 2.2)
    return _markers(canvas, series)


def _cased(path: str, width: float) -> str:
    """A dark line over a wider light one, readable on every filling."""
    return "".join(
        f'<path fill="none" stroke="{colour}" stroke-width="{wide}" stroke-linejoin="round" d="{path}"/>'
        for colour, wide in ((LIGHT.ground, width + 2.8), (LIGHT.ink, width))
        if path
    )


def _steps(run: list[tuple[Arc, int]], disc: Disc) -> str:
    path = ""
    for arc, level in run:
        path += f"{'L' if path else 'M'}{_xy(arc.start, level, disc)}{_sweep(arc, level, disc)}"
    return path


def _markers(canvas: Canvas, series: Series) -> str:
    side, shape = _SHAPES[series.style]
    places = (
        point(*marker(arc, level, side, canvas.disc), canvas.disc)
        for arc, level in zip(canvas.circle.sectors, series.levels, strict=True)
        if level is not None
    )
    return "".join(shape(x, y) for x, y in places)


def _circle(x: float, y: float) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.4" fill="{LIGHT.ground}" stroke="{LIGHT.ink}" stroke-width="1.3"/>'


def _diamond(x: float, y: float) -> str:
    path = f"M{x:.1f} {y - 5:.1f}l5 5l-5 5l-5-5z"
    return f'<path fill="{LIGHT.ink}" stroke="{LIGHT.ground}" stroke-width="1.1" d="{path}"/>'


_SHAPES = {Style.CIRCLE: (-1, _circle), Style.DIAMOND: (1, _diamond)}


def _legend(canvas: Canvas, wheel: Wheel) -> tuple[str, int]:
    """Categories on the left, series on the right, the rings' numbers below; and how high that is."""
    count = max(len(canvas.legend), len(wheel.series))
    top, left, right = canvas.down + LEGEND_ROW // 2, -210, 40
    entries = [
        f'<g transform="translate({left} {top + n * LEGEND_ROW})">{one}</g>' for n, one in enumerate(canvas.legend)
    ]
    for n, series in enumerate(wheel.series):
        entry = f'{_key(series.style)}<text x="34" y="4">{escape(series.name)}</text>'
        entries.append(f'<g transform="translate({right} {top + n * LEGEND_ROW})">{entry}</g>')
    key = f'<text y="{top + count * LEGEND_ROW + 6}" text-anchor="middle" fill="{LIGHT.muted}">{escape(wheel.scale.key)}</text>'
    return f'<g font-size="{LEGEND_FONT}">{"".join(entries)}{key}</g>', (count + 1) * LEGEND_ROW + 8


def _key(style: Style) -> str:
    if style is Style.FILL:
        return "".join(
            f'<path fill="{colour}" d="M{at} 5v-10h6v10z"/>'
            for at, colour in zip((0, 7, 14, 21), LIGHT.filled, strict=True)
        )
    if style is Style.OUTLINE:
        return _cased("M0 5h10v-9h17", 2.2)
    return _SHAPES[style][1](13.5, 0)


@lru_cache(maxsize=64)
def _canvas(sectors: tuple[Sector, ...], scale: Scale, *, compact: bool) -> Canvas:
    parts = blocks(sectors)
    circle = share_out([len(members) for _, members in parts])
    frame = COMPACT if compact else PAPER
    disc = Disc.of(scale.rings, frame.radius)
    if compact:
        labels = place_numbers([sector.number for sector in sectors], circle.sectors, frame)
    else:
        labels = place([f"{sector.number} {sector.label}" for sector in sectors], circle.sectors, frame)
    around = "".join(
        f'<path fill="{LIGHT.filled[category.slot]}" d="{_cell(arc, *disc.band, disc)}"/>'
        for (category, _), arc in zip(parts, circle.categories, strict=True)
    )
    names = [_ring_name(gap, ring, disc) for gap in circle.ring_names for ring in range(scale.rings)]
    around += f'<g font-size="{RING_FONT}" fill="{LIGHT.muted}">{"".join(names)}</g>'
    around += _numbered(labels, frame.font) if compact else _written(labels, frame.font)
    edge = frame.radius
    return Canvas(
        frame=frame,
        disc=disc,
        circle=circle,
        breaks=tuple(members[0].number - 1 for _, members in parts),
        slots=tuple(sector.category.slot for sector in sectors),
        ground="".join(
            f'<path fill="{LIGHT.empty[category.slot]}" d="{_cell(arc, 0, disc.rings, disc)}"/>'
            for (category, _), arc in zip(parts, circle.categories, strict=True)
        ),
        between=_between(circle, disc),
        around=around,
        legend=tuple(
            f'<path fill="{LIGHT.filled[category.slot]}" d="M0 5v-10h10v10z"/>'
            f'<text x="16" y="4">{escape(block_label(category, members))}</text>'
            for category, members in parts
        ),
        up=int(max(edge, *(-label.box[1] for label in labels))) + 6,
        down=int(max(edge, *(label.box[3] for label in labels))) + 6,
    )


def _between(circle: Circle, disc: Disc) -> str:
    lines = [
        f"M{_xy(arc.start, at, disc)}{_sweep(arc, at, disc)}"
        for arc in circle.categories
        for at in range(1, disc.rings)
    ]
    lines += [f"M{_xy(arc.start, 0, disc)}L{_xy(arc.start, disc.rings, disc)}" for arc in circle.sectors]
    return f'<path fill="none" d="{"".join(lines)}"/>'


def _cell(arc: Arc, inner: float, outer: float, disc: Disc) -> str:
    """A sector between two radii, clockwise along its outer edge and back along the inner one."""
    back = Arc(arc.end, arc.start)
    return f"M{_xy(arc.start, outer, disc)}{_sweep(arc, outer, disc)}L{_xy(arc.end, inner, disc)}{_sweep(back, inner, disc)}Z"


def _sweep(arc: Arc, radius: float, disc: Disc) -> str:
    distance = f"{(disc.hub + radius) * disc.ring:.1f}"
    return (
        f"A{distance} {distance} 0 {int(abs(arc.width) > HALF_TURN)} {int(arc.width > 0)} {_xy(arc.end, radius, disc)}"
    )


def _xy(angle: float, radius: float, disc: Disc) -> str:
    x, y = point(angle, radius, disc)
    return f"{x:.1f} {y:.1f}"


def _ring_name(gap: Arc, ring: int, disc: Disc) -> str:
    x, y = point(gap.middle, ring + 0.5, disc)
    return _number(str(ring + 1), x, y + 4, RING_FONT)


def _number(number: str, x: float, y: float, font: int) -> str:
    """Centred by the widths of its figures: WeasyPrint makes a picture of its own of every text that it has to centre."""
    width = sum(FIGURES[figure] for figure in number) * font / 1000
    return f'<text x="{x - width / 2:.1f}" y="{y:.1f}">{number}</text>'


def _numbered(labels: tuple[Label, ...], font: int) -> str:
    return "".join(_number(label.lines[0], label.x, _baselines(label, font)[0], font) for label in labels)


def _written(labels: tuple[Label, ...], font: int) -> str:
    """Every line is a text of its own: WeasyPrint anchors only the first line of a text with several."""
    drawn = ""
    for anchor in dict.fromkeys(label.anchor for label in labels):
        lines = "".join(
            f'<text x="{label.x:.1f}" y="{top:.1f}">{escape(line)}</text>'
            for label in labels
            if label.anchor == anchor
            for line, top in zip(label.lines, _baselines(label, font), strict=True)
        )
        drawn += f'<g text-anchor="{anchor}">{lines}</g>'
    return drawn


def _baselines(label: Label, font: int) -> list[float]:
    first = label.y - label.height / 2 + font * (LINE_HEIGHT / 2 + 0.35)
    return [first + n * font * LINE_HEIGHT for n in range(len(label.lines))]
