"""What every page costs the web process in a district of 200 people and in larger ones: CPU, SQL, bytes.

``python -m bench.growth`` prints the table; ``--all`` for four sizes, with words for the pages in whose titles these stand.
With ``--inside`` it is the app on the database of DATABASE_URL, and answers for each page named on its input.
"""

import argparse
import json
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import stage

SMALL, LARGE = 200, 10_000
ALL_SIZES = [60, SMALL, 1_000, LARGE]
GROWTH, BYTES = 1.3, 60_000
TIMES, AGAIN = 5, 25  # how often a page is asked for, and once more if it seems to have grown
NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
ABOUT_EVERYBODY = {"massnahmen.xlsx", "teilnahmeliste.xlsx"}  # lists to take along


# Inside the app -----------------------------------------------------------------------------------


def found():
    """The objects of the seeded district to which the pages' addresses lead."""
    from assessments.models import Assessment, Participation, Round
    from kompetenz.demo.accounts import BY_KEY
    from kompetenz.people.models import Person, Unit
    from learningplans.models import LearningPlan, Offer, PlanChange
    from roles.models import RoleProfile

    people = {key: Person.objects.get(email=account.email) for key, account in BY_KEY.items()}
    round_ = Round.objects.open().get()
    ready = Participation.objects.get(round=round_, person=people["ready"])
    plan = LearningPlan.objects.get(participation__person=people["ready"])
    followed = LearningPlan.objects.agreed().exclude(changes__in=PlanChange.objects.waiting()).order_by("pk").first()
    people["pursuing"] = followed.participation.person
    unit = Unit.objects.order_by("number").first()
    return people, {
        "round": round_.pk,
        "draft": Round.objects.filter(state=Round.State.DRAFT).first().pk,
        "ended": Round.objects.filter(state=Round.State.CLOSED).first().pk,
        "form": Assessment.objects.get(participation__round=round_, rater=people["employee"], kind="self").pk,
        "ready": ready.pk,
        "plan": plan.pk,
        "followed": followed.pk,
        "measure": followed.measures.first().pk,
        "goal": followed.goals.first().pk,
        "review": plan.reviews.exclude(held_on=None).first().pk,
        "employee": people["employee"].pk,
        "unit": unit.pk,
        "number": unit.number,
        "profile": RoleProfile.objects.order_by("pk").first().pk,
        "offer": Offer.objects.first().pk,
        "competency": Offer.objects.exclude(competencies=None).first().competencies.first().pk,
    }


