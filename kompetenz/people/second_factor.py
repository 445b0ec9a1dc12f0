"""Signing in with a second step: a code that changes (TOTP), or one of ten recovery codes; allauth keeps and checks both.

Whoever has more rights than their own needs it (Person.needs_second_factor) where the installation asks for it
(settings.SECOND_FACTOR): until it is set up they are led there from every page, whatever rights they had when they signed in.
Everybody else may have it.
"""

from functools import wraps
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter as account_adapter
from allauth.account.signals import authentication_step_completed
from allauth.core import context
from allauth.mfa import app_settings
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.cache import cache
from django.dispatch import receiver
from django.shortcuts import redirect, resolve_url
from django.utils.deprecation import MiddlewareMixin

from . import notices

DONE = "second_factor"  # in the session: who has taken the second step, by id; it may be signed in as somebody else afterwards
OPEN_WITHOUT = {
    "mfa_activate_totp", "account_reauthenticate", "account_logout", "account_reset_password_from_key", "theme", "emblem", "accessibility",
    "privacy", "imprint", "health", "help", "help_article",
}  # fmt: skip


class SecondFactorRequired(MiddlewareMixin):
    """Middleware, after LoginRequired: to whom the second step is missing every page leads there."""

    def process_view(self, request, *_view):
        if not settings.SECOND_FACTOR or not request.user.is_authenticated or not request.user.needs_second_factor:
            return None
        if request.session.get(DONE) == request.user.pk or request.resolver_match.url_name in OPEN_WITHOUT:
            return None
        if has_it(request.user):  # they came in before they had it, or before it was asked for
            request.session.flush()
            return redirect("account_login")
        return redirect("mfa_activate_totp")


def has_it(person):
    return Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()


def in_time(view):
    """The page that asks for the code: whoever sends one too long after the password reads why they begin anew."""

    @wraps(view)
    def asked(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if request.method == "POST" and response.headers.get("Location") == resolve_url("account_login"):
            messages.warning(request, "Das hat zu lange gedauert. Bitte melden Sie sich noch einmal an.")
        return response

    return asked


def newly_signed_in(view):
    """The page that sets it up, for whom a directory lets in: no password here could be asked for again, so they sign in anew."""

    @wraps(view)
    def checked(request, *args, **kwargs):
        if not signs_in_anew(request):
            return view(request, *args, **kwargs)
        logout(request)
        messages.info(request, "Melden Sie sich dafür bitte noch einmal an.")
        return redirect(f"{resolve_url('account_login')}?{urlencode({'next': request.path}, safe='/')}")

    return checked


def signs_in_anew(request):
    if request.method != "GET" or request.user.may_have_password or has_it(request.user):
        return False
    return account_adapter(request).is_reauthentication_required(app="allauth.mfa")


@receiver(authentication_step_completed)
def remember_the_step(request, user, method, **_kwargs):
    if method == "mfa" or (method == "socialaccount" and getattr(request, "directory_made_sure", False)):
        request.session[DONE] = user.pk


@receiver(authenticator_added)
def tell_that_it_is_on(user, authenticator, **_kwargs):
    if authenticator.type == Authenticator.Type.TOTP:
        notices.inform("second_factor_on", [user])


@receiver(authenticator_removed)
def tell_that_it_is_off(user, authenticator, **_kwargs):
    if authenticator.type == Authenticator.Type.TOTP:
        notices.inform("second_factor_off", [user])


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": "Mit Ihren Rechten brauchen Sie die Anmeldung in zwei Schritten.",
        "cannot_generate_recovery_codes": "Richten Sie zuerst die Anmeldung in zwei Schritten ein.",
        "incorrect_code": "Dieser Code stimmt nicht oder gilt nicht mehr. Nehmen Sie bitte den, der jetzt angezeigt wird. Jeder gilt "
        "nur einmal.",
    }

    def can_delete_authenticator(self, authenticator):
        return not (settings.SECOND_FACTOR and authenticator.user.needs_second_factor)


class AsksForCode:
    """A form that asks for one code."""

    label = "Code aus der App"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label = self.label
        code.widget.attrs.pop("placeholder", None)
        code.widget.attrs |= {"inputmode": "numeric", "autofocus": True}


class TakesItOnce(AsksForCode):
    def clean_code(self):
        """By allauth a code is refused again for one period; where clocks may differ it is good for longer than that."""
        code = super().clean_code()
        good_for = app_settings.TOTP_PERIOD * (1 + 2 * app_settings.TOTP_TOLERANCE)
        if not cache.add(f"{DONE}:{self.user.pk}:{''.join(code.split())}", "taken", good_for):
            raise SecondFactorAdapter().validation_error("incorrect_code")
        return code


class ActivateForm(TakesItOnce, ActivateTOTPForm):
    def clean_code(self):
        """With the first right code the second step is taken in this session."""
        code = super().clean_code()
        context.request.session[DONE] = context.request.user.pk
        return code


class CodeForm(TakesItOnce, AuthenticateForm):
    label = "Code aus der App, oder ein Wiederherstellungscode"


class CodeAgainForm(TakesItOnce, ReauthenticateForm):
    label = CodeForm.label
