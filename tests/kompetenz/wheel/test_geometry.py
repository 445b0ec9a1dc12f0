from itertools import combinations, pairwise
from math import dist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompetenz.wheel.geometry import (
    GAP,
    RING_NAME_GAP,
    Arc,
    Disc,
    marker,
    outline_runs,
    point,
    share_out,
    steps,
)
from kompetenz.wheel.labels import PICTURE
from kompetenz.wheel.svg import CIRCLE_RADIUS, DIAMOND_RADIUS, MARKER_OF_NONE

counts = st.lists(st.integers(1, 15), min_size=1, max_size=4)
rings = st.integers(1, 10)


@given(counts)
def test_sectors_and_gaps_cover_the_circle_once(counts):
    circle = share_out(counts)

    gaps = 2 * RING_NAME_GAP + (len(counts) - 2) * GAP if len(counts) > 1 else RING_NAME_GAP
    assert sum(arc.width for arc in circle.sectors) + gaps == pytest.approx(360)
    assert circle.sectors[0].start == RING_NAME_GAP / 2
    assert circle.sectors[-1].end == pytest.approx(360 - RING_NAME_GAP / 2)


@given(counts)
def test_sectors_are_equal_and_follow_each_other_without_overlap(counts):
    circle = share_out(counts)

    assert len(circle.sectors) == sum(counts)
    assert all(arc.width == pytest.approx(circle.sectors[0].width) for arc in circle.sectors)
    assert all(one.end <= other.start + 1e-9 for one, other in pairwise(circle.sectors))


@given(counts)
def test_categories_span_exactly_their_sectors(counts):
    circle = share_out(counts)

    at = 0
    for arc, count in zip(circle.categories, counts, strict=True):
        assert arc.start == pytest.approx(circle.sectors[at].start)
        assert arc.end == pytest.approx(circle.sectors[at + count - 1].end)
        at += count


def test_the_catalogue_has_its_ring_names_at_12_and_6_oclock():
    circle = share_out([6, 6, 7, 6])

    assert [round(arc.middle) for arc in circle.ring_names] == [0, 174]
    assert [round(arc.width, 9) for arc in circle.ring_names] == [24, 24]
    assert round(circle.sectors[0].width, 2) == 12.14


def test_the_boundary_nearest_6_oclock_takes_the_large_gap():
    assert [round(arc.middle) for arc in share_out([2, 2, 9, 12]).ring_names] == [0, 190]


def test_a_single_category_has_one_gap():
    assert share_out([5]).ring_names == (Arc(-12, 12),)


def test_the_outline_breaks_at_categories_and_missing_levels():
    a, b, c, d, e = arcs = share_out([3, 2]).sectors

    assert outline_runs(arcs, [1, None, 3, 0, 2], [0, 3]) == [[(a, 1)], [(c, 3)], [(d, 0), (e, 2)]]
    assert outline_runs(arcs, [None] * 5, [0, 3]) == []
    assert outline_runs(arcs, [1, 1, 1, 1, 1], [0, 3]) == [[(a, 1), (b, 1), (c, 1)], [(d, 1), (e, 1)]]


def test_one_of_25_sectors_takes_seven_points():
    arc = share_out([6, 6, 7, 6]).sectors[0]

    assert steps(arc) == (12.0, 14.02, 16.05, 18.07, 20.1, 22.12, 24.14)


@given(counts)
def test_steps_are_close_enough_to_look_round(counts):
    arc = share_out(counts).sectors[0]

    assert all(0 < later - earlier <= 2.52 for earlier, later in pairwise(steps(arc)))


@given(counts, rings, st.data())
def test_markers_of_one_level_stand_apart_inside_their_ring_and_sector(counts, rings, data):
    arc, level, disc = share_out(counts).sectors[-1], data.draw(st.integers(0, rings)), Disc.of(rings, 200)

    (before, outer), (after, inner) = marker(arc, level, -1, disc), marker(arc, level, 1, disc)
    assert arc.start < before <= after < arc.end
    if level:
        assert before < after
        assert level - 1 < inner < outer < level
    else:  # one behind the other, between the hub's middle and its edge
        assert disc.inside < outer < inner < 0


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=25, max_size=25))
def test_no_marker_of_the_catalogue_lies_on_another(levels):
    arcs, disc = share_out([6, 6, 7, 6]).sectors, Disc.of(3, PICTURE.radius)
    places = [
        (point(*marker(arc, level, side, disc), disc), radius * (MARKER_OF_NONE if level == 0 else 1))
        for arc, pair in zip(arcs, levels, strict=True)
        for level, side, radius in zip(pair, (-1, 1), (CIRCLE_RADIUS, DIAMOND_RADIUS), strict=True)
    ]

    room = [
        dist(one, other) - (a + b) * 0.95 for (one, a), (other, b) in combinations(places, 2)
    ]  # no corner meets a corner
    assert min(room) > 0


@given(rings, st.floats(40, 400))
def test_hub_and_band_are_as_large_however_many_rings_lie_between_them(rings, radius):
    disc, three = Disc.of(rings, radius), Disc.of(3, radius)

    assert (disc.hub * disc.ring, disc.rings * disc.ring) == pytest.approx((three.hub * three.ring, 3 * three.ring))
    assert (disc.hub + disc.band[1]) * disc.ring == pytest.approx(radius)
    assert disc.rings < disc.band[0] < disc.band[1]
    assert -disc.hub < disc.inside < 0


@given(rings, st.floats(0, 360), st.floats(0, 10), st.floats(0, 10))
def test_a_larger_radius_lies_further_out(rings, angle, one, other):
    disc = Disc.of(rings, 200)
    near, far = (sum(x * x for x in point(angle, radius, disc)) for radius in sorted((one, other)))

    assert near <= far


def test_angles_go_clockwise_from_the_top():
    directions = [tuple(round(x) for x in point(angle, 0, Disc.of(3, 43.8))) for angle in (0, 90, 180, 270)]

    assert directions == [(0, -14), (14, 0), (0, 14), (-14, 0)]
