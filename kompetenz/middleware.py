"""Login for every view, private answers, and forms that survive a lost session."""

from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.shortcuts import render, resolve_url
from django_htmx.http import HttpResponseClientRedirect

NEVER_REPEATED = {"csrfmiddlewaretoken", "password", "password1", "password2", "oldpassword"}


class LoginRequired(LoginRequiredMiddleware):
    """Every view asks for a sign-in unless it says ``@login_not_required``.

    A page that is asked for leads to the sign-in page and back. Something that was *sent* is not
    thrown away: the answer is 401 and lets the person sign in and send it again.
    """

    def handle_no_permission(self, request, view_func):
        if request.method == "POST":
            return sent_in_vain(request, HTTPStatus.UNAUTHORIZED)
        if request.htmx:
            page = request.htmx.current_url_abs_path or "/"
            login = resolve_url(self.get_login_url(view_func))
            return HttpResponseClientRedirect(f"{login}?{urlencode({'next': page})}")
        return super().handle_no_permission(request, view_func)


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
    if request.htmx:
        return render(request, "lost_session.html#note", status=status)
    fields = [(name, value) for name, values in request.POST.lists() if name not in NEVER_REPEATED for value in values]
    context = {"fields": fields if own_page else [], "path": urlsplit(request.get_full_path()).path}
    return render(request, "lost_session.html", context, status=status)


def private_responses(get_response):
    """No page with personal data stays in a browser's or proxy's store."""

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        return response

    return middleware
