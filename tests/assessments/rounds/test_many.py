"""What HR does with many participations is done by the worker; with a few at once, in the same way (test_running.py)."""

from dataclasses import replace
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.urls import reverse

from assessments.changes import deciding, target_changes
from assessments.changes.views.changes import pairs
from assessments.models import Assessment, HandOver, Participation, Progress, Round
from assessments.rounds import many
from assessments.rounds.selection import selection_of
from kompetenz.forms.stamp import stamp
from kompetenz.jobs import batches
from kompetenz.jobs.models import Job
from kompetenz.letters.models import Letter
from kompetenz.people.models import Person
from roles.models import Requirement, RoleHolding
from tests.assessments.rounds.test_opening import many as many_people
from tests.clock import TODAY, in_days
from tests.conftest import Stage


@pytest.fixture(autouse=True)
def _small_means_one(settings, monkeypatch):
    settings.JOBS_AT_ONCE = 1
    for kind in list(batches.KINDS.values()):
        if kind.size != batches.ALL:
            monkeypatch.setitem(batches.KINDS, kind.name, kind)  # put back after the test
            replace(kind, size=2)


@pytest.fixture
def crowd(cast):
    """anna, dora and three more in an open round."""
    many_people(cast, 3)
    return Stage(cast)


@pytest.fixture
def ask(as_, cast, crowd, run_jobs):
    """``ask("pause", ...)``: HR does it with all on the list; then the job, before and after the worker."""

    def send(action, **fields):
        address = reverse(f"assessments:round_{action}", args=[crowd.round.pk])
        response = as_(cast.paula).post(address, {"alle": "1", **fields})
        before = Job.objects.get()
        assert response.headers["Location"] == before.get_absolute_url()
        run_jobs()
        return before, Job.objects.get(pk=before.pk)

    return send


def test_resting_and_going_on(crowd, ask):
    _, paused = ask("pause")
    resting = set(crowd.round.participations.values_list("paused_on", flat=True))
    Job.objects.all().delete()
    _, resumed = ask("resume")

    assert (resting, paused.sentence) == ({TODAY}, "5 Teilnahmen ruhen ab heute.")
    assert set(crowd.round.participations.values_list("paused_on", flat=True)) == {None}
    assert resumed.sentence == "5 Teilnahmen laufen weiter."


def test_reminding_writes_each_of_them_once(crowd, ask):
    Letter.objects.all().delete()
    before, job = ask("remind")

    reminded = Letter.objects.filter(kind=Letter.Kind.REMINDER).values_list("person__first_name", flat=True)
    assert (before.done, job.sentence) == (0, "3 Erinnerungen geschrieben.")
    assert sorted(reminded) == ["Anna", "Bernd", "Dora"]  # bernd one for all of his people


def test_more_time_for_all(crowd, ask):
    _, job = ask("extend", art="verlaengern", talk_due=in_days(60).isoformat())

    assert set(crowd.round.participations.values_list("talk_due", flat=True)) == {in_days(60)}
    assert job.sentence == "Fristen verlängert: 5 Teilnahmen."


def test_days_in_a_wrong_order_are_refused_before_any_is_changed(as_, cast, crowd):
    address = reverse("assessments:round_extend", args=[crowd.round.pk])
    page = as_(cast.paula).post(address, {"alle": "1", "art": "genau", "talk_due": in_days(3).isoformat()})

    assert "passendes Datum" in page.text
    assert (Job.objects.count(), set(Participation.objects.values_list("talk_due", flat=True))) == (0, {in_days(42)})


def test_removing_all_but_those_whose_talk_is_recorded(crowd, ask):
    crowd.release_both().record()
    _, job = ask("remove", verlust="0")

    assert list(crowd.round.participations.all()) == [crowd.participation]
    assert job.sentence == "Entfernt: 4 Teilnahmen."
    assert job.lines == [
        "Nicht entfernt, weil das Gespräch festgehalten ist oder es einen Lernplan gibt: Anna Ärmel (0003 · 10.1 Digitalisierung)."
    ]


