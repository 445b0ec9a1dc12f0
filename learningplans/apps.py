from django.apps import AppConfig


class LearningPlansConfig(AppConfig):
    name = "learningplans"
    verbose_name = "Lernpläne"

    def ready(self):
        """Offer the learning plan on the pages of participations, which do not know this app."""
        from . import steps  # noqa: F401
