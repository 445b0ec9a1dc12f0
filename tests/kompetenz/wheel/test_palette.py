import pytest

from kompetenz.wheel.palette import DARK, DARK_FOR_LIGHT, LIGHT, contrast


def test_contrast_counts_as_wcag_does():
    assert round(contrast("#ffffff", "#000000"), 2) == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_a_category_stands_out_from_ground_tint_and_neighbours(palette):
    for slot, colour in enumerate(palette.filled):
        assert contrast(colour, palette.ground) >= 3
        assert contrast(colour, palette.empty[slot]) >= 3
        assert contrast(colour, palette.filled[(slot + 1) % 4]) >= 3


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_text_is_readable_on_the_ground(palette):
    assert contrast(palette.ink, palette.ground) >= 7
    assert contrast(palette.muted, palette.ground) >= 4.5


def test_every_light_colour_has_its_own_dark_one():
    assert len(DARK_FOR_LIGHT) == 11
    assert len(set(DARK_FOR_LIGHT.values())) == 11
