import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings as of_django
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from kompetenz.wheel import Scale, Series, Style, on_page, small_svg, svg
from kompetenz.wheel.geometry import Disc
from kompetenz.wheel.labels import text_width
from kompetenz.wheel.palette import DARK, LIGHT
from kompetenz.wheel.svg import FIGURES, SMALL_ON_PAPER, page_svg, summary
from tests.thorough import examples

from .wheels import FIVE_LEVELS, SCALE, comparison, sectors_like, sectors_of, wheel_of

NS = "{http://www.w3.org/2000/svg}"
HOSTILE = "</title><script>x</script>&\"'"


def small(wheel):
    return small_svg(wheel, on_paper=True)


def read(wheel, draw=svg):
    return ET.fromstring(draw(wheel))


def texts(root):
    return ["".join(text.itertext()) for text in root.iter(f"{NS}text")]


@pytest.mark.parametrize("draw", [svg, small])
@pytest.mark.parametrize("counts", [(1,), (2, 1), (10, 10, 10, 10), (40,)])
@pytest.mark.parametrize("styles", [(), tuple(Style)])
def test_any_wheel_is_well_formed_and_drawn_by_attributes_alone(counts, styles, draw):
    sectors = sectors_like(*counts)
    levels = tuple((None, 0, 1, 2, 3)[n % 5] for n in range(len(sectors)))

    root = read(wheel_of(sectors, tuple(Series(style.value, style, levels) for style in styles), "x"), draw)

    assert {element.tag.removeprefix(NS) for element in root.iter()} <= {
        "svg",
        "title",
        "rect",
        "g",
        "path",
        "text",
        "circle",
    }
    assert [element.tag for element in root.iter() if element.get("style") or element.get("class")] == []


@settings(max_examples=examples(30))
@given(st.lists(st.integers(1, 7), min_size=1, max_size=6), st.integers(1, 9), st.data())
def test_any_scale_over_any_sectors_is_drawn_inside_its_picture(counts, rings, data):
    sectors, scale = sectors_like(*counts), Scale(tuple(f"Stufe {level}" for level in range(rings + 1)))
    levels = tuple(data.draw(st.sampled_from([None, *range(rings + 1)])) for _ in sectors)

    root = read(wheel_of(sectors, tuple(Series(style.value, style, levels) for style in Style), "x", scale))

    left, top, width, height = (float(number) for number in root.get("viewBox").split())
    places = [(float(text.get("x") or 0), float(text.get("y"))) for text in root.iter(f"{NS}text")]
    places += [(float(circle.get("cx")), float(circle.get("cy"))) for circle in root.iter(f"{NS}circle")]
    assert [(x, y) for x, y in places if not (left <= x <= left + width and top <= y <= top + height)] == []
    names = [str(ring) for ring in range(1, rings + 1)]
    assert texts(root)[: len(names)] == names
    assert texts(root)[-1] == scale.key


def test_hostile_names_stay_text():
    sectors = sectors_of({HOSTILE: [HOSTILE]})

    scale = Scale(("keine", HOSTILE))
    root = read(wheel_of(sectors, (Series(HOSTILE, Style.FILL, (1,)),), HOSTILE, scale))

    assert root.find(f"{NS}title").text.startswith(f"Kompetenzrad {HOSTILE}: 1 Kompetenz.")
    assert list(root.iter(f"{NS}script")) == []
    assert f"{HOSTILE} 1" in texts(root)
    assert texts(root)[-1] == f"1\xa0{HOSTILE}"


def test_the_title_says_what_the_picture_shows():
    wheel = wheel_of(
        sectors_like(2, 2),
        (Series("Soll", Style.OUTLINE, (3, 3, 2, 0)), Series("Selbst", Style.CIRCLE, (1, None, None, 2))),
        "Anna Beispiel",
    )

    assert summary(wheel) == (
        "Kompetenzrad Anna Beispiel: 4 Kompetenzen. Soll: 2 Experte, 1 Könner, 1 keine. "
        "Selbst: 1 Könner, 1 Kenner, 2 keine Angabe. Die Werte stehen in der Tabelle."
    )


def filled(levels, scale=SCALE):
    """What is drawn over the empty rings: colour, outermost radius of each piece."""
    root = read(wheel_of(sectors_like(len(levels)), (Series("Ist", Style.FILL, levels),), "x", scale), small)
    empty, *paths, _ = root.find(f"{NS}g")
    assert empty.get("fill") == LIGHT.empty[0]
    return [
        (path.get("fill"), [float(radius) for radius in re.findall(r"M[^A]*A([^ ]*)", path.get("d"))]) for path in paths
    ]


@pytest.mark.parametrize("scale", [SCALE, FIVE_LEVELS])
def test_a_level_fills_as_many_rings(scale):
    rings = len(scale.names) - 1
    disc = Disc.of(rings, SMALL_ON_PAPER.frame.radius)

    drawn = [filled((level,), scale) for level in range(1, rings + 1)]

    assert drawn == [
        [(LIGHT.filled[0], [pytest.approx((disc.hub + level) * disc.ring, abs=0.05)])] for level in range(1, rings + 1)
    ]
    assert filled((0,), scale) == filled((None,), scale) == []


