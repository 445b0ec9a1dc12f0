import pytest

from kompetenz.wheel import Category, Role, Sector, Series, Wheel

from .wheels import SECTORS, sectors_like


@pytest.mark.parametrize("level", [-1, 4, 1.5, "2"])
def test_a_level_outside_the_scale_is_refused(level):
    with pytest.raises(ValueError, match="Level must be 0 to 3 or None"):
        Series("Soll", Role.OUTLINE, (0, level))


@pytest.mark.parametrize("count", [24, 26])
def test_every_sector_needs_its_level(count):
    with pytest.raises(ValueError, match=f"Soll: {count} levels for 25 sectors"):
        Wheel(SECTORS, (Series("Soll", Role.OUTLINE, (1,) * count),), "x")


def test_a_wheel_has_one_series_of_a_role():
    series = Series("Soll", Role.OUTLINE, (1, 1))

    with pytest.raises(ValueError, match="at most one series of each role"):
        Wheel(sectors_like(2), (series, series), "x")


def test_a_wheel_needs_a_sector():
    with pytest.raises(ValueError, match="at least one sector"):
        Wheel((), (), "x")


def test_sectors_are_numbered_in_their_order():
    with pytest.raises(ValueError, match="numbered 1, 2, 3"):
        Wheel(tuple(reversed(sectors_like(3))), (), "x")


def test_sectors_of_a_category_are_neighbours():
    one, other = Category("a", "A", 0), Category("b", "B", 1)
    sectors = tuple(Sector(n, "K", "K", category) for n, category in enumerate([one, other, one], 1))

    with pytest.raises(ValueError, match="must be neighbours"):
        Wheel(sectors, (), "x")


def test_a_category_has_one_of_four_colours():
    with pytest.raises(ValueError, match="slot must be 0 to 3"):
        Category("a", "A", 4)


def test_a_wheel_knows_its_categories_in_order():
    wheel = Wheel(SECTORS, (), "x")

    assert [category.name for category in wheel.categories] == [
        "Digitale Fachkompetenzen",
        "Methodenkompetenzen",
        "Sozialkompetenzen",
        "Personale Kompetenzen",
    ]
