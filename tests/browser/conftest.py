"""A browser that signs in, watches its pages, and fails on whatever axe or the console has to say.

Nothing here waits for a fixed time: Playwright waits for what has to be there.
"""

import time
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import resolve
from playwright.sync_api import expect

from tests.conftest import PASSWORD
from tests.thorough import THOROUGH

SLOWEST = 15_000  # milliseconds an expected thing may take on a busy machine
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
AXE = Axe()
ASKED = {"iframes": False, "resultTypes": ["violations"]}  # what is in order, axe need not describe
RULES = {**ASKED, "rules": {"color-contrast": {"enabled": False}}}  # see CONTRAST
COLOURS = {**ASKED, "runOnly": ["link-in-text-block"]}
# What the same page in another width can break: the rest of the rules read what does not change.
PLACES = {
    **COLOURS,
    "runOnly": [*COLOURS["runOnly"], "aria-hidden-focus", "scrollable-region-focusable", "target-size"],
}
INJECTED, AXE_RUNS = "() => typeof axe == 'object'", "options => axe.run(options).then((found) => found.violations)"
# How each text and each field on the page looks: its colour, size and weight, and what is painted behind it.
LOOKS = """() => {
  const shown = [...document.querySelectorAll("input, select, textarea")];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text; (text = texts.nextNode()); ) if (text.data.trim()) shown.push(text.parentElement);
  axe.looks = new Map();
  for (const one of shown) {
    if (!one.checkVisibility()) continue;
    const style = getComputedStyle(one);
    const look = [style.color, style.fontSize, style.fontWeight, style.textShadow];
    if (one.matches("input, select, textarea")) look.push(one.type);
    for (let element = one; element; element = element.parentElement) {
      const { backgroundColor, backgroundImage, opacity } = getComputedStyle(element);
      if (opacity != 1 || backgroundImage != "none") look.push(opacity, backgroundImage);
      if (backgroundColor == "rgba(0, 0, 0, 0)") continue;
      look.push(backgroundColor);
      if (backgroundColor.startsWith("rgb(")) break;
    }
    axe.looks.set(look.join(), [...(axe.looks.get(look.join()) ?? []), one]);
  }
  return [...axe.looks.keys()];
}"""
# Measuring contrasts takes longer than all other rules together: only of what looks as nothing did before.
CONTRAST = """(looks) => {
  const include = looks.flatMap((look) => axe.looks.get(look));
  return axe.run({ include }, { iframes: false, runOnly: ["color-contrast"] }).then((found) => found.violations);
}"""
seen = set()  # looks whose contrast has been measured
checked = set()  # views whose pages axe has seen
expect.set_options(timeout=SLOWEST)


@pytest.fixture(scope="session", autouse=True)
def _browser_settings():
    """Everything built once: without assets a browser test would only test what is missing."""
    if not (settings.ASSETS_DIR / "js" / "htmx.min.js").exists():
        pytest.fail("assets/ ist leer: zuerst `make assets` aufrufen.")


