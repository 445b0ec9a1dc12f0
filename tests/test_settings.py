"""Settings that tests cannot see from the inside: production's checks, and how SQLite is opened."""

import os
import re
import subprocess
import sys
from datetime import date

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection

from kompetenz import environment
from kompetenz.people import mistaken_settings, unsafe_settings

SECRET = "zE4-rT7_jd8!k2-Qw9zLm4_Xc7vB1nR5tY6uI0oP3aS+eDfGh=HjKlZ"


def manage(*arguments, **environment):
    """What manage.py says to a machine with nothing but this environment."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "DATABASE_URL": "sqlite://:memory:", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


FACTS = {
    "ORGANISATION": "Stadt am Fluss",
    "CONTACT_EMAIL": "pe@stadt.example",
    "DATA_PROTECTION_EMAIL": "datenschutz@stadt.example",
    "ORGANISATION_ADDRESS": "Rathausplatz 1, 12345 Stadt",
    "ORGANISATION_REPRESENTATIVE": "die Bürgermeisterin",
    "LEGAL_BASIS": "Dienstvereinbarung vom 1. Mai",
    "SUPERVISORY_AUTHORITY": "Landesbeauftragte",
    "ENFORCEMENT_BODY": "Durchsetzungsstelle",
    "ACCESSIBILITY_DATE": "2026-11-22",
    "SITE_URL": "https://kompetenzrad.stadt.example",
    "ALLOWED_HOSTS": "kompetenzrad.stadt.example",
}


def test_production_passes_djangos_own_checks():
    run = manage(
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        DEBUG="0",
        HTTPS="1",
        TRUSTED_PROXIES="1",
        SECRET_KEY=SECRET,
        **FACTS,
    )

    assert run.returncode == 0, run.stderr
    assert "no issues" in run.stdout


OPEN = {
    "KOMPETENZRAD_DEMO": "1",  # W021, and what it does not ask for: W022
    "ALLOWED_HOSTS": "kreis.example,.kreis.example",  # W023
    "CSRF_TRUSTED_ORIGINS": "https://*.kreis.example",  # W024
    "EMAIL_URL": "smtp://user:password@mail.kreis.example:25",  # W025
    "SITE_URL": "http://kompetenzrad.stadt.example",  # W027
    "DATABASE_URL": "postgres://a:b@db.kreis.example/c",  # W028
    "CACHE_URL": "dbcache://c",
}
SHUT = {
    "CSRF_TRUSTED_ORIGINS": "https://kreis.example",
    "EMAIL_URL": "smtp+tls://user:password@mail.kreis.example:587",
}


# Each is a process of its own, so it tries more than one setting.
@pytest.mark.parametrize(
    ("given", "said"),
    [
        (OPEN, ["W021", "W022", "W023", "W024", "W025", "W027", "W028"]),
        ({"SECOND_FACTOR": "0", "CSRF_TRUSTED_ORIGINS": "http://kreis.example"}, ["W022", "W024"]),
        ({"DATABASE_URL": "postgres://a:b@db.kreis.example/c?sslmode=verify-full"}, ["W029"]),
        (SHUT, []),
        ({"EMAIL_URL": "smtp://127.0.0.1:25"}, []),
    ],
    ids=["every door", "the second factor", "the certificate", "every door shut", "mail on this machine"],
)
def test_a_setting_that_leaves_a_door_open_is_named(given, said):
    usual = {"DEBUG": "0", "HTTPS": "1", "TRUSTED_PROXIES": "1", "SECRET_KEY": SECRET, **FACTS}
    run = manage("check", "--deploy", "--fail-level", "WARNING", **usual | given)

    assert sorted(re.findall(r"kompetenz\.(W\d+)", run.stderr)) == said
    assert run.returncode == bool(said), run.stderr


def test_files_that_others_may_read_are_named(tmp_path):
    open_to_all = tmp_path / "kreis.sqlite3"
    open_to_all.touch()
    open_to_all.chmod(0o640)
    erasures = tmp_path / "loeschungen.jsonl"
    erasures.touch()
    erasures.chmod(0o644)
    given = {
        "DEBUG": "0",
        "HTTPS": "1",
        "TRUSTED_PROXIES": "1",
        "SECRET_KEY": SECRET,
        "ERASURE_LIST": str(erasures),
        **FACTS,
    }
    run = manage("check", "--deploy", **given, DATABASE_URL=f"sqlite:///{open_to_all}")
    open_to_all.chmod(0o600)
    erasures.chmod(0o600)
    again = manage("check", "--deploy", **given, DATABASE_URL=f"sqlite:///{open_to_all}")

    assert f"können lesen: {open_to_all}, {erasures}." in run.stderr
    assert "W026" not in again.stderr


@pytest.mark.parametrize(
    "name", [".env", ".env.alt", "var/sicherung.dump", "var/listen/personal.xlsx", "var/mails/1.log"]
)
def test_a_copy_beside_them_that_others_may_read_is_named_too(settings, tmp_path, name):
    settings.BASE_DIR = tmp_path
    (tmp_path / "var" / "listen").mkdir(parents=True)
    (tmp_path / "var" / "mails").mkdir()
    for other in (".env.example", "README.md"):
        (tmp_path / other).touch(mode=0o644)
    copy = tmp_path / name
    copy.touch(mode=0o600)
    settings.ERASURE_LIST = str(tmp_path / "var" / "liste")
    of_its_own = unsafe_settings.readable_by_others()
    copy.chmod(0o644)

    assert set(unsafe_settings.readable_by_others()) - set(of_its_own) == {str(copy)}


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives files away")
def test_files_that_root_has_left_are_named(tmp_path):
    """The app, which is another user, could not write them."""
    database = tmp_path / "kreis.sqlite3"
    database.touch(mode=0o600)
    given = {"DEBUG": "0", "HTTPS": "1", "TRUSTED_PROXIES": "1", "SECRET_KEY": SECRET, **FACTS}
    own = manage("check", "--deploy", **given, DATABASE_URL=f"sqlite:///{database}")
    os.chown(database, 10001, -1)
    foreign = manage("check", "--deploy", **given, DATABASE_URL=f"sqlite:///{database}")

    assert "W030" not in own.stderr
    assert f"Einem anderen Nutzer als der Ordner var gehören: {database}." in foreign.stderr


def test_production_does_not_start_without_a_secret():
    run = manage("check", DEBUG="0")

    assert run.returncode != 0
    assert "SECRET_KEY" in run.stderr


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY fehlt; gebraucht wird eine lange zufällige Zeichenkette."),
        ({"HTTPS": "jawohl"}, "HTTPS ist „jawohl“; gebraucht wird 1 oder 0"),
        ({"TRUSTED_PROXIES": "eins"}, "TRUSTED_PROXIES ist „eins“; gebraucht wird eine ganze Zahl ab 0"),
        ({"RETENTION_LOG_DAYS": "-5"}, "RETENTION_LOG_DAYS ist „-5“; gebraucht wird eine ganze Zahl ab 0"),
        ({"PEER_MINIMUM": "5 # Antworten"}, "PEER_MINIMUM ist „5 # Antworten“; gebraucht wird eine ganze Zahl ab 0"),
        ({"LDAP_TIMEOUT": "2,5"}, "LDAP_TIMEOUT ist „2,5“; gebraucht wird eine ganze Zahl ab 0"),
        ({"REMINDER_DAYS": "7;1"}, "REMINDER_DAYS ist „7;1“; gebraucht wird eine Liste ganzer Zahlen ab 0"),
        ({"ACCESSIBILITY_DATE": "bald"}, "ACCESSIBILITY_DATE ist „bald“; gebraucht wird ein Tag wie 2026-11-22"),
        ({"DATABASE_URL": "mysql://a:geheim@b/c"}, "DATABASE_URL ist so nicht zu verstehen; gebraucht wird sqlite:"),
        ({"DATABASE_URL": "postgres://a:geheim@b"}, "DATABASE_URL ist so nicht zu verstehen; gebraucht wird sqlite:"),
        ({"CACHE_URL": "kompetenzrad_cache"}, "CACHE_URL ist so nicht zu verstehen; gebraucht wird dbcache:"),
        ({"EMAIL_URL": "mail.kreis.example"}, "EMAIL_URL ist so nicht zu verstehen; gebraucht wird smtp+tls:"),
        ({"EMAIL_URL": "smtp+tls://a:gehe#im@b:587"}, "EMAIL_URL ist so nicht zu verstehen; gebraucht wird smtp+tls:"),
        ({"EMAIL_URL": "smtp+tls://a:geheim@b:587a"}, "EMAIL_URL ist so nicht zu verstehen; gebraucht wird smtp+tls:"),
    ],
)
def test_a_setting_that_cannot_be_read_is_named_in_a_sentence(given, said):
    run = manage("check", **{"DEBUG": "0", "SECRET_KEY": SECRET, **FACTS, **given})

    assert (run.returncode, run.stderr.splitlines()[0][: len(said)], len(run.stderr.splitlines())) == (1, said, 2)
    assert "gehe" not in run.stderr


READ = "from django.conf import settings as s; print([getattr(s, name) for name in {!r}])"


def test_what_is_meant_is_read_as_it_is_meant():
    """Blanks, German words, an empty number, and a password that begins with a dollar sign."""
    given = {
        "ALLOWED_HOSTS": " kreis.example, kompetenzrad.kreis.example ,",
        "HTTPS": "Ja",
        "PEER_MINIMUM": "",
        "DATABASE_URL": " ",
        "ACCESSIBILITY_DATE": "22.11.2026",
        "OIDC_CLIENT_SECRET": "$geheim",
    }
    names = ["ALLOWED_HOSTS", "HTTPS", "PEER_MINIMUM", "ACCESSIBILITY_DATE", "OIDC_CLIENT_SECRET"]

    run = manage("shell", "--no-imports", "-c", READ.format(names), DEBUG="0", SECRET_KEY=SECRET, **given)

    wanted = [["kreis.example", "kompetenzrad.kreis.example"], True, 5, date(2026, 11, 22), "$geheim"]
    assert run.stdout.strip() == str(wanted), run.stderr


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"ALLOWED_HOSTS": "https://kompetenzrad.stadt.example"}, "ALLOWED_HOSTS nennt „https://kompetenzrad.stadt.ex"),
        ({"ALLOWED_HOSTS": "kompetenzrad.stadt.example:443"}, "ALLOWED_HOSTS nennt „kompetenzrad.stadt.example:443“"),
        ({"ALLOWED_HOSTS": "stadt.example"}, "SITE_URL führt zu „kompetenzrad.stadt.example“, und das steht nicht in"),
    ],
)
def test_names_that_lead_nowhere_are_told(given, said):
    run = manage("check", **{"DEBUG": "0", "SECRET_KEY": SECRET, **FACTS, **given})

    assert run.returncode == 0, run.stderr
    assert f"(kompetenz.W008) {said}" in run.stderr


LINES = """\ufeff# ours
SITE_URL=https://kompetenzrad.stadt.example
export LAND=NW

