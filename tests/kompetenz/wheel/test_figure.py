import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plotly import graph_objects as go
from plotly.offline import get_plotlyjs_version

from kompetenz.wheel import Scale, Series, Style, figure, figure_json
from kompetenz.wheel.figure import MARKERS, base_figure
from kompetenz.wheel.palette import DARK_FOR_LIGHT, LIGHT
from tests.thorough import examples

from .wheels import CATALOGUE, SCALE, SECTORS, comparison, sectors_like, sectors_of, wheel_of

HOSTILE = '</script><b style="x">&amp;"\u2028'


def test_the_schema_is_the_one_of_the_pages_plotly():
    assert get_plotlyjs_version() == "4.1.1"


@pytest.mark.parametrize("counts", [(1,), (6, 6, 7, 6), (10, 10, 10, 10), (40,), (1, 1)])
@pytest.mark.parametrize("styles", [(), (Style.OUTLINE,), tuple(Style)])
def test_every_figure_is_valid(counts, styles):
    sectors = sectors_like(*counts)
    levels = tuple((None, 0, 1, 2, 3)[n % 5] for n in range(len(sectors)))

    drawn = figure(wheel_of(sectors, tuple(Series(style.value, style, levels) for style in styles), "x"))

    go.Figure(data=drawn["data"], layout=drawn["layout"])  # raises for whatever plotly.js does not know
    assert json.loads(json.dumps(drawn)) == json.loads(
        figure_json(wheel_of(sectors, tuple(Series(style.value, style, levels) for style in styles), "x"))
    )


SCALES = st.integers(1, 9).map(lambda rings: Scale(tuple(f"Stufe {level}" for level in range(rings + 1))))


@settings(max_examples=examples(30))
@given(st.lists(st.integers(1, 7), min_size=1, max_size=6), SCALES, st.data())
def test_any_scale_over_any_sectors_has_a_ring_for_each_level(counts, scale, data):
    sectors = sectors_like(*counts)
    levels = tuple(data.draw(st.sampled_from([None, *range(len(scale.names))])) for _ in sectors)

    drawn = figure(wheel_of(sectors, tuple(Series(style.value, style, levels) for style in Style), "x", scale))

    rings, labels = drawn["data"][: scale.rings], drawn["data"][scale.rings]
    assert [ring["base"] for ring in rings] == list(range(scale.rings))
    assert labels["mode"] == "text"
    meta = drawn["layout"]["meta"]
    assert (meta["labels"], meta["words"]) == (scale.rings, list(scale.texts))
    assert [meta["levels"][meta["fill"]], len(meta["slots"])] == [levels, len(sectors)]
    lines = {radius for trace in drawn["data"] if trace.get("mode") == "lines" for radius in trace.get("r", ())}
    assert lines - {None} == set(levels) - {None}


def test_rings_are_numbered_in_both_gaps():
    drawn = figure(wheel_of(SECTORS, (), "x"))

    assert [frame["labels"]["text"][25:] for frame in drawn["layout"]["meta"]["frames"]] == [["1", "2", "3"] * 2] * 2


def test_a_wheel_without_a_fill_says_so():
    wheel = wheel_of(SECTORS, (Series("Soll", Style.OUTLINE, (3,) * 25),), "x")

    assert figure(wheel)["layout"]["meta"]["fill"] is None


def test_the_outline_goes_along_its_levels_and_breaks_between_categories():
    wheel = wheel_of(sectors_like(1, 2), (Series("Soll", Style.OUTLINE, (2, None, 0)),), "x")

    casing, line = figure(wheel)["data"][-2:]
    parts = [radius is None for radius in casing["r"]].count(True) + 1
    assert parts == 2
    assert set(casing["r"]) == {2, 0, None}
    assert {"r", "theta"} & set(line) == set()  # wheel.js lays it on its casing
    assert casing["line"]["width"] > line["line"]["width"]


def test_markers_leave_out_what_nobody_answered():
    wheel = wheel_of(sectors_like(3), (Series("Selbst", Style.CIRCLE, (2, None, 0)),), "x")

    assert figure(wheel)["data"][-1]["r"] == [1.67, -0.56]


def test_what_a_sector_shows_is_told_in_words():
    meta = figure(comparison())["layout"]["meta"]

    assert meta["heads"][2] == "3. Technische Kompetenz"
    assert meta["series"] == ["Soll", "Vereinbart", "Selbst", "Fremd"]
    assert [levels[22] for levels in meta["levels"]] == [2, None, 1, 2]
    assert (meta["words"][2], meta["missing"]) == ("Könner (2)", "keine Angabe")


