"""Publishing how far a round has come: whom it counts, which groups it shows, and what is kept of whom."""

import pytest
from django.core.checks import run_checks

from assessments.models import Participation
from kompetenz.jobs import batches
from kompetenz.jobs.models import Job
from kompetenz.people.models import Person
from kompetenz.refusals import Refused
from kompetenz.results import publishing
from kompetenz.results.models import Publication, PublishedGroup
from learningplans.drafting import agreeing
from learningplans.models import Booking, LearningFormat, LearningPlan, Measure, Offer
from learningplans.training import keeping
from tests.clock import TODAY
from tests.kompetenz.results.agreed_rounds import agree, end, unit

THIRTY = [
    ("all", "Alle", 0, 30),
    ("unit", "32 Ordnung", 0, 18),
    ("role", "Leitung", 0, 9),
    ("role", "Sachbearbeitung", 0, 21),
]


def publish(district, **options):
    publishing.begin_publishing(round_=district.round, by=district.cast.paula, **{"is_for_all": False, **options})
    return Publication.objects.first()


def publish_with_measures(district, **options):
    """The final one, of a round in which everybody in the first office has an agreed measure for the last competency."""
    plan(Participation.objects.filter(unit=district.first), district.stage.competencies[-1].id)
    end(district.round)
    return publish(district, **options)


def groups(publication):
    return [(group.kind, group.name, group.depth, group.people) for group in publication.groups.all()]


def test_the_whole_units_rolled_up_and_roles_are_shown(district):
    """Beside the larger Amt the other has no numbers: the three of the third would be what is left. The department is the whole."""
    publication = publish(district)

    assert groups(publication) == THIRTY
    assert publication.left_out == ["36 Verkehr", "63 Bau"]
    assert (publication.people, publication.k, publication.is_final) == (30, 5, False)


def test_units_stand_below_those_that_they_belong_to(district):
    other = unit("III", "Schulen")
    agree(district.round, 8, unit=other, profile=district.clerk)

    publication = publish(district)

    assert groups(publication) == [
        ("all", "Alle", 0, 38),
        ("unit", "II Dezernat", 0, 30),
        ("unit", "32 Ordnung", 1, 18),
        ("unit", "III Schulen", 0, 8),
        ("role", "Leitung", 0, 9),
        ("role", "Sachbearbeitung", 0, 29),
    ]


def test_a_cell_tells_shares_below_at_and_above_the_soll_and_of_each_level(district):
    publication = publish_with_measures(district)
    competency = district.stage.competencies[0].id

    cells = {group.name: group.shares_in(competency) for group in publication.groups.all()}

    # of the whole 3 at level 0, 9 at 1, 15 at 2 and 3 at 3; of the office 3, 6, 6 and 3; of the roles 3, 3 and 3; 3, 6 and 12
    assert {name: (cell.relations, cell.levels, cell.measures) for name, cell in cells.items()} == {
        "Alle": ((4, 5, 1), (1, 3, 5, 1), (0, 4)),
        "32 Ordnung": ((2, 1, 0), (1, 1, 1, 0), (0, 2)),
        "Leitung": ((1, 1, 1), (0, 1, 1, 1), (0, 1)),
        "Sachbearbeitung": ((4, 6, 0), (1, 3, 6, 0), (0, 4)),
    }


def plan(participations, competency, *, state=LearningPlan.State.AGREED, **fields):
    """A plan with a goal for this competency and a measure that serves it, for each of these."""
    for one in participations:
        agreed = {} if state == "draft" else {"agreed_by_person_on": TODAY, "agreed_by_manager_on": TODAY}
        found = LearningPlan.objects.create(participation=one, state=state, **agreed)
        goal = found.goals.create(competency_id=competency, from_level=1, to_level=2)
        found.measures.create(
            **{"format": LearningFormat.objects.first(), "title": "Kurs", "due_on": TODAY, "responsible": "-"} | fields
        ).goals.add(goal)
        keeping.keep_in_step([found.pk])


