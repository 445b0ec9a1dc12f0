"""A wheel as a Plotly figure, for the browser.

What only depends on the sectors and the scale (axes, rings, tints, labels, band) is built and validated once with
plotly.graph_objects and kept as plain JSON; a request adds its levels. ``layout.meta`` carries what static/js/wheel.js draws a
figure from for a page of any width, light or dark: everything grows with the picture, and lies where page_svg() has it. Nothing is in it
twice: what is filled follows from the levels, labels from the frame, and a line lies where its casing does.
"""

import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, TypedDict

from .geometry import Arc, Disc, marker, outline_runs, share_out, steps
from .labels import PICTURE, Label, far_enough, reach
from .model import Sector, Series, Style, Wheel, blocks
from .palette import DARK_FOR_LIGHT, LIGHT
from .scale import NO_ANSWER, Scale
from .svg import CIRCLE_RADIUS, DIAMOND_RADIUS, MARKER_OF_NONE, NARROW_FONT, page_labels

FONT = "Fira Sans, sans-serif"
UNSEEN = "rgba(0,0,0,0)"
NARROW_HALF = 26  # from the band of a wheel with numbers alone to the picture's edge
PLOTLY_DIAMOND = 1.3  # half the width of its diamond, in radii

Part = dict[str, Any]  # of a figure, as plotly.js takes it


class MarkerLook(TypedDict):
    """How a marker is drawn; ``side`` is that of geometry.marker."""

    symbol: str
    side: int
    size: float
    color: str
    edge: str


MARKERS: dict[Style, MarkerLook] = {  # hollow and solid, round and pointed: told apart without colour
    Style.CIRCLE: {"symbol": "circle", "side": -1, "size": 2 * CIRCLE_RADIUS, "color": LIGHT.ground, "edge": LIGHT.ink},
    Style.DIAMOND: {
        "symbol": "diamond",
        "side": 1,
        "size": round(2 * DIAMOND_RADIUS / PLOTLY_DIAMOND, 1),
        "color": LIGHT.ink,
        "edge": LIGHT.ground,
    },
}


@dataclass(frozen=True)
class BaseFigure:
    """What all wheels of the same sectors and scale share, as plain JSON values. Read it, never change it.

    Its traces are the rings, then one for the labels, and a band for each category. ``none`` is the one for the marks of
    level 0 at the hub, which follows them where anything is filled.
    """

    disc: Disc
    arcs: tuple[Arc, ...]
    breaks: tuple[int, ...]
    slots: tuple[int, ...]
    traces: list[Part]
    none: Part
    layout: Part

    @cached_property
    def traces_json(self) -> str:
        """The traces one after the other, those of a wheel may follow."""
        return _json(self.traces)[1:-1]

    @cached_property
    def layout_json(self) -> str:
        """What the layout has beside its ``meta``."""
        return _json({name: value for name, value in self.layout.items() if name != "meta"})[1:-1]

    @cached_property
    def meta_json(self) -> str:
        return _json(self.layout["meta"])[1:-1]


def figure(wheel: Wheel) -> Part:
    """Data and layout for Plotly. Parts are shared between calls: read it or serialise it, never change it."""
    base = base_figure(wheel.sectors, wheel.scale)
    data, meta = _own(base, wheel)
    return {
        "data": [*base.traces, *data],
        "layout": {**base.layout, "meta": {**base.layout["meta"], **meta}},
    }


def figure_json(wheel: Wheel) -> str:
    """The figure as JSON that may stand inside a script element."""
    base = base_figure(wheel.sectors, wheel.scale)
    data, meta = _own(base, wheel)
    own_traces = "".join([f",{_json(trace)}" for trace in data])
    return f'{{"data":[{base.traces_json}{own_traces}],"layout":{{{base.layout_json},"meta":{{{base.meta_json},{_json(meta)[1:]}}}}}'


