from django.core.management.base import BaseCommand, CommandError

from kompetenz.people.invitations import invite
from kompetenz.people.links import invitation_to
from kompetenz.people.models import Person


class Command(BaseCommand):
    """For an installation without a mail server: the link is shown and handed over, its password nobody else's."""

    help = "Lädt jemanden ein, das erste Passwort festzulegen: per E-Mail, oder mit --show als Link, der sieben Tage und einmal gilt."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--show", action="store_true", help="den Link zeigen und nichts senden")

    def handle(self, *, email, show, **options):  # noqa: ARG002 - Django passes more
        person = Person.objects.filter(email=email.strip().lower()).first()
        if person is None or not person.awaits_first_password:
            raise CommandError("Niemand mit dieser Adresse wartet auf ein erstes Passwort.")
        if show:
            self.stdout.write(invitation_to(person))
        else:
            invite(person)
            self.stdout.write(f"{person} bekommt den Link an {person.email}, sobald `db_worker` läuft.")
