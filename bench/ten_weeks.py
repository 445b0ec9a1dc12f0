"""Ten weeks of a round, day by day: how many messages everybody gets, when, and under how many subjects (ADR 51).

    python -m bench.ten_weeks [--singly | --speed | --worst]

54 people with three managers, one of whom has 40. Each day `manage.py daily` runs at a quarter past six, people act on office days at
different times, and a worker sends what is ripe. `--singly` sends each letter by itself and at once, as it was before. `--speed` sends the reminders of a deadline to a mail
server on this machine that takes everything, and says how many a minute. `--worst` are three rounds at once, a manager of 60 who takes part as well, to whom HR
adds people one after the other, a deputy of all of them, talks that are moved, and HR who reminds every week.
"""

import argparse
import os
import re
import socketserver
import sys
import tempfile
import threading
from collections import Counter, defaultdict
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter, process_time
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
MEMORY = Path("/dev/shm")  # no disk is waited for
BERLIN = ZoneInfo("Europe/Berlin")
BEGINS = date(2027, 4, 5)  # the Monday after Easter; Labour Day, Ascension, Whit Monday and Corpus Christi lie ahead
DAYS = 70
WEEK = timedelta(days=7)
A_DAY = re.compile(r"\d{1,2}\.\s\w+ \d{4}")
TEAMS = [40, 9, 5]
WORST = [60, 9, 5]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--singly", action="store_true")
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--worst", action="store_true")
    options = parser.parse_args()
    singly = options.singly
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "kompetenz.settings", "READ_DOT_ENV": "0", "SECRET_KEY": "only-here", "DEBUG": "1",
            "DATABASE_URL": f"sqlite:///{folder}/weeks.sqlite3", "EMAIL_URL": "memorymail://", "LAND": "NW",
            "LETTERS_A_WEEK": "0" if singly else "5",
        }  # fmt: skip
        sys.path.insert(0, str(ROOT))
        import django
        import time_machine

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("load_missing", verbosity=0)
        with time_machine.travel(at(BEGINS, 8)) as clock:
            weeks = Worst(clock) if options.worst else Weeks(clock)
            weeks.speed() if options.speed else weeks.go()


class Sink(socketserver.StreamRequestHandler):
    """A mail server that takes everything and keeps nothing."""

    def handle(self):
        self.wfile.write(b"220 here\r\n")
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                while self.rfile.readline() != b".\r\n":
                    pass
            self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 fine\r\n")


def at(day, hour=0, minute=0):
    return datetime.combine(day, time(hour, minute), BERLIN)


