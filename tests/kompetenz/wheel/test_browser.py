"""wheel.js in Chromium, under the security policy of the pages."""

from itertools import combinations
from pathlib import Path

import pytest

from kompetenz.wheel import figure_json
from kompetenz.wheel.palette import LIGHT

from .wheels import FIVE_LEVELS, SCALE, comparison

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[3]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
PAGE = """<!doctype html><html lang="de" data-kern-theme="light"><head><meta charset="utf-8"><title>Rad</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/css/app.css">
<link rel="stylesheet" id="plotly.js-style-global" class="no-inline-styles" href="/css/vendor.css">
{plotly}<script defer src="/js/plots.js"></script><script defer src="/js/wheel.js"></script></head>
<body><div class="wheel" data-wheel="rad" role="img" aria-label="Kompetenzrad">
<noscript><img class="wheel__fallback" src="data:," alt=""></noscript></div>
<script type="application/json" id="rad">{figure}</script></body></html>"""
PLOTLY = '<script defer src="/js/plotly.min.js"></script>'


@pytest.fixture
def open_wheel(page):
    """Opens the comparison on a page of its own and returns what the console says."""
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))

    def answer(route):
        path = route.request.url.removeprefix("http://wheel.test/")
        found = [file for folder in ("static", "assets") if (file := ROOT / folder / path).is_file()]
        if found:
            route.fulfill(path=found[0])
        else:
            wheel = comparison(FIVE_LEVELS if path == "five" else SCALE)
            body = PAGE.format(plotly=PLOTLY if path != "without" else "", figure=figure_json(wheel))
            route.fulfill(body=body, content_type="text/html", headers={"Content-Security-Policy": POLICY})

    def open_page(path="", width=1000):
        page.route("http://wheel.test/**", answer)
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"http://wheel.test/{path}")
        page.wait_for_selector(".wheel .main-svg, .wheel img", state="attached")
        return said

    return open_page


def drawn(page, what):
    return page.evaluate(f"document.querySelector('.wheel').{what}")


def test_the_wheel_is_drawn_without_a_word_in_the_console(page, open_wheel):
    said = open_wheel()

    assert drawn(page, "data[4].text[0]") == "1 IT-Anwendungskompetenz"
    assert (
        page.evaluate("(figure => Plotly.validate(figure.data, figure.layout) ?? [])(JSON.parse(rad.textContent))")
        == []
    )
    assert said == []


def test_nothing_of_the_plot_leads_elsewhere(page, open_wheel):
    open_wheel()

    context = (
        "({displayModeBar, showSendToCloud, plotlyServerURL}) => [displayModeBar, showSendToCloud, plotlyServerURL]"
    )
    assert page.evaluate(f"({context})(document.querySelector('.wheel')._context)") == [False, False, ""]
    assert page.locator(".wheel a[href], .modebar-btn").count() == 0


def test_a_saved_answer_fills_its_sector_alone(page, open_wheel):
    said = open_wheel()
    before = drawn(page, "data.slice(0, 3).map(ring => ring.marker.color)")

    page.evaluate(
        "document.body.dispatchEvent(new CustomEvent('wheel:level', {detail: {wheel: 'rad', number: 4, level: 3}}))"
    )

    after = drawn(page, "data.slice(0, 3).map(ring => ring.marker.color)")
    changed = [(ring, n) for ring in range(3) for n in range(25) if before[ring][n] != after[ring][n]]
    assert changed == [(1, 3), (2, 3)]
    assert drawn(page, "data[3].hovertext[3]").split("<br>")[2] == "Vereinbart: Experte (3)"
    assert said == []


def test_a_saved_answer_of_a_longer_scale_fills_one_more_ring(page, open_wheel):
    said = open_wheel("five")

    page.evaluate(
        "document.body.dispatchEvent(new CustomEvent('wheel:level', {detail: {wheel: 'rad', number: 4, level: 4}}))"
    )

    assert drawn(page, "data.slice(0, 4).map(ring => ring.marker.color[3])") == [LIGHT.filled[0]] * 4
    assert drawn(page, "data[4].hovertext[3]").split("<br>")[2] == "Vereinbart: Vordenkende (4)"
    assert said == []


def test_a_cleared_answer_empties_its_sector(page, open_wheel):
    open_wheel()

    page.evaluate(
        "document.body.dispatchEvent(new CustomEvent('wheel:level', {detail: {wheel: 'rad', number: 1, level: null}}))"
    )

    assert drawn(page, "data.slice(0, 3).map(ring => ring.marker.color[0])") == ["#e0edf8"] * 3
    assert drawn(page, "data[3].hovertext[0]").split("<br>")[2] == "Vereinbart: keine Angabe"


def test_a_narrow_page_gets_numbers_and_no_sideways_scrolling(page, open_wheel):
    open_wheel(width=360)

    assert drawn(page, "data[4].text.slice(0, 3)") == ["1", "2", "3"]
    assert page.evaluate("document.documentElement.scrollWidth") == 360


@pytest.mark.parametrize("width", [320, 360, 575, 700, 1000])
def test_no_text_meets_another_or_leaves_the_picture(page, open_wheel, width):
    open_wheel(width=width)

    boxes = page.evaluate(
        "[...document.querySelectorAll('.wheel .main-svg text')].filter(text => text.textContent)"
        ".map(text => [text.textContent, text.getBoundingClientRect().toJSON()])"
    )
    picture = page.locator(".wheel").bounding_box()

    def meet(one, other):
        across = min(one["right"], other["right"]) - max(one["left"], other["left"])
        down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
        return across > 1 and down > 3  # a text's box is higher than its letters

    right, bottom = picture["x"] + picture["width"], picture["y"] + picture["height"]
    assert len(boxes) >= 39
    assert [(a, b) for (a, one), (b, other) in combinations(boxes, 2) if meet(one, other)] == []
    assert [a for a, box in boxes if box["left"] < picture["x"] or box["right"] > right or box["bottom"] > bottom] == []


def test_the_wheel_follows_the_pages_theme(page, open_wheel):
    open_wheel()

    page.evaluate("document.documentElement.dataset.kernTheme = 'dark'")

    page.wait_for_function("document.querySelector('.wheel').layout.font.color === '#f4f6f8'")
    assert drawn(page, "data[0].marker.color[0]") == "#86c9fb"


def test_a_wheel_swapped_in_is_drawn(page, open_wheel):
    open_wheel()

    page.evaluate(
        "document.body.append(document.querySelector('.wheel').cloneNode()); "
        "document.querySelector('.wheel:last-child').className = 'wheel new'; "
        "document.body.dispatchEvent(new CustomEvent('htmx:after:swap', {bubbles: true}))"
    )

    assert page.locator(".wheel.new .main-svg").count() > 0


def test_print_is_light_and_fits_the_paper(page, open_wheel):
    open_wheel()
    page.evaluate("document.documentElement.dataset.kernTheme = 'dark'")

    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert [drawn(page, "layout.font.color"), drawn(page, "layout.width")] == ["#101418", 640]

    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert [drawn(page, "layout.font.color"), drawn(page, "layout.width")] == ["#f4f6f8", 980]


def test_without_plotly_the_picture_shows(page, open_wheel):
    said = open_wheel("without")

    assert page.locator(".wheel > img.wheel__fallback").count() == 1
    assert said == []
