"""The Auskunft: everything about the person that they may read, and nothing that they may not."""

import json
import re
import stat
from io import BytesIO
from zipfile import ZipFile

import pytest
from allauth.socialaccount.models import SocialApp
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.urls import reverse

from assessments.answering import paper_entry
from assessments.models import PeerNomination, PeerTally, Remark, Round
from assessments.talk import recording
from kompetenz.documents import PdfUnavailable
from kompetenz.jobs.models import Job
from kompetenz.people.models import Deputy
from kompetenz.privacy.access_log import accesses
from kompetenz.privacy.access_log.models import Access
from kompetenz.privacy.rules import TABLES
from kompetenz.privacy.subject_access import handing_out
from kompetenz.privacy.subject_access.gathering import OneTable, as_json, gather
from kompetenz.privacy.subject_access.handing_out import make, on_page, paper_of
from learningplans.following import recording as recording_of_reviews
from learningplans.models import LearningPlan, Preparation
from tests.browser.crowd import Crowd
from tests.clock import TODAY, in_days
from tests.conftest import of_a_session
from tests.kompetenz.privacy import marking
from tests.learningplans.making import plan_of
from tests.pdf_text import pages_of, text_of
from tests.pdf_ua import problems


def said_of(person):
    """The Auskunft as a dict, as its reader gets it."""
    return json.loads(json.dumps(as_json(gather(of_a_session(person)))))


def rows_in(found, name):
    return found["Angaben"][name]["Einträge"]


def test_every_personal_field_is_in_it_or_named_with_a_reason(cast):
    Crowd(cast)
    Group.objects.create(name="Gruppe")
    SocialApp.objects.create(provider="openid_connect", name="Verzeichnis", client_id="x")
    marking.make_the_rest(cast.anna, cast.bernd)

    found = said_of(cast.anna)

    for table in marking.tables_with_a_person():
        told = found["Angaben"][table.name]
        words = {word.partition(" (")[0] for row in told["Einträge"] for word in row} | set(
            told.get("nicht ausgehändigt", {})
        )
        missing = {
            word for word in [*table.personal.values(), *table.signed.values()] if word.partition(" (")[0] not in words
        }
        assert (table.name, missing) == (table.name, set())
    whole = {table.name for table in TABLES if table.withheld_whole}
    assert whole - found["nicht enthalten"].keys() == set()


def test_it_says_what_each_kind_is_for_and_how_long_it_stays(stage):
    found = said_of(stage.cast.anna)

    assert [name for name, kind in found["Angaben"].items() if not kind["wozu"]] == []
    assert found["Angaben"]["Bestandsaufnahme"]["wozu"] == "private Vorbereitung der Person"
    assert found["Angaben"]["E-Mails an die Person"]["bleibt"] == "90 Tage (Beginn: geschrieben am)"
    assert found["Angaben"]["Soll"]["bleibt"].startswith("36 Monate (Beginn: Abschluss des Lernplans")


def test_it_says_wherefore_to_whom_from_where_and_which_rights(stage, settings):
    """What Art. 15 (1) GDPR asks for beside the data, as the notices to employees say it."""
    settings.SUPERVISORY_AUTHORITY = "Die Aufsicht des Landes"
    gathered = gather(of_a_session(stage.cast.anna))
    printed = " ".join(text_of(paper_of(gathered)).split())

    for said in (
        "Wozu werden Daten verarbeitet?",
        "Wer bekommt die Daten sonst?",
        "Woher kommen die Daten?",
        "Ihre Rechte",
    ):
        assert said in as_json(gathered)["Datenschutzhinweise"]
        assert said in printed
    assert "Die Aufsicht des Landes" in printed


def test_what_the_manager_has_not_released_is_not_in_it(stage):
    stage.release(stage.own).answer(stage.manager)
    Remark.objects.create(assessment=stage.manager, competency_id=stage.competencies[0].id, text="Geheimer Entwurf")

    found = said_of(stage.cast.anna)

    assert [row["Art"] for row in rows_in(found, "Einschätzungen")] == ["Selbsteinschätzung"]
    assert len(rows_in(found, "Eingeschätzte Stufen")) == len(stage.competencies)
    assert "Geheimer Entwurf" not in json.dumps(found, ensure_ascii=False)