# Title: who asks for it, the address, what htmx sends ("" for a page as a whole).
PAGES = {
    "Meine Aufgaben": ("employee", "/", ""),
    "Meine Aufgaben, Führungskraft": ("manager", "/", ""),
    "Meine Aufgaben, HR": ("hr", "/", ""),
    "Meine Daten": ("employee", "/meine-daten/", ""),
    "Kalender": ("employee", "/kalender.ics", ""),
    "Katalog": ("employee", "/katalog/", ""),
    "Einschätzung": ("employee", "/einschaetzungen/{form}/", ""),
    "Einschätzung prüfen": ("employee", "/einschaetzungen/{form}/pruefen/", ""),
    "Vergleich": ("ready", "/teilnahmen/{ready}/", ""),
    "Gespräch": ("manager", "/teilnahmen/{ready}/gespraech/", ""),
    "Termin": ("manager", "/teilnahmen/{ready}/termin/", ""),
    "Kollegium": ("ready", "/teilnahmen/{ready}/kollegium/", ""),
    "Kollegium suchen": ("ready", "/teilnahmen/{ready}/kollegium/suche/", "POST suche=er"),
    "um Einschätzung gebeten": ("employee", "/kollegium/", ""),
    "Team": ("manager", "/team/", ""),
    "Vertretung": ("manager", "/team/vertretung/", ""),
    "Vertretung suchen": ("manager", "/team/vertretung/?person=er", "GET"),
    "Lernplan": ("ready", "/lernplaene/{plan}/", ""),
    "Ziel ändern": ("pursuing", "/lernplaene/{followed}/aendern/ziele/{goal}/", ""),
    "Maßnahme ändern": ("pursuing", "/lernplaene/{followed}/aendern/massnahmen/{measure}/", ""),
    "Review, Ergebnis": ("ready", "/lernplaene/{plan}/reviews/{review}/ergebnis/", ""),
    "Meine Entwicklung": ("ready", "/entwicklung/", ""),
    "Lernformate": ("employee", "/lernformate/", ""),
    "Rollenprofile": ("employee", "/rollenprofile/", ""),
    "Rollenprofil": ("employee", "/rollenprofile/{profile}/", ""),
    # HR's pages about people
    "Personen": ("hr", "/personen/", ""),
    "Personen gesucht": ("hr", "/personen/?q=er", "GET"),
    "Personen einer Einheit": ("hr", "/personen/?einheit={number}", "GET"),
    "Personen ohne Führungskraft": ("hr", "/personen/?ohne_fuehrungskraft=on&status=alle", "GET"),
    "inaktive Personen": ("hr", "/personen/?status=inaktiv", "GET"),
    "Führungskraft vorschlagen": ("hr", "/personen/?manager=er", "GET"),
    "Person": ("hr", "/personen/{employee}/", ""),
    "Person anlegen": ("hr", "/personen/neu/", ""),
    "Person einladen": ("hr", "/personen/{employee}/einladung/", ""),
    "Person, Rollen": ("hr", "/rollenprofile/personen/{employee}/", ""),
    "Einheiten": ("hr", "/personen/einheiten/", ""),
    "Einheit": ("hr", "/personen/einheiten/{unit}/", ""),
    "Einheit anlegen": ("hr", "/personen/einheiten/neu/", ""),
    "Vertretungen": ("hr", "/personen/vertretungen/", ""),
    "Vertretung benennen": ("hr", "/personen/vertretungen/neu/?manager_choice={manager}&manager=", ""),
    "Personalliste": ("hr", "/personen/import/", ""),
    "Vorschau der Personalliste": ("hr", "/personen/import/vorschau/", ""),
    "Vorschau, nächste Seite": ("hr", "/personen/import/vorschau/?liste=geaendert&seite=2&stand={stand}", "GET"),
    "Rolle, wer sie hat": ("hr", "/rollenprofile/{profile}/personen/", ""),
    "Angebot": ("hr", "/lernformate/angebote/{offer}/", ""),
    "Fortbildung": ("hr", "/fortbildung/", ""),
    "Fortbildung, Maßnahmen": ("hr", "/fortbildung/?nach=massnahme", ""),
    "Fortbildung, gebucht": ("hr", "/fortbildung/?nach=massnahme&stand=gebucht", ""),
    "Fortbildung nach Einheiten": ("hr", "/fortbildung/?nach=amt", ""),
    "Fortbildung nach Kompetenzen": ("hr", "/fortbildung/?nach=kompetenz", ""),
    "Fortbildung, Budget": ("hr", "/fortbildung/budget/", ""),
    "Fortbildung, Angebot": ("hr", "/fortbildung/angebote/{offer}/", ""),
    "Fortbildung nach Name": ("hr", "/fortbildung/?nach=massnahme&suche=er", ""),
    "Fortbildung einer Kompetenz": ("hr", "/fortbildung/?nach=massnahme&kompetenz={competency}", ""),
    "Auffrischungen": ("hr", "/fortbildung/auffrischen/?bis=12", ""),
    "Angebote einlesen": ("hr", "/fortbildung/angebote/einlesen/", ""),
    "Eignung": ("hr", "/lernformate/1/eignung/", ""),
    "Auffrischung": ("hr", "/katalog/auffrischen/", ""),
    "Post": ("hr", "/post/", ""),
    # HR's pages about rounds
    "Runden": ("hr", "/runden/", ""),
    "Runde anlegen": ("hr", "/runden/neu/", ""),
    "Runde": ("hr", "/runden/{round}/", ""),
    "Runde, beendet": ("hr", "/runden/{ended}/", ""),
    "Runde, gesucht": ("hr", "/runden/{round}/?suche=er", "GET"),
    "Runde, überfällig": ("hr", "/runden/{round}/?stand=ueberfaellig", "GET"),
    "Runde, Plan fällig": ("hr", "/runden/{round}/?stand=plan-faellig", "GET"),
    "Runde, einer Einheit": ("hr", "/runden/{round}/?einheit={number}", "GET"),
    "Runde, einer Führungskraft": ("hr", "/runden/{round}/?leitung=wei", "GET"),
    "Runde nach Einheiten": ("hr", "/runden/{round}/einheiten/", ""),
    "Änderungen": ("hr", "/runden/{round}/aenderungen/", ""),
    "Änderungen, Führungskraft": ("hr", "/runden/{round}/aenderungen/?art=fuehrungskraft", ""),
    "Änderungen, ohne Führungskraft": ("hr", "/runden/{round}/aenderungen/?art=ohne-fuehrungskraft", ""),
    "Änderungen, Rolle": ("hr", "/runden/{round}/aenderungen/?art=rolle", ""),
    "Änderungen, Profil": ("hr", "/runden/{round}/aenderungen/?art=profil", ""),
    "Änderungen, ausgeschieden": ("hr", "/runden/{round}/aenderungen/?art=ausgeschieden", ""),
    "alle erinnern": ("hr", "/runden/{round}/erinnern/?alle=1", ""),
    "alle verlängern": ("hr", "/runden/{round}/fristen-verlaengern/?alle=1", ""),
    "alle ruhen lassen": ("hr", "/runden/{round}/ruhen-lassen/?alle=1", ""),
    "alle wieder aufnehmen": ("hr", "/runden/{round}/wieder-aufnehmen/?alle=1", ""),
    "alle entfernen": ("hr", "/runden/{round}/entfernen/?alle=1", ""),
    "nachträglich aufnehmen": ("hr", "/runden/{round}/aufnehmen/", ""),
    "nachträglich aufnehmen, suchen": ("hr", "/runden/{round}/aufnehmen/", "POST suche=er&suchen=1"),
    "Fristen aller": ("hr", "/runden/{round}/fristen/", ""),
    "Runde beenden": ("hr", "/runden/{round}/beenden/", ""),
    "Dokumente": ("hr", "/runden/{round}/dokumente/", ""),
    "Zweck": ("hr", "/runden/{draft}/vorbereiten/zweck/", ""),
    "Beteiligte": ("hr", "/runden/{draft}/vorbereiten/beteiligte/", ""),
    "Beteiligte ohne Rolle": ("hr", "/runden/{draft}/vorbereiten/beteiligte/?liste=rolle", ""),
    "Beteiligte ohne Führungskraft": ("hr", "/runden/{draft}/vorbereiten/beteiligte/?liste=fuehrungskraft", ""),
    "Beteiligte gewählt": ("hr", "/runden/{draft}/vorbereiten/beteiligte/", "POST units={unit}"),
    "Fristen": ("hr", "/runden/{draft}/vorbereiten/fristen/", ""),
    "Wer sieht was?": ("hr", "/runden/{draft}/vorbereiten/sichtbarkeit/", ""),
    "Vorschau der Runde": ("hr", "/runden/{draft}/vorbereiten/vorschau/", ""),
    "Runde eröffnen": ("hr", "/runden/{draft}/oeffnen/", ""),
    "massnahmen.xlsx": ("hr", "/runden/{round}/massnahmen.xlsx", ""),
    "teilnahmeliste.xlsx": ("hr", "/runden/{round}/teilnahmeliste.xlsx", ""),
}


