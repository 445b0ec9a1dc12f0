"""What `manage.py check` says of a directory that is to be asked by LDAP and cannot be, or by anybody who listens."""

from importlib.util import find_spec
from pathlib import Path

from django.conf import settings
from django.core.checks import Error, register

HINT = "docs/anmelden.md, „Active Directory und LDAP“."
ALONE = ("LDAP_BASE", "LDAP_BIND_DN", "LDAP_HR_GROUP", "LDAP_AUDITOR_GROUP")  # say nothing without a server
GROUPS = ("LDAP_HR_GROUP", "LDAP_AUDITOR_GROUP")


@register
def ldap_is_complete(app_configs, **kwargs):
    """A directory of which half is said lets nobody in, or too many."""
    if not settings.LDAP_SERVER:
        lonely = ", ".join(name for name in ALONE if getattr(settings, name))
        said = [f"{lonely} ist gesetzt, aber LDAP_SERVER nicht: Niemand meldet sich darüber an."] if lonely else []
    else:
        said = [problem for problem, is_so in PROBLEMS if is_so()]
    return [Error(problem, hint=HINT, id="kompetenz.E005") for problem in said]


def servers():
    return settings.LDAP_SERVER.split()


PROBLEMS = [
    ("LDAP_SERVER und OIDC_SERVER sind beide gesetzt: Es gilt nur einer.", lambda: settings.OIDC_SERVER),
    (
        "LDAP_SERVER ist gesetzt, es fehlt python-ldap: .venv/bin/pip install --require-hashes -r requirements/ldap.txt",
        lambda: find_spec("ldap") is None,
    ),
    (
        "LDAP_SERVER beginnt nicht mit ldaps:// oder ldap://.",
        lambda: not all(one.startswith(("ldaps://", "ldap://")) for one in servers()),
    ),
    (
        "LDAP_SERVER mischt ldaps:// und ldap://: Bitte alle mit einem von beiden.",
        lambda: len({one.partition("://")[0] for one in servers()}) > 1,
    ),
    (
        "LDAP_SERVER ist ldap:// ohne LDAP_STARTTLS: Passwörter gingen lesbar über das Netz.",
        lambda: settings.LDAP_SERVER.startswith("ldap://") and not settings.LDAP_STARTTLS,
    ),
    (
        "LDAP_CA_FILE ist keine lesbare Datei.",
        lambda: settings.LDAP_CA_FILE and not Path(settings.LDAP_CA_FILE).is_file(),
    ),
    (
        "LDAP_SERVER ist gesetzt, es fehlt LDAP_BASE, unter der die Konten stehen.",
        lambda: not settings.LDAP_BASE,
    ),
    (
        "LDAP_BIND_DN ist gesetzt, es fehlt LDAP_BIND_PASSWORD.",
        lambda: settings.LDAP_BIND_DN and not settings.LDAP_BIND_PASSWORD,
    ),
    ("In LDAP_FILTER fehlt {login}: Jede Anmeldung träfe alle.", lambda: "{login}" not in settings.LDAP_FILTER),
    (
        "LDAP_NUMBER_ATTRIBUTE und LDAP_EMAIL_ATTRIBUTE sind beide leer: Niemand ist daran zu erkennen.",
        lambda: not (settings.LDAP_NUMBER_ATTRIBUTE or settings.LDAP_EMAIL_ATTRIBUTE),
    ),
    (
        "LDAP_HR_GROUP und LDAP_AUDITOR_GROUP werden mit ihrem ganzen Namen angegeben: CN=…,OU=…,DC=….",
        lambda: any("=" not in (getattr(settings, name) or "=") for name in GROUPS),
    ),
    (
        "LDAP_HR_GROUP und LDAP_AUDITOR_GROUP sind dieselbe Gruppe: Wer prüft, soll nicht selbst verwalten.",
        lambda: settings.LDAP_HR_GROUP and settings.LDAP_HR_GROUP.lower() == settings.LDAP_AUDITOR_GROUP.lower(),
    ),
]
