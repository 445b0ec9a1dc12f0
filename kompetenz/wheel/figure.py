"""A wheel as a Plotly figure, for the browser.

What only depends on the sectors and the scale (axes, rings, tints, labels, band) is built and validated once with
plotly.graph_objects and kept as plain JSON; a request fills in colours, radii and hover texts. The figure is
complete for a wide light page; ``layout.meta`` carries what static/js/wheel.js exchanges for a narrower or dark one.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any, TypedDict

from .geometry import Arc, Disc, marker, outline_runs, point, share_out, steps
from .labels import Frame, Label, place, place_numbers, reach, text_width
from .model import Sector, Series, Style, Wheel, block_label, blocks
from .palette import DARK_FOR_LIGHT, LIGHT
from .scale import NO_ANSWER, Scale

FONT = "Fira Sans, sans-serif"
DRAWN_WIDTH = 980  # of the figure as it leaves the server

WIDE = Frame(width=860, side=178, font=13)
MEDIUM = Frame(width=560, side=150, font=12)
NARROW = Frame(width=280, side=24, font=12)

RING_NAME_FONT = 11
UNSEEN = "rgba(0,0,0,0)"
LEGEND_ROW = 19  # plotly.js, at the legend's font size

Part = dict[str, Any]  # of a figure, as plotly.js takes it


class MarkerLook(TypedDict):
    """How a marker is drawn; ``side`` is that of geometry.marker."""

    symbol: str
    side: int
    size: int
    color: str
    edge: str


MARKERS: dict[Style, MarkerLook] = {  # hollow and solid, round and pointed: told apart without colour
    Style.CIRCLE: {"symbol": "circle", "side": -1, "size": 10, "color": LIGHT.ground, "edge": LIGHT.ink},
    Style.DIAMOND: {"symbol": "diamond", "side": 1, "size": 12, "color": LIGHT.ink, "edge": LIGHT.ground},
}


@dataclass(frozen=True)
class BaseFigure:
    """What all wheels of the same sectors and scale share, as plain JSON values. Read it, never change it.

    Its traces are the rings, then one for the hover texts, one for the labels, and a band for each category. ``none`` is
    the one for the marks of level 0 at the hub, which follows them where anything is filled.
    """

    disc: Disc  # in the widest frame
    arcs: tuple[Arc, ...]
    breaks: tuple[int, ...]
    heads: tuple[str, ...]
    slots: tuple[int, ...]
    level_texts: dict[int | None, str]
    traces: list[Part]
    none: Part
    layout: Part


def figure(wheel: Wheel) -> Part:
    """Data and layout for Plotly. Parts are shared between calls: read it or serialise it, never change it."""
    base = base_figure(wheel.sectors, wheel.scale)
    fill = wheel.in_style(Style.FILL)
    data = [
        *_rings(base, fill),
        {**base.traces[base.disc.rings], "hovertext": _hover_texts(base, wheel)},
        *base.traces[base.disc.rings + 1 :],
    ]
    none_marks = len(data)
    if fill:
        data.append(_marks_of_none(base, fill))
    for series in wheel.series:
        data += _traces(base, series)
    legend = max(len(wheel.categories), len(wheel.series)) * LEGEND_ROW + 12
    margin = {**base.layout["margin"], "b": base.layout["margin"]["b"] + legend}
    height = DRAWN_WIDTH - 2 * margin["l"] + margin["t"] + margin["b"]
    meta = {
        **base.layout["meta"],
        "title": wheel.title,
        "legend": legend,
        "fill": wheel.series.index(fill) if fill else None,
        "noneMarks": none_marks,
        "filling": escape(fill.name, quote=False) if fill else "",
    }
    keys = {name: {**base.layout[name], "y": round(legend / height, 4)} for name in ("legend", "legend2")}
    return {"data": data, "layout": {**base.layout, **keys, "meta": meta, "margin": margin, "height": height}}


def figure_json(wheel: Wheel) -> str:
    """The figure as JSON that may stand inside a script element."""
    text = json.dumps(figure(wheel), ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _rings(base: BaseFigure, fill: Series | None) -> list[Part]:
    levels = fill.levels if fill else (None,) * len(base.arcs)
    return [
        {
            **base.traces[ring],
            "marker": {
                "color": [
                    (LIGHT.filled if (level or 0) > ring else LIGHT.empty)[slot]
                    for level, slot in zip(levels, base.slots, strict=True)
                ],
                "line": base.traces[ring]["marker"]["line"],
            },
        }
        for ring in range(base.disc.rings)
    ]


def _marks_of_none(base: BaseFigure, fill: Series) -> Part:
    """Level 0 fills nothing, but a missing level is something else."""
    pairs = zip(fill.levels, base.slots, strict=True)
    colours = [LIGHT.filled[slot] if level == 0 else UNSEEN for level, slot in pairs]
    return {**base.none, "marker": {**base.none["marker"], "color": colours}}


def _hover_texts(base: BaseFigure, wheel: Wheel) -> list[str]:
    """The sector's name, then a line for each series in their order; wheel.js exchanges the fill's line."""
    names = [escape(series.name, quote=False) for series in wheel.series]
    texts = base.level_texts
    return [
        "<br>".join([head, *(f"{name}: {texts[level]}" for name, level in zip(names, levels, strict=True))])
        for head, *levels in zip(base.heads, *(series.levels for series in wheel.series), strict=True)
    ]


def _traces(base: BaseFigure, series: Series) -> list[Part]:
    if series.style is Style.FILL:
        return [_fill_key(series)]
    if series.style is Style.OUTLINE:
        return _outline(base, series)
    return [_markers(base, series)]


def _series(series: Series, **attributes: object) -> Part:
    name = escape(series.name, quote=False)
    return {"type": "scatterpolar", "name": name, "hoverinfo": "skip", "legend": "legend2", **attributes}


def _fill_key(series: Series) -> Part:
    """Only the legend's entry: the rings themselves carry the level."""
    key = {"symbol": "square", "size": 12, "color": LIGHT.muted}
    return _series(series, mode="markers", r=[None], theta=[None], marker=key)


