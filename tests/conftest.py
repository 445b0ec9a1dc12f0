"""The cast and the stage: the people every test knows, and a round they take part in.

anna works for bernd and holds the role Digitallotse; bernd reports to clara. paula is HR, audit is
Datenschutz, fremd works elsewhere. The catalogue, the built-in profiles and the learning formats are loaded once.
"""

import os
import shutil
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from assessments import agreement, answers
from assessments.models import Assessment, Participation, Round
from assessments.opening import open_round
from kompetenz.people.models import Person, Unit
from kompetenz.people.names import fold
from roles.models import RoleHolding, RoleProfile

CHROMIUM = shutil.which("chromium")
PASSWORD = "ein-langes-testpasswort"


def pytest_collection_modifyitems(items):
    """Without Chromium the browser tests are skipped, but never in CI."""
    if CHROMIUM or os.environ.get("CI"):
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="BROWSER TESTS SKIPPED: Chromium is not installed"))


def pytest_terminal_summary(terminalreporter):
    if not CHROMIUM:
        terminalreporter.write_line(
            "!!! Chromium fehlt: Die Browser-Tests sind NICHT gelaufen !!!", red=True, bold=True
        )


@pytest.fixture(scope="session")
def browser_type_launch_args():
    """Debian's Chromium, which as root in a container wants no sandbox of its own."""
    quiet = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    return {"executable_path": CHROMIUM, "args": quiet}


def load_reference_data():
    call_command("loaddata", "catalogue", "roles", "formats", verbosity=0)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        load_reference_data()
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock():
            hang_up_on_stragglers()


def hang_up_on_stragglers():
    """A thread of the live server may outlive its last request; its connection would keep the test database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def person(first, last, **fields):
    email = f"{fold(first)}.{fold(last)}@test.example"
    return Person.objects.create_user(email, PASSWORD, first_name=first, last_name=last, **fields)


@pytest.fixture
def cast(db):
    """Everybody with a name, none of them in a round yet."""
    if not RoleProfile.objects.exists():  # a browser test before has emptied the database
        load_reference_data()
    amt = Unit.objects.create(number="10", name="Hauptamt")
    team = Unit.objects.create(number="10.1", name="Digitalisierung", parent=amt)
    clara = person("Clara", "Chefin", unit=amt, personnel_number="0001")
    bernd = person("Bernd", "Şahin-Žižek", unit=amt, manager=clara, personnel_number="0002")
    anna = person("Anna", "Ärmel", unit=team, manager=bernd, personnel_number="0003")
    people = SimpleNamespace(
        clara=clara,
        bernd=bernd,
        anna=anna,
        dora=person("Dora", "Özgür", unit=team, manager=bernd, personnel_number="0004"),
        paula=person("Paula", "Personal", unit=amt, is_hr=True, personnel_number="0005"),
        audit=person("Audit", "Datenschutz", unit=amt, is_auditor=True),
        fremd=person("Frieda", "Fremd", personnel_number="0007"),
    )
    lotse = RoleProfile.objects.get(key="digitallotse")
    for holder in (people.anna, people.dora):
        RoleHolding.objects.create(person=holder, profile=lotse, since=timezone.localdate())
    return people


def plan_round(cast, **fields):
    """A round in preparation for everybody with a role, due in two, two and six weeks."""
    today = timezone.localdate()
    values = {
        "title": "Runde 2026",
        "purpose": "Damit alle wissen, wo sie stehen.",
        "self_due": today + timedelta(weeks=2),
        "manager_due": today + timedelta(weeks=2),
        "talk_due": today + timedelta(weeks=6),
        "created_by": cast.paula,
    }
    return Round.objects.create(**{**values, **fields})


class Stage:
    """One open round with anna in it, and the steps to carry it forward."""

    def __init__(self, cast, **fields):
        self.cast = cast
        self.round = open_round(round_=plan_round(cast, **fields), by=cast.paula)
        self.participation = Participation.objects.get(round=self.round, person=cast.anna)
        self.own = self.participation.assessments.get(kind=Assessment.Kind.SELF)
        self.manager = self.participation.assessments.get(kind=Assessment.Kind.MANAGER)
        self.competencies = self.round.catalogue.competencies

    def levels(self, level):
        return {competency.id: level for competency in self.competencies}

    def answer(self, assessment, level=2):
        answers.save_answers(pk=assessment.pk, by=assessment.rater, levels=self.levels(level))
        return self

    def release(self, assessment, level=2):
        self.answer(assessment, level)
        answers.release(pk=assessment.pk, by=assessment.rater)
        return self._again()

    def release_both(self, own=1, manager=2):
        return self.release(self.own, own).release(self.manager, manager)

    def talk(self, level=1):
        """Both released and every level agreed; the record is still open."""
        talk = agreement.begin_talk(participation=self.participation)
        agreement.agree_levels(talk=talk, levels=self.levels(level), reasons={})
        talk.held_on = timezone.localdate()
        talk.save()
        return self._again()

    def record(self, level=1):
        self.talk(level)
        agreement.record_talk(talk=self.participation.talk)
        return self._again()

    def confirm(self):
        for by in (self.cast.anna, self.cast.bernd):
            agreement.acknowledge(talk=self.participation.talk, by=by, declined=False, statement="")
        return self._again()

    def _again(self):
        self.participation = Participation.objects.select_related("round", "talk").get(pk=self.participation.pk)
        self.own.refresh_from_db()
        self.manager.refresh_from_db()
        return self


@pytest.fixture
def stage(cast):
    return Stage(cast)


@pytest.fixture
def as_(client):
    """``as_(cast.anna)`` is the test client with anna signed in."""

    def sign_in(somebody):
        client.force_login(somebody)
        return client

    return sign_in


@pytest.fixture
def run_jobs(db, monkeypatch):
    """``run_jobs()`` is a worker that does what is due, as `manage.py db_worker --batch` would; no task may fail."""
    # Outside a transaction there is none to close; a test's own would be lost with its connection.
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)

    def work():
        db_worker.Worker(
            queue_names=["default"], interval=0, batch=True, backend_name="default", startup_delay=False,
            max_tasks=None, worker_id="a-worker", excluded_queue_names=[],
        ).run()  # fmt: skip
        assert [result.traceback for result in DBTaskResult.objects.failed()] == []

    return work
