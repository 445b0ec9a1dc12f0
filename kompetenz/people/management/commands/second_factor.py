from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from kompetenz.people import notices
from kompetenz.people.models import Person


class Command(BaseCommand):
    """For somebody who has lost telephone and codes; whoever runs it makes sure who asks, and the person is told.

    Every session of theirs ends: a telephone that is lost may be signed in.
    """

    help = "Schaltet für jemanden, der Telefon und Codes verloren hat, die Anmeldung in zwei Schritten ab."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--off", action="store_true", required=True)

    def handle(self, *, email, **options):  # noqa: ARG002 - Django passes more
        person = Person.objects.filter(email=email.strip().lower()).first()
        if not (person and Authenticator.objects.filter(user=person).exists()):
            raise CommandError("Niemand mit dieser Adresse meldet sich in zwei Schritten an.")
        with transaction.atomic():
            Authenticator.objects.filter(user=person).delete()
            person.signed_out_at = timezone.now()
            person.save(update_fields=["signed_out_at"])
            notices.inform("second_factor_off", [person])
        self.stdout.write(
            f"{person} ist überall abgemeldet und richtet die zwei Schritte bei der nächsten Anmeldung neu ein."
        )
