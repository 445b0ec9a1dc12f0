"""kill -9 of the worker and of the web process in the midst of each kind of job, on both databases: what is lost, what is done twice.

``python bench/killed.py`` prints the table that make bench puts into docs/benchmarks.md and exits 1 if anything is. The worker is killed in
what HR has begun; the web process in a request that does it for few people at once. Whoever got no answer asks again, as people do.
Arguments are words of the kinds to try; what comes before them is done, too, but nobody is killed in it.

Started as ``python -m bench.killed inside`` it runs inside the app and does what it is told, a line of JSON each.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import load, slow, stage

MANY, FEW = 160, 40  # people of a job, and of what is done in a request
PLANS = 16  # whose documents are made
KILLS = {"worker": 3, "web": 2}  # of each kind
A_LIFE = (
    6  # seconds after which a web process that dies is replaced: sooner, granian takes it for one that cannot start
)
LONGEST = 240  # seconds for one kind
WEB, WORKER = "web", "worker"


# Inside the app -----------------------------------------------------------------------------------


def on_their_way(people, name):
    """So many more people with a role and a manager, and a person above them all."""
    from django.utils import timezone

    from kompetenz.people.models import Person, Unit
    from roles.models import RoleHolding, RoleProfile

    def made(n, **fields):
        return Person(
            first_name=f"Nummer {n}", last_name=name, sort_key=f"{name.lower()}, nummer {n:05}", password="!",
            personnel_number=f"{name}{n:05}", email=f"{name}{n}@musterland.example".lower(), unit=Unit.objects.first(), **fields,
        )  # fmt: skip

    above = made(people)
    above.save()
    fresh = Person.objects.bulk_create([made(n, manager=above) for n in range(people)])
    profile = RoleProfile.objects.get(key="digitallotse")
    RoleHolding.objects.bulk_create(
        [RoleHolding(person=one, profile=profile, since=timezone.localdate()) for one in fresh]
    )
    return fresh


def draft(people):
    """A round in preparation for these people alone."""
    from datetime import timedelta

    from django.utils import timezone

    from assessments.models import Round
    from bench.long_jobs import hr

    today = timezone.localdate()
    dues = {
        name: today + timedelta(days=days) for name, days in (("self_due", 21), ("manager_due", 21), ("talk_due", 56))
    }
    round_ = Round.objects.create(title=f"Runde {people[0].last_name}", purpose="Messen.", created_by=hr(), **dues)
    round_.people.set(people)
    return round_


def to(action, round_, **fields):
    from django.urls import reverse

    from bench.long_jobs import post

    return post(reverse(action, args=[round_.pk]), **fields)


def the_round():
    from assessments.models import Round

    return Round.objects.get(title="Runde Viele")


def theirs():
    from kompetenz.people.models import Person

    return Person.objects.filter(personnel_number__startswith="Viele", manager__isnull=False)


def in_days(days):
    from datetime import timedelta

    from django.utils import timezone

    return timezone.localdate() + timedelta(days=days)


def compared(wanted, found):
    """(lost, doubled): how many of ``wanted`` are not ``found`` as often, and how much is found too often."""
    wanted, found = Counter(wanted), Counter(found)
    return sum((wanted - found).values()), sum((found - wanted).values())


def added(*pairs):
    return [sum(numbers) for numbers in zip(*pairs, strict=True)]


def letters_to(people, kind, key=""):
    """One letter of this kind to each."""
    from kompetenz.letters.models import Letter

    written = Letter.objects.filter(kind=kind, key__contains=key, person__in=people)
    return compared(people.values_list("pk", flat=True), written.values_list("person", flat=True))


def told_once(key):
    """Whoever leads them got one letter with this key, however many batches there were."""
    from kompetenz.letters.models import Letter

    manager = theirs().values("manager").first()["manager"]
    written = Letter.objects.filter(person=manager, key__regex=rf"^{key}.*-manager$")
    return compared(["told"], ["told"] * written.count())


def in_the_round(people):
    """Each of them takes part once, with their Soll, both assessments and a letter."""
    from assessments.models import Assessment, Participation, Target
    from roles.models import Requirement

    keys = list(people.values_list("pk", flat=True))
    inside = Participation.objects.filter(round=the_round(), person__in=keys)
    asked = Requirement.objects.filter(profile__key="digitallotse").values_list("competency", flat=True)
    return added(
        compared(keys, inside.values_list("person", flat=True)),
        compared(
            [(person, competency) for person in keys for competency in asked],
            Target.objects.filter(participation__in=inside).values_list("participation__person", "competency"),
        ),
        compared(
            [(person, kind) for person in keys for kind in ("manager", "self")],
            Assessment.objects.filter(participation__in=inside).values_list("participation__person", "kind"),
        ),
        letters_to(people, "invitation"),
    )


def prepare_opening(people):
    return to("assessments:round_open", draft(on_their_way(people, "Viele")))


def look_at_opening(people):
    from kompetenz.letters.models import Letter

    Letter.objects.filter(kind="reminder").delete()
    return added(in_the_round(theirs()), told_once(f"round-{the_round().pk}-invitation"))


def prepare_reminding(people):
    return to("assessments:round_remind", the_round(), alle="1")


def look_at_reminding(people):
    return letters_to(theirs(), "reminder")


def prepare_deadlines(people):
    return to("assessments:round_extend", the_round(), alle="1", art="verlaengern", talk_due=in_days(70).isoformat())


def of_all(**state):
    """All participations are so, and the job has not counted one twice."""
    from kompetenz.jobs.models import Job

    rows = the_round().participations.all()
    counted = Job.objects.order_by("pk").last()
    changed = counted.tally.get("changed", rows.count()) if counted else rows.count()
    return added(
        compared(["as"] * rows.count(), ["as"] * rows.filter(**state).count()),
        compared(["counted"] * rows.count(), ["counted"] * changed),
    )


def look_at_deadlines(people):
    return of_all(talk_due=in_days(70))


def prepare_pausing(people):
    """All have a date for their talk, so that they are told that it is off."""
    from datetime import timedelta

    from django.utils import timezone

    from kompetenz.letters.models import Letter

    Letter.objects.filter(kind__in=["talk", "notice"]).delete()
    the_round().participations.update(talk_at=timezone.now() + timedelta(days=14))
    return to("assessments:round_pause", the_round(), alle="1")


def look_at_pausing(people):
    return added(of_all(paused_on=in_days(0)), letters_to(theirs(), "notice", "talks-off"))


def prepare_resuming(people):
    return to("assessments:round_resume", the_round(), alle="1")


def look_at_resuming(people):
    return added(of_all(paused_on=None), letters_to(theirs(), "talk"))


def prepare_handing_over(people):
    """Everybody has another manager by now."""
    from assessments.changes.views.changes import pairs
    from kompetenz.forms.stamp import stamp

    above = on_their_way(1, "Leitung")[0]
    theirs().update(manager=above)
    return to("assessments:round_hand_over", the_round(), alle=stamp(pairs(the_round().participations.to_hand_over())))


def look_at_handing_over(people):
    from assessments.models import HandOver

    rows = the_round().participations.values_list("pk", flat=True)
    handed = HandOver.objects.filter(participation__in=rows)
    return added(
        compared(rows, handed.values_list("participation", flat=True)),
        letters_to(theirs(), "hand_over"),
        told_once("hand-over-"),
    )


def prepare_late_entry(people):
    days = {"self_due": in_days(20), "manager_due": in_days(20), "talk_due": in_days(70)}
    late = [one.pk for one in on_their_way(people, "Spaet")]
    return to(
        "assessments:round_admit", the_round(), person=late, **{name: day.isoformat() for name, day in days.items()}
    )


def look_at_late_entry(people):
    from kompetenz.people.models import Person

    return in_the_round(Person.objects.filter(personnel_number__startswith="Spaet", manager__isnull=False))


def prepare_staff_list(people):
    """A list in which all of them have another surname and unit, and as many are new."""
    from django.urls import reverse

    from bench.lists import read_table
    from bench.long_jobs import hr, post
    from kompetenz.people.staff.comparing import compare
    from kompetenz.people.staff.uploading import keep

    rows = list(theirs().values_list("personnel_number", "first_name", "email"))
    rows += [(f"Neu{n:05}", f"Neue {n}", f"neu{n}@musterland.example") for n in range(people)]
    lines = ["Personalnummer;Nachname;Vorname;E-Mail;OE-Nr.;OE-Bezeichnung"]
    lines += [f"{number};Andere;{first};{email};V1;Neues Amt" for number, first, email in rows]
    table = read_table("\r\n".join(lines).encode())
    keep(table=table, name="alle.csv", by=hr())
    return post(reverse("people:staff_preview"), read=compare(table, by=hr()).stamp)


def look_at_staff_list(people):
    from kompetenz.people.models import Person, Unit

    moved = Person.objects.filter(last_name="Andere", unit__number="V1")
    wanted = {*theirs().values_list("personnel_number", flat=True), *(f"Neu{n:05}" for n in range(people))}
    return added(
        compared(wanted, moved.values_list("personnel_number", flat=True)),
        compared(["V1"], Unit.objects.filter(number="V1").values_list("number", flat=True)),
    )


def look_at_file(kind, rows=1):
    """One job of the kind has made one file, and everybody is in it."""
    import io

    from openpyxl import load_workbook

    from kompetenz.jobs.models import Job

    made = [bytes(job.content) for job in Job.objects.filter(kind=kind, state="done", content__isnull=False)]
    if kind == "growth":
        return compared(["%PDF"], [content[:4].decode() for content in made])
    listed = [sheet.max_row for content in made for sheet in load_workbook(io.BytesIO(content)).worksheets[:1]]
    return compared(["enough"], ["enough" for number in listed if number > rows])


def prepare_list(people):
    return to("assessments:round_list", the_round())


def look_at_list(people):
    return look_at_file("participation list", the_round().participations.count())


def with_plans():
    """The round that has ended, as far as it has few plans: each document takes its time."""
    from assessments.models import Participation, Round

    ended = Round.objects.filter(closed_at__isnull=False, participations__plan_state__isnull=False)
    round_ = ended.order_by("closed_at").distinct().first()
    kept = list(round_.participations.order_by("-plan_state", "pk").values_list("pk", flat=True)[:PLANS])
    Participation.objects.filter(round=round_).exclude(pk__in=kept).delete()
    return round_


def prepare_measures(people):
    return to("learningplans:round_measures", with_plans())


def look_at_measures(people):
    from learningplans.round_documents.workbook import measures_of

    return look_at_file("measures and confirmations", measures_of(with_plans()).count())


def prepare_growth(people):
    from django.urls import reverse

    from bench.inside import TOKEN, cookie_of, request
    from kompetenz.demo.accounts import BY_KEY
    from kompetenz.people.models import Person

    ready = Person.objects.get(email=BY_KEY["ready"].email)
    headers = {"X-CSRFToken": TOKEN, "Content-Type": "application/x-www-form-urlencoded"}
    return request(reverse("learningplans:growth_pdf"), cookie_of(ready), method="POST", headers=headers)


def look_at_growth(people):
    return look_at_file("growth")


def prepare_bundle(people):
    return to("learningplans:round_documents", with_plans())


def look_at_bundle(people):
    from learningplans.models import Bundle, BundleDocument
    from learningplans.round_documents.bundling import wanted_documents

    made = BundleDocument.objects.filter(content__isnull=False, problem="", bundle__finished_at__isnull=False)
    wanted = [(row.pk, str(kind)) for row, kind, _ in wanted_documents(with_plans())]
    return added(
        compared(wanted, made.values_list("participation", "kind")), compared([1], [1] * Bundle.objects.count())
    )


def prepare_closing(people):
    """All have an appointment, and a draft of somebody who leads them no more."""
    from datetime import timedelta

    from django.utils import timezone

    from assessments.models import Assessment
    from kompetenz.letters.models import Letter

    rows = the_round().participations
    rows.update(talk_at=timezone.now() + timedelta(days=14))
    left = [Assessment(participation=row, kind="former", rater_id=row.manager_id) for row in rows.all()]
    Assessment.objects.bulk_create(left)
    Letter.objects.filter(kind="notice").delete()
    return to("assessments:round_close", the_round(), drafts=str(len(left)), entries="0")


def look_at_closing(people):
    from assessments.models import Assessment

    rows = the_round()
    left = Assessment.objects.filter(participation__round=rows, kind="former").count()
    return added((left, 0), compared(["closed"], [rows.state]), letters_to(theirs(), "notice", "talks-off"))


def prepare_removing(people):
    """The same people in another round."""
    from assessments.models import Round
    from assessments.rounds.opening import open_round
    from bench.long_jobs import hr
    from kompetenz.letters.models import Letter

    Round.objects.filter(title="Runde Viele").update(title="Früher")
    again = draft(list(theirs()))
    Round.objects.filter(pk=again.pk).update(title="Runde Viele")
    open_round(round_=again, by=hr())
    Letter.objects.filter(kind="removal").delete()
    return to("assessments:round_remove", the_round(), alle="1", verlust="0")


def look_at_removing(people):
    return added((the_round().participations.count(), 0), letters_to(theirs(), "removal"))


# In this order, for each goes on where the one before has ended.
KINDS = {
    "opening": (prepare_opening, look_at_opening),
    "reminding": (prepare_reminding, look_at_reminding),
    "deadlines": (prepare_deadlines, look_at_deadlines),
    "pausing": (prepare_pausing, look_at_pausing),
    "resuming": (prepare_resuming, look_at_resuming),
    "handing over": (prepare_handing_over, look_at_handing_over),
    "late entry": (prepare_late_entry, look_at_late_entry),
    "staff list": (prepare_staff_list, look_at_staff_list),
    "participation list": (prepare_list, look_at_list),
    "measures workbook": (prepare_measures, look_at_measures),
    "growth PDF": (prepare_growth, look_at_growth),
    "documents of a round": (prepare_bundle, look_at_bundle),
    "closing": (prepare_closing, look_at_closing),
    "removing": (prepare_removing, look_at_removing),
}
FILES = {
    "participation list",
    "measures workbook",
    "growth PDF",
}  # of few people they are the answer, and nothing is kept


def begin_as_job(asked):
    """What is asked for becomes a job however little it is; the status of the answer."""
    from dataclasses import replace
    from unittest import mock

    from django.conf import settings

    from assessments.rounds.views import monitoring
    from bench.inside import send
    from learningplans.looking_back import views as looking_back
    from learningplans.round_documents.views import workbooks

    settings.JOBS_AT_ONCE = 0
    with ExitStack() as stack:
        for module, name in ((monitoring, "LIST"), (workbooks, "WORKBOOK"), (looking_back, "PDF")):
            stack.enter_context(mock.patch.object(module, name, replace(getattr(module, name), at_once=0)))
        return send(asked).status_code


def unfinished():
    """What is left to be done, as long as anything is: how far each job is, and how many documents are missing."""
    from kompetenz.jobs.models import Job
    from learningplans.models import Bundle

    jobs = [f"{job.kind} {job.state} {job.done} {job.tries} {job.problem}" for job in Job.objects.unfinished().light()]
    return jobs + [f"bundle {one.documents.filter(done_at=None).count()}" for one in Bundle.objects.being_made()]


def let_time_pass():
    """Nobody waits: what was in hand of whoever is dead is free, what is to be done later is due, and letters are out of the way."""
    from django.utils import timezone
    from django_tasks_db.models import DBTaskResult

    from kompetenz.jobs.models import Job
    from kompetenz.letters.models import Letter

    Letter.objects.on_their_way().update(state=Letter.State.DISCARDED)
    Job.objects.going().update(in_hand_until=None)
    DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())


def inside():
    import django

    django.setup()
    does = {
        "prepare": lambda kind, people: KINDS[kind][0](people),
        "look": lambda kind, people: list(KINDS[kind][1](people)),
        "begin": begin_as_job,
        "unfinished": unfinished,
        "let time pass": let_time_pass,
    }
    for line in sys.stdin:
        what, *about = json.loads(line)
        print(json.dumps(does[what](*about)), flush=True)


# Outside ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Met:
    kind: str
    process: str
    database: str
    kills: int
    at: list[str]
    lost: int
    doubled: int
    seconds: float

    def row(self):
        return f"| {self.kind} | {self.process} | {self.database} | {self.kills} | {self.lost} | {self.doubled} | {self.seconds:.0f} |"


@contextmanager
def told(env):
    """``tell("look", kind, people)``: what a process inside the app answers."""
    command = [sys.executable, "-m", "bench.killed", "inside"]
    process = subprocess.Popen(
        command,
        cwd=stage.ROOT,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )

    def tell(*words):
        process.stdin.write(json.dumps(words) + "\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    try:
        yield tell
    finally:
        process.stdin.close()
        process.wait(30)


@contextmanager
def worker(env):
    command = [sys.executable, "manage.py", "db_worker", "--no-startup-delay", "--interval", "0.1"]
    process = subprocess.Popen(command, cwd=stage.ROOT, env=env, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def worker_killed(tell, env, kills, chance):
    """Kill so many workers, each some time after it has got further, and let the last one finish; where each had come to."""
    at, until = [], time.monotonic() + LONGEST
    tell("let time pass")
    while (standing := tell("unfinished")) and time.monotonic() < until:
        with worker(env):
            while len(at) < kills and tell("unfinished") == standing and time.monotonic() < until:
                time.sleep(0.01)
            if len(at) < kills:
                time.sleep(chance.uniform(0, 0.8))
                at += tell("unfinished")[:1] or ["the end"]
            else:
                while tell("unfinished") and time.monotonic() < until:
                    time.sleep(0.1)
        tell("let time pass")
    return at


def web_killed(server, asked, kills, chance):
    """Ask, and kill whoever answers while they do, as often; then ask as long as it takes. How many were killed before they answered."""
    killed, longest = 0, 0.4
    for _ in range(kills):
        request = subprocess.Popen(
            [sys.executable, "-c", ASKING, json.dumps([server.port, asked])], cwd=stage.ROOT, stdout=subprocess.PIPE
        )
        request.stdout.readline()
        time.sleep(chance.uniform(0, longest))
        for process in server.processes()[1:]:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        killed += request.communicate(timeout=60)[0].strip() == b"None"
        stage.wait_for(server.port)
        time.sleep(A_LIFE)
    _, status = slow.ask(server.port, asked, timeout=60)
    if status not in {200, 302, 404}:  # of a round that is closed by now there is no page to close it
        raise RuntimeError(f"{asked['path']} answers {status}")
    return killed


ASKING = """
import json, sys
from bench import slow
port, asked = json.loads(sys.argv[1])
print("asking", flush=True)
print(slow.ask(port, asked, timeout=20)[1])
"""


def killed_in_each(env, database, process, wanted, chance):
    """One kind after the other in one database; yields what came of it."""
    people = MANY if process == WORKER else FEW
    with ExitStack() as stack:
        tell = stack.enter_context(told(env))
        server = stack.enter_context(stage.served(env)) if process == WEB else None
        for kind in KINDS:
            if kind in FILES and process == WEB:
                continue
            began, kills = time.monotonic(), KILLS[process] if kind in wanted else 0
            asked, at = tell("prepare", kind, people), []
            if process == WEB:
                killed = web_killed(server, asked, kills, chance)
            elif (status := tell("begin", asked)) != 302:
                raise RuntimeError(f"{kind} answers {status}")
            at = worker_killed(tell, env, kills if process == WORKER else 0, chance)
            lost, doubled = tell("look", kind, people)
            if kind in wanted:
                count = killed if process == WEB else len(at)
                yield Met(kind, process, database, count, at, lost, doubled, time.monotonic() - began)


def measure(wanted=tuple(KINDS), seed=None):
    chance, met = random.Random(seed), []
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        static = directory / "static"
        for process in (WORKER, WEB):
            env = stage.environment(stage.seeded(200, directory), static)
            stage.manage("collectstatic", "--noinput", "--verbosity", "0", env=env)
            met += killed_in_each(env, "SQLite", process, wanted, chance)
            with load.postgres(directory, static) as server:
                if server:
                    met += killed_in_each(server, "PostgreSQL", process, wanted, chance)
    return met


def report(met):
    text = (
        f"## kill -9 in the midst of each kind of job\n\nOf {MANY} people the worker is killed, each time some moments after it has got further; in a "
        f"request for {FEW} people the web process is, and whoever got no answer asks again (a file for so few is the answer and keeps nothing). Looked at is every row "
        "and every letter. Time in which a killed worker's work waits for the next is left out.\n\n"
        "| What is done | killed | database | times | lost | doubled | s |\n| --- | --- | --- | ---: | ---: | ---: | ---: |\n"
    )
    rows = sorted(met, key=lambda one: list(KINDS).index(one.kind))
    text += "\n".join(one.row() for one in rows) + f"\n\nLoad {os.getloadavg()[0]:.1f} at the end.\n"
    broken = [
        f"{one.kind}, {one.process}, {one.database}: {one.lost} lost, {one.doubled} doubled"
        for one in met
        if one.lost or one.doubled
    ]
    return text, broken


if __name__ == "__main__":
    if sys.argv[1:] == ["inside"]:
        inside()
    else:
        said, missed = report(
            measure([kind for kind in KINDS if not sys.argv[1:] or any(word in kind for word in sys.argv[1:])])
        )
        print(said)
        sys.exit("\n".join(missed) or None)
