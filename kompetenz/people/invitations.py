"""Inviting somebody to set their first password: a mail to their own address, by a worker."""

from smtplib import SMTPDataError, SMTPRecipientsRefused

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone

from kompetenz.jobs.queue import task

from .installation import on_every_page
from .links import invitation_to
from .models import Person
from .notices import MOST_TIMES, PAUSE

SUBJECT = "Ihr Zugang zum Kompetenzrad"


def invite(person):
    """Have ``person`` sent a link; the link is made when it is sent."""
    send_invitation.enqueue(person.pk)


@task()
def send_invitation(pk, failures=0):
    """Send the link if it is still needed; a mail server that is down is tried again for a day."""
    person = Person.objects.filter(pk=pk).first()
    if person is None or not person.awaits_first_password:
        return
    text = render_to_string(
        "emails/invitation.txt", {"person": person, "link": invitation_to(person), **on_every_page(None)}
    )
    try:
        EmailMessage(SUBJECT, text, None, [person.email]).send()
    except (SMTPRecipientsRefused, SMTPDataError):
        return  # nobody there takes it, later neither
    except OSError:
        if failures < MOST_TIMES:
            send_invitation.using(run_after=timezone.now() + PAUSE).enqueue(pk, failures + 1)
