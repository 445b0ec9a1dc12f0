"""All documents of a round: which ones, made how, and what happens when something goes wrong on the way."""

import io
import threading
from datetime import timedelta
from zipfile import ZipFile

import psycopg
import pytest
from django.db import OperationalError, connection
from django.template.loader import render_to_string
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from assessments.changes.declining import decline
from assessments.models import Participation, PlanProgress
from assessments.talk import recording
from kompetenz.documents import PdfUnavailable
from kompetenz.documents.archive import zip_stream
from kompetenz.jobs.daily import run_all
from kompetenz.jobs.recovery import MOST_WORKERS, recover_stuck_tasks
from kompetenz.people.models import Person
from kompetenz.refusals import Refused
from learningplans.drafting import agreeing
from learningplans.models import Bundle, BundleDocument, LearningPlan
from learningplans.round_documents import bundling
from tests.clock import TODAY
from tests.conftest import Stage
from tests.learningplans.making import participation_of, plan_of
from tests.learningplans.round_documents.bundles import round_of, work

AGREED, COMPLETED, DRAFT = LearningPlan.State.AGREED, LearningPlan.State.COMPLETED, LearningPlan.State.DRAFT


@pytest.fixture
def printed(monkeypatch):
    """Instead of PDFs a few bytes; the list says for whom there were any."""
    made = []

    def plan_pdf(plan, user):
        made.append(plan.participation.person_name)
        return b"%PDF " + plan.participation.person_name.encode()

    monkeypatch.setattr(bundling, "plan_pdf", plan_pdf)
    monkeypatch.setattr(bundling, "comparison_pdf", lambda participation, user: b"%PDF comparison")
    return made


@pytest.fixture
def round_(cast):
    return round_of(cast.bernd, "Anna Ärmel", "Dora Özgür", "Emil Weiß")


def begun(round_, cast):
    return bundling.begin_bundle(round_=round_, by=cast.paula)


def outcome(bundle):
    """File name and problem of every document that is done."""
    return list(bundle.documents.filter(done_at__isnull=False).values_list("file_name", "problem"))


def but_for_the_look_after_bundles():
    """All tasks but the one that runs every minute while a bundle is being made."""
    return DBTaskResult.objects.exclude(task_path=bundling.look_after_bundles.module_path)


def is_finished(bundle):
    bundle.refresh_from_db()
    return bundle.finished_at is not None


# --- what belongs to it -----------------------------------------------------------------------------------------


def test_every_agreed_plan_is_in_it_and_no_draft(cast, round_):
    for participation, state in [(participation_of(cast.anna), DRAFT), (participation_of(cast.clara), COMPLETED)]:
        plan_of(participation, state=state)
        Participation.objects.filter(pk=participation.pk).update(round=round_, plan_state=PlanProgress[state.upper()])

    names = [name for _, _, name in bundling.wanted_documents(round_)]

    assert names == [
        "Lernplan-Aermel-Anna-Runde-2026.pdf",
        "Lernplan-Chefin-Clara-0001-Runde-2026.pdf",
        "Lernplan-Oezguer-Dora-Runde-2026.pdf",
        "Lernplan-Weiss-Emil-Runde-2026.pdf",
    ]
    assert bundling.how_many(round_) == 4


def test_comparisons_are_in_it_only_where_the_round_shows_levels_to_hr(cast):
    shown = round_of(cast.bernd, "Anna Ärmel", shows_levels_to_hr=True)
    hidden = round_of(cast.bernd, "Anna Ärmel")

    names = [[name for _, _, name in bundling.wanted_documents(each)] for each in (shown, hidden)]

    assert names == [
        ["Lernplan-Aermel-Anna-Runde-2026.pdf", "Kompetenzvergleich-Aermel-Anna-Runde-2026.pdf"],
        ["Lernplan-Aermel-Anna-Runde-2026.pdf"],
    ]


