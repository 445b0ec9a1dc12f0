from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kompetenz.people import ldap_bind
from kompetenz.people.directory import DirectoryAway, NotHere, person_meant

WHY = {
    "unknown": "Im Kompetenzrad steht niemand mit dieser Personalnummer oder E-Mail-Adresse.",
    "left": "Die Person arbeitet laut Personalliste nicht mehr hier.",
    "several": "Zu dieser E-Mail-Adresse gehört im Kompetenzrad eine andere Personalnummer.",
}


class Command(BaseCommand):
    """For whoever sets up LDAP: changes nothing and asks for nobody's password."""

    help = "Fragt das Verzeichnis (LDAP) nach einem Konto und sagt, wen es meint und welche Rechte es gibt."

    def add_arguments(self, parser):
        parser.add_argument("login")

    def handle(self, *, login, **options):  # noqa: ARG002 - Django passes more
        if not settings.LDAP_SERVER:
            raise CommandError("LDAP_SERVER ist nicht gesetzt.")
        try:
            found = ldap_bind.ask(login)
        except DirectoryAway as problem:
            raise CommandError(f"Das Verzeichnis antwortet nicht: {problem}") from problem
        if found is None:
            raise CommandError(f"Unter {settings.LDAP_BASE} heißt kein Konto, oder mehr als eines, {login}.")
        self.stdout.write(f"Konto: {found.name}\nPersonalnummer: {found.number or '-'}\nE-Mail: {found.email or '-'}")
        said = {True: "ja", False: "nein", None: "nicht aus dem Verzeichnis"}
        self.stdout.write(
            f"Personalentwicklung: {said[found.is_hr]}\nDatenschutz oder Personalrat: {said[found.is_auditor]}"
        )
        if found.is_hr and found.is_auditor:
            self.stdout.write("Wer prüft, hat kein anderes Recht: Es gilt Personalentwicklung.")
        try:
            self.stdout.write(f"Gemeint ist: {person_meant(found.number, found.email)}")
        except NotHere as reason:
            self.stdout.write(f"Nicht zu erkennen: {WHY[reason.why]}")
