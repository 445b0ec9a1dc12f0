"""HR has all documents of a round put together, watches, and downloads them; a manager sets the date of a talk."""

import re
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from assessments.models import Participation
from learningplans.models import Bundle
from tests.browser.conftest import eventually
from tests.clock import TODAY
from tests.learningplans.round_documents.bundles import round_of, work

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def round_(cast):
    return round_of(cast.bernd, "Anna Ärmel", "Dora Özgür")


def documents(round_):
    return reverse("learningplans:round_documents", args=[round_.pk])


def downloaded(page):
    with page.expect_download() as waiting:
        page.get_by_role("link", name="ZIP herunterladen").click()
    return ZipFile(waiting.value.path()).namelist()


def test_the_page_follows_the_worker_without_being_loaded_by_hand(visitor, cast, round_):
    visitor.let_in(cast.paula)
    page = visitor.open(documents(round_))
    page.get_by_role("button", name="Alle Dokumente zusammenstellen").click()
    expect(page.locator("#stand")).to_contain_text("0 von 2 Dokumenten")
    visitor.check()
    page.evaluate("window.first = true")

    first = Bundle.objects.get().documents.first()
    Bundle.objects.get().documents.filter(pk=first.pk).update(content=b"%PDF", done_at=timezone.now())
    expect(page.locator("#stand")).to_contain_text("1 von 2 Dokumenten")
    expect(page.locator("#status")).to_have_text("1 von 2 Dokumenten sind erstellt.")
    assert page.evaluate("window.first")
    work()

    expect(page.get_by_role("heading", name="Liegt bereit")).to_be_visible()
    expect(page).to_have_title(re.compile("^Dokumente liegen bereit"))
    visitor.check()
    assert downloaded(page) == ["Lernplan-Aermel-Anna-Runde-2026.pdf", "Lernplan-Oezguer-Dora-Runde-2026.pdf"]
    visitor.assert_nothing_heard()


def test_a_progress_bar_that_loses_the_server_does_not_speak_of_saving(visitor, cast, round_):
    visitor.let_in(cast.paula)
    page = visitor.open(documents(round_))
    page.get_by_role("button", name="Alle Dokumente zusammenstellen").click()
    expect(page.locator("#stand")).to_contain_text("0 von 2 Dokumenten")

    page.route("**/*gesagt=*", lambda route: route.abort())

    expect(page.locator("#alert")).to_have_text("Verbindung unterbrochen: Der Server ist gerade nicht zu erreichen.")
    page.unroute("**/*gesagt=*")
    expect(page.locator("#alert")).to_be_empty()


def test_all_of_it_works_without_javascript(visitors, cast, round_):
    visitor = visitors(java_script_enabled=False)
    visitor.let_in(cast.paula)
    page = visitor.page
    page.goto(documents(round_))
    page.get_by_role("button", name="Alle Dokumente zusammenstellen").click()
    work()

    page.get_by_role("link", name="Stand aktualisieren").click()

    assert len(downloaded(page)) == 2


def test_a_date_is_set_and_the_person_takes_it_along(visitors, cast, round_):
    participation = Participation.objects.filter(round=round_).first()
    Participation.objects.update(talk_state=0)
    manager, person = visitors(), visitors()
    manager.let_in(cast.bernd)
    page = manager.open(participation.get_absolute_url())
    page.get_by_role("link", name="Termin für das Gespräch festlegen").click()
    page.get_by_label("Datum").fill((TODAY + timedelta(days=3)).isoformat())
    page.get_by_label("Uhrzeit").fill("09:30")
    page.get_by_label("Ort").fill("Raum 2")
    manager.check()
    page.get_by_role("button", name="Termin festlegen").click()
    expect(page.locator("main")).to_contain_text("09:30 Uhr, Raum 2")
    assert eventually(lambda: Participation.objects.get(pk=participation.pk).talk_at)

    person.let_in(participation.person)
    person.page.goto(participation.get_absolute_url())
    with person.page.expect_download() as waiting:
        person.page.get_by_role("link", name="In den Kalender").click()

    assert waiting.value.suggested_filename == "Gespraech-Aermel-Anna-Runde-2026.ics"
    manager.assert_nothing_heard()
