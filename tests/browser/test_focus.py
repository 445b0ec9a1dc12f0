"""Whoever goes by Tab sees where they are, at a desk, on a telephone and with letters of twice the size (WCAG 2.4.7, 2.4.11)."""

import pytest
from django.urls import reverse

from tests.browser.conftest import enlarge, ready
from tests.browser.crowd import crowd_around
from tests.thorough import thorough_but

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DESK, TELEPHONE = {"width": 1280, "height": 720}, {"width": 390, "height": 700}
LOOKS = {
    "desk": (DESK, 100),
    "telephone": (TELEPHONE, 100),
    "desk, twice the size": (DESK, 200),
    "telephone, twice the size": (TELEPHONE, 200),
}
MOST_STOPS = 400  # on the longest page
# Whether what has the focus is all in the window, as far as it fits, and nothing lies over it; None at the end of the page.
SEEN = """() => {
  const one = document.activeElement;
  if (!one || one == document.body) return null;
  const name = `${one.tagName} „${(one.ariaLabel ?? one.labels?.[0]?.textContent ?? one.textContent ?? "").trim().replace(/\\s+/g, " ").slice(0, 40)}“`;
  const box = one.getBoundingClientRect(), fits = box.height < innerHeight * 0.5 && one.tagName != "TEXTAREA"; // there the line of the cursor counts
  if (fits && (box.top < -1 || box.bottom > innerHeight + 1)) return `${name} steht nicht ganz im Fenster (${Math.round(box.top)} bis ${Math.round(box.bottom)})`;
  const parts = [...one.getClientRects()].filter(({ width, height }) => width > 1 && height > 1);
  if (!parts.length) return `${name} hat keinen Platz`;
  for (const { left, right, top, bottom } of fits ? parts : [box]) {
    const [west, east] = [Math.max(left, 0), Math.min(right, innerWidth)], [north, south] = [Math.max(top, 0), Math.min(bottom, innerHeight)];
    if (west >= east || north >= south) return `${name} steht nicht im Fenster`;
    for (const [x, y] of [[(west + east) / 2, (north + south) / 2], [west + 3, north + 3], [east - 3, south - 3]]) {
      const above = document.elementFromPoint(x, y);
      if (!above || one.contains(above) || above.contains(one) || above.closest("label")?.contains(one)) continue;
      return `${name} liegt unter ${above.tagName} ${above.className}`;
    }
  }
  return ""; }"""


@pytest.fixture
def pages(cast):
    """(who, address) of the main pages."""
    crowd = crowd_around(cast)
    wanted = {
        "anna": ["start", "my_data", "assessments:participation", "learningplans:detail"],
        "dora": ["assessments:assessment", "assessments:check"],
        "fritz": ["learningplans:detail", "learningplans:measure_add"],
        "bernd": ["assessments:team", "assessments:talk"],
        "paula": ["assessments:round", "people:list", "roles:edit", "results:publish"],
        "audit": ["results:publication"],
    }
    found = {(who, name): address for who, name, address in reversed(crowd.pages)}
    assert reverse("start") in found.values()
    return crowd.cast, [(who, found[who, name]) for who, names in wanted.items() for name in names]


@pytest.mark.long
@pytest.mark.parametrize("look", thorough_but(LOOKS, "telephone, twice the size"))
def test_what_has_the_focus_is_seen_whole_and_under_nothing(visitor, pages, look):
    cast, addresses = pages
    window, percent = LOOKS[look]
    visitor.page.set_viewport_size(window)
    enlarge(visitor.page, percent)

    found = {}
    for who, address in addresses:
        visitor.let_in(getattr(cast, who))
        visitor.page.goto(address)
        ready(visitor.page)
        found[f"{who} {address}"] = hidden_stops(visitor.page)

    assert {page: stops for page, stops in found.items() if stops} == {}


def hidden_stops(page):
    """What is wrong at each stop of Tab through the page, in the order of the stops."""
    found = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if (wrong := page.evaluate(SEEN)) is None:
            return found
        if wrong:
            found.append(wrong)
    raise AssertionError(f"{page.url} has no end")
