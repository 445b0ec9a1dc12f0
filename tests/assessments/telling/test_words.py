"""What letters of a round say: the step and its day in every subject, why, and whom to ask; nobody's name else, and no level."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core import mail
from django.urls import reverse
from django.utils.formats import date_format

from assessments.models import Participation, Round
from assessments.telling import words
from assessments.telling.occasions import occasions
from assessments.telling.samples import OTHERS, PLAN, samples
from kompetenz.letters.models import Letter
from kompetenz.letters.wording import message_of
from kompetenz.people.models import Person
from tests.clock import NOW, TODAY, in_days


@pytest.fixture
def round_(stage):
    Person.objects.update(last_login=NOW)
    Round.objects.filter(pk=stage.round.pk).update(
        title="Frühjahr", purpose="Damit wir wissen, was wir anbieten.", responsible=stage.cast.paula,
        has_peers=True, peer_due=in_days(20), is_voluntary=True,
    )  # fmt: skip
    return Round.objects.get(pk=stage.round.pk)


def read(person, key, kind="notice"):
    return message_of(Letter(person=Person.objects.get(pk=person.pk), kind=kind, key=key, path="/"))


def day(date):
    return date_format(date)


def test_the_first_letter_says_what_until_when_why_and_whom_to_ask(round_, cast, settings):
    settings.ORGANISATION_ADDRESS = "Kreishausplatz 1, 00000 Musterstadt"
    Participation.objects.filter(round=round_, person=cast.anna).update(self_due=in_days(9))

    message = read(cast.anna, f"round-{round_.pk}-invitation-7-person", "invitation")

    assert message.subject == f"Frühjahr: Selbsteinschätzung bis {day(in_days(9))}"
    for said in (
        f"die Runde „Frühjahr“ hat begonnen. Bitte schätzen Sie sich selbst bis {day(in_days(9))} ein.",
        "Worum es geht: Sie und Ihre Führungskraft schätzen ein", "Damit wir wissen, was wir anbieten.",
        "Die Teilnahme ist freiwillig", "Ansprechperson: Paula Personal", "Kreishausplatz 1, 00000 Musterstadt",
    ):  # fmt: skip
        assert said in message.body
        assert " ".join(said.split()) in " ".join(message.alternatives[0].content.split())
    assert message.extra_headers["List-Id"].startswith("Kompetenzrad <kompetenzrad.")


def test_an_invitation_that_comes_after_its_day_says_so(round_, cast):
    Participation.objects.filter(round=round_, person=cast.anna).update(self_due=in_days(-1))

    message = read(cast.anna, f"round-{round_.pk}-invitation-7-person", "invitation")

    assert message.subject == f"Frühjahr: Selbsteinschätzung überfällig seit {day(in_days(0))}"
    assert f"Bitte schätzen Sie sich selbst noch ein; vorgesehen war das bis {day(in_days(-1))}." in message.body


@pytest.mark.parametrize("alike", [True, False])
def test_of_two_who_are_called_alike_their_manager_reads_who_is_meant(stage, round_, cast, alike):
    stage.release_both()
    Round.objects.update(calendar_tells="people")
    row = stage.participation
    Participation.objects.filter(round=round_, person=cast.dora).update(person_name=row.person_name if alike else "Wer")

    to_manager = read(cast.bernd, f"participation-{row.pk}-release-self-1")
    to_anna = read(cast.anna, f"participation-{row.pk}-release-manager-1")

    meant = f"{row.person_name}, {row.number_and_unit}"
    assert [meant in text for text in (to_manager.subject, to_manager.body)] == [alike] * 2
    assert row.person_name in to_manager.subject
    assert cast.anna.personnel_number not in to_anna.subject + to_anna.body


def test_managers_read_their_own_step(round_, cast):
    message = read(cast.bernd, f"round-{round_.pk}-invitation-7-manager", "invitation")

    assert message.subject == f"Frühjahr: Fremdeinschätzung bis {day(round_.manager_due)}"
    assert "Ihre Leute" in message.body
    assert "freiwillig" not in message.body


@pytest.mark.parametrize(
    ("step", "whose", "when", "subject"),
    [
        ("selbst", "person", "7-tage", "Frühjahr: Selbsteinschätzung, bis {}"),
        ("fremd", "manager", "halb", "Frühjahr: Fremdeinschätzung, bis {}"),
        ("gespraech", "manager", "danach", "Frühjahr: Gespräch, überfällig seit {}"),
        ("lernplan", "person", "1-tage", "Frühjahr: Lernplan, bis {}"),
        ("antwort", "person", "1-tage", "Frühjahr: Antwort auf das Gesprächsergebnis, bis {}"),
    ],
)
def test_a_reminder_names_its_step_and_day(round_, cast, step, whose, when, subject):
    due = in_days(5)
    message = read(cast.anna, f"round-{round_.pk}-{step}-{due:%Y%m%d}-{when}-{whose}", "reminder")

    assert message.subject == subject.format(day(in_days(6) if when == "danach" else due))
    assert day(due) in message.body


def test_a_reminder_by_hand_names_the_first_step_that_is_open(round_, cast):
    message = read(cast.anna, f"round-{round_.pk}-reminder-20260101-person", "reminder")

    assert message.subject == f"Frühjahr: Selbsteinschätzung, bis {day(round_.self_due)}"


@pytest.mark.parametrize("step", ["selbst", "antwort"])
def test_what_is_the_readers_is_theirs_also_within_a_sentence(round_, cast, step):
    body = read(cast.anna, f"round-{round_.pk}-{step}-{in_days(5):%Y%m%d}-7-tage-person", "reminder").body

    assert (re.findall(r"\bihre \S+", body), len(re.findall(r"\nIhre \S+", body))) == ([], 1)


def test_hr_reminds_of_what_is_late_as_late(round_, cast):
    Participation.objects.filter(person=cast.anna).update(self_due=in_days(-3))

    message = read(cast.anna, f"round-{round_.pk}-reminder-20260101-person", "reminder")

    assert message.subject == f"Frühjahr: Selbsteinschätzung, überfällig seit {day(in_days(-2))}"
    assert f": Ihre Selbsteinschätzung war am {day(in_days(-3))} fällig und steht noch aus." in message.body


def test_hr_reminds_of_an_answer_that_is_missing(stage, round_, cast):
    stage.release_both().record()

    message = read(cast.anna, f"round-{round_.pk}-reminder-20260101-person", "reminder")

    assert message.subject == f"Frühjahr: Antwort auf das Gesprächsergebnis, bis {day(stage.round.talk_due)}"


def test_nobody_reads_that_they_are_late_with_an_answer_to_what_was_recorded_late(stage, round_, cast):
    stage.release_both().record()
    Participation.objects.filter(person=cast.anna).update(talk_due=in_days(-3))

    message = read(cast.anna, f"round-{round_.pk}-reminder-20260101-person", "reminder")

    assert message.subject == "Frühjahr: Antwort auf das Gesprächsergebnis"
    assert f"steht noch aus. Vorgesehen war sie bis {day(in_days(-3))}." in message.body
    assert "fällig" not in message.body


def test_hr_reminds_of_a_plan_after_the_round_by_its_name(stage, round_, cast):
    stage.release_both().record().confirm()

    message = read(cast.anna, f"round-{round_.pk}-reminder-20260101-person", "reminder")

    assert (message.subject, "Im Lernplan steht noch etwas aus." in message.body) == ("Frühjahr: Lernplan", True)


def test_what_comes_next_is_late_where_its_day_is_over(round_, cast):
    Participation.objects.filter(person=cast.anna).update(self_due=in_days(-3))

    body = read(cast.anna, f"resumed-{round_.pk}-1-person").body

    assert f"Ihre Selbsteinschätzung war am {day(in_days(-3))} fällig und steht noch aus." in body
    assert "Als Nächstes" not in body


def test_what_is_released_late_says_that_the_talk_is_late(stage, round_, cast):
    Participation.objects.filter(person=cast.anna).update(talk_due=in_days(-3))

    message = read(cast.anna, f"participation-{stage.participation.pk}-release-manager-1", "release")

    assert (
        message.subject == f"Frühjahr: Eine Einschätzung ist freigegeben, Gespräch überfällig seit {day(in_days(-2))}"
    )
    assert f"Als Nächstes: Gespräch überfällig seit {day(in_days(-2))}." in message.body


@pytest.mark.parametrize(("whose", "most"), [("person", 11), ("manager", 10)])
def test_the_first_letter_is_short(round_, cast, whose, most):
    """Paragraphs and addresses of somebody who has never signed in, HR's own sentence and the last lines included."""
    Person.objects.filter(pk=cast.anna.pk).update(last_login=None)

    reader = cast.anna if whose == "person" else cast.bernd
    message = read(reader, f"round-{round_.pk}-invitation-7-{whose}", "invitation")

    assert len([part for part in message.body.split("\n\n") if part.strip()]) <= most


