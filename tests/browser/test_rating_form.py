"""What the rating form does beyond saving: it shows the first question at once, leads on, and points between wheel and question."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.conftest import NARROW, WIDE
from tests.conftest import Stage
from tests.test_access import STATES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def at_form(visitor, stage):
    """Anna at her form, of which she has answered the first three and the fifth."""

    def arrive(viewport=WIDE):
        answered = [stage.competencies[at] for at in (0, 1, 2, 4)]
        stage.own.ratings.bulk_create(
            stage.own.ratings.model(assessment=stage.own, competency_id=c.id, level=2) for c in answered
        )
        visitor.page.set_viewport_size(viewport)
        visitor.let_in(stage.cast.anna)
        visitor.page.goto(reverse("assessments:assessment", args=[stage.own.pk]))
        return visitor.page

    return arrive


def level_of(page, number):
    return page.locator(f"#kompetenz-{number} .levels :checked")


def test_the_intro_stands_open_once_and_later_the_first_question_is_on_the_first_screen(visitor, stage, at_form):
    visitor.let_in(stage.cast.anna)
    visitor.page.goto(reverse("assessments:assessment", args=[stage.own.pk]))
    assert visitor.page.get_by_text("Keine dienstliche Beurteilung.").is_visible()

    page = at_form()

    assert not page.get_by_text("Keine dienstliche Beurteilung.").is_visible()
    box = page.locator("#kompetenz-1 .levels label").nth(1).bounding_box()
    assert box["y"] + box["height"] < WIDE["height"] - page.locator(".save-bar").bounding_box()["height"]
    assert page.locator(".save-bar").bounding_box()["height"] <= 64


def test_the_jump_list_counts_and_leads_on_from_question_to_question(at_form):
    page = at_form()
    jumps = page.locator(".rating-jumps li")
    expect(jumps.nth(0)).to_contain_text("4 von 6")

    page.get_by_role("link", name="der nächsten offenen").click()
    page.keyboard.press("3")

    expect(level_of(page, 4)).to_have_value("3")
    expect(jumps.nth(0)).to_contain_text("5 von 6")
    expect(page.locator("#fortschritt")).to_contain_text("5 von 25")
    page.get_by_role("link", name="der nächsten offenen").click()
    page.keyboard.press("0")
    expect(level_of(page, 6)).to_have_value("0")
    expect(jumps.nth(0)).to_contain_text("6 von 6")


def test_a_digit_in_a_remark_is_a_digit(at_form):
    page = at_form()
    page.locator("#kompetenz-1 summary").click()

    page.locator("#bemerkung-1, #kompetenz-1 textarea").first.press_sequentially("3 von 4")

    expect(level_of(page, 1)).to_have_value("2")


def test_a_paper_is_typed_in_with_a_digit_and_tab_for_each_competency(visitor, stage):
    page = visitor.page
    visitor.let_in(stage.cast.paula)
    page.goto(reverse("assessments:enter_from_paper", args=[stage.participation.pk]))
    levels = [number % 4 for number in range(len(stage.competencies))]

    page.locator("#kompetenz-1 .levels input").first.focus()
    page.keyboard.press(str(levels[0]))
    for level in levels[1:]:
        page.keyboard.press("Tab")
        page.keyboard.press(str(level))
    page.keyboard.press("Enter")

    expect(page.get_by_text("Eingetragen.")).to_be_visible()
    assert list(stage.own.levels().values()) == levels


def test_a_remark_says_when_there_is_little_room_left(at_form):
    page = at_form()
    page.locator("#kompetenz-1 summary").click()
    remark = page.locator("#kompetenz-1 textarea").first

    remark.fill("x" * 400)
    expect(page.locator("#kompetenz-1 .room-left")).to_be_empty()
    remark.fill("x" * 590)

    expect(page.locator("#kompetenz-1 .room-left")).to_have_text("Noch 10 Zeichen")


def test_on_a_telephone_the_first_question_is_on_the_first_screen_too(at_form):
    page = at_form(NARROW)

    box, bar = page.locator("#kompetenz-1 .levels label").first.bounding_box(), page.locator(".save-bar").bounding_box()
    assert box["y"] + box["height"] < NARROW["height"] - bar["height"]
    tops = {one.bounding_box()["y"] for one in page.locator(".rating-help > details").all()}
    assert len(tops) == 1


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_sector_says_its_name_and_lights_up_its_question(at_form, viewport):
    page = at_form(viewport)
    wheel = page.locator("[data-wheel]")
    expect(wheel.locator(".barlayer path").first).to_be_attached()
    wheel.evaluate("element => element.scrollIntoView({ block: 'center' })")
    box = wheel.locator(".barlayer").first.bounding_box()

    page.mouse.click(box["x"] + box["width"] * 0.64, box["y"] + box["height"] * 0.12)

    number = int(page.locator(".competency.is-pointed").get_attribute("data-sector"))
    assert number in {1, 2, 3}
    expect(page.locator(".wheel__says")).to_contain_text("Könner")
    expect(wheel.locator(".wheel__pointer path")).to_have_count(1)


def test_the_wheel_is_read_by_keyboard_and_leads_to_the_question(at_form):
    page = at_form()
    expect(page.locator(".wheel .barlayer path").first).to_be_attached()
    page.locator("[data-wheel]").focus()

    page.keyboard.press("Home")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".wheel__says")).to_contain_text("25.")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".wheel__says")).to_contain_text("1.")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.closest('.competency').id") == "kompetenz-1"


def test_the_question_that_is_answered_is_shown_in_the_wheel(at_form):
    page = at_form()
    expect(page.locator(".wheel .barlayer path").first).to_be_attached()

    page.locator("#kompetenz-7 .levels input").first.focus()

    expect(page.locator(".wheel__pointer path")).to_have_count(1)
    expect(page.locator("#kompetenz-7")).to_have_class("competency is-pointed")


def test_rows_of_the_comparison_and_sectors_point_at_each_other(visitor, cast):
    stage = STATES["both released"](Stage(cast))
    visitor.let_in(cast.anna)
    page = visitor.page
    page.goto(stage.participation.get_absolute_url())
    expect(page.locator(".wheel .barlayer path").first).to_be_attached()

    page.locator("tr[data-sector='9']").last.hover()

    expect(page.locator(".wheel__pointer path")).to_have_count(1)
    assert page.locator("tr.is-pointed").first.get_attribute("data-sector") == "9"


@pytest.mark.parametrize("width", [1100, WIDE["width"]])
def test_the_bar_of_a_talk_is_one_row(visitor, stage, width):
    stage.release_both(1, 2).talk()
    visitor.page.set_viewport_size({"width": width, "height": 900})
    visitor.let_in(stage.cast.bernd)

    visitor.page.goto(reverse("assessments:talk", args=[stage.participation.pk]))

    assert visitor.page.locator(".save-bar").bounding_box()["height"] <= 64


def test_the_bar_leads_to_what_is_open_and_then_to_the_release(at_form):
    page = at_form()
    onward, release = page.locator("[data-next-open]"), page.get_by_role("button", name="Prüfen und freigeben")
    expect(onward).to_have_text("Weiter bei 4, der nächsten offenen")
    expect(release).to_have_class("kern-btn kern-btn--secondary")
    assert not page.get_by_role("button", name="Zwischenspeichern").is_visible()

    for number in [4, *range(6, 26)]:
        page.locator(f"#kompetenz-{number} .levels input").first.check()

    expect(onward).to_be_hidden()
    expect(release).to_have_class("kern-btn kern-btn--primary")
    page.locator("#kompetenz-25 .levels input").last.check()  # it is counted once more
    expect(release).to_have_class("kern-btn kern-btn--primary")
    page.get_by_role("button", name="Auswahl aufheben").first.click()
    expect(onward).to_have_text("Weiter bei 1, der nächsten offenen")
