"""What is typed comes back, after Back, F5, a dead line or a lost session, and overwrites nothing newer unseen.

Every form that there is is tried: those of tests/browser/crowd.py, which has all pages.
"""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.answering import saving
from kompetenz.people.models import Person
from tests.browser.conftest import eventually, let_go
from tests.browser.crowd import crowd_around
from tests.thorough import thorough_but

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GROUPS = {"HR": ["paula"], "managers": ["bernd"], "people": ["anna", "dora", "emil", "fritz", "iris"]}
TYPED = "Getippt, nicht gespeichert"
# The first field of each form that can be typed or ticked, marked so that it is found again; how many there are.
MARK = """() => {
  const kinds = "textarea:not([hidden]), input:not([type=hidden], [type=file], [type=password], [type=submit]), select";
  const forms = [...document.querySelectorAll("main form[method=post]")];
  const fields = forms.map((form) => {
    const all = [...form.elements].filter((field) => field.matches(kinds) && !field.disabled);
    return all.find((field) => field.matches("textarea, [type=text]")) ?? all[0];
  });
  const found = fields.filter(Boolean);
  found.forEach((field, at) => { field.dataset.tried = at; field.closest("details")?.setAttribute("open", ""); });
  return found.length;
}"""
FILL = """([at, text]) => {
  const field = document.querySelector(`[data-tried="${at}"]`);
  if (field.matches("[type=radio], [type=checkbox]")) field.checked = !field.checked;
  else if (field.matches("select")) field.selectedIndex = (field.selectedIndex + 1) % field.options.length;
  else field.value = { date: "2031-05-06", time: "11:11", number: "7" }[field.type] ?? text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  return field.matches("[type=radio], [type=checkbox]") ? field.checked : field.value;
}"""
READ = """(at) => { const field = document.querySelector(`[data-tried="${at}"]`);
  return field.matches("[type=radio], [type=checkbox]") ? field.checked : field.value; }"""
OF_SEVERAL_KINDS = {"learningplans:review", "people:deputy_create", "assessments:round_changes"}
NO_WORDS = "/passwort"  # a password is never kept


@pytest.fixture
def crowd(cast):
    return crowd_around(cast)


class Asked(list):
    """What the browser has asked before it left a page; every time the answer is to leave."""

    def __init__(self, page):
        super().__init__()
        page.on("dialog", lambda dialog: (self.append(dialog.type), dialog.accept()))


@pytest.mark.long
@pytest.mark.parametrize("who", thorough_but(GROUPS, "managers"))
def test_what_is_typed_into_any_form_comes_back_after_back_and_f5(visitor, crowd, who, record_property):
    pages, page, lost, tried, known = crowd.pages, visitor.page, {}, 0, set()
    asked = Asked(page)
    visitor.without("*plotly*")  # the wheels are none of this
    for person in GROUPS[who]:
        visitor.let_in(getattr(crowd.cast, person))
        for name, address in [(name, address) for whose, name, address in pages if whose == person]:
            if NO_WORDS in address or (name in known and name not in OF_SEVERAL_KINDS):
                continue
            known.add(name)
            page.goto(address)
            for at in range(page.evaluate(MARK)):
                if at:
                    page.goto(address)
                    page.evaluate(MARK)
                tried += 1
                if found := what_is_lost(page, at, asked):
                    lost[f"{person} {address} {at}"] = found

    assert lost == {}
    assert tried >= {"HR": 25, "managers": 4, "people": 14}[who]
    record_property("forms", tried)


def what_is_lost(page, at, asked):
    """What does not come back of one field, after Back and after F5; nothing is kept afterwards."""
    asked.clear()
    typed, found = page.evaluate(FILL, [at, TYPED]), []
    page.goto("/gesund/")
    if asked != ["beforeunload"]:
        found.append("left without a question")
    for way in (page.go_back, page.reload):
        way()
        page.evaluate(MARK)
        if (value := page.evaluate(READ, at)) != typed:
            found.append(f"{way.__name__}: {value!r} instead of {typed!r}")
    page.evaluate("sessionStorage.clear()")
    return found


# Two windows ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def anna(visitor, stage):
    """Anna at her rating form."""
    visitor.let_in(stage.cast.anna)
    visitor.address = reverse("assessments:assessment", args=[stage.own.pk])
    visitor.asked = Asked(visitor.page)
    visitor.page.goto(visitor.address)
    return visitor


def radio(page, number, level):
    return page.locator(f"#kompetenz-{number} input[type=radio]").nth(level)


def note(page, number):
    return page.locator(f"#kompetenz-{number} .unsaved-note")


def stored(stage):
    numbers = {c.id: c.number for c in stage.competencies}
    return {numbers[pk]: level for pk, level in stage.own.levels().items()}