def test_the_first_letter_says_the_way_in_to_whoever_has_been_in_before(round_, cast, settings):
    known = read(cast.anna, f"round-{round_.pk}-invitation-7-person", "invitation").body
    later = read(cast.anna, f"round-{round_.pk}-selbst-{in_days(5):%Y%m%d}-7-tage-person", "reminder").body
    settings.OIDC_SERVER, settings.OIDC_NAME = "https://sso.kreis.example", "Konto der Verwaltung"
    directory = read(cast.anna, f"round-{round_.pk}-invitation-7-person", "invitation").body

    assert "So kommen Sie hinein: mit Ihrer E-Mail-Adresse und Ihrem Passwort." in known
    assert "So kommen Sie hinein: mit Ihrem Konto der Verwaltung" in directory
    assert "So kommen Sie hinein" not in later


def test_no_sentence_leads_to_a_link_that_may_be_another(round_, cast):
    """Between what a letter says and its page stands the way in, for whoever has never signed in."""
    pk, row = round_.pk, Participation.objects.get(round=round_, person=cast.anna).pk
    on = f"{in_days(5):%Y%m%d}"
    keys = [
        *(f"round-{pk}-{rest}" for rest in ("peer-7", f"peer-{on}-7-tage", "closed-person", "without-manager-1")),
        *(f"participation-{row}-{rest}" for rest in ("release-manager-1", "entered-1", "record-1", "again-1-person", "x")),
        f"targets-{pk}-1-person", f"removed-{pk}-1-person", f"refresh-{on}",
    ]  # fmt: skip
    Person.objects.filter(pk=cast.anna.pk).update(last_login=None)

    said = [read(cast.anna, key).body.partition("So kommen Sie hinein")[0] for key in keys]

    assert [text for text in said if text.strip().endswith(":")] == []


