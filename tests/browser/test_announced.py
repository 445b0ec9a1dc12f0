"""What happens without a new page is said once, by a region that was there before, and nobody loses their place (WCAG 4.1.3, 2.4.3)."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from learningplans.models import Measure
from tests.browser.conftest import let_go
from tests.browser.crowd import crowd_around

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Each time a region speaks: all that is put into it at once is one message, and nothing is heard of a region that comes with its words.
LISTEN = """() => {
  window.heard = [];
  for (const region of document.querySelectorAll("[role=status], [role=alert], [aria-live]")) {
    new MutationObserver(() => {
      const said = region.textContent.replace(/\\s+/g, " ").trim();
      if (said && region.isConnected && region.ariaLive != "off") heard.push(said);
    }).observe(region, { childList: true, characterData: true, subtree: true });
  }
}"""


@pytest.fixture
def crowd(cast):
    return crowd_around(cast)


@pytest.fixture
def at(visitor, crowd):
    """``at("anna", address)`` is anna's page there, which is listened to."""

    def arrive(who, address):
        visitor.let_in(getattr(crowd.cast, who))
        visitor.page.goto(address)
        visitor.page.evaluate(LISTEN)
        return visitor.page

    return arrive


def heard_when(page, act, words):
    """What is said from the moment of ``act`` until ``words`` are, and a moment after."""
    page.evaluate("() => { heard.length = 0; }")
    act()
    page.wait_for_function("(words) => heard.some((one) => one.includes(words))", arg=words)
    page.evaluate("() => new Promise((then) => setTimeout(then, 300))")
    return page.evaluate("heard")


def focused(page):
    return page.evaluate("document.activeElement.id || document.activeElement.name || document.activeElement.tagName")


def test_an_answer_and_a_measure_are_confirmed_once_where_one_is(at, crowd):
    own = crowd.dora.assessments.get(kind="self")
    page = at("dora", reverse("assessments:assessment", args=[own.pk]))
    chosen = page.locator("#kompetenz-9 input[type=radio]").nth(2)
    heard = heard_when(page, chosen.check, "Gespeichert")
    assert len(heard) == 1, heard
    expect(chosen).to_be_focused()

    plan = crowd.agreed_plan
    page = at("anna", reverse("learningplans:detail", args=[plan.pk]))
    done = page.locator("form.states button").first
    name = done.get_attribute("id")
    heard = heard_when(page, done.click, Measure.State.DONE.label)
    assert len(heard) == 1, heard
    assert focused(page) == name


@pytest.mark.parametrize(
    ("who", "name", "typed", "words"),
    [("paula", "people:list", "Anna", "von"), ("paula", "people:units", "10", "gefunden"), ("anna", "help", "Frist", "gefunden")],
)  # fmt: skip
def test_what_a_search_finds_is_said_once_and_the_place_is_kept(at, who, name, typed, words):
    page = at(who, reverse(name))
    field = page.locator("main [type=search], main [name=q]").first

    heard = heard_when(page, lambda: field.fill(typed), words)

    assert len(heard) == 1, heard
    expect(field).to_be_focused()


def test_a_search_asks_for_htmx_when_it_begins_and_is_answered_with_what_was_typed_before_it_came(at, visitor):
    held = visitor.hold_back("**/js/htmx*.js")
    page = at("paula", reverse("people:list"))
    assert held == []

    with page.expect_request("**/js/htmx*.js"):
        page.locator("main [type=search]").first.fill("Anna")
    heard = heard_when(page, lambda: let_go(page, held), "1 von ")

    assert len(heard) == 1, heard


def test_what_cannot_be_saved_is_said_once_however_often_it_is_tried(at, crowd):
    own = crowd.dora.assessments.get(kind="self")
    page = at("dora", reverse("assessments:assessment", args=[own.pk]))
    page.route("**/kompetenzen/**", lambda route: route.abort())
    heard = heard_when(page, page.locator("#kompetenz-9 input[type=radio]").nth(2).check, "Nicht gespeichert")
    again = page.locator("#kompetenz-9").get_by_role("button", name="Noch einmal senden")
    again.focus()

    for _ in range(2):
        with page.expect_event("requestfailed"):
            page.evaluate("window.dispatchEvent(new Event('focus'))")
    page.evaluate("() => new Promise((then) => setTimeout(then, 300))")

    assert (len(heard), page.evaluate("heard.length")) == (1, 1)
    expect(again).to_be_focused()
    page.unroute_all()
    page.keyboard.press("Enter")
    expect(page.locator("#alert")).to_be_empty()
    assert page.evaluate("document.activeElement.closest('.competency').id") == "kompetenz-9"


def test_a_refusal_is_said_once_with_its_reason(at, crowd, visitor):
    own = crowd.dora.assessments.get(kind="self")
    page = at("dora", reverse("assessments:assessment", args=[own.pk]))
    visitor.lose_session()

    heard = heard_when(page, page.locator("#kompetenz-9 input[type=radio]").nth(2).check, "nicht mehr angemeldet")

    assert len(heard) == 1, heard
    assert "Nicht gespeichert: eine Angabe. Sie sind nicht mehr angemeldet." in heard[0]


def test_what_was_done_before_a_page_came_is_said_on_it_once(at, crowd):
    page = at("anna", reverse("learningplans:detail", args=[crowd.agreed_plan.pk]))
    page.add_init_script(f"addEventListener('DOMContentLoaded', {LISTEN})")

    page.locator("button[name=gemeinsam]").first.click()

    page.wait_for_function("() => window.heard?.length > 0 && document.querySelector('main .kern-alert--success')")
    assert len(page.evaluate("heard")) == 1
    assert page.evaluate("heard[0]") == page.locator("main .kern-alert--success").inner_text().strip()
