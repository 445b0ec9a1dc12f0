"""Signing in with the administration's own directory by OpenID Connect: switched on by settings (OIDC_SERVER), spoken by allauth."""

import logging
from functools import wraps
from http import HTTPStatus
from urllib.parse import urlencode

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib.auth import user_logged_in
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.dispatch import receiver
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET
from requests import HTTPError, RequestException
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from kompetenz import text

from . import notices
from .directory import REFUSED, DirectoryAway, NotHere, Silence, person_meant, take_over
from .patience import hanging_up
from .signed_in import WAY_OUT

logger = logging.getLogger(__name__)


class AtOurSite(OpenIDConnectOAuth2Adapter):
    """The directory sends people back to the installation's own address, by whatever host they have asked: it knows no other."""

    def get_callback_url(self, request, app):  # noqa: ARG002 - allauth passes them
        return settings.SITE_URL + reverse("openid_connect_callback", args=[self.provider_id])


class DirectoryAdapter(DefaultSocialAccountAdapter):
    """Between the directory's answer and our rows."""

    def get_provider(self, *args, **kwargs):
        provider = super().get_provider(*args, **kwargs)
        provider.oauth2_adapter_class = AtOurSite
        return provider

    def pre_social_login(self, request, sociallogin):
        """Find the person, take over what the directory says of them, and let allauth sign them in."""
        if (
            sociallogin.state.get("process") != AuthProcess.LOGIN
        ):  # by the address: to connect an account, to sign nobody in
            raise ImmediateHttpResponse(not_here(request, REFUSED))
        said = sociallogin.account.extra_data
        claims = {**said.get("id_token", {}), **said.get("userinfo", {})}
        try:
            known = sociallogin.user if sociallogin.is_existing else None
            person = person_meant(number_in(claims), address_in(claims), known=known)
        except NotHere as reason:
            raise ImmediateHttpResponse(not_here(request, reason.why)) from reason
        groups = groups_of(claims)
        take_over(
            person,
            address_in(claims),
            is_hr=settings.OIDC_HR_GROUP in groups if settings.OIDC_HR_GROUP else None,
            is_auditor=settings.OIDC_AUDITOR_GROUP in groups if settings.OIDC_AUDITOR_GROUP else None,
        )
        remember(sociallogin, person)
        # A session of somebody else ends here, so what this one needs to know is kept with the request.
        request.directory_made_sure = took_two_steps(claims)
        request.directory_sign_out = _way_out(sociallogin.provider, request)

    def on_authentication_error(self, request, provider, exception=None, **_what):  # noqa: ARG002 - allauth passes it
        """The directory refused, was not there, or somebody has changed their mind."""
        if isinstance(exception, RequestException):
            raise exception
        raise ImmediateHttpResponse(not_here(request, REFUSED))

    def get_requests_session(self):
        session = super().get_requests_session()
        session.mount("http://", ShortCalls())
        session.mount("https://", ShortCalls())
        return session

    def is_open_for_signup(self, request, sociallogin):  # noqa: ARG002 - allauth passes it
        return False


def not_here(request, why, status=HTTPStatus.FORBIDDEN):
    return render(request, "account/not_here.html", {"why": why}, status=status)


def while_it_answers(view):
    """A view of allauth that asks the directory: where that does not answer, whoever wants in reads so, and whom to ask."""

    @wraps(view)
    def page(request, *args, **kwargs):
        if Silence.lasts():
            return not_here(request, DirectoryAway.why, HTTPStatus.SERVICE_UNAVAILABLE)
        try:
            return view(request, *args, **kwargs)
        except RequestException as problem:
            if not isinstance(problem, HTTPError):  # one that refuses is there
                Silence.begin()
            logger.error("Directory %s: %s", settings.OIDC_SERVER, type(problem).__name__)  # noqa: TRY400 - it says all there is
            return not_here(request, DirectoryAway.why, HTTPStatus.SERVICE_UNAVAILABLE)

    return page


