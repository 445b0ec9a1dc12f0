"""Every page on a desk and on a telephone, and dark: accessible, within the window's width, silent."""

import re
from io import BytesIO

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from kompetenz.jobs.models import Job
from tests.browser.conftest import COLOURS, NARROW, PLACES, RULES, WIDE, enlarge, problems_of
from tests.browser.crowd import OPEN_PAGES, crowd_around
from tests.test_access import TABLE
from tests.thorough import thorough_but

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOT_FOUND = re.compile("status of 404")
NO_PAGE = re.compile(
    r"_pdf$|:pdf$|wheel$|staff_template|staff_errors|staff_difference|staff_export|round_list$|round_units_list$|round_measures$|training_guests$|training_csv$|_calendar$|^calendar$|^subscribed_calendar$|_zip$|workbook$|:json$|:download$|help_slide$|paper_text$|erase_confirm$|^audit:listed$"
)


TABLET = {"width": 768, "height": 1024}
# Who looks at the pages in one test: about as many each.
GROUPS = {
    "nobody": [],
    "HR": ["paula"],
    "managers": ["bernd", "fremd", "audit"],
    "people with a plan": ["anna", "fritz"],
    "people on their way": ["dora", "emil", "iris", "jonas", "karla"],
}
# In which each page is seen, one after the other: the same page in other colours, then in other places.
LOOKS = {
    "1280 px, light": (WIDE, "light", RULES),
    "1280 px, dark": (WIDE, "dark", COLOURS),
    "390 px, light": (NARROW, "light", PLACES),
}


@pytest.fixture
def crowd(cast):
    return crowd_around(cast)


def test_the_list_of_pages_leaves_none_out(crowd):
    shown = {name for name, _, method, _, answers in TABLE if method == "get" and 200 in answers}

    pages = crowd.pages

    assert {name for name in shown if not NO_PAGE.search(name)} - {name for _, name, _ in pages} == set()
    assert {who for who, _, _ in pages} == {who for people in GROUPS.values() for who in people}


def test_the_buttons_for_bookings_of_an_offer_without_dates_are_whole(visitor, crowd):
    crowd.offer.dates.all().delete()
    visitor.let_in(crowd.cast.paula)
    visitor.page.goto(reverse("learningplans:training_offer", args=[crowd.offer.pk]))

    assert visitor.page.locator(".selection-bar .kern-btn").count() > 1
    assert visitor.page.evaluate(SQUEEZED) == []


def test_on_a_tablet_what_is_answered_has_at_least_half_of_the_room(visitor, crowd):
    visitor.let_in(crowd.cast.audit)
    visitor.page.set_viewport_size(TABLET)
    visitor.page.goto(reverse("audit:round", args=[crowd.stage.round.pk]))

    assert visitor.page.locator(".facts dd").count() > 10
    assert visitor.page.evaluate(SQUEEZED) == []


@pytest.mark.long
@pytest.mark.parametrize("who", thorough_but(GROUPS, "nobody"))
def test_every_page_is_accessible_and_silent(visitor, crowd, who, record_property):
    pages = crowd.pages

    found = {name: visited(visitor, reverse(name)) for name in (OPEN_PAGES if who == "nobody" else [])}
    for person in GROUPS[who]:
        visitor.let_in(getattr(crowd.cast, person))
        for address in [address for whose, _, address in pages if whose == person]:
            found[f"{person} {address}"] = visited(visitor, address)

    assert {page: problems for page, problems in found.items() if problems} == {}
    visitor.assert_nothing_heard()
    record_property("pages", len(found))


def visited(visitor, address):
    """What is wrong with the page at ``address``, by the look in which it is."""
    response = visitor.page.goto(address)
    landed = visitor.page.url.removeprefix(visitor.base)
    if (response.status, landed) != (200, address):
        return [f"{response.status} {landed}"]
    found = {}
    for look, (window, theme, rules) in LOOKS.items():
        visitor.page.set_viewport_size(window)
        visitor.page.emulate_media(color_scheme=theme)
        if problems := problems_of(visitor.page, rules):
            found[look] = problems
    if problems := beyond_axe(visitor.page):
        found["beyond axe"] = problems
    return found


