"""What goes wrong on real desks: two windows, lost sessions, double clicks, closed rounds, dead servers."""

import re

import pytest
from django.db import connection
from django.urls import reverse
from playwright.sync_api import expect

from assessments.answering import saving
from assessments.models import Assessment
from assessments.rounds.closing import close_round
from kompetenz.outages import BUSY
from tests.browser.conftest import eventually
from tests.catalogue import COMPETENCIES
from tests.locks import AT_ONCE, locked

pytestmark = [pytest.mark.browser, pytest.mark.browser_everywhere, pytest.mark.django_db(transaction=True)]

REFUSED = re.compile(r"status of (401|403|409)")
UNREACHABLE = re.compile(r"net::ERR_|Failed to fetch")


@pytest.fixture
def anna(visitor, stage):
    """Anna at her rating form."""
    visitor.let_in(stage.cast.anna)
    visitor.address = reverse("assessments:assessment", args=[stage.own.pk])
    visitor.page.goto(visitor.address)
    return visitor


def rate(page, number, level):
    page.locator(f"#kompetenz-{number} input[type=radio]").nth(level).click()


def chosen(page):
    """The competencies' numbers with the level chosen on the page."""
    found = page.eval_on_selector_all(
        ".competency:has(:checked)", "all => all.map(e => [e.id.split('-')[1], e.querySelector(':checked').value])"
    )
    return {int(number): int(level) for number, level in found}


def saved(stage):
    """The competencies' numbers with the level the server has."""
    numbers = {c.id: c.number for c in stage.competencies}
    return {numbers[pk]: level for pk, level in stage.own.levels().items()}


def progress(page):
    return page.locator("#fortschritt")


def save_all(page):
    """All of it, in place: the page does not move."""
    page.evaluate("window.scrollTo(0, 700)")
    with page.expect_response(
        lambda response: response.request.method == "POST" and response.url == page.url
    ) as answer:
        page.locator(".save-bar [value=hier]").dispatch_event("click")  # seen only while something is not saved
    assert answer.value.status == 200
    expect(page.locator(".unsaved-note")).to_have_count(0)
    assert page.evaluate("window.scrollY") == 700


def test_clicks_faster_than_the_answers_are_all_saved_and_counted(anna, stage):
    for number in range(1, 11):
        anna.page.locator(f"#kompetenz-{number} input[type=radio]").nth(1).dispatch_event("click")

    expect(progress(anna.page)).to_contain_text(f"10 von {COMPETENCIES}")
    expect(progress(anna.page)).to_contain_text("Gespeichert um")
    assert saved(stage) == dict.fromkeys(range(1, 11), 1)
    anna.assert_nothing_heard()


def test_a_changed_mind_is_what_is_saved(anna, stage):
    for level in (0, 3, 1, 2):
        anna.page.locator("#kompetenz-1 input[type=radio]").nth(level).dispatch_event("click")

    expect(progress(anna.page)).to_contain_text("Gespeichert um")
    assert eventually(lambda: saved(stage) == {1: 2})


def test_an_older_window_does_not_overwrite_a_newer_one(anna, stage):
    newer = anna.tab()
    newer.goto(anna.address)
    rate(newer, 1, 3)
    expect(progress(newer)).to_contain_text(f"1 von {COMPETENCIES}")

    rate(anna.page, 2, 1)
    save_all(anna.page)

    assert saved(stage) == {1: 3, 2: 1}
    anna.page.reload()
    assert chosen(anna.page) == {1: 3, 2: 1}


def test_an_older_window_does_not_overwrite_a_newer_ones_change_or_remark(anna, stage):
    rate(anna.page, 1, 1)
    anna.page.locator("#kompetenz-1 summary").click()
    anna.page.locator("#kompetenz-1 textarea").first.fill("Alt")
    anna.page.locator("#kompetenz-1 textarea").first.blur()
    assert eventually(lambda: stage.own.remarks.filter(text="Alt").exists())
    expect(progress(anna.page)).to_contain_text(f"1 von {COMPETENCIES}")
    newer = anna.tab()
    newer.goto(anna.address)
    rate(newer, 1, 3)
    newer.locator("#kompetenz-1 textarea").first.fill("Neu")
    newer.locator("#kompetenz-1 textarea").first.blur()
    assert eventually(lambda: stage.own.remarks.filter(text="Neu").exists())

    save_all(anna.page)

    assert saved(stage) == {1: 3}
    assert list(stage.own.remarks.values_list("text", flat=True)) == ["Neu"]


def test_a_lost_session_costs_no_answer(anna, stage):
    rate(anna.page, 1, 2)
    expect(progress(anna.page)).to_contain_text(f"1 von {COMPETENCIES}")
    anna.lose_session()

    rate(anna.page, 2, 3)
    expect(anna.page.locator(".save-bar")).to_contain_text("Sie sind nicht mehr angemeldet")
    anna.check()
    rate(anna.page, 3, 1)
    expect(anna.page.locator(".save-bar")).to_contain_text("Sie sind nicht mehr angemeldet")
    assert chosen(anna.page) == {1: 2, 2: 3, 3: 1}
    with anna.context.expect_page() as window:
        anna.page.get_by_role("link", name="In neuem Fenster anmelden").click()
    anna.fill_in_sign_in(stage.cast.anna, window.value)
    save_all(anna.page)

    assert saved(stage) == {1: 2, 2: 3, 3: 1}
    anna.assert_nothing_heard(but=REFUSED)


