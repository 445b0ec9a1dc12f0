"""timeline.js in Chromium, under the security policy of the pages."""

from itertools import combinations
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import expect

from kompetenz.wheel import figure_json as wheel_json
from learningplans.timeline import figure, figure_json, heights, svg
from tests.kompetenz.wheel.wheels import comparison
from tests.thorough import thorough_but

from .timelines import LOOKED_AT

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[3]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
PAGE = """<!doctype html><html lang="de" data-kern-theme="light"><head><meta charset="utf-8"><title>Lernpfad</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" id="plotly.js-style-global" class="no-inline-styles" href="/css/page.css">
<link rel="stylesheet" href="/whole-width.css">
<script defer src="/js/wheel-page.js" data-plotly="{plotly}"></script></head>
<body>{timeline}{wheel}</body></html>"""
WHEEL = '<div class="wheel" data-wheel="rad"></div><script type="application/json" id="rad">{}</script>'


def part(timeline):
    return render_to_string(
        "learningplans/_timeline.html",
        {
            "timeline_id": "pfad",
            "timeline_json": figure_json(figure(timeline)),
            "timeline_label": "Lernpfad",
            "timeline_svg": svg(timeline),
            "timeline_heights": heights(figure(timeline)),
        },
    )


@pytest.fixture
def open_timeline(page):
    """Opens one of LOOKED_AT on a page of its own and returns what the console says."""
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))

    def open_page(name="agreed", width=1000, *, plotly=True, wheel=False):
        def answer(route):
            path = route.request.url.removeprefix("http://timeline.test/")
            found = [file for folder in ("static", "assets") if (file := ROOT / folder / path).is_file()]
            if found:
                route.fulfill(path=found[0])
            elif path == "whole-width.css":  # KERN keeps room for a scrollbar
                route.fulfill(body="html { scrollbar-gutter: auto }", content_type="text/css")
            else:
                body = PAGE.format(
                    plotly="/js/plotly.min.js" if plotly else "",
                    timeline=part(LOOKED_AT[name]),
                    wheel=WHEEL.format(wheel_json(comparison())) if wheel else "",
                )
                route.fulfill(body=body, content_type="text/html", headers={"Content-Security-Policy": POLICY})

        page.route("http://timeline.test/**", answer)
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("http://timeline.test/")
        page.wait_for_selector("#pfad .main-svg" if plotly else "#pfad .timeline__svg", state="attached")
        return said

    return open_page


def drawn(page, what):
    return page.evaluate(f"document.querySelector('#pfad .plot').{what}")


def words(page):
    return drawn(page, "layout.annotations.map(word => word.text)")


@pytest.mark.parametrize("name", LOOKED_AT)
def test_every_timeline_is_drawn_without_a_word_in_the_console(page, open_timeline, name):
    said = open_timeline(name)

    assert page.locator("#pfad .annotation-text").count() == len(words(page))
    assert said == []


def test_nothing_of_the_plot_leads_elsewhere(page, open_timeline):
    open_timeline()

    context = (
        "({displayModeBar, showSendToCloud, plotlyServerURL}) => [displayModeBar, showSendToCloud, plotlyServerURL]"
    )
    assert page.evaluate(f"({context})(document.querySelector('#pfad .plot')._context)") == [False, False, ""]
    assert page.locator("#pfad a[href], .modebar-btn").count() == 0


def test_a_bar_tells_of_its_measure_when_pointed_at(page, open_timeline):
    said = open_timeline()

    page.locator("#pfad .js-fill").nth(1).hover(force=True)

    page.wait_for_selector("#pfad .hovertext")
    assert page.locator("#pfad .hovertext tspan.line").all_text_contents() == [
        *("2. Mentoring durch die", "Stabsstelle Digitalisierung"),
        *("Lernen aus Interaktion", "01.02.2027 bis 30.11.2027", "dient Ziel 1, 3", "12,5 Stunden, geplant"),
    ]
    assert said == []


def test_a_talk_tells_its_day_when_pointed_at(page, open_timeline):
    open_timeline()

    page.locator("#pfad .points path").first.hover(force=True)

    page.wait_for_selector("#pfad .hovertext")
    assert page.locator("#pfad .hovertext tspan.line").all_text_contents() == [
        "Review-Gespräch",
        "19.08.2027, geplant",
    ]


def test_bars_are_filled_by_lernform(page, open_timeline):
    open_timeline()

    fills = page.locator("#pfad .js-fill").evaluate_all("paths => paths.map(path => path.style.fill)")
    striped = ["url" in fill for fill in fills]
    assert striped == [False, True, False, False, False, True, False]  # four measures, three entries of the key


