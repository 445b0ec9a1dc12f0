"""Let invented people fill in an open round."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from assessments.models import Round
from kompetenz.demo.simulation import simulate


class Command(BaseCommand):
    help = "Lässt einen Teil der Beteiligten einer offenen Runde ihre Schritte gehen. Nur mit Vorführdaten."

    def add_arguments(self, parser):
        parser.add_argument("round", type=int, help="Nummer der Runde, wie sie in ihrer Adresse steht")
        parser.add_argument("--share", type=float, default=0.6, help="Anteil, der bis zum Ergebnis kommt (0 bis 1)")

    def handle(self, *args, round, share, **options):  # noqa: A002, ARG002 - the argument's name on the command line
        if not settings.DEMO:
            raise CommandError("Antworten zu erfinden geht nur mit KOMPETENZRAD_DEMO=1.")
        found = Round.objects.open().filter(pk=round).first()
        if found is None:
            raise CommandError(f"Eine offene Runde mit der Nummer {round} gibt es nicht.")
        through = simulate(found, share)
        self.stdout.write(f"{through} von {found.participations.count()} Beteiligten haben ihr Ergebnis.")
