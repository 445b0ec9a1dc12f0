"""How allauth signs people in: with e-mail and password, never by registering, and only while employed.

How often somebody may try is counted by attempts.py and not by allauth, which would count a whole town hall together.
"""

import time
from datetime import timedelta

from allauth.account import forms
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from django import forms as django_forms
from django.conf import settings
from django.core.exceptions import ValidationError

from kompetenz.prepared import prepared
from kompetenz.text import address

from . import attempts, invitations
from .directory import LEFT, SEVERAL, UNKNOWN, DirectoryAway, NotHere
from .models import Person
from .signed_in import WAY_OUT

JUST_NOW = timedelta(minutes=5)
INACTIVE = (
    "Dieses Konto ist nicht mehr aktiv, weil Sie hier nicht mehr arbeiten oder es gesperrt wurde. "
    f"Wenn das ein Irrtum ist, wenden Sie sich an {settings.CONTACT_EMAIL}."
)


@prepared
def person_of_session(pk):
    return Person.objects.with_reach().filter(pk=pk)


OF_A_DIRECTORY = {
    DirectoryAway.why: "Das Verzeichnis der Verwaltung antwortet gerade nicht. Ihr Passwort wurde nicht geprüft. Bitte versuchen Sie es in "
    "ein paar Minuten noch einmal.",
    UNKNOWN: "Ihr Konto der Verwaltung stimmt, aber im Kompetenzrad steht noch niemand mit Ihrer Personalnummer oder E-Mail-Adresse. "
    f"Die Personalentwicklung trägt Sie ein: {settings.CONTACT_EMAIL}",
    LEFT: INACTIVE,
    SEVERAL: "Zu Ihrer E-Mail-Adresse gehört im Kompetenzrad eine andere Personalnummer. Bitte lassen Sie das die Personalentwicklung "
    f"klären: {settings.CONTACT_EMAIL}",
    f"{attempts.HERE}_of_directory": "Zu viele Versuche. Bitte warten Sie fünf Minuten.",
    f"{attempts.ELSEWHERE}_of_directory": "An diesem Konto oder von Ihrem Netz aus wurden zu viele falsche Passwörter eingegeben. Bitte "
    f"warten Sie eine Stunde. Die Personalentwicklung kann die Sperre gleich aufheben: {settings.CONTACT_EMAIL}",
}


class EmployedPeopleBackend(AuthenticationBackend):
    """Signs in whoever works here, by the address of their row; a session ends with the day of leaving."""

    def _authenticate_by_email(self, email, password):
        person = Person.objects.filter(email=address(email)).first()
        return self._check_password(person if person and person.may_have_password else None, password)

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
        attempts.HERE: "Zu viele Versuche. Bitte warten Sie fünf Minuten, oder lassen Sie sich über „Passwort vergessen?“ einen "
        "Link schicken: Damit kommen Sie sofort hinein.",
        attempts.ELSEWHERE: "An diesem Konto oder von Ihrem Netz aus wurden zu viele falsche Passwörter eingegeben. Über „Passwort "
        "vergessen?“ bekommen Sie einen Link: Damit kommen Sie sofort hinein, und dieser Browser bleibt künftig frei.",
        **OF_A_DIRECTORY,
    }

    def is_open_for_signup(self, request):  # noqa: ARG002 - allauth passes it
        return False

    def pre_authenticate(self, request, **credentials):
        self.attempt = attempts.begin(request, credentials["email"])

    def authenticate(self, request, **credentials):
        """Who this is; somebody who does not work here any more learns it, and only with the right password."""
        try:
            user = super().authenticate(request, **credentials)
        except attempts.TooMany as reason:
            raise self.validation_error(reason.where + ("_of_directory" if settings.LDAP_SERVER else "")) from reason
        except (NotHere, DirectoryAway) as reason:  # their password is right, or was not tried
            if not (isinstance(reason, DirectoryAway) and has_password_here(credentials["email"])):
                self.attempt.delete()
            raise self.validation_error(reason.why) from reason
        if user:
            self.attempt.delete()
        if user and not user.is_employed:
            raise self.validation_error("account_inactive")
        return user

    def reauthenticate(self, user, password):
        """By the address of the row, as everywhere; allauth would look into its own table."""
        return self.authenticate(context.request, email=user.email, password=password) == user

    def is_reauthentication_required(self, **kwargs):
        """Who has just signed in is not asked again; in this very session, for another may be somebody else's."""
        steps = get_authentication_records(self.request, self.request.user)
        is_new = steps and steps[-1]["at"] > time.time() - JUST_NOW.total_seconds()
        return not is_new and super().is_reauthentication_required(**kwargs)

    def get_logout_redirect_url(self, request):
        """Who came by the directory leaves that, too, or the next one at this machine would be let in as them."""
        return request.session.get(WAY_OUT) or super().get_logout_redirect_url(request)

    def login(self, request, user):
        """The last act of every way in: who has left since the first is told, and no moment of signing in is noted."""
        if not user.is_employed:
            clear_login(request)
            raise ImmediateHttpResponse(self.respond_user_inactive(request, user))
        super().login(request, user)

    def post_login(self, request, user, **kwargs):
        """The browser is known from now on, whichever way somebody has come in by."""
        response = super().post_login(request, user, **kwargs)
        attempts.remember_browser(request, response, user)
        return response


def has_password_here(email):
    """Whether a password at this address was tried with us, before the directory was asked; nobody is told so."""
    person = Person.objects.filter(email=address(email)).first()
    return person is not None and person.may_have_password


RULES_IN_ONE = (
    "Mindestens zwölf Zeichen, zum Beispiel vier Wörter, die nicht zusammengehören. Nicht Ihr Name, die Verwaltung oder etwas, das viele "
    "nehmen."
)
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
    """A form that asks for a new password twice, with one sentence for all the rules (AUTH_PASSWORD_VALIDATORS)."""

    empties_passwords = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = RULES_IN_ONE

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

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if settings.LDAP_SERVER:  # which knows people by other names, too
            widget = django_forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"})
            self.fields["login"] = django_forms.CharField(
                label="Benutzername oder E-Mail-Adresse", max_length=254, widget=widget
            )
            self.order_fields(["login", "password"])

    def clean(self):
        try:
            return super().clean()
        except ValidationError as problem:
            if settings.LDAP_SERVER and problem.code == "email_password_mismatch":
                problem = ValidationError("Benutzername oder Passwort stimmt nicht.", code=problem.code)
            self.add_error("password" if problem.code == "email_password_mismatch" else None, problem)
            return self.cleaned_data


class ResetPasswordForm(OwnWords, forms.ResetPasswordForm):
    """Has a worker write to the address of a person's row and to no other; see invitations.send_link.

    What is done here is the same whether there is such an account or not, and takes as long.
    """

    def clean_email(self):
        return address(self.cleaned_data["email"])

    def save(self, request, **kwargs):  # noqa: ARG002 - allauth passes it
        email = self.cleaned_data["email"]
        if attempts.may_have_link(request, email):
            invitations.send_link.enqueue(email)
        return email


class ResetPasswordKeyForm(NewPassword, forms.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(NewPassword, forms.ChangePasswordForm):
    pass


class ReauthenticateForm(OwnWords, forms.ReauthenticateForm):
    empties_passwords = True
