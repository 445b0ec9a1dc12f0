"""Retention carried out: announced first, then erased by a worker, and nothing that is not due or not announced."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.models import (
    AgreedLevel,
    Assessment,
    Participation,
    PeerNomination,
    PeerTally,
    Progress,
    Rating,
    Remark,
    Round,
    StockTaking,
    Talk,
)
from assessments.rounds.closing import close_round
from kompetenz import hooks
from kompetenz.jobs import batches
from kompetenz.jobs.daily import run_all
from kompetenz.jobs.models import Job
from kompetenz.letters.models import Letter
from kompetenz.letters.occasions import obstacle_to
from kompetenz.people.models import Deputy, Person
from kompetenz.privacy.models import CarriedOut, Erasure, Notice
from kompetenz.privacy.retention import carrying_out
from kompetenz.privacy.retention.due import due
from kompetenz.privacy.retention.letters import tasks_of
from kompetenz.privacy.retention.troubles import troubles
from learningplans.models import LearningPlan, TrainingYear
from learningplans.training.keeping import keep_in_step
from tests.clock import TODAY, in_days
from tests.conftest import Stage
from tests.learningplans.making import plan_of
from tests.markup import tight

NOW_DUE = in_days(1)


def close(stage, *, days_ago):
    """The stage's round, ended so many days ago."""
    close_round(round_=stage.round)
    moment = timezone.now() - timedelta(days=days_ago)
    Round.objects.filter(pk=stage.round.pk).update(closed_at=moment, opened_at=moment - timedelta(days=90))


def carry_out(rule, *ids):
    carrying_out.ERASE[rule](list(ids))


@pytest.fixture
def daily(run_jobs):
    """``daily()`` is a day of the worker's, with `manage.py daily`; of this app's entries alone."""

    def day():
        with hooks.only("every_day", carrying_out.carry_out, carrying_out.forget_what_is_short):
            run_all(timezone.localdate(timezone.now()))
        run_jobs()

    return day


def pass_days(days):
    """As if so many days had passed: what was announced was announced so much earlier."""
    for notice in Notice.objects.all():
        notice.told_on -= timedelta(days=days)
        notice.due_on -= timedelta(days=days)
        notice.save()


# What is due --------------------------------------------------------------------------------------


def test_nothing_of_a_running_round_is_due(stage):
    stage.answer(stage.own)

    assert due(in_days(4000)) == {}


def test_drafts_are_due_thirty_days_after_the_round(stage):
    stage.answer(stage.own)
    close(stage, days_ago=31)
    theirs = Participation.objects.get(person=stage.cast.anna).pk

    assert due(TODAY) == {"drafts": {theirs: in_days(-1)}}
    assert due(in_days(-1)) == {}


def test_what_nobody_has_begun_has_no_drafts(stage):
    close(stage, days_ago=31)

    assert due(TODAY) == {}


def test_who_left_long_ago_is_due_unless_they_lead_somebody_still(cast):
    for person in (cast.fremd, cast.bernd):
        Person.objects.filter(pk=person.pk).update(leaving_date=in_days(-200))

    assert list(due(TODAY)["left"]) == [cast.fremd.pk]


def test_who_was_deactivated_without_a_last_day_is_due_from_then_on(cast):
    cast.fremd.is_active = False
    cast.fremd.save(update_fields=["is_active"])
    Person.objects.filter(pk=cast.dora.pk).update(is_active=False, leaving_date=in_days(1000))
    first = Person.objects.get(pk=cast.fremd.pk).deactivated_on

    Person.objects.filter(pk=cast.fremd.pk).update(deactivated_on=in_days(-200))
    Person.objects.filter(pk=cast.fremd.pk).update(is_active=False)

    assert (first, list(due(TODAY)["left"])) == (TODAY, [cast.fremd.pk])
    Person.objects.filter(pk=cast.fremd.pk).update(is_active=True)
    assert due(TODAY) == {}


def test_whoever_deactivates_somebody_reads_what_follows(as_, cast):
    client, url = as_(cast.paula), reverse("people:edit", args=[cast.fremd.pk])
    before = tight(client.get(url).text)
    client.post(reverse("people:deactivate", args=[cast.fremd.pk]))

    assert "werden sie nach 3 Monaten gelöscht wie nach einem letzten Arbeitstag" in before
    assert "Einen letzten Arbeitstag hat sie nicht: Nach 3 Monaten wird sie gelöscht." in tight(client.get(url).text)


