"""How allauth signs people in: with e-mail and password, never by registering, and only while employed."""

from functools import lru_cache

from allauth.account import forms
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.utils import timezone

from .models import Person


@lru_cache(maxsize=1)
def people_with_reach(today):
    """Whom a session may belong to; to build this query takes twice as long as to ask it."""
    return Person.objects.with_reach()


class EmployedPeopleBackend(AuthenticationBackend):
    """Signs in whoever works here; a session ends with the day of leaving."""

    def user_can_authenticate(self, user):
        return user.is_employed

    def get_user(self, user_id):
        """The person of a session, who knows whom they lead; see PersonQuerySet.with_reach."""
        try:
            user = people_with_reach(timezone.localdate()).get(pk=user_id)
        except Person.DoesNotExist:
            return None
        return user if self.user_can_authenticate(user) else None


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come from HR; nobody registers."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "E-Mail-Adresse oder Passwort stimmt nicht.",
        "enter_current_password": "Das jetzige Passwort stimmt nicht.",
        "invalid_password_reset": "Dieser Link gilt nicht mehr.",
        "too_many_login_attempts": "Zu viele Versuche. Bitte warten Sie fünf Minuten.",
    }

    def is_open_for_signup(self, request):  # noqa: ARG002 - allauth passes it
        return False


LABELS = {
    "login": "Dienstliche E-Mail-Adresse",
    "email": "Dienstliche E-Mail-Adresse",
    "password": "Passwort",
    "oldpassword": "Jetziges Passwort",
    "password1": "Neues Passwort",
    "password2": "Neues Passwort wiederholen",
}


class OwnWords:
    """A form of allauth with our labels above its fields and nothing inside them.

    Only the rules for a new password stay as a hint; the way to a forgotten one is the page's to show.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS[name]
            field.widget.attrs.pop("placeholder", None)
            if name != "password1":
                field.help_text = ""


class NewPassword(OwnWords):
    """A form that asks for a new password twice."""

    def clean(self):
        # Past allauth's own comparison, whose German is another than ours.
        cleaned = super(forms.PasswordVerificationMixin, self).clean()
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", "Die beiden Eingaben sind verschieden.")
        return cleaned


class LoginForm(OwnWords, forms.LoginForm):
    pass


class ResetPasswordForm(OwnWords, forms.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(NewPassword, forms.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(NewPassword, forms.ChangePasswordForm):
    pass
