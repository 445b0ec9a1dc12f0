"""Numbers and dates as Germans enter them, and what the forms refuse."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils.formats import date_format

from kompetenz.forms.fields import GermanDecimalField
from learningplans.contents.plan import goal_entries
from learningplans.drafting.forms.goals import GoalForm
from learningplans.drafting.forms.measures import MeasureForm
from learningplans.following.forms.reviews import ReviewDateForm, ReviewRecordForm
from learningplans.models import LearningFormat, Measure, Review
from tests.clock import in_days
from tests.learningplans.making import goal_in, plan_of


@pytest.fixture
def plan(participation):
    return plan_of(participation)


def measure_form(plan, preselected=(), **data):
    return MeasureForm(data or None, instance=Measure(plan=plan), goals=goal_entries(plan), preselected=preselected)


def measure_data(plan, **changes):
    data = {
        "goals": [plan.goals.first().pk],
        "format": LearningFormat.objects.get(key="training").pk,
        "title": "Training",
        "starts_on": "",
        "due_on": in_days(30).isoformat(),
        "provider": "",
        "responsible": "Anna",
        "hours": "",
        "cost": "",
    }
    return data | changes


@pytest.mark.parametrize(
    ("entered", "number"),
    [
        ("1,5", Decimal("1.5")),
        ("1.5", Decimal("1.5")),
        ("12", Decimal(12)),
        ("1.250,50", Decimal("1250.50")),
        ("1.250", Decimal(1250)),
        ("12.345.678,90 €", Decimal("12345678.90")),
        (" 1 250,50", Decimal("1250.50")),
        ("", None),
    ],
)
def test_numbers_are_read_as_germans_write_them(entered, number):
    assert GermanDecimalField(required=False).clean(entered) == number


@pytest.mark.parametrize("entered", ["etwa 5", "1,2,3", "-"])
def test_what_is_no_number_is_refused(entered):
    with pytest.raises(ValidationError):
        GermanDecimalField().clean(entered)


@pytest.mark.parametrize(("number", "shown"), [(Decimal("1250.50"), "1.250,50"), (Decimal("40.0"), "40"), (None, None)])
def test_numbers_are_shown_as_they_can_be_entered(number, shown):
    assert GermanDecimalField().prepare_value(number) == shown


def test_a_measure_is_saved_with_hours_cost_and_goals(plan):
    goals = [goal.pk for goal in plan.goals.all()[:2]]
    form = measure_form(plan, **measure_data(plan, goals=goals, hours="1,5", cost="1.250,50"))

    measure = form.save()

    assert (measure.hours, measure.cost) == (Decimal("1.5"), Decimal("1250.50"))
    assert sorted(measure.goals.values_list("pk", flat=True)) == goals


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"goals": []}, {"goals": ["Bitte wählen Sie mindestens ein Ziel, dem die Maßnahme dient."]}),
        (
            {"starts_on": in_days(31).isoformat()},
            {"due_on": ["Das Ende liegt vor dem Beginn. Bitte prüfen Sie beide Tage."]},
        ),
        ({"format": ""}, {"format": ["Bitte wählen Sie ein Format."]}),
    ],
)
def test_a_measure_needs_a_goal_a_format_and_an_end_after_its_start(plan, changes, errors):
    assert measure_form(plan, **measure_data(plan, **changes)).errors == errors


def test_formats_are_grouped_by_why_they_fit_and_the_reason_is_said_once(plan):
    projects = plan.goals.get(competency__order=8)  # a Methodenkompetenz, goal number 2

    groups = measure_form(plan, preselected=[projects.pk]).formats

    assert [(heading, reasons, len(rows)) for heading, reasons, rows in groups] == [
        ("Passt zu allen Zielen", ["Ziel 2: für Methodenkompetenzen geeignet."], 6),
        ("Weitere Formate", [], 1),
    ]
    assert [row["format"].key for row in groups[-1][2]] == ["coaching"]


def test_a_measure_that_ends_before_the_talk_is_refused_with_the_day_on_which_the_plan_begins(plan):
    held_on = plan.participation.talk.held_on
    early = {"starts_on": "", "due_on": (held_on - timedelta(days=1)).isoformat()}

    (error,) = measure_form(plan, **measure_data(plan, **early)).errors["due_on"]

    assert error == f"Der Lernplan beginnt mit dem Gespräch am {date_format(held_on)}. Die Maßnahme endet davor."
    assert measure_form(plan, **measure_data(plan, **early | {"due_on": held_on.isoformat()})).is_valid()


def test_a_new_measure_is_ticked_for_the_goal_it_was_asked_for_only(plan):
    goal = plan.goals.last()

    assert measure_form(plan, preselected=[goal.pk])["goals"].value() == [goal.pk]


def test_a_goal_leads_upwards_only(plan):
    goal = plan.goals.get(competency__order=11)

    form = GoalForm({"aim": "raise", "to_level": 2, "priority": 1}, instance=goal)

    assert form.fields["to_level"].choices == [(2, "Könner"), (3, "Experte")]
    assert form.errors == {
        "to_level": [
            "Aufbauen heißt: eine höhere Stufe als Könner. Wählen Sie eine höhere, oder als Vorhaben „vertiefen“ oder „auffrischen“."
        ]
    }


@pytest.mark.parametrize("aim", ["deepen", "refresh"])
def test_what_is_deepened_or_refreshed_may_stay_at_its_level(plan, aim):
    goal = plan.goals.get(competency__order=11)
    form = GoalForm({"aim": aim, "to_level": 2, "priority": 1}, instance=goal)

    saved = form.save()

    assert (saved.aim, saved.from_level, saved.to_level) == (aim, 2, 2)


@pytest.mark.parametrize(
    ("level", "asked"),
    [
        (0, {"to_level": ["Kenner", "Könner", "Experte"]}),
        (1, {"aim": ["aufbauen", "vertiefen", "auffrischen"], "to_level": ["Kenner", "Könner", "Experte"]}),
        (3, {"aim": ["vertiefen", "auffrischen"]}),
    ],
)
def test_a_goal_is_asked_only_what_its_level_leaves_open(participation, level, asked):
    aim = "refresh" if level == 3 else "raise"
    goal = goal_in(plan_of(participation, goals=[5]), 20, from_level=level, to_level=min(level + 1, 3), aim=aim)

    fields = GoalForm(instance=goal).fields

    choices = {
        name: [str(label) for _, label in fields[name].choices] for name in ("aim", "to_level") if name in fields
    }
    assert choices == asked


def test_each_letter_says_whether_it_is_answered(plan):
    goal = plan.goals.first()
    goal.ambitious = goal.seen_by = ""

    letters = GoalForm(instance=goal).letters

    assert [(letter["name"][0], letter["is_open"]) for letter in letters] == [
        ("S", False),
        ("M", True),  # nobody is named who sees it
        ("A", True),
        ("R", False),
        ("T", False),
    ]
    assert [field.name for field in letters[1]["fields"]] == ["aim", "to_level", "measurable", "seen_by"]


@pytest.mark.parametrize(("days", "is_late"), [(210, False), (211, True)])
def test_a_goal_ends_with_the_final_review_at_the_latest(plan, days, is_late):
    form = GoalForm(
        {"aim": "raise", "to_level": 2, "priority": 1, "due_on": in_days(days).isoformat()}, instance=plan.goals.first()
    )
    last = date_format(in_days(210))

    late = [f"Das Abschlussgespräch ist am {last}. Das Ziel endet spätestens an diesem Tag."]
    assert form.errors.get("due_on", []) == (late if is_late else [])


def test_a_goal_may_keep_a_past_date_but_not_get_one(plan):
    goal = plan.goals.first()
    data = {"aim": "raise", "to_level": 3, "priority": 1}
    refused = GoalForm(data | {"due_on": in_days(-1).isoformat()}, instance=goal)

    assert refused.errors == {"due_on": ["Dieser Tag liegt in der Vergangenheit."]}

    goal.due_on = in_days(-5)
    assert GoalForm(data | {"due_on": in_days(-5).isoformat()}, instance=goal).errors == {}


def test_only_one_review_can_be_the_final_one(plan):
    assert list(ReviewDateForm(instance=Review(plan=plan)).fields) == ["planned_on", "starts_at", "place"]


@pytest.mark.parametrize(
    ("interim", "days", "is_final", "errors"),
    [
        (100, 90, True, ["Das Abschlussgespräch ist das letzte: Ein anderes Gespräch liegt danach."]),
        (100, 100, True, []),
        (100, -1, False, ["Dieser Tag liegt in der Vergangenheit."]),
    ],
)
def test_the_final_review_is_the_last(participation, interim, days, is_final, errors):
    plan = plan_of(participation, final=False)
    plan.reviews.update(planned_on=in_days(interim))
    form = ReviewDateForm({"planned_on": in_days(days), "is_final": is_final}, instance=Review(plan=plan))

    assert form.errors.get("planned_on", []) == errors


def test_an_interim_review_lies_before_the_final_one(plan):
    form = ReviewDateForm({"planned_on": in_days(211)}, instance=Review(plan=plan))

    assert form.errors == {"planned_on": ["Dieser Tag liegt nach dem Abschlussgespräch."]}


def test_a_review_is_not_recorded_before_it_is_held(plan):
    form = ReviewRecordForm({"held_on": in_days(1), "notes": ""}, instance=plan.reviews.first(), standings=[])

    assert form.errors == {"held_on": ["Dieser Tag liegt in der Zukunft. Festgehalten wird nach dem Gespräch."]}
