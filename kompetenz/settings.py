"""Settings of Kompetenzrad; every value that differs between installations comes from the environment."""

import os
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.contrib.messages import constants as messages

from kompetenz.environment import A_KEY, Environment, read_file

BASE_DIR = Path(__file__).resolve().parent.parent
ASSETS_DIR = BASE_DIR / "assets"  # built by `make assets`, never committed
# Whatever a process of the app writes, its database first of all, is its own user's alone.
os.umask(0o077)

env = Environment()
DOT_ENV = BASE_DIR / ".env" if env.flag("READ_DOT_ENV", default=True) and (BASE_DIR / ".env").exists() else None
if DOT_ENV:
    read_file(DOT_ENV)

# What an installation sets ------------------------------------------------------------------

DEBUG = env.flag("DEBUG", default=False)
DEMO = env.flag("KOMPETENZRAD_DEMO", default=False)
AT_HOME = DEBUG or DEMO  # on one's own machine: no secrets, no collected files
SECRET_KEY = (AT_HOME and (env.given("SECRET_KEY") or "only-for-a-machine-nobody-else-reaches")) or env.needed(
    "SECRET_KEY", A_KEY
)
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS", default=[])  # earlier ones, while what they signed is good
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
HTTPS = env.flag("HTTPS", default=False)
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env.text("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")  # what links in mails begin with
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXIES", default=0)  # whose X-Forwarded-For is believed

ORGANISATION = env.text("ORGANISATION", default="Landkreis Musterland")
CONTACT_EMAIL = env.text("CONTACT_EMAIL", default="personalentwicklung@example.org")
# At the foot of every paper; whether it goes into the personnel file is for the administration to decide.
PAPER_NOTE = env.text("PAPER_NOTE", default="Vertraulich. Nicht zur Personalakte. Keine dienstliche Beurteilung.")
# Whose public holidays suggested deadlines avoid: a Land as in ISO 3166-2 ("NW"); without one those of all of Germany.
LAND = env.text("LAND", default="").upper()
RESULTS_MINIMUM = env.number("RESULTS_MINIMUM", default=5)  # people of whom results show no fewer; 5 or more
# How long what is kept, see kompetenz/privacy/rules.py: RETENTION_DRAFTS_DAYS=14, RETENTION_RECORDS_MONTHS=24 and so on.
RETENTION_DAYS = {
    key: env.number(f"RETENTION_{key.upper()}_DAYS", default=days)
    for key, days in {"drafts": 30, "plan_drafts": 180, "log": 90, "erasures": 400, "notice": 14}.items()
} | {"letters": 90, "jobs": 7, "tasks": 14, "bundles": 7, "imports": 90, "lists": 1, "answers": 400, "tallies": 365}
RETENTION_MONTHS = {
    key: env.number(f"RETENTION_{key.upper()}_MONTHS", default=months)
    for key, months in {"assessments": 24, "records": 36, "left": 3, "deputies": 36}.items()
}
# Who was erased, as digests: a file that no backup of the database contains (manage.py replay_erasures)
ERASURE_LIST = env.text("ERASURE_LIST", default=str(BASE_DIR / "var" / "loeschungen.jsonl"))
PEER_MINIMUM = env.number("PEER_MINIMUM", default=5)  # answers of colleagues below which nothing is shown; 3 to 8


def fact(name, invented):
    """What only the installation knows, for its pages of information; the demo district has invented ones."""
    return env.text(name, default=invented if DEMO else "")


CONTACT_PHONE = fact("CONTACT_PHONE", "00000 12-345")  # on paper, and for who has no e-mail
ORGANISATION_ADDRESS = fact("ORGANISATION_ADDRESS", "Kreishausplatz 1, 00000 Musterstadt")
ORGANISATION_REPRESENTATIVE = fact("ORGANISATION_REPRESENTATIVE", "die Landrätin oder den Landrat")
DATA_PROTECTION_EMAIL = fact("DATA_PROTECTION_EMAIL", "datenschutz@example.org")
LEGAL_BASIS = fact("LEGAL_BASIS", "Die Dienstvereinbarung zur Personalentwicklung im Landkreis Musterland (erfunden).")
DATA_RECIPIENTS = env.text("DATA_RECIPIENTS", default="")
SUPERVISORY_AUTHORITY = fact("SUPERVISORY_AUTHORITY", "Die Datenschutzaufsicht des Landes (erfunden).")
ENFORCEMENT_BODY = fact("ENFORCEMENT_BODY", "Die Durchsetzungsstelle des Landes (erfunden).")
ACCESSIBILITY_DATE = env.day("ACCESSIBILITY_DATE", default=date(2026, 11, 22) if DEMO else None)

