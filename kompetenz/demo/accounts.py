"""The people of the demo district that a visitor signs in as."""

from dataclasses import dataclass

from .names import mailbox

PASSWORD = "musterland-2026"  # noqa: S105 - everybody may know it, the people are invented
DOMAIN = "musterland.example"


@dataclass(frozen=True)
class Account:
    """A fixed person: ``part`` is what they do in the procedure, ``try_out`` what a visitor can do as them."""

    key: str
    part: str
    first_name: str
    last_name: str
    try_out: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def email(self) -> str:
        return f"{mailbox(self.first_name, self.last_name)}@{DOMAIN}"


ACCOUNTS = [
    Account(
        "hr",
        "Personalentwicklung",
        "Paula",
        "Sommerfeldt-Özkanlı",
        "Stand der laufenden Runde ansehen, eine neue Runde eröffnen",
    ),
    Account(
        "employee",
        "Person (Einschätzung)",
        "Anna",
        "Şahin-Žižek",
        "Selbsteinschätzung fortsetzen (17 von 25) und freigeben, Lernplan vom Vorjahr lesen",
    ),
    Account(
        "manager",
        "Führungskraft",
        "Bernd",
        "Weißmüller-Grothe",
        "Team ansehen, auch wer gerade dazugekommen ist, Fremdeinschätzungen abgeben, Gespräch führen, Vertretung regeln",
    ),
    Account(
        "ready",
        "Person (Gespräch)",
        "Cedric",
        "O'Neill-Çelik",
        "Selbst und Fremd vergleichen, dazu die Verteilung aus dem Kollegium: Das Gespräch steht an",
    ),
    Account(
        "auditor",
        "Datenschutz",
        "Dorothea",
        "Nguyễn-Bergström",
        "Sehen, dass keine Einstufungen zu sehen sind",
    ),
]
BY_KEY = {account.key: account for account in ACCOUNTS}
