"""Who may see and change which Lernplan, and when something is overdue."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from assessments.models import Participation
from kompetenz.people.models import Person
from learningplans.hooks import plans_with_something_due
from learningplans.models import (
    Bundle,
    Goal,
    GoalReview,
    LearningFormat,
    LearningPlan,
    Measure,
    Offer,
    Preparation,
    Review,
)
from tests.clock import TODAY, in_days
from tests.learningplans.making import goal_in, participation_of, plan_of

WHO = ["anna", "bernd", "clara", "paula", "fremd", "audit"]
STATES = LearningPlan.State


def seen(rule, cast):
    """The names of those for whom the queryset rule finds the one plan there is."""
    return [who for who in WHO if getattr(LearningPlan.objects, rule)(getattr(cast, who)).exists()]


@pytest.mark.parametrize(
    ("rule", "state", "levels_to_hr", "expected"),
    [
        ("visible_to", STATES.DRAFT, False, ["anna", "bernd"]),
        ("visible_to", STATES.DRAFT, True, ["anna", "bernd"]),
        ("visible_to", STATES.AGREED, False, ["anna", "bernd", "paula"]),
        ("visible_to", STATES.COMPLETED, False, ["anna", "bernd", "paula"]),
        ("in_full_for", STATES.DRAFT, True, ["anna", "bernd"]),
        ("in_full_for", STATES.AGREED, False, ["anna", "bernd"]),
        ("in_full_for", STATES.AGREED, True, ["anna", "bernd", "paula"]),
        ("editable_by", STATES.DRAFT, True, ["anna", "bernd"]),
        ("editable_by", STATES.AGREED, True, []),
        ("pursued_by", STATES.DRAFT, True, ["anna", "bernd"]),
        ("pursued_by", STATES.AGREED, True, ["anna", "bernd"]),
        ("pursued_by", STATES.COMPLETED, True, []),
    ],
)
def test_a_plan_is_found_by_those_it_concerns(cast, rule, state, levels_to_hr, expected):
    plan_of(participation_of(cast.anna, shows_levels_to_hr=levels_to_hr), state=state)

    assert seen(rule, cast) == expected


@pytest.mark.parametrize("who", ["anna", "bernd", "paula"])
def test_who_may_read_a_plan_or_a_preparation_is_asked_of_this_row_alone(cast, who):
    """As of assessments; a preparation asks for the other one of its review besides."""
    person, plans = Person.objects.with_reach().get(pk=getattr(cast, who).pk), LearningPlan.objects
    lets_read = int(person.manages)  # whoever leads people is let read earlier rounds by a few of them (ADR 58)
    asked = plans.visible_to(person), plans.in_full_for(person), Preparation.objects.visible_to(person)

    assert [str(rows.query).count("SELECT") for rows in asked] == [1 + lets_read, 1 + lets_read, 2]


def test_a_former_manager_loses_the_plan_and_the_new_one_does_not_get_it(cast, participation):
    plan_of(participation, state=STATES.AGREED)
    cast.anna.manager = cast.fremd
    cast.anna.save()

    assert seen("visible_to", cast) == ["anna", "paula"]


def test_hr_reads_its_own_plan_in_full(cast):
    cast.paula.manager = cast.bernd
    cast.paula.save()
    plan = plan_of(participation_of(cast.paula))

    assert list(LearningPlan.objects.in_full_for(cast.paula)) == [plan]
    assert list(LearningPlan.objects.visible_to(cast.paula)) == [plan]


def test_a_plan_comes_with_what_its_pages_say_of_person_and_round(participation, django_assert_num_queries):
    plan_of(participation)

    plan = LearningPlan.objects.with_participation().get()

    with django_assert_num_queries(0):
        assert (plan.participation.person, plan.participation.round) == (participation.person, participation.round)


def test_a_goal_names_the_letters_still_open(participation):
    plan = plan_of(participation, goals=[5])
    goal = goal_in(plan, 8, measurable="", due_on=None)

    assert goal.open_letters == ["M", "T"]


@pytest.mark.parametrize(
    ("state", "days", "overdue"),
    [("planned", -1, True), ("planned", 0, False), ("done", -1, False), ("dropped", -1, False)],
)
def test_only_a_planned_measure_becomes_overdue_the_day_after(state, days, overdue):
    assert Measure(state=state, due_on=in_days(days)).is_overdue is overdue


@pytest.mark.parametrize(("days", "held", "overdue"), [(-1, False, True), (0, False, False), (-1, True, False)])
def test_a_review_is_overdue_until_it_is_recorded(days, held, overdue):
    review = Review(planned_on=in_days(days), held_on=TODAY if held else None)

    assert review.is_overdue is overdue


def test_everything_has_a_name(participation):
    plan = plan_of(participation, goals=[5])
    plan.reviews.update(planned_on=date(2027, 3, 1))

    assert [str(thing) for thing in (plan, plan.goals.get(), plan.measures.first(), plan.reviews.first())] == [
        "Lernplan von Anna Ärmel",
        "Datenkompetenz: Kenner bis Könner",
        "Maßnahme 1",
        "Review-Gespräch am 01.03.2027",
    ]
    assert str(plan.measures.first().format) == "Kollegialer Austausch"


def test_formats_load_twice_without_doubling(cast):
    before = LearningFormat.objects.count()

    call_command("loaddata", "formats", verbosity=0)

    assert LearningFormat.objects.count() == before == 7
    assert LearningFormat.objects.get_by_natural_key("training").natural_key() == ("training",)


# Overdue ------------------------------------------------------------------------------------------


def overdue(plan):
    """Whether the plan is overdue, asked of the queryset and of the plan as its page has it; HR looks for it by its days."""
    found = LearningPlan.objects.overdue().contains(plan)
    assert LearningPlan.objects.with_participation().get(pk=plan.pk).is_overdue is found
    waits = plan.is_agreed and any(review.is_overdue for review in plan.reviews.all())
    theirs = Participation.objects.filter(pk=plan.participation_id)
    assert plans_with_something_due(theirs) == ({plan.participation_id} if found or waits else set())
    assert plans_with_something_due(theirs.none()) == set()
    return found


@pytest.mark.parametrize(
    ("dues", "expected"),
    [
        ((-1, -1), True),
        ((-1, 0), False),
        ((-1, None), False),  # a goal without a date is not over
        ((0, 1), False),
    ],
)
def test_a_plan_is_overdue_once_the_last_of_its_goals_is_past(participation, dues, expected):
    plan = plan_of(participation, state=STATES.AGREED, goals=(5, 8), final=False)
    for goal, days in zip(plan.goals.all(), dues, strict=True):
        goal.due_on = None if days is None else in_days(days)
        goal.save()

    assert overdue(plan) is expected


@pytest.mark.parametrize(("is_final", "days", "expected"), [(True, -1, True), (True, 0, False), (False, -1, False)])
def test_a_plan_is_overdue_once_its_final_review_is_past_and_an_interim_one_may_be(
    participation, is_final, days, expected
):
    plan = plan_of(participation, state=STATES.AGREED)
    plan.reviews.filter(is_final=is_final).update(planned_on=in_days(days))

    assert overdue(plan) is expected


@pytest.mark.parametrize("state", [STATES.DRAFT, STATES.COMPLETED])
def test_only_an_agreed_plan_is_overdue(participation, state):
    plan = plan_of(participation, state=state)
    plan.reviews.filter(is_final=True).update(planned_on=in_days(-1))

    assert overdue(plan) is False


@pytest.mark.skipif(connection.vendor != "sqlite", reason="as SQLite tells how it looks")
def test_what_is_due_is_looked_for_by_its_day(participation):
    plan_of(participation, state=STATES.AGREED, final=False).reviews.update(planned_on=in_days(-1))
    asked = []

    def note(execute, sql, params, many, context):
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        assert plans_with_something_due(Participation.objects.values("pk")) == {participation.pk}

    with connection.cursor() as cursor:
        ways = [
            row[-1] for sql, params in asked for row in cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params).fetchall()
        ]
    used = {name for way in ways for name in ("reviews_to_hold_by_day", "pursued_goals_by_day") if name in way}
    assert used == {"reviews_to_hold_by_day", "pursued_goals_by_day"}
    assert [way for way in ways if way.startswith("SCAN learningplans")] == []


def test_a_plan_without_goals_and_dates_is_not_overdue(participation):
    plan = plan_of(participation, state=STATES.AGREED, goals=(), measures=0, final=False)

    assert overdue(plan) is False


def test_another_plans_dates_make_nobody_late(cast, participation):
    plan = plan_of(participation, state=STATES.AGREED)
    late = plan_of(participation_of(cast.dora), state=STATES.AGREED)
    late.reviews.filter(is_final=True).update(planned_on=in_days(-1))
    late.goals.update(due_on=in_days(-1))

    assert (overdue(plan), overdue(late)) == (False, True)


# Agreeing -----------------------------------------------------------------------------------------


def test_a_plan_says_who_has_agreed_and_when(cast, participation):
    plan = LearningPlan(participation=participation, agreed_by_person_on=TODAY)

    assert [plan.agreed_on_by(who) for who in (cast.anna, cast.bernd)] == [TODAY, None]
    assert plan.agreed_names == [participation.person_name]


@pytest.mark.parametrize(
    ("state", "is_draft", "is_agreed"),
    [(STATES.DRAFT, True, False), (STATES.AGREED, False, True), (STATES.COMPLETED, False, False)],
)
def test_a_plan_is_a_draft_or_agreed_or_completed(state, is_draft, is_agreed):
    plan = LearningPlan(state=state)

    assert (plan.is_draft, plan.is_agreed) == (is_draft, is_agreed)


# Measures -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("needs", "given", "lacks"),
    [
        ({}, {}, (False, False)),
        ({"needs_consent": True}, {}, (True, False)),
        ({"needs_consent": True}, {"consented_on": TODAY}, (False, False)),
        ({"needs_mentor": True}, {}, (False, True)),
        ({"needs_mentor": True}, {"mentor": "Carla"}, (False, False)),
    ],
)
def test_a_measure_lacks_what_its_format_needs(participation, needs, given, lacks):
    plan = plan_of(participation, goals=(5,), measures=1)
    measure = plan.measures.get()
    LearningFormat.objects.update(needs_consent=False, needs_mentor=False)
    LearningFormat.objects.filter(pk=measure.format_id).update(**needs)
    Measure.objects.update(**given)

    found = Measure.objects.get()

    assert (found.lacks_consent, found.lacks_mentor) == lacks
    assert Measure.objects.lacking().exists() is any(lacks)


@pytest.mark.parametrize(("starts", "later"), [(None, False), (-1, False), (0, False), (1, True)])
def test_a_measure_begins_later_from_tomorrow_on(starts, later):
    assert Measure(starts_on=None if starts is None else in_days(starts)).begins_later is later


def test_what_is_done_or_dropped_is_not_planned_any_more(participation):
    plan = plan_of(participation, measures=3)
    done, dropped, planned = plan.measures.order_by("pk")
    Measure.objects.filter(pk=done.pk).update(state=Measure.State.DONE)
    Measure.objects.filter(pk=dropped.pk).update(state=Measure.State.DROPPED)

    assert list(plan.measures.planned()) == [planned]


# Reviews and their preparations -------------------------------------------------------------------


def test_reviews_are_held_in_the_order_of_their_days_and_the_others_are_to_hold(participation):
    plan = plan_of(participation)
    interim, final = plan.reviews.order_by("pk")
    second = plan.reviews.create(planned_on=in_days(10), held_on=TODAY)
    third = plan.reviews.create(planned_on=in_days(5), held_on=TODAY)
    first = plan.reviews.create(planned_on=in_days(50), held_on=in_days(-1))
    fourth = plan.reviews.create(planned_on=in_days(10), held_on=TODAY)

    assert list(plan.reviews.held()) == [first, third, second, fourth]
    assert set(plan.reviews.to_hold()) == {interim, final}


SIDES = Preparation.Side


@pytest.fixture
def prepared(participation):
    """The interim review of anna's plan, prepared by both; nothing is released."""
    review = plan_of(participation, state=STATES.AGREED, goals=(5,)).reviews.get(is_final=False)
    Preparation.objects.bulk_create(Preparation(review=review, side=side) for side in SIDES)
    return review


