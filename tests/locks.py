"""Somebody else who holds the database while a test goes on."""

import sqlite3
from contextlib import contextmanager

import psycopg
from django.apps import apps
from django.db import connection

# What a connection is opened with that waits for nobody.
AT_ONCE = {"sqlite": {"timeout": 0.01}, "postgresql": {"options": "-c lock_timeout=10ms"}}


@contextmanager
def locked():
    """Somebody else is writing, and does not come to an end."""
    if connection.vendor == "sqlite":
        other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
    else:
        wanted = connection.get_connection_params()
        other = psycopg.connect(
            **{name: wanted[name] for name in {"dbname", "user", "password", "host", "port"} & set(wanted)}
        )
        names = ", ".join(f'"{model._meta.db_table}"' for model in apps.get_models(include_auto_created=True))
        other.execute(f"LOCK TABLE {names} IN EXCLUSIVE MODE")
    try:
        yield
    finally:
        other.rollback()
        other.close()
