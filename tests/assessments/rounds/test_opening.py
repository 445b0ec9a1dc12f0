"""Opening a round: whom it addresses, and what it freezes for good."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext

from assessments.models import Assessment, HandOver, Participation, Round, Target
from assessments.rounds.closing import close_round
from assessments.rounds.opening import addressed, admit, has_manager, open_round
from kompetenz.catalogue.models import Category, Competency, LevelAnchor
from kompetenz.people.models import Person, Unit
from kompetenz.refusals import Refused
from roles.models import Requirement, RoleHolding, RoleProfile
from tests.catalogue import COMPETENCIES
from tests.clock import TODAY
from tests.conftest import Stage, person, plan_round


def names(addressed_people):
    return {
        "takes part": [holding.person.first_name for holding in addressed_people.holdings],
        "without manager": [someone.first_name for someone in addressed_people.without_manager],
        "without role": [someone.first_name for someone in addressed_people.without_role],
    }


@pytest.fixture
def draft(cast):
    return plan_round(cast)


def test_a_round_speaks_to_everybody_with_a_role_and_a_manager(cast, draft):
    cast.dora.manager = None
    cast.dora.save()

    assert names(addressed(draft)) == {
        "takes part": ["Anna"],
        "without manager": ["Dora"],
        "without role": ["Clara", "Audit", "Frieda", "Paula", "Bernd"],
    }


@pytest.mark.parametrize("change", [{"is_active": False}, {"leaving_date": TODAY - timedelta(days=1)}])
def test_a_manager_who_is_gone_is_no_manager(cast, draft, change):
    Person.objects.filter(pk=cast.bernd.pk).update(**change)

    found = names(addressed(draft))

    assert (found["takes part"], found["without manager"]) == ([], ["Anna", "Dora"])


@pytest.mark.parametrize(("days", "takes_part"), [(-1, ["Dora"]), (0, ["Anna", "Dora"]), (1, ["Anna", "Dora"])])
def test_the_last_working_day_still_counts(cast, draft, days, takes_part):
    cast.anna.leaving_date = TODAY + timedelta(days=days)
    cast.anna.save()

    assert names(addressed(draft))["takes part"] == takes_part


@pytest.mark.parametrize("what", ["units", "profiles"])
def test_what_a_round_addresses_cannot_be_deleted_and_widen_it_to_everybody(cast, draft, what):
    chosen = Unit.objects.create(number="20", name="Kämmerei")
    if what == "profiles":
        chosen = RoleProfile.objects.create(name="Eigenes")
    getattr(draft, what).add(chosen)

    with pytest.raises(ProtectedError):
        chosen.delete()

    assert names(addressed(draft))["takes part"] == []


def test_a_round_in_preparation_is_discarded_with_what_it_addresses(draft):
    draft.units.add(Unit.objects.get(number="10"))

    draft.delete()

    assert Round.objects.count() == 0


def test_a_chosen_unit_brings_those_beneath_it(cast, draft):
    elsewhere = Unit.objects.create(number="20", name="Kämmerei")
    cast.dora.unit = elsewhere
    cast.dora.save()
    draft.units.add(Unit.objects.get(number="10"))

    assert names(addressed(draft)) == {
        "takes part": ["Anna"],
        "without manager": [],
        "without role": ["Clara", "Audit", "Paula", "Bernd"],
    }


def test_a_round_for_chosen_roles_misses_nobody_without_one(cast, draft):
    other = RoleProfile.objects.exclude(key="digitallotse").first()
    RoleHolding.objects.filter(person=cast.dora).update(profile=other)
    draft.profiles.add(other)

    assert names(addressed(draft)) == {"takes part": ["Dora"], "without manager": [], "without role": []}


def test_a_role_that_has_ended_or_not_begun_takes_nobody_in(cast, draft):
    today = TODAY
    RoleHolding.objects.filter(person=cast.anna).update(since=today + timedelta(days=1))
    RoleHolding.objects.filter(person=cast.dora).update(
        since=today - timedelta(days=9), until=today - timedelta(days=1)
    )

    with pytest.raises(Refused):
        open_round(round_=draft, by=cast.paula)

    draft.refresh_from_db()
    assert (draft.state, draft.edition_id, Participation.objects.count()) == (Round.State.DRAFT, None, 0)


def test_everybody_who_takes_part_gets_their_soll_and_two_empty_assessments(cast, draft):
    open_round(round_=draft, by=cast.paula)

    anna = Participation.objects.get(person=cast.anna)
    profile = RoleProfile.objects.get(key="digitallotse")
    assert (anna.person_name, anna.manager_name) == ("Anna Ärmel", "Bernd Şahin-Žižek")
    assert (anna.role_name, anna.unit_name) == (profile.name, "10.1 Digitalisierung")
    assert anna.task_list == profile.task_list != []
    assert {t.competency_id: (t.profile_level, t.level, t.necessity) for t in anna.targets.all()} == {
        r.competency_id: (r.level, r.level, r.necessity) for r in profile.requirements.all()
    }
    assert set(anna.assessments.values_list("kind", "rater", "released_at")) == {
        ("self", cast.anna.pk, None),
        ("manager", cast.bernd.pk, None),
    }


def test_their_place_in_lists_and_their_unit_are_frozen_too(cast, draft):
    open_round(round_=draft, by=cast.paula)

    frozen = Participation.objects.order_by("pk").values_list("person", "sort_key", "unit")
    assert list(frozen) == [(who.pk, who.sort_key, who.unit_id) for who in (cast.anna, cast.dora)]


def test_whom_a_round_addresses_is_listed_by_name(cast, draft):
    first = person("Zoe", "Aal", manager=cast.bernd)
    RoleHolding.objects.create(person=first, profile=RoleProfile.objects.get(key="digitallotse"), since=TODAY)

    assert names(addressed(draft))["takes part"] == ["Zoe", "Anna", "Dora"]


def test_a_role_that_asks_for_nothing_takes_part_without_a_soll(cast, draft):
    bare = RoleProfile.objects.create(key="bare", name="Ohne Anforderungen")
    RoleHolding.objects.filter(person=cast.dora).update(profile=bare)

    open_round(round_=draft, by=cast.paula)

    assert Participation.objects.get(person=cast.dora).targets.count() == 0
    assert Participation.objects.get(person=cast.anna).targets.count() == 25


def test_closing_deletes_what_was_set_aside_in_this_round_and_nothing_else(cast, stage):
    other = Stage(cast, title="Eine andere Runde")
    for one in (stage, other):
        Assessment.objects.create(participation=one.participation, kind=Assessment.Kind.FORMER, rater=cast.clara)
        HandOver.objects.create(participation=one.participation, from_person=cast.clara)

    close_round(round_=stage.round)

    left = Assessment.objects.filter(participation__in=[stage.participation, other.participation])
    assert sorted(left.values_list("participation", "kind")) == sorted(
        [(stage.participation.pk, kind) for kind in ("manager", "self")]
        + [(other.participation.pk, kind) for kind in ("former", "manager", "self")]
    )


def test_somebody_without_a_unit_takes_part_too(cast, draft):
    Person.objects.filter(pk=cast.anna.pk).update(unit=None)

    open_round(round_=draft, by=cast.paula)

    assert Participation.objects.get(person=cast.anna).unit_name == ""


def test_opening_twice_is_opening_once(cast, draft):
    first = open_round(round_=draft, by=cast.paula)

    second = open_round(round_=draft, by=cast.paula)

    assert (second.pk, second.opened_at) == (first.pk, first.opened_at)
    assert Participation.objects.count() == 2


def test_who_has_waited_to_open_what_somebody_has_discarded_is_told_so(cast, draft):
    Round.objects.filter(pk=draft.pk).delete()

    with pytest.raises(Refused, match="inzwischen gelöscht"):
        open_round(round_=draft, by=cast.paula)


def test_closing_twice_is_closing_once_and_a_draft_cannot_be_closed(stage):
    other = plan_round(stage.cast)
    close_round(round_=stage.round)
    closed_at = Round.objects.get(pk=stage.round.pk).closed_at

    close_round(round_=stage.round)
    close_round(round_=other)

    stage.round.refresh_from_db()
    other.refresh_from_db()
    assert (stage.round.state, stage.round.closed_at) == (Round.State.CLOSED, closed_at)
    assert (other.state, other.closed_at) == (Round.State.DRAFT, None)


def picture(stage):
    """All that a round has frozen."""
    return {
        "participation": list(Participation.objects.order_by("pk").values()),
        "soll": list(Target.objects.order_by("pk").values()),
        "raters": list(Assessment.objects.order_by("pk").values()),
        "words": Round.objects.get(pk=stage.round.pk).catalogue,
    }


def test_nothing_that_changes_later_changes_an_open_round(stage):
    cast = stage.cast
    before = picture(stage)

    Requirement.objects.update(level=3, necessity="desirable")
    RoleProfile.objects.update(name="Ganz anders")
    RoleHolding.objects.all().delete()
    Unit.objects.update(name="Umbenannt")
    Competency.objects.update(name="Umbenannt", description="Anders.")
    LevelAnchor.objects.update(text="Anders.")
    cast.anna.manager, cast.anna.last_name = cast.clara, "Zorn"
    cast.anna.save()
    later = Stage.__new__(Stage)
    later.round = stage.round

    assert picture(later) == before
    assert {anchor for c in before["words"].competencies for anchor in c.anchors}.isdisjoint({"Anders."})


def test_the_next_round_begins_with_the_new_words_and_levels(stage):
    first = stage.competencies[0]
    Competency.objects.filter(pk=first.id).update(name="Neuer Name")
    Requirement.objects.filter(competency=first.id).update(level=3)

    later = Stage(stage.cast, title="Runde 2027")

    assert later.competencies[0].name == "Neuer Name"
    assert later.participation.targets.get(competency=first.id).level == 3
    assert stage.round.catalogue.competencies[0].name == first.name


def test_whoever_enters_late_gets_no_soll_for_what_the_round_does_not_know(stage):
    profile = RoleProfile.objects.get(key="digitallotse")
    young = Competency.objects.create(
        key="neu", category=Category.objects.last(), order=26, name="Neu", wheel_label="Neu"
    )
    Requirement.objects.create(profile=profile, competency=young, level=2, ground="unnamed")
    late = RoleHolding.objects.create(person=person("Nora", "Neu", manager=stage.cast.bernd), profile=profile)

    (participation,) = admit(round_=stage.round, holdings=[late])

    assert set(participation.targets.values_list("competency", flat=True)) == set(stage.round.catalogue.by_id)


def many(cast, number):
    """``number`` people more who work for bernd and hold anna's role."""
    profile = RoleProfile.objects.get(key="digitallotse")
    nobody = make_password(None)
    people = Person.objects.bulk_create(
        Person(
            first_name=f"P{i}",
            last_name="Viele",
            sort_key=f"viele, p{i:04}",
            manager=cast.bernd,
            unit=cast.anna.unit,
            password=nobody,
        )
        for i in range(number)
    )
    RoleHolding.objects.bulk_create(RoleHolding(person=someone, profile=profile, since=TODAY) for someone in people)