TOO_WIDE = """() => { const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  return [...document.querySelectorAll("main *, header *, footer *")]
    .filter((one) => one.getBoundingClientRect().right > room + 1 && one.checkVisibility() && !one.closest("[tabindex='0']"))
    .slice(0, 3).map((one) => `${one.tagName} ${one.className} ${one.textContent.trim().slice(0, 30)}`).concat("zu breit"); }"""
# What is no table to be read in both directions stands row by row where it has no room, and is not to be pushed sideways.
SIDEWAYS = """() => [...document.querySelectorAll("main .kern-table-responsive")]
  .filter((one) => one.checkVisibility() && one.scrollWidth > one.clientWidth && !one.previousElementSibling?.matches(".sideways"))
  .map((one) => `Tabelle zu breit: ${one.textContent.replace(/\\s+/g, " ").trim().slice(0, 60)}`)"""
# Controls that are called the same and do different things: whoever hears them one by one could not tell them apart. A link has its
# row, list item or table beside it (WCAG 2.4.4); a button has to say it itself.
ALIKE = """() => { const named = new Map(), twice = new Set();
  const text = (id) => document.getElementById(id)?.textContent ?? "";
  const said = (ids) => (ids ?? "").split(" ").map(text).join(" ");
  for (const one of document.querySelectorAll("main a[href], main button")) {
    if (!one.checkVisibility()) continue;
    const around = one.tagName == "A" ? one.closest("tr, li") : null, table = one.closest("table");
    const name = [one.getAttribute("aria-label") || said(one.getAttribute("aria-labelledby")).trim() || one.textContent,
      said(one.getAttribute("aria-describedby")), one.tagName, around?.textContent, around && table?.caption?.textContent]
      .join(" ").replace(/\\s+/g, " ").trim();
    const hidden = one.form ? [...one.form.querySelectorAll("input[type=hidden]")].map((field) => field.value) : [];
    const does = one.tagName == "A" ? one.getAttribute("href").split("#")[0] : [one.formAction, ...hidden].join();
    if (named.has(name) && named.get(name) != does) twice.add(name);
    named.set(name, does);
  }
  return [...twice].map((name) => `mehrmals „${name.slice(0, 80)}“`); }"""
MOVING = """() => [...document.querySelectorAll("*")].filter((one) => { const style = getComputedStyle(one);
  return [style.transitionDuration, style.animationDuration].some((time) => time.split(", ").some((one) => parseFloat(one) > 0.01)); })
  .slice(0, 3).map((one) => `bewegt sich: ${one.tagName} ${one.className}`)"""


# Letters one below the other: of a button, or of an answer to which its heading leaves less than half of the room.
SQUEEZED = """() => [...document.querySelectorAll("main .kern-btn, main .facts:not(.facts--inline) > dd")]
  .filter((one) => one.checkVisibility())
  .filter((one) => one.matches("dd") ? one.offsetWidth < one.parentElement.offsetWidth / 2 && one.offsetHeight > 60 : one.offsetHeight > one.offsetWidth)
  .map((one) => `zu schmal: ${one.textContent.replace(/\\s+/g, " ").trim().slice(0, 60)}`)"""