def test_what_goes_whole_is_announced_once(stage):
    stage.release_both().record().confirm()
    close(stage, days_ago=365 * 4)

    assert due(TODAY).keys() == {"records"}


# What is erased -----------------------------------------------------------------------------------


def test_drafts_are_erased_and_what_was_released_stays(stage):
    stage.release(stage.own).answer(stage.manager)
    Remark.objects.create(assessment=stage.manager, competency_id=stage.competencies[0].id, text="Entwurf")
    close(stage, days_ago=31)

    carry_out("drafts", stage.participation.pk)

    again = Participation.objects.get(pk=stage.participation.pk)
    assert (again.get_self_state_display(), again.get_manager_state_display()) == ("freigegeben", "noch nicht begonnen")
    assert set(Rating.objects.values_list("assessment", flat=True)) == {stage.own.pk}
    assert not Remark.objects.exists()


def test_a_talk_that_nobody_recorded_is_a_draft(stage):
    stage.release_both().talk()
    close(stage, days_ago=31)

    carry_out("drafts", stage.participation.pk)

    assert not Talk.objects.exists()
    assert Rating.objects.exists()


def test_a_recorded_talk_is_none(stage):
    stage.release_both().record()
    close(stage, days_ago=31)

    carry_out("drafts", stage.participation.pk)

    assert AgreedLevel.objects.count() == len(stage.competencies)


def everything_of_both_sides(stage):
    cast, own = stage.cast, stage.participation
    stage.release_both().record().confirm()
    Remark.objects.create(assessment=stage.own, competency_id=stage.competencies[0].id, text="Eigenes")
    StockTaking.objects.create(participation=own, tasks="Aufgaben")
    PeerNomination.objects.create(participation=own, peer=cast.dora)
    PeerTally.objects.create(participation=own, competency_id=stage.competencies[0].id, level=1, count=5)


def test_assessments_are_erased_and_what_was_agreed_stays(stage, as_):
    everything_of_both_sides(stage)
    close(stage, days_ago=800)

    carry_out("assessments", stage.participation.pk)

    theirs = {"participation": stage.participation}
    found = [model.objects.filter(**theirs).count() for model in (Assessment, StockTaking, PeerNomination, PeerTally)]
    assert found == [0, 0, 0, 0]
    assert (Rating.objects.filter(assessment__participation=stage.participation).count(), Remark.objects.count()) == (
        0,
        0,
    )
    assert AgreedLevel.objects.count() == len(stage.competencies)
    assert due(TODAY).get("assessments", {}).get(stage.participation.pk) is None


@pytest.mark.parametrize("who", ["anna", "bernd"])
def test_the_page_says_that_assessments_were_erased(stage, as_, who):
    everything_of_both_sides(stage)
    close(stage, days_ago=800)
    carry_out("assessments", stage.participation.pk)
    client = as_(getattr(stage.cast, who))

    page = client.get(stage.participation.get_absolute_url())

    assert "Beide Einschätzungen wurden am" in page.text
    assert "stimmen in allen Kompetenzen überein" not in page.text
    for address in ("start", "learningplans:growth"):
        assert client.get(reverse(address)).status_code == 200


def test_records_go_with_all_that_is_left(stage, as_):
    plan = plan_of(stage.release_both().record().confirm().participation, state=LearningPlan.State.AGREED)
    close(stage, days_ago=365 * 5)

    carry_out("records", stage.participation.pk)

    assert not Participation.objects.filter(pk=stage.participation.pk).exists()
    assert not LearningPlan.objects.filter(pk=plan.pk).exists()


def test_a_draft_of_a_plan_goes_and_the_record_stays(stage):
    stage.release_both().record().confirm()
    plan = LearningPlan.objects.create(participation=stage.participation)
    Participation.objects.filter(pk=stage.participation.pk).update(plan_state=1)
    close(stage, days_ago=400)
    LearningPlan.objects.filter(pk=plan.pk).update(changed_at=timezone.now() - timedelta(days=300))

    assert list(due(TODAY)["plan_drafts"]) == [stage.participation.pk]
    carry_out("plan_drafts", stage.participation.pk)

    assert not LearningPlan.objects.exists()
    assert Participation.objects.get(pk=stage.participation.pk).plan_state == 0
    assert Talk.objects.exists()


