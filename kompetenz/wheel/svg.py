"""A wheel as SVG: for paper, for lists, and for pages, where Plotly takes its place when it is ready.

Only presentation attributes (a strict CSP forbids style), readable in grey: what is drawn over the rings differs by
shape (a line, round hollow markers, pointed solid ones). The title says in words what a picture on paper shows; WeasyPrint
makes it the figure's alternative text. On a page the colours are variables of its stylesheet, which follow the theme.
"""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import groupby

from .geometry import Arc, Circle, Disc, marker, outline_runs, point, share_out
from .labels import LINE_HEIGHT, PICTURE, Frame, Label, far_enough, place, place_numbers
from .model import Sector, Series, Style, Wheel, block_label, blocks
from .palette import LIGHT, OWN_COLOURS, PAGE, Palette
from .scale import NO_ANSWER, Scale

FONT = "Fira Sans, sans-serif"
HALF_TURN = 180
KEPT = 4096  # a wheel has a hundred of each: sectors by level
RING_FONT, LEGEND_FONT, LEGEND_ROW = 11, 11, 18
NARROW_FONT = 17  # of the numbers that stand for labels where a page is narrow
# Fira Sans' figures, in thousandths of the size of its letters
FIGURES = dict(zip("0123456789", (558, 433, 495, 499, 532, 501, 533, 444, 551, 525), strict=True))


@dataclass(frozen=True)
class Look:
    """Where a wheel is drawn: how large, in which colours, and with labels or without a word."""

    frame: Frame
    colours: Palette
    labelled: bool = True


ON_PAPER = Look(Frame(width=580, side=150, font=12), LIGHT)  # across an A4 page its letters are 10 pt high
SMALL_ON_PAPER = Look(Frame(width=280, side=8, font=12), LIGHT, labelled=False)
ON_PAGE = Look(PICTURE, PAGE)
SMALL_ON_PAGE = Look(Frame(width=280, side=8, font=12), PAGE, labelled=False)


@dataclass(frozen=True)
class Canvas:
    """What all wheels of the same sectors and scale share, as finished SVG text; the origin is the wheel's centre."""

    look: Look
    disc: Disc
    circle: Circle
    breaks: tuple[int, ...]
    slots: tuple[int, ...]
    ground: str
    between: str
    around: str
    labels: str
    legend: tuple[str, ...]
    up: int
    down: int

    @property
    def colours(self) -> Palette:
        return self.look.colours


def svg(wheel: Wheel) -> str:
    """The wheel as one svg element, with labels and legend, on a ground of its own."""
    canvas, fill = _canvas(wheel.sectors, wheel.scale, ON_PAPER), wheel.in_style(Style.FILL)
    drawn = "".join(_draw(canvas, wheel.in_style(style)) for style in _OVER_THE_RINGS)
    legend, legend_height = _legend(canvas, wheel)
    width, height = canvas.look.frame.width, canvas.up + canvas.down + legend_height
    ground = (
        f'<rect x="{-width / 2:g}" y="{-canvas.up}" width="{width}" height="{height}" fill="{canvas.colours.ground}"/>'
    )
    parts = f"{_rings(canvas, fill)}{_marks_of_none(canvas, fill)}{canvas.around}{canvas.labels}{drawn}{legend}"
    return _element(canvas, height, f"{_title(wheel)}{ground}{parts}", 'role="img"')


def small_svg(wheel: Wheel, *, on_paper: bool = False) -> str:
    """The wheel as one small svg element without a letter in it; as a picture of its own on a page, light or dark as the page is."""
    canvas = _canvas(wheel.sectors, wheel.scale, SMALL_ON_PAPER if on_paper else SMALL_ON_PAGE)
    fill = wheel.in_style(Style.FILL)
    drawn = "".join(_draw(canvas, wheel.in_style(style)) for style in _OVER_THE_RINGS)
    colours = "" if on_paper else f"<style>{OWN_COLOURS}</style>"
    parts = f"{_title(wheel)}{colours}{_rings(canvas, fill)}{_marks_of_none(canvas, fill)}{canvas.around}{drawn}"
    return _element(canvas, canvas.up + canvas.down, parts, 'role="img"')