def test_of_those_below_a_cell_tells_who_has_an_agreed_measure_for_this_competency(district):
    """Of who is at their Soll, as all of the second office are, a measure is no need met; drafts and dropped measures count nowhere."""
    first, second = (one.id for one in district.stage.competencies[:2])
    below = Participation.objects.filter(unit=district.first, profile=district.clerk).order_by("pk")
    plan([below[0], below[3], below[1], below[4]], first, hours=8, cost=100)
    plan([below[2]], first)
    plan([below[6]], first, state="draft")
    plan([below[7]], first)
    Measure.objects.filter(plan__participation=below[7]).update(state=Measure.State.DROPPED)
    keeping.keep_in_step(LearningPlan.objects.filter(participation=below[7]).values("pk"))
    plan(Participation.objects.filter(unit=district.second), first)
    end(district.round)

    publication = publish(district)

    told = {group.name: group for group in publication.groups.all()}
    assert told["32 Ordnung"].shares_in(first).measures == (1, 1)
    assert told["Leitung"].shares_in(first).measures == ()  # nobody there has any
    assert told["Sachbearbeitung"].shares_in(first).measures == (2, 2)
    assert told["Sachbearbeitung"].shares_in(second).measures == (0, 4)
    assert publication.effort == [[LearningFormat.objects.first().name, 14, 32, 400]]


def tells_measures(publication):
    return [group.name for group in publication.groups.all() if group.tells_measures]


def test_of_measures_nothing_is_told_where_few_have_any(district):
    """HR reads who has an agreed measure: what they have it for would be told of these alone, although many are below."""
    below = Participation.objects.filter(profile=district.clerk, unit=district.first)
    plan(below[:4], district.stage.competencies[0].id)
    end(district.round)

    publication = publish(district)

    assert (publication.people, tells_measures(publication)) == (30, [])
    assert publication.groups.all()[0].shares_in(district.stage.competencies[0].id).measures == ()


def test_nor_where_what_is_left_of_a_larger_group_would_be_few(district):
    """Six in the office have measures, and one outside of it: beside the whole the office tells what that one has it for."""
    plan(
        Participation.objects.filter(unit=district.first, profile=district.clerk)[:6], district.stage.competencies[0].id
    )
    plan(Participation.objects.filter(unit=district.second)[:1], district.stage.competencies[0].id)
    end(district.round)

    assert tells_measures(publish(district)) == ["Alle", "Sachbearbeitung"]


def test_of_measures_a_running_round_tells_nothing(district):
    """Somebody's plan is agreed between two days: what more were told to have a measure for something would be theirs."""
    first = district.stage.competencies[0].id
    plan(Participation.objects.filter(unit=district.first, profile=district.clerk), first)
    before = publish(district)
    plan(Participation.objects.filter(unit=district.second)[:1], first)
    agree(district.round, 6, unit=district.second, profile=district.clerk)

    assert [tells_measures(one) for one in (before, publish(district))] == [[], []]


def test_who_agrees_to_a_measure_while_it_is_counted_is_noticed(district, monkeypatch, run_jobs):
    plan(Participation.objects.filter(unit=district.first), district.stage.competencies[0].id)
    end(district.round)
    monkeypatch.setattr(publishing, "MOST_AT_ONCE", 10)
    begun = publishing.groups_of

    def and_then_somebody_agrees(round_):
        found = begun(round_)
        plan(Participation.objects.filter(unit=district.tiny)[:1], district.stage.competencies[0].id)
        return found

    monkeypatch.setattr(publishing, "groups_of", and_then_somebody_agrees)

    publishing.begin_publishing(round_=district.round, by=district.cast.paula, is_for_all=False)
    run_jobs()

    assert (Publication.objects.count(), Job.objects.get().problem) == (0, publishing.CHANGED)


def test_response_is_told_of_units_that_are_large_enough(district):
    """Three more of the second office take part and have not agreed. Beside the whole the department would leave two; the third office is too small."""
    agree(district.round, 3, unit=district.second, profile=district.clerk, declined=True)

    assert publish(district).response == [["32 Ordnung", 0, "fast alle"], ["36 Verkehr", 0, "⅔"]]


def test_measures_of_fewer_than_k_are_no_effort(district):
    plan(Participation.objects.filter(unit=district.tiny), district.stage.competencies[0].id, cost=100)

    assert publish(district).effort == []


