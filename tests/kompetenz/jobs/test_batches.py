"""Long work in short batches: once each, whatever dies or is stopped; watched by whoever may."""

from datetime import timedelta

import psycopg
import pytest
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from kompetenz.jobs import batches, ending
from kompetenz.jobs.batches import JobKind, begin, see_to_jobs
from kompetenz.jobs.ending import give_up, go_on, stop
from kompetenz.jobs.models import Job
from kompetenz.people.models import Person, Unit
from kompetenz.refusals import Refused
from tests.clock import TODAY

State = Job.State
trouble = {}  # what happens at an item


def found_units(job, numbers):
    """One unit for each; what ``trouble`` says happens in the midst of a batch."""
    for number in numbers:
        Unit.objects.create(number=f"J{number}", name="Gegründet")
        job.count("founded")
        if number in trouble:
            raise trouble[number]


def say_how_many(job):
    job.sentence = f"Gegründet: {job.tally['founded']}."


def close_units(job):
    some = Unit.objects.filter(pk__in=founded().values("pk")[:2])
    return not some.delete()[0]


def start_page(job):
    return reverse("start")


FOUNDING = JobKind("founding units", batch=found_units, finish=say_how_many, leads_to=start_page, size=2)
UNDOABLE = JobKind(
    "founding units for now", batch=found_units, finish=say_how_many, leads_to=start_page, undo=close_units, size=2
)


def sign_units(job, numbers):
    for number in numbers:
        Unit.objects.create(number=f"J{number}", name=str(job.asked_by))
        job.count("founded")


SIGNED = JobKind(
    "signing units", batch=sign_units, finish=say_how_many, leads_to=start_page, is_signed=True, size=2, at_once=0
)


def one_batch(job):
    """A worker does one batch and makes way."""
    batches.step(job.pk)
    Job.objects.filter(pk=job.pk).update(in_hand_until=None)


def founded():
    return Unit.objects.filter(number__startswith="J").order_by("number")


def numbers():
    return list(founded().values_list("number", flat=True))


@pytest.fixture(autouse=True)
def _small_means_three(settings):
    trouble.clear()
    settings.JOBS_AT_ONCE = 3


@pytest.fixture
def started(cast):
    """``started(FOUNDING)``: a job for five units that paula has begun."""

    def start(kind=FOUNDING, items=5, **fields):
        items = list(range(1, items + 1))
        return begin(kind, subject="Amt", title="Einheiten gründen", items=items, by=cast.paula, **fields)

    return start


def test_a_small_one_is_done_in_the_request_and_leaves_no_row(started):
    job = started(items=3)

    assert (job.state, job.sentence, numbers()) == (State.DONE, "Gegründet: 3.", ["J1", "J2", "J3"])
    assert (Job.objects.count(), DBTaskResult.objects.count()) == (0, 0)


def test_what_a_small_one_refuses_is_raised_and_nothing_of_it_is_done(started):
    trouble[3] = Refused("Drei gibt es nicht.")

    with pytest.raises(Refused, match="Drei"):
        started(items=3)

    assert numbers() == []


def test_a_large_one_is_done_by_the_worker_batch_by_batch(started, run_jobs):
    job = started()
    before = (job.state, numbers())
    run_jobs()

    job.refresh_from_db()
    assert before == (State.GOING, [])
    assert (job.state, job.sentence, job.progress) == (State.DONE, "Gegründet: 5.", "5 von 5")
    assert (numbers(), job.items, job.options) == (["J1", "J2", "J3", "J4", "J5"], [], {})


def test_two_who_begin_the_same_get_one_job(started, run_jobs):
    first, second = started(), started()
    run_jobs()

    assert (second, first.was_there, second.was_there) == (first, False, True)
    assert len(numbers()) == 5


def test_while_a_large_one_is_unfinished_a_small_one_of_the_same_does_nothing(started):
    first = started()

    assert (started(items=1), numbers()) == (first, [])


