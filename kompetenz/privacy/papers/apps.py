from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "kompetenz.privacy.papers"
    label = "papers"
    verbose_name = "Unterlagen zur Einführung"

    def ready(self):
        from . import hooks, versions  # noqa: F401 - links and letters of a round, what is kept every day
