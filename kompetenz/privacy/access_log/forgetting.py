"""The access log is kept for RETENTION_LOG_DAYS days, which include the day of the access, and no longer."""

from datetime import timedelta

from django.conf import settings

from kompetenz import hooks, pieces

from .models import Access, AccessQuerySet


@hooks.register("every_day")
@pieces.in_pieces
def forget_old_accesses(today):
    """Delete what is older; by the index of days."""
    number = pieces.delete(Access.objects.before(first_kept(today)), AccessQuerySet.forget)
    return f"Zugriffsprotokoll: {number} alte Einträge gelöscht." if number else None


def first_kept(today):
    return today - timedelta(days=settings.RETENTION_DAYS["log"] - 1)
