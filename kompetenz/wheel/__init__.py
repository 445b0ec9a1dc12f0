"""The Kompetenzrad: sectors in coloured blocks, three rings, levels that fill them from the hub.

Wheels are built from plain values and know no model: the same for one person, a role profile, a team, before
and after. ``figure_json`` draws one in the browser (Plotly), ``svg`` everywhere else, ``rows`` are its values in words.
"""

from .figure import figure, figure_json
from .levels import LEVEL_NAMES
from .model import Category, Role, Sector, Series, Wheel
from .svg import svg
from .table import rows

__all__ = [
    "LEVEL_NAMES",
    "Category",
    "Role",
    "Sector",
    "Series",
    "Wheel",
    "figure",
    "figure_json",
    "rows",
    "svg",
]
