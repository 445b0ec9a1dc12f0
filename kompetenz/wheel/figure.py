"""A wheel as a Plotly figure, for the browser.

What only depends on the sectors (axes, rings, tints, labels, band) is built and validated once with
plotly.graph_objects and kept as plain JSON; a request fills in colours, radii and hover texts. The figure is
complete for a wide light page; ``layout.meta`` carries what static/js/wheel.js exchanges for a narrower or dark one.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from .geometry import BAND, HUB, INSIDE, RINGS, Arc, marker, outline_runs, share_out, steps
from .labels import Frame, Label, place, place_numbers, reach
from .levels import LEVEL_NAMES, NO_ANSWER, level_text
from .model import Role, Sector, Series, Wheel, block_label, blocks
from .palette import DARK_FOR_LIGHT, LIGHT

FONT = "Fira Sans, sans-serif"
DRAWN_WIDTH = 980  # of the figure as it leaves the server

WIDE = Frame(width=860, side=178, font=13)
MEDIUM = Frame(width=560, side=150, font=12)
NARROW = Frame(width=280, side=24, font=12)

# Places of the traces that wheel.js changes; the bands and the series follow.
HOVER, LABELS, BANDS = RINGS, RINGS + 1, RINGS + 2

RING_NAME_FONT = 11
LEGEND_ROW = 19  # plotly.js, at the legend's font size

MARKERS = {  # hollow and solid, round and pointed: told apart without colour
    Role.SELF: {"symbol": "circle", "side": -1, "size": 10, "color": LIGHT.ground, "edge": LIGHT.ink},
    Role.MANAGER: {"symbol": "diamond", "side": 1, "size": 12, "color": LIGHT.ink, "edge": LIGHT.ground},
}


@dataclass(frozen=True)
class Base:
    """What all wheels of the same sectors share, as plain JSON values. Read it, never change it."""

    arcs: tuple[Arc, ...]
    breaks: tuple[int, ...]
    heads: tuple[str, ...]
    slots: tuple[int, ...]
    traces: list[dict]
    layout: dict


def figure(wheel: Wheel) -> dict:
    """Data and layout for Plotly. Parts are shared between calls: read it or serialise it, never change it."""
    base = base_figure(wheel.sectors)
    fill = wheel.of_role(Role.FILL)
    data = [
        *_rings(base, fill),
        {**base.traces[HOVER], "hovertext": _hover_texts(base, wheel)},
        *base.traces[LABELS:],
    ]
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
    }
    keys = {name: {**base.layout[name], "y": round(legend / height, 4)} for name in ("legend", "legend2")}
    return {"data": data, "layout": {**base.layout, **keys, "meta": meta, "margin": margin, "height": height}}


def figure_json(wheel: Wheel) -> str:
    """The figure as JSON that may stand inside a script element."""
    text = json.dumps(figure(wheel), ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _rings(base: Base, fill: Series | None) -> list[dict]:
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
        for ring in range(RINGS)
    ]


def _hover_texts(base: Base, wheel: Wheel) -> list[str]:
    """The sector's name, then a line for each series in their order; wheel.js exchanges the fill's line."""
    names = [escape(series.name, quote=False) for series in wheel.series]
    return [
        "<br>".join([head, *(f"{name}: {level_text(level)}" for name, level in zip(names, levels, strict=True))])
        for head, *levels in zip(base.heads, *(series.levels for series in wheel.series), strict=True)
    ]


def _traces(base: Base, series: Series) -> list[dict]:
    if series.role is Role.FILL:
        return [_fill_key(series)]
    if series.role is Role.OUTLINE:
        return _outline(base, series)
    return [_markers(base, series)]


def _series(series: Series, **attributes) -> dict:
    name = escape(series.name, quote=False)
    return {"type": "scatterpolar", "name": name, "hoverinfo": "skip", "legend": "legend2", **attributes}


def _fill_key(series: Series) -> dict:
    """Only the legend's entry: the rings themselves carry the level."""
    key = {"symbol": "square", "size": 12, "color": LIGHT.muted}
    return _series(series, mode="markers", r=[None], theta=[None], marker=key)


def _outline(base: Base, series: Series) -> list[dict]:
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


def _markers(base: Base, series: Series) -> dict:
    look = MARKERS[series.role]
    places = [
        marker(arc, level, look["side"])
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
            **{name: look[name] for name in ("symbol", "size", "color")},
            "line": {"color": look["edge"], "width": 1.6},
            "opacity": 1,
        },
    )


