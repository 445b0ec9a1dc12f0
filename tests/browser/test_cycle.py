"""The whole development cycle of one person, in the browser, as everybody lives it."""

import re

import pytest
from playwright.sync_api import expect

from learningplans.models import LearningPlan
from tests.catalogue import COMPETENCIES
from tests.clock import TODAY, in_days
from tests.pdf_text import text_of

pytestmark = [pytest.mark.browser, pytest.mark.browser_everywhere, pytest.mark.django_db(transaction=True)]

CLICKS = """document.addEventListener("click", () => {
  sessionStorage.setItem("clicks", 1 + Number(sessionStorage.getItem("clicks")));
}, true);"""
FILLED = """() => { const {data} = document.querySelector("#rad .plot");
  const rings = data.filter((trace) => trace.type === "barpolar").slice(0, 3);
  const filled = Object.values(JSON.parse(document.getElementById("rad-data").textContent).layout.meta.filled);
  return rings.reduce((sum, ring) => sum + ring.marker.color.filter((c) => filled.includes(c)).length, 0); }"""


class Cycle:
    """The steps of the walk; each begins on whatever page the one before has led to."""

    def __init__(self, visitor, cast):
        self.visitor, self.cast, self.page = visitor, cast, visitor.page

    def click(self, name, role="button"):
        self.page.get_by_role(role, name=name).first.click()
        self.page.wait_for_load_state()
        self.visitor.check()

    def says(self, text):
        expect(self.page.locator("main")).to_contain_text(text)

    def becomes(self, person):
        if self.visitor.visited:
            self.visitor.sign_out()
        self.visitor.sign_in(person)

    # HR ------------------------------------------------------------------------------------------

    def open_a_round(self):
        self.becomes(self.cast.paula)
        self.click("Runden", "link")
        self.click("Neue Runde", "link")
        self.click("Vorbereitung beginnen")
        self.page.get_by_label("Titel").fill("Kompetenzrunde im Herbst")
        self.page.get_by_label("Zweck").fill("Damit alle wissen, was sie brauchen.")
        self.click("Weiter")
        self.says("2 Personen nehmen teil")
        for _ in ("Beteiligte", "Fristen", "Sichtbarkeit"):
            self.click("Weiter")
        self.click(re.compile("Runde eröffnen"), "link")
        self.says("An „Kompetenzrunde im Herbst“ nehmen 2 Personen teil.")
        self.click("Runde jetzt eröffnen")
        self.says("2 nehmen teil")

    def look_at_measures(self, address):
        self.becomes(self.cast.paula)
        self.visitor.open(address)
        self.says("Sprechstunde im Fachamt")
        self.says("Sie sehen Maßnahmen und Termine")
        assert self.page.locator("#ziele, [data-wheel]").count() == 0

    # the person ----------------------------------------------------------------------------------

    def fill_in_own_assessment(self, levels):
        """Click every level and watch what the page says; answers the clicks it took, with the release."""
        self.becomes(self.cast.anna)
        self.click(re.compile("^Selbsteinschätzung"), "link")
        assert self.page.evaluate(FILLED) == 0
        self.page.evaluate("sessionStorage.removeItem('clicks')")
        for done, level in enumerate(levels, start=1):
            self.rate(done, level)
            expect(self.page.locator("#fortschritt label")).to_have_text(
                f"{done} von {COMPETENCIES} Kompetenzen eingeschätzt"
            )
            expect(self.page.locator(".progress__saved")).to_contain_text("Gespeichert um")
        assert self.page.evaluate(FILLED) == sum(levels)
        return self.check_and_release()

    def rate(self, number, level):
        self.page.locator(f"#kompetenz-{number} input[type=radio]").nth(level).click()

    def check_and_release(self):
        self.page.get_by_role("button", name="Prüfen und freigeben").click()
        self.page.get_by_role("heading", name="Prüfen und freigeben").wait_for()
        self.visitor.check()
        self.page.get_by_role("button", name="Jetzt freigeben").click()
        self.says("ist freigegeben")
        self.visitor.check()
        return int(self.page.evaluate("sessionStorage.getItem('clicks')"))

    def decline(self):
        self.becomes(self.cast.anna)
        self.click(re.compile("Anna|Ergebnis|Kenntnis"), "link")
        self.page.get_by_label("Ich lehne die Kenntnisnahme ab").check()
        self.click("Antwort festhalten")  # without a reason it is not taken
        expect(self.page.locator("#fehler")).to_be_focused()
        self.page.locator("[name=person_statement]").fill("Die Stufe für Sicherheit sehe ich anders.")
        self.click("Antwort festhalten")
        self.says("hat die Kenntnisnahme")

    # the manager -----------------------------------------------------------------------------------

    def adjust_a_target(self):
        self.becomes(self.cast.bernd)
        self.click("Team", "link")
        self.click("Anna Ärmel", "link")
        self.click("Soll anpassen", "link")
        row = self.page.locator("#kompetenz-4")
        row.get_by_label("Soll").select_option("Experte")
        self.click("Soll speichern")
        expect(self.page.locator("#fehler")).to_contain_text("Begründung")
        self.visitor.check()
        row.get_by_label("Begründung").fill("Leitet ab Herbst das Projekt.")
        self.click("Soll speichern")
        self.says("angepasst von")
        self.visitor.check()

    def rate_as_manager(self, levels):
        self.becomes(self.cast.bernd)
        self.click("Team", "link")
        self.page.get_by_role("row", name=re.compile("Anna Ärmel")).get_by_role("link", name="Fremd").click()
        self.page.get_by_role("heading", name=re.compile("^Fremdeinschätzung")).wait_for()
        self.visitor.check()
        for done, level in enumerate(levels, start=1):
            self.rate(done, level)
            expect(self.page.locator("#fortschritt label")).to_have_text(
                f"{done} von {COMPETENCIES} Kompetenzen eingeschätzt"
            )
        self.check_and_release()

    def compare(self, differences):
        rows = self.page.get_by_role("table", name=re.compile("^Verschieden eingeschätzt")).locator(
            "tbody tr[data-sector]"
        )
        assert rows.count() == differences
        assert "2 Stufen" in rows.first.inner_text()

    def talk(self, open_ones):
        self.click("Zum Gespräch", "link")
        self.click("Gespräch beginnen")
        self.click("Übereinstimmende übernehmen")
        self.says(f"{COMPETENCIES - len(open_ones)} von {COMPETENCIES} Kompetenzen vereinbart")
        for done, number in enumerate(open_ones, start=COMPETENCIES + 1 - len(open_ones)):
            self.rate(number, 1)
            expect(self.page.locator("#fortschritt label")).to_have_text(
                f"{done} von {COMPETENCIES} Kompetenzen vereinbart"
            )
        self.page.locator("[name=held_on]").fill(str(TODAY))
        self.page.locator("[name=place]").fill("Zimmer 12")
        self.click("Prüfen und festhalten")
        self.click("Jetzt festhalten")
        self.says("noch keine Antwort")

    # both: the plan --------------------------------------------------------------------------------

    def draw_up_a_plan(self):
        self.click("Lernplan aufstellen")
        for box in self.page.locator(".choice-list input[type=checkbox]").all()[:2]:
            box.check()
        self.click("Ausgewählte als Ziele übernehmen")
        for goal in range(2):
            self.describe_goal(goal)
        self.add_measure("Sprechstunde im Fachamt", hours="12,5")
        self.add_measure("Zweitägiges Seminar", cost="1.250,50")
        self.add_review(90, final=False)
        self.add_review(210, final=True)
        return self.page.url

    def describe_goal(self, at):
        self.page.locator(".goal-card").nth(at).get_by_role("link", name=re.compile("Bearbeiten")).click()
        self.visitor.check()
        for letter in ("specific", "measurable", "seen_by", "ambitious", "realistic"):
            self.page.locator(f"[name={letter}]").fill(f"Antwort auf {letter} für das Ziel {at + 1}")
        self.page.locator("[name=due_on]").fill(str(in_days(200)))
        self.click("Ziel speichern")

    def add_measure(self, title, **amounts):
        self.click("Maßnahme hinzufügen", "link")
        for goal in self.page.locator("#id_goals input").all():
            goal.check()
        self.page.locator(".formats input").first.check()
        self.page.locator("[name=title]").fill(title)
        self.page.locator("[name=due_on]").fill(str(in_days(100)))
        for name, amount in amounts.items():
            self.page.locator(f"[name={name}]").fill(amount)
        self.click("Maßnahme speichern")
        self.says(title)

    def add_review(self, days, *, final):
        self.click("Termin hinzufügen", "link")
        self.page.locator("[name=planned_on]").fill(str(in_days(days)))
        self.page.locator("[name=is_final]").set_checked(final)
        self.click("Termin speichern")

    def agree(self, address):
        self.visitor.open(address)
        self.click("Dem Lernplan zustimmen")

    def download_plan(self):
        answer = self.page.request.get(self.page.get_by_role("link", name="Lernplan (PDF)").get_attribute("href"))
        assert answer.headers["content-type"] == "application/pdf"
        return answer.body()


