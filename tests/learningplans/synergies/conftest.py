from types import SimpleNamespace

import pytest
from django.contrib.auth.hashers import make_password

from assessments.models import Participation, Talk
from kompetenz.people.models import Person
from learningplans.models import Goal, LearningPlan
from tests.clock import TODAY
from tests.learningplans.making import competency, participation_of, plan_of

AGREED = LearningPlan.State.AGREED


@pytest.fixture
def many(cast):
    """``learn(number)`` people more of bernd's, with an agreed plan and a goal each: the competency of this number, from 1 to 2."""
    first = plan_of(participation_of(cast.anna), state=AGREED, goals=(5,))
    first.goals.update(from_level=1, to_level=2)

    def learn(number, goal=5, manager=cast.bernd):
        known, nobody = Person.objects.count(), make_password(None)
        people = Person.objects.bulk_create(
            Person(
                first_name=f"Q{known + at:04}", last_name="Lernt", sort_key=f"lernt, q{known + at:04}", password=nobody,
                email=f"q{known + at}@test.example", manager=manager,
            )
            for at in range(number)
        )  # fmt: skip
        row = first.participation
        same = {
            field.attname: getattr(row, field.attname)
            for field in Participation._meta.concrete_fields
            if field.name not in {"id", "person", "person_name", "sort_key", "manager"}
        }
        participations = Participation.objects.bulk_create(
            Participation(**same, person=one, person_name=str(one), sort_key=one.sort_key, manager=manager)
            for one in people
        )
        Talk.objects.bulk_create(Talk(participation=one, held_on=TODAY) for one in participations)
        plans = LearningPlan.objects.bulk_create(
            LearningPlan(participation=one, state=AGREED, agreed_by_person_on=first.agreed_by_person_on, agreed_by_manager_on=first.agreed_by_manager_on)
            for one in participations
        )  # fmt: skip
        wanted = competency(goal)
        Goal.objects.bulk_create(Goal(plan=plan, competency=wanted, from_level=1, to_level=2) for plan in plans)
        return plans

    return SimpleNamespace(cast=cast, anna=first, learn=learn)
