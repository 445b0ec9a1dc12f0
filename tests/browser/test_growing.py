"""One Lernplan from its agreement over two reviews to the final one, and into the next round."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from assessments.models import Round
from learningplans.models import Goal, LearningPlan
from tests.clock import TODAY, in_days
from tests.conftest import Stage
from tests.learningplans.making import goal_in, measure_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KENNER, KOENNER = 1, 2
REASON = "Der Kurs wurde vom Anbieter verschoben."
NOTE = "Im nächsten Jahr steht die Vertretung der Projektleitung an."


@pytest.fixture
def plan(cast):
    """anna's agreed plan: two goals from Kenner to Könner, a measure each, three reviews that are due."""
    stage = Stage(cast).release_both().record(KENNER).confirm()
    today = TODAY
    plan = LearningPlan.objects.create(participation=stage.participation)
    for number in (5, 8):
        goal = goal_in(plan, number, from_level=KENNER, to_level=KOENNER, seen_by="die Führungskraft")
        measure_in(plan, goal, title=f"Maßnahme für {number}")
    for number in range(3):
        plan.reviews.create(planned_on=today, is_final=number == 2)
    plan.state, plan.agreed_by_person_on, plan.agreed_by_manager_on = LearningPlan.State.AGREED, today, today
    plan.save()
    return plan


def address(name, plan, *more):
    return reverse(f"learningplans:{name}", args=[plan.pk, *more])


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def choose(page, *levels):
    """One level for each goal of the form, in their order."""
    for fieldset, level in zip(page.locator("fieldset.competency").all(), levels, strict=True):
        fieldset.locator(f"input[type=radio][value='{level}']").check()


def prepare(visitor, plan, review, *levels):
    page = visitor.open(address("review_prepare", plan, review.pk))
    choose(page, *levels)
    page.get_by_label("Was hat geholfen?").fill("Die festen Zeiten am Freitag.")
    button(page, "Freigeben").click()
    expect(page.get_by_text("Ihre Vorbereitung ist freigegeben.")).to_be_visible()
    visitor.check()


def record(visitor, plan, review, other, *levels):
    page = visitor.open(address("review", plan, review.pk))
    choose(page, *levels)
    page.get_by_label(re.compile(r"^\s*Ergebnis")).fill("Es geht gut voran.")
    button(page, f"Festhalten und {other} vorlegen").click()
    expect(page.get_by_text("Review-Gespräch festgehalten.")).to_be_visible()
    visitor.check()


def take_note(visitor, url):
    """The answer to what the other side has written."""
    page = visitor.open(url)
    visitor.check()
    page.get_by_label(re.compile("zur Kenntnis")).check()
    button(page, "Antwort festhalten").click()
    expect(page.get_by_text("Ihre Antwort ist festgehalten.")).to_be_visible()


def change_a_date(visitor, plan):
    """Without a reason nothing changes, and what was entered stays."""
    measure, day = plan.measures.first(), f"{in_days(150)}"
    page = visitor.open(address("change_measure", plan, measure.pk))
    page.get_by_label("Ende oder fällig am").fill(day)
    button(page, "Änderung festhalten").click()
    expect(page.locator("#fehler")).to_contain_text("Bitte schreiben Sie, warum sich der Plan ändert.")
    expect(page.get_by_label("Ende oder fällig am")).to_have_value(day)
    page.get_by_label(re.compile(r"^\s*Grund")).fill(REASON)
    button(page, "Änderung festhalten").click()
    expect(page.locator("main")).to_contain_text(REASON)
    visitor.check()


def finish(visitor, plan, review, other):
    page = visitor.open(address("review", plan, review.pk))
    choose(page, KOENNER, KOENNER)
    page.get_by_label(re.compile(r"^\s*Ergebnis")).fill("Beide Ziele sind erreicht.")
    for letter in page.locator("[name^='smart-'][value=yes]").all():
        letter.check()
    page.get_by_label(re.compile(r"^\s*Für die nächste Runde")).fill(NOTE)
    page.locator("select[name^='weiter-']").first.select_option("responsibility")
    page.get_by_label(re.compile("Der Lernplan endet, sobald")).check()
    button(page, f"Festhalten und {other} vorlegen").click()
    expect(page.get_by_text("Abschlussgespräch festgehalten.")).to_be_visible()
    visitor.check()


@pytest.mark.thorough
def test_a_plan_is_reviewed_twice_changed_finished_and_continued(visitors, cast, plan):
    anna, bernd = visitors(), visitors()
    anna.let_in(cast.anna)
    bernd.let_in(cast.bernd)
    first, second, final = plan.reviews.all()

    prepare(anna, plan, first, KOENNER, KENNER)
    prepare(bernd, plan, first, KENNER, KENNER)
    record(bernd, plan, first, cast.anna, KOENNER, KENNER)
    take_note(anna, address("review_result", plan, first.pk))
    expect(bernd.open(address("detail", plan)).locator(".goal-card").first).to_contain_text("erreicht")
    change_a_date(bernd, plan)
    expect(anna.open(address("detail", plan)).locator("main")).to_contain_text(REASON)
    take_note(anna, address("plan_change", plan, plan.changes.get().pk))
    record(anna, plan, second, cast.bernd, KOENNER, KOENNER)
    take_note(bernd, address("review_result", plan, second.pk))
    finish(bernd, plan, final, cast.anna)
    take_note(anna, address("review_result", plan, final.pk))
    expect(bernd.open(address("detail", plan)).locator("main")).to_contain_text("Entwurf für den nächsten Lernplan")
    plan.refresh_from_db()
    assert (plan.state, plan.changes.count(), plan.follow_ups.count()) == ("completed", 1, 1)

    Round.objects.update(state=Round.State.CLOSED, closed_at=timezone.now())
    following = Stage(cast, title="Runde 2027").release_both().record(KOENNER).confirm()
    page = anna.open(following.participation.get_absolute_url())
    expect(page.locator("main")).to_contain_text(NOTE)
    button(page, "Lernplan aufstellen").click()
    expect(page.locator(".goal-card")).to_have_count(1)
    anna.check()
    carried = Goal.objects.get(plan__participation=following.participation)
    assert (carried.competency_id, carried.from_level, carried.to_level) == (plan.goals.first().competency_id, 2, 3)

    expect(anna.open(reverse("learningplans:growth")).locator("main")).to_contain_text("Runde 2027")
    anna.assert_nothing_heard()
    bernd.assert_nothing_heard()
