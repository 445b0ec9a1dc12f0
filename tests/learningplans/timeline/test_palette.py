import pytest

from kompetenz.wheel.palette import LIGHT as WHEEL
from kompetenz.wheel.palette import contrast
from learningplans.timeline.palette import DARK, DARK_FOR_LIGHT, LIGHT


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_a_form_stands_out_from_ground_and_tint(palette):
    for form, colour in palette.strong.items():
        assert contrast(colour, palette.ground) >= 3
        assert contrast(colour, palette.tint[form]) >= 3


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_text_and_the_line_of_today_are_readable(palette):
    assert contrast(palette.ink, palette.ground) >= 7
    assert contrast(palette.muted, palette.ground) >= 4.5


def test_no_form_has_the_colour_of_a_category():
    assert set(LIGHT.strong.values()) & set(WHEEL.filled) == set()


def test_every_light_colour_has_its_own_dark_one():
    assert len(DARK_FOR_LIGHT) == 10
    assert len(set(DARK_FOR_LIGHT.values())) == 10