def test_names_are_distinct_plain_and_short(db):
    names = [
        "Meier, Anna",
        "Meier, Anna",
        "MEIER, anna",
        "Meier, Anna 2",
        "../../etc, passwd\r\n",
        "李",
        "山",
        "Ü" * 160,
    ]

    assert list(bundling.distinct_stems(names)) == [
        "Meier-Anna",
        "Meier-Anna-2",
        "MEIER-anna-3",
        "Meier-Anna-2-2",
        "etc-passwd",
        "Person",
        "Person-2",
        "Ue" * 22 + "U",
    ]


def test_the_longest_names_there_can_be_fit(cast, printed):
    long = f"{'Ü' * 80} {'Ö' * 80}"
    round_ = round_of(cast.bernd, long, long)

    bundle = begun(round_, cast)

    assert [len(name) for name in bundle.documents.values_list("file_name", flat=True)] == [69, 69]


def test_a_round_without_agreed_plans_has_nothing_to_bundle(cast):
    round_ = round_of(cast.bernd, "Anna Ärmel", state=DRAFT)

    with pytest.raises(Refused):
        begun(round_, cast)

    assert (Bundle.objects.count(), DBTaskResult.objects.count()) == (0, 0)


# --- made by a worker -------------------------------------------------------------------------------------------


def test_a_worker_makes_them_all_and_then_the_bundle_is_finished(cast, round_, printed):
    bundle = begun(round_, cast)
    assert not is_finished(bundle)

    work()

    assert is_finished(bundle)
    assert sorted(printed) == ["Anna Ärmel", "Dora Özgür", "Emil Weiß"]
    assert (
        bytes(bundle.documents.get(file_name="Lernplan-Aermel-Anna-Runde-2026.pdf").content)
        == "%PDF Anna Ärmel".encode()
    )
    assert set(but_for_the_look_after_bundles().values_list("status", flat=True)) == {"SUCCESSFUL"}


def test_asking_twice_makes_one(cast, round_, printed):
    first, second = begun(round_, cast), begun(round_, cast)

    work()

    assert (first, Bundle.objects.count(), len(printed)) == (second, 1, 3)


def test_two_rounds_are_made_side_by_side(cast, round_, printed):
    other = round_of(cast.bernd, "Fritz Fuchs")

    bundles = [begun(each, cast) for each in (round_, other)]
    work()

    assert [is_finished(bundle) for bundle in bundles] == [True, True]


def test_a_new_one_takes_the_place_of_the_one_before_when_it_is_finished(cast, round_, printed):
    first = begun(round_, cast)
    work()
    second = begun(round_, cast)
    assert list(Bundle.objects.finished()) == [first]

    work()

    assert list(Bundle.objects.finished()) == [second]


def test_a_document_that_is_made_is_not_made_again(cast, round_, printed):
    bundle = begun(round_, cast)
    work()

    for document in bundle.documents.all():
        bundling.make_document.call(bundle.pk, document.pk)

    assert len(printed) == 3


def test_one_that_fails_has_its_problem_and_stops_no_other(cast, round_, printed, monkeypatch):
    whole = bundling.plan_pdf

    def plan_pdf(plan, user):
        if plan.participation.person_name == "Dora Özgür":
            raise ValueError("a hole in the paper")
        return whole(plan, user)

    monkeypatch.setattr(bundling, "plan_pdf", plan_pdf)
    bundle = begun(round_, cast)

    work()

    assert is_finished(bundle)
    assert outcome(bundle) == [
        ("Lernplan-Aermel-Anna-Runde-2026.pdf", ""),
        ("Lernplan-Oezguer-Dora-Runde-2026.pdf", "Dieses Dokument ließ sich nicht erstellen."),
        ("Lernplan-Weiss-Emil-Runde-2026.pdf", ""),
    ]


def test_where_no_pdf_can_be_made_the_problem_says_why(cast, round_, monkeypatch):
    def plan_pdf(plan, user):
        raise PdfUnavailable

    monkeypatch.setattr(bundling, "plan_pdf", plan_pdf)
    bundle = begun(round_, cast)

    work()

    assert {problem for _, problem in outcome(bundle)} == {str(PdfUnavailable())}


def test_somebody_who_leaves_the_round_meanwhile_keeps_nothing_from_being_finished(cast, round_, printed):
    bundle = begun(round_, cast)
    round_.participations.filter(person_name="Emil Weiß").delete()

    work()

    assert is_finished(bundle)
    assert len(outcome(bundle)) == 2


