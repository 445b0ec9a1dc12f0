from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kompetenz.wheel.figure import NARROW_HALF
from kompetenz.wheel.geometry import share_out
from kompetenz.wheel.labels import PICTURE, Frame, place, place_numbers, text_width, wrap
from kompetenz.wheel.svg import NARROW_FONT, ON_PAPER
from tests.thorough import examples

from .wheels import SECTORS

PAPER, NARROW = ON_PAPER.frame, Frame(PICTURE.width, PICTURE.side, NARROW_FONT)
TEXTS = [f"{sector.number} {sector.label}" for sector in SECTORS]
ARCS = share_out([6, 6, 7, 6]).sectors

words = st.text("abcdefghijklmnopqrstuvwxyzäöüßABCDEFGH-/", min_size=1, max_size=16)
names = st.lists(words, min_size=1, max_size=3).map(" ".join)


def overlapping(labels):
    def meet(one, other):
        return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] - 0.01 and other[1] < one[3] - 0.01

    return [(one.lines, other.lines) for one, other in combinations(labels, 2) if meet(one.box, other.box)]


def inside_band(labels, frame):
    """Labels whose box reaches into the circle of the category band."""

    def nearest(box):
        left, top, right, bottom = box
        return max(left, 0, -right) ** 2 + max(top, 0, -bottom) ** 2

    return [label.lines for label in labels if nearest(label.box) < frame.radius**2]


@pytest.mark.parametrize("frame", [PICTURE, PAPER])
def test_the_catalogues_labels_neither_meet_nor_leave_the_picture(frame):
    labels = place(TEXTS, ARCS, frame)

    assert overlapping(labels) == []
    assert inside_band(labels, frame) == []
    assert [label.lines for label in labels if max(-label.box[0], label.box[2]) > frame.width / 2] == []


def test_the_catalogues_numbers_neither_meet_nor_leave_the_picture():
    labels = place_numbers(range(1, 26), ARCS, NARROW)

    edge = NARROW.radius + NARROW_HALF
    assert overlapping(labels) == []
    assert inside_band(labels, NARROW) == []
    assert [label.lines for label in labels if max(map(abs, label.box)) > edge] == []


@settings(max_examples=examples(60))
@given(st.lists(st.lists(names, min_size=1, max_size=10), min_size=1, max_size=4), st.sampled_from([PICTURE, PAPER]))
def test_no_labels_meet_whatever_their_names(categories, frame):
    arcs = share_out([len(category) for category in categories]).sectors
    texts = [f"{n} {name}" for n, name in enumerate((name for category in categories for name in category), 1)]

    assert overlapping(place(texts, arcs, frame)) == []


def test_a_label_has_one_line_near_the_pole_and_more_at_the_side():
    labels = place(TEXTS, ARCS, PICTURE)

    assert labels[1].lines == ("2 Umgang mit digitalen Medien",)
    assert labels[18].lines == ("19 Kunden-", "und Service-", "orientierung")


def test_labels_begin_on_the_right_and_end_on_the_left():
    assert [label.anchor for label in place(TEXTS, ARCS, PICTURE)] == ["start"] * 12 + ["end"] * 13


def test_a_label_at_6_oclock_is_centred():
    (label,) = place(["1 Kommunikationsfähigkeit"], share_out([1]).sectors, PICTURE)

    assert (label.anchor, round(label.x), label.y > 0) == ("middle", 0, True)


def test_a_line_never_ends_with_a_short_word_or_the_number():
    assert wrap("4 Informationssicherheit und Datenschutz", 150, 12) == ("4 Informationssicherheit", "und Datenschutz")


def test_a_long_word_breaks_before_its_last_part():
    assert wrap("18 Personalentwicklungskompetenz", 150, 12) == ("18 Personalentwicklungs-", "kompetenz")


def test_a_word_of_three_parts_breaks_before_the_last_that_has_room():
    assert wrap("18 Personalentwicklungskompetenz", 120, 14) == ("18 Personal-", "entwicklungs-", "kompetenz")


def test_a_soft_hyphen_is_seen_only_where_the_line_ends():
    assert wrap("1 Dienst\u00adleistung", 200, 12) == ("1 Dienstleistung",)
    assert wrap("1 Dienst\u00adleistung", 60, 12) == ("1 Dienst-", "leistung")


def test_a_word_without_any_joint_breaks_where_the_room_ends():
    lines = wrap("1 " + "x" * 60, 120, 12)

    assert "".join(lines).replace("-", "") == "1 " + "x" * 60
    assert max(text_width(line, 12) for line in lines) <= 120