def test_a_narrow_page_gets_numbers_and_no_sideways_scrolling(page, open_timeline):
    open_timeline(width=360)

    assert words(page)[:7] == ["Jan. 2027", "Mai 2027", "Sept. 2027", "1", "2", "3", "4"]
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_a_page_that_grows_gets_the_titles(page, open_timeline):
    open_timeline(width=360)

    page.set_viewport_size({"width": 1000, "height": 900})

    page.wait_for_selector("#pfad .main-svg[width='980']", state="attached")
    assert "Mentoring durch die<br>Stabsstelle Digitalisierung" in words(page)


def texts_in_the_way(page):
    """Texts that meet another one or leave the picture."""
    boxes = page.evaluate(
        "[...document.querySelectorAll('#pfad .main-svg text')].filter(text => text.textContent)"
        ".map(text => [text.textContent, text.getBoundingClientRect().toJSON()])"
    )
    assert len(boxes) == len(words(page))
    picture = page.locator("#pfad").bounding_box()
    right, bottom = picture["x"] + picture["width"], picture["y"] + picture["height"]

    def meet(one, other):
        across = min(one["right"], other["right"]) - max(one["left"], other["left"])
        down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
        return across > 1 and down > 3  # a text's box is higher than its letters

    return [
        *((a, b) for (a, one), (b, other) in combinations(boxes, 2) if meet(one, other)),
        *(a for a, box in boxes if box["left"] < picture["x"] or box["right"] > right or box["bottom"] > bottom),
    ]


@pytest.mark.parametrize("name", thorough_but(LOOKED_AT, "agreed", "three years"))
def test_no_text_meets_another_or_leaves_the_picture(page, open_timeline, name):
    open_timeline(name)

    found = {}
    for width in (288, 320, 390, 559, 560, 700, 859, 860, 1000):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_selector(f"#pfad .main-svg[width='{min(width, 980)}']", state="attached")
        found[width] = texts_in_the_way(page)
    assert {width: texts for width, texts in found.items() if texts} == {}


def test_the_timeline_follows_the_pages_theme(page, open_timeline):
    open_timeline()

    page.evaluate("document.documentElement.dataset.kernTheme = 'dark'")

    expect(page.locator("#pfad .annotation-text").last).to_have_css("fill", "rgb(244, 246, 248)")
    assert drawn(page, "data.find(trace => trace.fillpattern).fillpattern.fgcolor") == "#5cc8d4"
    assert drawn(page, "layout.annotations[0].font.color") == "#b6bdc9"


def test_a_timeline_swapped_in_is_drawn_and_one_that_left_is_forgotten(page, open_timeline):
    said = open_timeline()

    page.evaluate(
        """() => {
          window.old = document.getElementById("pfad");
          window.old.replaceWith(window.old.cloneNode());
          document.body.dispatchEvent(new CustomEvent("htmx:after:swap", { bubbles: true }));
        }"""
    )

    page.wait_for_selector("#pfad .main-svg", state="attached")
    assert page.evaluate("[window.old.isConnected, window.old.querySelectorAll('.main-svg').length]") == [False, 0]
    assert said == []


def test_new_values_are_drawn_anew(page, open_timeline):
    open_timeline()
    script = part(LOOKED_AT["one"]).split(">")[-2].removesuffix("</script")

    page.evaluate(
        """text => {
          document.getElementById("pfad-data").textContent = text;
          document.body.dispatchEvent(new CustomEvent("htmx:after:swap", { bubbles: true }));
        }""",
        script,
    )

    page.wait_for_function("() => document.querySelector('#pfad .plot').layout.annotations.length === 7")
    assert words(page) == [
        "Feb. 2027",
        "März 2027",
        "Apr. 2027",
        "1",
        "Maßnahme 1",
        "heute",
        "Lernen aus Herausforderungen",
    ]


def test_the_svg_is_printed(page, open_timeline):
    open_timeline()
    page.evaluate("document.documentElement.dataset.kernTheme = 'dark'")

    page.emulate_media(media="print")

    assert [page.locator(one).is_visible() for one in ("#pfad .timeline__svg svg", "#pfad .plot")] == [True, False]
    expect(page.locator("#pfad .timeline__svg")).to_have_css("visibility", "visible")


def test_without_plotly_the_svg_shows(page, open_timeline):
    said = open_timeline(plotly=False)

    assert page.locator("#pfad .timeline__svg svg").is_visible()
    assert said == []


def test_plotly_moves_nothing(page, open_timeline):
    open_timeline()

    for width in (390, 700, 980):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_selector(f"#pfad .main-svg[width='{width}']", state="attached")
        assert page.locator("#pfad").bounding_box()["height"] == pytest.approx(
            page.locator("#pfad .main-svg").first.bounding_box()["height"], abs=1
        )


def test_a_wheel_on_the_same_page_is_drawn_beside_it(page, open_timeline):
    said = open_timeline(wheel=True)

    page.wait_for_selector("[data-wheel] .main-svg", state="attached")
    assert page.locator("[data-wheel] .polar").count() == 1
    assert page.locator("#pfad .polar").count() == 0
    assert said == []
