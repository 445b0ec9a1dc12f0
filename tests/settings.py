"""The app's own settings, with what only tests need: a quick password hash and the database of TEST_DATABASE_URL."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL") or "sqlite:///var/test.sqlite3"
os.environ["READ_DOT_ENV"] = "0"  # not the settings of whoever runs the tests
os.environ["SECRET_KEY"] = "only-for-tests"
os.environ["KOMPETENZRAD_DEMO"] = "0"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop in the tests' thread
os.environ["EMAIL_URL"] = "memorymail://"

from kompetenz.settings import *  # noqa: F403

DEBUG = False
INSTALLED_APPS += ["kompetenz.demo"]  # noqa: F405 - its district and commands are tested, without a demo around them
INSTALLED_APPS += ["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405 - or a server thread keeps the database from being dropped
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A file: the threads of live_server would share one connection to a database in memory and lock each other out.
    # In memory where there is room: a test that saves and commits waits for no disk.
    _memory = Path("/dev/shm")
    _has_room = os.access(_memory, os.W_OK) and shutil.disk_usage(_memory).free > 2**30
    for _left in _memory.glob("kompetenzrad-tests-*-*"):  # by a process that was killed
        if not Path("/proc", _left.name.split("-")[2]).exists():
            shutil.rmtree(_left, ignore_errors=True)
    _folder = tempfile.mkdtemp(prefix=f"kompetenzrad-tests-{os.getpid()}-", dir=_memory if _has_room else None)
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)
    DATABASES["default"]["TEST"] = {"NAME": f"{_folder}/test.sqlite3"}  # noqa: F405
if DATABASES["default"]["ENGINE"].endswith("postgresql"):  # noqa: F405
    DATABASES["default"]["OPTIONS"]["options"] += " -c synchronous_commit=off"  # noqa: F405 - nor here
SECOND_FACTOR = False  # the cast signs in with one step; tests/kompetenz/people/test_second_factor.py turns it on
LETTERS_A_WEEK = 0  # each by itself and at once, on any day; tests/kompetenz/letters/test_gathering.py gathers them
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
