"""Everything without a line of JavaScript: plain forms, plain answers, the wheel as a picture."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Progress, TalkProgress
from tests.catalogue import COMPETENCIES
from tests.clock import TODAY

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def visitor(visitors):
    return visitors(java_script_enabled=False)


def choose(page, numbers, level=2):
    for number in numbers:
        page.locator(f"#kompetenz-{number} input[type=radio]").nth(level).check()


def assert_wheel_is_drawn(page):
    """The picture that Plotly would take the place of."""
    expect(page.locator(".wheel__svg")).to_be_visible()
    assert page.locator(".wheel__svg").bounding_box()["height"] > 200


def test_a_person_fills_in_and_releases_the_whole_assessment(visitor, stage):
    page = visitor.page
    visitor.fill_in_sign_in(stage.cast.anna)
    page.goto(reverse("assessments:assessment", args=[stage.own.pk]))
    assert_wheel_is_drawn(page)

    choose(page, range(1, COMPETENCIES - 1))
    page.locator("#kompetenz-5 summary").click()
    page.get_by_label("Bemerkung:").nth(4).fill("Nur im Fachverfahren.")
    page.get_by_role("button", name="Zwischenspeichern").click()
    expect(page.locator("main")).to_contain_text("Ihre Angaben sind gespeichert")
    expect(page.locator("#fortschritt")).to_contain_text(f"{COMPETENCIES - 2} von {COMPETENCIES}")
    page.get_by_role("button", name="Prüfen und freigeben").click()
    expect(page.locator("main")).to_contain_text("2 Kompetenzen sind noch offen")
    assert page.get_by_role("button", name="Jetzt freigeben").count() == 0

    page.get_by_role("link", name="der nächsten offenen").first.click()
    open_one = COMPETENCIES - 1
    assert page.url.endswith(f"/einschaetzungen/{stage.own.pk}/?pruefen={open_one}#kompetenz-{open_one}")
    choose(page, (open_one, COMPETENCIES), level=3)
    page.get_by_role("button", name="Zurück zur Prüfung").click()
    page.get_by_role("button", name="Jetzt freigeben").click()

    expect(page.locator("main")).to_contain_text("ist freigegeben")
    stage.participation.refresh_from_db()
    expected = {c.id: 3 if c.number > COMPETENCIES - 2 else 2 for c in stage.competencies}
    assert (stage.participation.self_state, stage.own.levels()) == (Progress.RELEASED, expected)
    assert list(stage.own.remarks.values_list("text", flat=True)) == ["Nur im Fachverfahren."]
    visitor.assert_nothing_heard()


def test_a_person_takes_an_answer_back(visitor, stage):
    stage.answer(stage.own)
    visitor.let_in(stage.cast.anna)
    visitor.page.goto(reverse("assessments:assessment", args=[stage.own.pk]))

    visitor.page.locator("#kompetenz-3").get_by_role("button", name="Auswahl aufheben").click()

    expect(visitor.page.locator("#fortschritt")).to_contain_text(f"{COMPETENCIES - 1} von {COMPETENCIES}")
    assert set(stage.levels(2)) - set(stage.own.levels()) == {stage.competencies[2].id}


def test_a_manager_records_the_talk(visitor, stage):
    stage.release_both(own=1, manager=1)
    page = visitor.page
    visitor.let_in(stage.cast.bernd)
    page.goto(reverse("assessments:talk", args=[stage.participation.pk]))

    page.get_by_role("button", name="Gespräch beginnen").click()
    assert_wheel_is_drawn(page)
    choose(page, [1], level=3)
    page.get_by_role("button", name="Übereinstimmende übernehmen").click()
    expect(page.locator("#fortschritt")).to_contain_text(f"{COMPETENCIES} von {COMPETENCIES}")
    page.get_by_label("Datum").fill(TODAY.isoformat())
    page.get_by_role("button", name="Prüfen und festhalten").click()
    page.get_by_role("button", name="Jetzt festhalten").click()

    expect(page.locator("main")).to_contain_text("Das Ergebnis ist festgehalten")
    stage.participation.refresh_from_db()
    first = stage.competencies[0].id
    assert stage.participation.talk_state == TalkProgress.RECORDED
    assert stage.participation.talk.levels() == {**stage.levels(1), first: 3}
    visitor.assert_nothing_heard()


def test_what_was_sent_after_the_session_ended_is_sent_again_after_signing_in(visitor, stage):
    page = visitor.page
    visitor.let_in(stage.cast.anna)
    page.goto(reverse("assessments:assessment", args=[stage.own.pk]))
    choose(page, range(1, 8))
    visitor.lose_session()
    page.get_by_role("button", name="Zwischenspeichern").click()
    expect(page.get_by_role("heading", name="Noch nicht gespeichert")).to_be_visible()

    with visitor.context.expect_page() as window:
        page.get_by_role("link", name="Melden Sie sich in einem neuen Fenster an").click()
    visitor.fill_in_sign_in(stage.cast.anna, window.value)
    for _ in range(2):  # the token on this page is older than the sign-in: it is asked for once more
        if page.get_by_role("button", name="Eingaben jetzt senden").count():
            page.get_by_role("button", name="Eingaben jetzt senden").click()

    expect(page.locator("main")).to_contain_text("Ihre Angaben sind gespeichert")
    assert stage.own.levels() == {c.id: 2 for c in stage.competencies[:7]}