POSTGRES_PASSWORD=x
ALOWED_HOSTS=kreis.example
UNBEKANNT=1
EMAIL_URL = smtp://nutzer:geheim@host
"""


def test_lines_of_dot_env_that_set_nothing_are_named(tmp_path):
    path = tmp_path / ".env"
    path.write_text(LINES)

    assert list(environment.not_understood(path, {"SITE_URL", "LAND", "ALLOWED_HOSTS", "EMAIL_URL"})) == [
        "Eine Einstellung ALOWED_HOSTS gibt es nicht (Zeile 6). Ist ALLOWED_HOSTS gemeint?",
        "Eine Einstellung UNBEKANNT gibt es nicht (Zeile 7).",
        "Zeile 8 ist nicht von der Form NAME=Wert, ohne Leerzeichen um das Gleichheitszeichen.",
    ]


def test_a_check_tells_so(settings, tmp_path):
    settings.DOT_ENV = tmp_path / ".env"
    settings.DOT_ENV.write_text(LINES)

    told = mistaken_settings.dot_env_is_understood(None)

    assert [one.id for one in told] == ["kompetenz.W007"] * 3
    assert told[0].msg.startswith(".env: Eine Einstellung ALOWED_HOSTS gibt es nicht")


def test_a_file_from_windows_is_read(tmp_path, monkeypatch, caplog):
    path = tmp_path / ".env"
    path.write_bytes(LINES.replace("UNBEKANNT", "ORGANISATION_ADDRESS").replace("\n", "\r\n").encode())
    for name in ("SITE_URL", "LAND", "ORGANISATION_ADDRESS", "ALOWED_HOSTS", "POSTGRES_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "environ", {})
    monkeypatch.setattr(environment.Env, "ENVIRON", os.environ)

    environment.read_file(path)

    assert os.environ["SITE_URL"] == "https://kompetenzrad.stadt.example"
    assert "geheim" not in caplog.text


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path.write_bytes("ORGANISATION=Kreis Fläming".encode("latin-1")), "nicht in UTF-8 gespeichert"),
        (lambda path: path.mkdir(), "lässt sich nicht lesen: "),
    ],
    ids=["another encoding", "not to be read"],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path, make, said):
    make(tmp_path / ".env")

    with pytest.raises(SystemExit) as end:
        environment.read_file(tmp_path / ".env")

    assert said in end.value.code


def test_codes_and_attempts_are_not_forgotten_because_there_are_many():
    """Of three hundred Django would throw away a third; with it whether a code was used."""
    for number in range(1000):
        cache.set(f"number-{number}", "x")

    assert sum(cache.get(f"number-{number}") == "x" for number in range(1000)) == 1000
    cache.clear()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="once is enough")
@pytest.mark.parametrize("is_there", [True, False])
def test_a_cache_without_its_table_is_named(db, settings, is_there):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "counters"}}
    if is_there:
        call_command("createcachetable", verbosity=0)

    told = mistaken_settings.cache_has_its_table(None)

    assert [one.id for one in told] == ([] if is_there else ["kompetenz.W009"])


def test_a_database_that_is_gone_without_a_word_is_noticed():
    """Else each thread would wait for it for a quarter of an hour."""
    names = ["DATABASES"]
    run = manage(
        "shell", "--no-imports", "-c", READ.format(names), SECRET_KEY=SECRET, DATABASE_URL="postgres://a:b@c/d"
    )

    assert "'tcp_user_timeout': 20000, 'keepalives_idle': 30" in run.stdout


def test_production_is_told_which_facts_its_pages_of_information_lack():
    given = {**FACTS, "LEGAL_BASIS": "", "ACCESSIBILITY_DATE": ""}
    run = manage("check", DEBUG="0", SECRET_KEY=SECRET, **given)

    assert run.returncode == 0, run.stderr
    assert "(kompetenz.W001)" in run.stderr
    assert "fehlt: Rechtsgrundlage, Datum der Erklärung zur Barrierefreiheit." in run.stderr


def test_an_invented_address_is_no_fact():
    given = {
        **FACTS,
        "CONTACT_EMAIL": "personalentwicklung@example.org",
        "DATA_PROTECTION_EMAIL": "",
        "ORGANISATION": "Landkreis Musterland",
    }
    run = manage("check", DEBUG="0", SECRET_KEY=SECRET, **given)

    assert "fehlt: Name der Verwaltung, Ansprechstelle, datenschutzbeauftragte Person." in run.stderr


def test_the_demo_needs_no_secret_no_facts_and_no_collected_files():
    tell = (
        "from django.conf import settings as s; print(s.DEBUG, s.WHITENOISE_USE_FINDERS, bool(s.ORGANISATION_ADDRESS))"
    )

    check = manage("check", "--fail-level", "WARNING", KOMPETENZRAD_DEMO="1", DEBUG="0")
    told = manage("shell", "--no-imports", "-c", tell, KOMPETENZRAD_DEMO="1", DEBUG="0")

    assert check.returncode == 0, check.stderr
    assert told.stdout.split() == ["False", "True", "True"]


def test_invented_people_come_only_into_a_demo():
    without, with_demo = (
        manage("help", "--commands", DEBUG="0", SECRET_KEY=SECRET, KOMPETENZRAD_DEMO=demo).stdout.split()
        for demo in ("0", "1")
    )

    assert "migrate" in without
    assert sorted(set(with_demo) - set(without)) == ["demo_accounts", "invent_staff", "seed_demo", "simulate_round"]


def test_https_locks_the_cookies_to_this_host():
    names = "SESSION_COOKIE_NAME CSRF_COOKIE_NAME SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SECURE_SSL_REDIRECT".split()
    tell = f"from django.conf import settings as s; print(*[getattr(s, name) for name in {names!r}])"

    with_https, without = (
        manage("shell", "--no-imports", "-c", tell, DEBUG="0", SECRET_KEY=SECRET, HTTPS=https).stdout.split()
        for https in ("1", "0")
    )

    assert with_https == ["__Host-kompetenzrad", "__Host-csrftoken", "True", "True", "True"]
    assert without == ["kompetenzrad", "csrftoken", "False", "False", "False"]


WRITES = """
import os, tempfile
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from pathlib import Path
folder = Path(os.environ["WRITES_TO"])
default_storage.location = folder / "uploaded"
connection.cursor().execute("CREATE TABLE one (id int)")
Path(folder, "backup").write_text("what a person wrote")
default_storage.save("of/somebody.txt", ContentFile("x"))
for path in sorted(path for path in folder.rglob("*")):
    print(path.name, oct(path.stat().st_mode & 0o777))