def test_a_colleague_is_not_told_who_asks(round_, cast):
    message = read(cast.dora, f"round-{round_.pk}-peer-7", "peer")

    assert message.subject == f"Frühjahr: Einschätzung aus dem Kollegium, bis {day(in_days(20))}"
    assert "Worum es geht: was jemand, mit dem Sie arbeiten" in message.body
    assert "Ansprechperson: Paula Personal" in message.body
    names = [str(person) for person in Person.objects.exclude(pk__in=[cast.dora.pk, round_.responsible_id])]
    assert [name for name in names if name in message.body + message.subject] == []


LETTERS_OF_A_ROUND = [
    ("Beginn", "an Führungskräfte"),
    ("Mehreres an einem Tag", "an die Beteiligten"),
    ("Die Änderung kam zurück", "an die Beteiligten"),
]


def test_hr_reads_every_letter_of_a_round_and_sends_one_to_herself(round_, cast, as_, run_jobs):
    page = reverse("assessments:round_letters", args=[round_.pk])
    run_jobs()
    mail.outbox.clear()
    titles = as_(cast.paula).get(page).text
    text = re.sub(r"[ \n]+", " ", as_(cast.paula).get(page, {"brief": "invitation-person"}).text)
    late = as_(cast.paula).get(page, {"brief": "selbst-person-danach"}).text
    sent = as_(cast.paula).post(page, {"brief": "invitation-person"}, follow=True)
    as_(cast.paula).post(page, {"brief": "several-manager"}, follow=True)
    nothing = as_(cast.paula).post(page, {"brief": "gibt-es-nicht"}, follow=True)
    run_jobs()

    assert f"Frühjahr: Selbsteinschätzung bis {day(round_.self_due)}" in text
    assert "überfällig seit" in late
    assert "Bitte an Kolleginnen und Kollegen" in titles
    assert "Betreff" not in titles
    assert 'aria-current="page" >E-Mails</a>' in text
    assert "Probe unterwegs an" in sent.text
    assert "Probe unterwegs an" not in nothing.text
    message, several = mail.outbox
    assert (message.to, message.subject[:16]) == ([cast.paula.email], "Probe: Frühjahr:")
    assert several.subject == f"Probe: Frühjahr: Fremdeinschätzung, bis {day(round_.manager_due)} und 2 weitere"
    assert [several.body.count(word) for word in ("* Frühjahr: Gespräch, bis", "Kollegium, bis")] == [1, 1]
    assert [f"{what}, </span> {whom}</a>" in text for what, whom in LETTERS_OF_A_ROUND] == [True] * 3
    assert text.count("<span>Beginn</span>") == 1
    assert not Letter.objects.filter(person=cast.paula).exists()


