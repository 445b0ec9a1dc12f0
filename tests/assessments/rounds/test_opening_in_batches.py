"""A round of many is opened bit by bit, and for everybody at one moment."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from assessments.changes.following import follow_people, follow_units
from assessments.models import Assessment, Participation, Round, Target
from assessments.rounds import opening
from assessments.rounds.progress import counted
from kompetenz.catalogue.models import Competency
from kompetenz.jobs import batches, ending
from kompetenz.jobs.models import Job
from kompetenz.letters.models import Letter
from kompetenz.people.models import Person, Unit
from roles.models import Requirement, RoleHolding, RoleProfile
from tests.assessments.rounds.test_opening import many
from tests.clock import TODAY, in_days
from tests.conftest import plan_round

State = Round.State


@pytest.fixture(autouse=True)
def _small_means_one(settings, monkeypatch):
    settings.JOBS_AT_ONCE = 1


@pytest.fixture
def draft(cast):
    return plan_round(cast)


@pytest.fixture
def job(cast, draft):
    """anna and dora are to take part, and six more."""
    many(cast, 6)
    return opening.begin_opening(round_=draft, by=cast.paula)


def one_batch(job, monkeypatch, size):
    """A worker does a batch of ``size`` people and makes way."""
    monkeypatch.setitem(batches.KINDS, job.kind, batches.KINDS[job.kind])  # put back after the test
    replace(batches.KINDS[job.kind], size=size)
    batches.step(job.pk)
    Job.objects.filter(pk=job.pk).update(in_hand_until=None)


def rows_of(round_):
    entering = Participation.with_entering.filter(round=round_)
    return (
        entering.count(),
        Target.objects.filter(participation__in=entering).count(),
        Assessment.objects.filter(participation__in=entering).count(),
    )


def test_until_all_are_in_nobody_is(as_, cast, draft, job, monkeypatch, run_jobs):
    one_batch(job, monkeypatch, 5)

    draft.refresh_from_db()
    half = (draft.state, Participation.objects.count(), draft.participations.count(), Letter.objects.count())
    listed = counted(Round.objects.all())[0].participants
    own = [Assessment.objects.by_rater(who).count() for who in (cast.anna, cast.bernd)]
    tasks = [as_(who).get(reverse("start")).context["task_groups"] for who in (cast.anna, cast.bernd)]
    run_jobs()

    draft.refresh_from_db()
    assert rows_of(draft)[0] == 8
    assert (half, listed, own, tasks) == ((State.OPENING, 0, 0, 0), 0, [0, 0], [[], []])
    assert (draft.state, draft.participations.count()) == (State.OPEN, 8)
    assert Assessment.objects.by_rater(cast.bernd).count() == 8


def test_each_has_their_soll_both_assessments_and_one_invitation(cast, draft, job, run_jobs, monkeypatch):
    monkeypatch.setitem(batches.KINDS, opening.INVITING.name, opening.INVITING)  # put back after the test
    replace(opening.INVITING, size=2)  # bernd leads people of each batch
    run_jobs()

    assert rows_of(draft) == (8, 8 * Competency.objects.count(), 16)
    assert set(draft.participations.values_list("admitted_on", flat=True)) == {TODAY}
    invited = Letter.objects.filter(kind=Letter.Kind.INVITATION).order_by("person__first_name")
    assert list(invited.values_list("person__first_name", flat=True)) == [
        "Anna",
        "Bernd",
        "Dora",
    ]  # the others have no address
    assert not draft.participations.exclude(manager=F("person__manager")).exists()


def test_two_who_open_it_open_it_once(as_, cast, draft, run_jobs):
    many(cast, 2)
    client = as_(cast.paula)
    first = client.post(reverse("assessments:round_open", args=[draft.pk]))
    second = client.post(reverse("assessments:round_open", args=[draft.pk]))
    page = client.get(second.headers["Location"])
    run_jobs()

    assert (
        first.headers["Location"]
        == page.headers["Location"]
        == Job.objects.get(kind=opening.OPENING.name).get_absolute_url()
    )
    assert draft.participations.count() == 4


def test_what_held_when_it_was_begun_is_frozen_whatever_changes_meanwhile(cast, draft, job, monkeypatch, run_jobs):
    one_batch(job, monkeypatch, 4)
    profile, other = (
        RoleProfile.objects.get(key="digitallotse"),
        RoleProfile.objects.exclude(key="digitallotse").first(),
    )
    levels = dict(profile.requirements.values_list("competency", "level"))
    Requirement.objects.filter(profile=profile).update(level=0)
    RoleHolding.objects.filter(person=cast.anna).update(profile=other)
    RoleHolding.objects.filter(person=cast.dora).delete()
    Person.objects.filter(last_name="Viele").update(manager=cast.clara)
    run_jobs()

    frozen = draft.participations.values_list("profile", "manager", "role_name")
    assert set(frozen) == {(profile.pk, cast.bernd.pk, profile.name)}
    for row in draft.participations.all():
        assert dict(row.targets.values_list("competency", "level")) == levels


def test_names_and_units_follow_the_people_while_it_opens(cast, draft, job, monkeypatch, run_jobs):
    one_batch(job, monkeypatch, 1)  # anna
    before, anna = Person.objects.get(pk=cast.anna.pk), Person.objects.get(pk=cast.anna.pk)
    anna.last_name = "Neu"
    anna.save()
    follow_people([(before, anna)])
    unit = Unit.objects.get(pk=anna.unit_id)
    unit.name = "Zukunft"
    unit.save()
    follow_units([unit])
    run_jobs()

    row = draft.participations.get(person=anna)
    assert (row.person_name, row.unit_name) == ("Anna Neu", "10.1 Zukunft")


@pytest.mark.parametrize("leaves", [True, False])
def test_who_is_gone_meanwhile_is_left_out(cast, draft, job, run_jobs, leaves):
    if leaves:
        Person.objects.filter(pk=cast.dora.pk).update(leaving_date=in_days(-1))
    else:
        cast.dora.delete()
    run_jobs()

    assert draft.participations.count() == 7


@pytest.mark.parametrize("batches_done", [0, 1, 3])
def test_given_up_it_leaves_nothing_behind_and_can_be_opened_anew(
    cast, draft, job, monkeypatch, run_jobs, batches_done
):
    before = (Target.objects.count(), Assessment.objects.count())
    for _ in range(batches_done):
        one_batch(job, monkeypatch, 3)
    ending.give_up(job)
    run_jobs()

    draft.refresh_from_db()
    left = (draft.state, draft.edition, draft.opened_at, *rows_of(draft), Letter.objects.count())
    opening.begin_opening(round_=draft, by=cast.paula)
    run_jobs()
    assert (left, before) == ((State.DRAFT, None, None, 0, 0, 0, 0), (0, 0))
    assert draft.participations.count() == 8


def test_a_round_is_in_one_state_before_and_after_every_batch(draft, job, monkeypatch):
    """Whatever is killed after whichever batch: either nobody is in or everybody."""
    seen = []
    while Job.objects.going().filter(pk=job.pk).exists():
        one_batch(job, monkeypatch, 3)
        seen.append((Round.objects.get(pk=draft.pk).state, Participation.objects.count()))

    assert seen == [(State.OPENING, 0)] * 3 + [(State.OPEN, 8)]


def test_its_pages_show_how_far_it_is(as_, cast, draft, job, monkeypatch):
    one_batch(job, monkeypatch, 5)
    client = as_(cast.paula)

    listed = client.get(reverse("assessments:rounds"))
    led = client.get(draft.get_absolute_url())
    page = client.get(led.headers["Location"])

    assert "wird eröffnet" in listed.text
    assert "5 von 8" in listed.text
    assert "5 von 8" in page.text


def test_hr_finds_what_is_under_way_among_their_tasks(as_, cast, draft, job):
    groups = as_(cast.paula).get(reverse("start")).context["task_groups"]
    tasks = [task for _, of_group in groups for task, _ in of_group]

    assert [(task.title, task.url) for task in tasks] == [(f"Runde eröffnen: {draft}", job.get_absolute_url())]


def test_a_round_opens_on_the_day_on_which_the_last_is_in(draft, job, run_jobs, clock):
    began = timezone.now()
    clock.shift(timedelta(days=1))
    run_jobs()

    draft.refresh_from_db()
    assert draft.opened_at - began >= timedelta(days=1)
    assert set(draft.participations.values_list("admitted_on", flat=True)) == {TODAY + timedelta(days=1)}