def page_svg(wheel: Wheel) -> str:
    """The wheel as a page shows it, each series and each filled sector apart, so that wheel.js can change them.

    It has labels and numbers; the stylesheet shows what there is room for. What it says is said by the element around it.
    """
    canvas = _canvas(wheel.sectors, wheel.scale, ON_PAGE)
    drawn = "".join(
        f'<g data-series="{at}">{_draw(canvas, series)}</g>'
        for style in _OVER_THE_RINGS
        for at, series in enumerate(wheel.series)
        if series.style is style
    )
    filled = "".join(
        f'<g data-series="{at}">{_sectors(canvas, series)}</g>'
        for at, series in enumerate(wheel.series)
        if series.style is Style.FILL
    )
    rings = f'<g stroke="{canvas.colours.ground}" stroke-width="1.2">{canvas.ground}{filled}{canvas.between}</g>'
    parts = f"{rings}{canvas.around}{drawn}{canvas.labels}"
    return _element(canvas, canvas.up + canvas.down, parts, 'class="wheel__svg" aria-hidden="true"')


def _element(canvas: Canvas, height: int, parts: str, attributes: str) -> str:
    frame = canvas.look.frame
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{frame.width}" height="{height}" {attributes} '
        f'viewBox="{-frame.width / 2:g} {-canvas.up} {frame.width} {height}" font-family="{FONT}" '
        f'font-size="{frame.font}" fill="{canvas.colours.ink}">{parts}</svg>'
    )


def _title(wheel: Wheel) -> str:
    return f"<title>{escape(summary(wheel))}</title>"


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
            colour = canvas.colours.filled[slot]
            paths[colour] = paths.get(colour, "") + cell
    drawn = "".join(f'<path fill="{colour}" d="{cells}"/>' for colour, cells in paths.items())
    return f'<g stroke="{canvas.colours.ground}" stroke-width="1.2">{canvas.ground}{drawn}{canvas.between}</g>'


def _marks_of_none(canvas: Canvas, fill: Series | None) -> str:
    """Level 0 fills nothing and is marked at the hub; a missing level is not."""
    paths: dict[str, str] = {}
    for slot, level, arc in zip(canvas.slots, fill.levels if fill else (), canvas.circle.sectors, strict=False):
        if level == 0:
            colour = canvas.colours.filled[slot]
            paths[colour] = paths.get(colour, "") + _cell(arc, *canvas.disc.none, canvas.disc)
    return "".join(f'<path fill="{colour}" d="{path}"/>' for colour, path in paths.items())


def _sectors(canvas: Canvas, fill: Series) -> str:
    """A path for every sector, in the group of its colour: what is filled of it, the mark of level 0, or nothing yet."""
    drawn = ""
    sectors = zip(canvas.slots, fill.levels, canvas.circle.sectors, strict=True)
    for slot, alike in groupby(sectors, key=lambda sector: sector[0]):
        paths = ""
        for _, level, arc in alike:
            inner, outer = canvas.disc.none if level == 0 else (0, level or 0)
            paths += "<path/>" if level is None else f'<path d="{_cell(arc, inner, outer, canvas.disc)}"/>'
        drawn += f'<g fill="{canvas.colours.filled[slot]}">{paths}</g>'
    return drawn


def _draw(canvas: Canvas, series: Series | None) -> str:
    if series is None:
        return ""
    if series.style is Style.OUTLINE:
        path = "".join(
            _steps(run, canvas.disc) for run in outline_runs(canvas.circle.sectors, series.levels, canvas.breaks)
        )
        return _cased(path, 2.2, canvas.colours)
    return _markers(canvas, series)


def _cased(path: str, width: float, colours: Palette) -> str:
    """A dark line over a wider light one, readable on every filling."""
    return "".join(
        f'<path fill="none" stroke="{colour}" stroke-width="{wide}" stroke-linejoin="round" d="{path}"/>'
        for colour, wide in ((colours.ground, width + 2.8), (colours.ink, width))
        if path
    )


