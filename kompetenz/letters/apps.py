from django.apps import AppConfig


class LettersConfig(AppConfig):
    name = "kompetenz.letters"
    verbose_name = "E-Mails"

    def ready(self):
        from . import checks, tidying  # noqa: F401 - register a check and what is done every day
