"""How allauth signs people in: with e-mail and password, never by registering, and only while employed."""

from allauth.account import forms
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.core.exceptions import ValidationError

from kompetenz.prepared import prepared
from kompetenz.text import address

from .links import address_of
from .models import Person

INACTIVE = (
    "Dieses Konto ist nicht mehr aktiv, weil Sie hier nicht mehr arbeiten oder es gesperrt wurde. "
    f"Wenn das ein Irrtum ist, wenden Sie sich an {settings.CONTACT_EMAIL}."
)


@prepared
def person_of_session(pk):
    return Person.objects.with_reach().filter(pk=pk)


class EmployedPeopleBackend(AuthenticationBackend):
    """Signs in whoever works here, by the address of their row; a session ends with the day of leaving."""

    def _authenticate_by_email(self, email, password):
        return self._check_password(Person.objects.filter(email=address(email)).first(), password)

    def user_can_authenticate(self, user):
        return user.is_employed

    def get_user(self, user_id):
        """The person of a session, who knows whom they lead; see PersonQuerySet.with_reach."""
        user = person_of_session.first(int(user_id))
        return user if user and self.user_can_authenticate(user) else None


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come from HR; nobody registers."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": INACTIVE,
        "email_password_mismatch": "E-Mail-Adresse oder Passwort stimmt nicht.",
        "enter_current_password": "Das jetzige Passwort stimmt nicht.",
        "invalid_password_reset": "Dieser Link gilt nicht mehr.",
        "too_many_login_attempts": "Zu viele Versuche. Bitte warten Sie fünf Minuten.",
    }

    def is_open_for_signup(self, request):  # noqa: ARG002 - allauth passes it
        return False

    def authenticate(self, request, **credentials):
        """Who this is; somebody who does not work here any more learns it, and only with the right password."""
        user = super().authenticate(request, **credentials)
        if user and not user.is_employed:
            raise self.validation_error("account_inactive")
        return user

    def get_reset_password_from_key_url(self, key):
        return address_of(*key.split("-", maxsplit=1))


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

    empties_passwords = True

    def clean(self):
        # Past allauth's own comparison, whose German is another than ours.
        cleaned = super(forms.PasswordVerificationMixin, self).clean()
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", "Die beiden Eingaben sind verschieden.")
        return cleaned


class LoginForm(OwnWords, forms.LoginForm):
    """Which of the two does not fit nobody is told; the password is asked for again, so it is marked."""

    empties_passwords = True

    def clean(self):
        try:
            return super().clean()
        except ValidationError as problem:
            self.add_error("password" if problem.code == "email_password_mismatch" else None, problem)
            return self.cleaned_data


class ResetPasswordForm(OwnWords, forms.ResetPasswordForm):
    """Writes to the address of a person's row and to no other, past allauth's table of addresses.

    Whoever does not work here any more is sent nothing, as if there were no such account.
    """

    def clean_email(self):
        email = super().clean_email()
        self.users = list(Person.objects.employed().filter(email=address(email)))
        return email


class ResetPasswordKeyForm(NewPassword, forms.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(NewPassword, forms.ChangePasswordForm):
    pass
