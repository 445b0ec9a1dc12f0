"""Where a round stands: the counts, the list and its filters never contradict each other."""

from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone

from assessments import monitoring
from assessments.models import Participation, Progress, Round, TalkProgress
from assessments.monitoring import Standing, overdue, standing
from kompetenz.people.models import Person

TODAY = timezone.localdate()
PAST, SOON = TODAY - timedelta(days=1), TODAY


@pytest.fixture
def crowd(stage):
    """One participant more for every possible combination of states: a talk needs both assessments."""
    for own, manager, talk in product(Progress.values, Progress.values, TalkProgress.values):
        if talk and (own, manager) != (Progress.RELEASED, Progress.RELEASED):
            continue
        someone = Person.objects.create(first_name=f"{own}{manager}{talk}", last_name="Stand")
        Participation.objects.create(
            round=stage.round,
            person=someone,
            manager=stage.cast.bernd,
            profile=stage.participation.profile,
            person_name=str(someone),
            sort_key=someone.sort_key,
            self_state=own,
            manager_state=manager,
            talk_state=talk,
        )
    return stage.round


def test_a_round_is_counted_with_one_query(crowd, django_assert_num_queries):
    with django_assert_num_queries(1):
        counted = standing(crowd, TODAY)

    # 12 combinations and the two who have not begun
    assert counted == Standing(
        invited=14,
        self_started=3,
        self_released=6,
        manager_released=6,
        talks_recorded=2,
        confirmed=1,
        overdue=0,
    )


@pytest.mark.parametrize("due", list(product([PAST, SOON], repeat=3)))
def test_those_counted_as_late_are_those_listed_as_late(crowd, due):
    Round.objects.update(self_due=due[0], manager_due=due[1], talk_due=max(due))
    crowd.refresh_from_db()

    late = Participation.objects.filter(monitoring.overdue(crowd, TODAY), round=crowd)

    assert standing(crowd, TODAY).overdue == late.count()
    assert (late.count() == 0) is (PAST not in due[:2] and max(due) == SOON)


def test_who_is_late_depends_on_the_step_that_is_late(crowd):
    Round.objects.update(self_due=PAST, manager_due=SOON, talk_due=SOON)
    crowd.refresh_from_db()

    late = Participation.objects.filter(overdue(crowd, TODAY), round=crowd)

    assert set(late.values_list("self_state", flat=True)) == {Progress.OPEN, Progress.STARTED}


def test_nobody_is_late_in_a_round_that_has_ended(crowd):
    Round.objects.update(
        self_due=PAST, manager_due=PAST, talk_due=PAST, state=Round.State.CLOSED, closed_at=timezone.now()
    )
    crowd.refresh_from_db()

    assert standing(crowd, TODAY).overdue == 0


def test_every_filter_finds_what_its_name_says(crowd):
    found = {
        word: crowd.participations.filter(condition).count() for word, (_, condition) in monitoring.FILTERS.items()
    }

    assert found == {"selbst": 8, "fremd": 8, "gespraech": 2, "kenntnis": 1, "fertig": 1}
