from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = "Einschätzungen"

    def ready(self):
        from . import checks, notices, peers  # noqa: F401 - each registers what it has for "check" and "daily"