def _steps(run: list[tuple[Arc, int]], disc: Disc) -> str:
    steps = []
    for level, alike in groupby(run, key=lambda step: step[1]):
        arcs = [arc for arc, _ in alike]
        steps.append(_step(Arc(arcs[0].start, arcs[-1].end), level, disc))
    return "M" + "L".join(steps)


@lru_cache(maxsize=KEPT)
def _step(arc: Arc, level: int, disc: Disc) -> str:
    """Along neighbours of one level."""
    return f"{_xy(arc.start, level, disc)}{_sweep(arc, level, disc)}"


def _markers(canvas: Canvas, series: Series) -> str:
    scale = canvas.look.frame.radius / PICTURE.radius
    drawn = [
        _marked(series.style, arc, level, canvas.disc, scale)
        for arc, level in zip(canvas.circle.sectors, series.levels, strict=True)
        if level is not None
    ]
    return _in_group(series.style, canvas.colours, drawn)


@lru_cache(maxsize=KEPT)
def _marked(style: Style, arc: Arc, level: int, disc: Disc, scale: float) -> str:
    """The marker of a level, which is smaller inside the hub."""
    side, shape = _SHAPES[style]
    return shape(*point(*marker(arc, level, side, disc), disc), (MARKER_OF_NONE if level == 0 else 1) * scale)


def _in_group(style: Style, colours: Palette, shapes: list[str]) -> str:
    """Markers of one series, coloured all at once."""
    fill, edge, width = (
        (colours.ground, colours.ink, 1.4) if style is Style.CIRCLE else (colours.ink, colours.ground, 1.1)
    )
    return f'<g fill="{fill}" stroke="{edge}" stroke-width="{width}">{"".join(shapes)}</g>' if shapes else ""


MARKER_OF_NONE = 0.6  # how large a marker of level 0 is: inside the hub there is little room
CIRCLE_RADIUS, DIAMOND_RADIUS = 4.2, 5.6  # in PICTURE


def _circle(x: float, y: float, size: float) -> str:
    return f'<circle cx="{_short(x)}" cy="{_short(y)}" r="{_short(CIRCLE_RADIUS * size)}"/>'


def _diamond(x: float, y: float, size: float) -> str:
    half = _short(DIAMOND_RADIUS * size)
    top = _short(y - DIAMOND_RADIUS * size)
    return f'<path d="M{_short(x)} {top}l{half} {half}l-{half} {half}l-{half}-{half}z"/>'


_SHAPES = {Style.CIRCLE: (-1, _circle), Style.DIAMOND: (1, _diamond)}
_OVER_THE_RINGS = (Style.OUTLINE, *_SHAPES)


def _legend(canvas: Canvas, wheel: Wheel) -> tuple[str, int]:
    """Categories on the left, series on the right, the rings' numbers below; and how high that is."""
    count = max(len(canvas.legend), len(wheel.series))
    top, left, right = canvas.down + LEGEND_ROW // 2, -210, 40
    entries = [
        f'<g transform="translate({left} {top + n * LEGEND_ROW})">{one}</g>' for n, one in enumerate(canvas.legend)
    ]
    for n, series in enumerate(wheel.series):
        entry = f'{_key(series.style, canvas.colours)}<text x="34" y="4">{escape(series.name)}</text>'
        entries.append(f'<g transform="translate({right} {top + n * LEGEND_ROW})">{entry}</g>')
    key = f'<text y="{top + count * LEGEND_ROW + 6}" text-anchor="middle" fill="{canvas.colours.muted}">{escape(wheel.scale.key)}</text>'
    return f'<g font-size="{LEGEND_FONT}">{"".join(entries)}{key}</g>', (count + 1) * LEGEND_ROW + 8


def _key(style: Style, colours: Palette) -> str:
    """What a series looks like, 27 units wide and 10 high, from half of it above the line."""
    if style is Style.FILL:
        return "".join(
            f'<path fill="{colour}" d="M{at} 5v-10h6v10z"/>'
            for at, colour in zip((0, 7, 14, 21), colours.filled, strict=True)
        )
    if style is Style.OUTLINE:
        return _cased("M0 5h10v-9h17", 2.2, colours)
    return _in_group(style, colours, [_SHAPES[style][1](13.5, 0, 1)])