"""


def test_what_a_process_writes_is_its_own_users_alone(tmp_path):
    """Also on a machine whose users let everybody read what they write."""
    database = tmp_path / "kreis.sqlite3"
    environment = {
        "WRITES_TO": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{database}",
        "DEBUG": "0",
        "SECRET_KEY": SECRET,
    }
    before = os.umask(0o022)
    run = manage("shell", "--no-imports", "-c", WRITES, **environment)
    os.umask(before)

    assert dict(line.split() for line in run.stdout.splitlines()) == {
        "backup": "0o600", "kreis.sqlite3": "0o600", "kreis.sqlite3-shm": "0o600", "kreis.sqlite3-wal": "0o600",
        "of": "0o700", "somebody.txt": "0o600", "uploaded": "0o700",
    }, run.stderr  # fmt: skip


@pytest.mark.skipif(connection.vendor != "sqlite", reason="speaks of SQLite")
def test_sqlite_lets_writers_queue_and_readers_read_on(db):
    options = settings.DATABASES["default"]["OPTIONS"]
    with connection.cursor() as cursor:
        pragmas = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("foreign_keys", "synchronous", "busy_timeout", "secure_delete")
        }

    assert options["transaction_mode"] == "IMMEDIATE"
    assert "PRAGMA journal_mode=WAL" in options["init_command"]
    assert pragmas == {"foreign_keys": 1, "synchronous": 2, "busy_timeout": 10_000, "secure_delete": 1}


THE_APPLICATION = """
import sys
import kompetenz.rsgi as loaded
from kompetenz.catalogue import syllables
print(loaded.application.cookie, "plotly.graph_objects" in sys.modules, syllables.german.cache_info().currsize)
"""


def test_the_application_that_the_server_loads_can_be_loaded_and_no_first_page_waits_for_libraries():
    """In a process in which nobody has set up Django before."""
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": "sqlite://:memory:", "KOMPETENZRAD_DEMO": "1"}
    run = subprocess.run(
        [sys.executable, "-c", THE_APPLICATION],
        cwd=settings.BASE_DIR,
        env=environment | {"DJANGO_SETTINGS_MODULE": "kompetenz.settings"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (run.returncode, run.stdout.strip()) == (0, "kompetenzrad True 1"), run.stderr
