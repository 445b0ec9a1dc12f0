"""HR's long work for 2,000 people, each as one job of one worker: a list read and taken over, a round opened, with ``forms`` the forms printed of those without an address, with ``all`` everybody's.

``python bench/workplace.py [PEOPLE] [forms] [all]`` prints seconds, processor time and memory of each, then gives the participants every combination of
states and counts every number of the monitor once more, row by row; it exits 1 if one is wrong.
"""

import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from datetime import timedelta
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import first_round, stage
from bench.documents import cpu_of, peak

PEOPLE = 2_000
COMBINED = 101  # people in turn get each of as many combinations of states
LONGEST = 3_000  # seconds for one job


class Work:
    """Jobs begun as HR begins them, and what their worker needed."""

    def __init__(self, worker):
        from bench.inside import cookie_of
        from kompetenz.people.models import Person

        self.worker, self.cookie = worker, cookie_of(Person.objects.get(email=first_round.HR))
        self.rows = []

    def ask(self, path, method="GET", **more):
        from django.test import Client

        from bench.inside import TOKEN

        headers = {"Cookie": self.cookie, "Host": "127.0.0.1", "X-CSRFToken": TOKEN}
        return getattr(Client(), method.lower())(path, headers=headers, **more)

    def post(self, path, **fields):
        return self.ask(path, "POST", data=fields)

    def timed(self, title, begin):
        from kompetenz.jobs.models import Job

        began, cpu = time.perf_counter(), cpu_of(self.worker)
        answered = begin()
        if answered.status_code != 302:
            raise RuntimeError(f"{title}: {answered.status_code}")
        while Job.objects.unfinished().exists():
            if time.perf_counter() - began > LONGEST:
                raise TimeoutError(title)
            time.sleep(0.2)
        self.rows.append((title, time.perf_counter() - began, cpu_of(self.worker) - cpu, peak(self.worker)))


