"""Whether all that has to run does: what `manage.py health` says to whoever watches over the server, without anybody's name."""

import shutil
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Min
from django.utils import timezone

from kompetenz import hooks

from .queue import stands_still

LEAST_ROOM = 500  # MB


def problems():
    """A sentence for each thing that is out of order; what nobody can look at without the database is left out."""
    said = list(without_room())
    try:
        if not is_migrated():
            return [*said, "Die Tabellen sind nicht die dieser Fassung: manage.py migrate."]
        if stands_still():
            said.append("Im Hintergrund arbeitet seit über zehn Minuten nichts: Läuft manage.py db_worker?")
        return said + hooks.ask_for_all("what_is_wrong")
    except OperationalError as error:
        return [*said, f"Die Datenbank ist nicht zu erreichen: {str(error).strip().partition(chr(10))[0]}"]


def notes():
    """What is no fault, and to be known all the same; only of an installation that has none."""
    return hooks.ask_for_all("what_is_to_come")


def installed_on():
    """The day on which its tables were made, None where nobody noted it."""
    recorder = MigrationRecorder(connection)
    first = recorder.migration_qs.aggregate(first=Min("applied"))["first"] if recorder.has_table() else None
    return first and timezone.localdate(first)


def is_migrated():
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def without_room():
    """The folders in which the app writes and can write little more."""
    folders = {settings.BASE_DIR / "var", Path(settings.ERASURE_LIST).parent}
    if connection.vendor == "sqlite":
        folders.add(Path(connection.settings_dict["NAME"]).parent)
    for folder in sorted(folder for folder in folders if folder.is_dir()):
        free = shutil.disk_usage(folder).free // 10**6
        if free < LEAST_ROOM:
            yield f"In {folder} sind nur noch {free} MB frei."