def elsewhere(stage, number, level):
    """Another device saves an answer."""
    saving.save_answers(pk=stage.own.pk, by=stage.cast.anna, levels={stage.competencies[number - 1].id: level})


def test_an_answer_of_this_window_comes_back_by_back_and_overwrites_nothing(anna, stage):
    page = anna.page
    radio(page, 1, 0).click()
    assert eventually(lambda: stored(stage) == {1: 0})
    page.wait_for_function("() => sessionStorage.length == 0")  # the window knows it, too
    page.goto("/gesund/")
    elsewhere(stage, 1, 3)

    page.go_back()
    expect(radio(page, 1, 3)).to_be_checked()
    page.get_by_role("button", name="Prüfen und freigeben").click()

    expect(page.get_by_role("heading", name="Prüfen")).to_be_visible()
    assert stored(stage) == {1: 3}


def test_what_was_refused_is_not_sent_by_itself_after_back_and_f5(anna, stage):
    page, told = anna.page, "Inzwischen ist etwas anderes gespeichert: „Experte“."
    elsewhere(stage, 1, 3)
    radio(page, 1, 0).click()
    expect(note(page, 1)).to_contain_text(told)

    for way in (lambda: page.goto("/gesund/"), page.go_back, page.reload):
        way()
        page.wait_for_load_state("networkidle")
    expect(note(page, 1)).to_contain_text(told)
    expect(radio(page, 1, 0)).to_be_checked()
    assert stored(stage) == {1: 3}

    note(page, 1).get_by_role("button").click()
    assert eventually(lambda: stored(stage) == {1: 0})


def test_an_answer_given_before_the_script_is_there_is_saved_as_soon_as_it_is(anna, stage):
    held = anna.hold_back("**/js/wheel-page*.js")
    anna.page.reload(wait_until="commit")
    radio(anna.page, 1, 2).click()

    let_go(anna.page, held)

    assert eventually(lambda: stored(stage) == {1: 2})


def test_an_older_answer_that_is_sent_late_is_told_and_not_taken(anna, stage):
    """A slow line, or a window that was open all along."""
    page = anna.page
    elsewhere(stage, 1, 3)

    radio(page, 1, 0).click()
    expect(note(page, 1)).to_contain_text("Inzwischen ist etwas anderes gespeichert: „Experte“")
    assert stored(stage) == {1: 3}
    assert anna.check() is page

    note(page, 1).get_by_role("button").click()
    expect(note(page, 1)).to_have_count(0)
    assert stored(stage) == {1: 0}


def test_what_failed_offline_stays_marked_after_a_later_success_and_is_sent_again_by_itself(anna, stage):
    page = anna.page
    anna.context.set_offline(True)
    radio(page, 16, 2).click()
    expect(note(page, 16)).to_be_visible()
    anna.context.route(f"**/kompetenzen/{stage.competencies[15].id}/", lambda route: route.abort())
    anna.context.set_offline(False)

    radio(page, 18, 1).click()
    expect(page.locator("#fortschritt")).to_contain_text("Gespeichert um")
    expect(note(page, 16)).to_be_visible()
    expect(page.locator("#alert")).to_contain_text("Nicht gespeichert: eine Angabe")
    assert stored(stage) == {18: 1}
    page.reload()
    assert anna.asked == ["beforeunload"]
    expect(note(page, 16)).to_be_visible()

    anna.context.unroute_all()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(note(page, 16)).to_have_count(0)
    expect(page.locator("#alert")).to_be_empty()
    assert stored(stage) == {16: 2, 18: 1}


def test_the_last_answer_is_taken_away_in_place(anna, stage):
    page = anna.page
    radio(page, 2, 1).click()
    assert eventually(lambda: stored(stage) == {2: 1})
    before = page.evaluate("window.scrollY")

    page.get_by_role("button", name="Auswahl aufheben").and_(page.locator(":visible")).click()

    assert eventually(lambda: stored(stage) == {})
    expect(page.locator("#kompetenz-2 :checked")).to_have_count(0)
    expect(radio(page, 2, 0)).to_be_focused()
    assert page.evaluate("window.scrollY") == before
    page.locator(".save-bar [value=hier]").dispatch_event("click")
    expect(page.locator("#fortschritt")).to_contain_text("0 von")


