"""Rounds with many plans, and a worker, for the tests of bundles."""

from unittest import mock

from django_tasks_db.management.commands import db_worker

from assessments.models import Participation, PlanProgress
from kompetenz.people.models import Person
from learningplans.models import LearningPlan
from tests.learningplans.making import participation_of, plan_of


def people(manager, *names):
    """A person for each "Vorname Nachname" who reports to ``manager``."""
    made = []
    for name in names:
        first, last = name.split(" ", 1)
        email = f"person-{Person.objects.count()}@example.org"
        made.append(Person.objects.create_user(email, first_name=first, last_name=last, manager=manager))
    return made


def round_of(manager, *names, state=LearningPlan.State.AGREED, **fields):
    """A round in which everybody named has a plan in this state."""
    made = [participation_of(somebody, **fields) for somebody in people(manager, *names)]
    for participation in made:
        plan_of(participation, state=state, goals=(5,), measures=1)
    round_ = made[0].round
    rows = Participation.objects.filter(pk__in=[participation.pk for participation in made])
    rows.update(round=round_, plan_state=PlanProgress[state.upper()])
    return round_


def work():
    """What a worker does with everything that waits; the test's own transaction stays open."""
    worker = db_worker.Worker(
        queue_names=["default"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="test",
        excluded_queue_names=[],
    )
    with mock.patch.object(db_worker, "close_old_connections"):
        worker.run()
