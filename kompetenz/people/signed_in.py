"""The page on which everybody begins; and how long somebody stays signed in: one more working day, or nowhere any more."""

import re

from allauth.account.forms import UserTokenForm
from allauth.account.views import LoginView, PasswordResetFromKeyView, password_change
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

WHAT_A_KEY_HAS = re.compile(r"[\w-]*")
WAY_OUT = "way_out"  # in the session of somebody whom a directory has signed in: where that is left, too


class SignInPage(LoginView):
    """allauth's, without what it does for others and no page of ours shows: this one is asked for most."""

    def get(self, request, *args, **kwargs):  # noqa: ARG002 - Django passes them
        """The form is made once; allauth makes another, for answers in JSON."""
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs):
        """With the way to the directory from the installation's own address, to which that leads back: there a session knows of it."""
        if settings.OIDC_SERVER:
            kwargs["to_directory"] = settings.SITE_URL + reverse("openid_connect_login", args=["verwaltung"])
        return super(LoginView, self).get_context_data(**kwargs)


sign_in = SignInPage.as_view()


class SetPasswordPage(PasswordResetFromKeyView):
    """allauth's, at the address of the link itself.

    allauth keeps the key in the session and leads to an address without it. Then a link that is good reads as one that is not wherever
    the session is another one by the next page: two links opened in one browser, a page of before that answers meanwhile, the
    browser to which a mail program hands the address on. What else the page asks for hears of the host alone, so no log holds the key.
    What a mail program takes for a part of the link, a bracket or a full stop behind it, is passed over.
    """

    def dispatch(self, request, uidb36, key, **_kwargs):
        key = WHAT_A_KEY_HAS.match(key.strip())[0]
        self.request, self.key = request, key
        asked = UserTokenForm(data={"uidb36": uidb36, "key": key})
        if not asked.is_valid():
            return self.render_to_response({"token_fail": True})
        self.reset_user = asked.reset_user
        if request.user.is_authenticated and request.user != self.reset_user:
            self.logout()
        response = super(PasswordResetFromKeyView, self).dispatch(request, uidb36, key)
        response.headers["Referrer-Policy"] = "strict-origin"
        return response


set_password = login_not_required(require_http_methods(["GET", "POST"])(SetPasswordPage.as_view()))


@require_http_methods(["GET", "POST"])
def change_password(request):
    """Whom the directory lets in has none to change."""
    if not (request.user.may_have_password and request.user.has_usable_password()):
        raise Http404
    return password_change(request)


@require_POST
def stay(request):
    """The session lasts as long again from now on; the page that asks goes on counting from what it is answered."""
    request.session.modified = True
    return HttpResponse(request.session.get_expiry_age(), content_type="text/plain")


@require_POST
def sign_out_everywhere(request):
    """Every other browser is signed out, with its next page; this one stays."""
    request.user.signed_out_at = timezone.now()
    request.user.save(update_fields=["signed_out_at"])
    update_session_auth_hash(request, request.user)
    messages.success(request, "Überall sonst sind Sie jetzt abgemeldet.")
    return redirect("my_data")