def test_two_subjects_are_two_jobs_and_take_turns(cast, started):
    other = begin(FOUNDING, subject="Schule", title="Schulen", items=[11, 12, 13, 14], by=cast.paula)
    job = started()
    turns = []
    for _ in range(4):
        turns.append(batches.next_job(set(turns)))
        batches.step(turns[-1])

    assert turns == [other.pk, job.pk, other.pk, job.pk]


def test_what_dies_in_a_batch_is_taken_up_by_the_next_run_and_done_once(started, run_jobs, clock):
    job = started()
    trouble[4] = SystemExit()  # the end of a process: nothing catches it
    with pytest.raises(SystemExit):
        batches.work.func()
    after_death = (numbers(), Job.objects.get(pk=job.pk).done)
    DBTaskResult.objects.filter(run_after__lt=timezone.now()).delete()  # that run has died, too
    trouble.clear()
    clock.shift(batches.AGAIN)
    run_jobs()

    assert after_death == (["J1", "J2"], 2)
    assert numbers() == ["J1", "J2", "J3", "J4", "J5"]
    assert Job.objects.get(pk=job.pk).state == State.DONE


def test_what_another_worker_has_in_hand_is_left_to_it_until_it_is_silent(started, clock):
    job = started()
    batches.step(job.pk)
    at_once = batches.next_job(set()), batches.next_job({job.pk})
    clock.shift(timedelta(seconds=11))

    assert (at_once, batches.next_job(set())) == ((None, job.pk), job.pk)


def test_a_run_that_makes_way_leaves_it_to_the_next_at_once(started, monkeypatch):
    monkeypatch.setattr(batches, "A_RUN", timedelta(seconds=0.02))  # less than a breath
    job = started()
    batches.work.func()

    assert (len(numbers()), batches.next_job(set())) == (2, job.pk)


def died_at(job, number, clock, times):
    """So many runs come to this item and are killed there, each looked after by the next."""
    trouble[number] = SystemExit()
    for _ in range(times):
        with pytest.raises(SystemExit):
            batches.work.func()
        clock.shift(batches.IN_HAND + timedelta(seconds=1))


def test_a_batch_that_kills_every_run_is_not_tried_for_ever(started, run_jobs, clock, caplog):
    job = started()
    died_at(job, 4, clock, 1 + batches.MOST_TRIES)  # in the first of these runs a batch was done
    almost = Job.objects.get(pk=job.pk).state
    batches.work.func()
    job.refresh_from_db()

    assert (almost, job.state, job.problem, job.done) == (State.GOING, State.FAILED, batches.DEADLY, 2)
    assert f"Job {job.pk} has ended 5 runs without a batch" in caplog.text
    trouble.clear()
    go_on(job)
    run_jobs()
    job.refresh_from_db()
    assert (job.state, len(numbers())) == (State.DONE, 5)


def test_runs_that_are_killed_now_and_then_do_not_add_up(started, clock):
    job = started(items=9)
    for number in (2, 4, 6):
        died_at(job, number, clock, batches.MOST_TRIES - 1)
        del trouble[number]
        one_batch(job)

    assert Job.objects.values_list("state", "done", "tries").get() == (State.GOING, 6, 0)


def test_an_outage_is_no_try(started, clock):
    job = started()
    away = OperationalError("away")
    away.__cause__ = psycopg.OperationalError("away")
    trouble[4] = away
    for _ in range(batches.MOST_TRIES + 1):
        with pytest.raises(OperationalError):
            batches.work.func()

    assert Job.objects.values_list("state", "done", "tries").get(pk=job.pk) == (State.GOING, 2, 0)


def test_of_two_workers_that_want_the_same_job_one_takes_it(started):
    job = started()

    assert [bool(batches.take(job.pk)) for _ in range(2)] == [True, False]


def test_should_every_run_be_lost_the_daily_one_brings_another(started, run_jobs):
    started()
    DBTaskResult.objects.all().delete()
    see_to_jobs(TODAY)
    run_jobs()

    assert len(numbers()) == 5


