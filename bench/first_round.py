"""From a list whose columns were never seen before to an opened round, and next month's list: in a browser, with a worker beside it.

``python bench/first_round.py`` prints how many clicks and seconds each took and exits 1 if anything that HR had typed was lost. An
argument is another number of people; a second one a folder for pictures of the pages.
"""

import io
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import load, stage

PEOPLE = 2_000
EACH = 40  # people of a manager
PASSWORD = "Nebel-am-Morgen-7"
HR = "paula@bench.example"
HEADINGS = ["PNR", "Beschäftigte/r", "Mail dienstl.", "Organisatorische Zuordnung", "PNR Leitung", "Bes.-Gr."]
PATIENCE = 300_000  # milliseconds
CHANGED, LEAVER, EMPTIED = (
    77,
    3,
    (1, 2),
)  # places in the list: another number; a manager who leaves; managers without address


def name_of(n):
    """Another surname for each, without figures."""
    return "Müller-" + "".join("abcdefghij"[int(figure)] for figure in str(n)).capitalize()


def rows(number):
    """A list as a personnel system writes it: names in one column, units as paths, managers by number; every twelfth without an address."""
    for n in range(number):
        amt = n % 20
        path = f"Dezernat {amt % 5 + 1} / Amt {10 + amt} / SG {10 + amt}.{n % 7}"
        mail = f"nr{n}@bench.example" if n < number // EACH + 1 or n % 12 else ""
        yield [f"{70000 + n}", f"{name_of(n)}, Änne", mail, path, f"{70000 + n // EACH}" if n else "", "E9b"]


def next_month(number):
    """The same a month later: one has another number, a manager is gone, the addresses of two managers are empty."""
    for n, row in enumerate(rows(number)):
        if n == CHANGED:
            row[0] = "99077"
        if n in EMPTIED:
            row[2] = ""
        if n != LEAVER:
            yield row


def workbook(lines):
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Auszug")
    for row in [["Personalbestand, vertraulich"], [], HEADINGS, *lines]:
        sheet.append([cell or None for cell in row])
    content = io.BytesIO()
    book.save(content)
    return {"name": "auszug.xlsx", "mimeType": "application/octet-stream", "buffer": content.getvalue()}


class Hand:
    """Somebody at a browser whose clicks are counted; ``pictures`` is a folder or None."""

    def __init__(self, page, people, pictures):
        self.page, self.people, self.pictures, self.clicks, self.shown = page, people, pictures, 0, 0

    def click(self, name, role="button"):
        self.clicks += 1
        self.page.get_by_role(role, name=name, exact=False).first.click()
        self.see()

    def choose(self, lines):
        self.clicks += 1
        self.page.locator("input[type=file]").set_input_files(workbook(lines))

    def wait_for(self, address):
        self.page.wait_for_url(address, timeout=PATIENCE)
        self.see()

    def wait_until_done(self):
        self.page.get_by_text("Beendet am").first.wait_for()
        self.see()

    def see(self):
        self.shown += 1
        self.page.wait_for_load_state()
        if self.pictures:
            self.page.screenshot(path=f"{self.pictures}/{self.shown:02}.png", full_page=True)


