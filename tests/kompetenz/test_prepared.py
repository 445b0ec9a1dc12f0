"""Querysets that are compiled once: they give what they would give anew, to everybody, every day."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import F, Prefetch, Value
from django.db.transaction import TransactionManagementError
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, Participation, Rating
from kompetenz import prepared as module
from kompetenz.people.models import Person
from kompetenz.prepared import CannotBePrepared, Question, prepared, shape_of
from tests.clock import TODAY
from tests.conftest import of_a_session


def question(build, *arguments):
    return Question(build, tuple(shape_of(one, []) for one in arguments))


def test_each_reader_gets_what_the_queryset_gives_them(stage):
    stage.release_both()
    builds = []

    @prepared
    def visible(user, round_):
        builds.append(user)
        return Participation.objects.visible_to(user).filter(round=round_).select_related("person").order_by("pk")

    readers = Person.objects.with_reach().order_by("pk")
    found = {reader.email: visible(reader, stage.round.pk) for reader in readers}
    built = len(builds)

    assert {email for email, rows in found.items() if stage.participation in rows} == {
        person.email for person in (stage.cast.anna, stage.cast.bernd)
    }
    assert found == {
        one.email: list(Participation.objects.visible_to(one).filter(round=stage.round)) for one in readers
    }
    assert {reader.email: visible(reader, stage.round.pk) for reader in readers} == found
    assert len(builds) == built < 2 * len(found)


def test_what_is_true_of_a_reader_is_part_of_the_question(cast):
    @prepared
    def administered(user):
        return Person.objects.administered_by(user)

    assert (administered(cast.anna), len(administered(cast.paula))) == ([], Person.objects.count())


def test_numbers_lists_and_texts(stage):
    stage.answer(stage.own, 2)

    @prepared
    def levels(assessments, order):
        return Rating.objects.filter(assessment__in=assessments).order_by(order).values_list("competency", "level")

    first, last = stage.competencies[0].id, stage.competencies[-1].id

    assert levels([stage.own.pk], "competency")[0] == (first, 2)
    assert levels([stage.own.pk], "-competency")[0] == (last, 2)
    assert levels((), "competency") == []
    assert len(levels([stage.manager.pk, stage.own.pk], "competency")) == len(stage.competencies)


def test_what_is_related_comes_along(stage, django_assert_num_queries):
    @prepared
    def given_by(user):
        own = Assessment.objects.by_rater(user).filter(kind=Assessment.Kind.SELF)
        return own.select_related("participation__round").prefetch_related("ratings")

    stage.answer(stage.own, 1)
    anna = of_a_session(stage.cast.anna)
    given_by(anna)

    with django_assert_num_queries(2):
        (found,) = given_by(anna)
        assert (found.participation.round, len(found.ratings.all())) == (stage.round, len(stage.competencies))


def test_a_new_day_is_a_new_question(cast, clock):
    @prepared
    def employed(pk):
        return Person.objects.employed().filter(pk=pk)

    Person.objects.filter(pk=cast.anna.pk).update(leaving_date=TODAY)

    assert employed.first(cast.anna.pk) == cast.anna
    clock.shift(timedelta(days=1))
    assert employed.first(cast.anna.pk) is None
    with pytest.raises(Http404):
        employed.get_or_404(cast.anna.pk)


def test_an_answer_of_the_database_is_asked_for_each_time(cast):
    """Of whoever is not in a session it is not known whether they deputise: the queryset depends on it."""

    @prepared
    def managed(user):
        return Participation.objects.managed_by(user)

    unknown = Person.objects.get(pk=cast.bernd.pk)

    with pytest.raises(CannotBePrepared):
        question(managed.build, unknown)
    assert managed(unknown) == list(Participation.objects.managed_by(unknown))


def with_a_limit(number):
    return Person.objects.all()[:number]


def with_a_sum(number):
    return Person.objects.filter(pk=number + 1)


def with_a_product(number):
    return Person.objects.annotate(twice=F("pk") * Value(2 * number))


def with_a_text(number):
    return Person.objects.filter(last_name=str(number))


def with_the_moment(number):
    return Person.objects.filter(pk=number, last_login__lt=timezone.now())


def with_a_prefetch(number):
    return Person.objects.prefetch_related(Prefetch("deputies", Person.objects.filter(pk=number)))


@pytest.mark.parametrize(
    "build", [with_a_limit, with_a_sum, with_a_product, with_a_text, with_the_moment, with_a_prefetch]
)
@pytest.mark.django_db
def test_what_is_made_of_a_value_is_not_prepared(build):
    with pytest.raises(CannotBePrepared):
        question(build, 7)


def test_what_else_there_is_of_a_row_is_not_known(cast):
    def of_the_same_unit(user):
        return Person.objects.filter(unit=user.unit_id)

    with pytest.raises(CannotBePrepared):
        question(of_the_same_unit, cast.anna)
    assert prepared(of_the_same_unit)(cast.anna) == list(of_the_same_unit(cast.anna))


def test_rows_of_a_stand_in_are_not_prepared(stage):
    with pytest.raises(CannotBePrepared):
        question(lambda row: row.assessments.all(), stage.participation)


@pytest.mark.django_db
def test_it_forgets_when_it_knows_too_much(monkeypatch):
    monkeypatch.setattr(module, "MOST", 3)
    named = prepared(lambda name: Person.objects.filter(last_name=name))

    for number in range(10):
        named(f"Name {number}")

    assert len(named.ready) == 1


def test_all_that_the_hot_pages_ask_is_prepared(as_, stage):
    """A question that is built each time, for whatever reason, would be as slow as it was, and nobody would notice."""
    stage.release_both()
    stage.record()
    module.forget()
    for somebody in (stage.cast.anna, stage.cast.bernd):
        client = as_(somebody)
        for address in (
            reverse("start"),
            stage.participation.get_absolute_url(),
            stage.own.get_absolute_url(),
            stage.manager.get_absolute_url(),
        ):
            client.get(address)

    as_(stage.cast.paula).get(stage.round.get_absolute_url())

    ready = [question for one in module.every for question in one.ready.values()]
    assert (len(ready) > 20, None in ready) == (True, False)


def test_a_small_number_is_as_good_as_an_id(stage):
    """A column of small numbers holds no large ones: what is compared with those is left out of the SQL."""
    stage.answer(stage.own, 2)

    @prepared
    def at_least(assessment, level):
        return Rating.objects.filter(assessment=assessment, level__gte=level)

    @prepared
    def below(assessment, level):
        return Rating.objects.filter(assessment=assessment, level__lt=level)

    found = {level: (len(at_least(stage.own.pk, level)), len(below(stage.own.pk, level))) for level in (2, 3)}

    count = len(stage.competencies)
    assert found == {2: (count, 0), 3: (0, count)}


def test_of_more_values_than_there_are_stand_ins_it_is_built_each_time(cast):
    @prepared
    def among(people):
        return Person.objects.filter(pk__in=people)

    assert among([cast.anna.pk, *range(10**6, 10**6 + 3_000)]) == [cast.anna]


@pytest.mark.django_db
def test_a_row_that_is_not_saved_has_no_rows():
    led = prepared(lambda manager: Person.objects.filter(manager=manager))

    with pytest.raises(TypeError):
        led(Person())


@pytest.mark.parametrize(
    "argument", [1.0, {1}, Person.objects.none(), iter([1])], ids=["float", "set", "rows", "iterator"]
)
def test_what_might_be_another_next_time_is_refused(argument):
    with pytest.raises(TypeError):
        prepared(lambda _: Person.objects.all())(argument)


@pytest.mark.django_db(transaction=True)
def test_rows_are_locked_in_a_transaction_alone():
    locked = prepared(lambda pk: Person.objects.select_for_update().filter(pk=pk))
    with transaction.atomic():
        locked(1)

    with pytest.raises(TransactionManagementError):
        locked(1)