def _step(view):
    """One of the two of allauth; there is one directory, and no other name leads to any."""

    @login_not_required
    @require_GET
    @while_it_answers
    def page(request, provider_id):
        try:
            return view.adapter_view(AtOurSite(request, provider_id))(request)
        except SocialApp.DoesNotExist as problem:
            raise Http404 from problem

    return page


leave = _step(OAuth2LoginView)
come_back = _step(OAuth2CallbackView)


def number_in(claims):
    return text.number(str(claims.get(settings.OIDC_NUMBER_CLAIM) or "")) if settings.OIDC_NUMBER_CLAIM else ""


def address_in(claims):
    """The address the directory sends, unless it says itself that nobody has looked whose it is."""
    is_unverified = str(claims.get("email_verified", "")).lower() == "false"  # some directories write it as a text
    return "" if is_unverified else text.address(str(claims.get("email") or ""))


def took_two_steps(claims):
    """Whether the directory says so (acr, amr) in one of the words of OIDC_SECOND_STEP; without any it is believed untold."""
    methods = claims.get("amr") or []
    said = {str(claims.get("acr", "")), *([methods] if isinstance(methods, str) else map(str, methods))}
    return not settings.OIDC_SECOND_STEP or not said.isdisjoint(settings.OIDC_SECOND_STEP)


def groups_of(claims):
    """The names of the groups that were sent, however: as a list, as one name; Keycloak writes paths."""
    found = claims.get(settings.OIDC_GROUPS_CLAIM) or []
    found = [found] if isinstance(found, str) else found
    return {str(name).removeprefix("/") for name in found if isinstance(name, str)}


@transaction.atomic
def remember(sociallogin, person):
    """From now on this account of the directory is this person's, and theirs alone.

    Where it takes the place of another, or was another person's, it is told: whoever has been given the address may not be the person.
    """
    account = sociallogin.account
    others = SocialAccount.objects.filter(user=person, provider=account.provider).exclude(uid=account.uid)
    if others.delete()[0] or (account.pk and account.user_id != person.pk):
        notices.inform_of_account(person)
    account.user = sociallogin.user = person
    account.extra_data = {}  # nothing of what the directory says is kept beside our own row
    account.save()


# Signing out ----------------------------------------------------------------------------------------


@receiver(user_logged_in)
def keep_the_way_out(request, **_kwargs):
    if way_out := getattr(request, "directory_sign_out", None):
        request.session[WAY_OUT] = way_out


def _way_out(provider, request):
    """Where the directory ends its own session, too; back to our sign-in page."""
    ends = provider.get_oauth2_adapter(request).openid_config.get("end_session_endpoint")
    after = {
        "client_id": provider.app.client_id,
        "post_logout_redirect_uri": settings.SITE_URL + reverse("account_login"),
    }
    return f"{ends}?{urlencode(after)}" if ends else ""


# The line to the directory -----------------------------------------------------------------------------


class Short:
    """A connection that lasts no longer than it may take to connect: for one question, as allauth asks."""

    def _new_conn(self):
        line = super()._new_conn()
        hanging_up(self.timeout, line)  # a proxy speaks first; shaking hands has this limit of itself
        return line

    def connect(self):
        super().connect()
        hanging_up(self.timeout, self.sock)  # also where it has been closed: then its answer is still being read


class ShortConnection(Short, HTTPConnection):
    pass


class ShortConnectionOverTLS(Short, HTTPSConnection):
    pass


class ShortPool(HTTPConnectionPool):
    ConnectionCls = ShortConnection


class ShortPoolOverTLS(HTTPSConnectionPool):
    ConnectionCls = ShortConnectionOverTLS


POOLS = {"http": ShortPool, "https": ShortPoolOverTLS}


class ShortCalls(HTTPAdapter):
    """Has such connections and no others, through a proxy too."""

    def init_poolmanager(self, *args, **kwargs):
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, *args, **kwargs):
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = POOLS
        return manager
