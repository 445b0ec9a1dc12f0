"""The Kompetenzrad: sectors in coloured blocks, a ring for each level, levels that fill them from the hub.

Wheels are built from plain values, any number of sectors and levels, and know no model: the same for one person,
a role profile, a team, before and after. ``figure_json`` draws one in the browser (Plotly), ``svg`` everywhere else, ``rows`` are its values in words.
"""

from .figure import figure, figure_json
from .model import Block, Sector, Series, Style, Wheel, colour_slots
from .scale import Scale
from .svg import svg
from .table import rows

__all__ = [
    "Block",
    "Scale",
    "Sector",
    "Series",
    "Style",
    "Wheel",
    "colour_slots",
    "figure",
    "figure_json",
    "rows",
    "svg",
]
