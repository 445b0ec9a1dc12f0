"""Personal links by which people set their password: valid once, for a limited time, and only as long as they work here.

A link dies with the password it replaces, with the first sign-in after it, and with a changed address. It is mailed to its owner
and stored nowhere; nobody ever knows another's password.
"""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse
from django.utils.http import base36_to_int, int_to_base36


class Limited(PasswordResetTokenGenerator):
    """Keys that are good for a time of their own; PASSWORD_RESET_TIMEOUT is the longest there is."""

    lasts = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)

    def check_token(self, user, token):
        if not (user and user.is_employed and user.may_have_password and super().check_token(user, token)):
            return False
        made, _ = token.split("-")
        return self._num_seconds(self._now()) - base36_to_int(made) <= self.lasts.total_seconds()


class Invitations(Limited):
    """For the first password of somebody who has never signed in."""

    key_salt = "kompetenz.people.links.Invitations"

    def check_token(self, user, token):
        return super().check_token(user, token) and user.last_login is None


class Links(Limited):
    """For a forgotten password; takes invitations, too. allauth asks here (ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR)."""

    lasts = timedelta(hours=24)

    def check_token(self, user, token):
        return super().check_token(user, token) or Invitations().check_token(user, token)


def address_of(number, key):
    """Where the person with this ``number``, in base 36, sets a password; never on the host a request came by."""
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": number, "key": key})
    return settings.SITE_URL + path


def invitation_to(person):
    return address_of(int_to_base36(person.pk), Invitations().make_token(person))


def link_for(person):
    """For a password that was forgotten."""
    return address_of(int_to_base36(person.pk), Links().make_token(person))
