"""The Kompetenzrad: sectors in coloured blocks, a ring for each level, levels that fill them from the hub.

Wheels are built from plain values, any number of sectors and levels, and know no model: the same for one person,
a role profile, a team, before and after. ``on_page`` draws one in the browser (SVG first, then Plotly), ``svg`` on paper, ``small_svg`` in
lists; ``rows`` are its values in words.
"""

from dataclasses import dataclass

from .figure import figure, figure_json
from .model import Block, Sector, Series, Style, Wheel, colour_slots
from .scale import Scale
from .svg import page_key, page_svg, small_svg, svg
from .table import rows

__all__ = [
    "Block",
    "OnPage",
    "Scale",
    "Sector",
    "Series",
    "Style",
    "Wheel",
    "colour_slots",
    "figure",
    "figure_json",
    "on_page",
    "rows",
    "small_svg",
    "svg",
]


@dataclass(frozen=True)
class OnPage:
    """A wheel for templates/_partials/wheel.html; every text in it is escaped for its place."""

    svg: str
    json: str
    key: str


def on_page(wheel: Wheel) -> OnPage:
    """The picture that is there at once, what Plotly draws in its place, and the legend of both."""
    return OnPage(page_svg(wheel), figure_json(wheel), page_key(wheel))