def _outline(base: BaseFigure, series: Series) -> list[Part]:
    """The stepped line, over a wider one in the ground's colour that keeps it readable on any filling."""
    theta: list[float | None] = []
    radius: list[int | None] = []
    for run in outline_runs(base.arcs, series.levels, base.breaks):
        if theta:
            theta.append(None)
            radius.append(None)
        for arc, level in run:
            angles = steps(arc)
            theta += angles
            radius += [level] * len(angles)
    line = {"mode": "lines", "theta": theta, "r": radius, "connectgaps": False}
    return [
        _series(series, **line, line={"color": LIGHT.ground, "width": 6.5}, showlegend=False),
        _series(series, **line, line={"color": LIGHT.ink, "width": 2.8}),
    ]


def _markers(base: BaseFigure, series: Series) -> Part:
    look = MARKERS[series.style]
    places = [
        marker(arc, level, look["side"], base.disc)
        for arc, level in zip(base.arcs, series.levels, strict=True)
        if level is not None
    ]
    return _series(
        series,
        mode="markers",
        theta=[angle for angle, _ in places] or [None],  # an empty trace would lose its entry in the legend
        r=[radius for _, radius in places] or [None],
        cliponaxis=False,
        marker={
            "symbol": look["symbol"],
            "size": look["size"],
            "color": look["color"],
            "line": {"color": look["edge"], "width": 1.6},
            "opacity": 1,
        },
    )