# Beforehand ---------------------------------------------------------------------------------------


def a_draft_to_erase(stage):
    stage.answer(stage.own)
    close(stage, days_ago=40)


def test_nothing_is_erased_before_it_was_announced_long_enough(stage, daily):
    a_draft_to_erase(stage)

    daily()
    first = Notice.objects.get()
    daily()

    assert (first.told_on, first.due_on, first.counts) == (TODAY, in_days(14), {"drafts": 1})
    assert Notice.objects.count() == 1
    assert Rating.objects.exists()
    pass_days(13)
    daily()
    assert Rating.objects.exists()


def test_what_was_announced_is_erased_on_its_day_and_counted(stage, daily):
    a_draft_to_erase(stage)
    daily()
    pass_days(14)

    daily()

    assert not Rating.objects.exists()
    assert [(done.rule, done.number, done.on) for done in CarriedOut.objects.all()] == [("drafts", 1, TODAY)]
    notice = Notice.objects.get()
    assert (notice.settled_on, notice.items, notice.counts) == (TODAY, {}, {"drafts": 1})
    daily()
    assert CarriedOut.objects.count() == 1


def test_what_is_in_use_again_is_not_erased(stage, daily):
    stage.release_both().record().confirm()
    plan = LearningPlan.objects.create(participation=stage.participation)
    Participation.objects.filter(pk=stage.participation.pk).update(plan_state=1)
    close(stage, days_ago=400)
    plans = LearningPlan.objects.filter(pk=plan.pk)
    plans.update(changed_at=timezone.now() - timedelta(days=300))
    daily()
    pass_days(14)

    plans.update(changed_at=timezone.now())
    daily()

    assert plans.exists()
    assert Notice.objects.get().settled_on == TODAY


def test_a_batch_asks_again_whether_it_is_due(stage):
    a_draft_to_erase(stage)
    job = batches.unsaved(
        carrying_out.CARRYING_OUT, subject="drafts", title="", items=[stage.participation.pk], by=None
    )
    Round.objects.update(closed_at=timezone.now())

    carrying_out.erase_some(job, job.items)

    assert Rating.objects.exists()
    assert job.tally == {"erased": 0}


def test_a_killed_worker_leaves_nothing_half_done(stage, daily, monkeypatch):
    a_draft_to_erase(stage)
    daily()
    pass_days(14)

    def killed(ids):
        Rating.objects.all().delete()
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setitem(carrying_out.ERASE, "drafts", killed)
        carrying_out.look.func()
        with pytest.raises(KeyboardInterrupt):
            batches.work.func()
    assert Rating.objects.exists()
    batches.Job.objects.update(in_hand_until=None)
    daily()

    assert not Rating.objects.exists()


def test_what_cannot_be_erased_keeps_nothing_else_and_is_said(as_, stage, daily, monkeypatch):
    """Each night it is tried again, and the one that is in the way stays the only one."""
    both = Participation.objects.filter(round=stage.round)
    both.update(self_state=Progress.STARTED)
    close(stage, days_ago=40)
    daily()
    pass_days(14)
    stuck, erase = stage.participation.pk, carrying_out.ERASE["drafts"]

    def erase_others(ids):
        erase(ids)
        if stuck in ids:
            raise ValueError

    with monkeypatch.context() as patched:
        patched.setitem(carrying_out.ERASE, "drafts", erase_others)
        daily()
        daily()

    number = both.count() - 1
    assert list(both.filter(self_state=Progress.STARTED)) == [stage.participation]
    assert [(done.rule, done.number) for done in CarriedOut.objects.all()] == [("drafts", number)]
    for who in (stage.cast.paula, stage.cast.audit):
        page = tight(as_(who).get(reverse("privacy:retention")).text)
        assert "Nicht gelöscht werden konnte: 1. Ihre IT findet den Grund im Protokoll des Servers." in page
        assert "Löschungen sind nicht zu Ende gekommen" in [task.title for task in tasks_of(who)]
    daily()
    assert (troubles(), both.filter(self_state=Progress.STARTED).count()) == ([], 0)