def test_somebody_who_leaves_after_their_document_was_lost_does_neither(cast, round_, printed):
    bundle = begun(round_, cast)
    bundling.enqueue_documents.call(bundle.pk)
    DBTaskResult.objects.all().delete()
    round_.participations.all().delete()

    bundling.keep_going(bundle)
    work()

    assert is_finished(bundle)


def test_what_was_thrown_away_is_not_made(cast, round_, printed):
    begun(round_, cast).delete()

    work()

    assert printed == []
    assert set(but_for_the_look_after_bundles().values_list("status", flat=True)) == {"SUCCESSFUL"}


# --- who may --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [{"is_hr": False}, {"is_active": False}, {"leaving_date": "2020-01-01"}, None])
def test_nothing_is_made_for_somebody_who_is_no_longer_hr(cast, round_, printed, change):
    bundle = begun(round_, cast)
    if change:
        for field, value in change.items():
            setattr(cast.paula, field, value)
        cast.paula.save()
    else:
        cast.paula.delete()

    work()

    assert (printed, is_finished(bundle)) == ([], True)
    assert {problem for _, problem in outcome(bundle)} == {
        "Wer das angefordert hat, gehört nicht mehr zur Personalentwicklung."
    }


def test_a_plan_that_is_a_draft_again_is_not_handed_out(cast, round_, printed):
    bundle = begun(round_, cast)
    agreeing.reopen_plan(plan=LearningPlan.objects.get(participation__person_name="Dora Özgür"))

    work()

    assert ("Lernplan-Oezguer-Dora-Runde-2026.pdf", "Der Lernplan ist wieder ein Entwurf.") in outcome(bundle)
    assert len(printed) == 2


def test_a_comparison_that_is_no_longer_disclosed_is_not_handed_out(cast, printed):
    round_ = round_of(cast.bernd, "Anna Ärmel", shows_levels_to_hr=True)
    bundle = begun(round_, cast)
    round_.participations.update(talk_state=0, manager_state=1)

    work()

    assert ("Kompetenzvergleich-Aermel-Anna-Runde-2026.pdf", "Der Vergleich liegt nicht mehr offen.") in outcome(bundle)


def test_it_says_what_hr_reads_even_if_somebody_who_reads_more_has_asked(cast, monkeypatch):
    monkeypatch.setattr(
        "learningplans.pdf.render_pdf", lambda template, context: render_to_string(template, context).encode()
    )
    round_ = round_of(cast.bernd, "Anna Ärmel")
    cast.bernd.is_hr = True
    cast.bernd.save()
    own = LearningPlan.objects.visible_to(cast.bernd).in_full_for(cast.bernd)
    assert own.exists()

    bundle = bundling.begin_bundle(round_=round_, by=cast.bernd)
    work()

    text = bytes(bundle.documents.get().content).decode()
    assert "Auszug mit Maßnahmen und Terminen, ohne Ziele und Stufen." in text
    assert "Verfahren" not in text


def test_hr_as_such_is_nobodys_manager_and_in_no_round(cast):
    everybody = [participation_of(somebody) for somebody in (cast.anna, cast.bernd, cast.clara)]  # clara has no manager

    assert not Participation.objects.shared_with(Person.hr_as_such()).exists()
    assert [each.is_shared_with(Person.hr_as_such()) for each in everybody] == [False] * 3


# --- broken off ---------------------------------------------------------------------------------------------------


def test_a_killed_workers_document_is_made_by_the_next(cast, round_, printed):
    bundle = begun(round_, cast)
    bundling.enqueue_documents.call(bundle.pk)
    DBTaskResult.objects.filter(task_path__endswith="enqueue_documents").delete()
    DBTaskResult.objects.filter(task_path__endswith="make_document").first().claim("killed")
    work()
    assert (len(printed), is_finished(bundle)) == (2, False)

    DBTaskResult.objects.running().update(started_at=timezone.now() - timedelta(hours=1))
    recover_stuck_tasks()
    work()

    assert (len(printed), is_finished(bundle)) == (3, True)


