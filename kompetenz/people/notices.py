"""What people are told when HR changes their address: by a worker, for a staff list may change thousands."""

from contextlib import suppress
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused

from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.utils import timezone

from kompetenz.jobs.queue import task

from .installation import on_every_page

SUBJECT = "Ihre E-Mail-Adresse im Kompetenzrad"
AT_ONCE = 100
PAUSE, MOST_TIMES = timedelta(hours=1), 24  # a mail server that is down for a day will not hear of it


def tell_of_new_addresses(people):
    """Have each of ``people``, as they were before, told at their old address that it is not theirs any more in this app.

    Belongs to the caller's transaction: nobody is told of what is not written in the end.
    """
    told = [(str(person), person.email) for person in people]
    for first in range(0, len(told), AT_ONCE):
        tell.enqueue(told[first : first + AT_ONCE])


@task()
def tell(told, failures=0):
    """Send a notice to each of ``told``, (name, address) pairs; whoever is not reached is tried again later."""
    waiting = list(told)
    with suppress(OSError), get_connection() as connection:
        while waiting:
            send(connection, *waiting[0])
            waiting.pop(0)
    if waiting and failures < MOST_TIMES:
        tell.using(run_after=timezone.now() + PAUSE).enqueue(waiting, failures + 1)


def send(connection, name, address):
    """Send one notice; an address that the mail server does not know any more is no reason to stop."""
    text = render_to_string("emails/email_changed.txt", {"person": name, **on_every_page(None)})
    with suppress(SMTPRecipientsRefused, SMTPDataError):
        connection.send_messages([EmailMessage(SUBJECT, text, None, [address])])
