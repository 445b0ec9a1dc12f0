"""A person's roles one after the other: they never overlap and at most one is open."""

from datetime import date

import pytest
from django.urls import reverse

from kompetenz.people.models import Person
from roles.holding import assign_role, assign_role_to_all, end_role, take_back_role
from roles.models import RoleHolding, RoleProfile

JANUARY, MARCH, JULY = date(2026, 1, 1), date(2026, 3, 1), date(2026, 7, 1)


@pytest.fixture
def anyone(cast):
    return cast.fremd


@pytest.fixture
def assign(anyone):
    return lambda key, since: assign_role(person=anyone, profile=RoleProfile.objects.get(key=key), since=since)


def history(person):
    return list(
        RoleHolding.objects.filter(person=person).order_by("since").values_list("profile__key", "since", "until")
    )


def test_a_new_role_ends_the_one_before_on_the_day_before(assign, anyone):
    assign("cio", JANUARY)
    assign("cdo", MARCH)

    assert history(anyone) == [("cio", JANUARY, date(2026, 2, 28)), ("cdo", MARCH, None)]


def test_a_role_from_the_same_day_replaces_the_other(assign, anyone):
    assign("cio", JANUARY)
    assign("cdo", JANUARY)

    assert history(anyone) == [("cdo", JANUARY, None)]


def test_giving_the_same_role_again_changes_nothing(assign, anyone):
    assign("cio", JANUARY)
    assign("cio", MARCH)

    assert history(anyone) == [("cio", JANUARY, None)]


def test_a_role_given_afterwards_ends_where_the_next_begins(assign, anyone):
    assign("cdo", MARCH)
    assign("cio", JANUARY)

    assert history(anyone) == [("cio", JANUARY, date(2026, 2, 28)), ("cdo", MARCH, None)]


def test_a_role_put_between_two_others_cuts_only_the_earlier(assign, anyone):
    assign("cio", JANUARY)
    assign("cdo", JULY)
    assign("projektmanagement", MARCH)

    assert history(anyone) == [
        ("cio", JANUARY, date(2026, 2, 28)),
        ("projektmanagement", MARCH, date(2026, 6, 30)),
        ("cdo", JULY, None),
    ]


def test_an_earlier_beginning_of_the_same_role_moves_its_beginning(assign, anyone):
    assign("cdo", MARCH)
    assign("cdo", JANUARY)

    assert history(anyone) == [("cdo", JANUARY, None)]


def test_a_role_goes_on_when_the_coming_other_one_is_replaced_by_it(assign, anyone):
    assign("cio", JANUARY)
    assign("cdo", MARCH)
    assign("cio", MARCH)

    assert [(key, until) for key, _, until in history(anyone)][-1] == ("cio", None)


def test_a_role_ends_with_its_last_day_and_never_before_it_begins(assign, anyone):
    assign("cio", MARCH)

    with pytest.raises(ValueError, match="before it begins"):
        end_role(person=anyone, until=JANUARY)
    end_role(person=anyone, until=MARCH)

    assert history(anyone) == [("cio", MARCH, MARCH)]


def test_there_is_nothing_to_end_without_an_open_role(anyone):
    with pytest.raises(RoleHolding.DoesNotExist):
        end_role(person=anyone, until=MARCH)


def test_a_role_taken_back_lets_the_one_before_go_on(assign, anyone):
    assign("cio", JANUARY)
    take_back_role(holding=assign("cdo", MARCH))

    assert history(anyone) == [("cio", JANUARY, None)]


def test_a_role_taken_back_leaves_a_gap_before_it_alone(assign, anyone):
    assign("cio", JANUARY)
    end_role(person=anyone, until=JANUARY)
    take_back_role(holding=assign("cdo", MARCH))

    assert history(anyone) == [("cio", JANUARY, JANUARY)]


def test_many_get_a_role_each_by_their_own_history(cast, assign):
    assign("cio", JANUARY)
    cdo = RoleProfile.objects.get(key="cdo")
    assign_role(person=cast.paula, profile=cdo, since=JULY)
    assign_role(person=cast.clara, profile=cdo, since=JANUARY)

    given = assign_role_to_all(people=[cast.fremd, cast.clara, cast.paula, cast.bernd], profile=cdo, since=MARCH)

    assert {holding.person: holding.since for holding in given} == {
        cast.fremd: MARCH, cast.clara: JANUARY, cast.paula: MARCH, cast.bernd: MARCH,
    }  # fmt: skip
    assert [history(person) for person in (cast.fremd, cast.clara, cast.paula, cast.bernd)] == [
        [("cio", JANUARY, date(2026, 2, 28)), ("cdo", MARCH, None)],
        [("cdo", JANUARY, None)],
        [("cdo", MARCH, None)],
        [("cdo", MARCH, None)],
    ]


@pytest.mark.parametrize("number", [2, 120])
def test_giving_a_role_to_many_query_count(cast, number, django_assert_num_queries):
    profiles = {profile.key: profile for profile in RoleProfile.objects.all()}
    people = Person.objects.bulk_create(Person(first_name="P", last_name=str(n)) for n in range(number))
    half = number // 2
    RoleHolding.objects.bulk_create(
        RoleHolding(person=person, profile=profiles["cio"], since=JANUARY if position < half else MARCH)
        for position, person in enumerate(people)
    )

    # savepoint, lock, holdings, delete those of the same day, end the earlier, write the new, release
    with django_assert_num_queries(7):
        assign_role_to_all(people=people[::-1], profile=profiles["cdo"], since=MARCH)

    assert RoleHolding.objects.filter(person__in=people, profile=profiles["cdo"], until=None).count() == number
    assert RoleHolding.objects.filter(person__in=people, profile=profiles["cio"]).count() == half


def test_a_list_takes_no_role_from_anybody_that_begins_on_the_same_day(as_, cast, assign, anyone):
    assign("cio", MARCH)
    profile = RoleProfile.objects.get(key="cdo")
    sent = {"people": anyone.personnel_number, "since": str(MARCH)}

    page = as_(cast.paula).post(reverse("roles:holders", args=[profile.pk]), sent)

    assert "Diese bekommen ab genau diesem Tag schon eine andere Rolle: Frieda Fremd." in page.text
    assert history(anyone) == [("cio", MARCH, None)]
