from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from kompetenz.jobs.daily import run_all


class Command(BaseCommand):
    """Once a day is enough, more often does no harm."""

    help = "Erledigt, was täglich ansteht, und sagt, was es war; endet mit 1, wenn etwas davon gescheitert ist."

    def handle(self, **options):  # noqa: ARG002 - Django passes them
        results = run_all(timezone.localdate())
        for done in results:
            if done.sentence:
                self.stdout.write(done.sentence)
        failed = [done.name for done in results if done.failed]
        if failed:
            raise CommandError(f"Gescheitert: {', '.join(failed)}. Der Grund steht im Protokoll.")
