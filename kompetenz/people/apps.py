from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "kompetenz.people"
    verbose_name = "Personen"

    def ready(self):
        # Each registers checks, or what is done when.
        from . import (  # noqa: F401
            attempts,
            installation,
            ldap_checks,
            leaving,
            mistaken_settings,
            once,
            second_factor,
            unsafe_settings,
        )
        from .staff import reading_on, uploading  # noqa: F401 - registers what is done every day
        from .subscribing import addresses  # noqa: F401 - registers when an address ends
