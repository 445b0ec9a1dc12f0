"""HR prepares a round in the browser: choosing, mending and reading along, each step looked at by axe."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Participation, Round
from kompetenz.people.models import Person
from roles.models import RoleHolding
from tests.browser.conftest import NARROW, WIDE, eventually, let_go
from tests.clock import TODAY
from tests.conftest import plan_round
from tests.thorough import thorough_but

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def draft(cast):
    """A round in preparation; dora's manager cannot sign in, and frieda and four others have no role."""
    Person.objects.filter(pk=cast.dora.pk).update(manager=None)
    return plan_round(cast)


@pytest.fixture
def hr(visitor, cast):
    visitor.let_in(cast.paula)
    return visitor


def step(draft, name):
    return reverse(f"assessments:round_{name}", args=[draft.pk])


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


@pytest.mark.parametrize("script", ["htmx", "page"])
def test_what_is_ticked_before_a_script_is_there_counts_as_soon_as_it_is(hr, draft, script):
    held = hr.hold_back(f"**/js/{script}*.js")
    hr.page.goto(step(draft, "people"), wait_until="commit")
    hr.page.get_by_label("10 Hauptamt").check()

    let_go(hr.page, held)

    expect(hr.page.locator("#status")).to_contain_text("1 Person nimmt teil (1 ohne Führungskraft")
    draft.refresh_from_db()
    assert draft.units.count() == 1


@pytest.mark.parametrize("window", thorough_but([WIDE, NARROW], NARROW), ids=["1280px", "390px"])
def test_hr_prepares_and_opens_a_round(visitors, cast, draft, window):
    visitor = visitors(viewport=window)
    visitor.let_in(cast.paula)
    page = visitor.open("/runden/neu/")
    page.get_by_label("Vorlage").select_option(index=1)
    button(page, "Vorbereitung beginnen").click()

    expect(page.locator("[aria-current=step]")).to_have_text("1. Zweck und Texte")
    page.get_by_label("Titel").fill("")
    button(page, "Weiter").click()
    expect(page.locator("#fehler")).to_be_focused()
    visitor.check()
    page.get_by_label("Titel").fill("Runde aus dem Browser")
    page.get_by_label("Titel").press("Enter")  # as "Weiter", and not as the first step above

    expect(page.locator("[aria-current=step]")).to_have_text("2. Wer nimmt teil?")
    page.get_by_label("10 Hauptamt").check()
    expect(page.locator("#status")).to_contain_text("1 Person nimmt teil")
    expect(page.locator("#gruppe")).to_contain_text("Personal, Paula")
    visitor.check()
    button(page, "Weiter").click()

    expect(page.locator("[aria-current=step]")).to_have_text("3. Fristen")
    page.get_by_label("Selbsteinschätzung bis").fill(str(TODAY + timedelta(days=1)))
    page.get_by_label("Selbsteinschätzung bis").blur()
    expect(page.locator("#hinweise")).to_contain_text("weniger als zwei Wochen")
    visitor.check()
    button(page, "Vorschlag einsetzen").click()
    expect(page.locator("#hinweise")).not_to_contain_text("weniger als zwei Wochen")
    button(page, "Weiter").click()

    expect(page.locator("[aria-current=step]")).to_have_text("4. Wer sieht was?")
    page.get_by_label("erst im Gespräch").check()
    expect(page.locator("#leser")).to_contain_text("sobald das Gespräch begonnen hat")
    page.get_by_label("Einschätzungen aus dem Kollegium").check()
    expect(page.locator("#leser")).to_contain_text("Gebetene Kolleginnen und Kollegen")
    visitor.check()
    button(page, "Weiter").click()

    expect(page.locator("[aria-current=step]")).to_have_text("5. Vorschau und Eröffnen")
    expect(page.locator("main")).to_contain_text("Die Teilnahme ist freiwillig.")
    visitor.check()
    page.get_by_role("link", name="Runde eröffnen").click()
    visitor.check()
    button(page, "Runde jetzt eröffnen").click()
    expect(page.locator("main")).to_contain_text("Die Runde läuft.")

    opened = Round.objects.get(title="Runde aus dem Browser")
    assert (opened.disclosure, opened.has_peers, opened.state) == ("talk", True, Round.State.OPEN)
    assert list(Participation.objects.values_list("round", "person")) == [(opened.pk, cast.anna.pk)]
    visitor.assert_nothing_heard()


