from django.core.management.base import BaseCommand, CommandError

from kompetenz.privacy.erasure.listing import BrokenList, path, replay

DOUBTFUL = (
    "Nicht gelöscht, bitte prüfen: Die Person mit der Nummer {} hat die Nummer einer gelöschten ({} vom {:%d.%m.%Y}), aber weder deren "
    "Personalnummer noch Adresse oder Namen."
)


class Command(BaseCommand):
    """After a backup was restored, and before anybody gets in."""

    help = "Löscht Personen noch einmal, die nach der Sicherung gelöscht wurden (ERASURE_LIST)."

    def handle(self, **options):  # noqa: ARG002 - Django passes them
        if not path().exists():
            raise CommandError(f"Die Liste der Löschungen fehlt: {path()}. Legen Sie sie an diese Stelle.")
        try:
            erased, doubtful = replay()
        except BrokenList as problem:
            raise CommandError(f"{problem} Es ist nichts gelöscht.") from problem
        self.stdout.write(f"Noch einmal gelöscht: {erased}.")
        for pk, line in doubtful:
            self.stdout.write(DOUBTFUL.format(pk, line.key, line.erased_on))
