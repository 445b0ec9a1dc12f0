from getpass import getpass

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from django.core.serializers import deserialize
from django.db import transaction

from kompetenz.people.models import Person


@transaction.atomic
def load_missing(*names):
    """Load the rows of these fixtures that are not there yet, by their natural keys; what is there stays as it is."""
    for name in names:
        (directory,) = settings.FIXTURE_DIRS
        for row in deserialize("json", (directory / f"{name}.json").read_bytes()):
            if row.object.pk is None:
                row.save()


class Command(BaseCommand):
    """What a new installation needs: the reference data and the first person of HR."""

    help = "Lädt Katalog, Rollenprofile und Lernformate und legt die erste Person der Personalentwicklung an."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("first_name")
        parser.add_argument("last_name")

    def handle(self, *, email, first_name, last_name, **options):  # noqa: ARG002 - Django passes more
        if Person.objects.employed().filter(is_hr=True).exists():
            raise CommandError("Es gibt schon eine Personalentwicklung; sie legt weitere Personen in der Anwendung an.")
        load_missing("catalogue", "roles", "formats")
        person = Person(email=email.lower(), first_name=first_name, last_name=last_name, is_hr=True)
        password = getpass("Passwort (mindestens 12 Zeichen): ")
        try:
            validate_password(password, person)
            person.set_password(password)
            person.full_clean()
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from problem
        person.save()
        self.stdout.write(f"{person} kann sich jetzt mit {person.email} anmelden.")
