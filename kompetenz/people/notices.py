"""What people are told when their address or the way they sign in changes, an address for their calendar is made, somebody of HR
becomes their manager or somebody is named a deputy.

By a worker, for a staff list may change thousands. Person.save and PersonQuerySet.update ask for it, so that it is the same
from a page, the technical administration, a list and a command.
"""

from contextlib import contextmanager, suppress
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import get_connection
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone

from kompetenz import hooks
from kompetenz.jobs.queue import task

from . import mails
from .installation import directory, on_every_page
from .rights import PersonRight

SUBJECTS = {
    "another_account": "Anmeldung mit einem anderen Konto im Kompetenzrad",
    "email_changed": "Ihre E-Mail-Adresse im Kompetenzrad",
    "manager_of_hr": "Ihre Führungskraft im Kompetenzrad",
    "address_entered": "E-Mail-Adressen neu eingetragen im Kompetenzrad",
    "calendar_address_made": "Neue Kalenderadresse im Kompetenzrad",
    "deputy_named": "Sie vertreten eine Führungskraft im Kompetenzrad",
    "deputy_of_manager": "Ihre Vertretung im Kompetenzrad",
    "deputy_ended": "Sie vertreten eine Führungskraft nicht mehr im Kompetenzrad",
    "deputy_of_manager_ended": "Ende Ihrer Vertretung im Kompetenzrad",
    "deputy_for_person": "Vertretung Ihrer Führungskraft im Kompetenzrad",
    "rights_changed": "Geänderte Rechte im Kompetenzrad",
    "too_many_attempts": "Viele falsche Passwörter an Ihrem Konto im Kompetenzrad",
    "second_factor_off": "Anmeldung in zwei Schritten abgeschaltet im Kompetenzrad",
    "second_factor_on": "Anmeldung in zwei Schritten eingeschaltet im Kompetenzrad",
}
WATCHED = {"email", "manager", "manager_id", "leaving_date", "is_active", *PersonRight.values}
AT_ONCE = 100
NAMED = 500  # in one letter; a list may give everybody another address
PAUSE, MOST_TIMES = timedelta(hours=1), 24  # a mail server that is down for a day will not hear of it


@contextmanager
def told_of_changes(people):
    """Whoever of ``people``, a queryset, has another address or a manager of HR after the block, is told of it.

    Yields a list that holds each of them before and after, as pairs, once the block is done. Of the address at the old one,
    and those who have left, too: they may come back. Of each new address, and of the one with which somebody comes back, the
    manager and HR hear, for the old one may have no reader any more. Belongs to the caller's transaction: nobody is told of
    what is not written in the end.
    """
    everybody = people.model.objects.order_by("pk")
    concerned = everybody.filter(pk__in=people.order_by().values("pk"))
    kept = ["leaving_date", "is_active", *PersonRight.values]
    before = {person.pk: person for person in concerned.only("first_name", "last_name", "email", "manager", *kept)}
    pairs = []
    yield pairs
    after = everybody.filter(pk__in=before).select_related("manager").only("email", "manager__is_hr", *kept)
    pairs += [(before[person.pk], person) for person in after]
    if entered := [new.pk for old, new in pairs if opens_an_account(old, new)]:
        inform_of_addresses(everybody.filter(pk__in=entered), everybody.filter(is_hr=True))
    if readdressed := [old for old, new in pairs if old.email and old.email != new.email]:
        inform("email_changed", readdressed)
        hooks.ask("sign_in_changed", [person.pk for person in readdressed])
    inform("manager_of_hr", [old for old, new in pairs if old.manager_id != new.manager_id and is_of_hr(new.manager)])
    moved = ["manager_id", "leaving_date", "is_active"]
    if moved_on := [(old, new) for old, new in pairs if any(getattr(old, f) != getattr(new, f) for f in moved)]:
        hooks.ask("people_moved_on", moved_on)


def opens_an_account(old, new):
    """Whether one can sign in with this address from now on."""
    return new.can_sign_in and (old.email != new.email or not old.is_employed)


def is_of_hr(manager):
    return manager is not None and manager.is_hr


def inform(notice, people):
    """Send each of ``people``, by their names and addresses as they are here, the notice; whoever has none gets none."""
    told = [(str(person), person.email) for person in people if person.email]
    for first in range(0, len(told), AT_ONCE):
        tell.enqueue(told[first : first + AT_ONCE], notice=notice)


def inform_of_addresses(people, of_hr):
    """Tell the manager of each, and everybody of HR, with which address somebody signs in from now on: it may be another's."""
    about = {}
    of_hr = [one for one in of_hr if one.can_sign_in]
    for person in people.select_related("manager"):
        for reader in {*of_hr, person.manager} - {person, None}:
            about.setdefault(reader, []).append(f"{person}: {person.email}")
    for reader in sorted(about, key=lambda one: one.pk):
        if reader.can_sign_in:
            told, more = about[reader][:NAMED], len(about[reader]) - NAMED
            told += [f"und {more} weitere"] if more > 0 else []
            tell.enqueue([(str(reader), reader.email)], notice="address_entered", about=told)


def inform_of_rights(changes):
    """Tell whose rights these RightChanges are, everybody of HR and who audits: who has which right from now on, or has it no more."""
    about = [f"{one.person}: {one}, durch {one.who}" for one in changes]
    of_many = Q(is_hr=True) | Q(is_auditor=True)
    told = {*(one.person for one in changes), *changes[0].person.__class__.objects.filter(of_many)}
    for reader in sorted((one for one in told if one.can_sign_in), key=lambda one: one.pk):
        tell.enqueue([(str(reader), reader.email)], notice="rights_changed", about=about)


def inform_of_account(person):
    """Tell ``person``, their manager and everybody of HR that another account of the directory signs in as them from now on."""
    told = {person, person.manager, *person.__class__.objects.filter(is_hr=True)} - {None}
    for reader in sorted((one for one in told if one.can_sign_in), key=lambda one: one.pk):
        tell.enqueue([(str(reader), reader.email)], notice="another_account", about=[f"{person}: {person.email}"])


@task()
def tell(told, failures=0, notice="email_changed", about=()):
    """Send a notice to each of ``told``, (name, address) pairs; whoever is not reached is tried again later."""
    waiting = list(told)
    with suppress(OSError), get_connection() as connection:
        while waiting:
            send(connection, notice, *waiting[0], about)
            waiting.pop(0)
    if waiting and failures < MOST_TIMES:
        tell.using(run_after=timezone.now() + PAUSE).enqueue(waiting, failures + 1, notice, list(about))


def send(connection, notice, name, address, about):
    """Send one notice; an address that the mail server does not know any more is no reason to stop."""
    context = {"person": name, "about": about, "site": settings.SITE_URL, **on_every_page(None)}
    context |= {"account": directory(), "has_password": not directory() or address in settings.LOCAL_ACCOUNTS}
    text = render_to_string(f"emails/{notice}.txt", context)
    with suppress(SMTPRecipientsRefused, SMTPDataError):
        connection.send_messages([mails.notice(SUBJECTS[notice], text, address)])
