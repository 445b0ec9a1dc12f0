from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "kompetenz.people"
    verbose_name = "Personen"

    def ready(self):
        # Each registers checks, or what is done when.
        from . import attempts, installation, ldap_checks, leaving, once, second_factor, unsafe_settings  # noqa: F401
        from .staff import reading_on, uploading  # noqa: F401 - registers what is done every day
        from .subscribing import addresses  # noqa: F401 - registers when an address ends