def release(*sides):
    Preparation.objects.filter(side__in=sides).update(released_at=timezone.now())


def read_by(cast):
    found = {who: set(Preparation.objects.visible_to(getattr(cast, who)).values_list("side", flat=True)) for who in WHO}
    return {who: sides for who, sides in found.items() if sides}


@pytest.mark.parametrize(
    ("released", "held", "expected"),
    [
        ((), False, {"anna": {SIDES.PERSON}, "bernd": {SIDES.MANAGER}}),
        ((SIDES.PERSON,), False, {"anna": {SIDES.PERSON}, "bernd": {SIDES.MANAGER}}),
        ((SIDES.MANAGER,), False, {"anna": {SIDES.PERSON}, "bernd": {SIDES.MANAGER}}),
        (tuple(SIDES), False, {"anna": set(SIDES), "bernd": set(SIDES)}),
        ((SIDES.PERSON,), True, {"anna": {SIDES.PERSON}, "bernd": set(SIDES)}),
        ((), True, {"anna": {SIDES.PERSON}, "bernd": {SIDES.MANAGER}}),
    ],
)
def test_a_preparation_is_its_own_sides_until_both_have_released_or_the_review_is_held(
    cast, prepared, released, held, expected
):
    release(*released)
    Review.objects.filter(pk=prepared.pk).update(held_on=TODAY if held else None)

    assert read_by(cast) == expected


