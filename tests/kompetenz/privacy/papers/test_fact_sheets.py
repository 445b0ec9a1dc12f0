"""The fact sheet of a round: shown to staff council and data protection before it opens, who may say something about it."""

import html
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Round
from assessments.rounds.sample_texts import SAMPLES
from kompetenz.catalogue.models import Edition
from kompetenz.letters.models import Letter
from kompetenz.letters.occasions import obstacle_to
from kompetenz.privacy.papers import fact_sheets
from kompetenz.privacy.papers.models import FactSheetComment, ShownFactSheet
from tests.clock import TODAY, in_days
from tests.conftest import plan_round
from tests.pdf_text import pages_of
from tests.pdf_ua import problems

TEXT = "Bitte die Frist um zwei Wochen verlängern. <b>Şahin-Žižek</b>"


@pytest.fixture
def draft(cast):
    return plan_round(cast, title="Nächstes Jahr")


def at(name, round_):
    return reverse(f"papers:{name}", args=[round_.pk])


def begins_to_open(round_):
    frozen = {"edition": Edition.objects.current(), "opened_at": timezone.now()}
    Round.objects.filter(pk=round_.pk).update(state=Round.State.OPENING, **frozen)


def show(client, round_):
    return client.post(at("fact_sheet_show", round_), follow=True)


def test_hr_shows_the_fact_sheet_and_the_auditors_are_written_to_once(as_, cast, draft):
    hr = as_(cast.paula)

    show(hr, draft)
    page = show(hr, draft).content.decode()

    assert Letter.objects.get().person == cast.audit
    assert ShownFactSheet.objects.get().shown_by == cast.paula
    assert f"von {cast.paula}" in " ".join(page.split())
    assert as_(cast.audit).get(at("fact_sheet", draft)).status_code == 200


def test_an_auditor_reads_it_and_may_comment_before_it_is_shown(as_, cast, draft):
    auditor = as_(cast.audit)
    before = auditor.get(at("fact_sheet", draft)).text
    auditor.post(at("fact_sheet_comment", draft), {"text": TEXT})
    fact_sheets.show(round_=draft, by=cast.paula)

    hint = "Gezeigt hat die Personalentwicklung den Steckbrief noch nicht"
    assert (hint in before, hint in auditor.get(at("fact_sheet", draft)).text) == (True, False)
    assert FactSheetComment.objects.count() == 1


def tasks_in(client):
    return [task.title for _, tasks in client.get("/").context["task_groups"] for task, _ in tasks]


def test_a_fact_sheet_that_was_shown_is_an_auditors_task_until_they_have_said_something(as_, cast, draft):
    auditor = as_(cast.audit)
    before, empty = tasks_in(auditor), auditor.get("/").content.decode()
    fact_sheets.show(round_=draft, by=cast.paula)
    shown = tasks_in(auditor)
    auditor.post(at("fact_sheet_comment", draft), {"text": "Keine Einwände."})
    said = tasks_in(auditor)
    Round.objects.filter(pk=draft.pk).update(purpose="Ein anderer Zweck")
    fact_sheets.show(round_=draft, by=cast.paula)

    assert (before, shown, said) == ([], ["Steckbrief lesen: Nächstes Jahr"], [])
    assert tasks_in(auditor) == ["Steckbrief lesen: Nächstes Jahr"]  # another by now, and shown once more
    assert ("keine Löschung steht bevor" in empty, "Für Sie steht gerade nichts an" in empty) == (True, False)
    begins_to_open(draft)
    assert tasks_in(auditor) == []


def test_to_others_a_fact_sheet_is_no_task(as_, cast, draft):
    fact_sheets.show(round_=draft, by=cast.paula)

    assert [task for who in (cast.paula, cast.anna) for task in tasks_in(as_(who)) if "Steckbrief" in task] == []


@pytest.mark.parametrize("number", [1, 5, 6])
def test_many_fact_sheets_are_one_task(as_, cast, number):
    for one in range(number):
        ShownFactSheet.objects.create(round=plan_round(cast, title=f"Runde {one}"), as_read="x")

    titles = [f"Steckbrief lesen: Runde {one}" for one in range(number)]
    assert tasks_in(as_(cast.audit)) == (titles if number < 6 else ["6 Steckbriefe lesen"])


