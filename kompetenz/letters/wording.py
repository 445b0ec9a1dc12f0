"""What a letter says: what there is (occasions.py), where it is, how one gets in, who writes and how to stop it. Nothing confidential."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import salted_hmac

from kompetenz.documents.calendar import CANCEL
from kompetenz.people import links
from kompetenz.people.installation import directory
from kompetenz.people.notices import HEADERS

from .models import Letter
from .occasions import Said, said_in

SOMETHING, STILL, DATE = "liegt etwas für Sie vor", "wartet noch etwas auf Sie", "gibt es einen Termin für Sie"
REMOVED = "ist eine Teilnahme entfernt, die Sie betrifft"
OFF = "entfällt ein Termin für Sie"
THERE = {
    Letter.Kind.INVITATION: SOMETHING,
    Letter.Kind.REMINDER: STILL,
    Letter.Kind.RELEASE: SOMETHING,
    Letter.Kind.TALK: DATE,
    Letter.Kind.REVIEW: DATE,
    Letter.Kind.HAND_OVER: SOMETHING,
    Letter.Kind.REMOVAL: REMOVED,
    Letter.Kind.PEER: SOMETHING,
    Letter.Kind.NOTICE: SOMETHING,
    Letter.Kind.ASKED: SOMETHING,
}


def message_of(letter):
    """The letter as a message: the same text plain and as HTML, and the calendar file if there is one."""
    is_off = f"METHOD:{CANCEL}" in letter.calendar
    there = OFF if is_off else THERE[letter.kind]
    said = None if is_off else said_in(letter)
    said = said or Said(f"Im Kompetenzrad {there}", f"im Kompetenzrad {there}:")
    context = {
        "said": said,
        "is_off": is_off,
        "person": letter.person,
        "address": settings.SITE_URL + letter.path,
        "way_in": links.invitation_to(letter.person) if letter.person.awaits_first_password else "",
        "directory": "" if letter.person.last_login else directory(),
        "has_calendar": bool(letter.calendar),
        "settings_address": settings.SITE_URL + reverse("my_data"),
        "organisation": settings.ORGANISATION,
        "organisation_address": settings.ORGANISATION_ADDRESS,
        "contact_email": settings.CONTACT_EMAIL,
    }
    message = EmailMultiAlternatives(
        subject=said.subject,
        body=render_to_string("emails/letter.txt", context),
        to=[letter.person.email],
        headers={**HEADERS, "List-Id": list_id(), "Message-ID": message_id(letter)},
    )
    message.attach_alternative(render_to_string("emails/letter.html", context), "text/html")
    if letter.calendar:
        # Outlook takes an entry out of the calendar only if the part itself names the method.
        message.attach("Termin.ics", letter.calendar, f"text/calendar; method={CANCEL if is_off else 'PUBLISH'}")
    return message


def list_id():
    """By which a mail program can sort all of them: one name for the installation."""
    return f"Kompetenzrad <kompetenzrad.{urlsplit(settings.SITE_URL).hostname}>"


def message_id(letter):
    """The same at every attempt: what arrives twice after all, many mail servers show once.

    Its number is not in it: by those of two own letters somebody of HR could count what was written in between, and to whom is asked
    to join a group nobody may count.
    """
    letter_alone = salted_hmac("kompetenz.letters.wording", f"{letter.pk} {letter.written_at:%Y%m%d%H%M%S%f}")
    return f"<brief-{letter_alone.hexdigest()}@{urlsplit(settings.SITE_URL).hostname}>"