def test_after_signing_in_elsewhere_the_next_click_is_saved_again(anna, stage):
    anna.lose_session()
    rate(anna.page, 1, 3)
    expect(anna.page.locator(".save-bar")).to_contain_text("Sie sind nicht mehr angemeldet")
    anna.fill_in_sign_in(stage.cast.anna, anna.tab())

    rate(anna.page, 2, 1)

    expect(progress(anna.page)).to_contain_text("Gespeichert um")
    anna.page.evaluate("window.dispatchEvent(new Event('focus'))")
    assert eventually(lambda: saved(stage) == {1: 3, 2: 1})
    expect(anna.page.locator(".unsaved-note")).to_have_count(0)


def test_an_unreachable_server_costs_no_answer(anna, stage):
    rate(anna.page, 1, 2)
    expect(progress(anna.page)).to_contain_text(f"1 von {COMPETENCIES}")
    anna.context.route("**/kompetenzen/**", lambda route: route.abort())

    rate(anna.page, 2, 3)
    expect(anna.page.locator("#kompetenz-2")).to_contain_text("Der Server ist gerade nicht zu erreichen")
    expect(anna.page.locator("#alert")).to_contain_text("Nicht gespeichert: eine Angabe")
    anna.check()
    assert (chosen(anna.page), saved(stage)) == ({1: 2, 2: 3}, {1: 2})
    anna.context.unroute_all()
    save_all(anna.page)

    assert saved(stage) == {1: 2, 2: 3}
    anna.assert_nothing_heard(but=UNREACHABLE)


def test_a_locked_database_costs_no_answer(anna, stage, monkeypatch):
    for name, value in AT_ONCE[connection.vendor].items():
        monkeypatch.setitem(connection.settings_dict["OPTIONS"], name, value)
    with locked():
        rate(anna.page, 2, 3)
        expect(anna.page.locator("#kompetenz-2")).to_contain_text(f"Nicht gespeichert: {BUSY.why}")
        expect(anna.page.locator("#alert")).to_contain_text("wird von selbst noch einmal gesendet")
        anna.check()
        assert saved(stage) == {}
    anna.page.evaluate("window.dispatchEvent(new Event('focus'))")

    assert eventually(lambda: saved(stage) == {2: 3})
    expect(anna.page.locator(".unsaved-note")).to_have_count(0)
    anna.assert_nothing_heard(but=re.compile("status of 503"))


def test_a_server_that_answers_with_an_error_costs_no_answer(anna, stage):
    anna.context.route("**/kompetenzen/**", lambda route: route.fulfill(status=502, body="<h1>Bad Gateway</h1>"))

    rate(anna.page, 2, 3)
    expect(anna.page.locator("#alert")).to_contain_text("Nicht gespeichert")
    assert anna.page.get_by_text("Bad Gateway").count() == 0
    anna.context.unroute_all()
    save_all(anna.page)

    assert saved(stage) == {2: 3}


def test_leaving_with_something_unsaved_is_asked_about(anna, stage):
    asked = []
    anna.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    rate(anna.page, 1, 2)
    expect(progress(anna.page)).to_contain_text(f"1 von {COMPETENCIES}")
    anna.page.reload()
    assert asked == []

    anna.context.route("**/kompetenzen/**", lambda route: route.abort())
    rate(anna.page, 2, 3)
    expect(anna.page.locator("#alert")).to_contain_text("Nicht gespeichert")
    anna.page.reload()

    assert asked == ["beforeunload"]


def test_a_round_closed_meanwhile_says_so_and_shows_what_was_not_taken(anna, stage):
    rate(anna.page, 1, 2)
    expect(progress(anna.page)).to_contain_text(f"1 von {COMPETENCIES}")
    close_round(round_=stage.round)

    rate(anna.page, 2, 3)
    expect(anna.page.locator(".save-bar")).to_contain_text("nimmt keine Antworten mehr an")
    anna.check()
    expect(anna.page.locator("#kompetenz-2")).to_contain_text("nimmt keine Antworten mehr an")
    anna.page.get_by_role("button", name="Prüfen und freigeben").click()

    expect(anna.page.locator("#fehler")).to_contain_text("Nicht gespeichert: Die Runde ist beendet.")
    expect(anna.page.locator("#fehler")).to_contain_text(f"{stage.competencies[1].name}: Experte")
    assert saved(stage) == {1: 2}
    anna.check()
    anna.assert_nothing_heard(but=REFUSED)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_double_click_releases_once(visitors, stage, scripts):
    stage.answer(stage.own)
    visitor = visitors(java_script_enabled=scripts)
    visitor.let_in(stage.cast.anna)
    visitor.page.goto(reverse("assessments:check", args=[stage.own.pk]))

    visitor.page.get_by_role("button", name="Jetzt freigeben").dblclick()

    expect(visitor.page.locator("main")).to_contain_text("ist freigegeben")
    released_at = Assessment.objects.get(pk=stage.own.pk).released_at
    assert released_at is not None
    visitor.assert_nothing_heard()


def test_releasing_what_another_window_has_released_changes_nothing(anna, stage):
    stage.answer(stage.own)
    check = anna.tab()
    check.goto(reverse("assessments:check", args=[stage.own.pk]))
    saving.release(pk=stage.own.pk, by=stage.cast.anna)
    before = Assessment.objects.get(pk=stage.own.pk).released_at

    check.get_by_role("button", name="Jetzt freigeben").click()
    expect(check.locator("main")).to_contain_text("freigegeben")
    rate(anna.page, 1, 3)

    expect(anna.page.locator(".save-bar")).to_contain_text("nimmt keine Antworten mehr an")
    assert Assessment.objects.get(pk=stage.own.pk).released_at == before
    assert saved(stage)[1] == 2
