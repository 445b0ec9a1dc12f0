from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "kompetenz.jobs"
    verbose_name = "Hintergrund"

    def ready(self):
        from . import tidying  # noqa: F401 - registers what it does every day
