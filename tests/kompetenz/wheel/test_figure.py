import gzip
import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plotly import graph_objects as go
from plotly.offline import get_plotlyjs_version

from kompetenz.wheel import Role, Series, Wheel, figure, figure_json
from kompetenz.wheel.figure import MARKERS, base_figure
from kompetenz.wheel.palette import DARK_FOR_LIGHT, LIGHT

from .wheels import CATALOGUE, SECTORS, comparison, sectors_like, sectors_of

HOSTILE = '</script><b style="x">&amp;"\u2028'


def test_the_schema_is_the_one_of_the_pages_plotly():
    assert get_plotlyjs_version() == "4.1.1"


@pytest.mark.parametrize("counts", [(1,), (6, 6, 7, 6), (10, 10, 10, 10), (40,), (1, 1)])
@pytest.mark.parametrize("roles", [(), (Role.OUTLINE,), tuple(Role)])
def test_every_figure_is_valid(counts, roles):
    sectors = sectors_like(*counts)
    levels = tuple((None, 0, 1, 2, 3)[n % 5] for n in range(len(sectors)))

    drawn = figure(Wheel(sectors, tuple(Series(role.value, role, levels) for role in roles), "x"))

    go.Figure(data=drawn["data"], layout=drawn["layout"])  # raises for whatever plotly.js does not know
    assert json.loads(json.dumps(drawn)) == json.loads(
        figure_json(Wheel(sectors, tuple(Series(role.value, role, levels) for role in roles), "x"))
    )


@settings(deadline=timedelta(seconds=1))
@given(st.lists(st.sampled_from([None, 0, 1, 2, 3]), min_size=25, max_size=25))
def test_levels_fill_their_rings_from_the_hub(levels):
    data = figure(Wheel(SECTORS, (Series("Ist", Role.FILL, tuple(levels)),), "x"))["data"]

    filled = [sum(data[ring]["marker"]["color"][n] in LIGHT.filled for ring in range(3)) for n in range(25)]
    assert filled == [level or 0 for level in levels]
    assert all(data[n]["marker"]["color"][0] == LIGHT.filled[0] for n in range(levels[0] or 0))


def test_a_wheel_without_a_fill_is_empty():
    data = figure(Wheel(SECTORS, (Series("Soll", Role.OUTLINE, (3,) * 25),), "x"))["data"]

    assert {colour for ring in data[:3] for colour in ring["marker"]["color"]} == set(LIGHT.empty)


def test_the_outline_goes_along_its_levels_and_breaks_between_categories():
    wheel = Wheel(sectors_like(1, 2), (Series("Soll", Role.OUTLINE, (2, None, 0)),), "x")

    casing, line = figure(wheel)["data"][-2:]
    parts = [radius is None for radius in line["r"]].count(True) + 1
    assert parts == 2
    assert set(line["r"]) == {2, 0, None}
    assert (casing["r"], casing["theta"]) == (line["r"], line["theta"])
    assert casing["line"]["width"] > line["line"]["width"]


def test_markers_leave_out_what_nobody_answered():
    wheel = Wheel(sectors_like(3), (Series("Selbst", Role.SELF, (2, None, 0)),), "x")

    assert figure(wheel)["data"][-1]["r"] == [1.67, 0.02]


def test_a_series_without_any_level_keeps_its_place_in_the_legend():
    wheel = Wheel(sectors_like(2), (Series("Fremd", Role.MANAGER, (None, None)),), "x")

    assert figure(wheel)["data"][-1]["theta"] == [None]


def test_hover_texts_tell_every_series_in_words_and_numbers():
    hover = figure(comparison())["data"][3]["hovertext"]

    assert (
        hover[2]
        == "3. Technische Kompetenz<br>Soll: Kenner (1)<br>Vereinbart: Kenner (1)<br>Selbst: Kenner (1)<br>Fremd: Kenner (1)"
    )
    assert hover[22].split("<br>")[2] == "Vereinbart: keine Angabe"


def test_series_are_told_apart_without_colour():
    drawn = {trace["name"]: trace for trace in figure(comparison())["data"] if trace.get("legend") == "legend2"}

    assert drawn["Soll"]["mode"] == "lines"
    assert drawn["Selbst"]["marker"]["symbol"] == "circle"
    assert drawn["Fremd"]["marker"]["symbol"] == "diamond"
    assert drawn["Vereinbart"]["marker"]["symbol"] == "square"
    assert MARKERS[Role.SELF]["color"] == MARKERS[Role.MANAGER]["edge"] == LIGHT.ground
    assert MARKERS[Role.SELF]["edge"] == MARKERS[Role.MANAGER]["color"] == LIGHT.ink


def test_categories_are_told_by_their_numbers_too():
    names = [trace["name"] for trace in figure(comparison())["data"][5:9]]

    assert names == [
        "Digitale Fachkompetenzen 1–6",
        "Methodenkompetenzen 7–12",
        "Sozialkompetenzen 13–19",
        "Personale Kompetenzen 20–25",
    ]


def test_narrow_pages_get_numbers():
    wide, medium, narrow = figure(comparison())["layout"]["meta"]["frames"]

    assert narrow["labels"]["text"] == [*map(str, range(1, 26)), "1", "2", "3", "1", "2", "3"]
    assert medium["labels"]["text"][3] == "4 Informationssicherheit<br>und Datenschutz"
    assert (wide["width"], medium["width"], narrow["width"]) == (860, 560, 280)


def test_every_colour_of_the_figure_has_a_dark_one():
    wheel = comparison()
    drawn = {**figure(wheel)}
    drawn["layout"] = {name: value for name, value in drawn["layout"].items() if name != "meta"}

    colours = {word for word in json.dumps(drawn).split('"') if word.startswith("#")}
    assert colours
    assert colours <= set(DARK_FOR_LIGHT)


def test_hostile_names_neither_end_the_script_nor_become_markup():
    sectors = sectors_of({HOSTILE: [HOSTILE, HOSTILE], "B": ["b"]})
    text = figure_json(Wheel(sectors, (Series(HOSTILE, Role.OUTLINE, (1, 2, 3)),), HOSTILE))

    assert [character for character in "<>&\u2028\u2029" if character in text] == []
    drawn = json.loads(text)
    assert drawn["layout"]["meta"]["title"] == HOSTILE
    assert drawn["data"][-1]["name"] == '&lt;/script&gt;&lt;b style="x"&gt;&amp;amp;"\u2028'
    shown = " ".join(drawn["data"][3]["hovertext"] + drawn["data"][4]["text"])
    assert set(shown.replace("<br>", "")) & set("<>") == set()


def test_the_catalogues_comparison_is_small():
    assert len(gzip.compress(figure_json(comparison()).encode())) < 3600


def test_the_base_is_built_once_for_the_same_sectors():
    assert base_figure(SECTORS) is base_figure(sectors_of(CATALOGUE))


def test_drawing_one_wheel_leaves_the_next_untouched():
    plain = Wheel(SECTORS, (), "x")
    before = figure_json(plain)

    figure(comparison())

    assert figure_json(plain) == before