def test_what_is_released_for_another_review_discloses_nothing_of_this_one(cast, prepared):
    other = prepared.plan.reviews.get(is_final=True)
    Preparation.objects.create(review=other, side=SIDES.MANAGER, released_at=timezone.now())
    prepared.preparations.filter(side=SIDES.PERSON).update(released_at=timezone.now())

    assert not Preparation.objects.disclosed().exists()
    assert read_by(cast) == {"anna": {SIDES.PERSON}, "bernd": {SIDES.MANAGER}}


@pytest.mark.parametrize("side", SIDES)
def test_a_review_says_which_side_is_ready(prepared, side):
    release(side)

    found = Review.objects.with_preparations().get(pk=prepared.pk)
    other = Review.objects.with_preparations().get(plan=prepared.plan, is_final=True)

    assert (found.person_is_ready, found.manager_is_ready) == (side == SIDES.PERSON, side == SIDES.MANAGER)
    assert (other.person_is_ready, other.manager_is_ready) == (False, False)


@pytest.mark.parametrize("side", SIDES)
def test_of_a_goals_standing_each_side_is_seen_with_its_preparation_alone(prepared, side):
    goal = prepared.plan.goals.get()
    for review in prepared.plan.reviews.all():
        review.goal_reviews.create(goal=goal, self_level=1, manager_level=3)

    seen = GoalReview.objects.with_levels_of(Preparation.objects.filter(side=side)).order_by("review__planned_on")

    mine, theirs = (1, None) if side == SIDES.PERSON else (None, 3)
    assert [(row.seen_self, row.seen_manager) for row in seen] == [(mine, theirs), (None, None)]


