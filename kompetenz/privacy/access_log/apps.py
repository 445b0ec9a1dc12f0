from django.apps import AppConfig


class AccessLogConfig(AppConfig):
    name = "kompetenz.privacy.access_log"
    verbose_name = "Zugriffsprotokoll"

    def ready(self):
        from . import forgetting  # noqa: F401 - registers what is done every day
