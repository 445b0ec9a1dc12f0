"""Write a staff list of invented people, to try the import with."""

from django.core.management.base import BaseCommand, CommandError

from kompetenz.demo.district import LARGEST, SMALLEST
from kompetenz.demo.staff_list import write_staff_list


class Command(BaseCommand):
    help = "Schreibt eine Personalliste erfundener Personen als XLSX, um die Übernahme auszuprobieren."

    def add_arguments(self, parser):
        parser.add_argument("file", help="Name der Datei, zum Beispiel personal.xlsx")
        parser.add_argument("--people", type=int, default=1000, help="Anzahl der Personen (40 bis 10000)")

    def handle(self, *args, file, people, **options):  # noqa: ARG002
        if not SMALLEST <= people <= LARGEST:
            raise CommandError(f"--people nimmt Zahlen von {SMALLEST} bis {LARGEST}.")
        write_staff_list(file, people)
        self.stdout.write(f"{people} erfundene Personen stehen in {file}.")
