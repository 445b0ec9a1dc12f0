"""What is answered where nothing was done: every page that says so, none without a way on, and what was sent can be sent again."""

import logging
import re
import sys
from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import DisallowedHost, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views import defaults

from kompetenz.outages import AWAY, outage_of

SECRETS = {"password", "password1", "password2", "oldpassword"}
NEVER_REPEATED = SECRETS | {"csrfmiddlewaretoken"}
SENT_ALONG = re.compile(  # of what a page has shown; whatever somebody calls a field, it is looked through once
    r"once|(?:[\w-]+[-_])?read|(?:[\w-]+-)?was-.+|released|shown|gesehen|termine|corrects", re.DOTALL
)
CODE = re.compile(r"[a-z0-9_.:,/+-]*")  # a choice, a day, an amount, a stamp

IN_PARTS = "Gespeichert ist davon nichts. Bitte gehen Sie zurück und senden Sie weniger auf einmal."
# What is not even looked at, by why: a heading, and what to do.
NOT_TAKEN = {
    RequestDataTooBig: ("Zu groß", f"Das ist mehr, als die Anwendung auf einmal annimmt. {IN_PARTS}"),
    TooManyFieldsSent: (
        "Zu viel auf einmal",
        f"Das sind mehr Angaben, als die Anwendung auf einmal annimmt. {IN_PARTS}",
    ),
    TooManyFilesSent: (
        "Zu viel auf einmal",
        f"Das sind mehr Dateien, als die Anwendung auf einmal annimmt. {IN_PARTS}",
    ),
    DisallowedHost: ("Andere Adresse", f"Die Anwendung hat eine andere Adresse. Bitte öffnen Sie {settings.SITE_URL}."),
    Exception: (
        "Das hat die Anwendung nicht verstanden",
        "Gespeichert ist davon nichts. Bitte gehen Sie zurück, laden Sie die Seite neu und versuchen Sie es noch einmal.",
    ),
}
GONE = "Das gibt es inzwischen nicht mehr, oder jemand anderes ist dafür zuständig."
NO_SUCH_METHOD = (
    "So nicht möglich",
    "Diese Adresse lässt sich so nicht aufrufen. Gespeichert ist nichts. Bitte gehen Sie zurück und laden Sie die Seite neu.",
)

logger = logging.getLogger(__name__)


def csrf_failure(request, reason=""):
    """Say what happened; a form of our own page (its token aged) can be sent again as it was."""
    return sent_in_vain(request, HTTPStatus.FORBIDDEN, own_page=is_own_page(request))


def is_own_page(request):
    """Whether the form came from a page of ours; over plain HTTP browsers say so with Origin only."""
    own_origin = f"{request.scheme}://{request.get_host()}"
    site = request.headers.get("Sec-Fetch-Site")
    return site == "same-origin" or (site is None and request.headers.get("Origin") == own_origin)


def sent_in_vain(request, status, *, own_page=True):
    """Answer a form that could not be taken, with all its fields but secrets ready to be sent again.

    The fields are only repeated for a form of our own pages: for a foreign one it would be an
    invitation to confirm what somebody else has filled in.
    """
    context = {"has_files": bool(request.FILES), "path": urlsplit(request.get_full_path()).path}
    if request.htmx:
        return render(request, "lost_session.html#note", context, status=status)
    context["fields"] = repeatable(request) if own_page and not is_of_somebody_else(request) else []
    return render(request, "lost_session.html", {**context, "own_page": own_page}, status=status)


def repeatable(request):
    """All fields that were sent but secrets, as (name, value)."""
    return [(name, value) for name, values in request.POST.lists() if name not in NEVER_REPEATED for value in values]


def typed_words(request):
    """What was typed into a form of ours, as texts: neither choices and numbers nor what its page sends along."""
    if not getattr(request, "csrf_processing_done", False) or is_of_somebody_else(request):
        return []
    return [text for name, text in repeatable(request) if not (SENT_ALONG.fullmatch(name) or CODE.fullmatch(text))]


def not_saved(request, why, *, status, back=""):
    """The page that says why nothing was saved, with the words that were typed; None where none were. ``back`` leads on."""
    if request.method != "POST" or not (words := typed_words(request)):
        return None
    return render(request, "not_saved.html", {"why": why, "words": words, "back": back}, status=status)


def saved_nowhere(request, why, back):
    """Lead ``back``, with a word about why; where something was typed that has no place there any more, it comes back first."""
    if page := not_saved(request, why, status=HTTPStatus.CONFLICT, back=back):
        return page
    messages.error(request, why)
    return redirect(back)


def not_found(request, exception):
    """Of what is sent to something that is gone, or not the sender's any more, the words come back."""
    part = getattr(request, "htmx", None)
    page = None if part else not_saved(request, GONE, status=HTTPStatus.NOT_FOUND)
    return page or defaults.page_not_found(request, exception)


def is_of_somebody_else(request):
    """Whether what is sent was filled in on a page for another person than is signed in by now."""
    made_for = request.headers.get("X-Made-For") or request.POST.get("once", "").partition("-")[0]
    return request.user.is_authenticated and made_for not in ("", str(request.user.pk))


def refusal(title, text, status):
    """A page that needs nothing of the request: nobody knows what is wrong with it."""
    context = {"title": title, "text": text, "contact_email": settings.CONTACT_EMAIL}
    return HttpResponse(render_to_string("refused.html", context), status=status)


def bad_request(request, exception):
    """What Django has not taken, in words; one line in the log, for whoever sends nonsense can send much of it."""
    words = next(words for kind, words in NOT_TAKEN.items() if isinstance(exception, kind))
    logger.warning("%s %s: %s", request.method, request.path, type(exception).__name__)
    response = refusal(*words, HTTPStatus.BAD_REQUEST)
    response._has_been_logged = True  # noqa: SLF001 - with all its stack
    return response


def server_error(request):
    """An error that no view has expected; one of the database's or the disk's that passes is said to do so.

    Every view writes in one transaction, or in none: it is as if nothing had been sent.
    """
    error = sys.exception()
    outage = error and outage_of(error)
    if not outage:
        return defaults.server_error(request)
    logger.warning("%s %s: %s", request.method, request.path, str(error).partition("\n")[0])
    said = vars(request).get("_messages")
    if said is not None:
        said._queued_messages.clear()  # noqa: SLF001 - of what was rolled back
    response = unavailable(request, outage)
    response.headers["Retry-After"] = str(outage.seconds)
    response._has_been_logged = True  # noqa: SLF001 - with all its stack, as a mistake of ours
    return response


def unavailable(request, outage):
    """The same for a page, a form and a part of one; a form that was not ours to take is not repeated (see sent_in_vain)."""
    if outage is AWAY:
        request.user = AnonymousUser()  # asking who it is would fail again
    sent = request.method == "POST"
    context = {"outage": outage, "is_sent": sent, "path": urlsplit(request.get_full_path()).path}
    if request.htmx:
        return render(request, "unavailable.html#note", context, status=HTTPStatus.SERVICE_UNAVAILABLE)
    if sent:
        context["has_files"] = request.FILES or (request.content_type == "multipart/form-data" and not request.POST)
        context["has_secrets"] = not SECRETS.isdisjoint(request.POST)
        checked = getattr(request, "csrf_processing_done", False)
        context["fields"] = repeatable(request) if checked and not is_of_somebody_else(request) else []
    return render(request, "unavailable.html", context, status=HTTPStatus.SERVICE_UNAVAILABLE)