def page_key(wheel: Wheel) -> str:
    """The legend for a page, as HTML: categories, then the series, each of which wheel.js can switch, and what the rings are."""
    return _page_key(wheel.sectors, wheel.scale, tuple((series.name, series.style) for series in wheel.series))


@lru_cache(maxsize=256)
def _page_key(sectors: tuple[Sector, ...], scale: Scale, series: tuple[tuple[str, Style], ...]) -> str:
    categories = "".join(
        f'<li>{_swatch(f"""<path fill="{PAGE.filled[category.slot]}" d="M0-5h10v10h-10z"/>""", 10)}'
        f"{escape(block_label(category, members))}</li>"
        for category, members in blocks(sectors)
    )
    views = "".join(
        f'<li data-series="{at}"><span>{_swatch(_key(style, PAGE), 27)}{escape(name)}</span></li>'
        for at, (name, style) in enumerate(series)
    )
    rings = f'<p class="wheel-key__rings">Ringe von innen: {escape(scale.key)}</p>'
    views = f'<ul class="wheel-key__views" aria-label="Im Rad zu sehen">{views}</ul>'
    return f'{views}<ul aria-label="Kategorien und ihre Nummern">{categories}</ul>{rings}'


def _swatch(drawn: str, width: int) -> str:
    return f'<svg width="{width + 2}" height="14" viewBox="-1 -7 {width + 2} 14" aria-hidden="true">{drawn}</svg>'


@lru_cache(maxsize=64)
def _canvas(sectors: tuple[Sector, ...], scale: Scale, look: Look) -> Canvas:
    parts = blocks(sectors)
    circle = share_out([len(members) for _, members in parts])
    frame, colours = look.frame, look.colours
    disc = Disc.of(scale.rings, frame.radius)
    around = "".join(
        f'<path fill="{colours.filled[category.slot]}" d="{_cell(arc, *disc.band, disc)}"/>'
        for (category, _), arc in zip(parts, circle.categories, strict=True)
    )
    labels, up, down = "", int(frame.radius) + 6, int(frame.radius) + 6
    if look is ON_PAGE:
        found, numbers = page_labels(sectors, circle)
        labels = f'<g class="wheel__labels">{_labelled(found, frame.font)}{_ring_names(circle, disc, frame.font, colours)}</g>'
        labels += f'<g class="wheel__numbers" font-size="{NARROW_FONT}">{_numbered(numbers, NARROW_FONT)}'
        labels += f"{_ring_names(circle, disc, NARROW_FONT, colours)}</g>"
        up = down = far_enough(found, disc)
    elif look.labelled:
        found = place([f"{sector.number} {sector.label}" for sector in sectors], circle.sectors, frame)
        around += _ring_names(circle, disc, RING_FONT, colours)
        labels = _written(found, frame.font)
        up = int(max(frame.radius, *(-label.box[1] for label in found))) + 6
        down = int(max(frame.radius, *(label.box[3] for label in found))) + 6
    return Canvas(
        look=look,
        disc=disc,
        circle=circle,
        breaks=tuple(members[0].number - 1 for _, members in parts),
        slots=tuple(sector.category.slot for sector in sectors),
        ground="".join(
            f'<path fill="{colours.empty[category.slot]}" d="{_cell(arc, 0, disc.rings, disc)}"/>'
            for (category, _), arc in zip(parts, circle.categories, strict=True)
        ),
        between=_between(circle, disc),
        around=around,
        labels=labels,
        legend=tuple(
            f'<path fill="{colours.filled[category.slot]}" d="M0 5v-10h10v10z"/>'
            f'<text x="16" y="4">{escape(block_label(category, members))}</text>'
            for category, members in parts
        ),
        up=up,
        down=down,
    )


