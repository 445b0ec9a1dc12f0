"""The calendar file of a letter."""

from email.utils import parseaddr

from django.conf import settings
from django.utils import timezone

from kompetenz.documents.calendar import calendar_file


def calendar_of(events, *, is_off=False):
    """What enters the events in a calendar, or takes them out of it if they are off; newer than any file before."""
    organizer = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    file = calendar_file(events, site=settings.SITE_URL, now=timezone.now(), organizer=organizer, is_off=is_off)
    return file.decode()
