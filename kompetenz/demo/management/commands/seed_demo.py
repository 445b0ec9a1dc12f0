"""Fill an empty database with the demo district."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kompetenz.demo import district
from kompetenz.people.models import Person


class Command(BaseCommand):
    help = "Legt den erfundenen Landkreis Musterland mit Personen, Runden und Lernplänen an."

    def add_arguments(self, parser):
        parser.add_argument("--people", type=int, default=district.USUAL, help="Anzahl der Personen (40 bis 10000)")
        parser.add_argument("--if-empty", action="store_true", help="nichts tun, wenn es schon Personen gibt")

    def handle(self, *args, people, if_empty, **options):  # noqa: ARG002
        if not district.SMALLEST <= people <= district.LARGEST:
            raise CommandError(f"--people nimmt Zahlen von {district.SMALLEST} bis {district.LARGEST}.")
        if not settings.DEMO:
            raise CommandError(
                "Die Vorführkonten haben ein bekanntes Passwort. Dafür muss KOMPETENZRAD_DEMO=1 gesetzt sein."
            )
        if Person.objects.exists():
            self.leave_alone(people, if_empty)
        else:
            district.seed(people)
            self.stdout.write(f"Landkreis Musterland mit {people} Personen ist angelegt.")

    def leave_alone(self, people, if_empty):
        """There are people already: say what that means, and change nothing."""
        if if_empty:
            self.stdout.write("Es gibt schon Personen. Nichts wurde geändert.")
        elif not district.is_there():
            raise CommandError("Hier gibt es schon andere Personen. Vorführdaten brauchen eine leere Datenbank.")
        elif (there := district.size()) == people:
            self.stdout.write(f"Landkreis Musterland mit {people} Personen gibt es schon. Nichts wurde geändert.")
        else:
            raise CommandError(
                f"Landkreis Musterland gibt es hier schon, mit {there} statt {people} Personen. "
                "Für eine andere Größe eine neue, leere Datenbank anlegen und noch einmal starten."
            )
