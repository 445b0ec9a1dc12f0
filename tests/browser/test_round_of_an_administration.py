"""HR takes an administration of forty from a spreadsheet to one ZIP of documents, with all that happens on the way."""

import io
import re
import zipfile

import pytest
from django.core import mail
from playwright.sync_api import expect

from assessments.models import HandOver, Participation, Round, TalkProgress
from kompetenz.demo.simulation import simulate
from kompetenz.demo.staff_list import write_staff_list
from kompetenz.people.models import Person
from learningplans.models import LearningPlan
from roles.models import RoleHolding
from tests.browser.conftest import eventually

pytestmark = pytest.mark.browser


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def take_over_the_list(paula, path):
    page = paula.open("/personen/import/")
    page.locator("input[type=file]").set_input_files(path)
    button(page, "Vorschau zeigen").click()
    expect(page.get_by_role("heading", name="Vorschau der Personalliste")).to_be_visible()
    expect(page.get_by_text("40 neu", exact=True)).to_be_visible()
    paula.check()
    button(page, "Liste übernehmen").click()
    page.get_by_role("heading", name="Personen", exact=True).wait_for()


def open_a_round(paula):
    page = paula.open("/runden/neu/")
    button(page, "Vorbereitung beginnen").click()
    page.get_by_label("Titel").fill("Erste Runde")
    page.get_by_label("Zweck", exact=True).fill("Damit alle wissen, was sie können und was sie brauchen.")
    for heading in ("Wer nimmt teil", "Fristen", "Wer sieht was", "Vorschau"):
        button(page, "Weiter").click()
        page.get_by_role("heading", level=1, name=re.compile(heading)).wait_for()
        paula.check()
    page.get_by_role("link", name="Runde eröffnen …").click()
    button(page, "Runde jetzt eröffnen").click()
    page.get_by_role("heading", name="Wer steht wo?").wait_for()
    return Round.objects.open().get()


def get_a_new_manager(paula, round_):
    """Somebody without a talk gets another manager, and HR hands over."""
    moved = round_.participations.filter(talk_state=TalkProgress.OPEN).exclude(manager__manager=None).first()
    new = moved.manager.manager
    page = paula.open(f"/personen/{moved.person_id}/")
    page.get_by_label("Führungskraft (Personalnummer oder E-Mail)").fill(new.personnel_number)
    button(page, "Speichern").click()
    page.get_by_text("sind gespeichert").wait_for()
    page = paula.open(f"/runden/{round_.pk}/aenderungen/")
    page.get_by_role("checkbox", name=moved.person.personnel_number).check()
    button(page, "Ausgewählte übergeben").click()
    eventually(lambda: HandOver.objects.filter(participation=moved).exists())
    moved.refresh_from_db()
    assert moved.manager == new


def rest(paula, round_):
    """Somebody without a talk, who leads nobody: a manager is rightly reminded of others."""
    leading = round_.participations.exclude(manager=None).values("manager")
    resting = round_.participations.filter(talk_state=TalkProgress.OPEN).exclude(person__in=leading).last()
    page = paula.open(f"/runden/{round_.pk}/")
    page.get_by_role("checkbox", name=resting.person.personnel_number).check()
    button(page, "Ruhen lassen").click()
    page.locator("main form button.kern-btn--primary").click()
    page.get_by_role("heading", name="Wer steht wo?").wait_for()
    expect(page.get_by_text("ruht seit")).to_be_visible()
    return resting


def admit_late(paula, round_, newcomer):
    page = paula.open(f"/runden/{round_.pk}/aufnehmen/")
    page.get_by_label(re.compile(r"^\s*Name, E-Mail")).fill(newcomer.last_name)
    page.get_by_role("checkbox", name=re.compile(newcomer.last_name)).check()
    paula.check()
    button(page, "Aufnehmen").click()
    page.get_by_role("heading", name="Wer steht wo?").wait_for()
    assert round_.participations.filter(person=newcomer).exists()


def remind_the_rest(paula, round_):
    page = paula.open(f"/runden/{round_.pk}/?stand=selbst")
    page.get_by_label(re.compile("gefundenen auswählen|gefundene Person auswählen")).check()
    button(page, "Erinnern").click()
    page.locator("main form button.kern-btn--primary").click()
    page.get_by_role("heading", name="Wer steht wo?").wait_for()


def close(paula, round_):
    page = paula.open(f"/runden/{round_.pk}/beenden/")
    page.locator("main form button.kern-btn--primary").click()
    page.get_by_text("Die Runde ist beendet").first.wait_for()


def all_documents(paula, round_, run_jobs):
    page = paula.open(f"/runden/{round_.pk}/dokumente/")
    button(page, "Alle Dokumente zusammenstellen").click()
    page.locator("progress").wait_for()
    run_jobs()
    with page.expect_download() as loading:
        page.get_by_role("link", name="ZIP herunterladen").click()
    return zipfile.ZipFile(io.BytesIO(loading.value.path().read_bytes()))


@pytest.mark.thorough
def test_hr_runs_a_whole_round_with_nothing_but_a_spreadsheet_and_the_browser(visitors, cast, run_jobs, tmp_path):
    RoleHolding.objects.all().delete()  # the cast looks on; the round is the forty people's
    write_staff_list(tmp_path / "personal.xlsx", 40)
    paula = visitors()
    paula.let_in(cast.paula)

    take_over_the_list(paula, tmp_path / "personal.xlsx")
    assert Person.objects.count() == 40 + 7
    round_ = open_a_round(paula)
    taking_part = round_.participations.count()
    assert taking_part >= 30
    run_jobs()
    assert len(mail.outbox) >= taking_part
    assert {message.subject.partition(" bis ")[0] for message in mail.outbox} == {
        f"{round_.title}: {step}" for step in ("Selbsteinschätzung", "Fremdeinschätzung")
    }

    through = simulate(round_, 0.6)
    get_a_new_manager(paula, round_)
    resting = rest(paula, round_)
    newcomer = cast.fremd
    newcomer.manager = Person.objects.filter(pk__in=round_.participations.values("manager")).first()
    newcomer.save()
    page = paula.open(f"/rollenprofile/personen/{newcomer.pk}/")
    page.get_by_label("Rollenprofil").select_option(index=1)
    page.locator("main form button.kern-btn--primary").first.click()
    eventually(lambda: RoleHolding.objects.filter(person=newcomer).exists())
    admit_late(paula, round_, newcomer)
    run_jobs()  # what was written until here
    mail.outbox.clear()
    remind_the_rest(paula, round_)
    run_jobs()
    written_to = {address for message in mail.outbox for address in message.to}
    assert newcomer.email in written_to
    assert resting.person.email not in written_to

    close(paula, round_)
    archive = all_documents(paula, round_, run_jobs)

    round_.refresh_from_db()
    assert (round_.state, Participation.objects.filter(round=round_).count()) == (Round.State.CLOSED, taking_part + 1)
    assert round_.participations.filter(talk_state=TalkProgress.CONFIRMED).count() == through
    plans = LearningPlan.objects.filter(participation__round=round_).exclude(state=LearningPlan.State.DRAFT)
    assert plans.count() > 3
    assert len(archive.namelist()) == plans.count()
    assert all(archive.read(name).startswith(b"%PDF") for name in archive.namelist())
    paula.assert_nothing_heard()
