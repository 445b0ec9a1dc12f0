import gzip
import json
from dataclasses import replace
from datetime import date

import pytest
from plotly import graph_objects as go

from learningplans.timeline import Mark, Timeline, figure, figure_json
from learningplans.timeline.figure import FRAMES
from learningplans.timeline.palette import DARK_FOR_LIGHT, LIGHT

from .timelines import FORM_NAMES, LOOKED_AT, agreed_plan, long_plan, stretch

HOSTILE = '</script><b style="x">&amp;"\u2028'


def boxes(timeline):
    """The traces of the measures, then those of the key."""
    return [trace for trace in figure(timeline)["data"] if trace.get("fill")]


def words(timeline, frame=0):
    return [word["text"] for word in figure(timeline)["layout"]["meta"]["frames"][frame]["layout"]["annotations"]]


@pytest.mark.parametrize("name", LOOKED_AT)
def test_every_figure_is_valid_in_every_frame(name):
    drawn = figure(LOOKED_AT[name])

    for frame in drawn["layout"]["meta"]["frames"]:
        data = [{**trace, **places} for trace, places in zip(drawn["data"], frame["traces"], strict=True)]
        go.Figure(data=data, layout={**drawn["layout"], **frame["layout"]})  # raises for what plotly.js does not know


def test_the_figure_itself_is_the_one_for_wide_pages():
    drawn = figure(agreed_plan())
    wide = drawn["layout"]["meta"]["frames"][0]

    assert [{"x": trace["x"], "y": trace["y"]} for trace in drawn["data"]] == wide["traces"]
    assert {name: drawn["layout"][name] for name in wide["layout"]} == wide["layout"]
    assert [frame["width"] for frame in drawn["layout"]["meta"]["frames"]] == [860, 560, 280]


def test_a_bar_is_as_wide_as_its_measure_takes():
    first = boxes(agreed_plan())[0]

    per_day = FRAMES[0].room / 365
    assert [round(x / per_day) for x in first["x"]] == [10, 120, 120, 10, 10]
    assert first["y"][0] == first["y"][1] == first["y"][2] - 16


def test_forms_are_told_apart_without_colour():
    solid, striped, hollow = boxes(agreed_plan())[-3:]

    assert ("fillpattern" in solid, striped["fillpattern"]["shape"], "fillpattern" in hollow) == (False, "/", False)
    assert (solid["fillcolor"], hollow["fillcolor"]) == (LIGHT.strong["challenge"], LIGHT.tint["classic"])
    assert {trace["line"]["color"] for trace in (solid, striped, hollow)} == set(LIGHT.strong.values())


def test_a_dropped_measure_is_dotted_empty_and_crossed():
    plan = Timeline((stretch(1, None, date(2027, 3, 1), "interaction", "dropped"),), (), date(2027, 1, 1))

    bar = boxes(plan)[0]
    cross = figure(plan)["data"][-1]
    assert (bar["line"]["dash"], bar["fillcolor"], "fillpattern" in bar) == ("2px,2px", LIGHT.ground, False)
    assert (cross["marker"]["symbol"], len(cross["x"])) == ("x", 2)  # the measure's and the key's


def test_talks_differ_by_shape_and_whether_they_were_held():
    day = date(2027, 3, 1)
    marks = [Mark(day, "Gespräch", is_final=final, is_held=held) for final in (False, True) for held in (False, True)]

    drawn = [
        (trace["marker"]["symbol"], trace["marker"]["color"])
        for trace in figure(Timeline((), tuple(marks), day))["data"]
        if trace["mode"] == "markers"
    ]
    hollow, solid = LIGHT.ground, LIGHT.ink
    assert drawn == [("diamond", hollow), ("square", hollow), ("diamond", solid), ("square", solid)]


def test_lines_of_reviews_and_of_the_final_talk_are_dashed_differently():
    dashes = [
        trace["line"].get("dash")
        for trace in figure(agreed_plan())["data"]
        if not trace.get("fill") and "line" in trace
    ]

    assert dashes == [None, "5px,4px", "12px,4px", None]  # grid, reviews, final talk, today


