from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "kompetenz.jobs"
    verbose_name = "Hintergrund"

    def ready(self):
        from . import ending, tidying  # noqa: F401 - they register what they do every day
