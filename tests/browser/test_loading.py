"""What a first visit to the pages asked for most costs: requests, bytes, and how far things move while it loads."""

from io import BytesIO

import pytest
from django.urls import reverse
from PIL import Image

from assessments.models import Assessment
from kompetenz.documents.models import Emblem
from tests.browser.conftest import NARROW, WIDE, ready
from tests.browser.crowd import crowd_around
from tests.kompetenz.documents.test_emblem import picture
from tests.test_assets import ASSETS
from tests.thorough import thorough_but

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KIBIBYTE = 1024
HEAD = 400  # bytes of a file's answer before its content
# Tells how far the page has moved by itself, as Lighthouse counts it (cumulative layout shift).
WATCH = """
window.moved = 0;
new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.moved += shift.value;
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture
def crowd(cast):
    return crowd_around(cast)


def hot_pages(crowd):
    """Who asks for which address, by the page's name."""
    cast, stage = crowd.cast, crowd.stage
    form = Assessment.objects.get(participation=crowd.dora, kind="self")
    return {
        "sign-in": (None, reverse("account_login")),
        "start": (cast.anna, reverse("start")),
        "form": (cast.dora, form.get_absolute_url()),
        "comparison": (cast.anna, stage.participation.get_absolute_url()),
        "plan": (cast.anna, crowd.agreed_plan.get_absolute_url()),
        "round": (cast.paula, stage.round.get_absolute_url()),
        "results": (cast.audit, reverse("results:publication", args=[crowd.published.pk])),
        "people": (cast.paula, reverse("people:list")),
    }


@pytest.mark.parametrize("window", thorough_but([WIDE, NARROW], NARROW), ids=["1280", "390"])
def test_a_first_visit_is_light_and_nothing_moves(visitors, crowd, window):
    Emblem.objects.replace("png", picture((1200, 1500)))

    pages = hot_pages(crowd)
    found = {name: first_visit(visitors, window, *page) for name, page in pages.items()}
    # A browser that waits for a processor may paint half a document: what moves has to move again.
    found = {name: first_visit(visitors, window, *pages[name]) for name, told in found.items() if told}

    assert {name: told for name, told in found.items() if told} == {}


def first_visit(visitors, window, person, address):
    """In what the page misses its promises; empty if in nothing."""
    visitor = visitors(viewport=window)
    if person:
        visitor.let_in(person)
    visitor.page.add_init_script(WATCH)
    devtools, asked, sizes = visitor.context.new_cdp_session(visitor.page), {}, {}
    devtools.send("Network.enable")
    devtools.on("Network.requestWillBeSent", lambda event: asked.update({event["requestId"]: event["request"]["url"]}))
    devtools.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    visitor.page.goto(address, wait_until="networkidle")
    ready(visitor.page)
    loaded = {url: sent(url, sizes.get(key, 0)) for key, url in asked.items() if not url.startswith("data:")}
    drawn = visitor.page.locator("[data-wheel], [data-timeline]").count()
    most, kibibytes = (8, 300) if drawn else (7, 60)
    moved = visitor.page.evaluate("window.moved")
    visitor.context.close()
    return [
        *([f"{len(loaded)} requests: {sorted(loaded)}"] if len(loaded) > most else []),
        *([f"{sum(loaded.values()) / KIBIBYTE:.1f} KiB"] if sum(loaded.values()) > kibibytes * KIBIBYTE else []),
        *([f"moves by {moved:.3f}"] if moved > 0.05 else []),
    ]


def sent(url, size):
    """How many bytes come over the line: of static files what lies compressed beside them, which WhiteNoise serves and a test's server does not."""
    _, is_static, path = url.partition("/static/")
    if not is_static:
        return size
    compressed = ASSETS / f"{path}.br"
    return HEAD + (compressed if compressed.is_file() else ASSETS / path).stat().st_size


@pytest.mark.parametrize(("theme", "is_dark"), [("light", False), ("dark", True)])
def test_a_page_is_light_or_dark_as_the_device_says(visitors, cast, theme, is_dark):
    visitor = visitors(color_scheme=theme)

    visitor.page.goto(reverse("account_login"))

    shot = Image.open(BytesIO(visitor.page.screenshot())).convert("L")
    field = visitor.page.get_by_label("E-Mail").bounding_box()
    inside = shot.getpixel((round(field["x"] + field["width"] / 2), round(field["y"] + field["height"] / 2)))
    assert [brightness < 128 for brightness in (shot.getpixel((5, 500)), inside)] == [is_dark, is_dark]
