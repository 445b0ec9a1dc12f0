"""Five hundred people behind one network address get in at once, while somebody beside them tries wrong passwords at their accounts.

By a password, by the link of an invitation, by the administration's directory over OpenID Connect (oidc-provider of npm, tests/kompetenz/people/
directory.mjs) and over LDAP (Debian's slapd), as far as the machine has them.

``python bench/entering.py`` prints the table that make bench puts into docs/benchmarks.md and exits 1 if anybody was kept out or five
hundred take longer than ten minutes. The browsers are new to the app. Whose password is not taken because of the attacker takes the link
that "Passwort vergessen?" would have mailed. Arguments are another number of people, and words for those ways alone that have one of them:
``500 LDAP OpenID``.

It ends: each way has ten minutes. Hashing a password is most of it, and is computing: how much of that the server has done is counted,
too, and says what a machine takes that has nothing else to do; what a directory computes is not in it. Where others compute beside it (by the load, or not
all were in after ten minutes), the promise is held to that.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode, urljoin, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import load, slow, stage

PEOPLE = 500
AT_ONCE = 25  # how many of them have the page open at the same moment
GUESSES_AT_ONCE, BREATH = 2, 0.5  # of the attacker, and seconds between two of one
PROMISE = 600  # seconds for all
BUSY = 2  # load for each processor; the server and its guests make less
PASSWORD = "Nebel-am-Morgen-7"
TOKEN = "x" * 32
DIRECTORY = stage.ROOT / "tests/kompetenz/people/directory.mjs"
SITE = "http://kompetenzrad.example"
OF_A_DIRECTORY = {"OIDC_CLIENT_ID": "kompetenzrad", "OIDC_CLIENT_SECRET": "secret-of-the-tests"}
AT_MOST_LED = 9  # times in a row, at the directory


class Browser:
    """What somebody signs in with, from ``address``: it keeps cookies and follows nothing."""

    def __init__(self, port, address="127.0.0.1"):
        self.port, self.address, self.cookies = port, address, {"csrftoken": TOKEN}

    def ask(self, path, **sent):
        """(status, where it leads)."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=120, source_address=(self.address, 0))
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-CSRFToken": TOKEN,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            connection.request("POST" if sent else "GET", path, urlencode(sent) or None, headers)
            response = connection.getresponse()
            response.read()
        finally:
            connection.close()
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return response.status, response.headers.get("Location", "")

    def by_password(self, person):
        self.ask("/anmelden/")
        is_in = self.ask("/anmelden/", login=person["email"], password=PASSWORD) == (302, "/")
        return "password" if is_in else self.by_link(person)

    def by_link(self, person):
        form = person["link"]
        self.ask(form)
        return "link" if self.ask(form, password1=PASSWORD, password2=PASSWORD) == (302, "/") else None

    def by_openid(self, person):
        self.ask("/anmelden/")
        _, there = self.ask("/anmelden/verwaltung/?next=/")
        directory, there = Browser(urlsplit(there).port), f"{there}&{urlencode({'login_hint': person['email']})}"
        for _ in range(AT_MOST_LED):
            if there.startswith(SITE):
                return "directory" if self.ask(path_of(there)) == (302, "/") else None
            there = urljoin(there, directory.ask(path_of(there))[1])
        return None


def path_of(address):
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


@dataclass(frozen=True)
class Entered:
    """What they met: seconds each of them took, how many were kept out or had no turn in time, seconds for all and of computing,
    wrong passwords meanwhile."""

    people: int
    waits: list[float]
    by_link: int
    kept_out: int
    no_turn: int
    seconds: float
    computed: float
    guesses: int
    load: float

    @property
    def promised(self):
        """Seconds for five hundred: as long as it took, or what the computing comes to where the machine was busy with other things."""
        for_all = PEOPLE / max(1, len(self.waits))
        is_busy = self.no_turn or self.load > BUSY * (os.cpu_count() or 1)
        return (self.computed if is_busy else self.seconds) * for_all

    def cells(self):
        p95 = quantiles(self.waits, n=20)[-1]
        return [
            f"{len(self.waits)} of {self.people}", f"{self.seconds:.0f}", f"{median(self.waits):.1f}", f"{p95:.1f}", f"{self.waits[-1]:.1f}",
            self.by_link, self.kept_out, self.guesses, f"{self.computed / len(self.waits):.2f}", f"{self.promised:.0f}",
        ]  # fmt: skip


def enter(server, people, way, beside):
    port, over = server.port, time.perf_counter() + PROMISE

    def one(person):
        begun = time.perf_counter()
        if begun > over:
            return None
        try:
            came_by = getattr(Browser(port), way)(person)
        except TimeoutError:  # nobody waits for two minutes
            came_by = None
        return time.perf_counter() - begun, came_by

    guessed = count()

    def guess():
        victim = people[next(guessed) % len(people)]
        Browser(port, beside).ask("/anmelden/", login=victim["email"], password="wrong-password")
        time.sleep(BREATH)

    begun, computed = time.perf_counter(), server.cpu()
    with slow.again_and_again(guess, GUESSES_AT_ONCE), ThreadPoolExecutor(AT_ONCE) as pool:
        asked = list(pool.map(one, people))
        seconds, computed = time.perf_counter() - begun, server.cpu() - computed
    met = [one for one in asked if one]
    came_by = [way for _, way in met]
    waits = sorted(wait for wait, way in met if way)
    return Entered(
        len(people),
        waits,
        came_by.count("link"),
        came_by.count(None),
        len(asked) - len(met),
        seconds,
        computed,
        next(guessed),
        os.getloadavg()[0],
    )


@contextmanager
def passwords(env, _directory):
    """The app with its own passwords, and what makes the people known to whoever lets them in."""
    with stage.served(env) as server:
        yield server, lambda people: None


