"""Who is within reach of whom, asked of each condition alone: two of them hold the days of a deputy, so that one may fail."""

import pytest

from kompetenz.people.deputies.naming import end_deputy, name_deputy
from kompetenz.people.models import Deputy, Person, Unit, may_deputise
from tests.clock import TODAY, in_days
from tests.conftest import of_a_session, person

# The first and last day of a deputy, from today on, and whether they act today.
DAYS = [(0, 0, True), (-1, 0, True), (0, 1, True), (-9, 9, True), (1, 30, False), (-9, -1, False)]


@pytest.fixture
def gerd(cast):
    return person("Gerd", "Vertreter", personnel_number="0099")


@pytest.fixture
def named(cast, gerd):
    """Gerd acts for bernd, for anna, on the days of one of ``DAYS``."""

    def lasting(since, until):
        deputy = name_deputy(
            manager=cast.bernd, person=gerd, people=[cast.anna], since=TODAY, until=in_days(1), by=cast.paula
        )
        Deputy.objects.filter(pk=deputy.pk).update(since=in_days(since), until=in_days(until))

    return lasting


@pytest.mark.parametrize(("since", "until", "acts"), DAYS)
def test_the_first_and_the_last_day_of_a_deputy_count(cast, gerd, named, since, until, acts):
    named(since, until)

    assert Deputy.objects.current().exists() is acts
    assert list(Deputy.entrusted_to(gerd)) == ([{"person": cast.anna.pk}] if acts else [])
    assert list(Person.objects.led_by(gerd)) == ([cast.anna] if acts else [])
    assert (may_deputise(gerd), of_a_session(gerd).deputises, gerd.leads_people) == (acts, acts, acts)


def test_a_deputy_that_has_been_ended_acts_no_more_on_that_day(cast, gerd, named):
    named(0, 1)
    end_deputy(deputy=Deputy.objects.get(), by=cast.bernd)

    assert (list(Deputy.entrusted_to(gerd)), gerd.leads_people) == ([], False)


def test_what_is_entrusted_to_one_is_not_to_another(cast, named):
    named(0, 1)

    assert [list(Deputy.entrusted_to(who)) for who in (cast.fremd, cast.bernd, cast.anna)] == [[], [], []]


def test_a_session_knows_who_leads_and_asks_no_more(cast, gerd, named, django_assert_num_queries):
    named(0, 1)
    known = [of_a_session(who) for who in (cast.bernd, gerd, cast.fremd)]

    assert [(who.manages, who.deputises) for who in known] == [(True, False), (False, True), (False, False)]
    with django_assert_num_queries(0):
        assert [may_deputise(who) for who in known] == [False, True, False]
    with django_assert_num_queries(1):  # by the people of their own alone: nothing more is joined
        assert "deputy" not in str(Person.objects.led_by(known[0]).query)
        list(Person.objects.led_by(known[0]))


@pytest.mark.parametrize("who", ["paula", "bernd", "anna", "audit"])
def test_master_data_is_for_hr_and_deputies_for_their_manager_too(cast, gerd, named, who):
    named(0, 1)
    somebody = getattr(cast, who)

    found = [model.objects.administered_by(somebody).count() for model in (Unit, Person, Deputy)]

    assert found == {"paula": [2, 8, 1], "bernd": [0, 0, 1]}.get(who, [0, 0, 0])


@pytest.mark.parametrize(
    ("changes", "employed"),
    [
        ({}, True),
        ({"leaving_date": in_days(1)}, True),
        ({"leaving_date": TODAY}, True),
        ({"leaving_date": in_days(-1)}, False),
        ({"is_active": False}, False),
        ({"is_active": False, "leaving_date": in_days(1)}, False),
    ],
)
def test_the_last_working_day_counts_for_a_row_and_for_a_list(cast, changes, employed):
    Person.objects.filter(pk=cast.anna.pk).update(**changes)

    anna = Person.objects.get(pk=cast.anna.pk)

    assert (anna.is_employed, Person.objects.employed().filter(pk=anna.pk).exists()) == (employed, employed)


def test_who_has_left_is_nobody_whom_a_manager_leads(cast):
    Person.objects.filter(pk__in=[cast.anna.pk, cast.dora.pk]).update(leaving_date=in_days(-1))

    assert (of_a_session(cast.bernd).manages, Person.objects.get(pk=cast.bernd.pk).leads_people) == (False, False)
