"""What waits for one person goes out as one message, and not oftener than is good for them (rhythm.py, ADR 51)."""

from datetime import date, timedelta

from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone

from kompetenz.documents.calendar import to_be_known_on
from kompetenz.public_holidays import office_day_from, office_day_until

from .models import Letter
from .occasions import obstacle_to, said_in
from .rhythm import Rhythm

SIX_DAYS = timedelta(days=6)  # and today are seven


def pause_before(kind):
    """How long a new letter waits for others that go with it."""
    alone = kind in Letter.ALONE or not settings.LETTERS_A_WEEK
    return timedelta(0) if alone else timedelta(minutes=settings.LETTERS_GATHER_MINUTES)


def true_ones(letter):
    """``letter`` and what goes with it, as far as it is still true; what is not is dropped. May be empty."""
    found, others = [], Letter.objects.to_go_with(letter).select_related("person")
    for one in [letter] if letter.goes_alone else others:
        if problem := obstacle_to(one):
            one.drop(problem)
        else:
            found.append(one)
    return found


def has_to_wait(letters):
    """Whether these, which would be one message, have to wait; then they do, until the next morning on which offices work."""
    if letters[0].goes_alone:
        return False
    now = timezone.localtime()
    day_begins = now.replace(hour=0, minute=0, second=0, microsecond=0)
    got = Letter.objects.counting_for(letters[0].person, day_begins - SIX_DAYS).aggregate(
        today=Count("message", distinct=True, filter=Q(claimed_at__gte=day_begins) & ~Q(kind__in=Letter.ALONE)),
        in_seven_days=Count("message", distinct=True),
    )
    until = Rhythm(settings.LETTERS_A_WEEK, settings.LAND).wait_until(now, due=first_due(letters), **got)
    if until:
        Letter.objects.waiting().filter(pk__in=[one.pk for one in letters]).update(not_before=until)
    return until is not None


def due_of(letter):
    """The day on which one has to know of it at the latest, today or later; None where there is none."""
    said, today = said_in(letter), timezone.localdate()
    file = to_be_known_on(letter.calendar, today) if letter.calendar else None
    days: list[date | None] = [said.due if said else None, file]
    return min((day for day in days if day and day >= today), default=None)


def first_due(letters):
    return min(filter(None, map(due_of, letters)), default=None)


def told_by(day):
    """The day on which somebody reads what has to be said by ``day``: itself, or the last one before on which offices work."""
    return office_day_until(day, settings.LAND) if settings.LETTERS_A_WEEK else day


def told_from(day):
    """The day on which somebody reads what cannot be said before ``day``."""
    return office_day_from(day, settings.LAND) if settings.LETTERS_A_WEEK else day
