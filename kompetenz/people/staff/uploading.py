"""The staff list that somebody of HR looks at: kept between upload and confirmation, a day at most."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils import timezone

from kompetenz import hooks
from kompetenz.people.models import StaffFile

from .answered_before import answer_again
from .choosing import Choices
from .previews import keep_rows, kept_values
from .raw_lists import RawList
from .table import StaffList

KEPT = timedelta(days=settings.RETENTION_DAYS["lists"])
NOT_COMPARED = {"content": None, "as_of": "", "shown": {}}


def keep_raw(*, raw, choices, name, by):
    """Keep a list whose columns somebody has to look at, in place of what they looked at before."""
    values = {"name": name[-200:], "uploaded_at": timezone.now(), "raw": raw.packed(), "choices": choices.as_values()}
    with transaction.atomic():
        uploaded, _ = StaffFile.objects.update_or_create(uploaded_by=by, defaults=values | NOT_COMPARED)
        uploaded.rows.all().delete()
    return uploaded


def keep(*, table, name, by, raw=None, choices=None):
    """Keep ``table`` and what its preview shows for the one who has uploaded it, in place of what they looked at before.

    Beside what is read of the file only those columns are kept that may still be mapped to something, so that one with birth
    dates never reaches the database.
    """
    answer_again(table, by)
    values, rows = kept_values(table, by)
    values |= {"name": name[-200:], "content": table.packed(), "uploaded_at": timezone.now()}
    values |= {"raw": raw and raw.packed(), "choices": choices.as_values() if choices else {}}
    with transaction.atomic():  # only now, for comparing takes seconds
        uploaded, _ = StaffFile.objects.update_or_create(uploaded_by=by, defaults=values)
        keep_rows(uploaded, rows)
    return uploaded


def raw_of(uploaded):
    """The list as it was sent, and how it is read so far."""
    raw, choices = RawList.unpacked(bytes(uploaded.raw)), Choices(**uploaded.choices)
    if choices.charset != raw.charset:
        raw.read_as(choices.charset)
    return raw, choices


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
    is_read = ExpressionWrapper(Q(content__isnull=False), BooleanField())
    return found.defer("content", "raw").annotate(is_read=is_read).first()


@hooks.register("every_day")
def delete_unconfirmed_lists(today):
    """Nobody waits longer than a day with a list."""
    _, numbers = StaffFile.objects.filter(uploaded_at__lte=timezone.now() - KEPT).delete()
    deleted = numbers.get("people.StaffFile")  # not its rows
    return f"Unbestätigte Personallisten gelöscht: {deleted}." if deleted else None