def test_an_auditor_comments_and_hr_is_told(as_, cast, draft):
    show(as_(cast.paula), draft)

    as_(cast.audit).post(at("fact_sheet_comment", draft), {"text": TEXT})

    assert FactSheetComment.objects.get().by == cast.audit
    assert Letter.objects.filter(person=cast.paula, key__contains="stellungnahme").exists()
    page = as_(cast.paula).get(at("fact_sheet", draft)).content.decode()
    assert "&lt;b&gt;Şahin-Žižek&lt;/b&gt;" in page
    assert str(cast.audit) in page


def test_an_empty_comment_is_asked_for_again(as_, cast, draft):
    show(as_(cast.paula), draft)

    page = as_(cast.audit).post(at("fact_sheet_comment", draft), {"text": " "})

    assert page.status_code == 200
    assert "aria-invalid" in page.content.decode()
    assert not FactSheetComment.objects.exists()


def test_a_comment_after_the_opening_is_too_late_and_comes_back(as_, cast, draft):
    show(as_(cast.paula), draft)
    auditor = as_(cast.audit)
    begins_to_open(draft)

    page = auditor.post(at("fact_sheet_comment", draft), {"text": TEXT})

    assert ("Die Runde ist inzwischen eröffnet." in page.text, "um zwei Wochen verlängern" in page.text) == (True, True)
    assert not FactSheetComment.objects.exists()


def stale(client, round_, somebody):
    return {"once": f"{somebody.pk}-x", "read": client.get(at("fact_sheet", round_)).context["read"]}


@pytest.mark.parametrize("change", [{"shows_levels_to_hr": True}, {"self_due": TODAY}, "people"])
def test_nobody_comments_on_a_fact_sheet_that_they_have_not_read(as_, cast, draft, change):
    show(as_(cast.paula), draft)
    auditor = as_(cast.audit)
    sent = stale(auditor, draft, cast.audit) | {"text": TEXT}
    alter(draft, change, cast)

    page = auditor.post(at("fact_sheet_comment", draft), sent)
    kept = FactSheetComment.objects.count()
    auditor.post(at("fact_sheet_comment", draft), sent | {"read": page.context["read"]})

    assert "Der Steckbrief ist inzwischen ein anderer." in page.text
    assert ("um zwei Wochen verlängern" in page.text, kept, FactSheetComment.objects.count()) == (True, 0, 1)


def alter(draft, change, cast):
    if change == "people":
        draft.people.set([cast.anna])
    else:
        Round.objects.filter(pk=draft.pk).update(**change)


def test_what_was_shown_and_commented_is_not_said_of_what_hr_has_made_of_it_since(as_, cast, draft):
    """Else HR could show one round, be told that it is fine, and open another."""
    show(as_(cast.paula), draft)
    as_(cast.audit).post(at("fact_sheet_comment", draft), {"text": "Einverstanden."})
    before = as_(cast.paula).get(at("fact_sheet", draft)).text
    alter(draft, {"shows_levels_to_hr": True}, cast)
    begins_to_open(draft)
    for_others = as_(cast.audit).get(at("fact_sheet", draft)).text
    Round.objects.filter(pk=draft.pk).update(state=Round.State.DRAFT)
    after = as_(cast.paula).get(at("fact_sheet", draft)).text

    old = "zu einem früheren Stand; der Steckbrief wurde danach geändert"
    assert [old in page for page in (before, for_others, after)] == [False, True, True]
    assert ["Seitdem haben Sie ihn geändert." in page for page in (before, after)] == [False, True]
    as_(cast.paula).post(at("fact_sheet_show", draft), stale(as_(cast.paula), draft, cast.paula))
    assert Letter.objects.filter(person=cast.audit).count() == 2
    assert "Seitdem haben Sie ihn geändert." not in as_(cast.paula).get(at("fact_sheet", draft)).text


def test_hr_shows_the_fact_sheet_that_they_have_read(as_, cast, draft):
    hr = as_(cast.paula)
    sent = stale(hr, draft, cast.paula)
    alter(draft, {"is_voluntary": False}, cast)

    page = hr.post(at("fact_sheet_show", draft), sent, follow=True)

    assert "Der Steckbrief ist inzwischen ein anderer." in page.text
    assert not ShownFactSheet.objects.exists()


def test_a_letter_is_not_sent_any_more_once_the_round_is_no_draft(as_, cast, draft):
    show(as_(cast.paula), draft)
    letter = Letter.objects.get()
    assert obstacle_to(letter) == ""

    begins_to_open(draft)

    assert obstacle_to(letter) == "Die Runde ist inzwischen eröffnet."