@pytest.mark.parametrize(
    ("what", "problem"), [(Refused("Vier gibt es nicht."), "Vier gibt es nicht."), (KeyError(4), batches.UNKNOWN)]
)
def test_what_fails_says_why_keeps_what_is_done_and_goes_on_when_told_to(started, run_jobs, what, problem):
    job = started()
    trouble[4] = what
    run_jobs()
    job.refresh_from_db()
    failed = (job.state, job.problem, job.done, numbers())
    trouble.clear()
    go_on(job)
    run_jobs()

    job.refresh_from_db()
    assert failed == (State.FAILED, problem, 2, ["J1", "J2"])
    assert (job.state, job.problem, job.sentence) == (State.DONE, "", "Gegründet: 5.")
    assert len(numbers()) == 5


def test_stopped_it_stays_where_it_is_until_it_goes_on(started, run_jobs):
    job = started()
    batches.step(job.pk)
    stop(job)
    run_jobs()
    stopped = numbers()
    go_on(job)
    run_jobs()

    assert (stopped, len(numbers())) == (["J1", "J2"], 5)


@pytest.fixture
def signed(cast):
    """Two of five are done of a job that paula has asked for and that is signed."""
    job = begin(SIGNED, subject="", title="Gründen", items=[1, 2, 3, 4, 5], by=cast.paula)
    one_batch(job)
    return job


def names_signed():
    return [unit.name for unit in founded()]


@pytest.mark.parametrize("lost", [{"is_hr": False}, {"is_active": False}, {"leaving_date": TODAY - timedelta(days=1)}])
def test_nothing_more_is_written_in_the_name_of_who_is_not_of_hr_any_more(cast, signed, run_jobs, lost):
    Person.objects.filter(pk=cast.paula.pk).update(**lost)
    run_jobs()

    signed.refresh_from_db()
    assert (signed.state, signed.problem) == (State.FAILED, batches.FORMER.format(cast.paula))
    assert names_signed() == [str(cast.paula)] * 2


def test_who_lets_a_job_go_on_signs_what_it_writes_from_then_on(as_, cast, signed, run_jobs):
    Person.objects.filter(pk=cast.clara.pk).update(is_hr=True)
    stop(signed)
    as_(Person.objects.get(pk=cast.clara.pk)).post(reverse("jobs:go_on", args=[signed.pk]))
    run_jobs()

    assert names_signed() == [*[str(cast.paula)] * 2, *[str(cast.clara)] * 3]


def test_given_up_what_is_done_stays(started, run_jobs):
    job = started()
    batches.step(job.pk)
    give_up(job)
    run_jobs()

    job.refresh_from_db()
    assert (job.state, job.sentence, job.progress) == (State.GIVEN_UP, ending.GIVEN_UP, "2 von 5")
    assert numbers() == ["J1", "J2"]


@pytest.mark.parametrize("before", [lambda job: None, stop])
def test_given_up_what_can_be_taken_back_is(started, run_jobs, before):
    job = started(UNDOABLE)
    batches.step(job.pk)
    batches.step(job.pk)
    before(job)
    give_up(job)
    run_jobs()

    job.refresh_from_db()
    assert (job.state, job.sentence, numbers()) == (State.GIVEN_UP, batches.TAKEN_BACK, [])


def test_what_is_over_neither_stops_nor_goes_on(started, run_jobs):
    job = started()
    run_jobs()
    for change in (stop, go_on, give_up):
        change(job)

    job.refresh_from_db()
    assert (job.state, DBTaskResult.objects.filter(status="READY").count()) == (State.DONE, 1)


def test_a_finished_job_is_kept_for_a_week(started, run_jobs, clock):
    job = started()
    run_jobs()
    clock.shift(timedelta(days=6))
    kept = ending.delete_old_jobs(TODAY)
    clock.shift(timedelta(days=2))

    assert (kept, ending.delete_old_jobs(TODAY)) == (None, "Beendete Aufträge gelöscht: 1.")
    assert not Job.objects.filter(pk=job.pk).exists()


