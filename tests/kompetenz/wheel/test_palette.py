from itertools import combinations, pairwise
from math import cbrt, dist, hypot

import pytest
from django.conf import settings

from kompetenz.wheel.palette import DARK, DARK_FOR_LIGHT, LIGHT, VARIABLES, contrast

# What is left of linear red, green and blue to eyes without one kind of cones (Machado, Oliveira and Fernandes 2009), and in grey
SEEN = {
    "all colours": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "no green": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "no blue": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
    "grey": ((0.2126, 0.7152, 0.0722),) * 3,
}


def lab(colour, seen=SEEN["all colours"]):
    """Lightness and two axes of hue (CIELAB): so far apart as they look."""
    linear = [(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4) for value in rgb(colour)]
    red, green, blue = (
        min(1, max(0, sum(part * value for part, value in zip(row, linear, strict=True)))) for row in seen
    )
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    x, y, z = (cbrt(part) if part > 0.008856 else 7.787 * part + 16 / 116 for part in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def rgb(colour):
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def test_contrast_counts_as_wcag_does():
    assert round(contrast("#ffffff", "#000000"), 2) == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_a_category_stands_out_from_ground_and_tint(palette):
    for slot, colour in enumerate(palette.filled):
        assert contrast(colour, palette.ground) >= 3
        assert contrast(colour, palette.empty[slot]) >= 3


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_categories_are_equal_steps_of_lightness_apart_and_have_a_clear_hue(palette):
    colours = [lab(colour) for colour in palette.filled]
    lightness = sorted(colour[0] for colour in colours)

    steps = [high - low for low, high in pairwise(lightness)]
    assert min(steps) >= 8.5
    assert max(steps) - min(steps) < 1
    assert min(hypot(*hue) for _, *hue in colours) >= 35


@pytest.mark.parametrize("palette", [LIGHT, DARK])
@pytest.mark.parametrize("eyes", SEEN)
def test_no_two_categories_look_alike_to_anybody(palette, eyes):
    seen = [lab(colour, SEEN[eyes]) for colour in palette.filled]

    least = 8.5 if eyes == "grey" else 15
    assert min(dist(one, other) for one, other in combinations(seen, 2)) >= least


def test_the_stylesheet_says_the_same_colours():
    css = (settings.BASE_DIR / "static/css/app.css").read_text()

    assert [
        name for name, (light, dark) in VARIABLES.items() if f"{name}: light-dark({light}, {dark});" not in css
    ] == []


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_text_is_readable_on_the_ground(palette):
    assert contrast(palette.ink, palette.ground) >= 7
    assert contrast(palette.muted, palette.ground) >= 4.5


def test_every_light_colour_has_its_own_dark_one():
    assert len(DARK_FOR_LIGHT) == 11
    assert len(set(DARK_FOR_LIGHT.values())) == 11