@lru_cache(maxsize=64)
def base_figure(sectors: tuple[Sector, ...], scale: Scale) -> BaseFigure:
    """Everything that only depends on sectors and scale, validated by plotly's own schema."""
    import plotly.graph_objects as go  # a tenth of a second that only pages with a wheel pay

    parts = blocks(sectors)
    circle = share_out([len(members) for _, members in parts])
    texts = [f"{sector.number} {sector.label}" for sector in sectors]
    numbers = [sector.number for sector in sectors]
    frames = [
        _frame(WIDE, place(texts, circle.sectors, WIDE), circle.ring_names, scale),
        _frame(MEDIUM, place(texts, circle.sectors, MEDIUM), circle.ring_names, scale),
        _frame(NARROW, place_numbers(numbers, circle.sectors, NARROW), circle.ring_names, scale),
    ]
    slots = tuple(sector.category.slot for sector in sectors)
    traces = _base_traces(circle.sectors, slots, frames[0].pop("labels"), scale.rings)
    disc = Disc.of(scale.rings, WIDE.radius)
    for (category, members), arc in zip(parts, circle.categories, strict=True):
        traces.append(_band(arc, disc, block_label(category, members), category.slot))
    level_texts = [escape(text, quote=False) for text in scale.texts]
    traces.append(_none(circle.sectors, disc))
    built = go.Figure(data=traces, layout=_layout(frames, slots, level_texts))
    built.layout.template = None
    plain = json.loads(built.to_json())
    plain["layout"].pop("template", None)
    starts = tuple(members[0].number - 1 for _, members in parts)
    heads = tuple(f"{sector.number}. {escape(sector.name, quote=False)}" for sector in sectors)
    return BaseFigure(
        disc=disc,
        arcs=circle.sectors,
        breaks=starts,
        heads=heads,
        slots=slots,
        level_texts={None: NO_ANSWER, **dict(enumerate(level_texts))},
        traces=plain["data"][:-1],
        none=plain["data"][-1],
        layout=plain["layout"],
    )


def _base_traces(arcs: tuple[Arc, ...], slots: tuple[int, ...], labels: Part, rings: int) -> list[Part]:
    bars = {
        "type": "barpolar",
        "theta": [round(arc.middle, 2) for arc in arcs],
        "width": round(arcs[0].width, 2),
        "showlegend": False,
    }
    empty = {"color": [LIGHT.empty[slot] for slot in slots], "line": {"color": LIGHT.ground, "width": 1.5}}
    drawn = [
        {**bars, "base": ring, "r": [1] * len(arcs), "marker": empty, "hoverinfo": "skip"} for ring in range(rings)
    ]
    unseen = {"color": UNSEEN, "line": {"width": 0}}
    hover = {**bars, "base": 0, "r": [rings] * len(arcs), "marker": unseen, "hoverinfo": "text"}
    text = {
        "type": "scatterpolar",
        "mode": "text",
        "cliponaxis": False,
        "hoverinfo": "skip",
        "showlegend": False,
    }
    return [*drawn, hover, {**text, **labels}]


