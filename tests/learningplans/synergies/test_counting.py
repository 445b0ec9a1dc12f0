"""What HR is told of goals: how many have the same, from k on, and at two moments only what says nothing of fewer than k."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.models import Participation
from kompetenz.people.models import Person
from kompetenz.refusals import Refused
from learningplans.models import Goal, GoalTally, LearningPlan
from learningplans.synergies import counting
from tests.clock import TODAY, in_days
from tests.learningplans.making import competency


def take_stock(many):
    return counting.take_stock(by=many.cast.paula)


def test_it_tells_what_five_or_more_have_and_not_nearly_all(many):
    many.learn(4)
    many.learn(4, goal=8)
    many.learn(1, goal=11)

    tally = take_stock(many)

    assert (tally.people, tally.ways) == (10, [[competency(5).pk, 1, 2, 5]])


def test_what_nearly_all_have_is_not_told(many):
    many.learn(7)
    many.learn(4, goal=8)

    assert take_stock(many).ways == []


def test_only_goals_count_that_are_pursued_in_agreed_plans_of_who_can_be_asked(many):
    many.learn(5)
    draft, done, paused, left, silent, ended = (many.learn(1)[0] for _ in range(6))
    LearningPlan.objects.filter(pk=draft.pk).update(state="draft")
    LearningPlan.objects.filter(pk=done.pk).update(state="completed", completed_on=TODAY)
    Participation.objects.filter(pk=paused.participation_id).update(paused_on=TODAY)
    Person.objects.filter(pk=left.participation.person_id).update(leaving_date=in_days(-1))
    Person.objects.filter(pk=silent.participation.person_id).update(email=None)
    Goal.objects.filter(plan=ended).update(ended_on=TODAY)
    many.learn(6, goal=8)

    tally = take_stock(many)

    assert tally.people == 12
    assert [people for *_, people in tally.ways] == [6, 6]


def test_of_few_people_nothing_is_counted(many):
    with pytest.raises(Refused, match="ab 5 Personen"):
        take_stock(many)


def test_a_second_one_waits_until_many_have_changed(many):
    """One more in the cluster would be the one whose plan was agreed in between."""
    many.learn(5)
    others = many.learn(6, goal=8)
    take_stock(many)

    with pytest.raises(Refused, match="von weniger als 5 Personen") as nobody:
        take_stock(many)
    many.learn(1)
    with pytest.raises(Refused, match="von weniger als 5 Personen") as somebody:
        take_stock(many)
    assert str(nobody.value) == str(somebody.value)  # the plan agreed in between may be the only one
    Goal.objects.filter(plan__in=others[:3]).update(to_level=3)
    with pytest.raises(Refused, match="von weniger als 5 Personen"):
        take_stock(many)
    many.learn(4)
    Goal.objects.filter(plan__in=others).update(to_level=3)

    assert take_stock(many).people == 17


def test_as_many_as_have_to_be_are_enough(many):
    many.learn(4)
    first = take_stock(many)
    many.learn(3)
    many.learn(2, goal=8)

    assert (first.people, first.by) == (5, many.cast.paula)
    assert take_stock(many).people == 10


def test_who_went_does_not_stand_in_for_who_came(many):
    """Five plans end and one is agreed. That one way has one more is then the goal of that one, for whoever went is in none more."""
    many.learn(5)
    others = many.learn(10, goal=8)
    take_stock(many)
    many.learn(1)
    LearningPlan.objects.filter(pk__in=[one.pk for one in others[:5]]).update(state="completed", completed_on=TODAY)

    with pytest.raises(Refused, match="von weniger als 5 Personen"):
        take_stock(many)
    many.learn(4, goal=8)

    assert take_stock(many).ways == [[competency(8).pk, 1, 2, 9], [competency(5).pk, 1, 2, 7]]


@pytest.mark.parametrize("alike", [5, 6])
def test_it_waits_where_all_who_came_have_the_same_goal(many, alike):
    """Whose plans were agreed in between, HR knows. All of them have what so many more have."""
    many.learn(5)
    many.learn(6, goal=8)
    take_stock(many)
    many.learn(alike)

    with pytest.raises(Refused, match="oder bei allen in derselben Weise"):
        take_stock(many)
    many.learn(1, goal=8)

    assert take_stock(many).people == 13 + alike


def test_it_waits_where_all_who_went_had_the_same_goal(many):
    gone = many.learn(11)
    many.learn(9, goal=8)
    take_stock(many)
    LearningPlan.objects.filter(pk__in=[one.pk for one in gone[:5]]).delete()

    with pytest.raises(Refused, match="oder bei allen in derselben Weise"):
        take_stock(many)


def test_ways_of_one_competency_that_nearly_all_share_are_not_told_together(many):
    """Seven begin at one level and seven at another; added up, all but one have a goal in this competency."""
    many.learn(6)
    Goal.objects.filter(plan__in=many.learn(7)).update(from_level=0)
    many.learn(1, goal=8)

    assert take_stock(many).ways == [[competency(5).pk, 0, 2, 7]]


def test_what_is_again_as_it_was_before_the_last_one_says_nothing_new(many):
    many.learn(11)
    many.learn(6, goal=11)
    first = take_stock(many)
    guests = many.learn(6, goal=8)
    take_stock(many)
    LearningPlan.objects.filter(pk__in=[one.pk for one in guests]).delete()

    assert take_stock(many).marks == first.marks


def test_it_is_judged_beside_all_that_are_kept(many):
    """Five come and go again, but for one more who has stayed: beside the last tally that is enough, beside the first it is one."""
    many.learn(11)
    many.learn(6, goal=11)
    take_stock(many)
    guests = many.learn(6, goal=8)
    take_stock(many)
    LearningPlan.objects.filter(pk__in=[one.pk for one in guests[:5]]).delete()

    with pytest.raises(Refused, match="einem früheren Stand"):
        take_stock(many)


def test_who_was_counted_is_not_to_be_read_in_it(many):
    plans = many.learn(11)

    tally = take_stock(many)

    assert len(tally.marks) == 12
    ids = {str(plan.participation.person_id) for plan in plans}
    assert not ids & set(tally.marks)
    assert str(tally) == f"{TODAY:%d.%m.%Y}"


def test_old_ones_go_after_a_year_but_for_the_last(many):
    many.learn(11)
    first = take_stock(many)
    many.learn(6)
    last = take_stock(many)
    GoalTally.objects.update(at=timezone.now() - timedelta(days=400))

    assert counting.forget_old_tallies(TODAY) == "Alte Stände gemeinsamer Ziele gelöscht: 1."
    assert counting.forget_old_tallies(TODAY) is None
    assert list(GoalTally.objects.all()) == [last] != [first]
