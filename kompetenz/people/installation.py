"""What this installation says about itself: on every page, on the pages of information, and what it still owes them."""

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.checks import Warning as CheckWarning
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

# What the pages of information must say by law and only the installation knows: setting -> its name on the page.
OWED = {
    "ORGANISATION": "Name der Verwaltung",
    "CONTACT_EMAIL": "Ansprechstelle",
    "DATA_PROTECTION_EMAIL": "datenschutzbeauftragte Person",
    "ORGANISATION_ADDRESS": "Anschrift",
    "ORGANISATION_REPRESENTATIVE": "Vertretung der Verwaltung",
    "LEGAL_BASIS": "Rechtsgrundlage",
    "SUPERVISORY_AUTHORITY": "Aufsichtsbehörde für den Datenschutz",
    "ENFORCEMENT_BODY": "Durchsetzungsstelle für Barrierefreiheit",
    "ACCESSIBILITY_DATE": "Datum der Erklärung zur Barrierefreiheit",
}
OPTIONAL = ["DATA_RECIPIENTS"]
INVENTED = (
    "@example.org",
    "Landkreis Musterland",
)  # how a fact ends that nobody has said yet, or that .env.example has


def on_every_page(request):
    """Context processor: whose app this is, and whether its people are invented."""
    return {
        "organisation": settings.ORGANISATION,
        "contact_email": settings.CONTACT_EMAIL,
        "contact_phone": settings.CONTACT_PHONE.replace(" ", "\xa0"),
        "demo": settings.DEMO,
        "directory": settings.OIDC_SERVER and settings.OIDC_NAME,
        "asked_directory": settings.LDAP_SERVER and settings.LDAP_NAME,
    }


def directory():
    """What the account of the administration is called with which people sign in, by OpenID Connect or LDAP; "" without one."""
    if settings.OIDC_SERVER:
        return settings.OIDC_NAME
    return settings.LDAP_NAME if settings.LDAP_SERVER else ""


def on_information_pages():
    """The facts of imprint, privacy and accessibility by their settings' names in lower case; empty where not set."""
    return {name.lower(): getattr(settings, name) for name in [*OWED, *OPTIONAL]}


@register
def information_pages_are_complete(app_configs, **kwargs):
    """A real installation is told which facts its pages of information lack."""
    missing = [name for name in OWED if not (said := getattr(settings, name)) or str(said).endswith(INVENTED)]
    if not missing or settings.DEBUG or settings.DEMO:
        return []
    lacking = ", ".join(OWED[name] for name in missing)
    return [
        CheckWarning(
            f"Auf den Seiten Impressum, Datenschutz und Barrierefreiheit fehlt: {lacking}.",
            hint=f"Einzutragen in .env oder der Umgebung: {', '.join(missing)} (docs/betrieb.md).",
            id="kompetenz.W001",
        )
    ]


@register(deploy=True)
def proxies_are_as_many_as_said(app_configs, **kwargs):
    """Where attempts come from is read from what the proxies say: with a wrong number all are one, or each is whoever they say."""
    count = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    if (count > 0) == settings.HTTPS:
        return []
    problem = (
        "HTTPS=1 heißt, dass ein Proxy davorsteht, aber TRUSTED_PROXIES ist 0: Alle Anmeldungen kommen scheinbar von einem Ort."
        if settings.HTTPS
        else f"TRUSTED_PROXIES ist {count}, aber HTTPS ist aus: Steht kein Proxy davor, gibt jeder seinen Ort selbst an."
    )
    hint = "Die Zahl der Proxys, die X-Forwarded-For setzen, meist 1, mit HTTPS=1; ohne Proxy 0 (docs/betrieb.md)."
    return [CheckWarning(problem, hint=hint, id="kompetenz.W006")]


@register
def directory_is_complete(app_configs, **kwargs):
    """A directory of which half is said lets nobody in, or too many."""
    if not settings.OIDC_SERVER:
        lonely = [name for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_HR_GROUP") if getattr(settings, name)]
        problems = (
            [f"{', '.join(lonely)} ist gesetzt, aber OIDC_SERVER nicht: Niemand meldet sich darüber an."]
            if lonely
            else []
        )
    else:
        problems = [said for said, is_so in DIRECTORY_PROBLEMS if is_so()]
    hint = "docs/betrieb.md, „Anmelden mit dem Verzeichnis“."
    return [Error(problem, hint=hint, id="kompetenz.E004") for problem in problems]


GROUPS = ("OIDC_HR_GROUP", "OIDC_AUDITOR_GROUP")
DIRECTORY_PROBLEMS = [
    ("OIDC_SERVER ist gesetzt, es fehlt OIDC_CLIENT_ID.", lambda: not settings.OIDC_CLIENT_ID),
    ("OIDC_SERVER ist gesetzt, es fehlt OIDC_CLIENT_SECRET.", lambda: not settings.OIDC_CLIENT_SECRET),
    (
        "OIDC_SERVER beginnt nicht mit https://: Was dort bestätigt wird, kann unterwegs jeder ändern.",
        lambda: not settings.OIDC_SERVER.startswith("https://") and not settings.AT_HOME,
    ),
    (
        "OIDC_HR_GROUP und OIDC_AUDITOR_GROUP sind dieselbe Gruppe: Wer prüft, soll nicht selbst verwalten.",
        lambda: settings.OIDC_HR_GROUP and settings.OIDC_HR_GROUP == settings.OIDC_AUDITOR_GROUP,
    ),
    (
        "OIDC_GROUPS_CLAIM ist leer, aber eine Gruppe gesetzt: Alle verlören ihre Rechte.",
        lambda: not settings.OIDC_GROUPS_CLAIM and any(getattr(settings, name) for name in GROUPS),
    ),
]


@register(Tags.database)
def database_is_of_this_version(app_configs, databases=None, **kwargs):
    """`migrate` refuses a database in which migrations have run that are not here: it would only seem up to date."""
    return [problem for alias in databases or [] for problem in _migrations_of_elsewhere(connections[alias])]


def _migrations_of_elsewhere(connection):
    here = MigrationLoader(None).disk_migrations
    apps = {app for app, _ in here}
    unknown = sorted(
        f"{app}.{name}"
        for app, name in MigrationRecorder(connection).applied_migrations()
        if app in apps and (app, name) not in here
    )
    if not unknown:
        return []
    return [
        Error(
            f"Die Datenbank stammt von einer anderen Fassung von Kompetenzrad: Hier fehlt {', '.join(unknown)}.",
            hint="Vorführdaten entstehen neu nach `rm var/kompetenzrad.sqlite3*` und `make run`; sonst hilft die Fassung, "
            "mit der die Datenbank zuletzt lief.",
            id="kompetenz.E002",
        )
    ]


@register(deploy=True)
def database_knows_its_tables(app_configs, databases=None, **kwargs):
    """Without autovacuum PostgreSQL goes on believing that tables are as small as they once were, and never gives room back."""
    return [warning for alias in databases or [DEFAULT_DB_ALIAS] for warning in _no_autovacuum(connections[alias])]


def _no_autovacuum(connection):
    if connection.vendor != "postgresql":
        return []
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('autovacuum'), current_setting('track_counts')")
            if cursor.fetchone() == ("on", "on"):
                return []
    except OperationalError:  # not there: that it says itself
        return []
    return [
        CheckWarning(
            "In PostgreSQL ist autovacuum ausgeschaltet: Mit jeder Runde wird die Anwendung langsamer und die Datenbank größer.",
            hint="In postgresql.conf: autovacuum = on und track_counts = on, so wie PostgreSQL ausgeliefert wird.",
            id="kompetenz.W004",
        )
    ]
