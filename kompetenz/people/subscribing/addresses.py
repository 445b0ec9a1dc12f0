"""Making, asking and ending the address at which somebody's calendar subscribes; what its calendar holds, the apps above say."""

import hashlib
import secrets

from allauth.core.internal import ratelimit
from django.db import transaction
from django.utils import timezone

from kompetenz import hooks
from kompetenz.people import notices
from kompetenz.people.models import CalendarAddress, Person, is_employed

SECRET = 32  # bytes: nobody guesses them, so a digest without salt or stretching keeps them
# Several devices of one person ask often; a guess that fails counts for the computer it came from.
WAIT = 60 * 60  # seconds after which it may be asked again
LIMITS = {"calendar": "60/h/key", "calendar_unknown": "60/m/ip"}


@transaction.atomic
def make(*, person):
    """A new address of ``person``, who is told by mail; its secret is returned, this once, and an earlier one ends."""
    secret = secrets.token_urlsafe(SECRET)
    values = {"digest": digest_of(secret), "made_on": timezone.localdate(), "fetched_on": None}
    CalendarAddress.objects.update_or_create(person=person, defaults=values)
    notices.inform("calendar_address_made", [person])
    return secret


def end(*, person):
    """Whether there was an address, which is not one any more."""
    deleted, _ = CalendarAddress.objects.of_person(person).delete()
    return bool(deleted)


def digest_of(secret):
    return hashlib.sha256(secret.encode()).hexdigest()


def address_with(secret):
    """The address with this secret of somebody who works here today, or None."""
    employed = CalendarAddress.objects.filter(is_employed("person__"))
    return employed.filter(digest=digest_of(secret)).first()


def is_asked_too_often(request, address):
    """Whether this request is one too many: for the address, or if it is None for the computer that guesses."""
    if address is None:
        return not ratelimit.consume(request, app="kompetenz", action="calendar_unknown", config=LIMITS, limit_get=True)
    return not ratelimit.consume(
        request, app="kompetenz", action="calendar", config=LIMITS, key=address.digest, limit_get=True
    )


def note_use(address):
    """That it was fetched today; written once a day, the only thing a fetch writes."""
    today = timezone.localdate()
    if address.fetched_on != today:
        CalendarAddress.objects.filter(pk=address.pk).update(fetched_on=today)


@hooks.register("people_moved_on")
def end_with_the_work(pairs):
    """Of who does not work here any more there is no address; whoever comes back makes a new one."""
    end_with_the_sign_in([now.pk for before, now in pairs if not (before.is_employed and now.is_employed)])


@hooks.register("sign_in_changed")
def end_with_the_sign_in(people):
    """Whoever has got into somebody's session, and made an address there, does not keep what ended with the session."""
    if people:
        CalendarAddress.objects.filter(person__in=people).delete()


@hooks.register("every_day")
def end_after_the_last_day(today):
    deleted, _ = CalendarAddress.objects.exclude(person__in=Person.objects.employed()).delete()
    return f"Kalenderadressen von Ausgeschiedenen gelöscht: {deleted}." if deleted else None
