"""The staff list that somebody of HR looks at: kept between upload and confirmation, a day at most."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from kompetenz import hooks
from kompetenz.people.models import StaffFile

from .previews import keep_rows, kept_values
from .table import StaffList

KEPT = timedelta(days=1)


def keep(*, table, name, by):
    """Keep ``table`` and what its preview shows for the one who has uploaded it, in place of what they looked at before.

    Only what is read of the file is kept, so that a column with birth dates never reaches the database.
    """
    values, rows = kept_values(table, by)
    values |= {"name": name[-200:], "content": table.packed(), "uploaded_at": timezone.now()}
    with transaction.atomic():  # only now, for comparing takes seconds
        uploaded, _ = StaffFile.objects.update_or_create(uploaded_by=by, defaults=values)
        keep_rows(uploaded, rows)
    return uploaded


def renew(uploaded):
    """Compare a list anew that is outdated, and keep what its preview shows now, unless it is gone meanwhile."""
    values, rows = kept_values(StaffList.unpacked(uploaded.content), uploaded.uploaded_by)
    with transaction.atomic():
        same = StaffFile.objects.filter(pk=uploaded.pk, uploaded_at=uploaded.uploaded_at)
        if same.update(**values):
            keep_rows(uploaded, rows)


def file_of(person):
    """What ``person`` has uploaded and neither confirmed nor discarded; nobody else ever sees it."""
    found = StaffFile.objects.filter(uploaded_by=person.pk, uploaded_at__gt=timezone.now() - KEPT)
    return found.defer("content").first()


@hooks.register("every_day")
def delete_unconfirmed_lists(today):
    """Nobody waits longer than a day with a list."""
    _, numbers = StaffFile.objects.filter(uploaded_at__lte=timezone.now() - KEPT).delete()
    deleted = numbers.get("people.StaffFile")  # not its rows
    return f"Unbestätigte Personallisten gelöscht: {deleted}." if deleted else None