def page_labels(sectors: tuple[Sector, ...], circle: Circle) -> tuple[tuple[Label, ...], tuple[Label, ...]]:
    """What stands beside the sectors on a page: labels, and the numbers that take their place where it is narrow."""
    texts = [f"{sector.number} {sector.label}" for sector in sectors]
    narrow = Frame(PICTURE.width, PICTURE.side, NARROW_FONT)
    return place(texts, circle.sectors, PICTURE), place_numbers(
        [sector.number for sector in sectors], circle.sectors, narrow
    )


def _between(circle: Circle, disc: Disc) -> str:
    lines = [
        f"M{_xy(arc.start, at, disc)}{_sweep(arc, at, disc)}"
        for arc in circle.categories
        for at in range(1, disc.rings)
    ]
    lines += [f"M{_xy(arc.start, 0, disc)}L{_xy(arc.start, disc.rings, disc)}" for arc in circle.sectors]
    return f'<path fill="none" d="{"".join(lines)}"/>'


@lru_cache(maxsize=KEPT)
def _cell(arc: Arc, inner: float, outer: float, disc: Disc) -> str:
    """A sector between two radii, clockwise along its outer edge and back along the inner one."""
    back = Arc(arc.end, arc.start)
    return f"M{_xy(arc.start, outer, disc)}{_sweep(arc, outer, disc)}L{_xy(arc.end, inner, disc)}{_sweep(back, inner, disc)}Z"


def _sweep(arc: Arc, radius: float, disc: Disc) -> str:
    distance = _short((disc.hub + radius) * disc.ring)
    return (
        f"A{distance} {distance} 0 {int(abs(arc.width) > HALF_TURN)} {int(arc.width > 0)} {_xy(arc.end, radius, disc)}"
    )


def _xy(angle: float, radius: float, disc: Disc) -> str:
    x, y = point(angle, radius, disc)
    return f"{_short(x)} {_short(y)}"


def _short(number: float) -> str:
    """To a tenth of a unit, and no tenth where there is none."""
    return f"{number:.1f}".removesuffix(".0")


def _ring_names(circle: Circle, disc: Disc, font: int, colours: Palette) -> str:
    """The rings' numbers in the two gaps: where a ring is narrow there is no room for a name."""
    numbers = ""
    for gap in circle.ring_names:
        for ring in range(disc.rings):
            x, y = point(gap.middle, ring + 0.5, disc)
            numbers += _number(str(ring + 1), x, y + font * 0.36, font)
    return f'<g font-size="{font}" fill="{colours.muted}">{numbers}</g>'


def _number(number: str, x: float, y: float, font: int) -> str:
    """Centred by the widths of its figures: WeasyPrint makes a picture of its own of every text that it has to centre."""
    width = sum(FIGURES[figure] for figure in number) * font / 1000
    return f'<text x="{_short(x - width / 2)}" y="{_short(y)}">{number}</text>'


def _numbered(labels: tuple[Label, ...], font: int) -> str:
    return "".join(_number(label.lines[0], label.x, _baselines(label, font)[0], font) for label in labels)


def _labelled(labels: tuple[Label, ...], font: int) -> str:
    """Each label in a group of its own, in the sectors' order."""
    return "".join(
        f'<g text-anchor="{label.anchor}">'
        + "".join(
            f'<text x="{_short(label.x)}" y="{_short(top)}">{escape(line)}</text>'
            for line, top in zip(label.lines, _baselines(label, font), strict=True)
        )
        + "</g>"
        for label in labels
    )


def _written(labels: tuple[Label, ...], font: int) -> str:
    """Every line is a text of its own: WeasyPrint anchors only the first line of a text with several."""
    drawn = ""
    for anchor in dict.fromkeys(label.anchor for label in labels):
        lines = "".join(
            f'<text x="{_short(label.x)}" y="{_short(top)}">{escape(line)}</text>'
            for label in labels
            if label.anchor == anchor
            for line, top in zip(label.lines, _baselines(label, font), strict=True)
        )
        drawn += f'<g text-anchor="{anchor}">{lines}</g>'
    return drawn


def _baselines(label: Label, font: int) -> list[float]:
    first = label.y - label.height / 2 + font * (LINE_HEIGHT / 2 + 0.35)
    return [first + n * font * LINE_HEIGHT for n in range(len(label.lines))]
