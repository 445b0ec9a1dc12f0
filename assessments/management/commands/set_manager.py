from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from assessments.changes.handing_over import hand_over
from assessments.models import Participation
from kompetenz.people.models import Person
from kompetenz.people.own_reach import objections_to


class Command(BaseCommand):
    """What nobody of HR may do for themselves: enter somebody of HR as the manager they are."""

    help = "Trägt ein, wer die Führungskraft einer Person ist, und übergibt ihr deren Teilnahmen in laufenden Runden."

    def add_arguments(self, parser):
        for name, help_ in (("person", "um wen es geht"), ("manager", "deren Führungskraft")):
            parser.add_argument(name, help=f"{help_}: Personalnummer oder E-Mail-Adresse")

    @transaction.atomic
    def handle(self, *, person, manager, **options):  # noqa: ARG002 - Django passes more
        person, manager = named(person), named(manager)
        if problems := objections_to(manager, [person], by=None):
            raise CommandError(" ".join(problems))
        person.manager = manager
        person.save(update_fields=["manager"])
        done = hand_over(participations=Participation.objects.of_person(person), by=None)
        self.stdout.write(f"Führungskraft von {person} ist jetzt {manager}. Übergebene Teilnahmen: {len(done)}.")


def named(reference):
    """The one person with this number or address."""
    found = list(Person.objects.named([reference]))
    if len(found) != 1:
        raise CommandError(f"Zu „{reference}“ gibt es {'mehrere Personen' if found else 'keine Person'}.")
    return found[0]
