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
    for one in others if settings.LETTERS_A_WEEK else [letter]:
        if problem := obstacle_to(one):
            one.drop(problem)
        else:
            found.append(one)
    return alike(found, letter) if letter.goes_alone and len(found) > 1 else found


def alike(found, letter):
    """Those that say the same as ``letter``, or as the first where it was dropped."""
    said = said_in(letter if letter in found else found[0])
    return [one for one in found if said_in(one) == said]


def has_to_wait(letters):
    """Whether these, which would be one message, have to wait; then they do, until the next morning on which offices work.

    Invitations wait for each other, and for nothing else that the week has brought. What HR knows nothing of (ASKED) counts for
    nothing else: what another one waits for must not tell that there was one. By itself it goes once in seven days, and else with
    another.
    """
    if not settings.LETTERS_A_WEEK:
        return False
    now, first = timezone.localtime(), letters[0]
    day_begins = now.replace(hour=0, minute=0, second=0, microsecond=0)
    got = Letter.objects.got_by(first.person, day_begins - SIX_DAYS)
    unseen = Q(kind=Letter.Kind.ASKED)
    like_these = Q(kind=first.kind, path=first.path) if first.goes_alone else ~Q(kind__in=Letter.ALONE)
    enough = like_these & Q(claimed_at__gte=day_begins)
    if first.goes_alone:
        got = got.filter(kind__in=Letter.ALONE)
    elif all(one.kind == Letter.Kind.ASKED for one in letters):
        enough |= unseen
    else:
        got = got.exclude(unseen)
    numbers = got.aggregate(
        today=Count("message", distinct=True, filter=enough), in_seven_days=Count("message", distinct=True)
    )
    due = None if first.goes_alone else first_due(letters)
    until = Rhythm(settings.LETTERS_A_WEEK, settings.LAND).wait_until(now, due=due, **numbers)
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
