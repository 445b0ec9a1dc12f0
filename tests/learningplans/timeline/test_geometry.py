from datetime import date, timedelta
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompetenz.wheel.labels import text_width
from learningplans.timeline import FORMS, Mark, Timeline
from learningplans.timeline.figure import FRAMES
from learningplans.timeline.geometry import (
    BAR,
    MARK_ROOM,
    RIGHT,
    SHORTEST,
    PathFrame,
    hatching,
    lay_out,
    title_lines,
)
from learningplans.timeline.svg import PAPER

from .timelines import LONG_TITLE, LOOKED_AT, agreed_plan, stretch

ALL_FRAMES = (*FRAMES, PAPER)
WIDE, _, NARROW = FRAMES
DAYS = st.dates(date(2026, 1, 1), date(2032, 12, 31))


@st.composite
def timelines(draw):
    spans = draw(st.lists(st.tuples(DAYS, DAYS, st.booleans()), max_size=6))
    stretches = [
        stretch(n, None if is_open else min(days), max(days), FORMS[n % 3]) for n, (*days, is_open) in enumerate(spans)
    ]
    marks = [
        Mark(day, "Gespräch", is_final=final, is_held=False)
        for day, final in draw(st.lists(st.tuples(DAYS, st.booleans()), max_size=6))
    ]
    return Timeline(tuple(stretches), tuple(marks), draw(DAYS))


@given(timelines(), st.sampled_from(ALL_FRAMES))
def test_bars_lie_in_their_rows_and_among_the_months(timeline, frame):
    drawing = lay_out(timeline, frame)

    assert len(drawing.bars) == len(timeline.rows)
    rows = list(pairwise(drawing.edges))[-len(drawing.bars) :] if drawing.bars else []
    for bar, (top, bottom) in zip(drawing.bars, rows, strict=True):
        xs, ys = zip(*bar.corners, strict=True)
        assert -0.001 <= min(xs) < max(xs) <= frame.room + 0.001
        assert max(xs) - min(xs) >= SHORTEST - 0.001
        assert top < min(ys) < max(ys) < bottom
        assert max(ys) - min(ys) == BAR


@given(timelines(), st.sampled_from(ALL_FRAMES))
def test_no_two_talks_lie_upon_each_other(timeline, frame):
    places = [(talk.x, talk.y) for talk in lay_out(timeline, frame).diamonds]

    assert len(places) == len(timeline.marks)
    assert [
        (one, other)
        for one, other in combinations(places, 2)
        if max(abs(one[0] - other[0]), abs(one[1] - other[1])) < MARK_ROOM - 0.001
    ] == []


@given(timelines(), st.sampled_from(ALL_FRAMES))
def test_the_months_names_stand_apart_and_inside(timeline, frame):
    names = lay_out(timeline, frame).names

    assert names
    ends = [x + 4 + text_width(name, frame.font) for x, name in names]
    assert all(end < x for end, (x, _) in zip(ends, names[1:], strict=False))
    assert (names[0][0] >= 0, ends[-1] <= frame.room + RIGHT) == (True, True)


def test_a_plan_for_four_thousand_years_can_be_drawn():
    typing_error = Timeline((stretch(1, date(2027, 1, 1), date(6027, 1, 1)),), (), date(2027, 1, 1))

    assert [name for _, name in lay_out(typing_error, WIDE).names] == [
        f"Jan. {year}" for year in range(2500, 5501, 500)
    ]


def test_a_year_is_told_by_as_many_months_as_fit():
    assert [name for _, name in lay_out(agreed_plan(), WIDE).names] == [
        f"{month} 2027" for month in ("Jan.", "März", "Mai", "Juli", "Sept.", "Nov.")
    ]
    assert [name for _, name in lay_out(agreed_plan(), NARROW).names] == ["Jan. 2027", "Mai 2027", "Sept. 2027"]


def test_a_bar_reaches_from_its_first_to_the_end_of_its_last_day():
    bar = lay_out(agreed_plan(), WIDE).bars[0]

    per_day = WIDE.room / 365
    assert [round(bar.corners[0][0] / per_day, 6), round(bar.corners[1][0] / per_day, 6)] == [10, 120]