def _json(part: Part | list[Part]) -> str:
    text = json.dumps(part, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _own(base: BaseFigure, wheel: Wheel) -> tuple[list[Part], Part]:
    """What is this wheel's alone: traces that follow those of the base, and what is added to the layout's ``meta``."""
    fill = wheel.in_style(Style.FILL)
    data = [base.none] if fill else []
    for at, series in enumerate(wheel.series):
        data += [{**trace, "legendgroup": str(at)} for trace in _traces(base, series)]
    meta = {
        "title": wheel.title,
        "fill": wheel.series.index(fill) if fill else None,
        "noneMarks": len(base.traces),
        "series": [series.name for series in wheel.series],
        "levels": [series.levels for series in wheel.series],
    }
    return data, meta


def _traces(base: BaseFigure, series: Series) -> list[Part]:
    if series.style is Style.FILL:
        return []  # the rings themselves carry the level
    if series.style is Style.OUTLINE:
        return _outline(base, series)
    return [_markers(base, series)]


def _outline(base: BaseFigure, series: Series) -> list[Part]:
    """The stepped line, over a wider one in the ground's colour that keeps it readable on any filling; the wider one says where."""
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
    line = {"type": "scatterpolar", "mode": "lines", "connectgaps": False}
    return [
        {**line, "theta": theta, "r": radius, "line": {"color": LIGHT.ground, "width": 5}},
        {**line, "line": {"color": LIGHT.ink, "width": 2.2}},
    ]


def _markers(base: BaseFigure, series: Series) -> Part:
    look = MARKERS[series.style]
    levels = [(arc, level) for arc, level in zip(base.arcs, series.levels, strict=True) if level is not None]
    places = [marker(arc, level, look["side"], base.disc) for arc, level in levels]
    return {
        "type": "scatterpolar",
        "mode": "markers",
        "theta": [angle for angle, _ in places],
        "r": [radius for _, radius in places],
        "cliponaxis": False,
        "marker": {
            "symbol": look["symbol"],
            "size": [round(look["size"] * (MARKER_OF_NONE if level == 0 else 1), 1) for _, level in levels],
            "color": look["color"],
            "line": {"color": look["edge"], "width": 1.4},
            "opacity": 1,
        },
    }


def load_plotly() -> None:
    """Read plotly and its schema, which else whoever asks for the first wheel of a process waits for."""
    import plotly.graph_objects as go

    go.Figure(go.Scatterpolar())


@lru_cache(maxsize=64)
def base_figure(sectors: tuple[Sector, ...], scale: Scale) -> BaseFigure:
    """Everything that only depends on sectors and scale, validated by plotly's own schema."""
    import plotly.graph_objects as go  # a tenth of a second that only pages with a wheel pay

    parts = blocks(sectors)
    circle = share_out([len(members) for _, members in parts])
    labels, numbers = page_labels(sectors, circle)
    slots = tuple(sector.category.slot for sector in sectors)
    disc = Disc.of(scale.rings, PICTURE.radius)
    frames = [
        _frame(labels, PICTURE.font, PICTURE.width, 2 * far_enough(labels, disc), circle.ring_names, disc),
        _frame(numbers, NARROW_FONT, *(2 * int(PICTURE.radius + NARROW_HALF),) * 2, circle.ring_names, disc),
    ]
    traces = _base_traces(circle.sectors, scale.rings)
    for (category, _), arc in zip(parts, circle.categories, strict=True):
        traces.append(_band(arc, disc, category.slot))
    traces.append(_none(circle.sectors, disc))
    built = go.Figure(data=traces, layout=_layout(frames, slots, scale, disc, circle.sectors))
    built.layout.template = None
    plain = json.loads(built.to_json())
    plain["layout"].pop("template", None)
    plain["layout"]["meta"]["heads"] = [f"{sector.number}. {sector.name}" for sector in sectors]
    return BaseFigure(
        disc=disc,
        arcs=circle.sectors,
        breaks=tuple(members[0].number - 1 for _, members in parts),
        slots=slots,
        traces=plain["data"][:-1],
        none=plain["data"][-1],
        layout=plain["layout"],
    )


def _base_traces(arcs: tuple[Arc, ...], rings: int) -> list[Part]:
    bars = {"type": "barpolar", "theta": [round(arc.middle, 2) for arc in arcs], "width": round(arcs[0].width, 2)}
    edge = {"line": {"color": LIGHT.ground, "width": 1.2}}
    drawn = [{**bars, "base": ring, "r": [1] * len(arcs), "marker": edge} for ring in range(rings)]
    return [*drawn, {"type": "scatterpolar", "mode": "text", "cliponaxis": False}]


def _none(arcs: tuple[Arc, ...], disc: Disc) -> Part:
    inner, outer = disc.none
    return {
        "type": "barpolar",
        "theta": [round(arc.middle, 2) for arc in arcs],
        "width": round(arcs[0].width, 2),
        "base": round(inner, 3),
        "r": [round(outer - inner, 3)] * len(arcs),
        "marker": {"line": {"width": 0}},
    }


def _band(whole: Arc, disc: Disc, slot: int) -> Part:
    """One bar over the whole category."""
    inner, outer = disc.band
    return {
        "type": "barpolar",
        "theta": [round(whole.middle, 2)],
        "width": round(whole.width, 2),
        "base": round(inner, 2),
        "r": [round(outer - inner, 2)],
        "marker": {"color": LIGHT.filled[slot], "line": {"width": 0}},
    }


def _frame(labels: tuple[Label, ...], font: int, width: int, height: int, gaps: tuple[Arc, ...], disc: Disc) -> Part:
    """What the figure is in a picture so wide and high: its letters, how far its circle reaches, and how much of it is the hub."""
    far = reach(labels, disc)
    rings = [(round(gap.middle, 2), ring + 0.5, str(ring + 1)) for gap in gaps for ring in range(disc.rings)]
    places = [label.polar(disc) for label in labels]
    sides = [_POSITION[label.anchor] for label in labels] + ["middle center"] * len(rings)
    return {
        "width": width,
        "height": height,
        "circle": round((disc.hub + far) * disc.ring, 2),
        "range": [round(disc.inside, 2), far],
        "hole": round((disc.hub + disc.inside) / (disc.hub + far), 4),
        "labels": {
            "theta": [angle for angle, _ in places] + [angle for angle, _, _ in rings],
            "r": [radius for _, radius in places] + [radius for _, radius, _ in rings],
            "text": ["<br>".join(_plain(line) for line in label.lines) for label in labels]
            + [name for _, _, name in rings],
            "textposition": sides if len(set(sides)) > 1 else sides[0],
            "textfont": {"size": font, "color": [LIGHT.ink] * len(labels) + [LIGHT.muted] * len(rings)},
        },
    }


def _plain(text: str) -> str:
    """Plotly takes a text for HTML; in what wheel.js shows itself nothing is."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


_POSITION = {"start": "middle right", "middle": "middle center", "end": "middle left"}


def _layout(frames: list[Part], slots: tuple[int, ...], scale: Scale, disc: Disc, arcs: tuple[Arc, ...]) -> Part:
    first = frames[0]
    side, top = first["width"] / 2 - first["circle"], first["height"] / 2 - first["circle"]
    return {
        "width": first["width"],
        "height": first["height"],
        "margin": {"l": side, "r": side, "t": top, "b": top, "autoexpand": False},
        "autosize": False,
        "showlegend": False,
        "hovermode": False,
        "paper_bgcolor": UNSEEN,
        "font": {"family": FONT, "size": PICTURE.font, "color": LIGHT.ink},
        "polar": {
            "bgcolor": UNSEEN,
            "hole": first["hole"],
            "bargap": 0,
            "angularaxis": {"direction": "clockwise", "rotation": 90, "visible": False},
            "radialaxis": {"range": first["range"], "visible": False},
        },
        "meta": {
            "frames": frames,
            "dark": DARK_FOR_LIGHT,
            "slots": slots,
            "filled": LIGHT.filled,
            "empty": LIGHT.empty,
            "words": list(scale.texts),
            "missing": NO_ANSWER,
            "labels": scale.rings,
            "unseen": UNSEEN,
            "arcs": [[round(arc.start, 3), round(arc.end, 3)] for arc in arcs],
            "disc": {
                "hub": disc.hub,
                "ring": round(disc.ring, 3),
                "none": disc.none,
                "band": disc.band,
                "rings": disc.rings,
            },
        },
    }
