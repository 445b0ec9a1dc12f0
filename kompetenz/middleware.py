"""Login for every view, private answers, and forms that survive a lost session and are taken from nobody else."""

from contextlib import suppress
from http import HTTPStatus
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.messages import WARNING, get_messages
from django.http import Http404, HttpResponse, UnreadablePostError
from django.shortcuts import render, resolve_url
from django.utils.deprecation import MiddlewareMixin
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from kompetenz.in_vain import NEVER_REPEATED, NO_SUCH_METHOD, is_of_somebody_else, refusal, sent_in_vain
from kompetenz.text import tidy

TAKEN = "gesendet"  # the cookie that tells the next page which form was taken; see unsaved.js
HEALTH = "/gesund/"
LAST_ID = 2**63 - 1  # no database has a row with a higher number


class FromHtmx(HtmxDetails):
    """What htmx says of a request."""

    @property
    def wants_part(self):
        """Whether a part of the page is enough: after Back htmx asks for all of it."""
        return bool(self) and not self.history_restore_request


def by_htmx(get_response):
    """``request.htmx`` is true where htmx asks."""

    def middleware(request):
        request.htmx = FromHtmx(request)
        return get_response(request)

    return middleware


class LoginRequired(LoginRequiredMiddleware):
    """Every view asks for a sign-in unless it says ``@login_not_required``.

    A page that is asked for leads to the sign-in page and back. Something that was *sent* is not
    thrown away: the answer is 401 and lets the person sign in and send it again.
    """

    def process_view(self, request, view_func, view_args, view_kwargs):
        refused = super().process_view(request, view_func, view_args, view_kwargs)
        if refused is None and getattr(view_func, "login_required", True):
            request.META[settings.WHO_ASKED] = str(request.user.pk)  # from now on their session has turns of its own
        return refused

    def handle_no_permission(self, request, view_func):
        if request.method == "POST":
            return sent_in_vain(request, HTTPStatus.UNAUTHORIZED)
        if request.htmx:
            page = request.htmx.current_url_abs_path or "/"
            login = resolve_url(self.get_login_url(view_func))
            return HttpResponseClientRedirect(f"{login}?{urlencode({'next': page})}")
        return super().handle_no_permission(request, view_func)


class Numbered(MiddlewareMixin):
    """An address with a number in it that is too long for one of a row leads nowhere: 404 before any view looks for it."""

    def process_view(self, _request, _view, _positional, named):
        if any(isinstance(value, int) and value > LAST_ID for value in named.values()):
            raise Http404


def own_forms(get_response):
    """Nothing is taken in the name of somebody who has not filled it in; of what was taken, the next page hears.

    A page may stay open while somebody else signs in at the same browser. What they are shown then says nothing of
    what was typed.
    """

    def middleware(request):
        if request.method != "POST":
            return get_response(request)
        if is_of_somebody_else(request):
            page = "lost_session.html#note" if request.htmx else "lost_session.html"
            return render(request, page, {"is_of_somebody_else": True}, status=HTTPStatus.CONFLICT)
        response = get_response(request)
        if response.has_header("Location") and "once" in request.POST and not was_refused(request):
            # Some at a time, for there may be several windows.
            taken = ".".join([request.POST["once"], *request.COOKIES.get(TAKEN, "").split(".")[:4]]).rstrip(".")
            response.set_cookie(TAKEN, taken, max_age=600, samesite="Lax", secure=settings.CSRF_COOKIE_SECURE)
        return response

    return middleware


def was_refused(request):
    """Whether the answer, which leads to another page, says there why nothing was saved."""
    said = [message.level for message in get_messages(request)._queued_messages]  # noqa: SLF001 - asking would empty it
    return bool(said) and min(said) >= WARNING


def tidy_requests(get_response):
    """What is sent has been made plain (kompetenz.text) before any view sees it; passwords are left alone."""

    def middleware(request):
        request.GET = tidied(request.GET)
        with suppress(UnreadablePostError):  # the line broke; whoever reads it next is told so, too
            request.POST = tidied(request.POST)
        return get_response(request)

    return middleware


def tidied(query):
    """``query``, or where it holds anything that is not plain a copy that is."""
    told = {name: [tidy(value) for value in values] for name, values in query.lists() if name not in NEVER_REPEATED}
    changed = {name: values for name, values in told.items() if values != query.getlist(name)}
    if not changed:
        return query
    plain = query.copy()
    for name, values in changed.items():
        plain.setlist(name, values)
    plain._mutable = False  # noqa: SLF001 - as Django's own are
    return plain


def methods(get_response):
    """HEAD is a GET whose answer the server sends without its body; a method that an address does not have is refused in words."""

    def middleware(request):
        if request.method == "HEAD":
            request.method = "GET"
        response = get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content:
            response.content = refusal(*NO_SUCH_METHOD, response.status_code).content
        return response

    return middleware


@login_not_required
@require_safe
def health(request):
    """For the watchdog of whoever runs the app: it answers, so it lives."""
    return HttpResponse("ok", content_type="text/plain")


def alive(get_response):
    """A watchdog asks the machine and not the name that people use: it is answered before anybody looks at that."""

    def middleware(request):
        return health(request) if request.path == HEALTH else get_response(request)

    return middleware


def private_responses(get_response):
    """No page with personal data stays in a browser's or proxy's store."""

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        return response

    return middleware
