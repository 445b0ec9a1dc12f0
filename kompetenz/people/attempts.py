"""How often somebody may try: passwords at an account, and links to an address of which nobody knows whether it is an account.

Nobody is kept out by others. What counts against somebody is counted where it came from: a browser with which the account was
signed in before is its own origin, whatever happens elsewhere; any other is known by its network address, which a whole town hall
may share. What is tried too often elsewhere closes an account to strange browsers alone, and the mailed link stays open.

Counted in the database, for all processes together and before the password is looked at: what is tried at the same moment counts,
too. For an account that does not exist it is the same.
"""

import logging
import secrets
from datetime import timedelta

from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from kompetenz import hooks, text

from . import notices
from .models import Attempt, Lock, Person

PAUSE, KEPT, LOCK_KEPT = timedelta(minutes=5), timedelta(hours=1), timedelta(days=7)
AT_ONE = 5  # wrong passwords from one origin at one account, in a pause
BY_STRANGERS = 20  # at one account from all strange browsers, while it is kept
FROM_ONE = 300  # from one network address, in a pause; then one for each account while it is kept
LINKS = 5  # to one address, while it is kept
LINKS_FROM_ONE = 300  # asked for from one network address; then one for each

HERE, ELSEWHERE, LINK = "here", "elsewhere", "link"
BROWSER = "__Host-geraet" if settings.HTTPS else "geraet"
REMEMBERED = timedelta(days=180)
SALT = "kompetenz.people.attempts"

logger = logging.getLogger(__name__)
ACCOUNTS = 8  # that one browser is known by: a shared machine


class TooMany(Exception):
    """It may not be tried now; ``where`` says whether for what came from here or from elsewhere."""

    def __init__(self, where):
        super().__init__(where)
        self.where = where


def begin(request, email):
    """Note that a password is tried at the account with this address; whoever has it right deletes what is returned.

    Raises TooMany, and then nothing is noted: nobody makes a lock longer by knocking.
    """
    email = text.address(email)
    browser = _browser(request)
    person = Person.objects.filter(email=email).first()
    is_known = bool(person and browser and person.pk in browser["people"])
    origin = browser["id"] if is_known else get_ip(request)
    attempt = _note(Attempt.Kind.PASSWORD, email, origin, is_known=is_known)
    where = _objection(attempt)
    if not where:
        return attempt
    attempt.delete()
    until = timezone.now() + (PAUSE if where == HERE else KEPT)
    if person and person.can_sign_in and note_lock(person, until=until):
        logger.warning("Too many wrong passwords at account %s, the last from %s", person.pk, get_ip(request))
    raise TooMany(where)


def may_have_link(request, email):
    """Whether one more link is mailed to this address, if it is anybody's; it counts from then on."""
    attempt = _note(Attempt.Kind.LINK, text.address(email), get_ip(request), is_known=False)
    before = Attempt.objects.since(KEPT).filter(kind=attempt.kind, pk__lt=attempt.pk)
    counted = before.aggregate(
        account=Count("pk", filter=Q(account=attempt.account)), origin=Count("pk", filter=Q(origin=attempt.origin))
    )
    too_many = counted["account"] >= LINKS or (counted["origin"] >= LINKS_FROM_ONE and counted["account"])
    if too_many:
        attempt.delete()
    return not too_many


def _note(kind, email, origin, *, is_known):
    return Attempt.objects.create(kind=kind, account=_digest(email), origin=_digest(origin), is_known=is_known)


def _objection(attempt):
    """HERE, ELSEWHERE or "": what earlier ones say against this one; one query."""
    lately = Q(at__gt=timezone.now() - PAUSE)
    own = Q(account=attempt.account)
    before = Attempt.objects.since(KEPT).filter(kind=attempt.kind, pk__lt=attempt.pk)
    counted = before.filter(own | Q(origin=attempt.origin)).aggregate(
        at_one=Count("pk", filter=own & Q(origin=attempt.origin) & lately),
        strangers=Count("pk", filter=own & Q(is_known=False)),
        origin=Count("pk", filter=Q(origin=attempt.origin) & lately),
    )
    if counted["at_one"] >= AT_ONE:
        return HERE
    if attempt.is_known:
        return ""
    if counted["strangers"] >= BY_STRANGERS or (counted["origin"] >= FROM_ONE and counted["strangers"]):
        return ELSEWHERE
    return ""


def _digest(what):
    return salted_hmac(SALT, what, algorithm="sha256").hexdigest()


# What HR sees and lifts ---------------------------------------------------------------------------


@transaction.atomic
def note_lock(person, *, until):
    """Let HR see it, and tell the person: once a day, however often somebody knocks. Answers whether it is new or longer than before."""
    now = timezone.now()
    lock, is_new = Lock.objects.get_or_create(person=person, defaults={"since": now, "until": until, "told_at": now})
    if is_new:
        notices.inform("too_many_attempts", [person])
        return True
    if lock.until >= until - PAUSE / 2:
        return False
    if lock.until < now:
        lock.since = now
    lock.until = until
    if lock.told_at < now - timedelta(days=1):
        lock.told_at = now
        notices.inform("too_many_attempts", [person])
    lock.save()
    return True


@transaction.atomic
def lift(person):
    """Whatever was tried at the account of ``person`` counts no more."""
    Attempt.objects.filter(account=_digest(person.email or "")).delete()
    Lock.objects.filter(person=person, until__gt=timezone.now()).update(until=timezone.now())


@hooks.register("every_day")
def forget_attempts(today):
    """What was tried counts for an hour, and that an account was locked is HR's to see for a week."""
    now = timezone.now()
    Attempt.objects.filter(at__lte=now - KEPT).delete()
    Lock.objects.filter(until__lte=now - LOCK_KEPT).delete()


# Browsers with which somebody was signed in -------------------------------------------------------


def remember_browser(request, response, person):
    """From now on this browser is one of those with which ``person`` signs in, and counts for itself."""
    browser = _browser(request) or {"id": secrets.token_urlsafe(16), "people": []}
    people = [person.pk, *[pk for pk in browser["people"] if pk != person.pk]][:ACCOUNTS]
    response.set_cookie(
        BROWSER,
        signing.dumps({**browser, "people": people}, salt=SALT),
        max_age=int(REMEMBERED.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _browser(request):
    try:
        return signing.loads(request.COOKIES.get(BROWSER, ""), salt=SALT, max_age=REMEMBERED)
    except signing.BadSignature:
        return None