def play(cycle):
    """All steps in their order; answers the clicks that rating and releasing took, and the plan as PDF."""
    own = [number % 4 for number in range(COMPETENCIES)]
    # The manager cannot judge the first (the fifth choice), sees the second two levels higher, the third one lower.
    managers = [4, 3, 1, *own[3:]]
    cycle.open_a_round()
    cycle.adjust_a_target()
    clicks = cycle.fill_in_own_assessment(own)
    cycle.rate_as_manager(managers)
    cycle.compare(differences=2)
    cycle.talk(open_ones=[2, 3, 1])
    cycle.decline()
    plan = cycle.draw_up_a_plan()
    cycle.agree(plan)
    cycle.becomes(cycle.cast.bernd)
    cycle.agree(plan)
    pdf = cycle.download_plan()
    cycle.look_at_measures(plan)
    return clicks, pdf


@pytest.mark.long
def test_a_person_goes_through_the_whole_cycle(visitor, cast, record_property):
    visitor.context.add_init_script(CLICKS)

    clicks, pdf = play(Cycle(visitor, cast))

    text = text_of(pdf)
    wanted = ["Anna Ärmel", "Antwort auf specific für das Ziel 2", "Zweitägiges Seminar", "Unterschrift"]
    assert (clicks, pdf[:5], [words for words in wanted if words not in " ".join(text.split())]) == (27, b"%PDF-", [])
    assert 20_000 < len(pdf) < 1_000_000
    plan = LearningPlan.objects.get()
    assert (plan.state, plan.goals.count(), plan.measures.count(), plan.reviews.count()) == ("agreed", 2, 2, 2)
    talk = plan.participation.talk
    assert sorted(talk.acknowledgements.values_list("side", "declined")) == [("person", True)]
    assert plan.participation.targets.exclude(reason="").count() == 1
    visitor.assert_nothing_heard()
    record_property("pages checked", len(visitor.visited))