def test_words_of_a_plan_come_back_with_what_they_were_written_over(visitor, crowd):
    """Typed, left, and changed by the other side before Back: it is told, not overwritten."""
    page, goal = visitor.page, crowd.draft_plan.goals.first()
    asked = Asked(page)
    visitor.let_in(crowd.cast.fritz)
    page.goto(reverse("learningplans:goal", args=[crowd.draft_plan.pk, goal.pk]))
    page.locator("[name=specific]").fill("Von Fritz")
    page.goto("/gesund/")
    type(goal).objects.filter(pk=goal.pk).update(specific="Von der Führungskraft")

    page.go_back()
    expect(page.locator("[name=specific]")).to_have_value("Von Fritz")
    page.get_by_role("button", name="Ziel speichern").click()

    expect(page.locator("main")).to_contain_text("Jetzt gespeichert: „Von der Führungskraft“")
    expect(page.locator("[name=specific]")).to_have_value("Von Fritz")
    goal.refresh_from_db()
    assert goal.specific == "Von der Führungskraft"
    page.get_by_role("button", name="Ziel speichern").click()
    page.wait_for_url(re.compile(r"/lernplaene/\d+/(#.*)?$"))
    goal.refresh_from_db()
    assert (goal.specific, asked) == ("Von Fritz", ["beforeunload"])
    assert page.evaluate("sessionStorage.length") == 0


def test_words_on_the_page_of_an_error_come_back_on_the_page_of_the_form_and_survive_another_look(visitor, crowd):
    """The answer to a record is sent to an address of its own, where nothing can be opened."""
    page, at = visitor.page, reverse("learningplans:review_result", args=[crowd.agreed_plan.pk, crowd.held.pk])
    Asked(page)
    visitor.let_in(crowd.cast.anna)
    page.goto(at)
    page.locator("[name=answer][value=declined]").check()
    page.get_by_role("button", name="Antwort festhalten").click()
    page.wait_for_url("**/antwort/")
    page.locator("[name=statement]").fill(TYPED)

    page.get_by_role("button", name="dunkel").click()
    expect(page.locator("html[data-kern-theme=dark]")).to_have_count(1)
    still_there = page.locator("[name=statement]").input_value()
    page.goto(at)

    assert still_there == TYPED
    expect(page.locator("[name=statement]")).to_have_value(TYPED)
    assert page.locator("html").get_attribute("data-kern-theme") == "dark"


# One browser, several people --------------------------------------------------------------------------------------------


def kept(page):
    return page.evaluate("JSON.stringify(sessionStorage)")


def test_words_are_offered_again_after_a_lost_session_but_to_nobody_else(visitor, crowd):
    page, address = visitor.page, reverse("assessments:stock_taking", args=[crowd.dora.pk])
    Asked(page)
    visitor.let_in(crowd.cast.dora)
    page.goto(address)
    page.locator("[name=tasks]").fill(TYPED)
    visitor.lose_session()
    page.goto("/anmelden/")
    assert TYPED in kept(page)

    visitor.fill_in_sign_in(crowd.cast.dora)
    page.goto(address)
    expect(page.locator("[name=tasks]")).to_have_value(TYPED)

    visitor.let_in(crowd.cast.fritz)
    page.goto("/")
    assert TYPED not in kept(page)


def test_signing_out_forgets_what_was_typed_and_a_page_left_open_says_who_is_signed_in(visitor, crowd):
    page, address = visitor.page, reverse("assessments:stock_taking", args=[crowd.dora.pk])
    Asked(page)
    visitor.let_in(crowd.cast.dora)
    page.goto(address)
    page.locator("[name=tasks]").fill(TYPED)
    other = visitor.tab()
    Asked(other)
    other.goto(address)
    other.locator("[name=existing]").fill(TYPED)
    visitor.sign_out()
    assert kept(page) == "{}"

    visitor.let_in(crowd.cast.fritz)
    other.get_by_role("button", name="Speichern", exact=False).first.click()

    expect(other.locator("main")).to_contain_text("hat sich inzwischen jemand anderes angemeldet")
    expect(other.locator("main")).to_contain_text("steht auch mit „Zurück“ nicht mehr da")
    assert TYPED not in other.content() + kept(other)
    other.go_back()
    assert TYPED not in other.content() + kept(other)
    assert TYPED not in other.locator("textarea").evaluate_all("all => all.map((one) => one.value)")


# Sent twice ------------------------------------------------------------------------------------------------------------


def test_a_form_sent_twice_on_a_slow_line_makes_one_thing(visitor, cast):
    visitor.let_in(cast.paula)
    page, before = visitor.page, Person.objects.count()
    page.goto(reverse("people:create"))
    page.locator("[name=first_name]").fill("Nora")
    page.locator("[name=last_name]").fill("Neu")

    statuses = page.evaluate(
        """async () => { const form = document.querySelector("main form");
        const sent = Array.from({ length: 4 }, () => fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) }));
        return Promise.all(sent.map(async (one) => (await one).status)); }"""
    )

    assert (statuses, Person.objects.count()) == ([200] * 4, before + 1)