def test_effort_is_what_the_training_plan_says(district):
    """Where the plan is silent the offer speaks, what HR has let fall away costs nothing, and halves are rounded as by everybody."""
    first, some = district.stage.competencies[0].id, list(Participation.objects.filter(unit=district.second))
    offer = Offer.objects.create(format=LearningFormat.objects.first(), title="Kurs", hours=8, cost="49.90")
    plan(some[:5], first, offer=offer)
    plan(some[5:6], first, hours="0.5", cost=1)
    plan(some[6:7], first, hours=100, cost=1000)
    Booking.objects.filter(measure__cost=1000).update(said="cancelled", state="cancelled")
    end(district.round)

    assert [row[1:] for row in publish(district).effort] == [[6, 41, 251]]


def test_what_is_booked_is_paid_for_though_its_plan_is_a_draft_again_or_has_dropped_it(district):
    """The report says of money what the budget says. What is only proposed costs nothing then."""
    some = list(Participation.objects.filter(unit=district.second))
    plan(some, district.stage.competencies[0].id, hours=8, cost=100)
    of_three = Booking.objects.filter(measure__plan__participation__in=some[:3])
    of_three.filter(measure__plan__participation__in=some[:2]).update(said="booked")
    Measure.objects.filter(plan__participation=some[0]).update(state=Measure.State.DROPPED)
    keeping.keep_in_step([one.plan_id for one in Measure.objects.filter(plan__participation__in=some[:2])])
    for one in some[1:3]:
        agreeing.reopen_plan(plan=LearningPlan.objects.get(participation=one))
    end(district.round)

    assert [row[1:] for row in publish(district).effort] == [
        [len(some) - 1, 8 * (len(some) - 1), 100 * (len(some) - 1)]
    ]


def test_two_publications_do_not_tell_what_one_more_person_has_agreed_to(district):
    """Of a running round no sums are told: beside those of the end they would be what came in between."""
    first, some = district.stage.competencies[0].id, list(Participation.objects.filter(unit=district.second))
    plan(some[:8], first, hours=8, cost=100)
    before = publish(district)
    agree(district.round, 6, unit=district.second, profile=district.clerk)
    plan(some[8:9], first, hours=16, cost=890)
    end(district.round)

    after = publish(district)

    assert (before.effort, [row[1:] for row in after.effort]) == ([], [[9, 80, 1690]])


def test_who_has_not_taken_note_is_not_counted(district):
    agree(district.round, 4, unit=district.second, profile=district.lead, declined=True)
    Participation.objects.filter(unit=district.tiny).update(talk_state=2)

    assert publish(district).people == 27


def test_fewer_than_the_minimum_are_no_publication(stage):
    agree(stage.round, 4, unit=None, profile=stage.participation.profile)

    with pytest.raises(Refused, match="mindestens 5 vereinbarte Gespräche"):
        publishing.begin_publishing(round_=stage.round, by=stage.cast.paula, is_for_all=False)


def test_a_second_one_of_a_running_round_waits_for_enough_new_talks(district):
    publish(district)

    with pytest.raises(Refused, match="kein vereinbartes Gespräch dazugekommen"):
        publish(district)
    agree(district.round, 4, unit=district.second, profile=district.lead)
    with pytest.raises(Refused, match="bei weniger als 5 Personen"):
        publish(district)
    agree(district.round, 2, unit=district.first, profile=district.lead)

    # In the first Amt there are only two more people, and of them nothing new is told.
    assert groups(publish(district)) == [
        ("all", "Alle", 0, 36),
        ("unit", "36 Verkehr", 0, 13),
        ("role", "Leitung", 0, 15),
        ("role", "Sachbearbeitung", 0, 21),
    ]


def test_somebody_who_has_gone_and_somebody_who_has_come_are_not_nothing(district):
    """The numbers of two publications may be equal, and their people still differ by one."""
    publish(district)
    Participation.objects.filter(unit=district.tiny)[:1].get().delete()
    agree(district.round, 1, unit=district.first, profile=district.lead)
    end(district.round)

    with pytest.raises(Refused, match="bei weniger als 5 Personen"):
        publish(district)

    assert Publication.objects.count() == 1