def test_a_database_that_is_away_for_a_moment_loses_nothing(cast, round_, printed, monkeypatch):
    whole, away = bundling.plan_pdf, [True]

    def plan_pdf(plan, user):
        if away.pop() if away else False:
            raise OperationalError("gone") from psycopg.OperationalError("gone")
        return whole(plan, user)

    monkeypatch.setattr(bundling, "plan_pdf", plan_pdf)
    bundle = begun(round_, cast)
    work()
    assert (len(outcome(bundle)), is_finished(bundle)) == (2, False)

    bundling.keep_going(bundle)
    work()

    assert ([problem for _, problem in outcome(bundle)], is_finished(bundle)) == ([""] * 3, True)


def test_a_document_that_kills_every_worker_is_left_out_and_the_others_are_made(cast, round_, printed):
    bundle = begun(round_, cast)
    bundling.enqueue_documents.call(bundle.pk)
    deadly = bundle.documents.first()
    for number in range(MOST_WORKERS):
        bundling.make_document.enqueue(bundle.pk, deadly.pk)
        task = but_for_the_look_after_bundles().filter(status="READY", args_kwargs__args=[bundle.pk, deadly.pk]).first()
        task.claim(f"killed {number}")
    but_for_the_look_after_bundles().filter(status="READY", args_kwargs__args=[bundle.pk, deadly.pk]).delete()

    bundling.keep_going(bundle)
    work()

    assert (len(printed), is_finished(bundle)) == (2, True)
    assert list(bundling.problems(bundle)) == [(deadly.file_name, bundling.NOT_MADE)]


def test_keeping_going_again_and_again_enqueues_one_thing(cast, round_, printed):
    bundle = begun(round_, cast)

    for _ in range(5):
        bundling.keep_going(bundle)
    work()

    # one that enqueues, the three documents, and the look after them to come
    assert (len(printed), DBTaskResult.objects.count()) == (3, 5)


def test_what_a_worker_has_lost_is_made_after_a_minute_though_nobody_watches(cast, round_, printed, clock):
    bundle = begun(round_, cast)
    but_for_the_look_after_bundles().delete()

    work()
    before = len(printed)
    clock.shift(bundling.SILENCE + timedelta(seconds=1))
    work()

    assert (before, len(printed), is_finished(bundle)) == (0, 3, True)


def test_as_long_as_documents_come_nothing_is_enqueued_again(cast, round_, printed, clock):
    bundle = begun(round_, cast)
    but_for_the_look_after_bundles().delete()
    clock.shift(bundling.SILENCE + timedelta(seconds=1))
    document = bundle.documents.first()
    BundleDocument.objects.filter(pk=document.pk).update(content=b"%PDF", done_at=timezone.now())

    work()

    assert (printed, is_finished(bundle)) == ([], False)


def looks_to_come():
    return DBTaskResult.objects.filter(task_path=bundling.look_after_bundles.module_path, status="READY").count()


def test_bundles_are_looked_after_until_the_last_is_finished(cast, round_, printed, clock):
    begun(round_, cast)
    but_for_the_look_after_bundles().delete()
    looks = [looks_to_come()]
    for _ in range(3):
        clock.shift(bundling.SILENCE + timedelta(seconds=1))
        work()
        looks.append(looks_to_come())

    assert looks == [1, 1, 0, 0]  # made in the first minute, seen to be finished in the second


def test_every_day_bundles_get_back_the_look_that_was_lost(cast, round_, printed, clock):
    bundle = begun(round_, cast)
    DBTaskResult.objects.all().delete()
    clock.shift(timedelta(days=1))

    bundling.see_to_bundles(TODAY)
    work()

    assert (len(printed), is_finished(bundle)) == (3, True)


def test_where_no_bundle_is_being_made_nothing_is_looked_after(db):
    bundling.see_to_bundles(TODAY)

    assert not DBTaskResult.objects.exists()


