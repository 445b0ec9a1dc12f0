"""The staff list that somebody of HR looks at: kept between upload and confirmation, a day at most."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from kompetenz import hooks
from kompetenz.people.models import StaffFile

KEPT = timedelta(days=1)


@transaction.atomic
def keep(*, table, name, by):
    """Keep ``table`` for the one who has uploaded it, in place of what they looked at before.

    Only what is read of the file is kept, so that a column with birth dates never reaches the database.
    """
    values = {"name": name[-200:], "content": table.packed(), "uploaded_at": timezone.now()}
    return StaffFile.objects.update_or_create(uploaded_by=by, defaults=values)[0]


def file_of(person):
    """What ``person`` has uploaded and neither confirmed nor discarded; nobody else ever sees it."""
    return StaffFile.objects.filter(uploaded_by=person.pk, uploaded_at__gt=timezone.now() - KEPT).first()


@hooks.register("every_day")
def delete_unconfirmed_lists(today):
    """Nobody waits longer than a day with a list."""
    deleted, _ = StaffFile.objects.filter(uploaded_at__lte=timezone.now() - KEPT).delete()
    return f"Unbestätigte Personallisten gelöscht: {deleted}." if deleted else None
