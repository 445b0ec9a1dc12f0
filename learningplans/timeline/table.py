"""The values of a Lernpfad as rows of tables: what stands beside every drawing, in the drawing's order."""

from dataclasses import dataclass

from .model import STATES, Timeline
from .words import day_text, hours_text, period, served_goals


@dataclass(frozen=True)
class MeasureRow:
    """One measure in words; ``goals`` is empty where the reader does not know them."""

    number: int
    title: str
    period: str
    form_name: str
    hours: str
    state: str
    goals: str


@dataclass(frozen=True)
class MarkRow:
    """One talk in words."""

    day: str
    title: str
    state: str


def rows(timeline: Timeline) -> list[MeasureRow]:
    """The measures, by beginning, then end."""
    return [
        MeasureRow(
            number=one.number,
            title=one.title,
            period=period(one),
            form_name=one.form_name,
            hours=hours_text(one.hours),
            state=STATES[one.state],
            goals=served_goals(one),
        )
        for one in timeline.rows
    ]


def mark_rows(timeline: Timeline) -> list[MarkRow]:
    """The talks by day."""
    return [
        MarkRow(day_text(mark.day), mark.title, "geführt" if mark.is_held else "geplant") for mark in timeline.dates
    ]