def test_what_both_have_released_is(stage):
    stage.release_both(own=1, manager=2)
    Remark.objects.create(assessment=stage.manager, competency_id=stage.competencies[0].id, text="Offene Bemerkung")

    found = said_of(stage.cast.anna)

    assert {row["Stufe"] for row in rows_in(found, "Eingeschätzte Stufen")} == {"1 (Kenner)", "2 (Könner)"}
    assert rows_in(found, "Bemerkungen")[0]["Bemerkung"] == "Offene Bemerkung"
    assert rows_in(found, "Einschätzungen")[1]["eingeschätzt von"] == "Bernd Şahin-Žižek"


def test_when_others_were_at_work_it_says_by_the_day_alone(stage):
    stage.release_both().record().confirm()

    found = said_of(stage.cast.anna)

    said = [rows_in(found, name) for name in ("Einschätzungen", "Gespräche", "Kenntnisnahmen")]
    assert {row["freigegeben am"] for row in said[0]} == {TODAY.isoformat()}
    assert said[1][0]["festgehalten am"] == said[2][0]["am"] == TODAY.isoformat()
    assert "Tag ohne Uhrzeit" in found["nicht enthalten"]["Uhrzeiten"]


def test_a_hidden_target_stays_hidden(stage):
    hidden = rows_in(said_of(stage.cast.anna), "Soll")
    stage.release(stage.own)

    assert hidden == []
    assert len(rows_in(said_of(stage.cast.anna), "Soll")) == len(stage.competencies)


def test_of_colleagues_only_the_distribution_that_may_be_shown(stage):
    stage.release_both()
    Round.objects.update(has_peers=True, peer_due=in_days(-1))
    first, second = (competency.id for competency in stage.competencies[:2])
    for competency, counts in ((first, [3, 2]), (second, [2, 1])):  # of three nobody may know
        for level, count in enumerate(counts):
            PeerTally.objects.create(
                participation=stage.participation, competency_id=competency, level=level, count=count
            )
    PeerNomination.objects.create(participation=stage.participation, peer=stage.cast.dora, answered=True)

    found = said_of(stage.cast.anna)

    assert [row["Anzahl"] for row in rows_in(found, "Verteilung der Antworten aus dem Kollegium")] == [3, 2]
    assert rows_in(found, "Wen die Person im Kollegium gefragt hat") == [
        {"Runde": "Runde 2026", "gefragt": "Dora Özgür"}
    ]


def test_what_the_manager_thinks_before_a_review_is_not_in_it(stage):
    plan = plan_of(stage.release_both().record().confirm().participation, state=LearningPlan.State.AGREED)
    review = plan.reviews.first()
    review.goal_reviews.create(goal=plan.goals.first(), self_level=1, manager_level=3)
    Preparation.objects.create(review=review, side="manager", wishes="Nur gedacht")

    found = said_of(stage.cast.anna)

    assert "Fremd" not in rows_in(found, "Stand der Ziele in Reviews")[0]
    assert "Nur gedacht" not in json.dumps(found, ensure_ascii=False)


def test_nothing_of_others_is_in_it(cast):
    crowd = Crowd(cast)
    marking.name_in_texts_of_others(cast.fremd)
    Remark.objects.filter(assessment__participation=crowd.dora).update(text="Über Dora")

    found = json.dumps(said_of(cast.anna), ensure_ascii=False)

    assert "Über Dora" not in found


def test_who_was_deputised_for_and_who_was_read_by_a_deputy_read_by_whom(cast):
    named = Deputy.objects.create(
        manager=cast.bernd, person=cast.fremd, since=TODAY, until=in_days(3), named_by=cast.paula
    )
    named.people.add(cast.anna)
    days = {"von": TODAY.isoformat(), "bis": in_days(3).isoformat()}
    days |= {"vorzeitig beendet am": None, "eingetragen von": "Paula Personal"}

    of_manager = said_of(cast.bernd)["Angaben"]["Wer Sie als Führungskraft vertreten hat"]
    of_person = rows_in(said_of(cast.anna), "Wer Ihre Führungskraft bei Ihnen vertreten hat")

    assert of_manager["Einträge"] == [{"Vertretung": "Frieda Fremd", **days}]
    assert of_manager["bleibt"] == "36 Monate (Beginn: letzter Tag der Vertretung)"
    assert of_person == [{"Vertretung": "Frieda Fremd", "Führungskraft": "Bernd Şahin-Žižek", **days}]
    assert rows_in(said_of(cast.dora), "Wer Ihre Führungskraft bei Ihnen vertreten hat") == []