def test_neighbours_of_one_level_are_filled_as_one_and_a_line_is_drawn_between():
    ((_, pieces),) = filled((2, 2, 1, None, 1))

    assert len(pieces) == 3
    lines = read(wheel_of(sectors_like(5), (), "x"), small).find(f"{NS}g")[-1].get("d")
    assert lines.count("L") == 5


def test_a_number_is_centred_by_the_font_itself():
    font = TTFont(of_django.ASSETS_DIR / "fonts/pdf/fira-sans-400-normal.ttf")
    glyphs = font.getBestCmap()

    assert font["head"].unitsPerEm == 1000
    assert {figure: font["hmtx"][glyphs[ord(figure)]][0] for figure in "0123456789"} == FIGURES


def test_a_small_wheel_has_not_a_letter_in_it():
    assert texts(read(comparison(), small)) == texts(read(comparison(), small_svg)) == []


def test_a_small_wheel_on_a_page_has_both_themes_colours_in_it():
    drawn = small_svg(comparison())

    assert {f"--wheel-1:{palette.filled[0]}" in drawn for palette in (LIGHT, DARK)} == {True}
    assert [colour for colour in LIGHT.filled if f'fill="{colour}"' in drawn] == []


def test_on_a_page_each_filled_sector_is_a_path_of_its_own_and_an_unanswered_one_is_empty():
    series = Series("Ist", Style.FILL, (2, 0, None))
    root = ET.fromstring(page_svg(wheel_of(sectors_like(2, 1), (series,), "x")))

    group = next(group for group in root.iter(f"{NS}g") if group.get("data-series") == "0")
    assert [bool(path.get("d")) for path in group.iter(f"{NS}path")] == [True, True, False]


def test_the_pages_legend_is_the_papers():
    wheel = comparison()

    words = re.findall(r">([^<>]+)<", on_page(wheel).key)

    paper = texts(read(wheel))[-9:]
    assert sorted(words) == sorted([*paper[:-1], f"Ringe von innen: {paper[-1]}"])


def test_the_pages_legend_has_names_for_text():
    sectors = sectors_of({HOSTILE: [HOSTILE]})
    key = on_page(wheel_of(sectors, (Series(HOSTILE, Style.FILL, (1,)),), HOSTILE, Scale(("keine", HOSTILE)))).key

    assert "<script" not in key
    assert key.count("&lt;script&gt;") == 3


def test_the_legend_names_categories_and_series():
    assert texts(read(comparison()))[-9:] == [
        "Digitale Fachkompetenzen 1–6",
        "Methodenkompetenzen 7–12",
        "Sozialkompetenzen 13–19",
        "Personale Kompetenzen 20–25",
        "Soll",
        "Vereinbart",
        "Selbst",
        "Fremd",
        "1\xa0Kenner\xa0· 2\xa0Könner\xa0· 3\xa0Experte",
    ]


def test_self_and_manager_differ_by_shape_not_colour():
    root = read(comparison(), small)

    circles, diamonds = root.findall(f"{NS}g")[-2:]
    assert (len(circles), {mark.tag for mark in circles}, circles.get("fill")) == (25, {f"{NS}circle"}, LIGHT.ground)
    assert (len(diamonds), {mark.tag for mark in diamonds}, diamonds.get("fill")) == (24, {f"{NS}path"}, LIGHT.ink)


def test_the_catalogues_comparison_is_small():
    assert [len(draw(comparison()).encode()) < 13_500 for draw in (svg, page_svg)] == [True, True]


def test_level_0_is_marked_at_the_hub_and_a_missing_level_is_not():
    def drawn(level):
        series = Series("Ist", Style.FILL, (level,) * 3)
        return small(wheel_of(sectors_like(1, 2), (series,), "x")).split("</title>")[1]

    marks = re.search(r"</g>((?:<path[^>]*/>){2})", drawn(0))[1]  # one for each category
    assert marks.count("M") == 3
    assert drawn(0).replace(marks, "", 1) == drawn(None)


def test_the_longest_name_of_an_ist_fits_the_legend():
    longest = "Ist (festgehalten, noch keine Antwort)"
    wheel = comparison()
    drawn = svg(replace(wheel, series=tuple(replace(one, name=longest) for one in wheel.series)))

    root = ET.fromstring(drawn)
    ends = [
        float(re.search(r"translate\((-?\d+)", entry.get("transform"))[1]) + 34 + text_width(longest, 11)
        for entry in root.iter(f"{NS}g")
        if entry.get("transform") and longest in [text.text for text in entry.findall(f"{NS}text")]
    ]

    assert len(ends) == len(wheel.series)
    assert max(ends) <= float(root.get("width")) / 2
