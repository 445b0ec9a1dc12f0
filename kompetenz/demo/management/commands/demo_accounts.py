"""Print with which accounts the demo district can be entered."""

from django.core.management.base import BaseCommand, CommandError

from kompetenz.demo.accounts import ACCOUNTS, PASSWORD
from kompetenz.demo.district import is_there


class Command(BaseCommand):
    help = "Zeigt, mit welchen Konten man sich in den Vorführdaten anmelden kann."

    def handle(self, *args, **options):  # noqa: ARG002
        if not is_there():
            raise CommandError("Es gibt hier keine Vorführdaten. `manage.py seed_demo` legt sie an.")
        rows = [(account.part, account.name, account.email, account.try_out) for account in ACCOUNTS]
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        for *cells, try_out in rows:
            self.stdout.write("  ".join([*map(str.ljust, cells, widths), try_out]).rstrip())
        self.stdout.write(f"Das Passwort ist für alle: {PASSWORD}")