@lru_cache(maxsize=64)
def base_figure(sectors: tuple[Sector, ...]) -> Base:
    """Everything that only depends on the sectors, validated by plotly's own schema."""
    import plotly.graph_objects as go  # a tenth of a second that only pages with a wheel pay

    parts = blocks(sectors)
    circle = share_out([len(members) for _, members in parts])
    texts = [f"{sector.number} {sector.label}" for sector in sectors]
    numbers = [sector.number for sector in sectors]
    frames = [
        _frame(WIDE, place(texts, circle.sectors, WIDE), circle.ring_names, LEVEL_NAMES[1:]),
        _frame(MEDIUM, place(texts, circle.sectors, MEDIUM), circle.ring_names, "123"),
        _frame(NARROW, place_numbers(numbers, circle.sectors, NARROW), circle.ring_names, "123"),
    ]
    slots = tuple(sector.category.slot for sector in sectors)
    traces = _base_traces(circle.sectors, slots, frames[0].pop("labels"))
    at = 0
    for category, members in parts:
        traces.append(_band(circle.sectors[at : at + len(members)], block_label(category, members), category.slot))
        at += len(members)
    built = go.Figure(data=traces, layout=_layout(frames, slots))
    built.layout.template = None
    plain = json.loads(built.to_json())
    plain["layout"].pop("template", None)
    starts = tuple(members[0].number - 1 for _, members in parts)
    heads = tuple(f"{sector.number}. {escape(sector.name, quote=False)}" for sector in sectors)
    return Base(circle.sectors, starts, heads, slots, plain["data"], plain["layout"])


def _base_traces(arcs: tuple[Arc, ...], slots: tuple[int, ...], labels: dict) -> list[dict]:
    bars = {
        "type": "barpolar",
        "theta": [round(arc.middle, 2) for arc in arcs],
        "width": round(arcs[0].width, 2),
        "showlegend": False,
    }
    empty = {"color": [LIGHT.empty[slot] for slot in slots], "line": {"color": LIGHT.ground, "width": 1.5}}
    rings = [
        {**bars, "base": ring, "r": [1] * len(arcs), "marker": empty, "hoverinfo": "skip"} for ring in range(RINGS)
    ]
    unseen = {"color": "rgba(0,0,0,0)", "line": {"width": 0}}
    hover = {**bars, "base": 0, "r": [RINGS] * len(arcs), "marker": unseen, "hoverinfo": "text"}
    text = {
        "type": "scatterpolar",
        "mode": "text",
        "cliponaxis": False,
        "hoverinfo": "skip",
        "showlegend": False,
    }
    return [*rings, hover, {**text, **labels}]


def _band(arcs: tuple[Arc, ...], name: str, slot: int) -> dict:
    """One bar over the whole category; it also gives the legend its entry."""
    colour = LIGHT.filled[slot]
    whole = Arc(arcs[0].start, arcs[-1].end)
    return {
        "type": "barpolar",
        "theta": [round(whole.middle, 2)],
        "width": round(whole.width, 2),
        "base": BAND[0],
        "r": [round(BAND[1] - BAND[0], 2)],
        "marker": {"color": colour, "line": {"width": 0}},
        "name": escape(name, quote=False),
        "hoverinfo": "skip",
    }


def _frame(frame: Frame, labels: tuple[Label, ...], gaps: tuple[Arc, ...], ring_names) -> dict:
    """What wheel.js needs to draw the figure at least ``width`` pixels wide; ``side`` is the left and right margin."""
    far = reach(labels, frame.ring)
    written = [(round(gap.middle, 2), ring + 0.5, name) for gap in gaps for ring, name in enumerate(ring_names)]
    places = [label.polar(frame.ring) for label in labels]
    count = len(written)
    return {
        "width": frame.width,
        "side": int(frame.width / 2 - (HUB + far) * frame.ring),
        "top": int(max(label.height for label in labels) / 2) + 3,
        "bottom": 16 if frame is WIDE else 36,
        "range": [INSIDE, far],
        "hole": round((HUB + INSIDE) / (HUB + far), 4),
        "scale": 1 if frame is WIDE else 0.8,
        "legend": [0.5, 0.54] if frame is WIDE else [0.57, 0.58],
        "key": "" if frame is WIDE else " · ".join(f"{n} {name}" for n, name in enumerate(LEVEL_NAMES) if n),
        "labels": {
            "theta": [angle for angle, _ in places] + [angle for angle, _, _ in written],
            "r": [radius for _, radius in places] + [radius for _, radius, _ in written],
            "text": ["<br>".join(escape(line, quote=False) for line in label.lines) for label in labels]
            + [name for _, _, name in written],
            "textposition": [_POSITION[label.anchor] for label in labels] + ["middle center"] * count,
            "textfont": {"size": [frame.font] * len(labels) + [RING_NAME_FONT] * count},
        },
    }


_POSITION = {"start": "middle right", "middle": "middle center", "end": "middle left"}


def _layout(frames: list[dict], slots: tuple[int, ...]) -> dict:
    wide = frames[0]
    legend = {
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
            "words": [level_text(level) for level in range(RINGS + 1)],
            "none": NO_ANSWER,
            "hover": HOVER,
            "labels": LABELS,
        },
    }
