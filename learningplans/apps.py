from django.apps import AppConfig


class LearningPlansConfig(AppConfig):
    name = "learningplans"
    verbose_name = "Lernpläne"

    def ready(self):
        """Offer plan and documents on the pages of assessments, which do not know this app; remind of reviews."""
        from . import hooks  # noqa: F401
        from .drafting import carrying_on  # noqa: F401
        from .following import called_today, closing  # noqa: F401
        from .synergies import counting  # noqa: F401
        from .telling import letters, occasions, samples  # noqa: F401
        from .training import keeping, many, refresh_letters, taking_offers  # noqa: F401
