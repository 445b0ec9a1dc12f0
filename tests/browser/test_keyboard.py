"""The whole development cycle without a mouse: every control is reached by Tab, seen when it is, and not lost when it was used."""

from contextlib import suppress

import pytest
from playwright.sync_api import Error as Gone
from playwright.sync_api import Locator, expect

from tests.browser.test_cycle import CLICKS, Cycle, play

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_STOPS = 400  # on the longest way through a page
# Where the focus is: whether on the element, or on another radio button of its group, and what is wrong with how it is seen.
FOCUS = """(wanted) => { const one = document.activeElement;
  const problems = [];
  if (one && one != document.body) {
    const style = getComputedStyle(one), label = one.closest("label") ?? one.labels?.[0];
    const marks = [one, label, one.nextElementSibling, one.parentElement].filter(Boolean).map((mark) => getComputedStyle(mark));
    const pseudo = [getComputedStyle(one, "::before"), getComputedStyle(one, "::after")];
    const outlined = [...marks, ...pseudo].some((mark) => mark.outlineStyle != "none" || mark.boxShadow != "none");
    if (!outlined) problems.push("ohne sichtbaren Rahmen");
    const box = one.getBoundingClientRect();
    const x = box.left + Math.min(box.width, innerWidth) / 2, y = box.top + Math.min(box.height, 40) / 2;
    const on_top = document.elementFromPoint(x, y);
    const fixed = on_top && [...ancestors(on_top)].some((above) => ["fixed", "sticky"].includes(getComputedStyle(above).position));
    if (fixed && !on_top.contains(one) && !one.contains(on_top) && on_top.closest("label") != label) problems.push("verdeckt");
    if (box.bottom < 0 || box.top > innerHeight) problems.push("außerhalb des Fensters");
  }
  function* ancestors(from) { for (let at = from; at; at = at.parentElement) yield at; }
  const is_there = one == wanted || (wanted.type == "radio" && one?.type == "radio" && one.name == wanted.name);
  const said = problems.map((problem) => `${location.pathname}: ${one.tagName} „${(one.ariaLabel ?? one.textContent ?? "").trim().slice(0, 40)}“ ${problem}`);
  return [is_there, said]; }"""
MARK = "() => { window.notReloaded = true; }"
LEADS_ON = "(one) => (one.tagName == 'A' || one.type == 'submit') && !one.closest('[hx-get], [hx-post]')"
LOST = "() => window.notReloaded === true && document.activeElement == document.body"


class Keyboard:
    """What Playwright's locators do with a mouse, done with keys; ``problems`` are those of the focus on the way."""

    def __init__(self):
        self.problems = set()

    def reach(self, locator):
        """Press Tab until the element has the focus; in a group of radio buttons until one of them has it."""
        page, wanted = locator.page, locator.element_handle()
        for _ in range(MOST_STOPS):
            is_there, problems = page.evaluate(FOCUS, wanted)
            self.problems.update(problems)
            if is_there:
                return wanted
            page.keyboard.press("Tab")
        raise AssertionError(f"{locator} is not reached by Tab on {page.url}")

    def click(self, locator, **_):
        wanted, page = self.reach(locator), locator.page
        page.evaluate(MARK)
        kind = wanted.evaluate("(one) => one.type || one.tagName")
        leads_on = wanted.evaluate(LEADS_ON)
        if kind == "radio":
            self.choose(page, wanted)
        else:
            page.keyboard.press("Space" if kind == "checkbox" else "Enter")
        if leads_on:
            with suppress(Gone):  # or it takes too long: a form that the browser itself refuses
                page.wait_for_function("() => !window.notReloaded", timeout=5_000)
        with suppress(Gone):  # to another page after all
            page.wait_for_load_state("networkidle")
            if page.evaluate(LOST):
                self.problems.add(f"{page.url}: nach „{kind}“ ist nichts mehr fokussiert")

    def choose(self, page, wanted):
        """A radio button of the group in which the focus is: by arrows, or Space where it has the focus already."""
        page.keyboard.press("Space")
        for _ in range(10):
            if wanted.evaluate("(one) => one.checked"):
                return
            page.keyboard.press("ArrowDown")

    def check(self, locator, **_):
        if not locator.is_checked():
            self.click(locator)
        expect(locator).to_be_checked()

    def set_checked(self, locator, checked, **_):
        if locator.is_checked() != checked:
            self.click(locator)

    def fill(self, locator, value, **_):
        wanted, page = self.reach(locator), locator.page
        if wanted.evaluate("(one) => one.type == 'date'"):
            year, month, day = value.split("-")
            page.keyboard.type(f"{month}{day}{year}")  # as Chromium's own language has it, whatever the page's is
        else:
            page.keyboard.press("Control+A")
            page.keyboard.insert_text(value)
        assert locator.input_value() == value


@pytest.fixture
def keyboard(monkeypatch):
    keys = Keyboard()
    for does in ("click", "check", "set_checked", "fill"):
        by_keys = getattr(keys, does)
        monkeypatch.setattr(
            Locator, does, lambda locator, *args, by_keys=by_keys, **kwargs: by_keys(locator, *args, **kwargs)
        )
    return keys


@pytest.mark.long
@pytest.mark.thorough
def test_the_whole_cycle_without_a_mouse(visitor, cast, keyboard):
    visitor.context.add_init_script(CLICKS)

    visitor.check = lambda page=None: visitor.visited.append(
        visitor.page.url
    )  # what axe says, the cycle with a mouse hears

    play(Cycle(visitor, cast))

    assert sorted(keyboard.problems) == []
    visitor.assert_nothing_heard()
