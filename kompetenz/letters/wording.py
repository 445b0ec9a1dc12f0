"""What a letter says: what there is (occasions.py), where it is, how one gets in, who writes and how to stop it. Nothing confidential."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format

from kompetenz.documents.calendar import CANCEL, first_day, merged, titles
from kompetenz.documents.letterhead import letterhead
from kompetenz.people import links
from kompetenz.people.installation import directory
from kompetenz.people.mails import Message

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


def message_of(*letters):
    """The letters, all to one person, as one message: the same text plain and as HTML, and at most two calendar files.

    Several are listed in the order of the days that they are about; the subject is that of the first, and how many more there are.
    """
    person = letters[0].person
    items = list(dict.fromkeys(sorted(map(item_of, letters), key=lambda item: item.said.due or date.max)))
    files = merged([letter.calendar for letter in letters if letter.calendar])
    head = letterhead()
    context = {
        "items": items,
        "subject": subject_of(items),
        "person": person,
        "way_in": links.invitation_to(person) if person.awaits_first_password else "",
        "known_way": known_way(person, *letters),
        "is_on": any(CANCEL not in method_of(file) for file in files),
        "is_off": any(CANCEL in method_of(file) for file in files),
        "settings_address": settings.SITE_URL + reverse("my_data"),
        "head": head,
    }
    message = Message(
        subject=context["subject"],
        body=render_to_string("emails/letter.txt", context),
        to=person.email,
        html=render_to_string("emails/letter.html", context),
        picture=head.picture,
        message_id=message_id(*letters),
    )
    for file in files:
        # Outlook takes an entry out of the calendar only if the part itself names the method.
        name = "Termin.ics" if len(files) == 1 else f"Termin-{len(message.attachments) + 1}.ics"
        message.attach(name, file, f"text/calendar; method={method_of(file)}")
    return message


def known_way(person, *letters):
    """With what somebody signs in who needs no link for it: to whoever never has, and where something begins."""
    begins = any(one.kind in Letter.ALONE for one in letters)
    if person.awaits_first_password or (person.last_login and not begins):
        return ""
    if not person.may_have_password:
        return f"mit Ihrem {directory()}, wie an Ihrem Arbeitsplatz. Ein weiteres Passwort brauchen Sie nicht."
    return "mit Ihrer E-Mail-Adresse und Ihrem Passwort. Ein vergessenes setzen Sie über „Passwort vergessen?“ neu."


@dataclass(frozen=True)
class Item:
    """What one letter says, and where it leads."""

    said: Said
    address: str


def item_of(letter):
    """The words of a letter: of its occasion, else of its kind; what falls away is named by its day alone."""
    if letter.calendar and CANCEL in method_of(letter.calendar):
        said = off_in_words(letter.calendar)
    else:
        there = THERE[letter.kind]
        said = said_in(letter) or Said(f"Im Kompetenzrad {there}", f"im Kompetenzrad {there}.")
    return Item(said, settings.SITE_URL + letter.path)


def off_in_words(file):
    """Which dates fall away, called as the file itself calls them."""
    day = first_day(file)
    if day is None:
        return Said(f"Im Kompetenzrad {OFF}", f"im Kompetenzrad {OFF}.")
    (title, *others), when = titles(file), date_format(day)
    more = f" und {len(others)} weitere" if others else ""
    called = "" if title == "Termin" else f": {title}"
    return Said(f"{title} am {when} entfällt{more}", f"ein Termin am {when} entfällt{called}{more}.", due=day)


def subject_of(items):
    more = len(items) - 1
    return items[0].said.subject + (f" und {more} weitere" if more else "")


def method_of(file):
    return CANCEL if f"METHOD:{CANCEL}" in file else "PUBLISH"


def message_id(*letters):
    """The same at every attempt: what arrives twice after all, many mail servers show once.

    Its number is not in it: by those of two own letters somebody of HR could count what was written in between, and to whom is asked
    to join a group nobody may count.
    """
    these = " ".join(f"{letter.pk} {letter.written_at:%Y%m%d%H%M%S%f}" for letter in letters)
    return (
        f"<brief-{salted_hmac('kompetenz.letters.wording', these).hexdigest()}@{urlsplit(settings.SITE_URL).hostname}>"
    )