# The administration's directory by OpenID Connect, see people/openid.py; without one, by this or by LDAP, people have passwords.
OIDC_SERVER = env.text("OIDC_SERVER", default="").rstrip("/")
OIDC_NAME = env.text("OIDC_NAME", default="Konto der Verwaltung")  # what people call it
OIDC_CLIENT_ID = env.text("OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET = env.text("OIDC_CLIENT_SECRET", default="")
OIDC_SCOPE = env.words("OIDC_SCOPE", default=["openid", "profile", "email"])
OIDC_NUMBER_CLAIM = env.text("OIDC_NUMBER_CLAIM", default="")  # in which the personnel number is sent
OIDC_GROUPS_CLAIM = env.text("OIDC_GROUPS_CLAIM", default="groups")
OIDC_SECOND_STEP = env.words("OIDC_SECOND_STEP", default=[])  # how it says that somebody took two steps (acr, amr)
OIDC_HR_GROUP = env.text("OIDC_HR_GROUP", default="")
OIDC_AUDITOR_GROUP = env.text("OIDC_AUDITOR_GROUP", default="")
# The same by LDAP, for an Active Directory without AD FS, see people/ldap_bind.py; wants requirements/ldap.txt.
LDAP_SERVER = env.text("LDAP_SERVER", default="")  # ldaps://dc1.kreis.example; several with blanks between them
LDAP_NAME = env.text("LDAP_NAME", default="Konto der Verwaltung")
LDAP_STARTTLS = env.flag("LDAP_STARTTLS", default=True)  # with ldap://
LDAP_CA_FILE = env.text("LDAP_CA_FILE", default="")  # PEM; without one the machine's own authorities
LDAP_BIND_DN = env.text("LDAP_BIND_DN", default="")  # who searches; empty: anybody
LDAP_BIND_PASSWORD = env.text("LDAP_BIND_PASSWORD", default="")
LDAP_BASE = env.text("LDAP_BASE", default="")  # below which people stand
LDAP_FILTER = env.text(
    "LDAP_FILTER", default="(|(uid={login})(sAMAccountName={login})(userPrincipalName={login})(mail={login}))"
)
LDAP_NUMBER_ATTRIBUTE = env.text("LDAP_NUMBER_ATTRIBUTE", default="")
LDAP_EMAIL_ATTRIBUTE = env.text("LDAP_EMAIL_ATTRIBUTE", default="mail")
LDAP_HR_GROUP = env.text("LDAP_HR_GROUP", default="")  # its distinguished name
LDAP_AUDITOR_GROUP = env.text("LDAP_AUDITOR_GROUP", default="")
LDAP_TIMEOUT = env.number("LDAP_TIMEOUT", default=5)  # seconds for all that is asked at one sign-in
LOCAL_ACCOUNTS = [
    one.strip().lower() for one in env.words("LOCAL_ACCOUNTS", default=[])
]  # with a password all the same

DATABASES = {"default": env.database("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'var' / 'kompetenzrad.sqlite3'}")}
DATABASES["default"].setdefault("CONN_MAX_AGE", 600)
DATABASES["default"].setdefault("CONN_HEALTH_CHECKS", not DATABASES["default"]["ENGINE"].endswith("sqlite3"))
WAIT_FOR_OTHERS = 10  # seconds; who has not come to write by then is told so, and what they sent comes back
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    DATABASES["default"].setdefault(
        "DISABLE_SERVER_SIDE_CURSORS", True
    )  # PgBouncer knows none, and we read nothing that large
    DATABASES["default"]["OPTIONS"] = {
        # A machine that is gone without a word is noticed after a minute, and what it had locked is free; else after two hours.
        "options": f"-c lock_timeout={WAIT_FOR_OTHERS}s -c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3",
        "connect_timeout": 5,
        # The same the other way round: a server that is gone without a word would hold each thread for a quarter of an hour.
        "tcp_user_timeout": 20_000,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        **DATABASES["default"].get("OPTIONS", {}),
    }
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Writers queue for the lock when they begin; without IMMEDIATE they fail half-way under load.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": WAIT_FOR_OTHERS,
        "init_command": (
            # FULL: what was answered with "gespeichert" has reached the disk, and a letter is never claimed twice.
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA temp_store=MEMORY;"
            "PRAGMA mmap_size=134217728;PRAGMA journal_size_limit=67108864;PRAGMA cache_size=-16000;"
            "PRAGMA secure_delete=ON"  # zeros over what is deleted; see also jobs/overwriting.py
        ),
        **DATABASES["default"].get("OPTIONS", {}),
    }