def test_three_hundred_people_cost_queries_by_the_batch_not_by_the_head(cast, draft):
    many(cast, 300)

    with CaptureQueriesContext(
        connection,
    ) as opening:
        open_round(round_=draft, by=cast.paula)

    inserts = sum(query["sql"].startswith("INSERT") for query in opening)
    assert Participation.objects.count() == 302
    assert Target.objects.count() == 302 * COMPETENCIES
    assert inserts < 140  # SQLite takes about ninety rows at once
    # once: lock, units, roles, holders, the edition, requirements, the round twice, the job's and the letters' own; for every
    # batch of 15 the round and the people; of 50 to invite who they are, and for each side savepoints, whom, who has one already
    assert len(opening) - inserts <= 150


@pytest.mark.parametrize("more", [0, 50])
def test_counting_whom_a_round_addresses_costs_the_same_for_few_and_for_many(
    cast, draft, more, django_assert_num_queries
):
    many(cast, more)

    with django_assert_num_queries(6):  # units, whether people are listed, roles; three counts
        numbers = addressed(draft).numbers()

    assert numbers == (2 + more, 0, 5)


def test_a_list_of_people_narrows_like_a_unit(cast, draft):
    elsewhere = Unit.objects.create(number="20", name="Kämmerei")
    Person.objects.filter(pk=cast.dora.pk).update(unit=elsewhere)
    draft.people.add(cast.anna, cast.dora, cast.fremd)

    listed = names(addressed(draft))
    draft.units.add(elsewhere)

    assert listed == {"takes part": ["Anna", "Dora"], "without manager": [], "without role": ["Frieda"]}
    assert names(addressed(draft)) == {"takes part": ["Dora"], "without manager": [], "without role": []}


def test_a_manager_without_an_address_is_no_manager(cast, draft):
    Person.objects.filter(pk=cast.bernd.pk).update(email=None)

    assert names(addressed(draft))["without manager"] == ["Anna", "Dora"]


@pytest.mark.parametrize(
    "change",
    [{}, {"email": None}, {"is_active": False}, {"leaving_date": TODAY - timedelta(days=1)}, None],
)
def test_a_single_person_is_looked_at_in_the_same_way(cast, draft, change):
    if change is None:
        Person.objects.filter(pk=cast.anna.pk).update(manager=None)
    elif change:
        Person.objects.filter(pk=cast.bernd.pk).update(**change)

    anna = Person.objects.get(pk=cast.anna.pk)

    assert has_manager(anna) is ("Anna" in names(addressed(draft))["takes part"])


def test_somebody_new_to_a_team_meanwhile_is_not_in_the_round(stage):
    new = person("Nora", "Neu", manager=stage.cast.bernd)
    RoleHolding.objects.create(person=new, profile=RoleProfile.objects.get(key="digitallotse"))

    assert not Participation.objects.filter(person=new).exists()
