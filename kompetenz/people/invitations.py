"""Mails with the personal link to a password, by a worker: HR's invitation, and the one that somebody has asked for."""

from smtplib import SMTPDataError, SMTPRecipientsRefused

from django.template.loader import render_to_string
from django.utils import timezone

from kompetenz.jobs.queue import task
from kompetenz.text import address

from . import links
from .installation import on_every_page
from .mails import notice
from .models import Person
from .notices import AT_ONCE, MOST_TIMES, PAUSE

FIRST, ANOTHER = "Ihr Zugang zum Kompetenzrad", "Neues Passwort für Kompetenzrad"


def invite(*people):
    """Have each of ``people``, or of these ids, sent a link; it is made when it is sent."""
    if ids := [getattr(person, "pk", person) for person in people]:
        send_invitations.enqueue(ids)


@task()
def send_invitations(ids, failures=0):
    """Send each the link who still needs it, a hundred in a run; a mail server that is down is tried again for a day."""
    waiting, later = list(ids[:AT_ONCE]), list(ids[AT_ONCE:])
    while waiting:
        person = Person.objects.filter(pk=waiting[0]).first()
        if person and person.awaits_first_password and not was_sent(person):
            break
        waiting.pop(0)
    if waiting and failures < MOST_TIMES:
        send_invitations.using(run_after=timezone.now() + PAUSE).enqueue(waiting + later, failures + 1)
    elif later and not waiting:
        send_invitations.enqueue(later)


@task()
def send_link(email, failures=0):
    """Send who works here and has this address the link they asked for; the first one, if they never had a password."""
    person = Person.objects.employed().filter(email=address(email)).first()
    if person and person.may_have_password and not was_sent(person) and failures < MOST_TIMES:
        send_link.using(run_after=timezone.now() + PAUSE).enqueue(email, failures + 1)


def was_sent(person):
    """Send the mail with the link; false where the mail server is down. An address it does not take it will not take later."""
    is_first = person.awaits_first_password
    link = links.invitation_to(person) if is_first else links.link_for(person)
    template = "invitation" if is_first else "another_password"
    text = render_to_string(f"emails/{template}.txt", {"person": person, "link": link, **on_every_page(None)})
    try:
        notice(FIRST if is_first else ANOTHER, text, person.email).send()
    except (SMTPRecipientsRefused, SMTPDataError):
        return True
    except OSError:
        return False
    return True