def test_what_stands_still_for_a_week_is_given_up_with_the_file_it_works_on(started, clock):
    with_file, without = started(file=b"Namen"), started(UNDOABLE)
    batches.step(with_file.pk)
    for job in (with_file, without):
        stop(job)
    clock.shift(timedelta(days=6))
    ending.delete_old_jobs(TODAY)
    waits = Job.objects.get(pk=with_file.pk)
    clock.shift(timedelta(days=2))
    ending.delete_old_jobs(TODAY)

    assert (waits.state, bytes(waits.content)) == (State.STOPPED, b"Namen")
    assert Job.objects.values_list("state", "content", "items").get(pk=with_file.pk) == (State.GIVEN_UP, None, [])
    assert Job.objects.get(pk=without.pk).state == State.STOPPED


# Who sees it, and what --------------------------------------------------------------------------------


def test_of_hr_everybody_sees_hrs_jobs_and_nobody_else_a_job_of_somebody(cast, started):
    of_hr = started()
    own = begin(FOUNDING, subject="anna", title="Meins", items=[1, 2, 3, 4], by=cast.anna, for_hr=False)

    seen = {who: set(Job.objects.visible_to(getattr(cast, who))) for who in ("anna", "bernd", "paula")}

    assert seen == {"anna": {own}, "bernd": set(), "paula": {of_hr}}


def test_its_page_follows_it_to_the_end(as_, cast, started, run_jobs):
    job, client = started(), as_(cast.paula)
    one_batch(job)

    page = client.get(job.get_absolute_url())
    part = client.get(job.get_absolute_url(), {"gesagt": "0"}, headers={"HX-Request": "true"})
    again = client.get(job.get_absolute_url(), {"gesagt": "1"}, headers={"HX-Request": "true"})
    run_jobs()
    over = client.get(job.get_absolute_url(), {"gesagt": "1"}, headers={"HX-Request": "true"})
    result = client.get(job.get_absolute_url())

    assert 'max="5" value="2"' in " ".join(page.text.split())
    assert ("2 von 5 erledigt" in part.text, "2 von 5 erledigt" in again.text) == (True, False)
    assert over.headers["HX-Refresh"] == "true"
    assert "Gegründet: 5." in result.text


def test_its_buttons_do_what_they_say(as_, cast, started):
    job, client = started(), as_(cast.paula)
    states = []
    for action in ("stop", "go_on", "give_up"):
        client.post(reverse(f"jobs:{action}", args=[job.pk]))
        states.append(Job.objects.get(pk=job.pk).state)

    assert states == [State.STOPPED, State.GOING, State.GIVEN_UP]


def test_a_problem_and_a_silence_stand_on_its_page(as_, cast, started, clock):
    job, client = started(), as_(cast.paula)
    clock.shift(timedelta(minutes=2))
    silent = client.get(job.get_absolute_url()).text
    batches.fail(job.pk, "Vier gibt es nicht.")
    failed = client.get(job.get_absolute_url()).text

    assert "db_worker" in silent
    assert "Vier gibt es nicht." in failed


@pytest.mark.parametrize("more", [0, 3])
def test_the_list_costs_the_same_for_few_and_for_many(as_, cast, started, more, django_assert_num_queries):
    started()
    for number in range(more):
        begin(FOUNDING, subject=f"Amt {number}", title="Noch eins", items=[1, 2, 3, 4], by=cast.paula)
    client = as_(cast.paula)

    with django_assert_num_queries(4):  # session, user, how many, those with who asked
        page = client.get(reverse("jobs:jobs"))

    assert page.text.count("von 5") + page.text.count("von 4") == 1 + more


# Files ------------------------------------------------------------------------------------------------


def write_numbers(job, numbers):
    return "Zahlen.txt", ", ".join(map(str, numbers)).encode()


def may_have(job, user):
    return user.last_name != "Entlassen"


WRITING = JobKind(
    "writing numbers",
    make=write_numbers,
    batch=batches.keep_file,
    finish=batches.say_that_it_is_there,
    leads_to=start_page,
    size=batches.ALL,
    may_have=may_have,
)


@pytest.fixture
def written(cast, run_jobs):
    """The job that has written a file for anna alone."""
    items = [1, 2, 3, 4]
    job = begin(WRITING, subject="anna", title="Zahlen", items=items, by=cast.anna, for_hr=False)
    run_jobs()
    return Job.objects.get(pk=job.pk)


