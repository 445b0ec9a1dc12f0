from django.core.management.base import BaseCommand

from kompetenz.jobs.health import notes, problems


class Command(BaseCommand):
    """For monitoring (Icinga, Nagios, cron): a line for each problem, and the code that such programs understand."""

    help = "Sagt, ob Datenbank, Hintergrund, tägliche Aufgaben, E-Mails und Platz in Ordnung sind; endet mit 2, wenn nicht."
    requires_system_checks = []  # what is set wrongly `manage.py check` says

    def handle(self, **options):  # noqa: ARG002 - Django passes them
        found = problems()
        self.stdout.write("\n".join(found or ["In Ordnung.", *notes()]))
        if found:
            raise SystemExit(2)