def test_a_manager_hears_once_of_all_whom_a_job_removes_and_again_of_the_next(cast, crowd, ask):
    ids = sorted(crowd.round.participations.values_list("pk", flat=True))
    told = Letter.objects.filter(kind=Letter.Kind.REMOVAL, person=cast.bernd)
    counted = []
    for some in (f"{ids[0]}-{ids[2]}", f"{ids[3]}-{ids[4]}"):
        ask("remove", alle="", wahl=some, verlust="0")
        Job.objects.all().delete()
        counted.append((told.count(), crowd.round.participations.count()))

    assert counted == [(1, 2), (2, 0)]


def test_a_manager_hears_once_of_a_changed_soll_of_many(cast, crowd, run_jobs):
    rows = crowd.round.participations
    rows.update(manager_state=Progress.RELEASED)
    asked = Requirement.objects.filter(profile=rows.first().profile).order_by("competency").first()
    Requirement.objects.filter(pk=asked.pk).update(level=3 if asked.level < 3 else 1)
    waiting = target_changes.pending_changes(list(rows.select_related("round")))
    seen = [(pk, one.stamp) for pk, one in sorted(waiting.items())]
    about = {"subject": f"{crowd.round.pk} profil", "title": "Soll", "by": cast.paula, "taken_over": True}
    batches.begin(deciding.DECIDING, items=seen, **about)
    run_jobs()

    told = Letter.objects.filter(key__startswith="targets-", person=cast.bernd)
    assert (Job.objects.get().tally, told.count()) == ({"done": 5}, 1)


def test_who_is_meant_is_written_short_with_and_without_gaps(crowd, cast):
    def chosen(**sent):
        return selection_of(QueryDict(urlencode(sent)), cast.paula, crowd.round)

    ids = sorted(crowd.round.participations.values_list("pk", flat=True))
    everybody = chosen(alle="1")
    some = chosen(wahl=f"{ids[0]},{ids[2]}-{ids[4]}")
    nobody = chosen(wahl="999999999")

    assert (everybody.keys, everybody.count) == (f"{ids[0]}-{ids[4]}", 5)
    assert (some.keys, some.count, some.ids) == (f"{ids[0]},{ids[2]}-{ids[4]}", 4, [ids[0], *ids[2:]])
    assert (nobody.keys, nobody.count) == ("", 0)


def test_nobody_loses_more_than_was_agreed_to_while_it_goes_on(as_, cast, crowd, run_jobs):
    address = reverse("assessments:round_remove", args=[crowd.round.pk])
    as_(cast.paula).post(address, {"alle": "1", "verlust": "0"})
    job = Job.objects.get()
    batches.step(job.pk)
    Job.objects.update(in_hand_until=None)
    crowd.round.participations.update(self_state=Progress.STARTED)
    run_jobs()

    job.refresh_from_db()
    assert (job.state, job.problem, crowd.round.participations.count()) == (Job.State.FAILED, many.MORE_LOST, 3)


def test_closed_for_good_the_rest_is_refused_in_words(as_, cast, crowd, run_jobs):
    as_(cast.paula).post(
        reverse("assessments:round_extend", args=[crowd.round.pk]), {"alle": "1", "self_due": in_days(20)}
    )
    Round.objects.update(state=Round.State.CLOSED, closed_at="2026-01-01T00:00Z")
    run_jobs()

    job = Job.objects.get()
    assert (job.state, job.problem) == (Job.State.FAILED, many.running.ENDED)


def test_closing_a_round_clears_up_after_it(as_, cast, crowd, run_jobs):
    for row in crowd.round.participations.all():
        Assessment.objects.create(participation=row, kind=Assessment.Kind.FORMER, rater=cast.clara)
        HandOver.objects.create(participation=row, from_person=cast.clara)
    as_(cast.paula).post(reverse("assessments:round_close", args=[crowd.round.pk]), {"entries": "0", "drafts": "5"})
    at_once = Round.objects.get(pk=crowd.round.pk).state
    run_jobs()

    job = Job.objects.get()
    assert (at_once, Assessment.objects.filter(kind=Assessment.Kind.FORMER).count()) == (Round.State.CLOSED, 0)
    assert "früherer Führungskräfte: 5" in job.sentence