@contextmanager
def openid(env, directory):
    """The app beside an OpenID provider, which leads back to SITE, wherever the app is."""
    port, accounts = stage.free_port(), directory / "accounts.json"
    with stage.served(env | OF_A_DIRECTORY | {"OIDC_SERVER": f"http://127.0.0.1:{port}", "SITE_URL": SITE}) as server:
        accounts.write_text("{}")
        command = ["node", str(DIRECTORY), str(port), str(accounts), SITE]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as provider:
            provider.stdout.readline()
            yield server, lambda people: accounts.write_text(json.dumps({one["email"]: known(one) for one in people}))
            provider.terminate()


def known(person):
    return {"email": person["email"], "email_verified": True, "name": "Eva Neu"}


@contextmanager
def ldap(env, directory):
    from tests.kompetenz.people import slapd

    folder = directory / "slapd"
    folder.mkdir()
    with slapd.running(folder) as running:
        running.add("", objectClass=["dcObject", "organization"], dc="kreis", o="Kreis")

        def let_in(people):
            for one in people:
                uid = one["email"].partition("@")[0]
                said = {"uid": uid, "cn": uid, "sn": "Neu", "mail": one["email"], "userPassword": PASSWORD}
                running.add(f"uid={uid}", objectClass="inetOrgPerson", **said)

        asked = {
            "LDAP_SERVER": running.tls, "LDAP_CA_FILE": str(folder / "ca.pem"), "LDAP_BASE": slapd.BASE, "LDAP_TIMEOUT": "30",
            "LDAP_BIND_DN": slapd.READER, "LDAP_BIND_PASSWORD": slapd.READERS_PASSWORD,
        }  # fmt: skip
        with stage.served(env | asked) as server:
            yield server, let_in


def has_openid():
    return shutil.which("node") and (stage.ROOT / "node_modules/oidc-provider").exists()


def has_ldap():
    return Path("/usr/sbin/slapd").exists() and find_spec("ldap")


WAYS = {
    "by password, an attacker elsewhere": (passwords, "by_password", "127.0.0.2"),
    "by password, an attacker behind the same address": (passwords, "by_password", "127.0.0.1"),
    "by invitation, an attacker behind the same address": (passwords, "by_link", "127.0.0.1"),
    "by OpenID Connect, an attacker behind the same address": (openid, "by_openid", "127.0.0.1"),
    "by LDAP, an attacker behind the same address": (ldap, "by_password", "127.0.0.1"),
}
NEEDS = {openid: has_openid, ldap: has_ldap}


def measure(people=PEOPLE, *words):
    """The ways that the machine has, or those of them whose titles have one of these words."""
    met = {}
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        env = stage.environment(directory / "entering.sqlite3", directory / "static")
        stage.manage("collectstatic", "--noinput", "--verbosity", "0", env=env)
        # With the tables of a directory, which the app without one leaves alone.
        with_tables = env | OF_A_DIRECTORY | {"OIDC_SERVER": "https://directory.example"}
        stage.manage("migrate", "--noinput", "--verbosity", "0", env=with_tables)
        for title, (house, way, beside) in WAYS.items():
            if NEEDS.get(house, lambda: True)() and (not words or any(word in title for word in words)):
                with house(env, directory) as (server, let_in):
                    pretended = load.inside_of("bench.entering", env, "pretend", str(people))
                    let_in(pretended)
                    met[title] = enter(server, pretended, way, beside)
                    print(f"{title}: {met[title].seconds:.0f} s", file=sys.stderr, flush=True)
    return met


def report(met):
    rows = ["| " + " | ".join(map(str, [title, *one.cells()])) + " |" for title, one in met.items()]
    text = (
        f"## Five hundred people get in\n\n{next(iter(met.values())).people} people behind one network address, {AT_ONCE} at a time, on SQLite with one process; none "
        f"is kept out, and {PEOPLE} are in after {PROMISE // 60} minutes. The attacker tries wrong passwords at the same accounts, "
        f"{GUESSES_AT_ONCE} at once. Load {os.getloadavg()[0]:.1f} at the end.\n\n| | in | after, s | p50 s | p95 s | slowest s | by link | "
        f"kept out | wrong passwords | computing of each, s | {PEOPLE} take, s |\n| --- |" + " ---: |" * 10 + "\n"
    )
    broken = [
        f"Getting in {title}: {one.kept_out} were kept out, {PEOPLE} take {one.promised:.0f} s"
        for title, one in met.items()
        if one.kept_out or one.promised > PROMISE
    ]
    return text + "\n".join(rows) + "\n", broken


def pretend(number):
    """So many new people as JSON, inside the app: with a password, and with the path of an invitation."""
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth.hashers import make_password
    from django.db.models import Max

    from kompetenz.people.links import invitation_to
    from kompetenz.people.models import Attempt, Person

    Attempt.objects.all().delete()
    known, first = make_password(PASSWORD), (Person.objects.aggregate(Max("pk"))["pk__max"] or 0) + 1
    people = Person.objects.bulk_create(
        Person(
            pk=pk,
            first_name="Eva",
            last_name=f"Neu{pk}",
            sort_key="neu",
            email=f"neu{pk}@bench.example",
            password=known,
        )
        for pk in range(first, first + number)
    )
    links = [{"email": one.email, "link": invitation_to(one).removeprefix(settings.SITE_URL)} for one in people]
    print(json.dumps(links))


if __name__ == "__main__":
    if sys.argv[1:2] == ["pretend"]:
        pretend(int(sys.argv[2]))
    else:
        said, missed = report(measure(int((sys.argv[1:] or [PEOPLE])[0]), *sys.argv[2:]))
        print(said)
        sys.exit("\n".join(missed) or None)
