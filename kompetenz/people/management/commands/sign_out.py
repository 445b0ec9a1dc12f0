from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from kompetenz.people.models import Person


class Command(BaseCommand):
    """For an incident: every session ends with its next page, and whoever it was signs in anew."""

    help = "Meldet eine Person oder alle überall ab, zum Beispiel bei einem Sicherheitsvorfall."

    def add_arguments(self, parser):
        whom = parser.add_mutually_exclusive_group(required=True)
        whom.add_argument("email", nargs="?")
        whom.add_argument("--everybody", action="store_true")

    def handle(self, *, email, everybody, **options):  # noqa: ARG002 - Django passes more
        people = Person.objects.all() if everybody else Person.objects.named([email])
        number = people.update(signed_out_at=timezone.now())
        if not number:
            raise CommandError("Niemand hat diese Adresse.")
        self.stdout.write("Alle sind überall abgemeldet." if everybody else f"{people.get()} ist überall abgemeldet.")
