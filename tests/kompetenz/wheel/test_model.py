from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompetenz.wheel import Block, Scale, Sector, Series, Style, colour_slots

from .wheels import FIVE_LEVELS, SECTORS, sectors_like, wheel_of


@pytest.mark.parametrize("level", [-1, 4, 1.5, "2"])
def test_a_level_outside_the_scale_is_refused(level):
    with pytest.raises(ValueError, match="Level must be 0 to 3 or None"):
        wheel_of(sectors_like(2), (Series("Soll", Style.OUTLINE, (0, level)),), "x")


@pytest.mark.parametrize("count", [24, 26])
def test_every_sector_needs_its_level(count):
    with pytest.raises(ValueError, match=f"Soll: {count} levels for 25 sectors"):
        wheel_of(SECTORS, (Series("Soll", Style.OUTLINE, (1,) * count),), "x")


def test_a_wheel_has_one_series_of_a_style():
    series = Series("Soll", Style.OUTLINE, (1, 1))

    with pytest.raises(ValueError, match="at most one series of each style"):
        wheel_of(sectors_like(2), (series, series), "x")


def test_a_wheel_needs_a_sector():
    with pytest.raises(ValueError, match="at least one sector"):
        wheel_of((), (), "x")


def test_sectors_are_numbered_in_their_order():
    with pytest.raises(ValueError, match="numbered 1, 2, 3"):
        wheel_of(tuple(reversed(sectors_like(3))), (), "x")


def test_sectors_of_a_category_are_neighbours():
    one, other = Block("a", "A", 0), Block("b", "B", 1)
    sectors = tuple(Sector(n, "K", "K", category) for n, category in enumerate([one, other, one], 1))

    with pytest.raises(ValueError, match="must be neighbours"):
        wheel_of(sectors, (), "x")


def test_a_category_has_one_of_four_colours():
    with pytest.raises(ValueError, match="slot must be 0 to 3"):
        Block("a", "A", 4)


def test_a_longer_scale_has_more_levels_and_a_shorter_one_fewer():
    series = Series("Soll", Style.OUTLINE, (0, 4))

    assert wheel_of(sectors_like(2), (series,), "x", FIVE_LEVELS).series == (series,)
    with pytest.raises(ValueError, match="Level must be 0 to 1 or None, not 4"):
        wheel_of(sectors_like(2), (series,), "x", Scale(("nein", "ja")))


@pytest.mark.parametrize("names", [(), ("keine",)])
def test_a_scale_has_at_least_two_levels(names):
    with pytest.raises(ValueError, match="A scale needs a name for level 0 and one for level 1"):
        Scale(names)


@given(st.integers(1, 30))
def test_categories_that_meet_differ_in_colour_the_last_and_the_first_included(count):
    slots = colour_slots(count)

    assert len(slots) == count
    assert slots[:4] == [0, 1, 2, 3][:count]
    assert set(slots) <= set(range(4))
    assert [one for one, other in pairwise([*slots, slots[0]]) if one == other] == ([0] if count == 1 else [])


def test_a_wheel_knows_its_categories_in_order():
    wheel = wheel_of(SECTORS, (), "x")

    assert [category.name for category in wheel.categories] == [
        "Digitale Fachkompetenzen",
        "Methodenkompetenzen",
        "Sozialkompetenzen",
        "Personale Kompetenzen",
    ]
