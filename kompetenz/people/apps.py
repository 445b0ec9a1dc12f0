from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "kompetenz.people"
    verbose_name = "Personen"

    def ready(self):
        from . import installation  # noqa: F401 - registers its check
        from .staff import uploading  # noqa: F401 - registers what is done every day