class Weeks:
    """The round, its people and what they do; ``got`` is (day, address, subject) of each message."""

    teams, days = TEAMS, DAYS

    def __init__(self, clock):
        from django.core import mail
        from django.test.utils import setup_test_environment

        if not hasattr(mail, "outbox"):
            setup_test_environment()
        self.clock, self.outbox, self.got = clock, mail.outbox, []
        self.rng = Random("Zehn Wochen")
        self.plans = defaultdict(list)  # day -> what is done on it, by the hour
        self.people()

    def people(self):
        from kompetenz.people.models import Person
        from roles.models import RoleHolding, RoleProfile

        def person(first, last, **fields):
            address = f"{first}.{last}@weeks.example".lower()
            return Person.objects.create_user(address, None, first_name=first, last_name=last, **fields)

        profile = RoleProfile.objects.get(key="digitallotse")
        self.hr = person("Hanna", "Personal", is_hr=True)
        self.head = person("Chris", "Dezernat")
        self.managers = [person(f"Leitung{n}", "Team", manager=self.head) for n in range(len(self.teams))]
        staff = [
            person(f"P{team}-{n}", "Beteiligt", manager=self.managers[team])
            for team, size in enumerate(self.teams)
            for n in range(size)
        ]
        for one in staff:
            RoleHolding.objects.create(person=one, profile=profile, since=BEGINS)
        self.also()
        Person.objects.update(last_login=at(BEGINS))
        self.staff, self.rows = staff, []
        self.begin("Frühjahr 2027")
        self.round = self.rows[0].round

    def also(self):
        """Who and what there is besides, before the round is opened."""

    def begin(self, title):
        from assessments.models import Participation, Round
        from assessments.rounds.opening import open_round

        round_ = Round.objects.create(
            title=title, purpose="Damit alle wissen, wo sie stehen.", created_by=self.hr, responsible=self.hr,
            self_due=date(2027, 4, 30), manager_due=date(2027, 5, 3), talk_due=date(2027, 5, 28),
            plan_due=date(2027, 6, 11), has_peers=True, peer_due=date(2027, 5, 6),
        )  # fmt: skip
        round_ = open_round(round_=round_, by=self.hr)
        self.rows += Participation.objects.filter(round=round_).select_related("person", "manager", "round")
        self.levels = {competency.id: 1 for competency in round_.catalogue.competencies}

    def plan(self, day, what, *about):
        """``what`` is done on the first office day from ``day`` on, at some hour."""
        from kompetenz.public_holidays import holiday

        while day.weekday() >= 5 or holiday(day, "NW"):
            day += timedelta(days=1)
        self.plans[day].append((self.rng.choice(range(8, 17)), self.rng.random(), what, about))

    def go(self):
        for row in self.rows:
            if self.rng.random() < 0.95:
                self.plan(BEGINS + timedelta(days=self.rng.randint(1, 32)), self.release, row.pk, "self")
            self.plan(BEGINS + timedelta(days=self.rng.randint(3, 33)), self.release, row.pk, "manager")
            for _ in range(3):
                self.plan(BEGINS + timedelta(days=self.rng.randint(2, 20)), self.ask, row.pk)
        self.plan(BEGINS + timedelta(days=22), self.remind)
        self.plan(BEGINS + timedelta(days=36), self.hand_over)
        for n in range(self.days):
            self.day(BEGINS + timedelta(days=n))
        self.tell()

    def speed(self):
        """Everybody's reminder of the Selbsteinschätzung, with a second letter, so that each message lists two."""
        from django.conf import settings

        from assessments.telling.open_steps import remind, remind_of_deadlines
        from kompetenz.letters.delivering import send_waiting
        from kompetenz.letters.models import Letter

        with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Sink) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            settings.EMAIL_BACKEND = "kompetenz.people.smtp.EmailBackend"
            settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
            Letter.objects.all().delete()
            self.clock.move_to(at(self.round.self_due, 6) - timedelta(days=1))
            remind_of_deadlines(self.round.self_due - timedelta(days=1))
            remind(participations=self.round.participations.all(), by=self.hr)
            Letter.objects.update(not_before=None)
            began, cpu = perf_counter(), process_time()
            send_waiting(datetime.now(BERLIN))
            took, cpu = perf_counter() - began, process_time() - cpu
            server.shutdown()
        messages = Letter.objects.filter(state="sent").values("message").distinct().count()
        print(
            f"{messages} Nachrichten in {took:.1f} s ({cpu:.1f} s Rechenzeit): {60 * messages / took:.0f} in der Minute,"
        )
        print(f"{60 * messages / cpu:.0f} je Minute Rechenzeit")

    def day(self, day):
        from kompetenz.jobs.daily import run_all

        if day > BEGINS:
            self.clock.move_to(at(day, 6, 15))
            failed = [done.name for done in run_all(day) if done.failed]
            assert not failed, failed
        self.send(at(day, 6, 30))
        self.send(at(day, 7, 5))
        for hour in range(8, 18):
            for one in sorted(self.plans[day], key=lambda one: one[:2]):
                if one[0] == hour:
                    self.clock.move_to(at(day, hour, 1 + int(one[1] * 40)))
                    one[2](day, *one[3])
            self.send(at(day, hour, 58))

    def send(self, moment):
        from kompetenz.letters.delivering import deliver
        from kompetenz.letters.models import Letter

        self.clock.move_to(moment)
        if not Letter.objects.ripe().exists():
            return
        deliver.call()
        self.got += [(moment.date(), message.to[0], message.subject) for message in self.outbox]
        self.outbox.clear()

    # --- what people do ---

    def row(self, pk):
        from assessments.models import Participation

        return Participation.objects.select_related("round", "person__manager", "manager").get(pk=pk)

    def release(self, day, pk, kind):
        from assessments.answering import saving

        row = self.row(pk)
        draft = row.assessments.get(kind=kind)
        saving.save_answers(pk=draft.pk, by=draft.rater, levels=self.levels)
        saving.release(pk=draft.pk, by=draft.rater)
        if self.row(pk).both_released:
            self.plan(day + timedelta(days=self.rng.randint(0, 4)), self.arrange, pk)

    def ask(self, _day, pk):
        from assessments.peers import asking
        from kompetenz.refusals import Refused

        row = self.row(pk)
        colleague = self.rng.choice([one for one in self.staff if one.pk != row.person_id])
        try:
            asking.nominate(participation=row, colleague=colleague)
        except Refused:
            return

    def arrange(self, day, pk):
        from assessments.talk.appointment import set_talk_date

        row, on = self.row(pk), day + timedelta(days=self.rng.randint(3, 10))
        while on.weekday() >= 5:
            on += timedelta(days=1)
        set_talk_date(participation=row, at=at(on, self.rng.randint(9, 15)), place="Raum 1", by=row.manager)
        self.plan(on, self.record, pk)

    def record(self, day, pk):
        from assessments.talk import recording

        talk = recording.begin_talk(participation=self.row(pk))
        recording.agree_levels(talk=talk, levels=self.levels, reasons={})
        talk.held_on = day
        talk.save()
        recording.record_talk(talk=talk, by=self.row(pk).manager)
        self.plan(day + timedelta(days=self.rng.randint(0, 6)), self.answer, pk)

    def answer(self, day, pk):
        from assessments.talk import recording

        row, declined = self.row(pk), self.rng.random() < 0.1
        statement = "So war es nicht." if declined else ""
        recording.acknowledge(talk=row.talk, by=row.person, declined=declined, statement=statement)
        if self.rng.random() < 0.8:
            self.plan(day + timedelta(days=self.rng.randint(2, 8)), self.agree, pk)

    def agree(self, day, pk):
        from assessments.models import Participation, PlanProgress
        from learningplans.models import LearningPlan, Review
        from learningplans.telling import letters

        plan = LearningPlan.objects.create(
            participation=self.row(pk), state="agreed", agreed_by_person_on=day, agreed_by_manager_on=day
        )
        Participation.objects.filter(pk=pk).update(plan_state=PlanProgress.AGREED)
        first = day + timedelta(days=self.rng.randint(7, 20))
        reviews = [Review.objects.create(plan=plan, planned_on=first + timedelta(days=n)) for n in (0, 60)]
        letters.invite_to_reviews(plan, reviews)

    def remind(self, _day):
        from assessments.models import Participation
        from assessments.telling.open_steps import remind

        for round_ in {row.round_id for row in self.rows}:
            remind(participations=Participation.objects.filter(round=round_), by=self.hr)

    def hand_over(self, _day):
        from assessments.changes.handing_over import hand_over
        from kompetenz.people.models import Person

        rows = [row for row in self.rows if row.manager_id == self.managers[1].pk][:4]
        Person.objects.filter(pk__in=[row.person_id for row in rows]).update(manager=self.managers[2])
        hand_over(participations=[self.row(row.pk) for row in rows], by=self.hr)

    # --- what came of it ---

    def tell(self):
        from kompetenz.public_holidays import holiday

        leads = {one.email for one in self.managers}
        weeks = Counter(((day - BEGINS).days // 7, to) for day, to, _ in self.got)
        days = Counter((day, to) for day, to, _ in self.got)
        totals = Counter(to for _, to, _ in self.got)
        on = defaultdict(list)
        for day, to, _ in self.got:
            on[to].append(day)
        in_a_row = {
            to: max(sum(day <= other < day + WEEK for other in all_) for day in all_) for to, all_ in on.items()
        }
        others = set(totals) - leads - {self.hr.email}
        for name, chosen in (
            ("Beteiligte", others),
            ("Führungskräfte", leads),
            ("Personalentwicklung", {self.hr.email}),
        ):
            a_week = [weeks[week, to] for week in range(self.days // 7) for to in chosen]
            a_day = max((n for (_, to), n in days.items() if to in chosen), default=0)
            print(
                f"{name}: {sum(totals[to] for to in chosen)} insgesamt, je Person {min(totals[to] for to in chosen)} bis "
                f"{max(totals[to] for to in chosen)} (Median {median(totals[to] for to in chosen):g}), in einer Woche höchstens "
                f"{max(a_week)} (Median {median(a_week):g}), in sieben Tagen nacheinander höchstens {max(in_a_row.get(to, 0) for to in chosen)}, an einem Tag höchstens {a_day}"
            )
        free = sum(day.weekday() >= 5 or bool(holiday(day, "NW")) for day, _, _ in self.got)
        vague = sum(subject.startswith("Im Kompetenzrad") for _, _, subject in self.got)
        print(f"Zusammen {len(self.got)}, davon an Wochenenden und Feiertagen {free}")
        undated = sum(not A_DAY.search(subject) for _, _, subject in self.got)
        print(
            f"Verschiedene Betreffe {len({subject for _, _, subject in self.got})}, ohne Schritt {vague}, ohne Tag {undated}"
        )


class Worst(Weeks):
    """Whatever brings letters, all of it at once."""

    teams, days = WORST, 28  # all of them act within so many

    def also(self):
        from kompetenz.people.models import Deputy, Person
        from roles.models import RoleHolding, RoleProfile

        profile, busy = RoleProfile.objects.get(key="digitallotse"), self.managers[0]
        RoleHolding.objects.create(person=busy, profile=profile, since=BEGINS)
        deputy = Deputy.objects.create(
            manager=busy, person=self.managers[1], since=BEGINS, until=BEGINS + timedelta(days=DAYS)
        )
        deputy.people.set(Person.objects.filter(manager=busy))
        self.later = [
            Person.objects.create_user(
                f"spaet{n}@weeks.example", None, first_name=f"S{n}", last_name="Später", manager=busy
            )
            for n in range(12)
        ]

    def go(self):
        from roles.models import RoleHolding, RoleProfile

        self.begin("Vertiefung 2027")
        self.begin("Nachholrunde 2027")
        profile = RoleProfile.objects.get(key="digitallotse")
        for n, person in enumerate(self.later):
            RoleHolding.objects.create(person=person, profile=profile, since=BEGINS)
            self.plan(BEGINS + timedelta(days=1 + n // 4), self.enter_late, person.pk)
        for week in range(1, 9):
            self.plan(BEGINS + timedelta(days=7 * week + 1), self.remind)
        super().go()

    def enter_late(self, day, pk):
        from assessments.rounds.late_entry import begin_admitting, suggested_deadlines
        from kompetenz.people.models import Person

        for round_ in {row.round for row in self.rows}:
            dues = suggested_deadlines(round_, day)
            begin_admitting(round_=round_, people=Person.objects.filter(pk=pk), by=self.hr, **dues)

    def arrange(self, day, pk):
        """Made for one day, and moved once in three times on the very day."""
        super().arrange(day, pk)
        if self.rng.random() < 1 / 3:
            self.plan(timezone_day(self.row(pk).talk_at), self.move, pk)

    def move(self, _day, pk):
        from assessments.talk.appointment import set_talk_date

        row = self.row(pk)
        if row.talk_at and row.talk_at > datetime.now(BERLIN) and row.awaits_talk:
            set_talk_date(participation=row, at=row.talk_at + timedelta(hours=1), place="Raum 2", by=row.manager)


def timezone_day(moment):
    return moment.astimezone(BERLIN).date()


if __name__ == "__main__":
    main()
