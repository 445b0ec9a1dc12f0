from django.apps import AppConfig


class LearningPlansConfig(AppConfig):
    name = "learningplans"
    verbose_name = "Lernpläne"
