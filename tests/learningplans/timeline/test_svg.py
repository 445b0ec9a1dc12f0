from dataclasses import replace
from datetime import date
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from django.template import engines
from pypdf import PdfReader

from kompetenz.documents.engine import write_pdf
from learningplans.timeline import Timeline, summary, svg, svg_parts
from learningplans.timeline.palette import LIGHT
from learningplans.timeline.svg import PAGE
from tests.pdf_ua import problems

from .timelines import FORM_NAMES, LOOKED_AT, agreed_plan, long_plan, stretch

NS = "{http://www.w3.org/2000/svg}"
HOSTILE = "</title><script>x</script>&\"'"


def texts(root):
    return ["".join(text.itertext()) for text in root.iter(f"{NS}text")]


@pytest.mark.parametrize("name", LOOKED_AT)
def test_any_timeline_is_well_formed_and_drawn_by_attributes_alone(name):
    root = ET.fromstring(svg(LOOKED_AT[name]))

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


def test_the_title_comes_first_and_tells_the_picture():
    root = ET.fromstring(svg(agreed_plan()))

    assert (root[0].tag, root[0].text) == (f"{NS}title", summary(agreed_plan()))


def test_the_words_of_the_picture_are_those_of_the_plan():
    assert texts(ET.fromstring(svg(agreed_plan()))) == [
        *("Stand 20.05.2027", "Jan. 2027", "Apr. 2027", "Juli 2027", "Okt. 2027", "Gespräche"),
        *("1", "Fachverfahren im", "eigenen Amt einführen"),
        *("2", "Mentoring durch die", "Stabsstelle Digitalisierung"),
        *("3", "Seminar", "Prozessmodellierung", "mit BPMN"),
        *("4", "Datenschutz-", "Folgenabschätzung für", "das Fachverfahren der…"),
        *FORM_NAMES.values(),
        *("Review-Gespräch", "Abschlussgespräch", "Gespräch geführt", "Beginn offen", "durchgeführt"),
    ]


def test_hostile_titles_stay_text():
    plan = agreed_plan()
    hostile = Timeline(
        tuple(replace(one, title=HOSTILE, form_name=HOSTILE) for one in plan.stretches),
        tuple(replace(mark, title=HOSTILE) for mark in plan.marks),
        plan.today,
    )

    root = ET.fromstring(svg(hostile))
    assert list(root.iter(f"{NS}script")) == []
    assert HOSTILE in texts(root)
    assert HOSTILE in root[0].text


def test_forms_are_told_apart_without_colour():
    def drawn(form):
        plan = Timeline((stretch(1, date(2027, 1, 4), date(2027, 2, 1), form),), (), date(2026, 1, 1))
        return [path.get("fill") for path in ET.fromstring(svg(plan)).findall(f"{NS}path")[1:-1]]

    assert drawn("challenge")[:1] == [LIGHT.strong["challenge"]]
    assert drawn("interaction")[:2] == [LIGHT.tint["interaction"], "none"]
    assert drawn("classic")[:1] == [LIGHT.tint["classic"]]


def test_a_plan_of_usual_size_is_one_part():
    assert svg_parts(long_plan(12)) == [svg(long_plan(12))]
    assert svg_parts(LOOKED_AT["empty"]) == [svg(LOOKED_AT["empty"])]


def test_a_large_plan_is_in_parts_that_each_fit_a_page():
    plan = long_plan(40, 700)

    parts = [ET.fromstring(part) for part in svg_parts(plan)]
    assert [part[0].text for part in parts[1:]] == [
        f"Lernpfad, Teil {n} von {len(parts)}." for n in range(2, len(parts) + 1)
    ]
    assert all(float(part.get("height")) <= PAGE for part in parts)
    numbers = [text for part in parts for text in texts(part) if text.isdigit()]
    assert numbers == [str(one.number) for one in plan.rows]


def test_on_paper_it_is_a_tagged_figure_with_words():
    template = """{% extends "documents/base.html" %}{% block content %}{% for part in parts %}<div class="wheel">{{ part|safe }}</div>{% endfor %}{% endblock %}"""
    parts = [part for timeline in LOOKED_AT.values() for part in svg_parts(timeline)]
    context = {"title": "Lernpfad", "subtitle": "Runde", "stand": date(2027, 5, 20), "parts": parts}

    pdf = write_pdf(engines["django"].from_string(template).render(context))

    assert problems(pdf) == []
    assert alternative_texts(pdf) == [summary(timeline) for timeline in LOOKED_AT.values()]


def alternative_texts(pdf):
    found = []

    def walk(element):
        element = element.get_object()
        if isinstance(element, dict):
            if element.get("/S") == "/Figure":
                found.append(str(element["/Alt"]))
            kids = element.get("/K", [])
            for kid in kids if isinstance(kids, list) else [kids]:
                if not isinstance(kid, int):
                    walk(kid)

    walk(PdfReader(BytesIO(pdf)).root_object["/StructTreeRoot"])
    return found


def test_a_plan_of_usual_size_is_small():
    assert len(svg(long_plan(12)).encode()) < 9_000