def test_series_are_told_apart_without_colour():
    series = [series.name for series in comparison().series]
    drawn = {series[int(at)]: trace for trace in figure(comparison())["data"] if (at := trace.get("legendgroup"))}

    assert drawn["Soll"]["mode"] == "lines"
    assert drawn["Selbst"]["marker"]["symbol"] == "circle"
    assert drawn["Fremd"]["marker"]["symbol"] == "diamond"
    assert set(drawn) == {"Soll", "Selbst", "Fremd"}  # the rings themselves are the fourth
    assert MARKERS[Style.CIRCLE]["color"] == MARKERS[Style.DIAMOND]["edge"] == LIGHT.ground
    assert MARKERS[Style.CIRCLE]["edge"] == MARKERS[Style.DIAMOND]["color"] == LIGHT.ink


def test_narrow_pages_get_numbers():
    wide, narrow = figure(comparison())["layout"]["meta"]["frames"]

    assert narrow["labels"]["text"] == [*map(str, range(1, 26)), "1", "2", "3", "1", "2", "3"]
    assert wide["labels"]["text"][3] == "4 Informationssicherheit<br>und Datenschutz"
    assert (wide["width"], narrow["width"]) == (600, 332)


def test_letters_beside_a_wheel_are_14_pixels_and_more():
    wide, narrow = figure(comparison())["layout"]["meta"]["frames"]

    assert wide["labels"]["textfont"]["size"] == 14
    assert narrow["labels"]["textfont"]["size"] * 288 / narrow["width"] > 14  # on the narrowest of telephones


def test_every_colour_of_the_figure_has_a_dark_one():
    wheel = comparison()
    drawn = {**figure(wheel)}
    drawn["layout"] = {name: value for name, value in drawn["layout"].items() if name != "meta"}

    colours = {word for word in json.dumps(drawn).split('"') if word.startswith("#")}
    assert colours
    assert colours <= set(DARK_FOR_LIGHT)


def test_hostile_names_neither_end_the_script_nor_become_markup():
    sectors = sectors_of({HOSTILE: [HOSTILE, HOSTILE], "B": ["b"]})
    scale = Scale((HOSTILE, "a", "b", HOSTILE))
    text = figure_json(wheel_of(sectors, (Series(HOSTILE, Style.OUTLINE, (1, 2, 3)),), HOSTILE, scale))

    assert [character for character in "<>&\u2028\u2029" if character in text] == []
    drawn = json.loads(text)
    assert drawn["layout"]["meta"]["title"] == HOSTILE
    meta = drawn["layout"]["meta"]
    assert [meta["series"], meta["words"][0]] == [[HOSTILE], f"{HOSTILE} (0)"]  # wheel.js sets them as text
    shown = " ".join(text for frame in meta["frames"] for text in frame["labels"]["text"])
    assert set(shown.replace("<br>", "")) & set("<>") == set()


def test_the_json_is_the_figure():
    assert json.loads(figure_json(comparison())) == json.loads(json.dumps(figure(comparison())))


def test_the_catalogues_comparison_is_small():
    text = figure_json(comparison()).encode()

    assert (len(text) < 11_000, len(gzip.compress(text)) < 3400) == (True, True)


def test_the_base_is_built_once_for_the_same_sectors():
    assert base_figure(SECTORS, SCALE) is base_figure(sectors_of(CATALOGUE), Scale(SCALE.names))


def test_drawing_one_wheel_leaves_the_next_untouched():
    plain = wheel_of(SECTORS, (), "x")
    before = figure_json(plain)

    figure(comparison())

    assert figure_json(plain) == before


def test_where_anything_is_filled_there_is_room_for_the_marks_of_level_0_at_the_hub():
    drawn = figure(wheel_of(sectors_like(4), (Series("Ist", Style.FILL, (0, None, 1, 3)),), "x"))

    trace = drawn["data"][drawn["layout"]["meta"]["noneMarks"]]
    assert (round(trace["base"] + trace["r"][0], 2) < 0, len(trace["r"])) == (True, 4)


def test_where_nothing_is_filled_there_is_no_mark():
    drawn = figure(wheel_of(sectors_like(2), (Series("Soll", Style.OUTLINE, (0, 0)),), "x"))

    assert [trace for trace in drawn["data"] if trace["type"] == "barpolar" and trace.get("base", 0) < 0] == []