@pytest.mark.parametrize("state", ["failed", "stopped"])
def test_a_job_that_stands_still_stops_its_rule_for_a_night_at_most(stage, daily, state):
    a_draft_to_erase(stage)
    daily()
    pass_days(14)
    stands = {"kind": "retention", "subject": "drafts", "state": state, "total": 3, "problem": "Ein Fehler."}
    Job.objects.create(title="Aufbewahrung", items=[1, 2, 3], **stands)
    [(name, said)] = troubles()

    daily()

    assert name.startswith("Entwürfe von Einschätzungen")
    assert said.endswith("Erledigt: 0 von 3. In der nächsten Nacht wird es noch einmal versucht.")
    assert (Rating.objects.exists(), troubles()) == (False, [])


@pytest.mark.parametrize("kind", ["retention", "erasing a person"])
@pytest.mark.parametrize("state", ["failed", "stopped"])
def test_hr_and_auditors_hear_of_what_stands_still_once(as_, cast, kind, state):
    Job.objects.create(kind=kind, subject="drafts", title="Löschung", state=state, problem="Ein Fehler.", total=3)

    for who in (cast.paula, cast.audit):
        tasks = [task for _, group in as_(who).get("/").context["task_groups"] for task, _ in group]
        assert len(tasks) == 1


def test_an_erasure_on_request_that_stands_still_is_said_without_whom(as_, cast):
    Job.objects.create(
        kind="erasing a person",
        subject="1",
        title="Löschung",
        state="failed",
        problem="Dora Özgür führt noch 2 Personen.",
    )

    page = tight(as_(cast.audit).get(reverse("privacy:retention")).text)

    assert "Löschung einer Person auf Antrag: Sie steht still." in page
    assert "Dora" not in page


def test_what_is_announced_and_never_erased_is_overdue(as_, cast):
    for days in (-8, -7):
        Notice.objects.create(told_on=in_days(days - 14), due_on=in_days(days), counts={"drafts": 1})

    page = as_(cast.audit).get(reverse("privacy:retention")).text

    assert page.count("überfällig") == 1
    assert [task.title for task in tasks_of(cast.audit)] == ["Löschungen sind nicht zu Ende gekommen"]


def test_who_was_erased_on_request_is_listed_by_number_alone(as_, cast):
    one = Erasure.objects.create(by=cast.paula, marks=["x"])

    page = as_(cast.audit).get(reverse("privacy:retention")).text

    assert str(one.key) in page
    assert "Personal, Paula" in page


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.parametrize(("rule", "tables"), [("drafts", 4), ("left", 3)])
def test_what_is_looked_at_is_held_until_it_is_erased(stage, rule, tables):
    job = batches.unsaved(carrying_out.CARRYING_OUT, subject=rule, title="", items=[stage.participation.pk], by=None)

    with CaptureQueriesContext(connection) as queries:
        carrying_out.erase_some(job, job.items)

    assert ["FOR UPDATE" in query["sql"] for query in queries][: tables + 1] == [True] * tables + [False]


def test_hr_and_auditors_hear_of_it_and_nobody_else(stage, daily):
    a_draft_to_erase(stage)

    daily()

    written = Letter.objects.filter(key__startswith="retention-")
    assert {letter.person for letter in written} == {stage.cast.paula, stage.cast.audit}
    assert [task.title for task in tasks_of(stage.cast.audit)] == ["Löschungen stehen bevor"]
    assert tasks_of(stage.cast.anna) == []


def test_the_letter_names_the_day_and_nothing_of_what(stage, daily, mailoutbox):
    a_draft_to_erase(stage)

    daily()

    letter = next(one for one in mailoutbox if one.to == [stage.cast.paula.email])
    assert letter.subject.startswith("Löschung nach Ablauf der Frist ab ")
    assert "Ärmel" not in letter.body
    assert reverse("privacy:retention") in letter.body


def test_a_letter_about_what_is_done_is_not_sent(stage, daily):
    a_draft_to_erase(stage)
    daily()
    letter = Letter.objects.filter(key__startswith="retention-").first()
    Notice.objects.update(settled_on=TODAY)

    assert obstacle_to(letter) == "Das ist inzwischen erledigt."


@pytest.mark.parametrize("who", ["paula", "audit"])
def test_the_page_says_how_many_of_what_kind_and_nobodys_name(as_, stage, daily, who):
    a_draft_to_erase(stage)
    daily()

    page = as_(getattr(stage.cast, who)).get(reverse("privacy:retention")).text

    assert "1 × Entwürfe von Einschätzungen" in page
    assert "Ärmel" not in page


