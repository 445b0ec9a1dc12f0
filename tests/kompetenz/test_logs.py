"""What no log holds."""

import logging

from django.conf import settings

from kompetenz.logs import WithoutSecrets


def test_the_secret_of_a_calendars_address_is_in_no_log():
    record = logging.makeLogRecord(
        {"msg": "%s %s: %s", "args": ("GET", "/kalender/aB3-_x.ics", ValueError("/kalender/ ist gesperrt"))}
    )

    assert WithoutSecrets().filter(record)
    assert record.getMessage() == "GET /kalender/….ics: /kalender/ ist gesperrt"


def test_all_that_the_app_says_goes_through_it():
    assert settings.LOGGING["root"]["handlers"] == ["console"]
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["without_secrets"]
