"""Signing in with the administration's own user name and password, which its directory confirms by LDAP: switched on by LDAP_SERVER.

Spoken by python-ldap, which only those install who switch this on (requirements/ldap.txt), in a process that is ended after
LDAP_TIMEOUT seconds (ldap_speaker.py). Whom an account means and which rights it gives is said in directory.py. The password is
handed on and kept nowhere.
"""

import json
import logging
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from kompetenz import text

from . import attempts
from .accounts import EmployedPeopleBackend
from .directory import DirectoryAway, NotHere, Silence, person_meant, take_over

SPEAKER = Path(__file__).with_name("ldap_speaker.py")
SILENT = {"SERVER_DOWN", "TIMEOUT", "CONNECT_ERROR", "UNAVAILABLE", "BUSY"}

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Confirmed:
    """What the directory says of one; rights are None where it says nothing of them, and then nobody loses any."""

    name: str
    number: str
    email: str
    is_right: bool | None
    is_hr: bool | None = None
    is_auditor: bool | None = None


def ask(login, password=None):
    """The one account that is called so, or None. Raises DirectoryAway after LDAP_TIMEOUT, and at once after one that was silent."""
    if Silence.lasts():
        raise DirectoryAway
    try:
        done = subprocess.run(  # noqa: S603 - our own program, isolated: no Django, no environment of ours
            [sys.executable, "-I", str(SPEAKER)],
            input=json.dumps(_question(login, password)),
            capture_output=True,
            text=True,
            timeout=settings.LDAP_TIMEOUT,
            check=True,
            env={},
        )
        said = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as problem:
        said = {"problem": "TIMEOUT" if isinstance(problem, subprocess.TimeoutExpired) else "no answer"}
    if "problem" in said:
        logger.error("Directory %s: %s", settings.LDAP_SERVER, said["problem"])
        if said["problem"] in SILENT:
            Silence.begin()
        raise DirectoryAway(said["problem"])
    return _account(said) if said["name"] else None


def _question(login, password):
    return {
        "server": settings.LDAP_SERVER,
        "starttls": settings.LDAP_STARTTLS and not settings.LDAP_SERVER.startswith("ldaps://"),
        "ca_file": settings.LDAP_CA_FILE,
        "seconds": settings.LDAP_TIMEOUT,
        "reader": settings.LDAP_BIND_DN,
        "readers_password": settings.LDAP_BIND_PASSWORD,
        "base": settings.LDAP_BASE,
        "filter": settings.LDAP_FILTER,
        "attributes": [settings.LDAP_NUMBER_ATTRIBUTE, settings.LDAP_EMAIL_ATTRIBUTE],
        "groups": [settings.LDAP_HR_GROUP, settings.LDAP_AUDITOR_GROUP],
        "login": login,
        "password": password,
    }


def _account(said):
    number, email = said["values"]
    groups = zip([settings.LDAP_HR_GROUP, settings.LDAP_AUDITOR_GROUP], said["members"], strict=False)
    for group, has_it in groups:
        if group and has_it is None:
            logger.error("Directory: the group %s is not there, or may not be read", group)
    return Confirmed(said["name"], text.number(number), text.address(email), said["is_right"], *said["members"])


class DirectoryBackend(EmployedPeopleBackend):
    """Signs in whom the directory confirms and who works here. Raises DirectoryAway, NotHere and attempts.TooMany."""

    def authenticate(self, request, email="", password=""):
        account = ask(email, password) if email and password else None
        if account is None:
            return None
        counted = _count(request, email, account)
        if not account.is_right:
            return None
        for one in counted:
            one.delete()
        person = person_meant(account.number, account.email)
        take_over(person, account.email, is_hr=account.is_hr, is_auditor=account.is_auditor)
        return person


def _count(request, login, account):
    """An account has several names: what is tried by any of them counts for the person, and a right one too many opens nothing."""
    with suppress(NotHere):
        person = person_meant(account.number, account.email)
        if person.email and person.email != text.address(login):
            return [attempts.begin(request, person.email)]
    return []