def beyond_axe(page):
    """What is too wide when a desk's window is enlarged to 200 or 400 %, squeezed on a tablet, called like something else, or moves."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    found = page.evaluate(MOVING)
    page.set_viewport_size(TABLET)
    found += page.evaluate(SQUEEZED) + page.evaluate(TOO_WIDE)
    for percent in (200, 400):
        page.set_viewport_size({side: length * 100 // percent for side, length in WIDE.items()})
        found += [f"{percent} %: {one}" for one in page.evaluate(TOO_WIDE) + page.evaluate(SIDEWAYS)]
    page.set_viewport_size(WIDE)
    enlarge(page, 200)
    found += [f"doppelt so große Schrift: {one}" for one in page.evaluate(TOO_WIDE)]
    enlarge(page, 100)
    page.emulate_media(reduced_motion="no-preference")
    return found + page.evaluate(ALIKE)


SMALL = {"width": 320, "height": 640}


@pytest.mark.parametrize(
    ("who", "name"),
    [(None, "account_login"), ("anna", "start"), ("dora", "assessments:participation"), ("paula", "people:list")],
)
def test_on_a_small_telephone_with_letters_of_twice_the_size_nothing_is_cut_off(visitor, crowd, who, name):
    visitor.page.set_viewport_size(SMALL)
    enlarge(visitor.page, 200)
    if who:
        visitor.let_in(getattr(crowd.cast, who))
    found = {(one, view): address for one, view, address in reversed(crowd.pages)}

    visitor.page.goto(found.get((who, name)) or reverse(name))

    assert visitor.page.evaluate(TOO_WIDE) == []


@pytest.mark.long
def test_the_page_that_confirms_erasing_is_accessible_and_silent(visitor, crowd):
    Job.objects.all().delete()  # nobody is erased while one is going, and in the crowd some are
    visitor.let_in(crowd.cast.paula)

    found = visited(visitor, reverse("privacy:erase_confirm", args=[crowd.cast.greta.pk]))

    assert found == {}
    visitor.assert_nothing_heard()


def test_pages_of_refused_forms_are_accessible_too(visitor, crowd):
    draft = crowd.draft_plan.pk
    refused = [
        ("anna", "/meine-daten/gibt-es-nicht/", {}),
        ("emil", "/runden/", {}),
        ("fritz", reverse("learningplans:goal", args=[draft, crowd.draft_plan.goals.first().pk]), {"due_on": "2020-01-01"}),
        ("fritz", reverse("learningplans:measure_add", args=[draft]), {"title": ""}),
        ("fritz", reverse("learningplans:review_add", args=[draft]), {"planned_on": "2020-01-01"}),
        ("fritz", reverse("learningplans:choose_goals", args=[draft]), {}),
        ("paula", reverse("assessments:round_deadlines", args=[crowd.stage.round.pk]), {"self_due": "2020-01-01"}),
        ("paula", reverse("people:edit", args=[crowd.cast.anna.pk]), {"personnel_number": "0002"}),
    ]  # fmt: skip

    found = {}
    for who, address, filled_in in refused:
        visitor.let_in(getattr(crowd.cast, who))
        visitor.page.goto(address)
        for name, value in filled_in.items():
            visitor.page.locator(f"main [name={name}]").fill(value)
        if visitor.page.locator("main form .kern-btn--primary").count():
            visitor.page.locator("main form .kern-btn--primary").click()
            expect(visitor.page.locator("#fehler")).to_be_focused()
        found[address] = problems_of(visitor.page)

    assert found == {address: [] for _, address, _ in refused}
    visitor.assert_nothing_heard(but=NOT_FOUND)


# What a printer does: it leaves backgrounds out.
ON_PAPER = """() => { const sheet = new CSSStyleSheet();
  sheet.replaceSync("*, *::before, *::after { background: none !important }");
  document.adoptedStyleSheets = [sheet]; }"""


@pytest.mark.parametrize("shown", [{"media": "print"}, {"forced_colors": "active"}], ids=["print", "forced colours"])
def test_a_chosen_level_is_seen_without_background_colours(visitor, crowd, shown):
    visitor.let_in(crowd.cast.dora)
    page = visitor.page
    page.goto(reverse("assessments:assessment", args=[crowd.dora.assessments.get(kind="self").pk]))
    chosen, other = page.locator("#kompetenz-2 input").nth(2), page.locator("#kompetenz-2 input").nth(1)

    page.emulate_media(**shown)
    page.evaluate(ON_PAPER)

    assert chosen.is_checked()
    assert ink_in_the_middle(other) == 0
    assert ink_in_the_middle(chosen) > 30


def ink_in_the_middle(radio):
    """How many pixels in the inner half of a radio button differ clearly from what surrounds it."""
    picture = Image.open(BytesIO(radio.screenshot())).convert("L")
    width, height = picture.size
    middle = picture.crop((width // 4, height // 4, width - width // 4, height - height // 4))
    ground = picture.getpixel((0, 0))
    return sum(pixels for shade, pixels in enumerate(middle.histogram()) if abs(shade - ground) > 100)


def test_what_is_too_pale_is_found_in_a_text_and_in_a_field(visitor):
    page = visitor.page
    page.goto(reverse("imprint"))
    before = problems_of(page)

    page.evaluate("""() => {
      document.querySelector("main").insertAdjacentHTML("beforeend", "<p>Blass</p><input aria-label='Feld' value='Blass'>");
      for (const pale of document.querySelectorAll("main p:last-of-type, main input")) pale.style.color = "#eeeeef";
    }""")

    assert before == []
    assert [problem.split(":")[0] for problem in problems_of(page)] == ["color-contrast"]
    assert [problem.count("input") for problem in problems_of(page)] == [1]
