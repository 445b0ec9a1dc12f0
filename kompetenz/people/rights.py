"""The rights over others that somebody may have, and through whom one is given or taken; `RightChange` keeps it on record."""

from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices


class PersonRight(TextChoices):
    """The fields of Person that are one."""

    HR = "is_hr", "Personalentwicklung"
    AUDITOR = "is_auditor", "Datenschutz oder Personalrat"
    STAFF = "is_staff", "technische Verwaltung"
    SUPERUSER = "is_superuser", "technische Verwaltung mit allen Rechten"


AUDITS_NOBODY_ELSE = (
    "Wer prüft, hat keines der anderen Rechte: Geprüft werden Personalentwicklung und technische Verwaltung. Bitte geben Sie eines der "
    "beiden einer anderen Person."
)


def keeps_from_auditing(person):
    """Whether ``person`` has a right that auditors look at: nobody audits themselves."""
    return any(getattr(person, right) for right in PersonRight.values if right != PersonRight.AUDITOR)


class Through(TextChoices):
    """On which way somebody gets or loses a right."""

    PAGE = "page", "Personalentwicklung"
    ADMIN = "admin", "technische Verwaltung"
    DIRECTORY = "directory", "Verzeichnis der Verwaltung"
    COMMAND = "command", "Befehlszeile"
    LEAVING = "leaving", "das Ausscheiden"


@dataclass(frozen=True)
class Hand:
    """Who writes a person: ``by`` is a Person on pages, and nobody where the directory or a command does."""

    through: Through = Through.COMMAND
    by: Any = None


def differences(before, after):
    """(right, whether it was given) for each that differs; ``before`` is None of somebody new."""
    had = [bool(before) and getattr(before, right) for right in PersonRight.values]
    has = [getattr(after, right) for right in PersonRight.values]
    return [(right, new) for right, old, new in zip(PersonRight.values, had, has, strict=True) if old != new]
