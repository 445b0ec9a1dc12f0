"""What `manage.py check` says of settings that are read, but not as they were meant."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.core.checks import Warning as CheckWarning
from django.core.checks import register
from django.db import OperationalError, connection
from django.http.request import validate_host

from kompetenz.environment import not_understood

HINT = "docs/betrieb.md, „Einstellungen“."


def warnings(name, sentences):
    return [CheckWarning(said, hint=HINT, id=name) for said in sentences]


@register
def dot_env_is_understood(app_configs, **kwargs):
    """A name that is misspelt would go unnoticed: what it should have changed is as it would be without."""
    if not settings.DOT_ENV:
        return []
    return warnings("kompetenz.W007", (f".env: {said}" for said in not_understood(settings.DOT_ENV, settings.ASKED)))


@register
def names_are_names(app_configs, **kwargs):
    """Where the app does not know its own name, every page is refused."""
    if settings.DEBUG or settings.DEMO:
        return []
    said = [
        f"ALLOWED_HOSTS nennt „{host}“: Gebraucht wird nur der Name, ohne https:// und ohne Port."
        for host in settings.ALLOWED_HOSTS
        if "/" in host or host.rpartition(":")[2].isdigit()
    ]
    own = urlsplit(settings.SITE_URL).hostname
    if own and not said and not validate_host(own, settings.ALLOWED_HOSTS):
        said = [f"SITE_URL führt zu „{own}“, und das steht nicht in ALLOWED_HOSTS: Kein Link in einer E-Mail geht auf."]
    return warnings("kompetenz.W008", said)


@register(deploy=True)
def cache_has_its_table(app_configs, **kwargs):
    """Without it nobody gets in by a second step."""
    cache = caches["default"]
    if not isinstance(cache, DatabaseCache):
        return []
    try:
        is_there = cache._table in connection.introspection.table_names()  # noqa: SLF001 - it says so nowhere else
    except OperationalError:  # not there: that it says itself
        return []
    said = f"CACHE_URL nennt eine Tabelle, die es nicht gibt: {cache._table}. manage.py createcachetable legt sie an."  # noqa: SLF001
    return warnings("kompetenz.W009", [] if is_there else [said])