def do_everything(work, people):
    """All of it; returns the round."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.urls import reverse
    from django.utils import timezone

    from assessments.models import Round
    from kompetenz.jobs.models import JobPart
    from kompetenz.people.models import Person, StaffFile
    from roles.models import RoleHolding, RoleProfile

    content = first_round.workbook(first_round.rows(people))["buffer"]
    upload, mapping, preview = (reverse(f"people:staff_{name}") for name in ("import", "mapping", "preview"))
    work.timed("reading the list", lambda: work.post(upload, file=SimpleUploadedFile("auszug.xlsx", content)))
    choices, read = (
        StaffFile.objects.get().choices,
        work.ask(mapping).text.partition('name="read" value="')[2].partition('"')[0],
    )
    said = {f"column-{place}": key for place, key in enumerate(choices["keys"])}
    work.timed("comparing it", lambda: work.post(mapping, read=read, weiter="", **said))
    stamp = StaffFile.objects.get().shown["stamp"]
    work.timed("taking it over", lambda: work.post(preview, read=stamp))
    profile, today = RoleProfile.objects.first(), timezone.localdate()
    everybody = Person.objects.exclude(email=first_round.HR)
    RoleHolding.objects.bulk_create([RoleHolding(person=one, profile=profile, since=today) for one in everybody])
    dues = {
        name: today + timedelta(days=days) for name, days in {"self_due": 21, "manager_due": 21, "talk_due": 56}.items()
    }
    hr = Person.objects.get(email=first_round.HR)
    found = Round.objects.create(title="Alle", purpose="Messen.", created_by=hr, responsible=hr, **dues)
    work.timed("opening the round", lambda: work.post(reverse("assessments:round_open", args=[found.pk])))
    forms = reverse("assessments:round_forms", args=[found.pk])
    if "forms" in sys.argv:
        work.timed("forms of those without an address", lambda: work.post(f"{forms}?merkmal=ohne-mail"))
    if "all" in sys.argv:
        work.timed("everybody's forms", lambda: work.post(forms))
    size = sum(len(bytes(content)) for content in JobPart.objects.values_list("content", flat=True))
    print(f"{JobPart.objects.count()} files of forms, {size / 1e6:.0f} MB; {found.participations.count()} participate.")
    return Round.objects.get(pk=found.pk)


# The monitor's numbers -----------------------------------------------------------------------------


def spoil(found):
    """Each combination of states, and what HR makes of them: some rest, have declined, have more time, are late, have left or no manager."""
    from django.db import IntegrityError, transaction
    from django.utils import timezone

    from assessments.models import Participation, PlanProgress, Progress, TalkProgress
    from kompetenz.people.models import Person

    today, ids = timezone.localdate(), list(found.participations.order_by("pk").values_list("pk", "person"))
    part = Participation.objects.filter

    def every(step, start):
        return [pk for pk, _ in ids[start::step]]

    part(pk__in=every(43, 5)).update(declined_on=today)
    for place, (own, others, talk, plan) in enumerate(
        product(Progress.values, Progress.values, TalkProgress.values, PlanProgress.values)
    ):
        states = {"self_state": own, "manager_state": others, "talk_state": talk, "plan_state": plan}
        with suppress(IntegrityError), transaction.atomic():  # some cannot be, and these stay as they were
            part(pk__in=every(COMBINED, place), declined_on=None).update(**states)
    part(pk__in=every(41, 3), declined_on=None).update(paused_on=today)
    part(pk__in=every(17, 7)).update(self_due=today + timedelta(days=30))
    part(pk__in=every(13, 1)).update(self_due=today - timedelta(days=1))
    Person.objects.filter(pk__in=[person for _, person in ids[11::53]]).update(leaving_date=today - timedelta(days=1))
    Person.objects.filter(pk__in=[person for _, person in ids[13::59]]).update(manager=None)


def numbers_by_hand(rows, today):
    """What the monitor counts, by the words of its list, of rows that are looked at one by one."""
    from assessments.models import PlanProgress, Progress, TalkProgress

    takes = [one for one in rows if not one.declined_on]

    def number(condition):
        return sum(1 for one in takes if condition(one))

    def is_late(one):
        steps = [
            (one.self_state < Progress.RELEASED, one.self_due),
            (one.manager_state < Progress.RELEASED, one.manager_due),
            (one.talk_state < TalkProgress.RECORDED, one.talk_due),
            (one.plan_state < PlanProgress.AGREED, one.plan_due),
        ]
        return (
            one.person.is_employed
            and not one.paused_on
            and any(is_open and due and due < today for is_open, due in steps)
        )

    released = Progress.RELEASED
    return {
        "": len(takes),
        "nicht-begonnen": number(lambda one: one.self_state == Progress.OPEN),
        "selbst": number(lambda one: one.self_state != released),
        "selbst-begonnen": number(lambda one: one.self_state == Progress.STARTED),
        "selbst-frei": number(lambda one: one.self_state == released),
        "fremd": number(lambda one: one.manager_state != released),
        "fremd-frei": number(lambda one: one.manager_state == released),
        "gespraech": number(
            lambda one: one.self_state == one.manager_state == released and one.talk_state < TalkProgress.RECORDED
        ),
        "festgehalten": number(lambda one: one.talk_state in {TalkProgress.RECORDED, TalkProgress.CONFIRMED}),
        "kenntnis": number(lambda one: one.talk_state == TalkProgress.RECORDED),
        "fertig": number(lambda one: one.talk_state == TalkProgress.CONFIRMED),
        "plan": number(lambda one: one.plan_state >= PlanProgress.AGREED),
        "ruht": number(lambda one: one.paused_on is not None),
        "ueberfaellig": number(is_late),
        "nicht-dabei": len(rows) - len(takes),
    }


FIELDS = {  # of RoundProgress, by the word of the list that says the same
    "": "invited", "selbst-begonnen": "self_started", "selbst-frei": "self_released", "fremd-frei": "manager_released",
    "festgehalten": "talks_recorded", "fertig": "confirmed", "plan": "plans_agreed", "ruht": "resting", "ueberfaellig": "overdue",
}  # fmt: skip


def compared(work, found):
    """``{what: (as the monitor says, as counted row by row)}`` of its tiles, its lists, and every number of every unit."""
    from django.test.utils import setup_test_environment
    from django.utils import timezone

    from assessments.models import Participation
    from assessments.rounds.monitoring import NO_ADDRESS, NO_MANAGER
    from kompetenz.people.tree import read_tree

    setup_test_environment()
    today, said = timezone.localdate(), {}
    rows = list(Participation.objects.filter(round=found).select_related("person", "person__manager"))
    right = numbers_by_hand(rows, today)
    monitor = found.get_absolute_url()
    shown = work.ask(monitor).context
    for word, share, number, name in shown["tiles"]:
        percent = f"{round(100 * right[word] / right[''])} %"
        said[f"tile {name}"] = ((number, share), (right[word], percent if 0 < right[word] < right[""] else share))
    here = [one for one in rows if not one.declined_on and one.person.is_employed]
    without_address = sum(1 for one in here if not one.person.email)
    led = sum(1 for one in here if (above := one.person.manager) and above.is_employed and above.email)
    for kind, word, number, name in shown["counted"]():
        said[f"tile {name}"] = (number, without_address if kind == "merkmal" else right[word])
    for word, number in right.items():
        listed = work.ask(f"{monitor}?stand={word}&sortiert=einheit&suche=").context
        said[f"list {word}"] = (listed["page"].paginator.count, number)
    said["list of those without an address"] = (
        work.ask(f"{monitor}?merkmal={NO_ADDRESS}").context["page"].paginator.count,
        without_address,
    )
    said["list of those without a manager"] = (
        work.ask(f"{monitor}?merkmal={NO_MANAGER}").context["page"].paginator.count,
        len(here) - led,
    )
    tree = read_tree()
    from assessments.rounds.progress import standing_by_unit

    for row in standing_by_unit(found, today, tree):
        mine = numbers_by_hand(
            [one for one in rows if not one.declined_on and is_in(one.unit_id, row.unit, tree)], today
        )
        for word, field in FIELDS.items():
            said[f"unit {row.unit} {field}"] = (getattr(row.standing, field), mine[word])
    return said


def is_in(unit, above, tree):
    """Whether a unit is another one or beneath it."""
    while unit is not None and unit != above:
        unit = tree.parents[unit]
    return unit == above


def main():
    people = next((int(one) for one in sys.argv[1:] if one.isdecimal()), PEOPLE)
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        env = stage.environment(directory / "workplace.sqlite3", directory / "static")
        for command in (["collectstatic", "--noinput"], ["migrate", "--noinput"], ["load_missing"]):
            stage.manage(*command, "--verbosity", "0", env=env)
        os.environ.update(env)
        import django

        django.setup()
        first_round.begin()
        command = [sys.executable, "manage.py", "db_worker", "--no-startup-delay", "--verbosity", "0"]
        worker = subprocess.Popen(command, cwd=stage.ROOT, env=env)
        try:
            work = Work(worker)
            found = do_everything(work, people)
        finally:
            worker.terminate()
            worker.wait(timeout=60)
        print("| What | s | CPU s | MiB at most |\n| --- | ---: | ---: | ---: |")
        print(
            *(f"| {title} | {seconds:.0f} | {cpu:.1f} | {memory:.0f} |" for title, seconds, cpu, memory in work.rows),
            sep="\n",
        )
        spoil(found)
        said = compared(work, found)
        wrong = [f"{what}: {one} instead of {other}" for what, (one, other) in said.items() if one != other]
        print(
            f"{len(said)} numbers of the monitor compared, {len(wrong)} wrong. Load {os.getloadavg()[0]:.1f} at the end."
        )
        sys.exit("\n".join(wrong) or None)


if __name__ == "__main__":
    main()
