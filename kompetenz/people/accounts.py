"""How allauth signs people in: with e-mail and password, never by registering, and only while employed."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings


class EmployedPeopleBackend(AuthenticationBackend):
    """Signs in whoever works here; a session ends with the day of leaving."""

    def user_can_authenticate(self, user):
        return user.is_employed


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come from HR; nobody registers."""

    def is_open_for_signup(self, request):  # noqa: ARG002 - allauth passes it
        return False


def installation(request):
    """What every page may say about this installation."""
    return {"organisation": settings.ORGANISATION, "contact_email": settings.CONTACT_EMAIL, "demo": settings.DEMO}