def test_a_file_is_handed_to_whoever_asked_for_it_and_to_nobody_else(as_, cast, written):
    answers = {
        who: as_(getattr(cast, who)).get(reverse("jobs:download", args=[written.pk]))
        for who in ("anna", "bernd", "paula")
    }

    assert {who: response.status_code for who, response in answers.items()} == {"anna": 200, "bernd": 404, "paula": 404}
    assert answers["anna"].content == b"1, 2, 3, 4"
    assert answers["anna"].headers["Content-Disposition"] == 'attachment; filename="Zahlen.txt"'


def test_with_a_person_goes_what_was_made_for_them_and_what_they_have_begun_for_hr_stays(cast, written, started):
    of_hr, own = started(), Job.objects.get(pk=written.pk)
    Job.objects.filter(pk=of_hr.pk).update(asked_by=cast.anna)
    copy = Job.objects.get(pk=own.pk)
    copy.pk, copy.for_hr = None, True
    copy.save()

    cast.anna.delete()

    assert list(Job.objects.values_list("pk", "asked_by", "state")) == [(of_hr.pk, None, State.GOING)]


def test_hrs_file_is_not_for_everybody_in_hr(as_, cast, written):
    Job.objects.filter(pk=written.pk).update(for_hr=True, asked_by=cast.audit)

    seen = as_(cast.paula).get(written.get_absolute_url())
    file = as_(cast.paula).get(reverse("jobs:download", args=[written.pk]))

    assert ("Datei herunterladen" in seen.text, seen.status_code, file.status_code) == (False, 200, 404)


def test_whether_they_may_have_it_is_asked_again(as_, cast, written):
    cast.anna.last_name = "Entlassen"
    cast.anna.save()

    assert as_(cast.anna).get(reverse("jobs:download", args=[written.pk])).status_code == 404


def test_its_page_leads_to_the_file(as_, cast, written):
    page = as_(cast.anna).get(written.get_absolute_url())

    assert reverse("jobs:download", args=[written.pk]) in page.text


# Jobs of before an update ---------------------------------------------------------------------------


@pytest.fixture
def of_before(cast):
    """A job whose kind no code knows any more."""
    return Job.objects.create(
        kind="once upon a time", subject="Amt", title="Früheres", items=[1], total=1, asked_by=cast.paula
    )


def test_one_whose_kind_is_none_any_more_says_so_and_keeps_no_other_from_going_on(
    as_, cast, of_before, started, run_jobs
):
    job = started()
    run_jobs()

    of_before.refresh_from_db()
    page = as_(cast.paula).get(of_before.get_absolute_url())
    job.refresh_from_db()
    assert (of_before.state, of_before.problem, job.state) == (State.FAILED, batches.NO_SUCH_KIND, State.DONE)
    assert batches.NO_SUCH_KIND in page.text
    as_(cast.paula).post(reverse("jobs:give_up", args=[of_before.pk]))
    assert Job.objects.get(pk=of_before.pk).state == State.GIVEN_UP


def note_what_is_not_there(job):
    Unit.objects.create(number="J99", name=job.options["written by no version of before"])


NOTED = JobKind(
    "founding and noting",
    batch=found_units,
    finish=say_how_many,
    leads_to=start_page,
    given_up=note_what_is_not_there,
    size=2,
)


def test_what_cannot_be_noted_any_more_keeps_nobody_from_giving_it_up_and_beginning_anew(started, run_jobs):
    job = started(NOTED)
    stop(job)

    give_up(Job.objects.get(pk=job.pk))
    again = started(NOTED)

    assert (Job.objects.get(pk=job.pk).state, again.was_there, numbers()) == (State.GIVEN_UP, False, [])


def test_who_has_asked_for_a_job_has_the_number_beside_the_name(client, cast):
    Job.objects.create(kind="once upon a time", title="Früheres", total=1, asked_by=cast.paula, for_hr=True)
    client.force_login(cast.paula)
    told = f"{cast.paula.listed_as} ({cast.paula.personnel_number})"

    pages = [client.get(reverse("jobs:jobs")), client.get(reverse("jobs:job", args=[Job.objects.get().pk]))]

    assert [told in page.text for page in pages] == [True, True]
