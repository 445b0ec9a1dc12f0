"""Every address of the app: German words, English names."""

from allauth.account import views as account
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import Group
from django.shortcuts import render
from django.urls import include, path, re_path
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult

from kompetenz import middleware, start
from kompetenz.help import views as help_pages
from kompetenz.people import installation, second_factor, signed_in
from kompetenz.people.letterhead import emblem
from kompetenz.people.subscribing import views as subscribing
from kompetenz.privacy.papers.papers import PAPERS


def page(template, paper=""):
    """A page of information that stands open to everybody, signed in or not; the text of a ``paper`` is that which is printed."""

    @login_not_required
    @require_safe
    def information(request):
        context = {"body": PAPERS[paper].html()} if paper else installation.on_information_pages()
        return render(request, f"pages/{template}.html", context)

    return information


handler400 = "kompetenz.in_vain.bad_request"
handler404 = "kompetenz.in_vain.not_found"
handler500 = "kompetenz.in_vain.server_error"
admin.site.login = secure_admin_login(admin.site.login)  # the same limits as every other sign-in
admin.site.site_header = admin.site.site_title = "Technische Verwaltung"
admin.site.index_title = "Nur, um Daten zu reparieren"
admin.site.unregister(Group)  # rights are those of a person's row
admin.site.unregister(Authenticator)  # its secret is one person's; manage.py second_factor takes it away
admin.site.unregister(DBTaskResult)  # when somebody's work was done, and the address typed for a new password
admin.site.unregister(EmailAddress)  # an account has the address of its row alone; who changes that is heard of

directory = []
if apps.is_installed("allauth.socialaccount"):
    from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken

    from kompetenz.people import openid

    admin.site.unregister([SocialAccount, SocialApp, SocialToken])  # which account is whose the directory says
    directory = [
        path("anmelden/<slug:provider_id>/", openid.leave, name="openid_connect_login"),
        path("anmelden/<slug:provider_id>/zurueck/", openid.come_back, name="openid_connect_callback"),
    ]

urlpatterns = [
    path("", start.tasks, name="start"),
    path("anmelden/", signed_in.sign_in, name="account_login"),  # early: it is looked for from the top
    path("wappen/", emblem, name="emblem"),
    path("kalender.ics", start.calendar, name="calendar"),
    path("kalender/<slug:secret>.ics", start.subscribed_calendar, name="subscribed_calendar"),
    path("meine-daten/", start.my_data, name="my_data"),
    path("meine-daten/kalender/", subscribing.calendar_address, name="calendar_address"),
    path("meine-daten/kalender/beenden/", subscribing.end_calendar_address, name="end_calendar_address"),
    path("", include("kompetenz.privacy.audit.urls")),
    path("", include("kompetenz.letters.urls")),
    path("", include("assessments.urls")),
    path("", include("learningplans.urls")),
    path("auswertung/", include("kompetenz.results.urls")),
    path("", include("kompetenz.privacy.urls")),
    path("unterlagen/", include("kompetenz.privacy.papers.urls")),
    path("rollenprofile/", include("roles.urls")),
    path("personen/", include("kompetenz.people.urls")),
    path("auftraege/", include("kompetenz.jobs.urls")),
    path("katalog/", include("kompetenz.catalogue.urls")),
    path("abmelden/", account.logout, name="account_logout"),
    path("konto-gesperrt/", account.account_inactive, name="account_inactive"),
    path("passwort/aendern/", signed_in.change_password, name="account_change_password"),
    path("passwort/vergessen/", account.password_reset, name="account_reset_password"),
    path("passwort/vergessen/gesendet/", account.password_reset_done, name="account_reset_password_done"),
    re_path(  # the key has hyphens of its own; the person's number before it has none
        r"^passwort/neu/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        signed_in.set_password,
        name="account_reset_password_from_key",
    ),
    path("passwort/neu/fertig/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(  # what is left of such a link where a mail program has broken it
        r"^passwort/neu/(?:.*/)?$",
        signed_in.set_password,
        {"uidb36": "0", "key": ""},
    ),
    path("passwort/bestaetigen/", account.reauthenticate, name="account_reauthenticate"),
    path("anmelden/code/", second_factor.in_time(mfa.authenticate), name="mfa_authenticate"),
    path("zwei-schritte/", mfa.index, name="mfa_index"),
    path("zwei-schritte/einrichten/", second_factor.newly_signed_in(totp.activate_totp), name="mfa_activate_totp"),
    path("zwei-schritte/abschalten/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("zwei-schritte/bestaetigen/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("zwei-schritte/codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("zwei-schritte/codes/neu/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("angemeldet-bleiben/", signed_in.stay, name="stay_signed_in"),
    path("ueberall-abmelden/", signed_in.sign_out_everywhere, name="sign_out_everywhere"),
    *directory,
    path("registrieren/", account.signup, name="account_signup"),
    path("hilfe/", help_pages.index, name="help"),
    path("hilfe/karten/", help_pages.introduction, name="introduction"),
    path("hilfe/folie.pdf", help_pages.slide, name="help_slide"),
    path("hilfe/<slug:word>/", help_pages.article, name="help_article"),
    path("barrierefreiheit/", page("accessibility", "barrierefreiheit"), name="accessibility"),
    path("datenschutz/", page("privacy", "datenschutzhinweise"), name="privacy"),
    path("impressum/", page("imprint"), name="imprint"),
    path("darstellung/", start.theme, name="theme"),
    path("gesund/", middleware.health, name="health"),
    path("verwaltung/", admin.site.urls),
]