def test_an_open_beginning_is_a_flag_that_points_to_the_end():
    flag = next(bar for bar in lay_out(agreed_plan(), WIDE).bars if bar.stretch.begins is None)

    end = WIDE.room / 365 * (date(2027, 9, 16) - date(2027, 1, 1)).days
    assert len(flag.corners) == 3
    assert flag.corners[1] == (pytest.approx(end), flag.y)


def test_today_is_shown_only_among_the_months():
    during, after = date(2027, 1, 1), date(2028, 1, 1)
    plan = agreed_plan()

    assert lay_out(Timeline(plan.stretches, plan.marks, during), WIDE).today == pytest.approx(WIDE.room / 730)
    assert lay_out(Timeline(plan.stretches, plan.marks, after), WIDE).today is None


@pytest.mark.parametrize("frame", [frame for frame in ALL_FRAMES if frame.titles])
@given(
    title=st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.just(" "), min_size=1).filter(
        str.strip
    )
)
def test_titles_stay_beside_their_rows(frame, title):
    lines = title_lines(stretch(1, None, date(2027, 1, 1), title=title), frame)

    assert 1 <= len(lines) <= 3
    assert all(text_width(line, frame.font) <= frame.left - 22 for line in lines)


def test_a_very_long_title_ends_in_an_ellipsis():
    assert title_lines(stretch(1, None, date(2027, 1, 1), title=LONG_TITLE), WIDE) == (
        "Datenschutz-Folgenabschätzung",
        "für das Fachverfahren der",
        "Kraftfahrzeugzulassungsbehörde…",
    )


def test_the_ellipsis_finds_room_in_a_full_line():
    lines = title_lines(stretch(1, None, date(2027, 1, 1), title=" ".join(["i" * 55] * 4)), WIDE)

    assert lines == ("i" * 55, "i" * 55, f"{'i' * 53}…")


def test_lines_of_a_title_are_about_as_long_as_each_other():
    title = "Fachverfahren im eigenen Amt einführen"

    assert title_lines(stretch(1, None, date(2027, 1, 1), title=title), WIDE) == (
        "Fachverfahren im",
        "eigenen Amt einführen",
    )


def test_narrow_pages_have_numbers_only():
    assert {bar.lines for bar in lay_out(LOOKED_AT["three years"], NARROW).bars} == {()}


def test_the_key_has_what_the_drawing_has_and_no_more():
    assert [key.kind for key in lay_out(agreed_plan(), WIDE).keys] == [
        *FORMS,
        "review",
        "final",
        "held",
        "open",
        "done",
    ]
    assert lay_out(LOOKED_AT["empty"], WIDE).keys == ()


def test_hatching_rises_from_edge_to_edge():
    square = ((0, 0), (10, 0), (10, 10), (0, 10))

    assert hatching(square, 8) == [((0, 8), (8, 0)), ((6, 10), (10, 6))]


@given(st.floats(0, 500), st.floats(9, 400), st.sampled_from([5, 6, 7]))
def test_hatching_stays_within_its_bar(start, length, gap):
    corners = ((start, 20), (start + length, 20), (start + length, 36), (start, 36))

    lines = hatching(corners, gap)
    assert lines
    assert all(start - 0.1 <= x <= start + length + 0.1 and 20 <= y <= 36 for line in lines for x, y in line)


def test_everything_fits_into_the_height():
    for timeline in LOOKED_AT.values():
        for frame in ALL_FRAMES:
            drawing = lay_out(timeline, frame)
            assert max([drawing.bottom, *(key.y for key in drawing.keys)]) < drawing.height


def test_rows_of_one_line_are_as_high_as_each_other():
    plan = Timeline(tuple(stretch(n, None, date(2027, 1, 1) + timedelta(n)) for n in range(3)), (), date(2027, 1, 1))

    assert lay_out(plan, PathFrame(width=800, left=200, font=12, titles=True)).edges == (26, 56, 86, 116)
