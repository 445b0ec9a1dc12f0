from django.apps import AppConfig


class ResultsConfig(AppConfig):
    name = "kompetenz.results"
    verbose_name = "Auswertung"

    def ready(self):
        from . import checks, hooks, outputs, pdf, publishing  # noqa: F401 - a check, what rounds lead to, what a worker does
