"""Every address of the app: German words, English names."""

from allauth.account import views as account
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import include, path
from django.views.generic import TemplateView

from kompetenz import start


def page(template):
    """A page of information that stands open to everybody, signed in or not."""
    facts = {
        "organisation_address": settings.ORGANISATION_ADDRESS,
        "data_protection_email": settings.DATA_PROTECTION_EMAIL,
        "enforcement_body": settings.ENFORCEMENT_BODY,
        "legal_basis": settings.LEGAL_BASIS,
    }
    return login_not_required(TemplateView.as_view(template_name=f"pages/{template}.html", extra_context=facts))


@login_not_required
def health(request):
    """For the watchdog of whoever runs the app: it answers, so it lives."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("", start.tasks, name="start"),
    path("meine-daten/", start.my_data, name="my_data"),
    path("", include("assessments.urls")),
    path("lernplaene/", include("learningplans.urls")),
    path("rollenprofile/", include("roles.urls")),
    path("personen/", include("kompetenz.people.urls")),
    path("katalog/", include("kompetenz.catalogue.urls")),
    path("anmelden/", account.login, name="account_login"),
    path("abmelden/", account.logout, name="account_logout"),
    path("konto-gesperrt/", account.account_inactive, name="account_inactive"),
    path("passwort/aendern/", account.password_change, name="account_change_password"),
    path("passwort/vergessen/", account.password_reset, name="account_reset_password"),
    path("passwort/vergessen/gesendet/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "passwort/neu/<slug:uidb36>-<str:key>/", account.password_reset_from_key, name="account_reset_password_from_key"
    ),
    path("passwort/neu/fertig/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("registrieren/", account.signup, name="account_signup"),
    path("barrierefreiheit/", page("accessibility"), name="accessibility"),
    path("datenschutz/", page("privacy"), name="privacy"),
    path("impressum/", page("imprint"), name="imprint"),
    path("darstellung/", start.theme, name="theme"),
    path("gesund/", health, name="health"),
    path("verwaltung/", admin.site.urls),
]
