"""Who may see and change which Lernplan, and when something is overdue."""

from datetime import date

import pytest
from django.core.management import call_command
from django.utils import timezone

from learningplans.models import LearningFormat, LearningPlan, Measure, Review
from tests.learningplans.making import goal_in, in_days, participation_of, plan_of

WHO = ["anna", "bernd", "dora", "paula", "fremd", "audit"]
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
    review = Review(planned_on=in_days(days), held_on=timezone.localdate() if held else None)

    assert review.is_overdue is overdue


def test_everything_has_a_name(participation):
    plan = plan_of(participation, goals=[5])
    plan.reviews.update(planned_on=date(2027, 3, 1))

    assert [str(thing) for thing in (plan, plan.goals.get(), plan.measures.first(), plan.reviews.first())] == [
        "Lernplan von Anna Şahin-Žižek",
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