class District:
    """The app on one database, and how it answers."""

    def __init__(self):
        from django.test import Client

        self.people, self.objects = found()
        self.objects["manager"] = self.people["manager"].pk
        self.clients = {}
        for key, person in self.people.items():
            self.clients[key] = Client(headers={"Host": "127.0.0.1"})
            self.clients[key].force_login(person)
        self.upload_everybody()

    def upload_everybody(self):
        """HR looks at a staff list of all people, half of whom have another first name in it."""
        from kompetenz.people.models import Person
        from kompetenz.people.staff.cells import TEXT, ListCell
        from kompetenz.people.staff.previews import stand_of
        from kompetenz.people.staff.table import ListRow, StaffList
        from kompetenz.people.staff.uploading import keep

        keys = {"number": "A", "last_name": "B", "first_name": "C", "email": "D"}
        people = Person.objects.exclude(personnel_number=None).order_by("pk")
        known = people.values_list("personnel_number", "last_name", "first_name", "email")
        rows = []
        for place, (number, last, first, email) in enumerate(known, start=2):
            texts = (number, last, first if place % 2 else f"{first} Maria", email)
            rows.append(ListRow(place, {key: ListCell(one, TEXT) for key, one in zip(keys, texts, strict=True) if one}))
        kept = keep(table=StaffList("Personal", 1, keys, rows), name="personal.xlsx", by=self.people["hr"])
        self.objects["stand"] = stand_of(kept.as_of)

    def ask(self, title):
        who, address, sent = PAGES[title]
        path, (method, _, body) = address.format(**self.objects), (sent or "GET").partition(" ")
        headers = {"HX-Request": "true"} if sent else {}
        if method == "GET":
            return self.clients[who].get(path, headers=headers)
        body = body.format(**self.objects)
        return self.clients[who].post(path, body, content_type="application/x-www-form-urlencoded", headers=headers)

    def measure(self, title, times):
        """The lower quartile of CPU seconds, the queries and the bytes of a page; what it writes is undone."""
        from django.db import connection, transaction

        taken, queries = [], []

        def note(execute, sql, params, many, context):
            if not sql.startswith(NOT_COUNTED):
                queries.append(sql)
            return execute(sql, params, many, context)

        with transaction.atomic():
            self.ask(title)
            with connection.execute_wrapper(note):
                response = self.ask(title)
            if response.status_code != HTTPStatus.OK:  # another page would be measured, or none
                sys.exit(f"{title} answers {response.status_code}")
            for _ in range(times):
                began = time.process_time()
                self.ask(title)
                taken.append(time.process_time() - began)
            transaction.set_rollback(True)
        return {
            "cpu": sorted(taken)[times // 4],
            "sql": len(queries),
            "bytes": len(response.content),
        }


def answer():
    """Measure page after page as they are named on the input."""
    import django

    django.setup()
    district = District()
    for line in sys.stdin:
        title, times = json.loads(line)
        print(json.dumps(district.measure(title, times)), flush=True)


# Beside it ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Grown:
    """One page by size: ``{"cpu": seconds, "sql": queries, "bytes": length}``."""

    title: str
    sizes: dict

    @property
    def growth(self):
        return self.sizes[LARGE]["cpu"] / self.sizes[SMALL]["cpu"]

    def missed(self):
        small, large = self.sizes[SMALL], self.sizes[LARGE]
        checks = {
            f"{self.growth:.2f} x its CPU at {SMALL}, promised {GROWTH} x": self.growth > GROWTH,
            f"{large['sql']} SQL queries, {small['sql']} at {SMALL}": large["sql"] > small["sql"],
            f"{large['bytes']:,} bytes, promised {BYTES:,}": large["bytes"] > max(BYTES, small["bytes"] * 1.02),
        }
        return [f"{self.title}: {text}" for text, is_missed in checks.items() if is_missed]


@contextmanager
def districts(sizes):
    """The app on a district of each size, by size, each a process of its own."""
    with TemporaryDirectory() as name, ExitStack() as running:
        directory = Path(name)
        static, started = directory / "static", {}
        for size in sizes:
            env = stage.environment(
                stage.seeded(size, directory), static, KOMPETENZRAD_DEMO="1", ALLOWED_HOSTS="127.0.0.1"
            )
            if not static.exists():
                stage.manage("collectstatic", "--noinput", "--verbosity", "0", env=env)
            command = [sys.executable, "-m", "bench.growth", "--inside"]
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
            started[size] = running.enter_context(subprocess.Popen(command, cwd=stage.ROOT, env=env, **pipes))
        yield started
        for process in started.values():
            process.stdin.close()


def ask(process, title, times):
    process.stdin.write(json.dumps([title, times]) + "\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


def measure(sizes=(SMALL, LARGE), words=()):
    """Every page, or those with one of ``words`` in their titles, asked for at each size in turn; those that grew most first."""
    titles = [title for title in PAGES if title not in ABOUT_EVERYBODY]
    wanted = [title for title in titles if not words or any(word in title for word in words)]
    with districts(sizes) as started:
        found = []
        for title in wanted:
            page = Grown(title, {size: ask(process, title, TIMES) for size, process in started.items()})
            if page.missed():
                page = Grown(title, {size: ask(process, title, AGAIN) for size, process in started.items()})
            found.append(page)
    return sorted(found, key=lambda page: -page.growth)


def report(measured):
    """What to print, and every broken promise."""
    sizes = list(measured[0].sizes)
    heads = [f"CPU ms at {size:,} | SQL | kB" for size in sizes]
    lines = [
        "## What grows with the administration",
        "",
        (
            "Every page in the process that answers, its CPU time alone; units grow with the people. A page that seems to have "
            f"grown is measured again. At {LARGE:,} people it is to cost at most {GROWTH} x its CPU at {SMALL}, as many queries, "
            f"and {BYTES:,} bytes."
        ),
        "",
        f"| Page | growth | {' | '.join(heads)} |",
        f"| --- | {' | '.join(['---:'] * (1 + 3 * len(sizes)))} |",
        *[
            f"| {page.title} | {page.growth:.2f} | "
            + " | ".join(
                f"{one['cpu'] * 1000:.1f} | {one['sql']} | {one['bytes'] / 1000:.1f}" for one in page.sizes.values()
            )
            + " |"
            for page in measured
        ],
        "",
    ]
    broken = [text for page in measured for text in page.missed()]
    if broken:
        lines += ["Over budget:", "", *[f"- {text}" for text in broken], ""]
    return "\n".join(lines), broken


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--inside", action="store_true", help="be the app")
    arguments.add_argument("--all", action="store_true", help="measure at 60, 200, 1,000 and 10,000 people")
    arguments.add_argument("words", nargs="*", help="only pages with one of these in their titles")
    asked = arguments.parse_args()
    if asked.inside:
        answer()
    else:
        print(report(measure(ALL_SIZES if asked.all else (SMALL, LARGE), asked.words))[0])


if __name__ == "__main__":
    main()
