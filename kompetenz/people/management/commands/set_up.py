from getpass import getpass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError

from kompetenz.catalogue.built_in import load_missing
from kompetenz.people.models import Person


class Command(BaseCommand):
    """What a new installation needs: the reference data and the first person of HR."""

    help = "Lädt Katalog, Rollenprofile und Lernformate und legt die erste Person der Personalentwicklung an."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("first_name")
        parser.add_argument("last_name")
        parser.add_argument("--number", help="Ihre Personalnummer; in der Anwendung trägt sie niemand selbst ein")

    def handle(self, *, email, first_name, last_name, number=None, **options):  # noqa: ARG002 - Django passes more
        if Person.objects.employed().filter(is_hr=True).exists():
            raise CommandError("Es gibt schon eine Personalentwicklung; sie legt weitere Personen in der Anwendung an.")
        load_missing()
        names = {"first_name": first_name, "last_name": last_name}
        person = Person(email=email.lower(), personnel_number=number, is_hr=True, **names)
        password = getpass("Passwort (mindestens 12 Zeichen): ")
        try:
            validate_password(password, person)
            person.set_password(password)
            person.full_clean()
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from problem
        person.save()
        self.stdout.write(f"{person} kann sich jetzt mit {person.email} anmelden.")
