"""The template for nginx: what is secret in an address, or says for whom somebody has looked, is in no log of it."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATE = Path(settings.BASE_DIR, "deploy", "nginx.conf").read_text()
QUIET = r"location ~ (\S+) \{\s+access_log off;"


@pytest.mark.parametrize(
    "address",
    [
        "/kalender/aB3-x.ics",
        "/passwort/neu/1a-cdef-0123/",
        "/passwort/neu/1a-/",
        "/anmelden/verwaltung/zurueck/",
    ],
)
def test_a_secret_address_is_in_no_log(address):
    [quiet] = re.findall(QUIET, TEMPLATE)

    assert re.match(quiet, address)


@pytest.mark.parametrize(
    "address", ["/", "/anmelden/", "/anmelden/verwaltung/", "/kalender.ics", "/passwort/vergessen/"]
)
def test_any_other_is(address):
    [quiet] = re.findall(QUIET, TEMPLATE)

    assert not re.match(quiet, address)


def test_every_server_logs_nothing_or_what_is_in_our_format():
    """nginx's own has what stands behind the question mark, and where somebody came from."""
    servers = TEMPLATE.split("\nserver {")[1:]

    assert len(servers) == 3
    for server in servers:
        assert re.search(r"^    access_log (off|\S+ kompetenzrad);", server, re.MULTILINE)
        assert re.search(r"^    error_log +\S+ crit;", server, re.MULTILINE)
    [written] = re.findall(r"log_format kompetenzrad (.+);", TEMPLATE)
    named = set(re.findall(r"\$(\w+)", written))
    assert named == {"remote_addr", "time_iso8601", "request_method", "uri", "status", "body_bytes_sent"}
