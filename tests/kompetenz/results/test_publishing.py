"""Publishing how far a round has come: whom it counts, which groups it shows, and what is kept of whom."""

import pytest
from django.core.checks import run_checks

from assessments.models import Participation
from kompetenz.jobs.models import Job
from kompetenz.people.models import Person
from kompetenz.refusals import Refused
from kompetenz.results import publishing
from kompetenz.results.models import Publication, PublishedGroup
from tests.kompetenz.results.agreed_rounds import agree, end, unit


def publish(district, **options):
    publishing.begin_publishing(round_=district.round, by=district.cast.paula, **{"is_for_all": False, **options})
    return Publication.objects.first()


def groups(publication):
    return [(group.kind, group.name, group.depth, group.people) for group in publication.groups.all()]


def test_the_whole_units_rolled_up_and_roles_are_shown(district):
    """Beside the larger Amt the other has no numbers: the three of the third would be what is left. The department is the whole."""
    publication = publish(district)

    assert groups(publication) == [
        ("all", "Alle", 0, 30),
        ("unit", "32 Ordnung", 0, 18),
        ("role", "Leitung", 0, 9),
        ("role", "Sachbearbeitung", 0, 21),
    ]
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
    publication = publish(district)
    competency = district.stage.competencies[0].id

    cells = {group.name: group.shares_in(competency) for group in publication.groups.all()}

    # of the whole 3 at level 0, 9 at 1, 15 at 2 and 3 at 3; of the office 3, 6, 6 and 3; of the roles 3, 3 and 3; 3, 6 and 12
    assert {name: (cell.relations, cell.levels) for name, cell in cells.items()} == {
        "Alle": ((4, 5, 1), (1, 3, 5, 1)),
        "32 Ordnung": ((2, 1, 0), (1, 1, 1, 0)),
        "Leitung": ((1, 1, 1), (0, 1, 1, 1)),
        "Sachbearbeitung": ((4, 6, 0), (1, 3, 6, 0)),
    }


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