# Sign-in is rate-limited through the cache: with several processes use dbcache://kompetenzrad_cache.
CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://")}
if CACHES["default"]["BACKEND"].endswith(("LocMemCache", "DatabaseCache")):
    # Of more, these two throw away what counts wrong codes and knows used ones; at 300, unless told otherwise.
    CACHES["default"]["OPTIONS"] = {"MAX_ENTRIES": 100_000, **CACHES["default"].get("OPTIONS", {})}
# The demo district's people have no mailboxes: what is written to them lies in a folder.
vars().update(env.mail("EMAIL_URL", default=f"filemail:///{BASE_DIR}/var/mails" if DEMO else "consolemail://"))
if not (AT_HOME or env.text("EMAIL_URL", default="")):
    EMAIL_BACKEND = "kompetenz.letters.unsent.Unsent"  # the console would have every personal link in the log
if EMAIL_BACKEND == "django.core.mail.backends.smtp.EmailBackend":
    EMAIL_BACKEND = "kompetenz.people.smtp.EmailBackend"
EMAIL_TIMEOUT = 60  # seconds for being let in by the mail server, and for each message
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", default=CONTACT_EMAIL)

# What is the same everywhere ----------------------------------------------------------------

INSTALLED_APPS = [
    "kompetenz.jobs",
    "kompetenz.privacy.access_log",
    "kompetenz.people",
    "kompetenz.letters",
    "kompetenz.catalogue",
    "roles",
    "assessments",
    "learningplans",
    "kompetenz.results",
    "kompetenz.privacy",
    "kompetenz.privacy.papers",
    "kompetenz.documents",
    "django.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "template_partials",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    *(["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"] if OIDC_SERVER else []),
    *(["kompetenz.demo"] if DEMO else []),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # before what compresses: static files are, once
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "kompetenz.middleware.private_responses",
    "kompetenz.middleware.methods",
    "kompetenz.middleware.alive",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "kompetenz.middleware.by_htmx",
    "kompetenz.middleware.tidy_requests",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kompetenz.middleware.LoginRequired",
    "kompetenz.people.second_factor.SecondFactorRequired",
    "kompetenz.middleware.Numbered",
    "django.contrib.messages.middleware.MessageMiddleware",
    "kompetenz.middleware.own_forms",
    "allauth.account.middleware.AccountMiddleware",
]

# What a message is called on the page, by the kinds of alert there are.
MESSAGE_TAGS = {messages.DEBUG: "info", messages.ERROR: "danger"}

ROOT_URLCONF = "kompetenz.urls"
WSGI_APPLICATION = "kompetenz.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

TEMPLATE_FINDERS = [
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [("template_partials.loader.Loader", [("kompetenz.unindented.Loader", TEMPLATE_FINDERS)])],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kompetenz.people.installation.on_every_page",
                "kompetenz.help.leading.on_every_page",
            ],
            "libraries": {"help": "kompetenz.help.tags"},
            "builtins": [
                "template_partials.templatetags.partials",
                "django.templatetags.static",
                "kompetenz.templatetags.components",
            ],
        },
    }
]

