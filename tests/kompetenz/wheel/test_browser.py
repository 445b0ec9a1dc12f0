"""wheel.js in Chromium, under the security policy of the pages."""

import re
from itertools import combinations
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import expect

from kompetenz.wheel import on_page
from kompetenz.wheel.palette import DARK, LIGHT

from .wheels import AGREED, FIVE_LEVELS, SCALE, comparison

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[3]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
PAGE = """<!doctype html><html lang="de" data-kern-theme="light"><head><meta charset="utf-8"><title>Rad</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" id="plotly.js-style-global" class="no-inline-styles" href="/css/page.css">
<link rel="stylesheet" href="/whole-width.css">
<script defer src="/js/wheel-page.js" data-plotly="{plotly}"></script></head>
<body>{wheel}<table><tr data-sector="9"><td><a href="#">9 Analysekompetenz</a></td></tr></table></body></html>"""


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
        elif path == "whole-width.css":  # KERN keeps room for a scrollbar
            route.fulfill(body="html { scrollbar-gutter: auto }", content_type="text/css")
        else:
            wheel = comparison(FIVE_LEVELS if path == "five" else SCALE)
            shown = {"wheel": on_page(wheel), "wheel_id": "rad", "wheel_label": "Kompetenzrad"}
            body = PAGE.format(
                plotly="/js/plotly.min.js" if path != "without" else "",
                wheel=render_to_string("_partials/wheel.html", shown),
            )
            route.fulfill(body=body, content_type="text/html", headers={"Content-Security-Policy": POLICY})

    def open_page(path="", width=1000, on=page):
        page = on
        page.route("http://wheel.test/**", answer)
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"http://wheel.test/{path}")
        page.wait_for_selector(".wheel__svg" if path == "without" else ".wheel .main-svg", state="attached")
        return said

    return open_page


def drawn(page, what):
    return page.evaluate(f"document.querySelector('.wheel .plot').{what}")


def told(page, number):
    """What wheel.js says of a sector: its name, then a line for each view."""
    to_sector(page, page.mouse.move, number)
    return page.locator(".wheel-tip div").all_text_contents()


def to_sector(page, move, number):
    """The middle of a sector."""
    x, y = page.evaluate(
        """number => {
          const { arcs, disc } = JSON.parse(document.getElementById("rad-data").textContent).layout.meta;
          const turn = ((arcs[number - 1][0] + arcs[number - 1][1]) / 360) * Math.PI;
          const { x, y } = new DOMPoint(Math.sin(turn) * disc.ring * 3, -Math.cos(turn) * disc.ring * 3)
            .matrixTransform(document.querySelector(".wheel__svg").getScreenCTM());
          return [x, y];
        }""",
        number,
    )
    move(x, y)


def answer(page, number, level):
    page.evaluate(
        "detail => document.body.dispatchEvent(new CustomEvent('wheel:level', { detail }))",
        {"wheel": "rad", "number": number, "level": level},
    )


def test_the_wheel_is_drawn_without_a_word_in_the_console(page, open_wheel):
    said = open_wheel()

    assert drawn(page, "data[3].text[0]") == "1 IT-Anwendungskompetenz"
    assert said == []


def test_nothing_of_the_plot_leads_elsewhere(page, open_wheel):
    open_wheel()

    context = (
        "({displayModeBar, showSendToCloud, plotlyServerURL}) => [displayModeBar, showSendToCloud, plotlyServerURL]"
    )
    assert page.evaluate(f"({context})(document.querySelector('.wheel .plot')._context)") == [False, False, ""]
    assert page.locator(".wheel a[href], .modebar-btn").count() == 0


def test_every_level_fills_its_rings_and_level_0_is_marked_at_the_hub(page, open_wheel):
    open_wheel()

    data = drawn(page, "data")
    filled = [sum(ring["marker"]["color"][n] in LIGHT.filled for ring in data[:3]) for n in range(25)]
    empty = [ring["marker"]["color"][n] in LIGHT.empty for ring in data[:3] for n in range(25)].count(True)
    marked = [colour in LIGHT.filled for colour in data[8]["marker"]["color"]]
    assert (filled, empty) == ([level or 0 for level in AGREED], 75 - sum(filled))
    assert marked == [level == 0 for level in AGREED]
    casing, line = [trace for trace in data if trace.get("mode") == "lines"]
    assert (line["r"], line["theta"]) == (casing["r"], casing["theta"])