def at_the_same_time(*acts):
    """Run all in threads; each waits for the others where it calls ``meet()``."""
    failed = []

    def run(act):
        try:
            act()
        except Exception as error:  # noqa: BLE001 - a thread's errors would be lost
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failed == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_the_last_two_documents_finish_the_bundle(cast, monkeypatch):
    together = threading.Barrier(2, timeout=20)
    monkeypatch.setattr(bundling, "plan_pdf", lambda plan, user: b"%PDF %d" % together.wait())
    bundle = begun(round_of(cast.bernd, "Anna Ärmel", "Dora Özgür"), cast)

    at_the_same_time(
        *(lambda pk=document.pk: bundling.make_document.call(bundle.pk, pk) for document in bundle.documents.all())
    )

    assert (is_finished(bundle), len(outcome(bundle))) == (True, 2)


@pytest.mark.django_db(transaction=True)
def test_two_of_hr_who_ask_at_the_same_moment_get_one_bundle(cast):
    round_ = round_of(cast.bernd, "Anna Ärmel")
    together = threading.Barrier(2, timeout=20)

    def ask():
        together.wait()
        begun(round_, cast)

    at_the_same_time(ask, ask)

    assert Bundle.objects.count() == 1


# --- standing, handing out, tidying ---------------------------------------------------------------------------------


def test_the_standing_counts_what_is_made_and_what_is_not(cast, round_, django_assert_num_queries):
    bundle = begun(round_, cast)
    made, failed, _ = bundle.documents.all()
    now = timezone.now()
    BundleDocument.objects.filter(pk=made.pk).update(content=b"12345", done_at=now)
    BundleDocument.objects.filter(pk=failed.pk).update(problem="Nein.", done_at=now - timedelta(hours=1))

    with django_assert_num_queries(1):
        standing = bundling.progress_of(bundle)

    assert standing == bundling.BundleProgress(total=3, made=1, problems=1, last_done_at=now)
    assert (standing.done, standing.is_silent) == (2, False)


def test_a_plan_that_was_open_again_leaves_a_finished_zip_though_another_is_agreed(cast, round_, printed):
    bundle = begun(round_, cast)
    work()
    plan = LearningPlan.objects.get(participation__person_name="Dora Özgür")

    agreeing.reopen_plan(plan=plan)
    LearningPlan.objects.filter(pk=plan.pk).update(state=AGREED, agreed_by_person_on=TODAY, agreed_by_manager_on=TODAY)

    told = "Lernplan-Oezguer-Dora-Runde-2026.pdf: Der Lernplan war inzwischen wieder ein Entwurf.\r\n"
    assert handed_out(bundle)["Nicht-erstellt.txt"] == told


def test_nothing_new_for_a_minute_is_silence(cast, round_):
    bundle = begun(round_, cast)
    Bundle.objects.update(requested_at=timezone.now() - timedelta(seconds=61))
    bundle.refresh_from_db()

    assert bundling.progress_of(bundle).is_silent


def test_the_zip_has_every_document_and_says_what_is_missing(cast, round_, printed):
    bundle = begun(round_, cast)
    agreeing.reopen_plan(plan=LearningPlan.objects.get(participation__person_name="Dora Özgür"))
    work()
    bundle.refresh_from_db()

    archive = ZipFile(io.BytesIO(b"".join(zip_stream(bundling.files(bundle)))))

    assert {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()} == {
        "Lernplan-Aermel-Anna-Runde-2026.pdf": "%PDF Anna Ärmel",
        "Lernplan-Weiss-Emil-Runde-2026.pdf": "%PDF Emil Weiß",
        "Nicht-erstellt.txt": "Lernplan-Oezguer-Dora-Runde-2026.pdf: Der Lernplan ist wieder ein Entwurf.\r\n",
    }
    assert bundling.progress_of(bundle).size == len("%PDF Anna Ärmel".encode()) + len("%PDF Emil Weiß".encode())


def handed_out(bundle):
    bundle.refresh_from_db()
    archive = ZipFile(io.BytesIO(b"".join(zip_stream(bundling.files(bundle)))))
    return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}