def test_the_level_agreed_in_the_latest_held_review_counts(participation):
    plan = plan_of(participation, goals=(5, 8))
    spoken_of, never = plan.goals.all()
    days = [(in_days(-1), 50, 2), (in_days(-9), 60, 1), (in_days(-1), 40, 0), (None, 70, 3), (TODAY, 10, None)]
    reviews = [plan.reviews.create(planned_on=in_days(planned), held_on=held) for held, planned, _ in days]
    for review, (_, _, level) in zip(reviews, days, strict=True):
        review.goal_reviews.create(goal=spoken_of, agreed_level=level)

    assert GoalReview.objects.latest_levels(plan.reviews.all()) == {spoken_of.pk: 2}
    assert GoalReview.objects.latest_levels(plan.reviews.filter(pk=reviews[1].pk)) == {spoken_of.pk: 1}
    assert never.pk not in GoalReview.objects.latest_levels(plan.reviews.all())


def test_a_level_in_a_review_not_held_yet_is_not_agreed(participation):
    plan = plan_of(participation, goals=(5,))
    plan.reviews.first().goal_reviews.create(goal=plan.goals.get(), agreed_level=3)

    assert GoalReview.objects.latest_levels(plan.reviews.all()) == {}


@pytest.mark.parametrize("name", ["self_level", "manager_level", "agreed_level", "to_level"])
def test_a_standing_has_no_level_that_no_scale_has(participation, name):
    plan = plan_of(participation, goals=(5,))

    with pytest.raises(IntegrityError, match="levels_of_a_standing_on_any_scale"), transaction.atomic():
        plan.reviews.first().goal_reviews.create(goal=plan.goals.get(), **{name: 10})


