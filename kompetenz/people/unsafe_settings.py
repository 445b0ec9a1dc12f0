"""What `manage.py check --deploy` says of settings of ours that leave a door open; Django's own checks know nothing of them."""

from pathlib import Path
from stat import S_ISREG
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Warning as CheckWarning
from django.core.checks import register
from django.db import connections

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
HINT = "docs/betrieb.md und docs/security.md."
SO_MANY = 10  # of files are named at most


@register(deploy=True)
def settings_are_safe(app_configs, **kwargs):
    """One warning for each that is not; id -> sentence."""
    return [CheckWarning(said, hint=HINT, id=name) for name, said in warnings().items()]


def warnings():
    """Id -> sentence."""
    found = {
        "kompetenz.W021": settings.DEMO
        and "KOMPETENZRAD_DEMO ist an: Das Passwort der Vorführkonten steht auf der Anmeldeseite.",
        "kompetenz.W022": not settings.SECOND_FACTOR
        and "SECOND_FACTOR ist aus: Wer Rechte über andere hat, meldet sich mit einem Passwort allein an.",
        "kompetenz.W023": any(host.startswith(("*", ".")) for host in settings.ALLOWED_HOSTS)
        and "ALLOWED_HOSTS lässt mehr als einzelne Namen zu: Die Anwendung antwortet unter fremden Adressen.",
        "kompetenz.W024": any(_is_loose(origin) for origin in settings.CSRF_TRUSTED_ORIGINS)
        and "CSRF_TRUSTED_ORIGINS traut einem * oder einer Adresse ohne TLS: Von dort kann jede Seite Formulare senden.",
        "kompetenz.W025": _mails_in_the_open()
        and "EMAIL_URL spricht ohne TLS mit einem anderen Rechner: Wer mitliest, hat jeden Link zu einem Passwort.",
        "kompetenz.W026": (found := ", ".join(readable_by_others()))
        and f"Andere auf diesem Rechner können lesen: {found}. Richtig ist 0600 (chmod 600).",
        "kompetenz.W030": (found := ", ".join(_of_others()))
        and f"Einem anderen Nutzer als der Ordner var gehören: {found}. Was root angelegt hat, kann die Anwendung nicht schreiben (chown).",
        "kompetenz.W027": _site_in_the_open()
        and "SITE_URL beginnt nicht mit https://: Jeder Link zu einem Passwort geht beim ersten Aufruf lesbar über das Netz.",
        "kompetenz.W028": _database_in_the_open()
        and "DATABASE_URL fragt einen anderen Rechner, ohne dessen Zertifikat zu prüfen (sslmode=verify-full).",
        "kompetenz.W029": connections["default"].vendor == "postgresql"
        and settings.CACHES["default"]["BACKEND"].endswith("LocMemCache")
        and "CACHE_URL fehlt: Bei mehreren Prozessen zählt jeder für sich, und ein Code vom Telefon gilt in jedem einmal.",
    }
    return {name: said for name, said in found.items() if said}


def _is_loose(origin):
    return "*" in origin or (urlsplit(origin).scheme != "https" and urlsplit(origin).hostname not in LOOPBACK)


def _mails_in_the_open():
    is_plain = not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL)
    return settings.EMAIL_BACKEND.endswith("smtp.EmailBackend") and is_plain and settings.EMAIL_HOST not in LOOPBACK


def _site_in_the_open():
    site = urlsplit(settings.SITE_URL)
    return site.scheme != "https" and site.hostname not in LOOPBACK


def _database_in_the_open():
    database = connections["default"].settings_dict
    is_far = not (database["HOST"].startswith("/") or database["HOST"] in LOOPBACK | {""})
    return is_far and database.get("OPTIONS", {}).get("sslmode") not in {"verify-full", "verify-ca"}


def readable_by_others():
    """What is written, .env and its copies, and what somebody has put beside them, where more than their user may read it."""
    folder = Path(settings.BASE_DIR)
    secrets = [path for path in folder.glob(".env*") if path.name != ".env.example"]
    files = [*secrets, *_written(), *(folder / "var").rglob("*")]
    return sorted({str(path) for path in files if _is_readable_by_others(path)})[:SO_MANY]


def _is_readable_by_others(path):
    try:
        mode = path.stat().st_mode
    except OSError:  # SQLite takes its log away with the last connection
        return False
    return S_ISREG(mode) and mode & 0o077


def _of_others():
    """What is written, where it is not of the user whose folder var is: a command has run as root, or a copy was put there."""
    folder = Path(settings.BASE_DIR, "var")
    owner = folder.stat().st_uid if folder.is_dir() else None
    return [str(path) for path in _written() if path.is_file() and owner not in (None, path.stat().st_uid)]


def _written():
    """The database's own file with what lies beside it, and the list of erasures."""
    files = [Path(settings.ERASURE_LIST)]
    for connection in connections.all():
        if connection.vendor == "sqlite":
            name = str(connection.settings_dict["NAME"])
            files += [Path(name + end) for end in ("", "-wal", "-shm")]
    return files
