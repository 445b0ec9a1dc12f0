"""The Auskunft of somebody who cannot ask for it on the screen: who has left, or has no account."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from kompetenz.people.models import Person
from kompetenz.privacy.access_log import accesses
from kompetenz.privacy.access_log.models import Access
from kompetenz.privacy.subject_access.handing_out import archive_of


class Command(BaseCommand):
    """Whoever hands it out stands in the access log, and with that in the Auskunft itself."""

    help = "Schreibt die Auskunft über eine Person (PDF und JSON) in eine ZIP-Datei. Auszuhändigen nur ihr selbst."

    def add_arguments(self, parser):
        parser.add_argument("person", metavar="PERSON", help="Personalnummer oder E-Mail-Adresse")
        parser.add_argument("folder", metavar="ORDNER", type=Path)
        parser.add_argument("--by", required=True, help="Personalnummer oder E-Mail-Adresse dessen, der sie aushändigt")

    def handle(self, *, person, folder, by, **options):  # noqa: ARG002 - Django passes them
        about, reader = found(person), found(by)
        if not (reader.is_employed and (reader.is_hr or reader.is_auditor or reader.is_staff)):
            raise CommandError(
                f"{by} gehört weder zur Personalentwicklung noch zu Datenschutz oder technischer Verwaltung."
            )
        with transaction.atomic():
            accesses.note(reader, Access.What.EVERYTHING, Access.How.TAKEN, [about.pk], role=Access.Role.ADMIN)
            file = written(folder, *archive_of(about))
        self.stdout.write(f"{file}: nur der Person selbst aushändigen, danach löschen.")


def found(reference):
    try:
        return Person.objects.named([reference]).get()
    except Person.DoesNotExist as error:
        raise CommandError(f"Die Personalnummer oder Adresse {reference} hat niemand.") from error


def written(folder, name, content):
    """A file that is there already is left alone."""
    file = folder / name
    try:
        file.touch(mode=0o600, exist_ok=False)
        file.write_bytes(content)
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from error
    return file