def test_what_a_deputy_has_received_is_in_the_auskunft_of_whom_it_is_about(stage):
    cast = stage.cast
    accesses.note(cast.fremd, "plan", "taken", [cast.anna.pk], role="deputy", instead_of=cast.bernd.pk)

    [row] = rows_in(said_of(cast.anna), "Zugriffsprotokoll")

    assert (
        row["Art der Angaben"],
        row["gelesen, bearbeitet oder mitgenommen"],
        row["von"],
        row["in Vertretung für"],
    ) == (
        "Lernplan",
        "als Datei mitgenommen",
        "Frieda Fremd",
        "Bernd Şahin-Žižek",
    )


def test_who_was_asked_as_a_colleague_reads_by_whom_and_what_they_have_done(stage):
    PeerNomination.objects.create(participation=stage.participation, peer=stage.cast.dora, answered=True)

    [row] = rows_in(said_of(stage.cast.dora), "Wer Sie im Kollegium gefragt hat")

    assert row == {
        "gefragt von": "Anna Ärmel in Runde 2026",
        "haben Sie geantwortet": True,
        "haben Sie abgelehnt": False,
    }


def test_who_has_written_about_others_reads_that_it_is_theirs(stage):
    stage.release_both().record()

    found = said_of(stage.cast.bernd)

    assert found["nicht enthalten"]["Unterlagen anderer"].startswith("Was Sie über andere geschrieben")
    assert rows_in(found, "Einschätzungen") == []


# As a file ----------------------------------------------------------------------------------------


def test_it_is_made_in_the_background_and_is_the_persons_alone(as_, stage, run_jobs, blank_pdfs):
    cast = stage.cast
    client = as_(cast.anna)

    response = client.post(reverse("privacy:subject_access"))
    again = client.post(reverse("privacy:subject_access"))
    run_jobs()

    job = Job.objects.get()
    assert response.headers["Location"] == again.headers["Location"] == job.get_absolute_url()
    file = client.get(reverse("jobs:download", args=[job.pk]))
    with ZipFile(BytesIO(file.content)) as archive:
        assert archive.namelist() == ["Auskunft.pdf", "Auskunft.json"]
        assert json.loads(archive.read("Auskunft.json"))["Auskunft über"] == "Anna Ärmel"
    assert job.get_absolute_url() in client.get(reverse("privacy:subject_access")).text
    for somebody in (cast.bernd, cast.paula, cast.audit):
        client.force_login(somebody)
        assert client.get(reverse("jobs:download", args=[job.pk])).status_code == 404
        assert client.get(job.get_absolute_url()).status_code == 404


@pytest.mark.any_day
def test_the_paper_is_accessible_and_says_it_all(cast):
    Crowd(cast)

    content = paper_of(gather(of_a_session(cast.anna)))

    assert problems(content) == []
    text = text_of(content)
    for part in (
        "Auskunft",
        "Stammdaten",
        "Ist aus dem Gespräch",
        "Bleibt gespeichert:",
        "Was nicht in dieser Auskunft steht",
    ):
        assert part in text
    levels = "1 (Kenner)", "2 (Könner)", "wünschenswert"  # neither broken nor wrapped
    assert [one for one in levels if one not in text] == []
    ends = [page.rpartition(" Auskunft · ")[0] for page in pages_of(content, order="-layout")]
    assert not [end for end in ends if re.search(r"Bleibt gespeichert: [^.]*\.$", end)]  # a heading without its table


def test_on_a_machine_without_type_the_json_is_there_all_the_same(cast, monkeypatch):
    def fails(gathered):
        raise PdfUnavailable

    monkeypatch.setattr(handing_out, "paper_of", fails)

    _, content = make(Job(), [cast.anna.pk])

    with ZipFile(BytesIO(content)) as archive:
        assert archive.namelist() == ["Auskunft.json", "PDF-fehlt.txt"]


def test_few_columns_are_a_table_and_many_are_facts(stage):
    stage.release_both()
    gathered = gather(of_a_session(stage.cast.anna))
    pages = {section.name: bool(on_page(section)["table"]) for section in gathered.filled}

    assert (pages["Eingeschätzte Stufen"], pages["Stammdaten"]) == (True, False)


def test_whichever_row_says_more_than_most_is_a_list_of_facts():
    usual, said = {"Runde": "2026", "Soll": 2}, ("Grund", "von", "am", "Stufe", "Profil")
    told = on_page(OneTable("Soll", "", "", [usual, usual, usual | dict.fromkeys(said, "x")], {}))

    assert told["columns"] == ["Runde", "Soll"]
    assert told["table"] == [[("Runde", "2026"), ("Soll", "2")]] * 2
    assert told["lists"] == [[("Runde", "2026"), ("Soll", "2"), *[(word, "x") for word in said]]]


