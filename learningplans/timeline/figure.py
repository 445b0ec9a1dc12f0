"""A Lernpfad as a Plotly figure, for the browser.

Every line, box and sign is a scatter trace in the pixels of geometry.py, every word an annotation. The figure is
complete for a wide light page; ``layout.meta`` carries what static/js/timeline.js exchanges for a narrower or dark one.
"""

import json
from collections.abc import Iterable, Sequence
from html import escape
from textwrap import wrap
from typing import Any

from .geometry import EMPTY_ROW, KEY_SIGN, NUMBER, Diamond, Drawing, PathFrame, Point, key_corners, lay_out
from .model import FORMS, STATES, Stretch, Timeline
from .palette import DARK_FOR_LIGHT, LIGHT
from .words import day_text, hours_text, period, served_goals

Part = dict[str, Any]  # of a figure, as plotly.js takes it

FONT = "Fira Sans, sans-serif"
DRAWN_WIDTH = 980  # of the figure as it leaves the server

FRAMES = (
    PathFrame(width=860, left=256, font=13, titles=True),
    PathFrame(width=560, left=190, font=12, titles=True),
    PathFrame(width=280, left=22, font=12, titles=False),
)
HOVER_LETTERS, HOVER_FONT = 32, 14  # so wide that it fits on a telephone

OUTLINE = {"color": LIGHT.ink, "width": 1.6}
SIGN_LOOKS: dict[str, Part] = {  # told apart by shape; hollow is to come, solid is over
    "review": {"symbol": "diamond", "size": 12, "color": LIGHT.ground, "line": OUTLINE},
    "final": {"symbol": "square", "size": 12, "color": LIGHT.ground, "line": OUTLINE},
    "held": {"symbol": "diamond", "size": 12, "color": LIGHT.ink, "line": OUTLINE},
    "held final": {"symbol": "square", "size": 12, "color": LIGHT.ink, "line": OUTLINE},
    "open": {"symbol": "triangle-right", "size": 12, "color": LIGHT.ground, "line": OUTLINE},
    "done": {"symbol": "circle", "size": 10, "color": LIGHT.ink, "line": {"width": 0}},
    "dropped": {"symbol": "x", "size": 10, "color": LIGHT.ink, "line": {"width": 0}},
}
LINES: dict[str, Part] = {"review": {"width": 1.4, "dash": "5px,4px"}, "final": {"width": 2.4, "dash": "12px,4px"}}


def figure(timeline: Timeline) -> Part:
    """Data and layout for Plotly. Parts are shared between calls: read it or serialise it, never change it."""
    drawings = [lay_out(timeline, frame) for frame in FRAMES]
    hover = [_stretch_hover(stretch) for stretch in timeline.rows]
    traces = [_traces(drawing, hover) for drawing in drawings]
    frames: list[Part] = [
        {
            "width": drawing.frame.width,
            "traces": [{"x": trace["x"], "y": trace["y"]} for trace in placed],
            "layout": _frame_layout(drawing),
        }
        for drawing, placed in zip(drawings, traces, strict=True)
    ]
    layout: Part = {**_LAYOUT, **frames[0]["layout"], "meta": {"frames": frames, "dark": DARK_FOR_LIGHT}}
    return {"data": traces[0], "layout": layout}


def heights(drawn: Part) -> list[float]:
    """How high each frame's picture of a figure is, the widest first."""
    return [frame["layout"]["height"] for frame in drawn["layout"]["meta"]["frames"]]


