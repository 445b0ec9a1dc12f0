"""Whom an account of the administration's directory means, and which rights it gives; the same for OpenID Connect and LDAP.

The directory says who somebody is. Who works here stands in our rows, and nobody gets one by signing in: whom it means is found by the
personnel number, where it sends one, else by who they were the last time, else by the address. Its groups give and take the rights of HR
and auditors, each time somebody signs in. Passwords are then for named accounts alone (settings.LOCAL_ACCOUNTS).
"""

import time

from django.db import transaction

from kompetenz import text

from .models import Person
from .rights import Hand, Through, keeps_from_auditing

PAUSE = 20  # seconds in which a directory that did not answer is not asked again: whoever comes next is told at once
UNKNOWN, LEFT, SEVERAL, REFUSED = "unknown", "left", "several", "refused"


class NotHere(Exception):
    """Nobody is signed in, and ``why`` says which page tells them so."""

    def __init__(self, why):
        super().__init__(why)
        self.why = why


class DirectoryAway(Exception):
    """The directory does not answer, or lets us not look: nobody's password was tried."""

    why = "away"


class Silence:
    """Until when, by the clock that only goes on, this process asks the directory nothing."""

    until = 0.0

    @classmethod
    def begin(cls):
        cls.until = time.monotonic() + PAUSE

    @classmethod
    def lasts(cls):
        return time.monotonic() < cls.until


def person_meant(number, email, *, known=None):
    """Whom the directory means; ``known`` is who signed in with the same account of it before. Raises NotHere."""
    by_number = Person.objects.filter(personnel_number=number).first() if number else None
    by_address = Person.objects.filter(email=email).first() if email else None
    person = by_number or known or by_address
    # A number of somebody else's is no address's matter: HR has to say who is who.
    if number and not by_number and person and person.personnel_number:
        raise NotHere(SEVERAL)
    if person is None:
        raise NotHere(UNKNOWN)
    if not person.is_employed:
        raise NotHere(LEFT)
    return person


@transaction.atomic
def take_over(person, email, *, is_hr, is_auditor):
    """The address and the rights that the directory gives ``person`` from now on; who is concerned is told.

    None is what the directory does not say: that stays as it is. Whoever has another right audits nobody, whatever it says.
    """
    before = person.email, person.is_hr, person.is_auditor  # Person.save tells who is concerned
    if (
        email
        and email != person.email
        and not Person.objects.filter(email=email).exists()
        and not text.objection_to_address(email)
    ):
        person.email = email
    person.is_hr = person.is_hr if is_hr is None else is_hr
    audits = person.is_auditor if is_auditor is None else is_auditor
    person.is_auditor = audits and not keeps_from_auditing(person)
    if before != (person.email, person.is_hr, person.is_auditor):
        person.hand = Hand(Through.DIRECTORY)
        person.save(update_fields=["email", "is_hr", "is_auditor"])
