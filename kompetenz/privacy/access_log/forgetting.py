"""The access log is kept for RETENTION_LOG_DAYS days, which include the day of the access, and no longer."""

from datetime import timedelta

from django.conf import settings

from kompetenz import hooks

from .models import Access


@hooks.register("every_day")
def forget_old_accesses(today):
    """Delete what is older; in one statement, by the index of days."""
    number = Access.objects.before(first_kept(today)).forget()
    return f"Zugriffsprotokoll: {number} alte Einträge gelöscht." if number else None


def first_kept(today):
    return today - timedelta(days=settings.RETENTION_DAYS["log"] - 1)
