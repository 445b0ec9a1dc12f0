"""The cast and the stage: the people every test knows, and a round they take part in.

anna works for bernd and holds the role Digitallotse; bernd reports to clara. paula is HR, audit is
Datenschutz, fremd works elsewhere. The catalogue, the built-in profiles and the learning formats are loaded once.
"""

import gc
import os
import shutil
import time
from collections import Counter
from functools import cache, lru_cache
from itertools import groupby
from types import SimpleNamespace

import hypothesis
import pytest
import time_machine
from django.db import IntegrityError, connection
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from assessments.answering import saving
from assessments.models import Assessment, Participation, Round
from assessments.rounds.opening import open_round
from assessments.talk import recording
from kompetenz.catalogue.built_in import load_missing
from kompetenz.catalogue.models import Category, Competency, Level, LevelAnchor
from kompetenz.documents import pdf
from kompetenz.people.models import Person, Unit
from kompetenz.people.names import fold
from kompetenz.privacy.access_log import accesses
from roles.models import Requirement, RoleHolding, RoleProfile
from tests.clock import NOW, TODAY, in_days, that_look_at
from tests.fixture_files import FixtureFiles
from tests.kept import Kept
from tests.thorough import THOROUGH, examples

# A machine that is busy with something else proves nothing: how long an example takes is no failure. In CI the examples are
# the same each time; new ones are looked for where somebody sees them.
hypothesis.settings.register_profile(
    "house", deadline=None, derandomize=bool(os.environ.get("CI")), max_examples=examples(100)
)
hypothesis.settings.load_profile("house")

# The one without windows draws the same and takes half the time.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
PASSWORD = "ein-langes-testpasswort"


def pytest_addoption(parser):
    help = (  # noqa: A001
        "only the tests that look at days or times (tests/clock.py), or those that ask a database or look at days;"
        " of the values of one test only the first and the last; `some` takes one of them and a fifth of the browser tests,"
        " each day others, and leaves out no other"
    )
    parser.addoption("--only", choices=("days", "times", "database", "some"), help=help)


def pytest_ignore_collect(collection_path, config):
    """With --only whatever has nothing to do with days or times stays away, and so do the browsers."""
    only = config.getoption("--only")
    if only not in {"days", "times"} or not collection_path.name.startswith("test_"):
        return None
    in_browser = "browser" in collection_path.relative_to(config.rootpath).as_posix()
    return in_browser or not that_look_at(only, collection_path) or None


COMMITTING = {"transactional_db", "live_server"}  # fixtures
ASKING = {"db", *COMMITTING}


def asks_a_database(item):
    """Whether it may: pytest-django lets no other test. What starts processes may have one of theirs."""
    marked = any(item.get_closest_marker(mark) for mark in ("django_db", "real_clock"))
    return marked or not ASKING.isdisjoint(item.fixturenames)


def pytest_collection_modifyitems(config, items):
    """Without Chromium the browser tests are skipped, but never in CI.

    They come first, and of them those that take long: who drives a browser waits most of the time, and with nothing beside
    it at the end so would a core.
    """
    items.sort(key=lambda item: (not item.get_closest_marker("browser"), not item.get_closest_marker("long")))
    only = config.getoption("--only")
    if only == "database":
        items[:] = [
            item for item in items if asks_a_database(item) or item.originalname in that_look_at("days", item.path)
        ]
    elif only in {"days", "times"}:
        items[:] = [
            item
            for item in items
            if item.originalname in that_look_at(only, item.path)
            and not any(item.get_closest_marker(mark) for mark in ("any_day", "real_clock"))
        ]
    left = [item for item in items if not is_left_out(item, only)]
    if only == "some":
        left = some_in_a_browser(one_of_each(left))
    elif only:
        left = first_and_last_of_each(left)
    leave_out(config, set(items) - set(left), items)
    if CHROMIUM or os.environ.get("CI"):
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="BROWSER TESTS SKIPPED: Chromium is not installed"))