LANGUAGE_CODE = "de"
FORMAT_MODULE_PATH = "kompetenz.formats"
TIME_ZONE = "Europe/Berlin"
USE_TZ = True
FORM_RENDERER = "kompetenz.forms.incoming.Renderer"

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static", ASSETS_DIR]
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {  # are everybody's, also where another user has collected them
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if AT_HOME
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = AT_HOME
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site has a use for them, and every answer would say so

# What a worker does (`manage.py db_worker`) ---------------------------------------------------

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
JOBS_AT_ONCE = 50  # so many (people, mostly) are done while somebody waits for the page; more is a job of its own
TASK_LEASE = timedelta(minutes=15)  # longer than any task; one that takes longer has lost its worker

# When people are reminded of what is open: days before the last one, at half time, and once after it
REMINDER_DAYS = env.numbers("REMINDER_DAYS", default=[7, 1])
REMINDER_AT_HALF_TIME = env.flag("REMINDER_AT_HALF_TIME", default=True)
REMINDER_AFTER = env.flag("REMINDER_AFTER", default=True)

# E-mails of one day to one person are one, so many days at most in any seven, and none on weekends and holidays of the LAND
# (ADR 51); 0: each by itself and at once. What is written waits so many minutes for more.
LETTERS_A_WEEK = env.number("LETTERS_A_WEEK", default=5)
LETTERS_GATHER_MINUTES = env.number("LETTERS_GATHER_MINUTES", default=10)

# Who comes in ---------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "kompetenz.people.accounts.EmployedPeopleBackend",
    *(["kompetenz.people.ldap_bind.DirectoryBackend"] if LDAP_SERVER else []),
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "kompetenz.people.passwords.KnownWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
ACCOUNT_ADAPTER = "kompetenz.people.accounts.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "kompetenz.people.accounts.LoginForm",
    "reset_password": "kompetenz.people.accounts.ResetPasswordForm",
    "reset_password_from_key": "kompetenz.people.accounts.ResetPasswordKeyForm",
    "change_password": "kompetenz.people.accounts.ChangePasswordForm",
    "reauthenticate": "kompetenz.people.accounts.ReauthenticateForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to addresses that are nobody's here
# Django's own: allauth's would note a person's addresses in a table, where one that HR has changed still opens the account.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "kompetenz.people.links.Links"  # noqa: S105
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True  # the link has come to the person alone
PASSWORD_RESET_TIMEOUT = 7 * 24 * 60 * 60  # seconds; so long an invitation lasts, see people/links.py for others
# Of allauth's limits those that count for one person. By address they would count a whole town hall together: see people/attempts.py.
ACCOUNT_RATE_LIMITS = dict.fromkeys(["login", "reset_password", "reset_password_from_key", "signup"]) | {
    "login_failed": "5/5m/key"  # of codes, for one account
}

SOCIALACCOUNT_ADAPTER = "kompetenz.people.openid.DirectoryAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # the sign-in page has a link there
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "verwaltung",
                "name": OIDC_NAME,
                "client_id": OIDC_CLIENT_ID,
                "secret": OIDC_CLIENT_SECRET,
                "settings": {"server_url": OIDC_SERVER, "scope": OIDC_SCOPE},
            }
        ]
        if OIDC_SERVER
        else [],
    }
}

# Who has rights over others signs in with a second step, see people/second_factor.py.
SECOND_FACTOR = env.flag("SECOND_FACTOR", default=not DEMO)
MFA_ADAPTER = "kompetenz.people.second_factor.SecondFactorAdapter"
MFA_FORMS = {
    "activate_totp": "kompetenz.people.second_factor.ActivateForm",
    "authenticate": "kompetenz.people.second_factor.CodeForm",
    "reauthenticate": "kompetenz.people.second_factor.CodeAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = f"Kompetenzrad {ORGANISATION}"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # clocks of telephones
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are HR's

SESSION_ENGINE = "kompetenz.people.sessions"
SESSION_COOKIE_AGE = 10 * 60 * 60  # one working day, in seconds
SESSION_AT_MOST = 20 * 60 * 60  # however often it is made longer; WCAG 2.2.1 asks nothing of a limit of 20 hours
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
WHO_ASKED = "kompetenz.person"  # where a request says to the server, in environ, whose it is
SESSION_COOKIE_NAME = "__Host-kompetenzrad" if HTTPS else "kompetenzrad"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
CSRF_FAILURE_VIEW = "kompetenz.in_vain.csrf_failure"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REDIRECT_EXEMPT = [r"^gesund/$"]
# HSTS speaks for this host alone: whether its subdomains and the browsers' preload lists follow is the domain's matter.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        # Signing out at the directory, too, is where a form of ours leads.
        "form-action": [
            "'self'",
            *([f"{urlsplit(OIDC_SERVER).scheme}://{urlsplit(OIDC_SERVER).netloc}"] if OIDC_SERVER else []),
        ],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "without_secrets": {
            "()": "kompetenz.logs.WithoutSecrets",
            "fmt": "%(asctime)s %(levelname)s %(name)s: %(message)s",
            "datefmt": "%Y-%m-%dT%H:%M:%S%z",
        }
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "without_secrets"},
        "warnings": {"class": "logging.StreamHandler", "formatter": "without_secrets", "level": "WARNING"},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        **{name: {"level": "WARNING"} for name in ("weasyprint", "fontTools")},  # a line per step
        "django_tasks": {"handlers": ["warnings"], "propagate": False},  # db_worker sets the level, not the handlers
    },
}

ASKED = env.asked  # the names of all settings, for who looks whether .env has others