def test_roles_and_managers_are_mended_without_leaving_the_page(hr, cast, draft):
    page = hr.open(step(draft, "people"))
    page.evaluate("window.stillHere = true")
    page.get_by_label("Rolle", exact=True).select_option("Digitallotse / Digitallotsin")
    button(page, "Ausgewählten geben").click()
    expect(page.locator("#gruppe")).to_contain_text("Bitte wählen Sie unten mindestens eine Person aus.")
    hr.check()
    page.get_by_label("Fremd, Frieda").check()
    button(page, "Ausgewählten geben").click()
    expect(page.locator("#status")).to_contain_text("Frieda Fremd hat jetzt die Rolle")
    expect(page.get_by_label("Fremd, Frieda")).to_have_count(0)
    assert RoleHolding.objects.filter(person=cast.fremd).count() == 1

    page.get_by_role("link", name="ohne Führungskraft").click()
    expect(page.locator("#gruppe")).to_contain_text("Fremd, Frieda")
    assert page.url.endswith("?liste=fuehrungskraft")
    page.get_by_label("Führungskraft (Personalnummer oder E-Mail)").press_sequentially("sahin")
    page.get_by_label("Şahin-Žižek, Bernd").check()
    page.get_by_label("Özgür, Dora").check()
    page.get_by_label("Fremd, Frieda").check()
    hr.check()
    button(page, "Ausgewählten eintragen").click()
    expect(page.locator("#status")).to_contain_text("2 Personen haben jetzt Bernd Şahin-Žižek als Führungskraft.")
    expect(page.locator("#gruppe")).to_contain_text("3 Personen nehmen teil")

    managers = Person.objects.filter(pk__in=[cast.dora.pk, cast.fremd.pk]).values_list("manager", flat=True)
    assert (set(managers), page.evaluate("window.stillHere")) == ({cast.bernd.pk}, True)
    hr.check()
    hr.assert_nothing_heard()


def test_a_role_is_given_to_all_who_have_none(hr, cast, draft):
    page = hr.open(step(draft, "people"))
    page.get_by_label("Rolle", exact=True).select_option("Digitallotse / Digitallotsin")

    button(page, "Allen 5 ohne Rolle geben").click()

    expect(page.locator("#status")).to_contain_text("5 Personen haben jetzt die Rolle")
    assert RoleHolding.objects.count() == 7
    hr.assert_nothing_heard()


def test_choices_are_saved_in_the_order_in_which_they_were_made(hr, cast, draft):
    page = hr.open(step(draft, "people"))

    for _ in range(3):
        page.get_by_label("10 Hauptamt").dispatch_event("click")
        page.get_by_label("10.1 Digitalisierung").dispatch_event("click")

    assert eventually(lambda: numbers_of(draft) == {"10", "10.1"})
    expect(page.locator("#gruppe")).to_contain_text("1 Person nimmt teil")


def test_after_a_choice_that_has_waited_its_turn_the_next_is_saved_too(hr, cast, draft):
    page = hr.open(step(draft, "people"))
    held = hr.hold_back(f"**{step(draft, 'people')}")

    page.get_by_label("10 Hauptamt").dispatch_event("click")
    page.get_by_label("10.1 Digitalisierung").dispatch_event("click")
    answered(page, held)
    answered(page, held)
    assert eventually(lambda: numbers_of(draft) == {"10", "10.1"})
    page.get_by_label("10.1 Digitalisierung").dispatch_event("click")
    answered(page, held)

    assert eventually(lambda: numbers_of(draft) == {"10"})


def numbers_of(draft):
    return set(draft.units.values_list("number", flat=True))


def answered(page, held):
    """The next request that the browser sends goes on and is answered."""
    with page.expect_response("**"):
        let_go(page, held)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_going_back_and_elsewhere_loses_nothing(visitors, cast, draft, scripts):
    visitor = visitors(java_script_enabled=scripts)
    visitor.let_in(cast.paula)
    page = visitor.page
    page.goto(step(draft, "dates"))
    later = TODAY + timedelta(weeks=9)

    page.get_by_label("Gespräch bis").fill(str(later))
    button(page, "Zurück").click()
    expect(page.get_by_role("heading", name="Wer nimmt teil?")).to_be_visible()
    page.get_by_label("Nur diese Personen").fill("0003")
    button(page, "4. Wer sieht was?").click()
    expect(page.get_by_role("heading", name="Wer sieht was?")).to_be_visible()
    page.get_by_label("jede Einschätzung, sobald").check()
    button(page, "Speichern und später weitermachen").click()
    expect(page.get_by_role("heading", name="Runden")).to_be_visible()

    draft.refresh_from_db()
    assert (draft.talk_due, list(draft.people.all()), draft.disclosure) == (later, [cast.anna], "each")
    visitor.assert_nothing_heard()


def test_everything_works_without_scripts(visitors, cast, draft):
    visitor = visitors(java_script_enabled=False)
    visitor.let_in(cast.paula)
    page = visitor.page
    page.goto(step(draft, "people"))

    page.get_by_label("10.1 Digitalisierung").check()
    button(page, "Auswahl übernehmen und zählen").click()
    expect(page.locator("#gruppe")).to_contain_text("1 Person nimmt teil")
    page.get_by_role("link", name="ohne Führungskraft").click()
    page.get_by_label("Özgür, Dora").check()
    page.get_by_label("Führungskraft (Personalnummer oder E-Mail)").fill("0002")
    button(page, "Ausgewählten eintragen").click()
    expect(page.locator("main")).to_contain_text("Dora Özgür hat jetzt Bernd Şahin-Žižek als Führungskraft.")
    expect(page.locator("#gruppe")).to_contain_text("2 Personen nehmen teil")
    for _ in ("Beteiligte", "Fristen", "Sichtbarkeit"):
        button(page, "Weiter").click()
    page.get_by_role("link", name="Runde eröffnen").click()
    button(page, "Runde jetzt eröffnen").click()

    expect(page.locator("main")).to_contain_text("Die Runde läuft.")
    assert set(Participation.objects.values_list("person", flat=True)) == {cast.anna.pk, cast.dora.pk}