def test_hover_texts_tell_all_of_a_measure():
    texts = [trace["text"].split("<br>") for trace in boxes(agreed_plan()) if "text" in trace]

    assert texts == [
        [
            *("1. Fachverfahren im eigenen Amt", "einführen"),
            *("Lernen aus Herausforderungen", "11.01.2027 bis 30.04.2027", "dient Ziel 1", "40 Stunden, geplant"),
        ],
        [
            *("2. Mentoring durch die", "Stabsstelle Digitalisierung"),
            *("Lernen aus Interaktion", "01.02.2027 bis 30.11.2027", "dient Ziel 1, 3", "12,5 Stunden, geplant"),
        ],
        [
            *("3. Seminar Prozessmodellierung", "mit BPMN"),
            *("klassische Weiterbildung", "08.03.2027 bis 10.03.2027", "24 Stunden, durchgeführt"),
        ],
        [
            *("4. Datenschutz-Folgenabschätzung", "für das Fachverfahren der", "Kraftfahrzeugzulassungsbehörde"),
            *("gemeinsam mit der behördlichen", "Datenschutzbeauftragten", "erstellen"),
            *("Lernen aus Herausforderungen", "bis 15.09.2027", "Stunden nicht angegeben, geplant"),
        ],
    ]


def test_hover_texts_tell_the_talks_and_nothing_of_the_key():
    held = next(t for t in figure(agreed_plan())["data"] if t.get("marker", {}).get("color") == LIGHT.ink)

    assert held["hovertext"] == ["Review-Gespräch<br>15.04.2027, geführt", ""]


def test_wide_pages_have_titles_and_narrow_ones_numbers():
    assert words(agreed_plan())[6:11] == [
        *("Gespräche", "1", "Fachverfahren im<br>eigenen Amt einführen"),
        *("2", "Mentoring durch die<br>Stabsstelle Digitalisierung"),
    ]
    assert words(agreed_plan(), 2)[:8] == ["Jan. 2027", "Mai 2027", "Sept. 2027", "1", "2", "3", "4", "heute"]


def test_a_plan_without_measures_says_so():
    for frame in range(3):
        assert words(LOOKED_AT["empty"], frame)[-2:] == ["Noch keine Maßnahmen", "heute"]


def test_every_colour_of_the_figure_has_a_dark_one():
    drawn = figure(long_plan())
    del drawn["layout"]["meta"]["dark"]

    colours = {word for word in json.dumps(drawn).split('"') if word.startswith("#")}
    assert len(colours) >= 9
    assert colours <= set(DARK_FOR_LIGHT)


def test_hostile_titles_neither_end_the_script_nor_become_markup():
    plan = agreed_plan()
    hostile = Timeline(
        tuple(replace(one, title=HOSTILE, form_name=HOSTILE) for one in plan.stretches),
        tuple(replace(mark, title=HOSTILE) for mark in plan.marks),
        plan.today,
    )

    text = figure_json(figure(hostile))
    assert [character for character in "<>&\u2028\u2029" if character in text] == []
    drawn = json.loads(text)
    shown = [word["text"] for word in drawn["layout"]["annotations"]]
    shown += [trace["text"] for trace in drawn["data"] if "text" in trace]
    shown += [text for trace in drawn["data"] for text in trace.get("hovertext", [])]
    assert '&lt;/script&gt;&lt;b style="x"&gt;&amp;amp;"' in " ".join(shown)
    assert set("".join(shown).replace("<br>", "")) & set("<>") == set()


def test_the_json_is_the_figure():
    assert json.loads(figure_json(figure(agreed_plan()))) == json.loads(json.dumps(figure(agreed_plan())))


def test_a_plan_of_usual_size_is_small():
    assert len(gzip.compress(figure_json(figure(agreed_plan())).encode())) < 3200
    assert len(gzip.compress(figure_json(figure(long_plan())).encode())) < 4800


def test_a_form_is_named_as_the_plan_names_it():
    assert words(agreed_plan())[-8:-5] == list(FORM_NAMES.values())