def test_a_saved_answer_fills_its_sector_alone(page, open_wheel):
    said = open_wheel()
    before = drawn(page, "data.slice(0, 3).map(ring => ring.marker.color)")

    answer(page, 4, 3)

    page.wait_for_function("() => document.querySelector('.wheel .plot').data[2].marker.color[3] === '#0576b0'")
    after = drawn(page, "data.slice(0, 3).map(ring => ring.marker.color)")
    changed = [(ring, n) for ring in range(3) for n in range(25) if before[ring][n] != after[ring][n]]
    assert changed == [(1, 3), (2, 3)]
    assert told(page, 4)[2] == "Vereinbart: Experte (3)"
    assert said == []


def test_a_saved_answer_of_a_longer_scale_fills_one_more_ring(page, open_wheel):
    said = open_wheel("five")

    answer(page, 4, 4)

    page.wait_for_function("() => document.querySelector('.wheel .plot').data[3].marker.color[3] === '#0576b0'")
    assert drawn(page, "data.slice(0, 4).map(ring => ring.marker.color[3])") == [LIGHT.filled[0]] * 4
    assert told(page, 4)[2] == "Vereinbart: Vordenkende (4)"
    assert said == []


def test_a_cleared_answer_empties_its_sector(page, open_wheel):
    open_wheel()

    answer(page, 1, None)

    page.wait_for_function("() => document.querySelector('.wheel .plot').data[0].marker.color[0] === '#e5f0fe'")
    assert drawn(page, "data.slice(0, 3).map(ring => ring.marker.color[0])") == ["#e5f0fe"] * 3
    assert told(page, 1)[2] == "Vereinbart: keine Angabe"
    assert page.locator(".wheel__svg [data-series='1'] path").first.get_attribute("d") is None


def test_the_picture_below_is_filled_as_the_server_would(page, open_wheel):
    open_wheel("without")
    paths = page.locator(".wheel__svg [data-series='1'] path")
    drawn_by_the_server = paths.nth(3).get_attribute("d")

    answer(page, 4, 3)
    assert paths.nth(3).get_attribute("d") != drawn_by_the_server
    answer(page, 4, AGREED[3])

    numbers = [
        [float(number) for number in re.findall(r"-?[0-9.]+", d)]
        for d in (drawn_by_the_server, paths.nth(3).get_attribute("d"))
    ]
    assert numbers[1] == pytest.approx(numbers[0], abs=0.11)


def test_a_narrow_page_gets_numbers_and_no_sideways_scrolling(page, open_wheel):
    open_wheel(width=360)

    assert drawn(page, "data[3].text.slice(0, 3)") == ["1", "2", "3"]
    assert page.evaluate("document.documentElement.scrollWidth") == 360


@pytest.mark.parametrize("width", [320, 360, 590, 700, 1000])
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
    assert len(boxes) >= 31
    assert [(a, b) for (a, one), (b, other) in combinations(boxes, 2) if meet(one, other)] == []
    assert [a for a, box in boxes if box["left"] < picture["x"] or box["right"] > right or box["bottom"] > bottom] == []


def test_the_wheel_follows_the_pages_theme(page, open_wheel):
    open_wheel()

    page.evaluate("document.documentElement.dataset.kernTheme = 'dark'")

    page.wait_for_function("() => document.querySelector('.wheel .plot').layout.font.color === '#f4f6f8'")
    assert drawn(page, "data[0].marker.color[0]") == DARK.filled[0]
    expect(page.locator(".wheel__svg [data-series='1'] path").first).to_have_css("fill", "rgb(83, 181, 254)")


def test_a_wheel_swapped_in_is_drawn(page, open_wheel):
    open_wheel()

    page.evaluate(
        "document.body.append(document.querySelector('.wheel').cloneNode()); "
        "document.querySelector('body > .wheel').className = 'wheel new'; "
        "document.body.dispatchEvent(new CustomEvent('htmx:after:swap', {bubbles: true}))"
    )

    page.wait_for_selector(".wheel.new .main-svg", state="attached")