def test_the_last_one_of_an_ended_round_is_final_and_nobody_is_known_any_more(district):
    before = publish(district)
    marks = [mark for _, of in before.memberships for mark in of]
    assert (len(set(marks)), before.key != "") == (30, True)
    end(district.round)

    publication = publish(district)

    assert publication.is_final
    assert list(Publication.objects.values_list("key", "memberships")) == [("", []), ("", [])]
    with pytest.raises(Refused, match="Endstand"):
        publish(district)


def test_what_is_kept_names_nobody(district):
    publication = publish(district)
    kept = str([publication.memberships, *PublishedGroup.objects.values()])

    ids = set(Participation.objects.values_list("pk", flat=True))
    assert not [mark for _, of in publication.memberships for mark in of if mark in map(str, ids)]
    assert not [one for one in Person.objects.all() if one.last_name in kept]


def test_many_are_counted_step_by_step_in_the_background(district, monkeypatch, run_jobs):
    at_once = publish(district)
    expected = list(at_once.groups.values_list("name", "people", "cells"))
    at_once.delete()
    monkeypatch.setattr(publishing, "MOST_AT_ONCE", 10)

    job = publishing.begin_publishing(round_=district.round, by=district.cast.paula, is_for_all=True)
    assert (job.total, Publication.objects.exists()) == (26, False)
    run_jobs()

    publication = Publication.objects.get()
    assert list(publication.groups.values_list("name", "people", "cells")) == expected
    assert (publication.is_for_all, publication.by) == (True, district.cast.paula)
    assert Job.objects.values_list("state", "options").get() == ("done", {})


@pytest.mark.parametrize("steps", [1, 3, 26])
def test_what_was_begun_before_an_update_tells_no_more_than_what_is_begun_after_it(
    district, monkeypatch, run_jobs, steps
):
    """A former version had noted of every group who has a measure, of four of them, too."""
    first = district.stage.competencies[0].id
    plan(Participation.objects.filter(profile=district.clerk, unit=district.first)[:4], first)
    end(district.round)
    monkeypatch.setattr(publishing, "MOST_AT_ONCE", 10)
    job = publishing.begin_publishing(round_=district.round, by=district.cast.paula, is_for_all=True)
    for _ in range(steps):
        batches.step(job.pk)
    job.refresh_from_db()
    del job.options["rules"], job.options["planned"]
    for group in job.options["groups"]:
        del group["tells_measures"]
    for cells in job.options["cells"].values():
        for cell in cells:
            cell[2] = [1, 3]
    job.in_hand_until = None
    job.save()

    run_jobs()

    found = Publication.objects.get()
    told = [group.shares_in(one.id).measures for group in found.groups.all() for one in district.stage.competencies]
    assert (found.is_for_all, found.people, set(told)) == (True, 30, {()})
    assert groups(found) == THIRTY


def test_who_vanishes_while_it_is_counted_is_noticed(district, monkeypatch, run_jobs):
    monkeypatch.setattr(publishing, "MOST_AT_ONCE", 10)
    begun = publishing.groups_of

    def and_then_somebody_goes(round_):
        found = begun(round_)
        Participation.objects.filter(unit=district.tiny)[:1].get().delete()
        return found

    monkeypatch.setattr(publishing, "groups_of", and_then_somebody_goes)

    publishing.begin_publishing(round_=district.round, by=district.cast.paula, is_for_all=False)
    run_jobs()

    assert (Publication.objects.count(), Job.objects.get().problem) == (0, publishing.CHANGED)


@pytest.mark.parametrize(("minimum", "errors"), [(4, 1), (0, 1), (5, 0), (12, 0)])
def test_a_minimum_below_five_is_an_error(settings, minimum, errors):
    settings.RESULTS_MINIMUM = minimum

    assert [error.id for error in run_checks() if error.id == "kompetenz.E003"] == ["kompetenz.E003"] * errors


def test_four_are_never_shown_even_if_the_error_is_ignored(settings):
    settings.RESULTS_MINIMUM = 1

    assert publishing.minimum() == 5
