from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "kompetenz.privacy"
    label = "privacy"
    verbose_name = "Aufbewahrung"

    def ready(self):
        from .erasure import erasing  # noqa: F401 - what each day brings
        from .retention import carrying_out, checks, letters  # noqa: F401 - what each day brings, a check, an occasion
        from .subject_access import handing_out  # noqa: F401 - a kind of job
