"""The Lernpfad: a plan's measures along the months, the talks that look back on them, and what they take in hours.

Built from plain values and knows no model. ``figure_json`` draws it in the browser (Plotly), ``svg`` and ``svg_parts``
everywhere else; ``rows`` and ``mark_rows`` are its values in words, ``summary`` all of it in a few sentences.
``hours_by_month``, ``overloaded``, ``common_end`` and ``mix`` are what the plan asks of somebody's time.
"""

from .figure import figure, figure_json, heights
from .load import MonthLoad, Share, common_end, hours_by_month, mix, overloaded
from .model import FORMS, STATES, Mark, Stretch, Timeline
from .svg import svg, svg_parts
from .table import MarkRow, MeasureRow, mark_rows, rows
from .words import hours_text, share_texts, summary

__all__ = [
    "FORMS",
    "STATES",
    "Mark",
    "MarkRow",
    "MeasureRow",
    "MonthLoad",
    "Share",
    "Stretch",
    "Timeline",
    "common_end",
    "figure",
    "figure_json",
    "heights",
    "hours_by_month",
    "hours_text",
    "mark_rows",
    "mix",
    "overloaded",
    "rows",
    "share_texts",
    "summary",
    "svg",
    "svg_parts",
]
