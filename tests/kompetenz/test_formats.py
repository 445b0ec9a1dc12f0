"""A date in words keeps its day and month together, wherever it is written."""

from datetime import date, datetime

from django.template import Context, Template
from django.utils.formats import date_format


def test_no_line_ends_between_day_and_month():
    day, moment = date(2026, 11, 2), datetime(2026, 11, 2, 9, 5)  # noqa: DTZ001 - as it is written, not when it is

    assert date_format(day) == Template("{{ day|date }}").render(Context({"day": day})) == "2.\xa0November 2026"
    assert date_format(moment, "DATETIME_FORMAT") == "2.\xa0November 2026, 09:05"