class Visitor:
    """One person at one browser: a context with its pages, and everything the pages complained about."""

    def __init__(self, browser, base, **context):
        context.setdefault("viewport", WIDE)
        self.context = browser.new_context(base_url=base, locale="de-DE", **context)
        self.context.set_default_timeout(SLOWEST)
        self.base = base
        self.complaints = []
        self.visited = []
        self.page = self.tab()

    def tab(self):
        """One more window of the same browser."""
        page = self.context.new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"pageerror: {error}"))
        return page

    def without(self, *addresses):
        """What lies there is not loaded into ``page``; unlike with a route the browser keeps what it has loaded before."""
        devtools = self.context.new_cdp_session(self.page)
        devtools.send("Network.enable")
        devtools.send("Network.setBlockedURLs", {"urls": addresses})

    def hold_back(self, address):
        """What lies there arrives when it is ``let_go``, which takes the list that this returns."""
        held = []

        def hold(route):
            held.append(route)

        self.context.route(address, hold)
        return held

    def _heard(self, message):
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def sign_in(self, person):
        """Through the form, as everybody does."""
        self.open("/anmelden/")
        self.fill_in_sign_in(person)
        self.check()

    def fill_in_sign_in(self, person, page=None):
        """The sign-in form in ``page``, which is opened there if it is not."""
        page = page or self.page
        if "/anmelden/" not in page.url:
            page.goto("/anmelden/")
        page.get_by_label("E-Mail").fill(person.email)
        page.get_by_label("Passwort").fill(PASSWORD)
        page.get_by_role("button", name="Anmelden").click()
        page.get_by_role("heading", name="Meine Aufgaben").wait_for()

    def open_menu(self):
        """On a telephone what leads elsewhere stands behind a button."""
        button = self.page.get_by_role("button", name="Menü", exact=True)
        if button.is_visible():
            button.click()

    def sign_out(self):
        self.open_menu()
        self.page.locator(".user-menu summary").click()
        self.page.get_by_role("button", name="Abmelden").click()
        self.page.get_by_role("heading", name="Anmelden").wait_for()

    def let_in(self, person):
        """The quick way in: a session's cookie, for tests that are not about signing in."""
        client = Client()
        client.force_login(person)
        name = settings.SESSION_COOKIE_NAME
        self.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": self.base}])

    def lose_session(self):
        self.context.clear_cookies()

    def open(self, address):
        self.page.goto(address)
        return self.check()

    def check(self, page=None):
        """The page as it stands has no violation of axe's default rules and fits the window's width.

        A quick run asks axe once for each view; what it shows in other states axe sees in a thorough one (ADR 42).
        """
        page = page or self.page
        address = page.url.removeprefix(self.base)
        view = resolve(urlsplit(address).path).view_name
        found = problems_of(page, RULES if THOROUGH or view not in checked else None)
        checked.add(view)
        self.visited.append(address)
        assert found == [], f"{page.url}: {found}"
        return page

    def assert_nothing_heard(self, but=None):
        heard = [line for line in self.complaints if not (but and but.search(line))]
        assert heard == []


def problems_of(page, rules=RULES):
    """What axe finds on the page by these rules, if there are any, and by how many pixels it is too wide."""
    ready(page)
    violations = violations_of(page, rules) if rules else []
    found = [f"{rule['id']}: {[node['target'] for node in rule['nodes']][:3]}" for rule in violations]
    too_wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [*found, *([f"{too_wide} px zu breit"] if too_wide > 0 else [])]


def violations_of(page, rules):
    if not page.evaluate(INJECTED):
        page.evaluate(AXE.axe_script)
    violations = page.evaluate(AXE_RUNS, rules)
    if new := [look for look in page.evaluate(LOOKS) if look not in seen]:
        unreadable = page.evaluate(CONTRAST, new)
        seen.update([] if unreadable else new)
        violations += unreadable
    return violations


def enlarge(page, percent):
    """Letters of this size, as somebody sets them in their browser for all pages."""
    sizes = {"standard": 16 * percent // 100, "fixed": 13 * percent // 100}
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": sizes})


def ready(page):
    """Fonts are there, every wheel and every Lernpfad is drawn."""
    page.evaluate("document.fonts.ready.then(() => true)")
    expect(page.locator(":is([data-wheel], [data-timeline]):not(:has(.main-svg))")).to_have_count(0)


def eventually(question, *, seconds=10):
    """Ask the database until the answer is yes; a browser is told before the test is."""
    until = time.monotonic() + seconds
    while not (answer := question()) and time.monotonic() < until:
        time.sleep(0.02)
    return answer


def let_go(page, held):
    """The first of these requests goes on, as soon as the browser has sent it."""
    for _ in range(SLOWEST // 20):
        if held:
            break
        page.wait_for_timeout(20)
    held.pop(0).continue_()


@pytest.fixture
def visitors(browser, live_server):
    """``visitors()`` opens one more browser."""
    opened = []

    def visitor(**context):
        opened.append(Visitor(browser, live_server.url, **context))
        return opened[-1]

    yield visitor
    for each in opened:
        each.context.close()


@pytest.fixture
def visitor(visitors):
    return visitors()
