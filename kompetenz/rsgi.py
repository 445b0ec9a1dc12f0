"""The application that the server of kompetenz.serving loads, in each of its processes."""

import sys

from django.conf import settings
from django.urls import get_resolver

from kompetenz import wsgi  # before whatever needs Django to be set up
from kompetenz.catalogue.syllables import german
from kompetenz.in_vain import refusal
from kompetenz.serving.gateway import Gateway
from kompetenz.serving.lanes import Lanes
from kompetenz.serving.refusals import REFUSALS
from kompetenz.wheel.figure import load_plotly

# SQLite has one writer at a time: more threads would wait in it, where nobody sees to whose turn it is.
THREADS = 2 if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3") else 4

# A document is made in a thread beside the pages': they get the interpreter back after a millisecond of it, not after five.
sys.setswitchinterval(0.001)

# All views are loaded before the first request, which would wait for them; and so is what takes half a second each when the first
# wheel is drawn and the first long word broken.
get_resolver().url_patterns  # noqa: B018
load_plotly()
german()

application = Gateway(
    wsgi.application,
    Lanes(THREADS),
    {status: refusal(title, text, status).content for status, (title, text) in REFUSALS.items()},
    settings.SESSION_COOKIE_NAME,
    settings.WHO_ASKED,
    settings.ALLAUTH_TRUSTED_PROXY_COUNT,
)
