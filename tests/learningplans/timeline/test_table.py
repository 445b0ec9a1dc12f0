import re
from datetime import date
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.utils.html import strip_tags

from learningplans.timeline import MarkRow, MeasureRow, Timeline, mark_rows, rows, summary
from learningplans.timeline.words import hours_text
from tests.markup import tight

from .timelines import LONG_TITLE, LOOKED_AT, agreed_plan, stretch


def test_rows_tell_every_measure_in_words():
    assert rows(agreed_plan()) == [
        MeasureRow(
            1,
            "Fachverfahren im eigenen Amt einführen",
            "11.01.2027 bis 30.04.2027",
            "Lernen aus Herausforderungen",
            "40 Stunden",
            "geplant",
            "Ziel 1",
        ),
        MeasureRow(
            2,
            "Mentoring durch die Stabsstelle Digitalisierung",
            "01.02.2027 bis 30.11.2027",
            "Lernen aus Interaktion",
            "12,5 Stunden",
            "geplant",
            "Ziel 1, 3",
        ),
        MeasureRow(
            3,
            "Seminar Prozessmodellierung mit BPMN",
            "08.03.2027 bis 10.03.2027",
            "klassische Weiterbildung",
            "24 Stunden",
            "durchgeführt",
            "",
        ),
        MeasureRow(
            4, LONG_TITLE, "bis 15.09.2027", "Lernen aus Herausforderungen", "Stunden nicht angegeben", "geplant", ""
        ),
    ]


def test_rows_of_talks_tell_day_and_state():
    assert mark_rows(agreed_plan()) == [
        MarkRow("15.04.2027", "Review-Gespräch", "geführt"),
        MarkRow("19.08.2027", "Review-Gespräch", "geplant"),
        MarkRow("09.12.2027", "Abschlussgespräch", "geplant"),
    ]


@pytest.mark.parametrize(
    ("hours", "text"),
    [
        (None, "Stunden nicht angegeben"),
        ("0", "0 Stunden"),
        ("1.0", "1 Stunde"),
        ("1.5", "1,5 Stunden"),
        ("1234.5", "1.234,5 Stunden"),
    ],
)
def test_hours_are_written_as_in_german(hours, text):
    assert hours_text(hours and Decimal(hours)) == text


def test_the_summary_tells_the_whole_picture():
    assert summary(agreed_plan()) == (
        "Lernpfad: 4 Maßnahmen, 11.01.2027 bis 30.11.2027. Lernen aus Herausforderungen 2, "
        "Lernen aus Interaktion 1, klassische Weiterbildung 1. Davon geplant 3, durchgeführt 1. Review-Gespräch am 15.04.2027 (geführt), "
        "Review-Gespräch am 19.08.2027, Abschlussgespräch am 09.12.2027. Die Werte stehen in der Tabelle."
    )


def test_the_summary_of_one_measure_or_none():
    one = Timeline((stretch(1, None, date(2027, 2, 19)),), (), date(2027, 2, 9))

    assert summary(one) == (
        "Lernpfad: 1 Maßnahme, bis 19.02.2027. Lernen aus Herausforderungen 1. Davon geplant 1. "
        "Die Werte stehen in der Tabelle."
    )
    assert summary(LOOKED_AT["empty"]) == "Lernpfad: noch keine Maßnahmen. Die Werte stehen in der Tabelle."


def test_the_table_has_measures_then_talks():
    page = render_to_string(
        "learningplans/_timeline_table.html",
        {"rows": rows(agreed_plan())[2:3], "mark_rows": mark_rows(agreed_plan())[:1], "caption": "Lernpfad in Zahlen"},
    )

    lines = [
        "|".join(strip_tags(cell) for cell in re.findall(r"<(?:caption|t[hd])\b.*?(?=</(?:caption|t[hd])>)", line))
        for line in tight(page).split("<tr")
    ]
    assert lines == [
        "Lernpfad in Zahlen",
        "Maßnahme oder Gespräch|Zeitraum|Lernform|Zeitbedarf|Stand",
        "3 Seminar Prozessmodellierung mit BPMN|08.03.2027 bis 10.03.2027|klassische Weiterbildung|24 Stunden|durchgeführt",
        "Review-Gespräch|15.04.2027|–|–|geführt",
    ]
