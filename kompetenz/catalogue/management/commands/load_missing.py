from collections import Counter

from django.core.management import BaseCommand

from kompetenz.catalogue.built_in import load_missing


class Command(BaseCommand):
    """What `make serve` does after `migrate`: new built-in data reaches an installation, its own changes stay."""

    help = "Lädt mitgelieferte Stufen, Kompetenzen, Rollenprofile und Lernformate, die es hier noch nie gab."

    def handle(self, **options):  # noqa: ARG002 - Django passes more
        loaded = Counter(kind_of(row) for row in load_missing())
        for kind, count in loaded.items():
            self.stdout.write(f"{kind}: {count} neu")


def kind_of(row):
    return row._meta.verbose_name_plural  # noqa: SLF001 - Django documents it