def test_of_a_deadline_that_is_over_no_letter_before_it_is_shown(round_, cast, clock):
    clock.move_to(f"{round_.self_due + timedelta(days=1)}T10:00+00:00")

    shown = {one.title: one.letters for one in samples(round_, cast.paula)}

    assert "Erinnerung vor der Frist: Selbsteinschätzung, an die Beteiligten" not in shown
    assert "Erinnerung nach der Frist: Selbsteinschätzung, an die Beteiligten" in shown
    assert "Erinnerung vor der Frist: Gespräch, an Führungskräfte" in shown
    first = shown["Mehreres an einem Tag, an die Beteiligten"][0]
    assert message_of(first).subject.startswith("Frühjahr: Selbsteinschätzung, überfällig seit")


TO_HR = {words.people_without_manager, words.answer_to_entry}  # and to whoever has typed in a paper
SAME_WORDS = {
    words.request_reminder,
    words.reminder_by_hand,
    words.talk_date,
    words.taken_in_again,
    words.hand_over,
    words.sample,
}


def test_hr_can_look_at_every_letter_that_a_round_writes():
    shown = {words.invitation, words.deadline, words.request, *words.OF_ROUND.values()}
    shown |= {about.__self__ for about in words.OF_ONE.values() if hasattr(about, "__self__")}

    assert {one.said for one in occasions() if one.said} - shown - TO_HR - SAME_WORDS == set()
    assert {name for _, name, _ in OTHERS} == {*words.OF_ONE, *words.OF_ROUND}


@pytest.mark.parametrize("has_peers", [True, False])
@pytest.mark.parametrize("names", ["people", "date"])
def test_what_is_about_one_participation_is_shown_with_an_invented_one(round_, cast, names, has_peers):
    Round.objects.filter(pk=round_.pk).update(calendar_tells=names, has_peers=has_peers)
    before = Participation.objects.count()

    found = samples(Round.objects.get(pk=round_.pk), cast.paula)
    found = [one for one in found if one.heading != PLAN]  # of these, tests/learningplans/telling/test_samples.py
    read = {one.name: message_of(*one.letters) for one in found}

    assert Participation.objects.count() == before
    assert len(read) == len(found)
    assert ("distribution-person" in read, "peer" in read) == (has_peers, has_peers)
    named = {name for name, message in read.items() if words.SOMEBODY in message.subject}
    of_managers = {f"{name}-manager" for name in words.OF_ONE} & set(read)
    assert named == ((of_managers | {"talk-person"}) if names == "people" else set())
    until = date_format(round_.talk_due)
    assert read["record-person"].subject == f"Frühjahr: Ergebnis Ihres Gesprächs wartet auf Ihre Antwort, bis {until}"
    assert "andere Fristen als bisher" in read["days-person"].body
    assert [name for name, message in read.items() if not message.subject.startswith("Frühjahr")] == [
        name for name in read if name.startswith("talk-")
    ]


def test_until_when_a_record_is_to_be_answered_stands_in_the_subject_unless_that_day_is_past(stage):
    stage.release_both().talk().record()
    letter = SimpleNamespace(person=stage.cast.anna)
    subjects = []
    for due in (in_days(1), TODAY):
        Participation.objects.filter(pk=stage.participation.pk).update(talk_due=due)
        subjects.append(words.record(letter, stage.participation.pk).subject)

    asked = f"{stage.round.title}: Ergebnis Ihres Gesprächs wartet auf Ihre Antwort"
    assert subjects == [f"{asked}, bis {date_format(in_days(1))}", asked]


@pytest.mark.parametrize("whose", ["person", "manager"])
@pytest.mark.parametrize("name", words.OF_ROUND)
def test_what_is_open_stands_with_its_day_in_the_subject_whatever_has_changed(stage, name, whose):
    reader = stage.cast.anna if whose == "person" else stage.cast.bernd
    step, due = {"person": ("Selbsteinschätzung", "self_due"), "manager": ("Fremdeinschätzung", "manager_due")}[whose]
    subjects = []
    for on in (in_days(3), in_days(-3)):
        Participation.objects.filter(pk=stage.participation.pk).update(**{due: on})
        subjects.append(words.OF_ROUND[name](SimpleNamespace(person=reader), stage.round.pk, whose).subject)

    late = f"überfällig seit {date_format(in_days(-2))}"
    assert [subject.partition(", ")[2] for subject in subjects] == [
        f"{step} bis {date_format(in_days(3))}",
        f"{step} {late}",
    ]