def figure_json(drawn: Part) -> str:
    """A figure as JSON that may stand inside a script element."""
    text = json.dumps(drawn, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _traces(drawing: Drawing, hover: list[str]) -> list[Part]:
    """The same traces in every frame, from the lowest to the uppermost; only their x and y differ."""
    return [
        _lines(_grid(drawing), {"color": LIGHT.grid, "width": 1}),
        *_talk_lines(drawing),
        *([_today(drawing, drawing.today)] if drawing.today is not None else []),
        *(
            {**_box(bar.corners, bar.stretch.form, bar.stretch.state), "text": text, **_HOVER}
            for bar, text in zip(drawing.bars, hover, strict=True)
        ),
        *(_box(key_corners(key), key.kind) for key in drawing.keys if key.kind in FORMS),
        *_signs(drawing),
    ]


def _grid(drawing: Drawing) -> list[tuple[Point, Point]]:
    months = [((x, 4), (x, drawing.bottom)) for x, _ in drawing.names]
    return [*months, *(((0, y), (drawing.frame.room, y)) for y in drawing.edges)]


def _talk_lines(drawing: Drawing) -> list[Part]:
    traces = []
    for kind, look in LINES.items():
        lines = [((d.x, d.y), (d.x, drawing.bottom)) for d in drawing.diamonds if d.mark.is_final == (kind == "final")]
        if lines:
            traces.append(_lines(lines, {"color": LIGHT.ink, **look}))
    return traces


def _today(drawing: Drawing, x: float) -> Part:
    return _lines([((x, drawing.top), (x, drawing.bottom + 6))], _TODAY)


def _lines(lines: Sequence[Sequence[Point]], look: Part) -> Part:
    """Straight lines as one trace."""
    xs, ys = _runs(lines)
    return {**_TRACE, "mode": "lines", "x": xs, "y": ys, "line": look, "hoverinfo": "skip"}


def _box(corners: tuple[Point, ...], form: str, state: str = "planned") -> Part:
    xs, ys = _runs([(*corners, corners[0])])
    return {**_TRACE, "mode": "lines", "x": xs, "y": ys, "fill": "toself", **_filling(form, state), "hoverinfo": "skip"}


def _filling(form: str, state: str) -> Part:
    """Solid, striped or hollow by Lernform; dotted and empty if it is dropped."""
    strong, tint = LIGHT.strong[form], LIGHT.tint[form]
    outline = {"color": strong, "width": 2}
    if state == "dropped":
        return {"fillcolor": LIGHT.ground, "line": {**outline, "dash": "2px,2px"}}
    if form == "interaction":
        stripes = {"shape": "/", "size": 7, "solidity": 0.45, "fgcolor": strong, "bgcolor": tint}
        return {"fillcolor": tint, "fillpattern": stripes, "line": outline}
    return {"fillcolor": strong if form == "challenge" else tint, "line": outline}


def _signs(drawing: Drawing) -> list[Part]:
    """The signs of talks and states, each kind with its own entry in the key."""
    traces = []
    for kind, look in SIGN_LOOKS.items():
        places = [(d.x, d.y, _talk_hover(d)) for d in drawing.diamonds if _talk_kind(d) == kind]
        places += [(*bar.sign, "") for bar in drawing.bars if bar.stretch.state == kind]
        places += [(key.x + KEY_SIGN / 2, key.y, "") for key in drawing.keys if key.kind == kind]
        if places:
            xs, ys, texts = (list(column) for column in zip(*places, strict=True))
            hover = {"hovertext": texts, "hoverinfo": "text"} if any(texts) else {"hoverinfo": "skip"}
            place = {"x": [round(x, 1) for x in xs], "y": [round(y, 1) for y in ys], "cliponaxis": False}
            traces.append({**_TRACE, "mode": "markers", **place, "marker": {**look, "opacity": 1}, **hover})
    return traces


def _talk_kind(diamond: Diamond) -> str:
    if diamond.mark.is_held:
        return "held final" if diamond.mark.is_final else "held"
    return "final" if diamond.mark.is_final else "review"


def _runs(lines: Iterable[Sequence[Point]]) -> tuple[list[float | None], list[float | None]]:
    """Their x and y, with a gap between one line and the next."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for line in lines:
        if xs:
            xs.append(None)
            ys.append(None)
        xs += [round(x, 1) for x, _ in line]
        ys += [round(y, 1) for _, y in line]
    return xs, ys


def _stretch_hover(stretch: Stretch) -> str:
    told = [f"{stretch.number}. {stretch.title}", stretch.form_name, period(stretch)]
    told += [f"dient {served_goals(stretch)}"] if stretch.goals else []
    return _hover([*told, f"{hours_text(stretch.hours)}, {STATES[stretch.state]}"])


def _talk_hover(diamond: Diamond) -> str:
    mark = diamond.mark
    return _hover([mark.title, f"{day_text(mark.day)}, {'geführt' if mark.is_held else 'geplant'}"])


def _hover(parts: list[str]) -> str:
    lines = [line for part in parts for line in (wrap(part, HOVER_LETTERS) if len(part) > HOVER_LETTERS else [part])]
    return "<br>".join(escape(line, quote=False) for line in lines)


def _frame_layout(drawing: Drawing) -> Part:
    frame, height = drawing.frame, round(drawing.height, 1)
    return {
        "height": height,
        "margin": {"l": frame.left, "r": 0, "t": 0, "b": 0, "autoexpand": False},
        "xaxis": {"range": [0, frame.width - frame.left], "visible": False, "fixedrange": True},
        "yaxis": {"range": [height, 0], "visible": False, "fixedrange": True},
        "annotations": _words(drawing),
    }


def _words(drawing: Drawing) -> list[Part]:
    frame, font = drawing.frame, drawing.frame.font
    words = [_word(name, font, y=14, at=x, shift=4, muted=True) for x, name in drawing.names]
    if drawing.talks_y is not None and frame.titles:
        words.append(_word("Gespräche", font, y=drawing.talks_y, shift=NUMBER - frame.left))
    for bar in drawing.bars:
        beside = NUMBER - 6 - frame.left if frame.titles else -8
        words.append(_word(str(bar.stretch.number), font, y=bar.y, shift=beside, anchor="right"))
        if frame.titles:
            title = "<br>".join(escape(line, quote=False) for line in bar.lines)
            words.append(_word(title, font, y=bar.y, shift=NUMBER - frame.left))
    if not drawing.bars:
        beside = NUMBER - frame.left if frame.titles else 8
        nothing = _word("Noch keine Maßnahmen", font, y=drawing.bottom - EMPTY_ROW / 2, shift=beside, muted=True)
        words.append({**nothing, "bgcolor": LIGHT.ground})
    if drawing.today is not None:
        words.append(_word("heute", font, y=drawing.bottom + 14, at=drawing.today, anchor="center"))
    return [
        *words,
        *(_word(escape(key.text, quote=False), 12, y=key.y, at=key.x + KEY_SIGN, shift=8) for key in drawing.keys),
    ]


def _word(
    text: str, font: int, *, y: float, at: float = 0, shift: float = 0, anchor: str = "left", muted: bool = False
) -> Part:
    """At ``at`` pixels of the frame, moved by ``shift`` pixels of the screen."""
    colour = {"color": LIGHT.muted} if muted else {}
    return {
        "text": text,
        "x": round(at, 1),
        "y": round(y, 1),
        "xshift": shift,
        "xanchor": anchor,
        "font": {"size": font, **colour},
    }


_TRACE = {"type": "scatter", "showlegend": False}
_HOVER = {"hoveron": "fills", "hoverinfo": "text"}
_TODAY = {"color": LIGHT.muted, "width": 2}
_LAYOUT = {
    "width": DRAWN_WIDTH,
    "autosize": False,
    "dragmode": False,
    "hovermode": "closest",
    "showlegend": False,
    "paper_bgcolor": "rgba(0,0,0,0)",
    "plot_bgcolor": "rgba(0,0,0,0)",
    "font": {"family": FONT, "size": FRAMES[0].font, "color": LIGHT.ink},
    "hoverlabel": {
        "align": "left",
        "bgcolor": LIGHT.ground,
        "bordercolor": LIGHT.ink,
        "font": {"family": FONT, "size": HOVER_FONT, "color": LIGHT.ink},
    },
    "template": {
        "layout": {
            "annotationdefaults": {
                "xref": "x",
                "yref": "y",
                "yanchor": "middle",
                "align": "left",
                "showarrow": False,
                "borderpad": 0,
            }
        }
    },
}