def test_a_letter_about_a_round_that_is_deleted_since_is_not_sent(as_, cast, draft):
    show(as_(cast.paula), draft)
    as_(cast.audit).post(at("fact_sheet_comment", draft), {"text": TEXT})
    letter = Letter.objects.get(person=cast.paula, key__contains="stellungnahme")
    assert obstacle_to(letter) == ""

    draft.delete()

    assert obstacle_to(letter) == "Die Runde gibt es nicht mehr."


def test_comments_are_for_hr_and_auditors(as_, cast, stage):
    FactSheetComment.objects.create(round=stage.round, by=cast.audit, text="Nur unter uns.")

    seen = {
        name: "Nur unter uns." in as_(getattr(cast, name)).get(at("fact_sheet", stage.round)).content.decode()
        for name in ("anna", "bernd", "paula", "audit", "fremd")
    }

    assert seen == {"anna": False, "bernd": False, "paula": True, "audit": True, "fremd": False}


def test_single_people_are_counted_and_never_named(as_, cast, draft):
    draft.people.set([cast.anna, cast.dora])

    page = as_(cast.paula).get(at("fact_sheet", draft)).content.decode()

    assert "davon nur 2 ausgewählte Personen" in page
    assert str(cast.dora) not in page


@pytest.mark.parametrize("name", ["anna", "audit"])
def test_the_fact_sheet_of_an_open_round_is_one_accessible_page(as_, cast, stage, name):
    response = as_(getattr(cast, name)).get(at("fact_sheet_pdf", stage.round))

    assert problems(response.content) == []
    assert len(pages_of(response.content)) == 1
    assert stage.round.title in pages_of(response.content)[0]


def test_with_the_longest_sample_texts_and_the_usual_rules_it_is_one_page_still(as_, cast, stage):
    longest = {field: max((one.text for one in found), key=len) for field, found in SAMPLES.items()}
    Round.objects.update(responsible=cast.paula, plan_due=stage.round.talk_due, **longest)

    pages = pages_of(as_(cast.anna).get(at("fact_sheet_pdf", stage.round)).content)

    assert len(pages) == 1


@pytest.mark.parametrize("tells", Round.CalendarTells)
def test_the_fact_sheet_says_what_calendars_tell(stage, tells):
    stage.round.calendar_tells = tells

    assert tells.label in html.unescape(fact_sheets.html(stage.round))


def test_the_fact_sheet_says_what_the_round_is_never_for(stage):
    assert "Für Beurteilung, Beförderung, Leistungsentgelt oder Disziplinarisches" in fact_sheets.html(stage.round)


def test_the_preview_of_a_round_leads_to_it(as_, cast, draft):
    preview = as_(cast.paula).get(reverse("assessments:round_preview", args=[draft.pk])).content.decode()

    assert at("fact_sheet", draft) in preview


def test_the_fact_sheet_says_that_all_of_what_was_chosen_has_to_be_so(cast, draft):
    draft.units.add(cast.anna.unit)
    draft.people.add(cast.anna)

    said = fact_sheets.addressed(draft)

    assert (
        said
        == f"Beschäftigte mit einer Rolle, die eine Führungskraft haben, in: {cast.anna.unit}, davon nur 1 ausgewählte Person"
    )
    assert fact_sheets.taking_part(draft) == 1


def test_the_fact_sheet_of_an_ended_round_names_the_day_of_its_end_and_how_many_took_part(stage):
    closed = stage.round
    Round.objects.filter(pk=closed.pk).update(
        state=Round.State.CLOSED, opened_at=timezone.now() - timedelta(days=30), closed_at=timezone.now()
    )

    text = " ".join(fact_sheets.html(Round.objects.get(pk=closed.pk)).split())

    assert f"beendet seit {TODAY:%d.%m.%Y}, eröffnet am {in_days(-30):%d.%m.%Y}" in text
    assert "Es sind 2 Personen." in text


def test_whoever_opens_a_round_and_whoever_reads_its_fact_sheet_knows_whether_it_was_shown(as_, cast, draft):
    preview = reverse("assessments:round_preview", args=[draft.pk])
    before = as_(cast.paula).get(preview).content.decode(), fact_sheets.html(draft)
    fact_sheets.show(round_=draft, by=cast.paula)
    after = as_(cast.paula).get(preview).content.decode(), fact_sheets.html(draft)

    assert "Steckbrief der Runde (noch nicht gezeigt)" in before[0]
    assert "Personalrat und Datenschutz nicht gezeigt" in before[1]
    assert f"Steckbrief der Runde (gezeigt am {TODAY:%d.%m.%Y})" in after[0]
    assert f"gezeigt am {TODAY:%d.%m.%Y}" in " ".join(after[1].split())