def test_what_both_sides_have_put_down_is_not_read_with_a_standing(prepared):
    prepared.goal_reviews.create(goal=prepared.plan.goals.get(), self_level=1, manager_level=3)

    found = GoalReview.objects.with_levels_of(Preparation.objects.none()).get()

    assert found.get_deferred_fields() == {"self_level", "manager_level"}


@pytest.mark.parametrize("field", ["helped", "hindered", "wishes"])
def test_a_preparation_has_words_as_soon_as_one_question_is_answered(field):
    assert Preparation(**{field: "Ja."}).has_words
    assert not Preparation().has_words


def test_a_final_review_has_another_name():
    assert [Review(is_final=final).kind_name for final in (True, False)] == ["Abschlussgespräch", "Review-Gespräch"]


def test_plans_and_offers_have_pages():
    assert LearningPlan(pk=7).get_absolute_url() == "/lernplaene/7/"
    assert Offer(pk=7).get_absolute_url() == "/lernformate/angebote/7/"


def test_a_goal_repeats_what_was_written_to_each_letter_but_the_date():
    goal = Goal(
        specific="Einrichten", measurable="Zwei laufen", seen_by="", ambitious="", realistic="Zeit", due_on=TODAY
    )

    assert [text for _, text in goal.answers] == ["Einrichten", "Zwei laufen", "", "Zeit"]
    goal.seen_by = "der Führungskraft"
    assert [text for _, text in goal.answers][1] == "Zwei laufen\nFestgestellt von: der Führungskraft"


# What HR offers and puts together -------------------------------------------------------------------


def test_formats_and_offers_that_are_not_to_choose_are_hrs_alone(cast):
    today = TODAY
    offered, withdrawn = LearningFormat.objects.all()[:2]
    LearningFormat.objects.filter(pk=withdrawn.pk).update(is_offered=False)
    lasting = offered.offers.create(title="Ohne Ende")
    last_day = offered.offers.create(title="Bis heute", last_day=today)
    offered.offers.create(title="Vorbei", last_day=in_days(-1))
    offered.offers.create(title="Zurückgezogen", is_offered=False)
    withdrawn.offers.create(title="Format zurückgezogen")

    assert withdrawn not in LearningFormat.objects.visible_to(cast.anna)
    assert withdrawn in LearningFormat.objects.visible_to(cast.paula)
    assert set(Offer.objects.visible_to(cast.anna, today)) == {lasting, last_day}
    assert Offer.objects.visible_to(cast.paula, today).count() == 5


def test_bundles_are_hrs_alone_and_finished_or_being_made(cast, participation):
    made = Bundle.objects.create(round=participation.round, finished_at=timezone.now())
    begun = Bundle.objects.create(round=participation.round)

    assert [who for who in WHO if Bundle.objects.visible_to(getattr(cast, who)).exists()] == ["paula"]
    assert (list(Bundle.objects.finished()), list(Bundle.objects.being_made())) == ([made], [begun])