def test_the_svg_is_printed_and_light(page, open_wheel):
    open_wheel()
    page.evaluate("document.documentElement.dataset.kernTheme = 'dark'")

    page.emulate_media(media="print")

    assert [page.locator(".wheel__svg").is_visible(), page.locator(".wheel .plot").is_visible()] == [True, False]
    expect(page.locator(".wheel__svg [data-series='1'] path").first).to_have_css("fill", "rgb(5, 118, 176)")


def test_in_forced_colours_the_svg_stays_and_what_is_filled_stands_out(page, open_wheel):
    page.emulate_media(forced_colors="active")
    open_wheel("without")

    filled = page.locator(".wheel__svg [data-series='1'] path").first.evaluate("path => getComputedStyle(path).fill")
    empty = page.locator(".wheel__svg > g > path").first.evaluate("path => getComputedStyle(path).fill")
    assert filled == page.evaluate("getComputedStyle(document.querySelector('td')).color")
    assert filled != empty


def test_without_plotly_the_svg_shows_and_answers(page, open_wheel):
    said = open_wheel("without")

    box = page.locator(".wheel__svg").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.58, box["y"] + box["height"] * 0.3)

    assert page.locator(".wheel__svg").is_visible()
    expect(page.locator(".wheel__says")).to_contain_text("Soll:")
    assert said == []


def test_the_plot_covers_the_svg_to_a_pixel_and_moves_nothing(page, open_wheel):
    open_wheel()

    boxes = [page.locator(one).bounding_box() for one in (".wheel__svg", ".wheel .plot .main-svg >> nth=0", ".wheel")]
    assert [[box[side] for side in ("width", "height")] for box in boxes[:2]] == [
        pytest.approx([boxes[2]["width"], boxes[2]["height"]], abs=1)
    ] * 2
    first = [
        page.locator(one).evaluate("path => path.getBoundingClientRect().toJSON()")
        for one in (".wheel__svg > path >> nth=0", ".wheel .barlayer .trace.bars >> nth=3")
    ]
    assert [first[1][side] for side in ("left", "top", "right", "bottom")] == pytest.approx(
        [first[0][side] for side in ("left", "top", "right", "bottom")], abs=1.5
    )


def test_the_mouse_is_told_what_a_sector_shows_and_its_row_lights_up(page, open_wheel):
    open_wheel()

    to_sector(page, page.mouse.move, 9)

    expect(page.locator(".wheel-tip div")).to_have_text(told(page, 9))
    expect(page.locator("tr.is-pointed")).to_have_attribute("data-sector", "9")
    page.mouse.move(1, 1)
    expect(page.locator(".wheel-tip")).to_be_hidden()
    expect(page.locator("tr.is-pointed")).to_have_count(0)


def test_a_finger_is_told_below_the_wheel(browser, open_wheel):
    """Ten taps, ten answers."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    open_wheel(width=390, on=page)

    said = []
    for number in range(1, 11):
        to_sector(page, page.touchscreen.tap, number)
        said.append(page.locator(".wheel__says").text_content().split(".")[0])

    assert said == [str(number) for number in range(1, 11)]
    context.close()


def test_a_row_points_at_its_sector(page, open_wheel):
    open_wheel()

    page.locator("tr a").focus()

    expect(page.locator(".wheel__pointer path")).to_have_count(1)
    expect(page.locator(".wheel__pointer-words")).to_have_text("9 Analysekompetenz")


def test_the_legend_switches_a_view_off_and_on(page, open_wheel):
    open_wheel()
    button = page.get_by_role("button", name="Fremd")

    button.click()

    expect(button).to_have_attribute("aria-pressed", "false")
    page.wait_for_function("() => document.querySelector('.wheel .plot').data.at(-1).visible === false")
    expect(page.locator(".wheel__svg [data-series='3']")).to_have_css("display", "none")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    page.wait_for_function("() => document.querySelector('.wheel .plot').data.at(-1).visible === true")


def test_the_filling_is_a_view_too(page, open_wheel):
    open_wheel()

    page.get_by_role("button", name="Vereinbart").click()

    page.wait_for_function("() => document.querySelector('.wheel .plot').data[0].marker.color[0] === '#e5f0fe'")