def test_an_empty_page_says_that_nothing_is_to_come(as_, cast):
    page = as_(cast.audit).get(reverse("privacy:retention")).text

    assert "Zurzeit steht keine Löschung bevor." in page
    assert "Nach diesen Regeln wurde noch nichts gelöscht." in page


def test_the_page_says_when_nobody_looks(as_, cast, daily, clock):
    said = []
    for days in (0, 2, 1):
        clock.shift(timedelta(days=days))
        said.append("Seit mehr als zwei Tagen" in as_(cast.audit).get(reverse("privacy:retention")).text)
        if not days:
            daily()
            said.append("Zuletzt geprüft" in as_(cast.audit).get(reverse("privacy:retention")).text)

    assert said == [True, True, False, True]


@pytest.mark.parametrize(("weeks", "is_said"), [(7, False), (8, True)])
def test_a_round_that_nobody_ends_is_said_for_as_long_nothing_of_it_is_erased(as_, stage, weeks, is_said):
    last = in_days(-7 * weeks)
    days = {"self_due": last, "manager_due": last, "talk_due": last, "plan_due": None}
    Round.objects.update(**days, peer_due=None)
    Participation.objects.update(**days)

    pages = [as_(stage.cast.audit).get(reverse("privacy:retention")).text, as_(stage.cast.paula).get("/").text]

    assert [f"vor {weeks} Wochen" in pages[0], "Runde beenden?" in pages[1]] == [is_said, is_said]
    assert [reverse("assessments:round_close", args=[stage.round.pk]) in page for page in pages] == [False, is_said]


@pytest.mark.parametrize(
    ("waits", "is_said"), [({}, False), ({"declined_on": TODAY}, True), ({"paused_on": TODAY}, True)]
)
def test_a_round_is_not_left_running_while_somebody_has_a_later_deadline_of_their_own(as_, stage, waits, is_said):
    last = in_days(-70)
    days = {"self_due": last, "manager_due": last, "talk_due": last, "plan_due": None}
    Round.objects.update(**days, peer_due=None)
    Participation.objects.update(**days)
    Participation.objects.filter(person=stage.cast.anna).update(talk_due=in_days(20), **waits)

    pages = [as_(stage.cast.audit).get(reverse("privacy:retention")).text, as_(stage.cast.paula).get("/").text]

    assert ["vor 10 Wochen" in pages[0], "Runde beenden?" in pages[1]] == [is_said, is_said]


@pytest.mark.parametrize("people", [1, 3])
def test_page_query_count(as_, cast, people, django_assert_max_num_queries):
    for number in range(people):
        Notice.objects.create(due_on=in_days(14 + number), counts={"drafts": 3}, items={"drafts": [1, 2, 3]})
        CarriedOut.objects.create(rule="drafts", number=3)
    client = as_(cast.audit)

    # session, user, last look, since when the app is there (if migrated: two), notices, jobs, rounds, erasures, what was erased and how much
    with django_assert_max_num_queries(11):
        client.get(reverse("privacy:retention"))


# Meine Daten --------------------------------------------------------------------------------------


def test_people_read_until_when_their_records_stay(as_, cast):
    stage = Stage(cast, title="Alte Runde")
    stage.release_both().record().confirm()
    close(stage, days_ago=10)
    Stage(cast, title="Neue Runde")

    page = as_(cast.anna).get(reverse("my_data")).text

    old, new = (page.split(f"{title}</a>")[1].split("</tr>")[0] for title in ("Alte Runde", "Neue Runde"))
    assert "Einschätzungen bis " in old
    assert "das Übrige bis " in old
    assert "bis die Runde beendet ist, danach höchstens 36 Monate" in new


def test_former_deputies_are_forgotten_after_three_years(cast, daily):
    Deputy.objects.create(manager=cast.bernd, person=cast.dora, since=in_days(-1300), until=in_days(-1200))
    kept = Deputy.objects.create(manager=cast.bernd, person=cast.dora, since=in_days(-300), until=in_days(-200))

    daily()

    assert list(Deputy.objects.all()) == [kept]


def test_sums_of_a_year_are_counted_anew_where_bookings_go(stage):
    plan = plan_of(stage.release_both().record().confirm().participation, state=LearningPlan.State.AGREED)
    keep_in_step([plan.pk])
    before = set(TrainingYear.objects.values_list("year", "token"))

    carry_out("records", stage.participation.pk)

    assert before
    assert before.isdisjoint(TrainingYear.objects.values_list("year", "token"))
