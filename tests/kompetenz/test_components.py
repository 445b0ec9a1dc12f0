"""What is alike is drawn once, and each gets its own texts."""

from datetime import date

import pytest
from django.contrib.messages import INFO
from django.contrib.messages.storage.base import Message
from django.template import Context, defaultfilters, engines
from django.utils.safestring import mark_safe

from kompetenz.templatetags import components
from kompetenz.templatetags.components import cells, drawn, filled, in_one_go, pieces_of

ROW = "people/_person_row.html"


def person(name="Öz, Ünal", notes=(), texts=("1", "10 Bau")):
    columns = {f"Nummer & {number}": text for number, text in enumerate(texts)}
    return {"pk": "7", "name": name, "texts": columns, "notes": notes}


def rendered(template, facts):
    facts = facts | {"texts": components.cells(facts["texts"])}
    return engines["django"].engine.get_template(template).render(Context(facts | {"here": "/personen/"})).strip()


@pytest.mark.parametrize(
    "facts",
    [
        person(),
        person("", texts=[]),
        person("<b>&\"'</b>", ("inaktiv", "ohne E-Mail"), ["<i>", "&"]),
        person(mark_safe("<b>fett</b>")),
    ],
)
def test_each_row_is_what_its_template_makes_of_it(facts):
    others = person("Müller, Änne", ("inaktiv",), ["5", "6"])
    for each in (others, facts, others):
        assert filled(ROW, each, (("here", "/personen/"),)) == rendered(ROW, each)


def test_rows_that_are_alike_are_rendered_once():
    pieces_of.cache_clear()

    for number in range(50):
        filled(ROW, person(str(number)), (("here", "/personen/"),))

    assert pieces_of.cache_info().misses == 1


def test_nothing_of_anybody_is_kept():
    pieces_of.cache_clear()
    shape = (("pk", True), ("name", True), ("texts", True), ("notes", ()))
    filled(ROW, person("Geheim, Anna", texts=["4711"]), ())

    kept = "".join(pieces_of(ROW, shape, ()))
    assert pieces_of.cache_info().misses == 1
    assert "Geheim" not in kept
    assert "4711" not in kept


def test_a_component_without_a_text_has_none():
    assert drawn("actions", content="") == '<div class="actions"></div>'
    assert drawn("badge", kind="", content="<neu>") == '<span class="badge">&lt;neu&gt;</span>'


def test_a_nought_is_a_text():
    assert drawn("badge", content=0) == '<span class="badge">0</span>'


def test_a_message_is_a_text():
    html = drawn("alert", kind="info", title=Message(INFO, "<Gespeichert>"), role="", id="", body="")

    assert "&lt;Gespeichert&gt;" in html


@pytest.mark.parametrize(
    ("form", "written"),
    [("d.m.Y", "09.03.2026"), (None, "9.\xa0März 2026"), ("j.n.y", "9.3.26"), ("F Y", "März 2026")],
)
def test_a_day_is_written_as_django_writes_it(form, written):
    day = date(2026, 3, 9)

    assert str(components.date(day, form)) == written == str(defaultfilters.date(day, form))


@pytest.mark.parametrize("form", ["d.m.Y", None])
def test_no_day_is_nothing(form):
    assert (components.date(None, form), components.date("", form)) == ("", "")


def test_a_cell_keeps_what_is_html_and_escapes_what_is_not():
    row = components.cells({"A": "<i>", "B": mark_safe("<i>")})

    assert (
        row
        == '<td class="kern-table__cell" data-column="A">&lt;i&gt;</td><td class="kern-table__cell" data-column="B"><i></td>'
    )


def test_words_of_several_lines_are_one_and_a_date_in_them_stays_whole():
    assert components.in_one_line("\n  Freigegeben am\n  2.\xa0Mai 2026\n") == "Freigegeben am 2.\xa0Mai 2026"


def test_what_has_no_html_of_its_own_is_text_in_a_row_too():
    class Said:
        def __str__(self):
            return "<b>&</b>"

    assert in_one_go(["<a>", Said(), mark_safe("<i>"), 3, {"Name": "<b>&</b>"}]) == [
        "&lt;a&gt;",
        "&lt;b&gt;&amp;&lt;/b&gt;",
        "<i>",
        "3",
        cells({"Name": "<b>&</b>"}),
    ]
