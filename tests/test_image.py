"""The image and its services: what they name exists, and nothing of them is more than it has to be (docs/adr/0060)."""

import re
import shlex

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

ROOT = settings.BASE_DIR
CONTAINERFILE = (ROOT / "Containerfile").read_text().replace("\\\n", " ")
BUILT, SHIPPED = CONTAINERFILE.split("FROM ")[1:]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
OURS = {name: one for name, one in COMPOSE["services"].items() if name != "database"}


def packages(text):
    (listed,) = re.findall(r"install -y --no-install-recommends (.*?)(?:&&|\n)", text)
    return set(listed.split())


def needed_for(purpose):
    """The packages that the Makefile asks for."""
    (listed,) = re.findall(rf'debian-packages "{purpose}" ([^|\n]+)', (ROOT / "Makefile").read_text())
    return set(listed.split())


def test_what_it_is_built_with_and_what_it_prints_with_is_what_the_makefile_asks_for():
    assert needed_for("die Python-Umgebung") | needed_for("die Anmeldung über LDAP") <= packages(BUILT)
    assert needed_for("PDFs") | needed_for("griechische Buchstaben und Emojis in PDFs") <= packages(SHIPPED)
    assert not {"gcc", "make", "python3-dev"} & packages(SHIPPED)


def test_neither_secrets_nor_data_come_into_it():
    left_out = (ROOT / ".dockerignore").read_text().split()  # which Docker reads, and Podman, too

    assert {".env", ".git", "var", ".venv"} <= set(left_out)
    assert "*.sqlite3" not in CONTAINERFILE
    assert re.findall(r"SECRET_KEY=(\S+)", CONTAINERFILE) == ["of-the-build"]
    assert "ENV SECRET_KEY" not in CONTAINERFILE


def test_it_runs_as_somebody_who_owns_nothing_but_what_is_written():
    assert SHIPPED.index("USER kompetenzrad") < SHIPPED.index("CMD")
    assert "chown" not in SHIPPED
    assert re.findall(r"install -d -o (\S+) -m 700 (\S+)", SHIPPED) == [("kompetenzrad", "/srv/kompetenzrad/var")]


def test_whoever_it_runs_as_may_read_all_of_it():
    """Files as manage.py writes them, those compressed for browsers first of all, were root's alone."""
    assert BUILT.index("collectstatic") < BUILT.index("compileall") < BUILT.index("chmod -R a+rX .")


def test_docker_finds_what_it_is_built_from_as_well_as_podman():
    assert all(one["build"] == {"context": ".", "dockerfile": "Containerfile"} for one in OURS.values())


def test_whether_it_lives_is_answered_whatever_name_the_administration_has(client, settings):
    settings.ALLOWED_HOSTS, settings.DEBUG = ["kompetenzrad.kreis.example"], False

    assert "ALLOWED_HOSTS" not in OURS["web"]["environment"]  # only what .env says
    assert client.get("/hilfe/", headers={"host": "127.0.0.1:8000"}).status_code == 400
    assert client.get("/gesund/", headers={"host": "127.0.0.1:8000"}).status_code == 200
    assert "http://127.0.0.1:8000/gesund/" in OURS["web"]["healthcheck"]["test"][-1]


def test_the_database_counts_as_there_once_it_listens_and_is_backed_up_without_typing_a_password():
    """While it sets itself up it answers by its socket, and is stopped a moment later."""
    database = COMPOSE["services"]["database"]

    assert "--host=127.0.0.1" in database["healthcheck"]["test"]
    assert database["environment"]["PGPASSWORD"] == database["environment"]["POSTGRES_PASSWORD"]


@pytest.mark.parametrize("name", OURS)
def test_a_service_can_write_to_var_alone_and_has_no_rights(name):
    service = OURS[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["volumes"] == ["var:/srv/kompetenzrad/var", "socket:/run/postgresql"]
    assert not service.get("privileged")


def test_nothing_can_be_reached_but_the_web_service_from_this_machine():
    reached = {name: one["ports"] for name, one in COMPOSE["services"].items() if "ports" in one}

    assert reached == {"web": ["127.0.0.1:${PORT:-8000}:8000"]}
    assert COMPOSE["services"]["database"]["network_mode"] == "none"


@pytest.mark.parametrize("name", OURS)
def test_a_service_calls_what_there_is(name):
    words = shlex.split(OURS[name]["command"].replace('"', "").replace(";", " "))
    commands = [words[place + 1] for place, word in enumerate(words) if word == "manage.py"]
    modules = [words[place + 1] for place, word in enumerate(words) if word == "-m"]

    assert set(commands) <= set(get_commands())
    assert modules in ([], ["kompetenz.serving"])
    assert commands or modules


def test_the_services_begin_when_the_tables_are_there():
    waits = {name: one.get("depends_on") for name, one in OURS.items()}
    first = {"database": {"condition": "service_healthy"}}

    prepared = {"prepare": {"condition": "service_completed_successfully"}}
    assert waits == {"prepare": first, "web": prepared, "worker": prepared, "daily": prepared}