def test_my_data_lead_to_it(as_, cast):
    assert reverse("privacy:subject_access") in as_(cast.anna).get(reverse("my_data")).text


@pytest.mark.parametrize("made", [0, 3])
def test_page_query_count(as_, cast, made, django_assert_num_queries):
    for _ in range(made):
        Job.objects.create(
            kind="subject access", subject=cast.anna.pk, title="Auskunft", for_hr=False, asked_by=cast.anna,
            state=Job.State.DONE, finished_at="2031-01-01T00:00Z",
        )  # fmt: skip
    client = as_(cast.anna)

    with django_assert_num_queries(3):  # session, user, what was made
        client.get(reverse("privacy:subject_access"))


# For who cannot ask on the screen -----------------------------------------------------------------


def test_who_cannot_ask_on_the_screen_gets_it_from_the_command_line_and_reads_from_whom(cast, tmp_path, blank_pdfs):
    call_command("subject_access", cast.anna.personnel_number, str(tmp_path), by=cast.audit.email)

    (file,) = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with ZipFile(file) as archive:
        found = json.loads(archive.read("Auskunft.json"))
    [row] = rows_in(found, "Zugriffsprotokoll")
    assert found["Auskunft über"] == str(cast.anna)
    assert (row["Art der Angaben"], row["gelesen, bearbeitet oder mitgenommen"], row["von"]) == (
        "Auskunft",
        "als Datei mitgenommen",
        "Audit Datenschutz",
    )
    with pytest.raises(CommandError, match="File exists"):
        call_command("subject_access", "0003", str(tmp_path), by=cast.paula.email)
    assert Access.objects.count() == 1


@pytest.mark.parametrize(
    ("person", "by", "said"), [("gibt es nicht", "audit", "hat niemand"), ("0003", "bernd", "gehört weder zur Person")]
)
def test_it_is_not_handed_out_by_anybody(cast, tmp_path, person, by, said):
    with pytest.raises(CommandError, match=said):
        call_command("subject_access", person, str(tmp_path), by=getattr(cast, by).email)

    assert (list(tmp_path.iterdir()), Access.objects.exists()) == ([], False)


@pytest.mark.parametrize(
    ("declined", "stand"),
    [(None, "festgehalten, noch keine Antwort"), (True, "festgehalten, abgelehnt"), (False, "vereinbart")],
)
def test_nobody_is_said_to_have_agreed_who_has_not(stage, declined, stand):
    stage.release_both().record()
    if declined is not None:
        recording.acknowledge(
            talk=stage.participation.talk, by=stage.cast.anna, declined=declined, statement="Nein" if declined else ""
        )

    found = said_of(stage.cast.anna)

    rows = rows_in(found, "Ist aus dem Gespräch")
    assert ({row["Stand"] for row in rows}, len(rows)) == ({stand}, len(stage.competencies))
    assert (
        "vereinbartes ist" not in json.dumps(found["Angaben"], ensure_ascii=False).lower()
    )  # the notices name kinds of data


def test_nor_in_a_review(stage):
    plan = plan_of(stage.release_both().record().confirm().participation, state=LearningPlan.State.AGREED)
    review, goal = plan.reviews.first(), plan.goals.first()
    recording_of_reviews.record_review(
        review=copy_with(review, held_on=TODAY), agreed={goal.pk: (3, "")}, read="", by=stage.cast.bernd
    )

    rows = rows_in(said_of(stage.cast.anna), "Stand der Ziele in Reviews")

    assert [(row["Ist im Review"], row["Stand"]) for row in rows] == [
        ("3 (Experte)", "festgehalten von Bernd Şahin-Žižek, noch nicht beantwortet")
    ]


def test_what_was_typed_in_from_paper_is_not_yet_the_persons_word(stage):
    paper_entry.enter(participation=stage.participation, by=stage.cast.paula, levels=stage.levels(1))

    rows = rows_in(said_of(stage.cast.anna), "Eingeschätzte Stufen")

    assert {row["Einschätzung"] for row in rows} == {
        "Selbsteinschätzung, vom Papier übertragen und noch nicht bestätigt"
    }


def copy_with(row, **fields):
    for name, value in fields.items():
        setattr(row, name, value)
    return row