@pytest.mark.parametrize("how", ["sent back", "opened again"])
def test_levels_of_a_record_that_is_open_again_leave_a_finished_zip(cast, printed, how):
    stage = Stage(cast, shows_levels_to_hr=True).release_both().record()
    bundle = begun(stage.round, cast)
    work()

    if how == "sent back":
        recording.send_back(talk=stage.participation.talk, by=cast.anna, reason="Bitte prüfen.")
    else:
        recording.reopen_talk(talk=stage.participation.talk)

    name = "Kompetenzvergleich-Aermel-Anna-0003-Runde-2026.pdf"
    assert handed_out(bundle) == {"Nicht-erstellt.txt": f"{name}: Das Ergebnis des Gesprächs ist wieder offen.\r\n"}


@pytest.mark.parametrize("kind", ["comparison", "plan"])
def test_what_has_changed_while_it_was_printed_is_not_kept(cast, monkeypatch, kind):
    """Whoever opens it again takes back what lies there, and this came after."""
    if kind == "comparison":
        stage = Stage(cast, shows_levels_to_hr=True).release_both().record()
        round_, change = stage.round, lambda: recording.reopen_talk(talk=stage.participation.talk)
    else:
        plan = plan_of(participation_of(cast.anna), state=AGREED)
        round_, change = plan.participation.round, lambda: agreeing.reopen_plan(plan=plan)

    def printed(*about):
        change()
        return b"%PDF as it was before"

    monkeypatch.setattr(bundling, f"{kind}_pdf", printed)
    bundle = begun(round_, cast)
    work()

    assert [problem for _, problem in outcome(bundle)] == [bundling.OTHERWISE]


def test_what_is_no_longer_for_hr_to_read_leaves_a_finished_zip(cast, printed):
    stage = Stage(cast, shows_levels_to_hr=True, disclosure="talk").release_both().record()
    bundle = begun(stage.round, cast)
    work()
    before = handed_out(bundle)

    recording.send_back(talk=stage.participation.talk, by=cast.anna, reason="Bitte prüfen.")

    name = "Kompetenzvergleich-Aermel-Anna-0003-Runde-2026.pdf"
    assert before == {name: "%PDF comparison"}
    assert handed_out(bundle) == {"Nicht-erstellt.txt": f"{name}: Das Ergebnis des Gesprächs ist wieder offen.\r\n"}


def test_of_who_declines_no_document_stays(cast, printed):
    stage = Stage(cast, shows_levels_to_hr=True, is_voluntary=True).release_both()
    bundle = begun(stage.round, cast)
    work()

    decline(participation=stage.participation)

    assert (is_finished(bundle), handed_out(bundle), BundleDocument.objects.count()) == (True, {}, 0)


def test_a_bundle_deleted_during_its_download_breaks_it_off(cast, round_, printed):
    bundle = begun(round_, cast)
    work()
    stream = zip_stream(bundling.files(bundle))
    next(stream)

    Bundle.objects.all().delete()

    with pytest.raises(BundleDocument.DoesNotExist):
        list(stream)


def test_after_a_week_a_bundle_is_deleted_finished_or_not(cast, round_, printed):
    begun(round_, cast)
    work()
    begun(round_, cast)
    other = begun(round_of(cast.bernd, "Fritz Fuchs"), cast)
    Bundle.objects.exclude(pk=other.pk).update(requested_at=timezone.now() - timedelta(days=7, seconds=1))

    said = [[done.sentence for done in run_all(TODAY) if "delete_old_bundles" in done.name] for _ in range(2)]

    assert said == [["Zusammenstellungen von Dokumenten gelöscht: 2."], [None]]
    assert (list(Bundle.objects.all()), BundleDocument.objects.count()) == ([other], 1)


@pytest.mark.parametrize("size", [1, 6])
def test_asking_costs_the_same_queries_whatever_the_size(cast, size, django_assert_num_queries):
    round_ = round_of(cast.bernd, *(f"Vorname{n} Nachname" for n in range(size)))

    # a savepoint and its release; the round, locked; is one being made?; plans, comparisons, participations;
    # the bundle, its documents, the task; for the look after it a savepoint and its release, whether there is one, the task
    with django_assert_num_queries(14):
        begun(round_, cast)