@contextmanager
def house():
    """(environment, server) of a new installation with one person of HR, and a worker beside it."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        env = stage.environment(directory / "first.sqlite3", directory / "static")
        for command in (["collectstatic", "--noinput"], ["migrate", "--noinput"], ["load_missing"]):
            stage.manage(*command, "--verbosity", "0", env=env)
        load.inside_of("bench.first_round", env, "begin")
        command = [sys.executable, "manage.py", "db_worker", "--no-startup-delay", "--verbosity", "0"]
        worker = subprocess.Popen(command, cwd=stage.ROOT, env=env)
        try:
            with stage.served(env) as server:
                yield env, server
        finally:
            worker.terminate()
            worker.wait(timeout=60)


def sign_in(page, port):
    page.goto(f"http://127.0.0.1:{port}/anmelden/")
    page.fill("[name=login]", HR)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**:*/")


def open_round(hand):
    """From the start page to a round that everybody is in."""
    hand.click("Personalliste einlesen", "link")
    hand.choose(rows(hand.people))
    hand.click("Vorschau zeigen")
    hand.wait_for("**/import/spalten/")
    hand.click("Weiter zur Prüfung")
    hand.wait_for("**/import/vorschau/")
    hand.click("Liste übernehmen")
    hand.wait_until_done()
    hand.click("Meine Aufgaben", "link")
    hand.click("Runde vorbereiten", "link")
    hand.click("Vorbereitung beginnen")
    hand.page.fill("[name=purpose]", "Wir sehen gemeinsam, was wir können und was wir lernen wollen.")
    hand.click("Weiter")
    hand.page.locator("[name=profile]").select_option(index=1)
    hand.clicks += 1
    hand.click("ohne Rolle geben")
    hand.page.get_by_text(f"{hand.people - 1} nehmen teil").first.wait_for()
    for _ in range(3):
        hand.click("Weiter")
    hand.click("Runde eröffnen …", "link")
    hand.click("Runde jetzt eröffnen")
    hand.wait_until_done()


def next_list(hand):
    """The list of the month after, and whoever follows the manager who has left."""
    hand.click("Personen", "link")
    hand.click("Personalliste einlesen", "link")
    hand.choose(next_month(hand.people))
    hand.click("Vorschau zeigen")
    hand.wait_for("**/import/vorschau/")
    hand.click("Es ist dieselbe Person")
    hand.wait_for("**/import/vorschau/")
    hand.page.locator("[name=leavers]").check()
    hand.clicks += 1
    hand.click("Liste übernehmen")
    hand.wait_until_done()
    hand.click("Weiter", "link")
    hand.click("Nachfolge eintragen", "link")
    hand.page.fill("[name=manager]", f"{70000 + LEAVER + 1}")
    hand.click("eintragen und übergeben")
    hand.page.get_by_text("führt jetzt").first.wait_for()


def measure(people=PEOPLE, pictures=None):
    """(clicks and seconds by what was done, what the database says at the end)."""
    from playwright.sync_api import sync_playwright

    done = {}
    with house() as (env, server), sync_playwright() as browsers:
        page = browsers.chromium.launch(executable_path=os.environ.get("CHROMIUM"), args=["--no-sandbox"]).new_page()
        page.set_default_timeout(PATIENCE)
        sign_in(page, server.port)
        for title, work in {"to an opened round": open_round, "next month's list": next_list}.items():
            hand, began = Hand(page, people, pictures), time.perf_counter()
            work(hand)
            done[title] = hand.clicks, time.perf_counter() - began
        return done, load.inside_of("bench.first_round", env, "look")


def report(done, found):
    lines = [f"{title}: {clicks} clicks, {seconds:.0f} s" for title, (clicks, seconds) in done.items()]
    wrong = [what for what, is_so in found.items() if not is_so]
    return "\n".join([*lines, f"Load {os.getloadavg()[0]:.1f} at the end."]), wrong


def begin():
    from kompetenz.people.models import Person

    hr = Person(first_name="Paula", last_name="Personal", email=HR, is_hr=True)
    hr.set_password(PASSWORD)
    hr.save()
    return {}


def look():
    """What is to be so after all, each as whether it is."""
    from assessments.models import Participation
    from kompetenz.people.models import Person

    def who(number):
        return Person.objects.get(personnel_number=str(number))

    gone, after = who(70000 + LEAVER), who(70000 + LEAVER + 1)
    return {
        "a changed number is the same person": who(99077).last_name == name_of(CHANGED),
        "addresses stay": all(who(70000 + n).email for n in EMPTIED),
        "nobody is the leaver's": not Person.objects.filter(manager=gone).exists(),
        "what runs is the successor's": Participation.objects.filter(manager=after).count() == 2 * EACH,
        "nothing is the leaver's": not Participation.objects.filter(manager=gone).exists(),
    }


if __name__ == "__main__":
    if sys.argv[1:2] in (["begin"], ["look"]):
        import django

        django.setup()
        print(json.dumps({"begin": begin, "look": look}[sys.argv[1]]()))
    else:
        text, wrong = report(*measure(*map(int, sys.argv[1:2]), *sys.argv[2:3]))
        print(text)
        sys.exit("\n".join(wrong) or None)
