"""The Auskunft of somebody who cannot ask for it on the screen: who has left, or has no account."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from kompetenz.people.models import Person
from kompetenz.privacy.subject_access.handing_out import archive_of


class Command(BaseCommand):
    help = "Schreibt die Auskunft über eine Person (PDF und JSON) in eine ZIP-Datei. Auszuhändigen nur ihr selbst."

    def add_arguments(self, parser):
        parser.add_argument("personnel_number", metavar="PERSONALNUMMER")
        parser.add_argument("folder", metavar="ORDNER", type=Path)

    def handle(self, *, personnel_number, folder, **options):  # noqa: ARG002 - Django passes them
        person = Person.objects.filter(personnel_number=personnel_number).first()
        if person is None:
            raise CommandError("Diese Personalnummer hat niemand.")
        name, content = archive_of(person)
        file = folder / name
        file.touch(mode=0o600, exist_ok=False)
        file.write_bytes(content)
        self.stdout.write(f"{file}: nur der Person selbst aushändigen, danach löschen.")
