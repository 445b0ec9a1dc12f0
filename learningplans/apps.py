from django.apps import AppConfig


class LearningPlansConfig(AppConfig):
    name = "learningplans"
    verbose_name = "Lernpläne"

    def ready(self):
        """Offer plan and documents on the pages of assessments, which do not know this app; remind of reviews."""
        from . import carrying_on, notices, outputs, steps  # noqa: F401