def _none(arcs: tuple[Arc, ...], disc: Disc) -> Part:
    inner, outer = disc.none
    return {
        "type": "barpolar",
        "theta": [round(arc.middle, 2) for arc in arcs],
        "width": round(arcs[0].width, 2),
        "base": round(inner, 3),
        "r": [round(outer - inner, 3)] * len(arcs),
        "marker": {"color": UNSEEN, "line": {"width": 0}},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _band(whole: Arc, disc: Disc, name: str, slot: int) -> Part:
    """One bar over the whole category; it also gives the legend its entry."""
    inner, outer = disc.band
    return {
        "type": "barpolar",
        "theta": [round(whole.middle, 2)],
        "width": round(whole.width, 2),
        "base": round(inner, 2),
        "r": [round(outer - inner, 2)],
        "marker": {"color": LIGHT.filled[slot], "line": {"width": 0}},
        "name": escape(name, quote=False),
        "hoverinfo": "skip",
    }


def _frame(frame: Frame, labels: tuple[Label, ...], gaps: tuple[Arc, ...], scale: Scale) -> Part:
    """What wheel.js needs to draw the figure at least ``width`` pixels wide; ``side`` is the left and right margin.

    The rings are named in the gaps if the names fit there, else numbered, and the key below says what the numbers are.
    """
    disc = Disc.of(scale.rings, frame.radius)
    far = reach(labels, disc)
    named = all(_has_room(name, ring, gap, disc) for gap in gaps for ring, name in enumerate(scale.names[1:]))
    ring_names = scale.names[1:] if named else [str(level) for level in range(1, scale.rings + 1)]
    written = [(round(gap.middle, 2), ring + 0.5, name) for gap in gaps for ring, name in enumerate(ring_names)]
    places = [label.polar(disc) for label in labels]
    count = len(written)
    return {
        "width": frame.width,
        "side": int(frame.width / 2 - (disc.hub + far) * disc.ring),
        "top": int(max(label.height for label in labels) / 2) + 3,
        "bottom": 16 if named else 36,
        "range": [round(disc.inside, 2), far],
        "hole": round((disc.hub + disc.inside) / (disc.hub + far), 4),
        "scale": 1 if frame is WIDE else 0.8,
        "legend": [0.5, 0.54] if frame is WIDE else [0.57, 0.58],
        "key": "" if named else escape(scale.key, quote=False),
        "labels": {
            "theta": [angle for angle, _ in places] + [angle for angle, _, _ in written],
            "r": [radius for _, radius in places] + [radius for _, radius, _ in written],
            "text": ["<br>".join(escape(line, quote=False) for line in label.lines) for label in labels]
            + [escape(name, quote=False) for _, _, name in written],
            "textposition": [_POSITION[label.anchor] for label in labels] + ["middle center"] * count,
            "textfont": {"size": [frame.font] * len(labels) + [RING_NAME_FONT] * count},
        },
    }


def _has_room(name: str, ring: int, gap: Arc, disc: Disc) -> bool:
    """Whether a ring's name is no wider than the gap, in the middle of its ring."""
    (left, _), (right, _) = (point(side * gap.width / 2, ring + 0.5, disc) for side in (-1, 1))
    return text_width(name, RING_NAME_FONT) <= right - left


_POSITION = {"start": "middle right", "middle": "middle center", "end": "middle left"}


def _layout(frames: list[Part], slots: tuple[int, ...], level_texts: list[str]) -> Part:
    wide = frames[0]
    legend: Part = {
        "xref": "container",
        "yref": "container",
        "yanchor": "top",
        "bgcolor": "rgba(0,0,0,0)",
    }
    legend |= {"font": {"size": 12}, "itemclick": False, "itemdoubleclick": False}
    return {
        "width": DRAWN_WIDTH,
        "margin": {
            "l": wide["side"],
            "r": wide["side"],
            "t": wide["top"],
            "b": wide["bottom"],
            "autoexpand": False,
        },
        "autosize": False,
        "dragmode": False,
        "hovermode": "closest",
        "paper_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": WIDE.font, "color": LIGHT.ink},
        "hoverlabel": {
            "align": "left",
            "bgcolor": LIGHT.ground,
            "bordercolor": LIGHT.ink,
            "font": {"family": FONT, "size": 14, "color": LIGHT.ink},
        },
        "legend": {**legend, "x": wide["legend"][0], "xanchor": "right"},
        "legend2": {**legend, "x": wide["legend"][1], "xanchor": "left"},
        "polar": {
            "bgcolor": "rgba(0,0,0,0)",
            "hole": wide["hole"],
            "bargap": 0,
            "angularaxis": {"direction": "clockwise", "rotation": 90, "visible": False},
            "radialaxis": {"range": wide["range"], "visible": False},
        },
        "meta": {
            "frames": frames,
            "dark": DARK_FOR_LIGHT,
            "slots": slots,
            "filled": LIGHT.filled,
            "empty": LIGHT.empty,
            "words": level_texts,
            "none": NO_ANSWER,
            "hover": len(level_texts) - 1,
            "labels": len(level_texts),
            "unseen": UNSEEN,
        },
    }