# What a quick run takes of many: each day others, so that whoever works here tries all of them in a week. The processes of
# `-n` have it from the first one.
TURN = int(os.environ.setdefault("TURN", str(int(time.time()) // 86_400)))
OF_BROWSER_TESTS = 5


def values_of_each(items):
    """Lists of the same test with its values; of what asks no database each value in one of its own: they cost little."""
    for _, some in groupby(items, key=lambda item: item.nodeid.partition("[")[0]):
        values = list(some)
        yield from [values] if asks_a_database(values[0]) else [[item] for item in values]


def one_of_each(items):
    return [values[TURN % len(values)] for values in values_of_each(items)]


def first_and_last_of_each(items):
    return [item for values in values_of_each(items) for item in (values[:1] + values[1:][-1:])]


def some_in_a_browser(items):
    """Of each file's browser tests every fifth, and those that are run on each database."""
    met = Counter()

    def is_kept(item):
        if not item.get_closest_marker("browser") or item.get_closest_marker("browser_everywhere"):
            return True
        met[item.path] += 1
        return (met[item.path] + TURN) % OF_BROWSER_TESTS == 0

    return [item for item in items if is_kept(item)]


def is_left_out(item, only):
    """What is thorough, unless everything is asked for, or those that are about the database and it is another one."""
    mark = item.get_closest_marker("thorough")
    return mark and not THOROUGH and not (only == "database" and mark.kwargs.get("everywhere"))


LEFT_OUT = pytest.StashKey[int]()


def leave_out(config, some, items):
    config.stash[LEFT_OUT] = len(some)
    config.hook.pytest_deselected(items=list(some))
    items[:] = [item for item in items if item not in some]


def pytest_sessionfinish(session):
    """What a process of `-n` has left out, for the one that writes the summary."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = session.config.stash.get(LEFT_OUT, 0)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """A test that commits leaves an empty database; the next finds what a fresh one holds."""
    yield
    if nextitem is None:  # with the last test the database is gone
        return
    mark = item.get_closest_marker("django_db")
    if (mark and mark.kwargs.get("transaction")) or not COMMITTING.isdisjoint(item.fixturenames):
        with kept.blocker.unblock():
            if not RoleProfile.objects.exists():
                kept.built_in.write_again()


@pytest.hookimpl(optionalhook=True)  # without xdist nobody calls it
def pytest_testnodedown(node):
    """All of them leave out the same."""
    node.config.stash[LEFT_OUT] = node.workeroutput.get("left_out", 0) if hasattr(node, "workeroutput") else 0


def pytest_collection_finish():
    """What is loaded by now stays: no test looks for garbage in it, and a test leaves too little to look often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_terminal_summary(terminalreporter, config):
    if not THOROUGH and config.getoption("--only") in {None, "some"}:
        terminalreporter.write_line(
            f"Ausgelassen: {config.stash.get(LEFT_OUT, 0)} Tests, die mehr Werte oder ein ganzes Produkt versuchen, und vier"
            f" Fünftel der zufälligen Beispiele. `make test-all` lässt alles laufen, `TURN={TURN} make test` diese noch einmal."
        )
    if not CHROMIUM:
        terminalreporter.write_line(
            "!!! Chromium fehlt: Die Browser-Tests sind NICHT gelaufen !!!", red=True, bold=True
        )
    if "TEST_CLOCK" in os.environ and (terminalreporter.stats.keys() & {"failed", "error"}):
        terminalreporter.write_line(f'Wiederholen: TEST_CLOCK={os.environ["TEST_CLOCK"]} make test ARGS="..."')


@pytest.fixture(scope="session")
def browser_type_launch_args():
    """Debian's Chromium, which as root in a container wants no sandbox of its own; it begins no process in advance."""
    quiet = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    few = ["--process-per-site", "--renderer-process-limit=1"]
    return {"executable_path": CHROMIUM, "args": quiet + few}


@pytest.fixture(autouse=True)
def clock(request):
    """The one clock (tests/clock.py); ``clock.move_to(...)`` and ``clock.shift(...)`` change the time within a test.

    Tests of processes of their own, which no fixture reaches, are marked ``real_clock`` and get None.
    """
    if request.node.get_closest_marker("real_clock"):
        yield None
        return
    with time_machine.travel(NOW) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def _nothing_known_of_accesses():
    """What a process knows to stand in the access log, no test leaves to the next, whose log is empty."""
    accesses.known.day = None


@pytest.fixture(scope="session")
def django_db_use_migrations():
    """Tables come straight from the models, in a fifth of the time; but in one process on PostgreSQL from the migrations.

    On SQLite test_installation.py migrates.
    """
    return connection.vendor == "postgresql" and os.environ.get("PYTEST_XDIST_WORKER", "gw0") == "gw0"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        if not RoleProfile.objects.exists():  # with --reuse-db they are there
            load_missing()
        kept.blocker, kept.built_in = django_db_blocker, Kept()
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


NAMES = {"Frieda": "fremd"}  # in the cast; all others go by their first name
# What a fresh database holds, and the cast, the stage and the crowd of the first test, for those who come after; see tests/kept.py.
kept = SimpleNamespace(blocker=None, built_in=None, profile=None, cast=None, read=None, stage=None, crowd=None)


@pytest.fixture
def cast(db):
    """Everybody with a name, none of them in a round yet."""
    lotse = RoleProfile.objects.get(key="digitallotse")
    if Person.objects.exists():
        return make_cast(lotse)
    if kept.profile == lotse.pk and "MUTANT_UNDER_TEST" not in os.environ:
        kept.cast.write_again()
    else:  # the first test, or mutmut, which asks of every test what it runs through
        kept.profile, kept.cast = lotse.pk, Kept(lambda: make_cast(lotse))
        kept.stage = kept.crowd = None
        kept.read = what_opening_reads()
    return cast_in_database()


def what_opening_reads():
    """Every row on which an opened round depends; when people have signed in is no matter to it."""
    rows = []
    with connection.cursor() as cursor:
        for question in questions():
            cursor.execute(question)
            rows += cursor.fetchall()
    return rows


@cache
def questions():
    """The SQL, for which Django would take most of the time."""
    models = Person, Unit, RoleHolding, RoleProfile, Requirement, Category, Competency, LevelAnchor, Level
    fields = [
        [field.attname for field in model._meta.concrete_fields if field.name != "last_login"] for model in models
    ]
    asked = [model.objects.order_by("pk").values_list(*names) for model, names in zip(models, fields, strict=True)]
    return [question.query.sql_with_params()[0] for question in asked]


def cast_in_database():
    """The people as they stand there; who is somebody's manager is one and the same object."""
    units = Unit.objects.in_bulk()
    people = {one.pk: one for one in Person.objects.order_by("pk")}
    for one in people.values():
        one.unit, one.manager = units.get(one.unit_id), people.get(one.manager_id)
    return SimpleNamespace(**{NAMES.get(one.first_name, one.first_name.lower()): one for one in people.values()})


def make_cast(lotse):
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
    for holder in (people.anna, people.dora):
        RoleHolding.objects.create(person=holder, profile=lotse, since=TODAY)
    return people


def plan_round(cast, **fields):
    """A round in preparation for everybody with a role, due in two, two and six weeks."""
    values = {
        "title": "Runde 2026",
        "purpose": "Damit alle wissen, wo sie stehen.",
        "self_due": in_days(14),
        "manager_due": in_days(14),
        "talk_due": in_days(42),
        "created_by": cast.paula,
    }
    return Round.objects.create(**{**values, **fields})


def of_a_session(person):
    """``person`` as a session brings them: knowing whom they lead, and whether they deputise."""
    return Person.objects.with_reach().get(pk=person.pk)


class Stage:
    """One open round with anna in it, and the steps to carry it forward."""

    def __init__(self, cast, round_=None, **fields):
        self.cast = cast
        self.round = round_ or open_round(round_=plan_round(cast, **fields), by=cast.paula)
        self.participation = Participation.objects.get(round=self.round, person=cast.anna)
        self.own = self.participation.assessments.get(kind=Assessment.Kind.SELF)
        self.manager = self.participation.assessments.get(kind=Assessment.Kind.MANAGER)
        self.competencies = self.round.catalogue.competencies

    def levels(self, level):
        return {competency.id: level for competency in self.competencies}

    def answer(self, assessment, level=2):
        saving.save_answers(pk=assessment.pk, by=assessment.rater, levels=self.levels(level))
        return self

    def release(self, assessment, level=2):
        self.answer(assessment, level)
        saving.release(pk=assessment.pk, by=assessment.rater)
        return self._again()

    def release_both(self, own=1, manager=2):
        return self.release(self.own, own).release(self.manager, manager)

    def talk(self, level=1):
        """Both released and every level agreed; the record is still open."""
        talk = recording.begin_talk(participation=self.participation)
        recording.agree_levels(talk=talk, levels=self.levels(level), reasons={})
        talk.held_on = TODAY
        talk.save()
        return self._again()

    def record(self, level=1):
        self.talk(level)
        recording.record_talk(talk=self.participation.talk, by=self.cast.bernd)
        return self._again()

    def confirm(self):
        recording.acknowledge(talk=self.participation.talk, by=self.cast.anna, declined=False, statement="")
        return self._again()

    def _again(self):
        self.participation = Participation.objects.select_related("round", "talk").get(pk=self.participation.pk)
        self.own.refresh_from_db()
        self.manager.refresh_from_db()
        return self


@pytest.fixture
def stage(cast):
    if what_opening_reads() != kept.read:  # a fixture before has changed something
        return Stage(cast)
    if kept.stage is None:
        kept.stage = Kept(lambda: Stage(cast))
        return kept.stage.made
    try:
        kept.stage.write_again()
    except IntegrityError:  # a fixture before has written something of the kind
        return Stage(cast)
    return Stage(cast, Round.objects.get(pk=kept.stage.made.round.pk))


@pytest.fixture
def as_(client):
    """``as_(cast.anna)`` is the test client with anna signed in."""

    def sign_in(somebody):
        client.force_login(somebody)
        return client

    return sign_in


@pytest.fixture
def blank_pdfs(monkeypatch):
    """Documents are filled in but no type is set: for tests of who gets one, not of what is in it."""
    monkeypatch.setattr(pdf, "load_engine", lambda: SimpleNamespace(write_pdf=lambda *papers: b"%PDF-blank"))


@pytest.fixture
def words_of_pdfs(monkeypatch):
    """Documents are handed out as the HTML of which they are set: for tests of what is said in them, not of how it looks."""
    monkeypatch.setattr(pdf, "load_engine", lambda: SimpleNamespace(write_pdf=lambda *papers: "".join(papers).encode()))


load_engine = pdf.load_engine


@lru_cache(100)
def printed(*papers):
    return load_engine().write_pdf(*papers)


@pytest.fixture(autouse=True)
def printed_once(monkeypatch):
    """What is the same to the letter is set once in a process; but not where it is tested how."""
    monkeypatch.setattr(pdf, "load_engine", lambda: SimpleNamespace(write_pdf=printed))


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


@pytest.fixture
def fixtures(settings, tmp_path):
    """The fixtures as a developer changes them."""
    return FixtureFiles(settings, tmp_path)