def test_handing_over_all_of_them(as_, cast, crowd, run_jobs):
    Person.objects.filter(pk__in=crowd.round.participations.values("person")).update(manager=cast.clara)
    client = as_(cast.paula)
    rows = crowd.round.participations.to_hand_over()
    address = reverse("assessments:round_hand_over", args=[crowd.round.pk])
    client.post(address, {"alle": stamp(pairs(rows))})
    run_jobs()

    job = Job.objects.get()
    assert set(crowd.round.participations.values_list("manager", flat=True)) == {cast.clara.pk}
    assert (HandOver.objects.count(), job.sentence.startswith("5 Personen sind übergeben.")) == (5, True)
    assert Letter.objects.filter(kind=Letter.Kind.HAND_OVER, person=cast.clara).count() == 1


@pytest.fixture
def newcomers(cast, crowd):
    """Five more, with role and manager, who are in no round yet."""
    inside = set(Person.objects.values_list("pk", flat=True))
    many_people(cast, 5)
    Letter.objects.all().delete()
    return Person.objects.exclude(pk__in=inside).order_by("pk")


def take_in(as_, cast, crowd, people):
    """HR asks for all of them on the page."""
    days = {"self_due": in_days(20), "manager_due": in_days(20), "talk_due": in_days(70)}
    chosen = {"person": [one.pk for one in people]} | {name: day.isoformat() for name, day in days.items()}
    return as_(cast.paula).post(reverse("assessments:round_admit", args=[crowd.round.pk]), chosen)


def test_taking_many_into_a_running_round(as_, cast, crowd, newcomers, run_jobs):
    response = take_in(as_, cast, crowd, newcomers)
    before = Job.objects.get()
    run_jobs()

    job = Job.objects.get()
    rows = crowd.round.participations.filter(person__in=newcomers)
    assert (response.headers["Location"], before.done) == (before.get_absolute_url(), 0)
    assert (job.state, job.sentence, job.lines) == (Job.State.DONE, "Nachträglich aufgenommen: 5 Teilnahmen.", [])
    assert set(rows.values_list("self_due", "admitted_on")) == {(in_days(20), TODAY)}
    assert {row.targets.count() for row in rows} == {crowd.participation.targets.count()}
    assert list(Letter.objects.values_list("person__first_name", flat=True)) == ["Bernd"]  # the others have no address


def test_who_cannot_take_part_any_more_is_named_and_the_others_are_in(as_, cast, crowd, newcomers, run_jobs):
    take_in(as_, cast, crowd, newcomers)
    lost = newcomers[2]
    lost.manager = None
    lost.save()
    run_jobs()

    job = Job.objects.get()
    assert job.sentence == "Nachträglich aufgenommen: 4 Teilnahmen."
    assert job.lines[1:] == [f"{lost} hat keine Führungskraft."]
    assert not crowd.round.participations.filter(person=lost).exists()


def test_if_anybody_of_many_cannot_take_part_nobody_is_taken_in(as_, cast, crowd, newcomers):
    RoleHolding.objects.filter(person=newcomers[3]).delete()
    page = take_in(as_, cast, crowd, newcomers).text

    assert "hat keine Rolle" in page
    assert (Job.objects.count(), crowd.round.participations.filter(person__in=newcomers).count()) == (0, 0)


@pytest.mark.parametrize("how", [many.EXACTLY, many.LENGTHEN])
def test_deadlines_that_were_begun_to_move_before_an_update_say_so_and_can_be_begun_anew(
    as_, cast, crowd, run_jobs, how
):
    """Then there was no stamp of somebody's days beside them."""
    ids = list(crowd.round.participations.order_by("pk").values_list("pk", flat=True))
    options = {"how": how, "dues": {"talk_due": str(in_days(99))}}
    old = batches.begin(many.MOVING, subject=crowd.round.pk, title="Fristen", items=ids, by=cast.paula, **options)
    run_jobs()

    page = as_(cast.paula).get(old.get_absolute_url())
    as_(cast.paula).post(reverse("jobs:give_up", args=[old.pk]))
    chosen = selection_of(QueryDict("alle=1"), cast.paula, crowd.round)
    anew = many.begin_moving(chosen, how=how, dues={"talk_due": in_days(99)}, read=None, by=cast.paula)
    run_jobs()

    assert "Brechen Sie ab und beginnen Sie den Auftrag neu." in page.text
    assert (Job.objects.get(pk=old.pk).state, anew.was_there) == (Job.State.GIVEN_UP, False)
    assert set(crowd.round.participations.values_list("talk_due", flat=True)) == {in_days(99)}
